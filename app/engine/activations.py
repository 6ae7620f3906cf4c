"""What a hidden layer does to each pre-activation, and to the gradient on its way back."""

from typing import Protocol

import numpy as np

from .equation import Equation
from .register import Ingredient, Register
from .trace import Array


class Activation(Ingredient, Protocol):
    """Element by element; `kinks` are the points that a gradient check must not straddle."""

    kinks: tuple[float, ...]

    def forward(self, Z: Array) -> Array:
        """A = g(Z), (n_l, m)."""

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        """dZ = dA * g'(Z), (n_l, m). A is offered so that no activation computes it again."""


activations: Register[Activation] = Register("activation")


@activations.add
class ReLU:
    """Passes what is positive and stops the rest; at exactly 0 the derivative is taken as 0."""

    name = "relu"
    title = "ReLU"
    source = 'Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines"'
    parameters = ()
    kinks = (0.0,)
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = \max(0, Z^{[l]})",
            cell=r"A^{[l]}_{j,i} = \max(0, Z^{[l]}_{j,i})",
        ),
        "dZ": Equation(
            whole=r"dZ^{[l]} = dA^{[l]} \odot \mathbb{1}[Z^{[l]} > 0]",
            cell=r"dZ^{[l]}_{j,i} = dA^{[l]}_{j,i} \cdot \mathbb{1}[Z^{[l]}_{j,i} > 0]",
        ),
    }

    def forward(self, Z: Array) -> Array:
        return np.maximum(Z, 0)

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        dZ = np.zeros(dA.shape, dA.dtype)
        np.copyto(dZ, dA, where=Z > 0)  # not dA * mask: inf * 0 would be NaN where nothing passes
        return dZ
