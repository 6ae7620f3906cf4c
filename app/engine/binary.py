"""Sigmoid outputs with binary cross-entropy: each output answers a yes-or-no question of its own."""

import numpy as np

from .equation import Equation, Line
from .errors import NotAProbability
from .losses import mean_of_losses
from .outputs import outputs
from .sigmoids import logistic, softplus
from .terms import Factor, Products, Reader, Scale, Sum, constant, one_term
from .trace import Array, Sides

_LOSSES = r"-\sum_{j=1}^{n_L} \left(Y_{j,i} \log(A^{[L]}_{j,i}) + (1 - Y_{j,i}) \log(1 - A^{[L]}_{j,i})\right)"


@outputs.add
class SigmoidBinaryCrossEntropy:
    """Sigmoid and binary cross-entropy taken together, because their backward is one subtraction.

    Mean over the examples of the sum over the outputs, which may be right in any number. By softplus of the logits: logits of
    1,000 are fine, log(0) is never taken, and a saturated output keeps its gradient.
    """

    name = "sigmoid_binary_cross_entropy"
    title = "Sigmoid with binary cross-entropy"
    activation = "sigmoid"
    loss = "binary_cross_entropy"
    source = "Bishop (2006), Pattern Recognition and Machine Learning, section 5.2, equations 5.21 to 5.23"
    parameters = ()
    equations = {
        "A": Equation(
            whole=r"A^{[L]} = \frac{1}{1 + e^{-Z^{[L]}}}",
            cell=r"A^{[L]}_{j,i} = \frac{1}{1 + e^{-Z^{[L]}_{j,i}}}",
            why="Each output is a probability of its own, between 0 and 1; they need not add up to anything.",
        ),
        "losses": Equation(
            whole=rf"\mathcal{{L}}^{{(i)}} = {_LOSSES}",
            cell=rf"\mathcal{{L}}^{{(i)}} = {_LOSSES}",
            why="For each output the logarithm of the probability that it gave to what is true: to yes, where that is so, or else to no.",
        ),
        "loss": Equation(
            whole=rf"\mathcal{{L}} = -\frac{{1}}{{m}} \sum_{{i=1}}^{{m}} {_LOSSES.removeprefix('-')}",
            cell=r"\mathcal{L} = \frac{1}{m} \sum_{i=1}^{m} \mathcal{L}^{(i)}",
            why="The loss of the batch is the mean of the losses of its examples, in nats.",
        ),
        "dZ": Equation(
            whole=r"dZ^{[L]} = A^{[L]} - Y",
            cell=r"dZ^{[L]}_{j,i} = A^{[L]}_{j,i} - Y_{j,i}",
            why=(
                "Sigmoid and binary cross-entropy undo each other: the flat slope of a saturated sigmoid meets the infinite slope of the "
                "logarithm, and what is left is by how much the probability misses the target."
            ),
            derivation=(
                Line(
                    "dZ is the gradient of the sum of the losses. Of these only the loss of example i depends on the logits of example i.",
                    r"dZ^{[L]}_{j,i} = \frac{\partial (m \mathcal{L})}{\partial Z^{[L]}_{j,i}} = \frac{\partial \mathcal{L}^{(i)}}{\partial Z^{[L]}_{j,i}}",
                ),
                Line(
                    "Only one term of that loss has this output in it. Its derivative with respect to the output may be infinite:",
                    r"\frac{\partial \mathcal{L}^{(i)}}{\partial A^{[L]}_{j,i}} = -\frac{Y_{j,i}}{A^{[L]}_{j,i}} + \frac{1 - Y_{j,i}}{1 - A^{[L]}_{j,i}}",
                ),
                Line(
                    "The sigmoid's slope is A (1 - A), whose factors are the two denominators.",
                    r"\frac{\partial \mathcal{L}^{(i)}}{\partial Z^{[L]}_{j,i}} = -Y_{j,i} (1 - A^{[L]}_{j,i}) + (1 - Y_{j,i}) A^{[L]}_{j,i}",
                ),
                Line(
                    "The two products of Y and A cancel. No mean was taken: dZ carries no 1/m.", r"dZ^{[L]}_{j,i} = A^{[L]}_{j,i} - Y_{j,i}"
                ),
            ),
        ),
    }

    def targets(self, Y: Array) -> Array:
        """Y as it is: every target in [0, 1].

        Raises:
            NotAProbability: with the first cell at fault.
        """
        bad = np.argwhere((Y < 0) | (Y > 1))
        if len(bad):
            j, i = (int(index) for index in bad[0])
            raise NotAProbability(f"Y[{j}][{i}]", float(Y[j, i]), "a probability, at least 0 and at most 1")
        return Y

    def activate(self, Z: Array) -> Array:
        return logistic(Z)

    def forward(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        # -log A is softplus(-Z) and -log(1 - A) is softplus(Z); where, so that 0 times an infinity is 0
        terms = np.zeros(Y.shape, Y.dtype)
        np.multiply(Y, softplus(-Z), out=terms, where=Y > 0)
        against = np.zeros(Y.shape, Y.dtype)
        np.multiply(1 - Y, softplus(Z), out=against, where=Y < 1)
        return logistic(Z), np.add.reduce(terms + against, axis=0)

    def backward(self, A: Array, Y: Array) -> Array:
        return A - Y

    def sides(self, Z: Array, Y: Array) -> list[Sides]:
        return []

    def accuracy(self, A: Array, Y: Array) -> float:
        """The share of all outputs, of all examples, that stand on the same side of one half as their target."""
        right = ((A > 0.5) == (Y > 0.5)) & (A == A)
        return float(np.count_nonzero(right) / right.size)

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        match equation:
            case "A":
                Z, A = t.cells("Z", l, row, col), t.cells("A", l, row, col)
                return Sum((one_term(Factor(A.values, (Z,), r"\frac{1}{1 + e^{-#1}}")),))
            case "dZ":
                return Sum((one_term(t.cell("A", l, row, col)), one_term(constant(-1, "-1"), t.cell("Y", l, row, col))))
            case "losses":
                Z, Y, A = (t.cells(name, l, None, col) for name in ("Z", "Y", "A"))
                with np.errstate(all="ignore"):
                    log_A, log_rest = (
                        -softplus(z).astype(np.float64) for z in (-Z.values, Z.values)
                    )  # as forward does: finite where A is 0 or 1
                    yes = np.where(Y.values > 0, Y.values * log_A, 0.0)
                    no = np.where(Y.values < 1, (1 - Y.values) * log_rest, 0.0)
                return Sum(
                    (
                        Products((Factor(Y.values, (Y,)), Factor(log_A, (A,), r"\log(#1)")), "j", yes),
                        Products((Factor(1 - Y.values, (Y,), "(1 - #1)"), Factor(log_rest, (A,), r"\log(1 - #1)")), "j", no),
                    ),
                    Scale(-1, "-"),
                )
            case _:
                return mean_of_losses(t, l)
