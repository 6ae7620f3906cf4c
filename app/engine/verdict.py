"""What a gradient check comes to, in one word and in a sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .gradcheck import TensorCheck

Outcome = Literal["agrees", "disagrees", "kinks", "small"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kinks` and `small`: no cell could be judged, because of kinks or because the gradients are too small for differences."""

    outcome: Outcome
    words: str


def verdict_on_cell(check: TensorCheck) -> Verdict:
    """The verdict where one cell was checked."""
    row, col = (int(index) for index in np.argwhere(check.checked)[0])
    error = float(check.relative_errors[row, col])
    if check.wrong.any():
        return Verdict("disagrees", f"The gradient disagrees with the central difference: the relative error is {error:.1e}.")
    if check.kinks.any():
        return Verdict(
            "kinks", "A kink lies between the two points, so the difference is no derivative: it says nothing about the gradient."
        )
    if check.small.any():
        return Verdict("small", "The gradient is too small for a difference to resolve; the two agree within rounding.")
    if error == 0:
        return Verdict("agrees", "The gradient and the central difference are equal to the last digit.")
    return Verdict("agrees", f"The gradient agrees with the central difference: the relative error is {error:.1e}.")


def verdict(checks: Sequence[TensorCheck]) -> Verdict:
    """One verdict on all tensors that were checked."""
    checked, wrong, kinks, small = (sum(int(mask.sum()) for mask in masks) for masks in _masks(checks))
    cells = sum(check.analytic.size for check in checks)
    of = f"{checked:,} of {cells:,} gradients" if checked < cells else f"{checked:,} gradient{'s' if checked != 1 else ''}"
    asides = []
    if kinks:
        asides.append(f"at {kinks:,} of them a kink lies between the two points, and the difference is no derivative")
    if small:
        asides.append(
            f"{small:,} are so small that a difference can't resolve them to {_digits(checks)} digits; they agree within rounding"
        )
    aside = f" ({'; '.join(asides)})" if asides else ""
    if wrong:
        check = max((check for check in checks if check.wrong.any()), key=lambda check: int(check.wrong.sum()))
        row, col = (int(index) for index in np.argwhere(check.wrong)[0])
        a, n = float(check.analytic[row, col]), float(check.numeric[row, col])
        where = f"{check.tensor}[{check.layer}] at row {row}, column {col}"
        words = f"{wrong:,} of {of} disagree with central differences{aside}: {where} is {a:.6g} in the trace and {n:.6g} by difference."
        return Verdict("disagrees", words)
    if checked == kinks:
        return Verdict("kinks", f"None of {of} can be judged: a kink lies between the two points, and the difference is no derivative.")
    if checked == kinks + small:
        return Verdict(
            "small", f"All of {of} agree with central differences within rounding, but are too small for more to be said{aside}."
        )
    largest = max(float(check.relative_errors[check.worst]) for check in checks if check.worst is not None)
    return Verdict("agrees", f"{of[0].upper()}{of[1:]} agree with central differences; the largest relative error is {largest:.1e}{aside}.")


def _masks(checks: Sequence[TensorCheck]) -> tuple[list[np.ndarray], ...]:
    return (
        [check.checked for check in checks],
        [check.wrong for check in checks],
        [check.kinks & check.checked for check in checks],
        [check.small for check in checks],
    )


def _digits(checks: Sequence[TensorCheck]) -> int:
    return round(-math.log10(max(check.tolerance for check in checks)))
