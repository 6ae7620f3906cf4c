"""How the weights of a layer begin. Biases begin at zero."""

import math
from typing import Protocol

import numpy as np

from .equation import Equation, Line
from .register import Ingredient, Parameter, Register
from .trace import Array


class Initializer(Ingredient, Protocol):
    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        """W of shape (n_l, n_prev), float64."""


initializers: Register[Initializer] = Register("initializer")


_GLOROT = 'Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", section 4.2.1'
_HE = 'He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", equation 10'
_GAIN = Parameter("gain", float, default=1.0, low=0, low_open=True, high=1000, help="what every weight is multiplied by", symbol="g")


_SUM = Line(
    "Z of a unit is a sum of as many products as the layer before has units. With weights of mean 0 that are drawn alone, its variance is their "
    "number, times the variance of a weight, times the mean square of an activation."
)
_STAYS = Line(
    "A ReLU of a Z that is as often below 0 as above lets half of its mean square through. So from layer to layer the variance of Z is multiplied "
    "by half that number times the variance of a weight, and stays as it is where this is 1.",
    r"\frac{n_{l-1}}{2} \cdot \frac{2}{n_{l-1}} = 1",
)
_BOTH_WAYS = Line(
    "With activations near a line of slope 1, forward this wants the variance of a weight to be one over the units before. Backward, dA is a sum "
    "over the units of the layer itself, and wants one over these. One number can't be both; their number's mean stands between.",
    r"\frac{n_{l-1} + n_l}{2} \cdot \frac{2}{n_{l-1} + n_l} = 1",
)
_THIRD = "A number that is drawn evenly between minus and plus a bound has a third of the bound's square as its variance."
_NO_SIZE = Line("Nothing here knows the number of units before, and so the signal is multiplied by the same factor again in every layer.")
_TWINS = Line(
    "Units of a layer with the same weights make the same Z, and are told apart by nothing that comes after them. Their gradients are the same, "
    "and with them their next weights: by induction they are alike at every step."
)


def _drawn(right: str, why: str, *lines: Line) -> dict[str, Equation]:
    return {"W": Equation(whole=rf"W^{{[l]}} {right}", cell=rf"W^{{[l]}}_{{j,k}} {right}", why=why, derivation=lines)}


@initializers.add
class HeNormal:
    """Normal with variance 2 / n_prev, which keeps the size of a signal through layers of ReLU."""

    name = "he_normal"
    title = "He, normal"
    source = _HE
    parameters = ()
    equations = _drawn(
        r"\sim \mathcal{N}\left(0, \tfrac{2}{n_{l-1}}\right)",
        "A sum of n numbers has n times the variance of one, and ReLU lets half of it through: 2 / n makes up for both.",
        _SUM,
        _STAYS,
    )

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return rng.standard_normal(shape) * math.sqrt(2 / shape[1])


@initializers.add
class HeUniform:
    """Uniform with variance 2 / n_prev, which keeps the size of a signal through layers of ReLU."""

    name = "he_uniform"
    title = "He, uniform"
    source = _HE
    parameters = ()
    equations = _drawn(
        r"\sim \mathcal{U}\left(-\sqrt{\tfrac{6}{n_{l-1}}}, \sqrt{\tfrac{6}{n_{l-1}}}\right)",
        "The same variance as with a normal draw: that of a uniform one is a third of its bound squared.",
        _SUM,
        _STAYS,
        Line(_THIRD, r"\frac{1}{3} \left(\sqrt{\frac{6}{n_{l-1}}}\right)^2 = \frac{2}{n_{l-1}}"),
    )

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return _symmetric(shape, rng, math.sqrt(6 / shape[1]))


@initializers.add
class XavierNormal:
    """Normal with variance 2 / (n_prev + n), between what the forward and what the backward pass would like."""

    name = "xavier_normal"
    title = "Xavier, normal"
    source = _GLOROT
    parameters = (_GAIN,)
    equations = _drawn(
        r"\sim \mathcal{N}\left(0, \tfrac{2 g^2}{n_{l-1} + n_l}\right)",
        "Forward a sum has n_prev terms, backward n terms: the mean of the two keeps both signals at about their size.",
        _SUM,
        _BOTH_WAYS,
    )

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return rng.standard_normal(shape) * (self.gain * math.sqrt(2 / sum(shape)))


@initializers.add
class XavierUniform:
    """Uniform with variance 2 / (n_prev + n), between what the forward and what the backward pass would like."""

    name = "xavier_uniform"
    title = "Xavier, uniform"
    source = f"{_GLOROT}, equation 16"
    parameters = (_GAIN,)
    equations = _drawn(
        r"\sim \mathcal{U}\left(-g \sqrt{\tfrac{6}{n_{l-1} + n_l}}, g \sqrt{\tfrac{6}{n_{l-1} + n_l}}\right)",
        "Forward a sum has n_prev terms, backward n terms: the mean of the two keeps both signals at about their size.",
        _SUM,
        _BOTH_WAYS,
        Line(_THIRD, r"\frac{1}{3} \left(g \sqrt{\frac{6}{n_{l-1} + n_l}}\right)^2 = \frac{2 g^2}{n_{l-1} + n_l}"),
    )

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return _symmetric(shape, rng, self.gain * math.sqrt(6 / sum(shape)))


@initializers.add
class LecunNormal:
    """Normal with variance 1 / n_prev, which keeps the size of a signal through straight lines, and what SELU needs."""

    name = "lecun_normal"
    title = "LeCun, normal"
    source = 'LeCun, Bottou, Orr and Müller (1998), "Efficient backprop", section 4.6'
    parameters = ()
    equations = _drawn(
        r"\sim \mathcal{N}\left(0, \tfrac{1}{n_{l-1}}\right)",
        "A sum of n numbers has n times the variance of one: 1 / n makes up for it.",
        _SUM,
        Line("Where activations are about as large as their Z, the variance stays as it is.", r"n_{l-1} \cdot \frac{1}{n_{l-1}} = 1"),
    )

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return rng.standard_normal(shape) / math.sqrt(shape[1])


@initializers.add
class Orthogonal:
    """Rows (or columns, where those are fewer) at right angles and of one length, so that a signal is turned and not bent."""

    name = "orthogonal"
    title = "Orthogonal"
    source = 'Saxe, McClelland and Ganguli (2014), "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"'
    parameters = (_GAIN,)
    equations = {
        "W": Equation(
            whole=r"W^{[l]} W^{[l]\top} = g^2 I \quad \text{or} \quad W^{[l]\top} W^{[l]} = g^2 I",
            cell=(
                r"\sum_{k=1}^{n_{l-1}} W^{[l]}_{j,k} W^{[l]}_{r,k} = g^2\, \mathbb{1}[j = r]"
                r" \quad \text{or} \quad \sum_{j=1}^{n_l} W^{[l]}_{j,k} W^{[l]}_{j,r} = g^2\, \mathbb{1}[k = r]"
            ),
            why="Lengths stay as they are, forward and backward, through any number of such layers.",
            derivation=(
                Line(
                    "The square of the length of W v is v transposed, W transposed, W, v. Where the two in the middle make g squared times the "
                    "identity, it is g squared times that of v: every column comes out g times as long, whatever its direction."
                ),
                Line("Backward W stands transposed, and the other of the two products says the same of gradients. A square W has both."),
            ),
        )
    }

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        rows, cols = shape
        Q, R = np.linalg.qr(rng.standard_normal((max(shape), min(shape))))
        # with the signs of R's diagonal every orthogonal matrix is as likely as any other (Mezzadri, 2007)
        Q = Q * np.where(np.diagonal(R) < 0, -1.0, 1.0)
        return np.ascontiguousarray(self.gain * (Q if rows >= cols else Q.T))


@initializers.add
class Normal:
    """Normal with a mean and a standard deviation of one's own, whatever the layer's size."""

    name = "normal"
    title = "Normal"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4, on drawing weights at random"
    parameters = (
        Parameter("mean", float, default=0.0, low=-1000, high=1000, help="the mean", symbol=r"\mu"),
        Parameter("std", float, default=1.0, low=0, high=1000, help="the standard deviation", symbol=r"\sigma"),
    )
    equations = _drawn(
        r"\sim \mathcal{N}\left(\mu, \sigma^2\right)",
        "Of the same size in every layer: with many inputs, a layer's signal grows.",
        _SUM,
        _NO_SIZE,
    )

    def __init__(self, mean: float = 0.0, std: float = 1.0) -> None:
        self.mean, self.std = mean, std

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return self.mean + self.std * rng.standard_normal(shape)


@initializers.add
class Uniform:
    """Uniform between two numbers of one's own, whatever the layer's size."""

    name = "uniform"
    title = "Uniform"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4, on drawing weights at random"
    parameters = (
        Parameter("low", float, default=0.0, low=-1000, high=1000, help="one end", symbol="a"),
        Parameter("high", float, default=1.0, low=-1000, high=1000, help="the other end, above low", symbol="c", above="low"),
    )
    equations = _drawn(
        r"\sim \mathcal{U}(a, c)",
        "With both ends above 0, as in PyTorch's default, every sum grows with the number of its terms.",
        Line(
            "Weights whose mean is not 0 add up to their number times the mean, beside what varies: terms do not cancel, and Z grows with them."
        ),
        _NO_SIZE,
    )

    def __init__(self, low: float = 0.0, high: float = 1.0) -> None:
        self.low, self.high = low, high

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return self.low + (self.high - self.low) * rng.random(shape)


@initializers.add
class Constant:
    """All alike: every unit of a layer stays the twin of its neighbours, step after step."""

    name = "constant"
    title = "Constant"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4, on breaking symmetry"
    parameters = (Parameter("value", float, default=0.1, low=-1000, high=1000, help="every weight", symbol="c"),)
    equations = _drawn("= c", "Units that begin alike get the same gradient and stay alike: a layer of them is worth one unit.", _TWINS)

    def __init__(self, value: float = 0.1) -> None:
        self.value = value

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return np.full(shape, self.value)


@initializers.add
class Zeros:
    """All zero: every unit of a layer stays the twin of its neighbours, and hidden layers get no gradient at all."""

    name = "zeros"
    title = "Zeros"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4, on breaking symmetry"
    parameters = ()
    equations = _drawn(
        "= 0",
        "Nothing goes through such weights, forward or backward: hidden layers get no gradient, and units stay alike.",
        _TWINS,
        Line("What is handed to the layer before is dZ, times weights that are 0: no layer below the last gets a gradient."),
    )

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return np.zeros(shape)


def _symmetric(shape: tuple[int, int], rng: np.random.Generator, bound: float) -> Array:
    """Uniform in [-bound, bound)."""
    return bound * (2 * rng.random(shape) - 1)
