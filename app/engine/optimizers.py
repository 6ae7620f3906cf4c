"""How a gradient moves a parameter."""

import copy
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, TypeAlias

import numpy as np

from .clipping import Clipping, clippings
from .equation import Equation, Line, number
from .errors import OutOfBounds
from .register import Choice, Ingredient, Parameter, Register
from .schedules import Constant, Schedule, schedules
from .terms import Factor, Products, Reader, Sum, constant, one_term
from .trace import PARAMETERS, Array

State = Mapping[str, Array]


class Optimizer(Ingredient, Protocol):
    """`states` are the letters of what it remembers of each parameter, in the order in which a step makes them anew.

    With the state "v", the trace has vW and vb of each layer as they were, and vW_next and vb_next. Where layers are normalised, gamma and
    beta are moved like W and b, and to a penalty they are biases.
    """

    states: tuple[str, ...]
    schedule: Schedule
    clipping: Clipping | None
    learning_rate: float

    def start(self, parameter: Array) -> State:
        """The state before the first step."""

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        """The parameter after one step and the optimizer's state for it; what was handed in stays as it is."""

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of W_next or b_next, or of a state's, such as vW_next."""

    def at(self, step: int) -> "Optimizer":
        """The optimizer with the learning rate of that step."""

    def within(self, schedule: Schedule, clipping: Clipping | None) -> "Optimizer":
        """The optimizer with another schedule and clipping."""


optimizers: Register[Optimizer] = Register("optimizer")


def find_optimizer(optimizer: Choice, schedule: Choice = "constant", clipping: Choice | None = None) -> Optimizer:
    """The three as one.

    Raises:
        UnknownName, UnknownParameter, WrongType, OutOfBounds: with the field, such as `schedule.steps`.
    """
    clip = None if clipping is None else clippings.choose(clipping, field="clipping")
    return optimizers.choose(optimizer, field="optimizer").within(schedules.choose(schedule, field="schedule"), clip)


# a parameter's name in the trace and in equations
LETTERS = {name: name if len(name) == 1 else rf"\{name}" for name in PARAMETERS}


def check_lowest(optimizer: Optimizer) -> None:
    """Refuses a schedule that ends above where it begins; old runs have such, and go on with them.

    Raises:
        OutOfBounds: on `schedule.lowest`.
    """
    if (lowest := optimizer.schedule.lowest) > optimizer.learning_rate:
        raise OutOfBounds("schedule.lowest", lowest, f"at most {optimizer.learning_rate:.15g}, the optimizer's learning_rate")


def learning_rate(default: float) -> Parameter:
    return Parameter("learning_rate", float, default=default, low=0, low_open=True, high=10, help="how far one step goes", symbol=r"\eta")


def penalty(default: float = 0.0, help: str = "L2 penalty on W") -> tuple[Parameter, Parameter]:
    return (
        Parameter("weight_decay", float, default=default, low=0, high=10, help=help, symbol=r"\lambda"),
        Parameter("decay_biases", bool, default=False, help="let the penalty act on b too, and on gamma and beta"),
    )


Forms: TypeAlias = tuple[str, str] | tuple[str, str, tuple[Line, ...]]


def for_both(**equations: Forms) -> dict[str, Equation]:
    """The equations of W, b, gamma and beta from (matrix form, why) by state, `parameter` being W, b, gamma or beta itself; a third
    part is the derivation.

    `?` stands for the parameter's letter and `@` for its indices, in a cell's form and in the derivation alone.
    """
    made = {}
    for name, letter in LETTERS.items():

        def of_parameter(form: str, name: str = name, letter: str = letter) -> str:
            return form.replace(r"\lambda?", r"\lambda" if name == "W" else r"\lambda_b").replace("?", letter)

        def of_cell(form: str, indices: str = "j,k" if name == "W" else "j") -> str:
            return form.replace(r"\odot", r"\cdot").replace("@", f"_{{{indices}}}")

        for state, (form, why, *lines) in equations.items():
            whole = of_parameter(form)
            made[f"{'' if state == 'parameter' else state}{name}_next"] = Equation(
                whole=whole.replace("@", ""),
                cell=of_cell(whole),
                why=why,
                derivation=tuple(Line(line.words, of_cell(of_parameter(line.latex))) for one in lines for line in one),
            )
    return made


def _clipped(latex: str) -> str:
    """With g for the d of a gradient."""
    return re.sub(r"d(?=(W|b|\\gamma|\\beta)\^)", "g", latex)


def _of_clipped(equation: Equation) -> Equation:
    lines = tuple(Line(line.words, _clipped(line.latex)) for line in equation.derivation)
    return replace(equation, whole=_clipped(equation.whole), cell=_clipped(equation.cell), derivation=lines)


class Rule:
    """What all optimizers share: the learning rate and its schedule, the penalty, clipping. `weight_decay` adds its multiple of the
    parameter to the gradient within the update; `dW` in the trace stays without it."""

    states: tuple[str, ...] = ()
    equations: Mapping[str, Equation] = {}
    schedule: Schedule = schedules.make("constant", field="schedule")
    clipping: Clipping | None = None

    def __init__(self, learning_rate: float, weight_decay: float = 0.0, decay_biases: bool = False) -> None:
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.decay_biases = decay_biases

    def start(self, parameter: Array) -> State:
        return {state: np.zeros_like(parameter) for state in self.states}

    def at(self, step: int) -> "Rule":
        if isinstance(self.schedule, Constant):
            return self
        return self._with(learning_rate=self.schedule.rate(self.learning_rate, step), schedule=Constant())

    def within(self, schedule: Schedule, clipping: Clipping | None) -> "Rule":
        equations = type(self).equations
        if clipping is not None:  # what it moves by is called g then
            equations = {name: _of_clipped(equation) for name, equation in equations.items()}
        return self._with(schedule=schedule, clipping=clipping, equations=equations)

    def _with(self, **changed: object) -> "Rule":
        other = copy.copy(self)
        for name, value in changed.items():
            setattr(other, name, value)
        return other

    def _decay(self, *, is_bias: bool) -> float:
        """The penalty on a weight or a bias."""
        return self.weight_decay if self.decay_biases or not is_bias else 0.0

    def _penalised(self, parameter: Array, gradient: Array, *, is_bias: bool) -> Array:
        """The gradient with the penalty's in it."""
        decay = self._decay(is_bias=is_bias)
        return gradient + decay * parameter if decay else gradient

    def _gradient(self, t: Reader, name: str, l: int, row: int, col: int, *before: Factor) -> list[Products]:
        """The terms of a penalised gradient, each multiplied by the factors `before`."""
        parts = [one_term(*before, t.cell(t.gradient(name, l), l, row, col))]
        if decay := self._decay(is_bias=name != "W"):
            letter = r"\lambda" if name == "W" else r"\lambda_b"
            parts.append(one_term(*before, constant(decay, letter), t.cell(name, l, row, col)))
        return parts

    def _squared(self, t: Reader, name: str, l: int, row: int, col: int) -> Factor:
        """A penalised gradient's square."""
        gradient, parameter = t.cells(t.gradient(name, l), l, row, col), t.cells(name, l, row, col)
        if decay := self._decay(is_bias=name != "W"):
            latex = rf"(#1 + {number(decay)} \cdot #2)^2"
            return Factor((gradient.values + decay * parameter.values) ** 2, (gradient, parameter), latex)
        return Factor(gradient.values**2, (gradient,), "(#1)^2")

    def _minus_eta(self) -> Factor:
        return constant(-self.learning_rate, r"-\eta")


@optimizers.add
class SGD(Rule):
    """Stochastic gradient descent: one step against the gradient of the mean loss."""

    name = "sgd"
    title = "SGD"
    source = 'Robbins and Monro (1951), "A stochastic approximation method"'
    parameters = (learning_rate(0.1), *penalty())
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
        **{
            f"{name}_next": Equation(
                whole=rf"\{name}^{{[l]}} \leftarrow \{name}^{{[l]}} - \eta \left(d\{name}^{{[l]}} + \lambda_b \{name}^{{[l]}}\right)",
                cell=rf"\{name}^{{[l]}}_{{j}} \leftarrow \{name}^{{[l]}}_{{j}} - \eta \left(d\{name}^{{[l]}}_{{j}} + \lambda_b \{name}^{{[l]}}_{{j}}\right)",
                why="Like a bias, which it is to the penalty too.",
            )
            for name in ("gamma", "beta")
        },
    }

    def __init__(self, learning_rate: float = 0.1, weight_decay: float = 0.0, decay_biases: bool = False) -> None:
        super().__init__(learning_rate, weight_decay, decay_biases)

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        if self.weight_decay:
            gradient = self._penalised(parameter, gradient, is_bias=is_bias)
        moved = gradient * self.learning_rate
        np.subtract(parameter, moved, moved)  # into the same memory: a large W is written once, not twice
        return moved, state

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        return Sum((one_term(t.cell(name, l, row, col)), *self._gradient(t, name, l, row, col, self._minus_eta())))
