"""Activations that pass what is positive and bend what is not: leaky ReLU, ELU, SELU.

At exactly 0 each takes the slope from the left, as PyTorch does.
"""

import numpy as np

from .activations import activations, passed_on, slope_line
from .equation import Equation, Line
from .register import Parameter
from .trace import Array

# Klambauer and others (2017), section 2: the fixed point at mean 0 and variance 1
SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717


@activations.add
class LeakyReLU:
    """Passes what is positive and a small share of the rest, so that no unit is ever quite dead."""

    name = "leaky_relu"
    title = "Leaky ReLU"
    source = 'Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models"'
    parameters = (Parameter("negative_slope", float, default=0.01, low=0, high=1, help="the slope left of 0", symbol=r"\alpha"),)
    kinks = (0.0,)
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \max(0, Z^{[l]}) + \alpha \min(0, Z^{[l]})",
            cell=r"A^{[l]}_{j,i} = \max(0, Z^{[l]}_{j,i}) + \alpha \min(0, Z^{[l]}_{j,i})",
            why="What is positive goes on as it is; of the rest, a small share does.",
        ),
        "dZ": passed_on(
            r"\left(\mathbb{1}[Z^{[l]} > 0] + \alpha\, \mathbb{1}[Z^{[l]} \le 0]\right)",
            r"\left(\mathbb{1}[Z^{[l]}_{j,i} > 0] + \alpha\, \mathbb{1}[Z^{[l]}_{j,i} \le 0]\right)",
            "Right of 0 the gradient passes whole; left of it the share alpha passes, where ReLU would stop it.",
            slope_line(
                "Two lines meet at 0: slope 1 on the right, slope alpha on the left. At exactly 0, alpha is taken.",
                r"\mathbb{1}[Z^{[l]}_{j,i} > 0] + \alpha\, \mathbb{1}[Z^{[l]}_{j,i} \le 0]",
            ),
        ),
    }

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, Z: Array) -> Array:
        return np.where(Z > 0, Z, self.negative_slope * Z)

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return np.where(Z > 0, dA, self.negative_slope * dA)


@activations.add
class ELU:
    """Like ReLU on the right; on the left an exponential that levels off at -alpha."""

    name = "elu"
    title = "ELU"
    source = 'Clevert, Unterthiner and Hochreiter (2016), "Fast and accurate deep network learning by exponential linear units (ELUs)"'
    parameters = (Parameter("alpha", float, default=1.0, low=0, high=10, help="how far below 0 the curve levels off", symbol=r"\alpha"),)
    kinks: tuple[float, ...] = (0.0,)
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \max(0, Z^{[l]}) + \alpha \left(e^{\min(0, Z^{[l]})} - 1\right)",
            cell=r"A^{[l]}_{j,i} = \max(0, Z^{[l]}_{j,i}) + \alpha \left(e^{\min(0, Z^{[l]}_{j,i})} - 1\right)",
            why="What is positive goes on as it is; the rest sinks towards -alpha, so that a layer's mean can stay near 0.",
        ),
        "dZ": passed_on(
            r"\left(\mathbb{1}[Z^{[l]} > 0] + \alpha\, e^{\min(0, Z^{[l]})} \odot \mathbb{1}[Z^{[l]} \le 0]\right)",
            r"\left(\mathbb{1}[Z^{[l]}_{j,i} > 0] + \alpha\, e^{\min(0, Z^{[l]}_{j,i})}\, \mathbb{1}[Z^{[l]}_{j,i} \le 0]\right)",
            "Right of 0 the gradient passes whole. Left of 0 the slope dies away as fast as the exponential does.",
            slope_line(
                "Right of 0 there is a line of slope 1; left of 0 the exponential is its own derivative. At exactly 0 its slope, alpha, is taken.",
                r"\mathbb{1}[Z^{[l]}_{j,i} > 0] + \alpha\, e^{\min(0, Z^{[l]}_{j,i})}\, \mathbb{1}[Z^{[l]}_{j,i} \le 0]",
            ),
        ),
    }

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha
        self.kinks = () if alpha == 1 else (0.0,)  # with alpha 1 the two slopes are the same

    def forward(self, Z: Array) -> Array:
        return np.where(Z > 0, Z, self.alpha * np.expm1(np.minimum(Z, 0)))

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return np.where(Z > 0, dA, dA * (self.alpha * np.exp(np.minimum(Z, 0))))


@activations.add
class SELU:
    """ELU with the one pair of numbers that pulls mean and variance of a signal towards 0 and 1, layer by layer."""

    name = "selu"
    title = "SELU"
    source = 'Klambauer, Unterthiner, Mayr and Hochreiter (2017), "Self-normalizing neural networks"'
    parameters = ()
    kinks = (0.0,)
    constants = {r"\lambda": SELU_SCALE, r"\alpha": SELU_ALPHA}
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \lambda \left(\max(0, Z^{[l]}) + \alpha \left(e^{\min(0, Z^{[l]})} - 1\right)\right)",
            cell=r"A^{[l]}_{j,i} = \lambda \left(\max(0, Z^{[l]}_{j,i}) + \alpha \left(e^{\min(0, Z^{[l]}_{j,i})} - 1\right)\right)",
            why="An ELU with alpha about 1.6733, stretched by lambda, about 1.0507. Both are fixed: they are what makes it normalise itself.",
        ),
        "dZ": passed_on(
            r"\left(\lambda\, \mathbb{1}[Z^{[l]} > 0] + \lambda \alpha\, e^{\min(0, Z^{[l]})} \odot \mathbb{1}[Z^{[l]} \le 0]\right)",
            r"\lambda \left(\mathbb{1}[Z^{[l]}_{j,i} > 0] + \alpha\, e^{\min(0, Z^{[l]}_{j,i})}\, \mathbb{1}[Z^{[l]}_{j,i} \le 0]\right)",
            "Right of 0 the gradient grows a little, by lambda; left of 0 it dies away as fast as the exponential does.",
            slope_line(
                "Right of 0 there is a line of slope lambda; left of 0 the exponential is its own derivative. At exactly 0 its slope is taken.",
                r"\lambda \left(\mathbb{1}[Z^{[l]}_{j,i} > 0] + \alpha\, e^{\min(0, Z^{[l]}_{j,i})}\, \mathbb{1}[Z^{[l]}_{j,i} \le 0]\right)",
            ),
            Line("The two slopes differ at 0, so that there is a kink."),
        ),
    }

    def forward(self, Z: Array) -> Array:
        return SELU_SCALE * np.where(Z > 0, Z, SELU_ALPHA * np.expm1(np.minimum(Z, 0)))

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return SELU_SCALE * np.where(Z > 0, dA, dA * (SELU_ALPHA * np.exp(np.minimum(Z, 0))))
