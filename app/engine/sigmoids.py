"""Activations made of the logistic function and its kin: sigmoid, tanh, softplus, SiLU, GELU.

All are computed from exponentials of at most 1, so that |Z| = 1000 overflows nothing, and slopes from Z and not from A: where A has
been rounded to 1, its slope is still right to the last digits.
"""

import math

import numpy as np

from .activations import activations, passed_on, slope_line
from .equation import Equation, Line
from .register import Parameter
from .trace import Array


def logistic(Z: Array) -> Array:
    """1 / (1 + e^-Z)."""
    e: Array = np.exp(-np.abs(Z))
    A: Array = np.where(Z < 0, e, np.ones_like(e)) / (1 + e)
    return A


def softplus(Z: Array) -> Array:
    """log(1 + e^Z)."""
    return np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))


def normal_cdf(Z: Array) -> Array:
    """The probability that a standard normal number is at most Z, by the standard library's erfc, cell by cell.

    By erfc and not erf: 1 + erf would cancel in the lower tail. NumPy has neither of the two.
    """
    arguments = (Z.ravel().astype(np.float64) / -math.sqrt(2)).tolist()
    return (np.fromiter(map(math.erfc, arguments), np.float64, Z.size).reshape(Z.shape) / 2).astype(Z.dtype)


@activations.add
class Sigmoid:
    """Squashes to (0, 1): the logistic function."""

    name = "sigmoid"
    title = "Sigmoid"
    source = 'Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors"'
    parameters = ()
    kinks = ()
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \frac{1}{1 + e^{-Z^{[l]}}}",
            cell=r"A^{[l]}_{j,i} = \frac{1}{1 + e^{-Z^{[l]}_{j,i}}}",
            why="Every number becomes one between 0 and 1; far from 0 on either side the curve is flat: the unit is saturated.",
        ),
        "dZ": passed_on(
            r"\sigma(Z^{[l]}) \odot \sigma(-Z^{[l]})",
            r"\sigma(Z^{[l]}_{j,i})\, \sigma(-Z^{[l]}_{j,i})",
            (
                "The slope is A (1 - A), at most 1/4, and that only at Z = 0. Every layer of sigmoids therefore passes on at most a quarter of "
                "each gradient, and a saturated unit next to nothing."
            ),
            slope_line("Take the derivative of the fraction.", r"\frac{e^{-Z^{[l]}_{j,i}}}{\left(1 + e^{-Z^{[l]}_{j,i}}\right)^2}"),
            slope_line(
                "The one factor 1 / (1 + e^-Z) is A. The other, e^-Z / (1 + e^-Z), is 1 - A, which is the sigmoid of -Z.",
                r"A^{[l]}_{j,i} (1 - A^{[l]}_{j,i}) = \sigma(Z^{[l]}_{j,i})\, \sigma(-Z^{[l]}_{j,i})",
            ),
        ),
    }

    def forward(self, Z: Array) -> Array:
        return logistic(Z)

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return dA * (logistic(Z) * logistic(-Z))


@activations.add
class Tanh:
    """Squashes to (-1, 1): a sigmoid that is centred at 0."""

    name = "tanh"
    title = "Tanh"
    source = 'LeCun, Bottou, Orr and Müller (1998), "Efficient backprop"'
    parameters = ()
    kinks = ()
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \tanh(Z^{[l]})",
            cell=r"A^{[l]}_{j,i} = \tanh(Z^{[l]}_{j,i})",
            why="Every number becomes one between -1 and 1, and keeps its sign; near 0 it hardly changes, far from 0 the curve is flat.",
        ),
        "dZ": passed_on(
            r"\frac{1}{\cosh(Z^{[l]})^2}",
            r"\frac{1}{\cosh(Z^{[l]}_{j,i})^2}",
            "The slope is 1 - A squared: 1 at Z = 0, and next to nothing where the unit is saturated.",
            slope_line(
                "The hyperbolic tangent is sinh / cosh, each of which is the other's derivative. By the quotient rule, what is left is 1 less the "
                "square of sinh / cosh.",
                r"1 - (A^{[l]}_{j,i})^2",
            ),
            slope_line("The square of cosh less that of sinh is 1.", r"\frac{1}{\cosh(Z^{[l]}_{j,i})^2}"),
        ),
    }

    def forward(self, Z: Array) -> Array:
        return np.tanh(Z)

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return dA * (4 * logistic(2 * Z) * logistic(-2 * Z))  # 1 / cosh^2, without its overflow


@activations.add
class Softplus:
    """A smooth ReLU. PyTorch's `threshold` isn't needed: this form is right for any Z."""

    name = "softplus"
    title = "Softplus"
    source = 'Dugas, Bengio, Bélisle, Nadeau and Garcia (2001), "Incorporating second-order functional knowledge for better option pricing"'
    parameters = (
        Parameter("beta", float, default=1.0, low=0, low_open=True, high=100, help="how sharp the bend at 0 is", symbol=r"\beta"),
    )
    kinks = ()
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \frac{1}{\beta} \log\left(1 + e^{\beta \cdot Z^{[l]}}\right)",
            cell=r"A^{[l]}_{j,i} = \frac{1}{\beta} \log\left(1 + e^{\beta \cdot Z^{[l]}_{j,i}}\right)",
            why="Far to the right this is Z itself, far to the left it is 0, and between the two it bends instead of breaking.",
        ),
        "dZ": passed_on(
            r"\sigma(\beta \cdot Z^{[l]})",
            r"\sigma(\beta \cdot Z^{[l]}_{j,i})",
            "Where ReLU opens or closes the gate, softplus opens it gradually: its slope is a sigmoid.",
            slope_line(
                "Take the derivative of the logarithm; beta cancels.",
                r"\frac{e^{\beta \cdot Z^{[l]}_{j,i}}}{1 + e^{\beta \cdot Z^{[l]}_{j,i}}}",
            ),
            slope_line("Divided by the exponential above and below, this is the sigmoid.", r"\sigma(\beta \cdot Z^{[l]}_{j,i})"),
        ),
    }

    def __init__(self, beta: float = 1.0) -> None:
        self.beta = beta

    def forward(self, Z: Array) -> Array:
        return softplus(self.beta * Z) / self.beta

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return dA * logistic(self.beta * Z)


@activations.add
class SiLU:
    """Z times its own sigmoid, also known as swish: a smooth ReLU that dips a little below 0."""

    name = "silu"
    title = "SiLU"
    source = 'Elfwing, Uchibe and Doya (2018), "Sigmoid-weighted linear units for neural network function approximation in reinforcement learning"'
    parameters = ()
    kinks = ()
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = Z^{[l]} \odot \sigma(Z^{[l]})",
            cell=r"A^{[l]}_{j,i} = Z^{[l]}_{j,i}\, \sigma(Z^{[l]}_{j,i})",
            why="Each number decides by its sigmoid how much of itself goes on.",
        ),
        "dZ": passed_on(
            r"\sigma(Z^{[l]}) \odot \left(1 + Z^{[l]} \odot \sigma(-Z^{[l]})\right)",
            r"\sigma(Z^{[l]}_{j,i}) \left(1 + Z^{[l]}_{j,i}\, \sigma(-Z^{[l]}_{j,i})\right)",
            "Z acts twice, as the number and as its gate, so the slope has two parts. Left of about -1.28 it is negative.",
            slope_line(
                "The product rule: Z's own slope is 1, and that of its sigmoid is sigmoid times sigmoid of -Z.",
                r"\sigma(Z^{[l]}_{j,i}) + Z^{[l]}_{j,i}\, \sigma(Z^{[l]}_{j,i})\, \sigma(-Z^{[l]}_{j,i})",
            ),
            Line("The sigmoid is a factor of both parts."),
        ),
    }

    def forward(self, Z: Array) -> Array:
        return Z * logistic(Z)

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return dA * (logistic(Z) * (1 + Z * logistic(-Z)))


@activations.add
class GELU:
    """Z times the probability that a standard normal number is below it; exact, not the tanh approximation."""

    name = "gelu"
    title = "GELU"
    source = 'Hendrycks and Gimpel (2016), "Gaussian error linear units (GELUs)"'
    parameters = ()
    kinks = ()
    constants = {r"\pi": math.pi}
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \frac{1}{2} Z^{[l]} \odot \left(1 + \operatorname{erf}\left(\frac{Z^{[l]}}{\sqrt{2}}\right)\right)",
            cell=r"A^{[l]}_{j,i} = Z^{[l]}_{j,i} \cdot \frac{1}{2} \left(1 + \operatorname{erf}\left(\frac{Z^{[l]}_{j,i}}{\sqrt{2}}\right)\right)",
            why="Each number goes on in proportion to how likely a standard normal number is to be below it.",
        ),
        "dZ": passed_on(
            r"\left(\frac{1}{2} \left(1 + \operatorname{erf}\left(\frac{Z^{[l]}}{\sqrt{2}}\right)\right)"
            r" + \frac{1}{\sqrt{2 \pi}} Z^{[l]} \odot e^{-\frac{1}{2} Z^{[l]} \odot Z^{[l]}}\right)",
            r"\left(\frac{1}{2} \left(1 + \operatorname{erf}\left(\frac{Z^{[l]}_{j,i}}{\sqrt{2}}\right)\right)"
            r" + Z^{[l]}_{j,i} \cdot \frac{1}{\sqrt{2 \pi}}\, e^{-\frac{1}{2} (Z^{[l]}_{j,i})^2}\right)",
            "Z acts twice, as the number and as its gate, so the slope has two parts: the probability, and Z times the bell curve.",
            slope_line(
                "The product rule: Z's own slope is 1, and that of the probability is the bell curve.",
                r"\frac{1}{2} \left(1 + \operatorname{erf}\left(\frac{Z^{[l]}_{j,i}}{\sqrt{2}}\right)\right)"
                r" + Z^{[l]}_{j,i} \cdot \frac{1}{\sqrt{2 \pi}}\, e^{-\frac{1}{2} (Z^{[l]}_{j,i})^2}",
            ),
        ),
    }

    def forward(self, Z: Array) -> Array:
        return Z * normal_cdf(Z)

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        bell = np.exp(Z * Z / -2) / math.sqrt(2 * math.pi)
        return dA * (normal_cdf(Z) + Z * bell)
