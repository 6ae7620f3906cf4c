"""What a hidden layer does to each pre-activation, and to the gradient on its way back."""

from typing import Protocol

import numpy as np

from .equation import Equation, Line, number, template
from .register import Ingredient, Register
from .terms import Factor, Reader, Sum, one_term
from .trace import Array


class Activation(Ingredient, Protocol):
    """Element by element; `kinks` are the points that a gradient check must not straddle.

    Where an equation has a letter that stands for a fixed number, `constants` says which.
    """

    kinks: tuple[float, ...]

    def forward(self, Z: Array) -> Array:
        """A = g(Z), (n_l, m)."""

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        """dZ = dA * g'(Z), (n_l, m). A is offered so that no activation computes it again."""


activations: Register[Activation] = Register("activation")

Z_CELL, A_CELL, DA_CELL = r"Z^{[l]}_{j,i}", r"A^{[l]}_{j,i}", r"dA^{[l]}_{j,i}"
PASSES = DA_CELL + r" \cdot "  # how the index form of every dZ begins; what follows is the slope


def slope(activation: Activation, Z: Array, A: Array) -> Array:
    """g'(Z), (n_l, m): what a gradient of 1 becomes."""
    return activation.backward(np.ones_like(Z), Z, A)


def explain_activation(activation: Activation, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
    """A or dZ of any activation, read off its own forward and backward."""
    Z, A = t.cells("Z", l, row, col), t.cells("A", l, row, col)
    form = activation.equations[equation].cell
    if equation == "A":
        return Sum((one_term(Factor(A.values, (Z,), template(form, {Z_CELL: "#1"} | _settings(activation)))),))
    dA = t.cell("dA", l, row, col)
    at = (t.tensor("Z", l)[row : row + 1, col : col + 1], t.tensor("A", l)[row : row + 1, col : col + 1])
    with np.errstate(all="ignore"):
        g = slope(activation, *at).astype(np.float64).reshape(1)
        passed = float(activation.backward(t.tensor("dA", l)[row : row + 1, col : col + 1], *at)[0, 0])
    latex = template(form, {PASSES: "", Z_CELL: "#1", A_CELL: "#2"} | _settings(activation))
    of = tuple(cells for place, cells in (("#1", Z), ("#2", A)) if place in latex)
    if "#1" not in latex:
        latex = latex.replace("#2", "#1")
    return Sum((one_term(dA, Factor(g, of, latex), given=passed),))


def _settings(activation: Activation) -> dict[str, str]:
    """The parameters and the constants of an activation as numbers in the place of their letters."""
    settings = {p.symbol: number(getattr(activation, p.name)) for p in activation.parameters if p.symbol}
    return settings | {letter: number(value) for letter, value in getattr(activation, "constants", {}).items()}


ONE_TERM = Line(
    "The losses depend on this pre-activation only through the activation right after it, so the chain rule has one term.",
    r"dZ^{[l]}_{j,i} = \frac{\partial (m \mathcal{L})}{\partial Z^{[l]}_{j,i}} "
    r"= dA^{[l]}_{j,i} \cdot \frac{\partial A^{[l]}_{j,i}}{\partial Z^{[l]}_{j,i}}",
)
AT_ONCE = Line(
    "Put the slope in. Each cell of dZ needs the same cell of dA and of Z and nothing else: no sum, hence no matrix product. For all units "
    "and examples at once it is a product element by element, which the dot in a circle says."
)


def passed_on(whole: str, slope: str, why: str, *lines: Line) -> Equation:
    """dZ of an activation from its slope in matrix form and in index form; `lines` lead to that slope."""
    return Equation(
        whole=r"dZ^{[l]} = dA^{[l]} \odot " + whole,
        cell=f"dZ^{{[l]}}_{{j,i}} = {PASSES}{slope}",
        why=why,
        derivation=(ONE_TERM, *lines, AT_ONCE),
    )


def slope_line(words: str, latex: str) -> Line:
    """A line of a derivation that says what the slope is."""
    return Line(words, r"\frac{\partial A^{[l]}_{j,i}}{\partial Z^{[l]}_{j,i}} = " + latex)


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
            why="Each number is looked at alone: what is positive goes on as it is, everything else becomes 0.",
        ),
        "dZ": Equation(
            whole=r"dZ^{[l]} = dA^{[l]} \odot \mathbb{1}[Z^{[l]} > 0]",
            cell=r"dZ^{[l]}_{j,i} = dA^{[l]}_{j,i} \cdot \mathbb{1}[Z^{[l]}_{j,i} > 0]",
            why=(
                "Element by element, because each A depends on its own Z and on no other. ReLU has slope 1 where Z is above 0 and slope 0 "
                "where it is not: there the gradient stops, and exactly 0 goes on."
            ),
            derivation=(
                ONE_TERM,
                Line(
                    "Right of 0 the ReLU is a line of slope 1, left of it a line of slope 0. At exactly 0 it has a kink and no derivative; "
                    "0 is taken there, by convention. "
                    "The brackets say it: 1[ ] is 1 where what stands in them is true, and 0 elsewhere.",
                    r"\frac{\partial A^{[l]}_{j,i}}{\partial Z^{[l]}_{j,i}} = \mathbb{1}[Z^{[l]}_{j,i} > 0]",
                ),
                AT_ONCE,
            ),
        ),
    }

    # 0.0 and not 0 in both, as a whole number is converted first: of a small layer's ReLU, a tenth of the time

    def forward(self, Z: Array) -> Array:
        return np.maximum(Z, 0.0)

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        # not dA * mask: inf * 0 would be NaN where nothing passes. A Z that is NaN is not at or below 0, and stops nothing, as in PyTorch
        return np.where(Z <= 0.0, 0.0, dA)


@activations.add
class Identity:
    """Passes everything as it is: a layer of it is a linear map, and an output of it any number."""

    name = "identity"
    title = "Identity"
    source = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2.1, on linear units"
    parameters = ()
    kinks = ()
    equations = {
        "A": Equation(
            whole=r"A^{[l]} = Z^{[l]}",
            cell=r"A^{[l]}_{j,i} = Z^{[l]}_{j,i}",
            why="Nothing is bent: what the weights made is what goes on.",
        ),
        "dZ": Equation(
            whole=r"dZ^{[l]} = dA^{[l]}",
            cell=r"dZ^{[l]}_{j,i} = dA^{[l]}_{j,i} \cdot 1",
            why="A straight line of slope 1 passes the gradient whole.",
            derivation=(ONE_TERM, slope_line("Here A is Z, and grows exactly as it does.", "1"), AT_ONCE),
        ),
    }

    def forward(self, Z: Array) -> Array:
        return Z.copy()

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        return dA.copy()
