"""Output activations together with their losses, differentiated as one where that is one subtraction."""

from typing import Protocol

import numpy as np

from .equation import Equation, Line
from .errors import NotADistribution, UnfitPair, UnknownName
from .register import Ingredient, Register
from .terms import Factor, Products, Reader, Scale, Sum, constant, one_term
from .trace import Array


class Output(Ingredient, Protocol):
    """The last activation and the loss on it. `activation` and `loss` are the public names of the two."""

    activation: str
    loss: str

    def check_targets(self, Y: Array) -> None:
        """Refuses targets on which this loss has no meaning."""

    def activate(self, Z: Array) -> Array:
        """A[L], (n_L, m), from the logits alone: for predictions."""

    def forward(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        """A[L], (n_L, m), and the loss of each example in nats, (m,)."""

    def backward(self, A: Array, Y: Array) -> Array:
        """dZ[L], (n_L, m): gradient of the sum of the losses."""

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of A, dZ, of one example's loss or of the loss."""


outputs: Register[Output] = Register("output")


@outputs.add
class SoftmaxCrossEntropy:
    """Softmax and cross-entropy taken together, because their backward is one subtraction.

    Each column of Y is a distribution; that its entries sum to 1 is what makes dZ = A - Y true.
    By log-sum-exp: logits of 1,000 are fine, and log(0) is never taken.
    """

    name = "softmax_cross_entropy"
    title = "Softmax with cross-entropy"
    activation = "softmax"
    loss = "cross_entropy"
    source = 'Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs"'
    parameters = ()
    equations = {
        "A": Equation(
            whole=r"A^{[L]} = \operatorname{softmax}(Z^{[L]})",
            cell=r"A^{[L]}_{j,i} = \frac{e^{Z^{[L]}_{j,i}}}{\sum_{k=1}^{n_L} e^{Z^{[L]}_{k,i}}}",
            why=(
                "The exponential makes every logit positive, and dividing by their sum makes the units of one example add up to 1: "
                "probabilities. Taking the largest logit from all of them first changes nothing but keeps the numbers small."
            ),
        ),
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
                    r"dZ^{[L]}_{j,i} = \frac{\partial \mathcal{L}^{(i)}}{\partial Z^{[L]}_{j,i}}",
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

    def check_targets(self, Y: Array) -> None:
        """Every column at least 0 and summing to 1.

        Raises:
            NotADistribution: with the first column at fault.
        """
        with np.errstate(over="ignore"):  # a sum beyond the largest float is an infinity, which is refused below
            sums = Y.sum(axis=0)
        # the sum of n_L rounded numbers is off by some eps each; 1e-6 also admits targets typed with six digits
        tolerance = max(1e-6, 10 * Y.shape[0] * float(np.finfo(Y.dtype).eps))
        bad = np.flatnonzero((np.abs(sums - 1) > tolerance) | (Y < 0).any(axis=0))
        if bad.size:
            i = int(bad[0])
            lowest = float(Y[:, i].min())
            if lowest < 0:
                raise NotADistribution(f"Y[:, {i}]", lowest, "a distribution: no entry below 0")
            raise NotADistribution(f"Y[:, {i}]", float(sums[i]), "a distribution: the entries of one example sum to 1")

    def activate(self, Z: Array) -> Array:
        _, e, total = self._exponentials(Z)
        return e / total

    def forward(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        logits, e, total = self._exponentials(Z)
        log_A = logits - np.log(total)
        terms = np.zeros(Y.shape, Y.dtype)
        # where, not a bare product: a class with Y = 0 adds nothing even if its log-probability is -inf
        np.multiply(Y, log_A, out=terms, where=Y > 0)
        return e / total, -np.add.reduce(terms, axis=0)

    def backward(self, A: Array, Y: Array) -> Array:
        return A - Y

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        match equation:
            case "A":
                Z = t.cells("Z", l, None, col)
                largest = int(np.argmax(Z.values))  # the first NaN, where there is one
                n = Z.values.size
                top = t.cells("Z", l, np.full(n, largest), np.full(n, col))
                with np.errstate(all="ignore"):
                    e = np.exp(Z.values - Z.values[largest])
                latex = "e^{#1 - #2}"
                own, its_top = t.cells("Z", l, row, col), t.cells("Z", l, largest, col)
                return Sum((Products((Factor(e, (Z, top), latex),), "k"),), numerator=Factor(e[row : row + 1], (own, its_top), latex))
            case "dZ":
                return Sum((one_term(t.cell("A", l, row, col)), one_term(constant(-1, "-1"), t.cell("Y", l, row, col))))
            case "losses":
                Y, A = t.cells("Y", l, None, col), t.cells("A", l, None, col)
                with np.errstate(all="ignore"):
                    # as forward does, over the whole batch and so in the same order: a loss near 0 hangs on the last bit of the sum;
                    # finite where A itself has become 0
                    logits, _, total = self._exponentials(t.tensor("Z", l))
                    log_A = (logits - np.log(total))[:, col].astype(np.float64)
                    given = np.where(Y.values > 0, Y.values * log_A, 0.0)
                return Sum((Products((Factor(Y.values, (Y,)), Factor(log_A, (A,), r"\log #1")), "j", given),), Scale(-1, "-"))
            case _:
                return Sum((Products((t.row("losses", l, 0),), "i"),), t.mean())

    def _exponentials(self, Z: Array) -> tuple[Array, Array, Array]:
        """The logits less the largest of their column, their exponentials (at most 1), and the sum of these (at least 1)."""
        logits = Z - np.maximum.reduce(Z, axis=0, keepdims=True)
        e = np.exp(logits)
        return logits, e, np.add.reduce(e, axis=0, keepdims=True)


def find_output(activation: object, loss: object) -> Output:
    """The registered pair.

    Raises:
        UnknownName: no pair has that activation, or none has that loss.
        UnfitPair: both are known, but not together.
    """
    pairs = {(entry.activation, entry.loss): entry for entry in outputs.values()}
    if activation not in {a for a, _ in pairs}:
        raise UnknownName("output_activation", activation, {a for a, _ in pairs})
    if loss not in {name for _, name in pairs}:
        raise UnknownName("loss", loss, {name for _, name in pairs})
    if (activation, loss) not in pairs:
        fitting = sorted(name for a, name in pairs if a == activation)
        raise UnfitPair("loss", loss, f"one that fits {activation}: {', '.join(fitting)}")
    return pairs[activation, loss]()
