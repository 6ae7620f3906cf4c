"""Optimizers that give every parameter a step size of its own, from the squares of its past gradients."""

import math

import numpy as np

from .equation import Line, number
from .optimizers import Rule, State, for_both, learning_rate, optimizers, penalty
from .register import Parameter
from .terms import Factor, Products, Reader, Sum, constant, one_term
from .trace import PARAMETERS, Array


def _eps(default: float) -> Parameter:
    return Parameter("eps", float, default=default, low=0, low_open=True, high=1, help="keeps the divisor above 0", symbol=r"\epsilon")


_step = (
    r"?^{[l]}@ \leftarrow ?^{[l]}@ - \eta \frac{d?^{[l]}@ + \lambda? ?^{[l]}@}{\sqrt{s?^{[l]}@} + \epsilon}",
    "The gradient in units of its own usual size: a parameter with small gradients takes steps as large as one with large gradients.",
)


class _ByRoot(Rule):
    """The penalised gradient divided by the root of s."""

    states = ("s",)
    eps: float

    def _explain_step(self, t: Reader, name: str, l: int, row: int, col: int) -> Sum:
        s = t.cells(f"s{name}_next", l, row, col)
        inverse = Factor(1 / (np.sqrt(s.values) + self.eps), (s,), rf"\frac{{1}}{{\sqrt{{#1}} + {number(self.eps)}}}")
        return Sum((one_term(t.cell(name, l, row, col)), *self._gradient(t, name, l, row, col, self._minus_eta(), inverse)))


@optimizers.add
class RMSprop(_ByRoot):
    """SGD with each gradient divided by the root of a running mean of its squares (PyTorch's, not centred)."""

    name = "rmsprop"
    title = "RMSprop"
    source = "Tieleman and Hinton (2012), Neural Networks for Machine Learning, lecture 6.5"
    parameters = (
        learning_rate(0.01),
        Parameter("alpha", float, default=0.99, low=0, high=1, help="the share of the mean square that a step keeps", symbol=r"\alpha"),
        _eps(1e-8),
        *penalty(),
    )
    equations = for_both(
        s=(
            r"s?^{[l]}@ \leftarrow \alpha\, s?^{[l]}@ + (1 - \alpha) \left(d?^{[l]}@ + \lambda? ?^{[l]}@\right)^{2}",
            "A running mean of the gradient's squares: it keeps the share alpha and takes in the rest anew.",
            (
                Line(
                    "Put the equation into itself again and again: s is a sum of all squares so far. The newest has the weight 1 - alpha, each older "
                    "one alpha times that of the one after it, and after n steps the weights add up to",
                    r"(1 - \alpha) \sum_{r=1}^{n} \alpha^{n - r} = 1 - \alpha^{n}",
                ),
                Line(
                    "That is near 1 with time, and s a mean. In the first steps it is near 0, as s began there: s is too small and the steps are too "
                    "long, by 1 / sqrt(1 - alpha) at the first. Adam divides by this sum, RMSprop does not."
                ),
            ),
        ),
        parameter=_step,
    )

    def __init__(
        self,
        learning_rate: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decay_biases: bool = False,
    ) -> None:
        super().__init__(learning_rate, weight_decay, decay_biases)
        self.alpha, self.eps = alpha, eps

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        penalised = self._penalised(parameter, gradient, is_bias=is_bias)
        s = self.alpha * state["s"] + (1 - self.alpha) * (penalised * penalised)
        return parameter - self.learning_rate * (penalised / (np.sqrt(s) + self.eps)), {"s": s}

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        if name[0] != "s":
            return self._explain_step(t, name, l, row, col)
        kept = one_term(constant(self.alpha, r"\alpha"), t.cell(name, l, row, col))
        return Sum((kept, one_term(constant(1 - self.alpha, r"(1 - \alpha)"), self._squared(t, name[1:], l, row, col))))


@optimizers.add
class Adagrad(_ByRoot):
    """SGD with each gradient divided by the root of the sum of all its squares so far, so that steps only get shorter."""

    name = "adagrad"
    title = "Adagrad"
    source = 'Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and stochastic optimization"'
    parameters = (learning_rate(0.01), _eps(1e-10), *penalty())
    equations = for_both(
        s=(
            r"s?^{[l]}@ \leftarrow s?^{[l]}@ + \left(d?^{[l]}@ + \lambda? ?^{[l]}@\right)^{2}",
            "The sum of the gradient's squares so far; it never shrinks.",
            (
                Line(
                    "With gradients of one size g at all n steps, s is n times the square of g, and its root is g times the root of n. Step n is "
                    "therefore eta divided by the root of n long, whatever g is: a learning rate that falls by itself, for each number by its own past."
                ),
            ),
        ),
        parameter=_step,
    )

    def __init__(self, learning_rate: float = 0.01, eps: float = 1e-10, weight_decay: float = 0.0, decay_biases: bool = False) -> None:
        super().__init__(learning_rate, weight_decay, decay_biases)
        self.eps = eps

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        penalised = self._penalised(parameter, gradient, is_bias=is_bias)
        s = state["s"] + penalised * penalised
        return parameter - self.learning_rate * (penalised / (np.sqrt(s) + self.eps)), {"s": s}

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        if name[0] != "s":
            return self._explain_step(t, name, l, row, col)
        return Sum((one_term(t.cell(name, l, row, col)), one_term(self._squared(t, name[1:], l, row, col))))


_count = (
    r"t?^{[l]} \leftarrow t?^{[l]} + 1",
    "How many steps were taken. The moments begin at 0, and dividing by 1 - beta1^t and by 1 - beta2^t makes up for it.",
)


class _WithMoments(Rule):
    """Adam's two moments and the step that they make."""

    states = ("m", "s", "t")

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decay_biases: bool = False,
    ) -> None:
        super().__init__(learning_rate, weight_decay, decay_biases)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def start(self, parameter: Array) -> State:
        return {"m": np.zeros_like(parameter), "s": np.zeros_like(parameter), "t": np.zeros((1, 1), parameter.dtype)}

    def _moments(self, gradient: Array, state: State) -> State:
        return {
            "m": self.beta1 * state["m"] + (1 - self.beta1) * gradient,
            "s": self.beta2 * state["s"] + (1 - self.beta2) * (gradient * gradient),
            "t": state["t"] + 1,
        }

    def _step(self, moments: State) -> Array:
        """What is taken from the parameter."""
        t = float(moments["t"][0, 0])
        root = np.sqrt(moments["s"]) / math.sqrt(1 - self.beta2**t) + self.eps
        moved: Array = self.learning_rate / (1 - self.beta1**t) * (moments["m"] / root)
        return moved

    def _explain_moment(self, t: Reader, name: str, gradient: list[Products], squared: Factor, l: int, row: int, col: int) -> Sum:
        """The terms of a state's cell; `gradient` are those of the new gradient, times 1 - beta1."""
        before = t.cell(name, l, row, col)
        match name[0]:
            case "t":
                return Sum((one_term(before), one_term(constant(1, "1"))))
            case "m":
                return Sum((one_term(constant(self.beta1, r"\beta_1"), before), *gradient))
            case _:
                kept = one_term(constant(self.beta2, r"\beta_2"), before)
                return Sum((kept, one_term(constant(1 - self.beta2, r"(1 - \beta_2)"), squared)))

    def _one_minus_beta1(self) -> Factor:
        return constant(1 - self.beta1, r"(1 - \beta_1)")

    def _explain_step(self, t: Reader, name: str, l: int, row: int, col: int) -> Products:
        count, s = t.cells(f"t{name}_next", l, 0, 0), t.cells(f"s{name}_next", l, row, col)
        steps = float(count.values[0])
        rate = Factor(
            np.array([-self.learning_rate / (1 - self.beta1**steps)]),
            (count,),
            rf"-\frac{{{number(self.learning_rate)}}}{{1 - {number(self.beta1)}^{{#1}}}}",
        )
        inverse = Factor(
            1 / (np.sqrt(s.values) / math.sqrt(1 - self.beta2**steps) + self.eps),
            (s, count),
            rf"\frac{{1}}{{\sqrt{{\frac{{#1}}{{1 - {number(self.beta2)}^{{#2}}}}}} + {number(self.eps)}}}",
        )
        return one_term(rate, t.cell(f"m{name}_next", l, row, col), inverse)


_UNBIASED = (
    Line(
        "Put the first moment's equation into itself again and again: m is a sum of all gradients so far. The newest has the weight 1 - beta1, "
        "each older one beta1 times that of the one after it. As m began at 0, the weights do not add up to 1:",
        r"(1 - \beta_1) \sum_{r=1}^{t?^{[l]}} \beta_1^{t?^{[l]} - r} = 1 - \beta_1^{t?^{[l]}}",
    ),
    Line(
        "Divided by this, they do, and m is a mean of gradients that is not drawn to 0 in the first steps. With the squares in s it is the same, "
        "and beta2 is so near to 1 that without the division s would be too small for a thousand steps.",
        r"(1 - \beta_2) \sum_{r=1}^{t?^{[l]}} \beta_2^{t?^{[l]} - r} = 1 - \beta_2^{t?^{[l]}}",
    ),
    Line(
        "At the first step the one mean is the gradient itself and the other its square. Gradient over root of square is its sign: every number "
        "moves by the learning rate, up or down."
    ),
)


def _moment_parameters(*of_penalty: Parameter) -> tuple[Parameter, ...]:
    return (
        learning_rate(0.001),
        Parameter("beta1", float, default=0.9, low=0, high=0.999999, help="the share of the mean that a step keeps", symbol=r"\beta_1"),
        Parameter(
            "beta2", float, default=0.999, low=0, high=0.999999, help="the share of the mean square that a step keeps", symbol=r"\beta_2"
        ),
        _eps(1e-8),
        *of_penalty,
    )


_MOVED = r"\frac{\eta}{1 - \beta_1^{t?^{[l]}}} \frac{m?^{[l]}@}{\sqrt{\frac{s?^{[l]}@}{1 - \beta_2^{t?^{[l]}}}} + \epsilon}"


@optimizers.add
class Adam(_WithMoments):
    """A running mean of the gradient, divided by the root of a running mean of its squares."""

    name = "adam"
    title = "Adam"
    source = 'Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1'
    parameters = _moment_parameters(*penalty())
    equations = for_both(
        m=(
            r"m?^{[l]}@ \leftarrow \beta_1\, m?^{[l]}@ + (1 - \beta_1) \left(d?^{[l]}@ + \lambda? ?^{[l]}@\right)",
            "The first moment: a running mean of the gradient.",
        ),
        s=(
            r"s?^{[l]}@ \leftarrow \beta_2\, s?^{[l]}@ + (1 - \beta_2) \left(d?^{[l]}@ + \lambda? ?^{[l]}@\right)^{2}",
            "The second moment: a running mean of the gradient's squares.",
        ),
        t=_count,
        parameter=(
            rf"?^{{[l]}}@ \leftarrow ?^{{[l]}}@ - {_MOVED}",
            "Mean over root mean square: a step of about the learning rate where gradients agree, and of next to nothing where they alternate.",
            _UNBIASED,
        ),
    )

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        moments = self._moments(self._penalised(parameter, gradient, is_bias=is_bias), state)
        return parameter - self._step(moments), moments

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        if name in PARAMETERS:
            return Sum((one_term(t.cell(name, l, row, col)), self._explain_step(t, name, l, row, col)))
        new = self._gradient(t, name[1:], l, row, col, self._one_minus_beta1()) if name[0] == "m" else []
        squared = self._squared(t, name[1:], l, row, col)
        return self._explain_moment(t, name, new, squared, l, row, col)


@optimizers.add
class AdamW(_WithMoments):
    """Adam whose penalty shrinks the parameter itself and stays out of the moments."""

    name = "adamw"
    title = "AdamW"
    source = 'Loshchilov and Hutter (2019), "Decoupled weight decay regularization", algorithm 2'
    parameters = _moment_parameters(*penalty(0.01, "by how much of itself, times the learning rate, W shrinks"))
    equations = for_both(
        m=(
            r"m?^{[l]}@ \leftarrow \beta_1\, m?^{[l]}@ + (1 - \beta_1)\, d?^{[l]}@",
            "The first moment: a running mean of the gradient.",
        ),
        s=(
            r"s?^{[l]}@ \leftarrow \beta_2\, s?^{[l]}@ + (1 - \beta_2)\, d?^{[l]}@ \odot d?^{[l]}@",
            "The second moment: a running mean of the gradient's squares.",
        ),
        t=_count,
        parameter=(
            rf"?^{{[l]}}@ \leftarrow ?^{{[l]}}@ - \eta\, \lambda? ?^{{[l]}}@ - {_MOVED}",
            "Adam's step, and beside it the penalty, which Adam would have divided by the root of the second moment as well.",
            (
                *_UNBIASED,
                Line(
                    "A penalty within the gradient goes through both moments, and where gradients are large its pull is divided by something large. "
                    "Taken out of them, it draws every number towards 0 by the same share of itself."
                ),
            ),
        ),
    )

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        decay_biases: bool = False,
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, eps, weight_decay, decay_biases)

    def update(self, parameter: Array, gradient: Array, state: State, *, is_bias: bool) -> tuple[Array, State]:
        moments = self._moments(gradient, state)
        shrunk = parameter * (1 - self.learning_rate * self._decay(is_bias=is_bias))
        return shrunk - self._step(moments), moments

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = equation.removesuffix("_next")
        if name in PARAMETERS:
            parts = [one_term(t.cell(name, l, row, col))]
            if decay := self._decay(is_bias=name != "W"):
                letter = r"\lambda" if name == "W" else r"\lambda_b"
                parts.append(one_term(self._minus_eta(), constant(decay, letter), t.cell(name, l, row, col)))
            return Sum((*parts, self._explain_step(t, name, l, row, col)))
        gradient = t.cells(t.gradient(name[1:], l), l, row, col)
        new = [one_term(self._one_minus_beta1(), Factor(gradient.values, (gradient,)))]
        return self._explain_moment(t, name, new, Factor(gradient.values**2, (gradient,), "(#1)^2"), l, row, col)
