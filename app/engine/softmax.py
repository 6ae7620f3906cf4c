"""Softmax, alone and together with cross-entropy."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .equation import Equation, Line, number
from .errors import NotADistribution
from .losses import mean_of_losses, share_right
from .outputs import output_activations, outputs
from .register import Parameter
from .terms import Factor, Products, Reader, Scale, Sum, constant, one_term
from .trace import Array, Sides

PROBABILITIES = Equation(
    whole=r"A^{[L]} = \operatorname{softmax}(Z^{[L]})",
    cell=r"A^{[L]}_{j,i} = \frac{e^{Z^{[L]}_{j,i}}}{\sum_{k=1}^{n_L} e^{Z^{[L]}_{k,i}}}",
    why=(
        "The exponential makes every logit positive, and dividing by their sum makes the units of one example add up to 1: "
        "probabilities. Taking the largest logit from all of them first changes nothing but keeps the numbers small."
    ),
)


def exponentials(Z: Array) -> tuple[Array, Array, Array]:
    """The logits less the largest of their column, their exponentials (at most 1), and the sum of these (at least 1)."""
    logits = Z - np.maximum.reduce(Z, axis=0, keepdims=True)
    e = np.exp(logits)
    return logits, e, np.add.reduce(e, axis=0, keepdims=True)


def probability(t: Reader, l: int, row: int, col: int) -> Sum:
    """One cell of A: its exponential divided by the sum of all."""
    Z = t.cells("Z", l, None, col)
    largest = int(np.argmax(Z.values))  # the first NaN, where there is one
    n = Z.values.size
    top = t.cells("Z", l, np.full(n, largest), np.full(n, col))
    with np.errstate(all="ignore"):
        e = np.exp(Z.values - Z.values[largest])
    latex = "e^{#1 - #2}"
    own, its_top = t.cells("Z", l, row, col), t.cells("Z", l, largest, col)
    return Sum((Products((Factor(e, (Z, top), latex),), "k"),), numerator=Factor(e[row : row + 1], (own, its_top), latex))


def sums_to_one(Y: Array) -> tuple[Array, NDArray[np.bool_]]:
    """By how much the sum of each column of Y (n_L, m) is off 1, (m,), and whether it is 1 but for rounding: in n_L numbers typed with six
    digits each may be off by half of the last, and in those that were computed by some eps."""
    with np.errstate(over="ignore"):  # a sum beyond the largest float is an infinity, which is none
        off: Array = np.add.reduce(Y, axis=0) - 1
    n = Y.shape[0]
    tolerance = max(1e-6, 0.5e-6 * n * (1 + 1e-6), 10 * n * float(np.finfo(Y.dtype).eps))
    return off, np.abs(off) <= tolerance


@output_activations.add
class Softmax:
    """Probabilities out of any numbers, with a loss that is differentiated apart from it."""

    name = "softmax"
    title = "Softmax"
    source = 'Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs"'
    parameters = ()
    equations = {
        "A": PROBABILITIES,
        "dZ": Equation(
            whole=r"dZ^{[L](i)} = A^{[L](i)} \odot \left(dA^{[L](i)} - \sum_{k=1}^{n_L} A^{[L]}_{k,i}\, dA^{[L]}_{k,i}\right)",
            cell=r"dZ^{[L]}_{j,i} = \sum_{k=1}^{n_L} A^{[L]}_{j,i}\, A^{[L]}_{k,i}\, (dA^{[L]}_{j,i} - dA^{[L]}_{k,i})",
            why=(
                "Not element by element: a logit that rises takes from all other probabilities what it gives its own. What counts is by how "
                "much its gradient differs from those of the others; were all the same, nothing could be gained."
            ),
            derivation=(
                Line(
                    "One logit moves every probability of its example, so the chain rule has a term for each.",
                    r"dZ^{[L]}_{j,i} = \frac{\partial (m \mathcal{L})}{\partial Z^{[L]}_{j,i}} = \sum_{k=1}^{n_L} dA^{[L]}_{k,i}\, \frac{\partial A^{[L]}_{k,i}}{\partial Z^{[L]}_{j,i}}",
                ),
                Line(
                    "The quotient rule: its own probability rises, every other one falls.",
                    r"\frac{\partial A^{[L]}_{k,i}}{\partial Z^{[L]}_{j,i}} = A^{[L]}_{k,i} (\mathbb{1}[k = j] - A^{[L]}_{j,i})",
                ),
                Line(
                    "The one term with the indicator, less the sum of all.",
                    r"dZ^{[L]}_{j,i} = A^{[L]}_{j,i} \left(dA^{[L]}_{j,i} - \sum_{k=1}^{n_L} A^{[L]}_{k,i}\, dA^{[L]}_{k,i}\right)",
                ),
                Line(
                    "The probabilities add up to 1, so the first part can go under the sum. In this form nothing large is taken from "
                    "something large when one probability is close to 1.",
                    r"dZ^{[L]}_{j,i} = \sum_{k=1}^{n_L} A^{[L]}_{j,i}\, A^{[L]}_{k,i}\, (dA^{[L]}_{j,i} - dA^{[L]}_{k,i})",
                ),
            ),
        ),
    }

    def forward(self, Z: Array) -> Array:
        _, e, total = exponentials(Z)
        return e / total

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        dZ = np.zeros(dA.shape, dA.dtype)
        for k in range(len(A)):
            dZ += A[k] * (dA - dA[k])
        return A * dZ

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        if equation == "A":
            return probability(t, l, row, col)
        n = t.tensor("A", l).shape[0]
        own, all_A = t.cells("A", l, np.full(n, row), np.full(n, col)), t.cells("A", l, None, col)
        its_dA, dA = t.cells("dA", l, np.full(n, row), np.full(n, col)), t.cells("dA", l, None, col)
        difference = Factor(its_dA.values - dA.values, (its_dA, dA), "(#1 - #2)")
        return Sum((Products((Factor(own.values, (own,)), Factor(all_A.values, (all_A,)), difference), "k"),))


@outputs.add
class SoftmaxCrossEntropy:
    """Softmax and cross-entropy taken together, because their backward is one subtraction.

    Each column of Y is a distribution; that its entries sum to 1 is what makes dZ = A - Y true.
    By log-sum-exp: logits of 1,000 are fine, and log(0) is never taken.
    `label_smoothing` mixes that share of equal chances into the targets, within the loss; the Y of the trace stays without it.
    """

    name = "softmax_cross_entropy"
    title = "Softmax with cross-entropy"
    activation = "softmax"
    loss = "cross_entropy"
    source = 'Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs"'
    parameters = (
        Parameter(
            "label_smoothing",
            float,
            default=0.0,
            low=0,
            high=1,
            help="the share of equal chances that is mixed into the targets (Szegedy and others, 2016)",
            symbol=r"\epsilon",
        ),
    )
    equations: Mapping[str, Equation] = {
        "A": PROBABILITIES,
        "losses": Equation(
            whole=r"\mathcal{L}^{(i)} = -\sum_{j=1}^{n_L} Y_{j,i} \log A^{[L]}_{j,i}",
            cell=r"\mathcal{L}^{(i)} = -\sum_{j=1}^{n_L} Y_{j,i} \log A^{[L]}_{j,i}",
            why="Only the classes that the target names count: with one of them, the loss is minus the logarithm of its probability.",
        ),
        "loss": Equation(
            whole=r"\mathcal{L} = -\frac{1}{m} \sum_{i=1}^{m} \sum_{j=1}^{n_L} Y_{j,i} \log A^{[L]}_{j,i}",
            cell=r"\mathcal{L} = \frac{1}{m} \sum_{i=1}^{m} \mathcal{L}^{(i)}",
            why="The loss of the batch is the mean of the losses of its examples, in nats.",
        ),
        "dZ": Equation(
            whole=r"dZ^{[L]} = A^{[L]} - Y",
            cell=r"dZ^{[L]}_{j,i} = A^{[L]}_{j,i} - Y_{j,i}",
            why="Softmax and cross-entropy undo each other: what is left is by how much the probability misses the target.",
            derivation=(
                Line(
                    "dZ is the gradient of the sum of the losses. Of these only the loss of example i depends on the logits of example i.",
                    r"dZ^{[L]}_{j,i} = \frac{\partial (m \mathcal{L})}{\partial Z^{[L]}_{j,i}} = \frac{\partial \mathcal{L}^{(i)}}{\partial Z^{[L]}_{j,i}}",
                ),
                Line(
                    "To find it, write the loss in terms of the logits. The logarithm turns the fraction of the softmax into a difference.",
                    r"\log A^{[L]}_{j,i} = Z^{[L]}_{j,i} - \log \sum_{r=1}^{n_L} e^{Z^{[L]}_{r,i}}",
                ),
                Line(
                    "Put this into the cross-entropy. The second part is the same for every class, so the targets before it can be added up.",
                    r"\mathcal{L}^{(i)} = -\sum_{k=1}^{n_L} Y_{k,i}\, Z^{[L]}_{k,i} + \Big(\sum_{k=1}^{n_L} Y_{k,i}\Big) \log \sum_{r=1}^{n_L} e^{Z^{[L]}_{r,i}}",
                ),
                Line("The targets of one example add up to 1, so this factor can go.", r"\sum_{k=1}^{n_L} Y_{k,i} = 1"),
                Line(
                    "Now take the derivative with respect to the logit of unit j. The first sum has it in one term, with slope minus its target. "
                    "The derivative of a logarithm is one over what stands in it, times the derivative of that, and in the sum only one term "
                    "has this logit: what comes out is the softmax itself.",
                    r"\frac{\partial \mathcal{L}^{(i)}}{\partial Z^{[L]}_{j,i}} = -Y_{j,i} + \frac{e^{Z^{[L]}_{j,i}}}{\sum_{r=1}^{n_L} e^{Z^{[L]}_{r,i}}} = A^{[L]}_{j,i} - Y_{j,i}",
                ),
                Line("This holds for each unit and each example, so whole matrices are subtracted. No mean was taken: dZ carries no 1/m."),
            ),
        ),
    }

    def __init__(self, label_smoothing: float = 0.0) -> None:
        self.label_smoothing = label_smoothing
        if label_smoothing:
            self.equations = {**self.equations, **SMOOTHED}

    def targets(self, Y: Array) -> Array:
        """Y as it is: every column at least 0 and summing to 1. Columns of numbers typed with six digits are divided by their sum.

        Raises:
            NotADistribution: with the first column at fault.
        """
        off, is_one = sums_to_one(Y)
        bad = np.flatnonzero(~is_one | (Y < 0).any(axis=0))
        if bad.size:
            i = int(bad[0])
            j = int(Y[:, i].argmin())
            if Y[j, i] < 0:
                raise NotADistribution(f"Y[{j}][{i}]", float(Y[j, i]), "at least 0, as an entry of a distribution")
            found = f"has a column {i} (counted from 0) that sums to {float(1 + off[i]):.12g}"
            # a column has no place of its own among the rows of Y
            raise NotADistribution("Y", Y[:, i].tolist(), "such that every column is a distribution: its entries sum to 1", found=found)
        # the gradient of the loss is A times the sum of the column, less Y: what is typed is not to make another of it than A - Y
        rounding = 2 * Y.shape[0] * float(np.finfo(Y.dtype).eps)
        return Y / (1 + off) if (np.abs(off) > rounding).any() else Y

    def activate(self, Z: Array) -> Array:
        _, e, total = exponentials(Z)
        return e / total

    def forward(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        logits, e, total = exponentials(Z)
        log_A = logits - np.log(total)
        wanted = self._smoothed(Y)
        # a class with Y = 0 adds nothing even if its log-probability is -inf
        np.copyto(log_A, 0, where=wanted == 0)
        return e / total, -np.add.reduce(wanted * log_A, axis=0)

    def backward(self, A: Array, Y: Array) -> Array:
        return A - self._smoothed(Y)

    def sides(self, Z: Array, Y: Array) -> list[Sides]:
        return []

    def accuracy(self, A: Array, Y: Array) -> float:
        """The share of examples whose most probable class is that of the target."""
        return share_right(A, Y)

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        smoothing, n = self.label_smoothing, t.tensor("A", l).shape[0]
        match equation:
            case "A":
                return probability(t, l, row, col)
            case "dZ":
                minus_Y = one_term(constant(-(1 - smoothing), f"-{number(1 - smoothing)}"), t.cell("Y", l, row, col))
                evenly = (one_term(constant(-smoothing / n, rf"-\frac{{{number(smoothing)}}}{{{n}}}")),) if smoothing else ()
                return Sum((one_term(t.cell("A", l, row, col)), minus_Y, *evenly))
            case "losses":
                Y, A = t.cells("Y", l, None, col), t.cells("A", l, None, col)
                wanted = self._smoothed(Y.values.reshape(-1, 1)).astype(np.float64).ravel()
                mixed = rf"\left({number(1 - smoothing)} \cdot #1 + \frac{{{number(smoothing)}}}{{{n}}}\right)" if smoothing else "#1"
                with np.errstate(all="ignore"):
                    # as forward does, over the whole batch and so in the same order: a loss near 0 hangs on the last bit of the sum;
                    # finite where A itself has become 0
                    logits, _, total = exponentials(t.tensor("Z", l))
                    log_A = (logits - np.log(total))[:, col].astype(np.float64)
                    given = np.where(wanted > 0, wanted * log_A, 0.0)
                return Sum((Products((Factor(wanted, (Y,), mixed), Factor(log_A, (A,), r"\log #1")), "j", given),), Scale(-1, "-"))
            case _:
                return mean_of_losses(t, l)

    def _smoothed(self, Y: Array) -> Array:
        """The targets as the loss sees them."""
        if self.label_smoothing == 0:
            return Y
        mixed: Array = (1 - self.label_smoothing) * Y + self.label_smoothing / Y.shape[0]
        return mixed


_MIXED = r"\left((1 - \epsilon) Y_{j,i} + \frac{\epsilon}{n_L}\right)"
SMOOTHED = {
    "losses": Equation(
        whole=r"\mathcal{L}^{(i)} = -\sum_{j=1}^{n_L} " + _MIXED + r" \log A^{[L]}_{j,i}",
        cell=r"\mathcal{L}^{(i)} = -\sum_{j=1}^{n_L} " + _MIXED + r" \log A^{[L]}_{j,i}",
        why="The target with a share of equal chances in it: no class is wanted with certainty, and none is quite ruled out.",
    ),
    "loss": Equation(
        whole=r"\mathcal{L} = -\frac{1}{m} \sum_{i=1}^{m} \sum_{j=1}^{n_L} " + _MIXED + r" \log A^{[L]}_{j,i}",
        cell=r"\mathcal{L} = \frac{1}{m} \sum_{i=1}^{m} \mathcal{L}^{(i)}",
        why="The loss of the batch is the mean of the losses of its examples, in nats.",
    ),
    "dZ": Equation(
        whole=r"dZ^{[L]} = A^{[L]} - (1 - \epsilon) Y - \frac{\epsilon}{n_L}",
        cell=r"dZ^{[L]}_{j,i} = A^{[L]}_{j,i} - (1 - \epsilon) Y_{j,i} - \frac{\epsilon}{n_L}",
        why="By how much the probability misses the smoothed target. These targets add up to 1 as well, and that is all that it takes.",
        derivation=(
            Line("The loss is the one without smoothing, on other targets.", r"Y_{j,i} \to (1 - \epsilon) Y_{j,i} + \frac{\epsilon}{n_L}"),
            Line(
                "They are a distribution too: a share 1 - epsilon of one, and epsilon spread over all classes.",
                r"\sum_{j=1}^{n_L} \left((1 - \epsilon) Y_{j,i} + \frac{\epsilon}{n_L}\right) = (1 - \epsilon) + \epsilon = 1",
            ),
            Line("So the derivation without smoothing holds, with these targets in the place of Y."),
        ),
    ),
}
