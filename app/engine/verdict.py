"""What a gradient check comes to, in one word and in a sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .gradcheck import Mask, TensorCheck

Outcome = Literal["agrees", "partly", "disagrees", "kinks", "small", "unresolved", "not_finite", "edited"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kinks`, `small`, `unresolved`, `not_finite`: no cell could be judged, because of kinks, because the gradients are too small beside
    rounding, because differences do not settle at any step, or because the loss is not finite and there is none to take, or the step itself
    is not. `partly`: what could be judged agrees, but that is less than half of all, or leaves out a tensor as a whole. `edited`: edits scale
    gradients on their way back, which differ from differences on purpose, and by exactly their factors."""

    outcome: Outcome
    words: str


def not_finite(check: TensorCheck) -> Mask:
    """Cells where the loss is not finite at one of the two points, and all cells where its rounding has no size for that reason."""
    mask: Mask = check.checked & ~check.kinks & ~(np.isfinite(check.numeric) & np.isfinite(check.noise))
    return mask


def disagreeing(check: TensorCheck) -> Mask:
    """Cells that disagree with a difference that there is; a trace's NaN beside a finite difference is one of them."""
    return check.wrong & ~not_finite(check)


def worst(check: TensorCheck) -> tuple[int, int] | None:
    """The cell with the largest relative error among those that can be judged; None where none can."""
    judged = check.checked & ~check.kinks & ~check.small & ~check.unresolved & ~not_finite(check)
    if not judged.any():
        return None
    errors = np.where(judged, np.where(np.isnan(check.relative_errors), np.inf, check.relative_errors), -1.0)
    row, col = np.unravel_index(int(errors.argmax()), errors.shape)
    return int(row), int(col)


def verdict_on_cell(check: TensorCheck, *, is_finite: bool = True) -> Verdict:
    """The verdict where one cell was checked; `is_finite` says whether every number of the step's pass is."""
    return _of_finite(_edited(_on_cell(check), [check]), is_finite)


def _on_cell(check: TensorCheck) -> Verdict:
    row, col = (int(index) for index in np.argwhere(check.checked)[0])
    error = float(check.relative_errors[row, col])
    if disagreeing(check).any():
        if math.isfinite(error):
            return Verdict("disagrees", f"The gradient disagrees with the central difference: the relative error is {error:.1e}.")
        return Verdict("disagrees", f"The gradient disagrees with the central difference: it {_both(check, row, col)}.")
    if check.kinks.any():
        return Verdict(
            "kinks", "A kink lies between the two points, so the difference is no derivative: it says nothing about the gradient."
        )
    if not_finite(check).any():
        return Verdict(
            "not_finite", "The loss is not finite at the two points, so there is no difference to take: it says nothing about the gradient."
        )
    if check.unresolved.any():
        return Verdict(
            "unresolved",
            "Not resolved: the loss is curved so strongly here that differences at ever smaller steps do not settle. They say nothing about "
            "the gradient.",
        )
    if check.small.any():
        if check.is_rounded:
            why = f"Rounding to float32 leaves the gradient fewer than {_digits([check])} digits to compare; the two agree within it."
            return Verdict("small", why)
        return Verdict("small", "The gradient is too small for a difference to resolve; the two agree within rounding.")
    if error == 0:
        return Verdict("agrees", "The gradient and the central difference are equal to the last digit.")
    how = ", extrapolated from smaller steps since the loss is strongly curved here" if check.extrapolated.any() else ""
    return Verdict("agrees", f"The gradient agrees with the central difference{how}: the relative error is {error:.1e}.")


def verdict(checks: Sequence[TensorCheck], *, is_finite: bool = True) -> Verdict:
    """One verdict on all tensors that were checked; `is_finite` says whether every number of the step's pass is."""
    return _of_finite(_edited(_on_all(checks), checks), is_finite)


def _of_finite(told: Verdict, is_finite: bool) -> Verdict:
    """Where a number overflowed, differences go through it as the gradient does, and find the same nothing: that they agree is no proof."""
    if is_finite or told.outcome in ("disagrees", "not_finite"):
        return told
    why = "Numbers of this step are not finite, and differences pass through them as the gradients do, so that no agreement would prove anything."
    return Verdict("not_finite", f"{why} What was found: {told.words[0].lower()}{told.words[1:]}")


def _on_all(checks: Sequence[TensorCheck]) -> Verdict:
    checked, wrong, kinks, lost, unresolved, closer, small = (
        sum(int(mask.sum()) for mask in masks) for masks in zip(*map(_masks, checks), strict=True)
    )
    cells = sum(check.analytic.size for check in checks)
    among = f"the {checked:,} gradients checked, out of {cells:,}," if checked < cells else f"the {checked:,} gradients"
    asides = []
    if kinks:
        asides.append(f"at {kinks:,} of them a kink lies between the two points, and the difference is no derivative")
    if lost:
        asides.append(f"at {lost:,} of them the loss is not finite, and there is no difference to take")
    if unresolved:
        left_out = sum(check.left_out for check in checks)
        # one reason or both, each with its own number
        if unresolved > left_out:
            why = "the loss is curved so strongly that differences at ever smaller steps do not settle"
            count = unresolved - left_out
            asides.append(f"{count:,} {'is' if count == 1 else 'are'} not resolved: {why}")
        if left_out:
            why = "differences at smaller steps would have to tell, for which the work allowed was not enough"
            asides.append(f"{left_out:,} {'is' if left_out == 1 else 'are'} not resolved: {why}")
    if small:
        are, them, they_agree = ("is", "it", "it agrees") if small == 1 else ("are", "them", "they agree")
        why = f"rounding to float32 leaves {them} fewer than" if checks[0].is_rounded else f"a difference can't resolve {them} to"
        asides.append(f"{small:,} {are} so small that {why} {_digits(checks)} digits; {they_agree} within rounding")
    reasons = "; ".join(asides)
    if closer:
        was = "was" if closer == 1 else "were"
        asides.append(f"{closer:,} {was} compared with a difference extrapolated from smaller steps, as the loss is strongly curved")
    aside = f" ({'; '.join(asides)})" if asides else ""
    if wrong:
        check = max(checks, key=lambda check: int(disagreeing(check).sum()))
        row, col = (int(index) for index in np.argwhere(disagreeing(check))[0])
        one = f"{check.tensor}[{check.layer}] at row {row}, column {col} {_both(check, row, col)}"
        return Verdict(
            "disagrees", f"{wrong:,} of {among} {'disagrees' if wrong == 1 else 'disagree'} with central differences{aside}: {one}."
        )
    if checked == small:
        return Verdict("small", f"All of {among} agree with central differences within rounding, but are too small for more to be said.")
    judged = checked - kinks - lost - unresolved - small
    if judged == 0:
        why_not: Outcome = "unresolved" if unresolved else "small" if small else "not_finite" if lost else "kinks"
        return Verdict(why_not, f"None of {among} can be judged{aside}.")
    largest = max(float(check.relative_errors[at]) for check in checks if (at := worst(check)) is not None)
    all_agree = f"{checked:,} of {cells:,} gradients agree" if checked < cells else f"{checked:,} gradients agree"
    agree = all_agree if judged == checked else f"{judged:,} of {among} {'agrees' if judged == 1 else 'agree'}"
    how = f" ({asides[-1]})" if closer else ""
    rest = f" Not judged: {reasons}." if reasons else ""
    # a few must not speak for many, nor one tensor for another: a formula that is wrong may be so in its own tensor alone
    outcome: Outcome = "partly" if 2 * judged < checked or any(map(_says_nothing, checks)) else "agrees"
    return Verdict(outcome, f"{agree} with central differences; the largest relative error is {largest:.1e}{how}.{rest}")


def _says_nothing(check: TensorCheck) -> bool:
    """Whether a whole tensor was compared with nothing. One that is too small was: both numbers are no more than rounding, as db is in
    front of batch normalisation."""
    compared = check.checked & ~check.kinks & ~check.unresolved & ~not_finite(check)
    return bool(check.checked.any() and not compared.any())


def _masks(check: TensorCheck) -> tuple[Mask, ...]:
    closer = check.extrapolated & ~check.kinks & ~check.wrong & ~check.unresolved & ~check.small
    return check.checked, disagreeing(check), check.kinks & check.checked, not_finite(check), check.unresolved, closer, check.small


def _both(check: TensorCheck, row: int, col: int) -> str:
    times = "" if check.factor == 1 else f" times {check.factor:g}, the factor of edits"
    return f"is {check.analytic[row, col]:.6g} in the trace and {check.numeric[row, col]:.6g} by difference{times}"


def _edited(told: Verdict, checks: Sequence[TensorCheck]) -> Verdict:
    """With what edits did on purpose, where they did something and all else is right."""
    factors = {check.layer: check.factor for check in checks if check.factor != 1}
    if not factors or told.outcome not in ("agrees", "partly", "small"):
        return told
    layers = {f"{factor:g}": [l for l in sorted(factors) if factors[l] == factor] for factor in factors.values()}
    places = " and ".join(f"by {factor} in layer{'s' if len(of) > 1 else ''} {', '.join(map(str, of))}" for factor, of in layers.items())
    why = f"Edits multiply gradients on their way back, {places}, and so they differ from those of the loss on purpose."
    return Verdict(
        "partly" if told.outcome == "partly" else "edited",
        f"{why} With the differences multiplied alike: {told.words[0].lower()}{told.words[1:]}",
    )


def _digits(checks: Sequence[TensorCheck]) -> int:
    return round(-math.log10(max(check.tolerance for check in checks)))
