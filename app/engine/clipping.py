"""What an update takes instead of a gradient that is too large: gW and gb. dW and db stay in the trace as they are."""

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Protocol

import numpy as np

from .equation import Equation, Line, number
from .register import Ingredient, Parameter, Register
from .terms import Factor, Reader, Sum, one_term
from .trace import PARAMETERS, Array


class Clipping(Ingredient, Protocol):
    def factor(self, gradients: Sequence[Array]) -> float:
        """What every gradient of the step is multiplied by, from all of them."""

    def clip(self, gradient: Array, factor: float) -> Array:
        """gW or gb from dW or db; what was handed in stays as it is."""

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of gW or gb."""

    def among(self, parameters: Sequence[str]) -> "Clipping":
        """The clipping whose equations name these parameters and no others, as a network has them."""


clippings: Register[Clipping] = Register("clipping")


def of_gradients(whole: str, why: str, *lines: Line) -> dict[str, Equation]:
    """Of gW, gb, ggamma and gbeta; `?` is the parameter's letter, `@` its indices."""
    made = {}
    for name in PARAMETERS:
        indices = "j,k" if name == "W" else "j"
        letter = name if len(name) == 1 else rf"\{name}"
        left, right = whole.replace("?", letter).split(" = ", 1)
        cell = f"{left}_{{{indices}}} = {right.replace('@', f'_{{{indices}}}')}"
        derivation = tuple(Line(line.words, line.latex.replace("?", letter).replace("@", f"_{{{indices}}}")) for line in lines)
        made[f"g{name}"] = Equation(whole=f"{left} = {right.replace('@', '')}", cell=cell, why=why, derivation=derivation)
    return made


def norm_of(gradients: Sequence[str]) -> str:
    """The common norm of gradients as an equation has it: of ("dW", "db") dW and db of all layers."""
    greek = {"gamma": r"\gamma", "beta": r"\beta"}
    return rf"\lVert {', '.join(one[0] + greek.get(one[1:], one[1:]) for one in gradients)} \rVert"


@clippings.add
class ByNorm:
    """All gradients shrink by one factor, so that their common norm is at most `max_norm`: the direction stays."""

    name = "norm"
    title = "By norm"
    source = 'Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks", algorithm 1'
    parameters = (
        Parameter("max_norm", float, default=1.0, low=0, low_open=True, high=1e6, help="the largest norm of all gradients", symbol="c"),
    )
    equations = of_gradients(
        rf"g?^{{[l]}} = \min\left(1, \frac{{c}}{{{norm_of([f'd{name}' for name in PARAMETERS])} + 10^{{-6}}}}\right) d?^{{[l]}}@",
        "The norm is that of all gradients of the step together, of gamma and beta where layers are normalised. Where it is larger than c, all of them shrink alike. A layer that an edit has frozen has no part in it.",
        Line(
            "All gradients of the step are read as one long vector. Multiplied by a number above 0, a vector keeps its direction, and its norm is "
            "multiplied by that number: with c over the norm, the norm becomes c."
        ),
        Line(
            "Where the norm is less than c, this number is above 1; the minimum takes 1 then, and nothing changes. The small number added below is for a norm of 0."
        ),
        Line(
            "The direction is the same, so the step still goes downhill for a learning rate that is small enough; only its length is limited."
        ),
    )

    def __init__(self, max_norm: float = 1.0) -> None:
        self.max_norm = max_norm

    def factor(self, gradients: Sequence[Array]) -> float:
        # in units of the largest, as gradients that explode have squares beyond the largest float
        largest = float(np.max([np.abs(gradient).max() for gradient in gradients]))
        norm = largest
        if math.isfinite(largest) and largest > 0:
            norm = largest * math.sqrt(sum(float(np.square(gradient.astype(np.float64) / largest).sum()) for gradient in gradients))
        # 10^-6 as in PyTorch; np.minimum, because a NaN has to come through
        return float(np.minimum(1.0, self.max_norm / (norm + 1e-6)))

    def clip(self, gradient: Array, factor: float) -> Array:
        return gradient * factor

    def among(self, parameters: Sequence[str]) -> "ByNorm":
        every, own = (norm_of([f"d{name}" for name in names]) for names in (PARAMETERS, parameters))
        clipping = copy(self)
        clipping.equations = {
            key: replace(equation, whole=equation.whole.replace(every, own), cell=equation.cell.replace(every, own))
            for key, equation in self.equations.items()
        }
        return clipping

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        taken = t.gradients()
        factor, d = self.factor([t.tensor(name, layer) for name, layer in taken]), taken[0][0][0]
        norm = norm_of([f"{d}{name}" for name in PARAMETERS if any(one[1:] == name for one, _ in taken)])
        latex = rf"\min\left(1, \frac{{{number(self.max_norm)}}}{{{norm} + 10^{{-6}}}}\right)"
        return Sum((one_term(Factor(np.array([factor]), (), latex), t.cell(f"d{equation[1:]}", l, row, col)),))


@clippings.add
class ByValue:
    """Each number of a gradient by itself, to at most `max_value` either way: the direction may change."""

    name = "value"
    title = "By value"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 10.11.1, on clipping gradients"
    parameters = (
        Parameter("max_value", float, default=1.0, low=0, low_open=True, high=1e6, help="the largest number of a gradient", symbol="c"),
    )
    equations = of_gradients(
        r"g?^{[l]} = \max(-c, \min(c, d?^{[l]}@))",
        "Each number alone: what is beyond c either way becomes c. The others stay as they are.",
        Line(
            "The minimum holds what is above c, the maximum what is below -c: within c the number stays, beyond it there is c with its sign.",
            r"g?^{[l]}@ = d?^{[l]}@\, \mathbb{1}[|d?^{[l]}@| \le c] + c\, \operatorname{sign}(d?^{[l]}@)\, \mathbb{1}[|d?^{[l]}@| > c]",
        ),
        Line(
            "Signs stay, and so each number still moves downhill. But the large ones shrink and the small ones do not: the vector of all of them "
            "turns."
        ),
    )

    def __init__(self, max_value: float = 1.0) -> None:
        self.max_value = max_value

    def factor(self, gradients: Sequence[Array]) -> float:
        return 1.0

    def clip(self, gradient: Array, factor: float) -> Array:
        clipped: Array = np.clip(gradient, -self.max_value, self.max_value)
        return clipped

    def among(self, parameters: Sequence[str]) -> "ByValue":
        return self

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        gradient = t.cells(f"d{equation[1:]}", l, row, col)
        c = number(self.max_value)
        clipped = np.clip(gradient.values, -self.max_value, self.max_value)
        return Sum((one_term(Factor(clipped, (gradient,), rf"\max(-{c}, \min({c}, #1))")),))
