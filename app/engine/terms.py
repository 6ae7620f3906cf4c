"""What a number is made of: a sum of products whose factors are cells of the trace, or functions of such cells.

An operation hands a `Sum` back for any of its cells; `explain` turns it into an answer. Everything is held in columns, an
array for each factor of all terms at once, since a sum may have a million terms and a person looks at ten of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .trace import PARAMETERS, Array, Trace

Indices: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.float64]


class Cell(NamedTuple):
    """One number of a trace. Rows and columns count from 0; the loss is cell 0, 0 of the tensor "loss"."""

    tensor: str
    layer: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Cells:
    """n cells of one tensor, one for each of n terms."""

    tensor: str
    layer: int
    rows: Indices  # (n,)
    cols: Indices  # (n,)
    values: Numbers  # (n,)

    def at(self, term: int) -> tuple[Cell, float]:
        return Cell(self.tensor, self.layer, int(self.rows[term]), int(self.cols[term])), float(self.values[term])


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of each of n terms.

    `latex` shows it with `#1`, `#2`, ... in the places of the cells that it is a function of; a bare "#1" is the cell itself.
    A constant, such as the learning rate, is a function of no cell.
    """

    values: Numbers  # (n,)
    of: tuple[Cells, ...] = ()
    latex: str = "#1"

    @property
    def is_cell(self) -> bool:
        return self.latex == "#1"


@dataclass(frozen=True, slots=True)
class Products:
    """n terms, each the product of its factors. `index` is the letter that runs over them, "" where there is one term."""

    factors: tuple[Factor, ...]
    index: str = ""
    # where the product of the factors is not the product: a stopped infinity is 0, though inf * 0 is NaN
    given: Numbers | None = None

    @property
    def values(self) -> Numbers:
        if self.given is not None:
            return self.given
        product = self.factors[0].values
        with np.errstate(all="ignore"):  # a network that diverges has products beyond the largest float, and inf * 0
            for factor in self.factors[1:]:
                product = product * factor.values
        return product


@dataclass(frozen=True, slots=True)
class Scale:
    """What a whole sum is multiplied by."""

    value: float = 1.0
    latex: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """`scale` times the sum of all terms of all parts; or, where there is a `numerator`, that divided by the sum."""

    parts: tuple[Products, ...]
    scale: Scale = field(default_factory=Scale)
    numerator: Factor | None = None

    @property
    def products(self) -> Numbers:
        """All terms, part after part."""
        return np.concatenate([part.values for part in self.parts]) if self.parts else np.zeros(0)

    def result(self, total: float) -> float:
        if self.numerator is None:
            return self.scale.value * total if self.scale.value else 0.0  # what an edit zeroes is 0, infinities too
        return float(np.float64(self.numerator.values[0]) / np.float64(total))


def exact_sum(terms: Numbers) -> float:
    """The sum rounded once; IEEE's own answer where a term is not finite.

    Source: Shewchuk (1997), "Adaptive precision floating-point arithmetic", as math.fsum has it.
    """
    if np.isfinite(terms).all():
        try:
            return math.fsum(terms)
        except OverflowError:  # a partial sum beyond the largest float
            pass
    with np.errstate(all="ignore"):
        return float(np.add.reduce(terms))


def constant(value: float, latex: str, n: int = 1) -> Factor:
    """The same number in each of n terms."""
    return Factor(np.full(n, float(value)), (), latex)


class Reader:
    """Reads rows, columns and single cells out of a trace as factors."""

    def __init__(self, trace: Trace, names: Mapping[str, str] | None = None) -> None:
        self.trace = trace
        self.m = trace.m
        self._names = names or {}

    def renamed(self, names: Mapping[str, str]) -> "Reader":
        """For an operation that reads and writes other tensors than those that it speaks of."""
        return Reader(self.trace, names)

    def tensor(self, name: str, layer: int) -> Array:
        """(rows, cols); the targets, the losses and the loss are tensors here too. Raises KeyError where the trace has none."""
        name = self._names.get(name, name)
        if name == "Y":
            return self.trace.Y
        if name == "losses":
            return self.trace.losses.reshape(1, -1)
        if name == "loss":
            return np.array([[self.trace.loss]])
        of = self.trace.layers[layer]
        found: Array | None = of.more[name] if name in of.more else getattr(of, name, None)
        if found is None:
            raise KeyError(name)
        return found

    def activated(self, layer: int) -> Array:
        """What the activation of a layer made: A, or G where dropout makes A out of it."""
        return self.tensor("G" if "G" in self.trace.layers[layer].more else "A", layer)

    def entered(self, layer: int) -> str:
        """The name of what the activation of a layer reads: Z, or N where it is normalised."""
        return "N" if "N" in self.trace.layers[layer].more else "Z"

    @property
    def mixes(self) -> bool:
        """Whether each example's numbers depend on the others of its batch."""
        return any("rM" in layer.more for layer in self.trace.layers)

    def gradients(self) -> list[tuple[str, int]]:
        """(name, layer) of the gradients of all parameters, in the order in which clipping takes them: of a frozen layer it takes none, and
        those that edits are on it takes as these left them (hW)."""
        layers = self.trace.layers[1:]
        every = [(name, of) for name in PARAMETERS for of in layers if name in ("W", "b") or name in of.more]
        return [(f"{'h' if f'h{name}' in of.more else 'd'}{name}", of.index) for name, of in every if not self.is_frozen(of.index)]

    def is_frozen(self, layer: int) -> bool:
        """Whether an edit keeps the layer from being updated: its parameters after the update are those before it, the same in memory."""
        of = self.trace.layers[layer]
        return of.W is not None and of.W_next is of.W

    def gradient(self, parameter: str, layer: int) -> str:
        """The name of the gradient that an update takes: clipped, where the step clips."""
        return f"g{parameter}" if f"g{parameter}" in self.trace.layers[layer].more else f"d{parameter}"

    def cells(self, name: str, layer: int, rows: Any, cols: Any) -> Cells:
        """`rows` and `cols` are numbers, arrays of them, or None for all; a number goes with each of the others."""
        tensor = self.tensor(name, layer)
        r = np.arange(tensor.shape[0]) if rows is None else np.atleast_1d(rows)
        c = np.arange(tensor.shape[1]) if cols is None else np.atleast_1d(cols)
        r, c = np.broadcast_arrays(r, c)
        return Cells(self._names.get(name, name), layer, r, c, tensor[r, c].astype(np.float64))

    def row(self, name: str, layer: int, row: int) -> Factor:
        cells = self.cells(name, layer, row, None)
        return Factor(cells.values, (cells,))

    def col(self, name: str, layer: int, col: int) -> Factor:
        cells = self.cells(name, layer, None, col)
        return Factor(cells.values, (cells,))

    def cell(self, name: str, layer: int, row: int, col: int) -> Factor:
        cells = self.cells(name, layer, row, col)
        return Factor(cells.values, (cells,))

    def mean(self) -> Scale:
        return Scale(1 / self.m, r"\frac{1}{m}")


def one_term(*factors: Factor, given: float | None = None) -> Products:
    return Products(factors, given=None if given is None else np.array([given], dtype=np.float64))


def parts_of(parts: Sequence[Products]) -> Indices:
    """Where each part begins among all terms, and where the last one ends: (len(parts) + 1,)."""
    return np.cumsum([0, *(part.values.size for part in parts)])
