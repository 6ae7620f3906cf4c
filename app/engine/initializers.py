"""How the weights of a layer begin. Biases begin at zero."""

import math
from typing import Protocol

import numpy as np

from .equation import Equation
from .register import Ingredient, Register
from .trace import Array


class Initializer(Ingredient, Protocol):
    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        """W of shape (n_l, n_prev), float64."""


initializers: Register[Initializer] = Register("initializer")


@initializers.add
class HeNormal:
    """Normal with variance 2 / n_prev, which keeps the size of a signal through layers of ReLU."""

    name = "he_normal"
    title = "He, normal"
    source = 'He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", equation 10'
    parameters = ()
    equations = {
        "W": Equation(
            whole=r"W^{[l]} \sim \mathcal{N}\left(0, \tfrac{2}{n_{l-1}}\right)",
            cell=r"W^{[l]}_{j,k} \sim \mathcal{N}\left(0, \tfrac{2}{n_{l-1}}\right)",
        )
    }

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return rng.standard_normal(shape) * math.sqrt(2 / shape[1])


@initializers.add
class Zeros:
    """All zero: every unit of a layer stays the twin of its neighbours, and hidden layers get no gradient at all."""

    name = "zeros"
    title = "Zeros"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4, on breaking symmetry"
    parameters = ()
    equations = {"W": Equation(whole=r"W^{[l]} = 0", cell=r"W^{[l]}_{j,k} = 0")}

    def weights(self, shape: tuple[int, int], rng: np.random.Generator) -> Array:
        return np.zeros(shape)
