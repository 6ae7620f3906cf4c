"""Losses that are differentiated apart from the last activation, whatever that is: dA[L] first, then dZ[L].

All are the mean over the examples of a sum over the outputs.
"""

from typing import Protocol

import numpy as np

from .equation import Equation, Line, number
from .register import Ingredient, Parameter, Register
from .terms import Factor, Products, Reader, Scale, Sum, constant, one_term
from .trace import Array, Sides


class Loss(Ingredient, Protocol):
    """A loss of A[L] and Y alone."""

    def targets(self, Y: Array) -> Array:
        """Y, (n_L, m), as the loss takes it; refuses targets on which it has no meaning. What is not finite has been refused before."""

    def forward(self, A: Array, Y: Array) -> Array:
        """The loss of each example, (m,)."""

    def backward(self, A: Array, Y: Array) -> Array:
        """dA[L], (n_L, m): gradient of the sum of the losses."""

    def sides(self, A: Array, Y: Array) -> list[Sides]:
        """On which side of the loss's kinks each output stands; nothing where there are none."""

    def accuracy(self, A: Array, Y: Array) -> float:
        """The share of examples that are right, NaN where the targets are no classes."""

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of dA, of one example's loss or of the loss."""


losses: Register[Loss] = Register("loss")

_MEAN = r"\mathcal{L} = \frac{1}{m} \sum_{i=1}^{m} "


def mean(of_each: str) -> Equation:
    """The loss of the batch; `of_each` is the LaTeX of an example's, which stands written out in the whole form."""
    why = "The loss of the batch is the mean of the losses of its examples."
    return Equation(whole=_MEAN + of_each, cell=_MEAN + r"\mathcal{L}^{(i)}", why=why)


_SQUARES = r"\frac{1}{2} \sum_{j=1}^{n_L} (A^{[L]}_{j,i} - Y_{j,i})^2"
_DISTANCES = r"\sum_{j=1}^{n_L} |A^{[L]}_{j,i} - Y_{j,i}|"
_HUBER = (
    r"\sum_{j=1}^{n_L} \min(\delta, |A^{[L]}_{j,i} - Y_{j,i}|) \cdot "
    r"\left(|A^{[L]}_{j,i} - Y_{j,i}| - \frac{1}{2} \min(\delta, |A^{[L]}_{j,i} - Y_{j,i}|)\right)"
)
BY_OUTPUT = Line(
    "dA is the gradient of the sum of the losses. Of these only the loss of example i depends on the outputs of example i.",
    r"dA^{[L]}_{j,i} = \frac{\partial (m \mathcal{L})}{\partial A^{[L]}_{j,i}} = \frac{\partial \mathcal{L}^{(i)}}{\partial A^{[L]}_{j,i}}",
)
NO_MEAN = Line("The factor 1/m of the mean is not in dA, nor in dZ; it comes once, in dW and db.")


def mean_of_losses(t: Reader, l: int) -> Sum:
    """The terms of the loss of the batch."""
    return Sum((Products((t.row("losses", l, 0),), "i"),), t.mean())


def share_right(A: Array, Y: Array) -> float:
    """The share of examples (columns) whose largest output stands where the largest target does."""
    # a column with NaN in it predicts nothing, though argmax would point at the NaN
    right = (A.argmax(axis=0) == Y.argmax(axis=0)) & ~np.isnan(A).any(axis=0)
    return float(np.count_nonzero(right) / right.size)


def share_of_classes(A: Array, Y: Array) -> float:
    """`share_right` where every example's target is one class out of several, NaN where the targets are any numbers."""
    is_one_hot = Y.shape[0] > 1 and bool(((Y == 1).sum(axis=0) == 1).all() and ((Y == 0).sum(axis=0) == Y.shape[0] - 1).all())
    return share_right(A, Y) if is_one_hot else float("nan")


class _AnyNumbers:
    """What losses on any finite targets have in common."""

    def targets(self, Y: Array) -> Array:
        return Y

    def accuracy(self, A: Array, Y: Array) -> float:
        return share_of_classes(A, Y)

    def sides(self, A: Array, Y: Array) -> list[Sides]:
        return []


@losses.add
class MeanSquaredError(_AnyNumbers):
    """Mean over the examples of half the sum of squares; the half makes its derivative the plain difference."""

    name = "mse"
    title = "Mean squared error"
    source = "Bishop (2006), Pattern Recognition and Machine Learning, section 5.2, equation 5.11"
    parameters = ()
    equations = {
        "losses": Equation(
            whole=rf"\mathcal{{L}}^{{(i)}} = {_SQUARES}",
            cell=rf"\mathcal{{L}}^{{(i)}} = {_SQUARES}",
            why="Squares, so that misses on either side count, and large ones count far more than small ones.",
        ),
        "loss": mean(_SQUARES),
        "dA": Equation(
            whole=r"dA^{[L]} = A^{[L]} - Y",
            cell=r"dA^{[L]}_{j,i} = A^{[L]}_{j,i} - Y_{j,i}",
            why="By how much the output misses its target: the half in front of the square cancels its exponent.",
            derivation=(
                BY_OUTPUT,
                Line(
                    "The derivative of the square is twice the difference, and half of that the difference.",
                    r"\frac{\partial \mathcal{L}^{(i)}}{\partial A^{[L]}_{j,i}} = \frac{1}{2} \cdot 2 (A^{[L]}_{j,i} - Y_{j,i}) = A^{[L]}_{j,i} - Y_{j,i}",
                ),
                NO_MEAN,
            ),
        ),
    }

    def forward(self, A: Array, Y: Array) -> Array:
        missed = A - Y
        half: Array = np.add.reduce(missed * missed, axis=0) / 2
        return half

    def backward(self, A: Array, Y: Array) -> Array:
        return A - Y

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        match equation:
            case "dA":
                return Sum((one_term(t.cell("A", l, row, col)), one_term(constant(-1, "-1"), t.cell("Y", l, row, col))))
            case "losses":
                A, Y = t.cells("A", l, None, col), t.cells("Y", l, None, col)
                squares = Factor((A.values - Y.values) ** 2, (A, Y), "(#1 - #2)^2")
                return Sum((Products((squares,), "j"),), Scale(0.5, r"\frac{1}{2}"))
            case _:
                return mean_of_losses(t, l)


@losses.add
class MeanAbsoluteError(_AnyNumbers):
    """Mean over the examples of the sum of absolute differences; every miss pulls with the same force."""

    name = "mae"
    title = "Mean absolute error"
    source = "Hastie, Tibshirani and Friedman (2009), The Elements of Statistical Learning, 2nd ed., section 10.6"
    parameters = ()
    equations = {
        "losses": Equation(
            whole=rf"\mathcal{{L}}^{{(i)}} = {_DISTANCES}",
            cell=rf"\mathcal{{L}}^{{(i)}} = {_DISTANCES}",
            why="Every miss counts as much as it is large, and no more: one wild target can't rule the rest.",
        ),
        "loss": mean(_DISTANCES),
        "dA": Equation(
            whole=r"dA^{[L]} = \operatorname{sign}(A^{[L]} - Y)",
            cell=r"dA^{[L]}_{j,i} = \operatorname{sign}(A^{[L]}_{j,i} - Y_{j,i})",
            why="Up or down by 1, however far the output is from its target; 0 where it hits it exactly.",
            derivation=(
                BY_OUTPUT,
                Line(
                    "Above the target the distance grows with the output, slope 1; below it shrinks, slope -1. At the target there is a kink; "
                    "0 is taken.",
                    r"\frac{\partial \mathcal{L}^{(i)}}{\partial A^{[L]}_{j,i}} = \operatorname{sign}(A^{[L]}_{j,i} - Y_{j,i})",
                ),
                NO_MEAN,
            ),
        ),
    }

    def forward(self, A: Array, Y: Array) -> Array:
        total: Array = np.add.reduce(np.abs(A - Y), axis=0)
        return total

    def backward(self, A: Array, Y: Array) -> Array:
        signs: Array = np.sign(A - Y)
        return signs

    def sides(self, A: Array, Y: Array) -> list[Sides]:
        return [np.sign(A - Y).astype(np.int8)]

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        match equation:
            case "dA":
                A, Y = t.cells("A", l, row, col), t.cells("Y", l, row, col)
                return Sum((one_term(Factor(np.sign(A.values - Y.values), (A, Y), r"\operatorname{sign}(#1 - #2)")),))
            case "losses":
                A, Y = t.cells("A", l, None, col), t.cells("Y", l, None, col)
                return Sum((Products((Factor(np.abs(A.values - Y.values), (A, Y), "|#1 - #2|"),), "j"),))
            case _:
                return mean_of_losses(t, l)


@losses.add
class Huber(_AnyNumbers):
    """A parabola near the target and straight lines further away; summed over the outputs, mean over the examples."""

    name = "huber"
    title = "Huber loss"
    source = 'Huber (1964), "Robust estimation of a location parameter"'
    parameters = (
        Parameter(
            "delta", float, default=1.0, low=0, low_open=True, high=1e6, help="how far from the target the parabola ends", symbol=r"\delta"
        ),
    )
    equations = {
        "losses": Equation(
            whole=rf"\mathcal{{L}}^{{(i)}} = {_HUBER}",
            cell=rf"\mathcal{{L}}^{{(i)}} = {_HUBER}",
            why=(
                "Within delta of the target this is half the square of the difference; further out it is a line that continues the parabola "
                "with the slope that it has there, so that one wild target can't rule the rest."
            ),
        ),
        "loss": mean(_HUBER),
        "dA": Equation(
            whole=r"dA^{[L]} = \max(-\delta, \min(\delta, A^{[L]} - Y))",
            cell=r"dA^{[L]}_{j,i} = \max(-\delta, \min(\delta, A^{[L]}_{j,i} - Y_{j,i}))",
            why="The difference, as with squares, but never more than delta either way: a gradient that is clipped at its source.",
            derivation=(
                BY_OUTPUT,
                Line(
                    "Within delta of the target the derivative of half the square is the difference. Further out the line has slope delta on the "
                    "right and -delta on the left. Where they meet the parabola, the slopes agree.",
                    r"\frac{\partial \mathcal{L}^{(i)}}{\partial A^{[L]}_{j,i}} = \begin{cases} A^{[L]}_{j,i} - Y_{j,i} & "
                    r"|A^{[L]}_{j,i} - Y_{j,i}| \le \delta \\ \delta \operatorname{sign}(A^{[L]}_{j,i} - Y_{j,i}) & \text{otherwise} \end{cases}",
                ),
                NO_MEAN,
            ),
        ),
    }

    def __init__(self, delta: float = 1.0) -> None:
        self.delta = delta

    def forward(self, A: Array, Y: Array) -> Array:
        far = np.abs(A - Y)
        near = np.minimum(far, self.delta)
        total: Array = np.add.reduce(near * (far - near / 2), axis=0)
        return total

    def backward(self, A: Array, Y: Array) -> Array:
        clipped: Array = np.clip(A - Y, -self.delta, self.delta)
        return clipped

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        delta = number(self.delta)
        match equation:
            case "dA":
                A, Y = t.cells("A", l, row, col), t.cells("Y", l, row, col)
                latex = rf"\max(-{delta}, \min({delta}, #1 - #2))"
                return Sum((one_term(Factor(np.clip(A.values - Y.values, -self.delta, self.delta), (A, Y), latex)),))
            case "losses":
                A, Y = t.cells("A", l, None, col), t.cells("Y", l, None, col)
                far = np.abs(A.values - Y.values)
                near = np.minimum(far, self.delta)
                within = rf"\min({delta}, |#1 - #2|)"
                parts = (
                    Factor(near, (A, Y), within),
                    Factor(far - near / 2, (A, Y), rf"\left(|#1 - #2| - \frac{{1}}{{2}} {within}\right)"),
                )
                return Sum((Products(parts, "j"),))
            case _:
                return mean_of_losses(t, l)
