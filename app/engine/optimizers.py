"""How a gradient moves a parameter."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from .equation import Equation, Line
from .register import Ingredient, Parameter, Register
from .terms import Products, Reader, Sum, constant, one_term
from .trace import Array

State = Mapping[str, Array]


class Optimizer(Ingredient, Protocol):
    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        """The parameter after one step and the optimizer's state for it; what was handed in stays as it is."""

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of W_next or b_next."""


optimizers: Register[Optimizer] = Register("optimizer")


@optimizers.add
class SGD:
    """Stochastic gradient descent: one step against the gradient of the mean loss.

    `weight_decay` adds its multiple of the parameter to the gradient within the update; `dW` in the trace stays without it.
    """

    name = "sgd"
    title = "SGD"
    source = 'Robbins and Monro (1951), "A stochastic approximation method"'
    parameters = (
        Parameter("learning_rate", float, default=0.1, low=0, low_open=True, high=10, help="how far one step goes", symbol=r"\eta"),
        Parameter("weight_decay", float, default=0.0, low=0, high=10, help="L2 penalty on W", symbol=r"\lambda"),
        Parameter("decay_biases", bool, default=False, help="let the penalty act on b too"),
    )
    equations = {
        "W_next": Equation(
            whole=r"W^{[l]} \leftarrow W^{[l]} - \eta \left(dW^{[l]} + \lambda W^{[l]}\right)",
            cell=r"W^{[l]}_{j,k} \leftarrow W^{[l]}_{j,k} - \eta \left(dW^{[l]}_{j,k} + \lambda W^{[l]}_{j,k}\right)",
            why="Against the gradient, because the gradient points uphill; the learning rate says how far.",
            derivation=(
                Line(
                    "For a small change of the weights, the loss changes by about the sum of each weight's change times its gradient. Among "
                    "all changes of one length this sum is most negative when the change points exactly against the gradient."
                ),
                Line(
                    "The gradient is a slope and not a distance. How far to go is chosen: the learning rate, small enough that the slope is still "
                    "about the same where the step ends."
                ),
                Line(
                    "Where there is weight decay, half its factor times the sum of the squared weights is added to the loss, and so its factor "
                    "times the weight to the gradient: every weight is drawn towards 0."
                ),
            ),
        ),
        "b_next": Equation(
            whole=r"b^{[l]} \leftarrow b^{[l]} - \eta \left(db^{[l]} + \lambda_b b^{[l]}\right)",
            cell=r"b^{[l]}_{j} \leftarrow b^{[l]}_{j} - \eta \left(db^{[l]}_{j} + \lambda_b b^{[l]}_{j}\right)",
            why="Like the weights; the penalty of the biases is 0 unless the run lets them decay too.",
        ),
    }

    def __init__(self, learning_rate: float = 0.1, weight_decay: float = 0.0, decay_biases: bool = False) -> None:
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.decay_biases = decay_biases

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        if decay := self._decay(is_bias=is_bias):
            gradient = gradient + decay * parameter
        moved = gradient * self.learning_rate
        np.subtract(parameter, moved, out=moved)  # into the same memory: a large W is written once, not twice
        return moved, state

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        minus_eta = constant(-self.learning_rate, r"-\eta")
        parts: list[Products] = [one_term(t.cell(name, l, row, col)), one_term(minus_eta, t.cell(f"d{name}", l, row, col))]
        if decay := self._decay(is_bias=name == "b"):
            letter = r"\lambda" if name == "W" else r"\lambda_b"
            parts.append(one_term(minus_eta, constant(decay, letter), t.cell(name, l, row, col)))
        return Sum(tuple(parts))

    def _decay(self, *, is_bias: bool) -> float:
        """The penalty on a weight or a bias."""
        return self.weight_decay if self.decay_biases or not is_bias else 0.0
