"""Optimizers with a velocity, which goes on where past gradients pointed."""

from .equation import Line
from .optimizers import Rule, State, for_both, learning_rate, optimizers, penalty
from .register import Parameter
from .terms import Reader, Sum, constant, one_term
from .trace import Array

_momentum = Parameter("momentum", float, default=0.9, low=0, high=1, help="the share of its velocity that a step keeps", symbol=r"\mu")
_velocity = (
    r"v?^{[l]}@ \leftarrow \mu\, v?^{[l]}@ + d?^{[l]}@ + \lambda? ?^{[l]}@",
    "The velocity keeps the share mu of what it was, and the gradient is added: where gradients agree it grows, where they alternate they cancel.",
    (
        Line(
            "Put the equation into itself again and again: the velocity is the sum of all gradients so far, and each has been multiplied by mu "
            "for every step since. With one gradient at all n steps it is this many times that gradient:",
            r"\sum_{r=1}^{n} \mu^{n - r} = \frac{1 - \mu^{n}}{1 - \mu}",
        ),
        Line("With time the power of mu is next to nothing: steps grow up to 1 / (1 - mu) times as long, ten times for mu = 0.9."),
    ),
)


class _WithVelocity(Rule):
    parameters = (learning_rate(0.001), _momentum, *penalty())
    states = ("v",)

    def __init__(self, learning_rate: float = 0.001, momentum: float = 0.9, weight_decay: float = 0.0, decay_biases: bool = False) -> None:
        super().__init__(learning_rate, weight_decay, decay_biases)
        self.momentum = momentum

    def _explain_velocity(self, t: Reader, name: str, l: int, row: int, col: int) -> Sum:
        kept = one_term(constant(self.momentum, r"\mu"), t.cell(f"v{name}", l, row, col))
        return Sum((kept, *self._gradient(t, name, l, row, col)))


@optimizers.add
class Momentum(_WithVelocity):
    """SGD with a velocity in the place of the gradient (PyTorch's SGD with `momentum`)."""

    name = "momentum"
    title = "Momentum"
    source = 'Polyak (1964), "Some methods of speeding up the convergence of iteration methods"'
    equations = for_both(
        v=_velocity, parameter=(r"?^{[l]}@ \leftarrow ?^{[l]}@ - \eta\, v?^{[l]}@", "One step along the new velocity, downhill.")
    )

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        v = self.momentum * state["v"] + self._penalised(parameter, gradient, is_bias=is_bias)
        return parameter - self.learning_rate * v, {"v": v}

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        if name[0] == "v":
            return self._explain_velocity(t, name[1:], l, row, col)
        return Sum((one_term(t.cell(name, l, row, col)), one_term(self._minus_eta(), t.cell(f"v{name}_next", l, row, col))))


@optimizers.add
class Nesterov(_WithVelocity):
    """Momentum that looks ahead: the gradient acts at once, and the velocity as it will be (PyTorch's SGD with `nesterov`)."""

    name = "nesterov"
    title = "Nesterov"
    source = 'Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and momentum in deep learning", section 2'
    equations = for_both(
        v=_velocity,
        parameter=(
            r"?^{[l]}@ \leftarrow ?^{[l]}@ - \eta \left(d?^{[l]}@ + \lambda? ?^{[l]}@ + \mu\, v?^{[l]}@\right)",
            "The step that the new velocity will take next is taken along with this one's gradient.",
            (
                Line(
                    "Momentum goes on by eta mu v of its own, whatever the next gradient will be: that much of the next step is known already."
                ),
                Line(
                    "So it is taken at once, and the gradient is asked for from there. Written for the point looked ahead to, which is then what "
                    "the network has for W, this is the step: the gradient, and the share mu of the new velocity."
                ),
            ),
        ),
    )

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        penalised = self._penalised(parameter, gradient, is_bias=is_bias)
        v = self.momentum * state["v"] + penalised
        return parameter - self.learning_rate * (penalised + self.momentum * v), {"v": v}

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        if name[0] == "v":
            return self._explain_velocity(t, name[1:], l, row, col)
        ahead = one_term(self._minus_eta(), constant(self.momentum, r"\mu"), t.cell(f"v{name}_next", l, row, col))
        return Sum((one_term(t.cell(name, l, row, col)), *self._gradient(t, name, l, row, col, self._minus_eta()), ahead))
