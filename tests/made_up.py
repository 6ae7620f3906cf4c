"""What the project does not have, each as one class: an activation, an optimizer with a state, a loss; and an edit.

Loaded by tests alone, as a plugin of pytest or by `importlib`: importing it adds them to the registers.
"""

from dataclasses import dataclass

import numpy as np

from app.engine import Edit, Equation, Line, OutOfBounds, Parameter, activations, edits, losses, optimizers
from app.engine.activations import passed_on, slope_line
from app.engine.losses import BY_OUTPUT, NO_MEAN, mean, mean_of_losses, share_of_classes
from app.engine.optimizers import Rule, for_both, learning_rate, penalty
from app.engine.terms import Factor, Products, Sum, constant, one_term

NAMES = ("squareplus", "averaging", "log_cosh")


@activations.add
class Squareplus:
    """A ReLU with its corner rounded off, without exponentials."""

    name = "squareplus"
    title = "Squareplus"
    source = 'Barron (2021), "Squareplus: a softplus-like algebraic rectifier"'
    parameters = (Parameter("beta", float, default=4.0, low=0, low_open=True, high=100, help="how round the corner is", symbol=r"\beta"),)
    kinks = ()
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \frac{1}{2} \left(Z^{[l]} + \sqrt{(Z^{[l]})^2 + \beta}\right)",
            cell=r"A^{[l]}_{j,i} = \frac{1}{2} \left(Z^{[l]}_{j,i} + \sqrt{(Z^{[l]}_{j,i})^2 + \beta}\right)",
            why="A hyperbola between 0 on the far left and Z on the far right.",
        ),
        "dZ": passed_on(
            r"\left(\frac{1}{2} \left(1 + \frac{Z^{[l]}}{\sqrt{(Z^{[l]})^2 + \beta}}\right)\right)",
            r"\left(\frac{1}{2} \left(1 + \frac{Z^{[l]}_{j,i}}{\sqrt{(Z^{[l]}_{j,i})^2 + \beta}}\right)\right)",
            "The slope climbs from 0 to 1 and is a half at 0.",
            slope_line("By the chain rule.", r"\frac{1}{2} \left(1 + \frac{Z^{[l]}_{j,i}}{\sqrt{(Z^{[l]}_{j,i})^2 + \beta}}\right)"),
        ),
    }

    def __init__(self, beta: float = 4.0) -> None:
        self.beta = beta

    def forward(self, Z):
        return (Z + np.sqrt(Z * Z + self.beta)) / 2

    def backward(self, dA, Z, A):
        return dA * ((1 + Z / np.sqrt(Z * Z + self.beta)) / 2)


@optimizers.add
class Averaging(Rule):
    """A step along the running mean of the gradient."""

    name = "averaging"
    title = "Averaging"
    source = "made up"
    parameters = (
        learning_rate(0.1),
        Parameter("kept", float, default=0.9, low=0, high=0.999, help="the share of the mean that a step keeps", symbol=r"\kappa"),
        *penalty(),
    )
    states = ("a",)
    equations = for_both(
        a=(
            r"a?^{[l]}@ \leftarrow \kappa\, a?^{[l]}@ + (1 - \kappa)\, \left(d?^{[l]}@ + \lambda? ?^{[l]}@\right)",
            "A running mean.",
            (Line("The shares of the old and the new add up to 1.", r"\kappa + (1 - \kappa) = 1"),),
        ),
        parameter=(r"?^{[l]}@ \leftarrow ?^{[l]}@ - \eta\, a?^{[l]}@", "Along the mean."),
    )

    def __init__(self, learning_rate: float = 0.1, kept: float = 0.9, weight_decay: float = 0.0, decay_biases: bool = False) -> None:
        super().__init__(learning_rate, weight_decay, decay_biases)
        self.kept = kept

    def update(self, parameter, gradient, state, *, is_bias):
        a = self.kept * state["a"] + (1 - self.kept) * self._penalised(parameter, gradient, is_bias=is_bias)
        return parameter - self.learning_rate * a, {"a": a}

    def explain(self, equation, t, l, row, col):
        name = equation.removesuffix("_next")
        if name[0] == "a":
            kept = one_term(constant(self.kept, r"\kappa"), t.cell(name, l, row, col))
            return Sum((kept, *self._gradient(t, name[1:], l, row, col, constant(1 - self.kept, r"(1 - \kappa)"))))
        return Sum((one_term(t.cell(name, l, row, col)), one_term(self._minus_eta(), t.cell(f"a{name}_next", l, row, col))))


@losses.add
class LogCosh:
    """A parabola near the target and a line far away, without a seam."""

    name = "log_cosh"
    title = "Log-cosh"
    source = "made up"
    parameters = ()
    equations = {
        "losses": Equation(
            whole=r"\mathcal{L}^{(i)} = \sum_{j=1}^{n_L} \log \cosh(A^{[L]}_{j,i} - Y_{j,i})",
            cell=r"\mathcal{L}^{(i)} = \sum_{j=1}^{n_L} \log \cosh(A^{[L]}_{j,i} - Y_{j,i})",
            why="Small misses count by their square, large ones by their size.",
        ),
        "loss": mean(r"\sum_{j=1}^{n_L} \log \cosh(A^{[L]}_{j,i} - Y_{j,i})"),
        "dA": Equation(
            whole=r"dA^{[L]} = \tanh(A^{[L]} - Y)",
            cell=r"dA^{[L]}_{j,i} = \tanh(A^{[L]}_{j,i} - Y_{j,i})",
            why="The difference, squashed.",
            derivation=(
                BY_OUTPUT,
                Line(
                    "The derivative of log cosh is tanh.",
                    r"\frac{\partial \mathcal{L}^{(i)}}{\partial A^{[L]}_{j,i}} = \tanh(A^{[L]}_{j,i} - Y_{j,i})",
                ),
                NO_MEAN,
            ),
        ),
    }

    def targets(self, Y):
        return Y

    def accuracy(self, A, Y):
        return share_of_classes(A, Y)

    def sides(self, A, Y):
        return []

    def forward(self, A, Y):
        far = np.abs(A - Y)
        return np.add.reduce(far + np.log1p(np.expm1(-2 * far) / 2), axis=0)

    def backward(self, A, Y):
        return np.tanh(A - Y)

    def explain(self, equation, t, l, row, col):
        if equation == "loss":
            return mean_of_losses(t, l)
        A, Y = (t.cells(name, l, row if equation == "dA" else None, col) for name in ("A", "Y"))
        if equation == "dA":
            return Sum((one_term(Factor(np.tanh(A.values - Y.values), (A, Y), r"\tanh(#1 - #2)")),))
        far = np.abs(A.values - Y.values)
        return Sum((Products((Factor(far + np.log1p(np.expm1(-2 * far) / 2), (A, Y), r"\log(\cosh(#1 - #2))"),), "j"),))


@edits.add
@dataclass(frozen=True)
class Shrink(Edit):
    """All weights of a layer are multiplied by a factor before the next step."""

    name = "shrink"
    title = "Shrink a layer"
    help = "All weights of the layer times a factor."
    parameters = (
        Parameter("layer", int, default=1, low=1, help="the number of the layer"),
        Parameter("factor", float, default=0.5, low=0, high=1, help="what is left of the weights"),
    )

    layer: int
    factor: float

    def check(self, network, m, optimizer=None):
        if self.layer > len(network.W):
            raise OutOfBounds("layer", self.layer, f"1 to {len(network.W)}")

    def on_network(self, network):
        W = [one * self.factor if l == self.layer else one for l, one in enumerate(network.W, start=1)]
        return network.with_parameters(W, network.b)
