"""Dropout: in training, a hidden layer loses some of its activations at random, others in every step."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from .equation import Equation, Line
from .register import Parameter, Register
from .terms import Reader, Sum, one_term
from .trace import Array

dropouts: Register["Dropout"] = Register("dropout")


@dropouts.add
class Dropout:
    """Inverted dropout: what is kept grows by 1 / (1 - p), so that predictions need no correction; they drop nothing.

    With it, the activation writes G, and A = D * G is what the next layer reads. The mask D is 0 where something is dropped.
    """

    name = "dropout"
    title = "Dropout"
    source = 'Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout: a simple way to prevent neural networks from overfitting"'
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("rate", float, default=0.5, low=0, high=0.99, help="the share that is dropped", symbol="p"),
    )
    equations: ClassVar[Mapping[str, Equation]] = {
        "A": Equation(
            whole=r"A^{[l]} = D^{[l]} \odot G^{[l]}",
            cell=r"A^{[l]}_{j,i} = D^{[l]}_{j,i}\, G^{[l]}_{j,i}",
            why=(
                "The mask D is drawn anew for every step: 0 with probability p, else 1 / (1 - p). Its mean is 1, so the next layer gets what it "
                "would get without it, on average."
            ),
        ),
        "dG": Equation(
            whole=r"dG^{[l]} = D^{[l]} \odot dA^{[l]}",
            cell=r"dG^{[l]}_{j,i} = D^{[l]}_{j,i}\, dA^{[l]}_{j,i}",
            why="What was dropped on the way forward had no part in the loss, and gets no gradient; what was made larger gets a larger one.",
            derivation=(
                Line(
                    "An activation reaches the losses through its own masked value alone.",
                    r"dG^{[l]}_{j,i} = \frac{\partial (m \mathcal{L})}{\partial G^{[l]}_{j,i}} = dA^{[l]}_{j,i}\, \frac{\partial A^{[l]}_{j,i}}{\partial G^{[l]}_{j,i}}",
                ),
                Line(
                    "The mask is a number that depends on nothing.",
                    r"\frac{\partial A^{[l]}_{j,i}}{\partial G^{[l]}_{j,i}} = D^{[l]}_{j,i}",
                ),
                Line(
                    "It was drawn on the way forward and is the same on the way back. Each cell needs the same cell of dA and of the mask: a product "
                    "element by element.",
                    r"dG^{[l]}_{j,i} = D^{[l]}_{j,i}\, dA^{[l]}_{j,i}",
                ),
            ),
        ),
    }

    def __init__(self, rate: float = 0.5) -> None:
        self.rate = rate

    def mask(self, shape: tuple[int, ...], rng: np.random.Generator, dtype: object) -> Array:
        """D, (n_l, m): 0 or 1 / (1 - p)."""
        D: Array = ((rng.random(shape) >= self.rate) / (1 - self.rate)).astype(dtype)  # type: ignore[call-overload]
        return D

    def forward(self, G: Array, D: Array) -> Array:
        A = np.zeros(G.shape, G.dtype)
        np.multiply(G, D, out=A, where=D > 0)  # not a bare product: a dropped infinity is 0, and inf * 0 is not
        return A

    def backward(self, dA: Array, D: Array) -> Array:
        dG = np.zeros(dA.shape, dA.dtype)
        np.multiply(dA, D, out=dG, where=D > 0)
        return dG

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        name = "G" if equation == "A" else "dA"
        D, of = t.cell("D", l, row, col), t.cell(name, l, row, col)
        return Sum((one_term(D, of, given=float(D.values[0] * of.values[0]) if D.values[0] > 0 else 0.0),))
