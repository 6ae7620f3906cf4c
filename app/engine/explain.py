"""Where did this number come from? For any cell of a trace: the operation, its equation, the terms, and what they add up to."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from .equation import set_indices
from .errors import OutOfBounds, UnknownName, between
from .network import Network
from .optimizers import Optimizer
from .phases import Phase, in_order
from .terms import Cell, Factor, Reader, Sum, exact_sum, parts_of
from .trace import Trace

TENSORS = ("W", "b", "Z", "A", "dA", "dZ", "dW", "db", "W_next", "b_next", "Y", "losses", "loss")
GIVEN = ("W", "b", "Y")  # and A[0]: what a step is given and does not make

Order = Literal["index", "magnitude"]


class FactorAt(NamedTuple):
    """One factor of one term: its value, its LaTeX (`#1` ... in the places of the cells), and these cells with their values."""

    value: float
    latex: str
    cells: tuple[tuple[Cell, float], ...]


class TermAt(NamedTuple):
    """One term. `position` is its place in the sum; `index` the value of the letter that runs over its part, None where none does."""

    position: int
    index: int | None  # type: ignore[assignment]  # nobody searches a term
    letter: str
    factors: tuple[FactorAt, ...]
    product: float
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One number and what it was made of.

    `value` is the trace's cell; `result` is what the terms give, equal to it within rounding: at most 1e-12 (float64) of the sum
    of the terms' magnitudes. `phase` is None for what a step is given: the batch, the targets and the parameters.
    """

    cell: Cell
    value: float
    phase: Phase | None
    equation: str
    sum: Sum
    total: float
    result: float
    magnitude: float

    @property
    def count(self) -> int:
        return int(self.sum.products.size)

    @property
    def numerator(self) -> FactorAt | None:
        """What is divided by the sum, where something is."""
        return None if self.sum.numerator is None else _factor(self.sum.numerator, 0)

    @property
    def cancellation(self) -> float:
        """|sum| / sum of magnitudes: 1 where all terms agree, 0 where they cancel, NaN where every term is 0."""
        with np.errstate(all="ignore"):
            return float(np.abs(np.float64(self.total)) / np.float64(self.magnitude))

    def terms(self, order: Order = "index", offset: int = 0, limit: int | None = None) -> list[TermAt]:
        """Some of the terms: in their own order, or the largest magnitudes first (what is not finite before all)."""
        products = self.sum.products
        positions = np.arange(products.size)
        if order == "magnitude":
            sizes = np.where(np.isnan(products), np.inf, np.abs(products))
            positions = np.argsort(-sizes, kind="stable")
        chosen = positions[offset : None if limit is None else offset + limit]
        with np.errstate(all="ignore"):
            shares = products[chosen] / np.float64(self.total)
        starts = parts_of(self.sum.parts).tolist()  # once for all terms: it multiplies every part out
        return [self._term(*one, starts) for one in zip(chosen.tolist(), products[chosen].tolist(), shares.tolist(), strict=True)]

    @property
    def single(self) -> list[TermAt]:
        """The terms that stand for themselves while others run over an index, such as the bias: few, however long the sum."""
        starts = parts_of(self.sum.parts).tolist()
        alone = [
            at
            for part, start in zip(self.sum.parts, starts, strict=False)
            if not part.index
            for at in range(start, start + part.values.size)
        ]
        with np.errstate(all="ignore"):
            products = self.sum.products[alone]
            shares = products / np.float64(self.total)
        return [self._term(*one, starts) for one in zip(alone, products.tolist(), shares.tolist(), strict=True)]

    def rest(self, order: Order, offset: int) -> float:
        """The sum of the terms from `offset` on, in that order."""
        products = self.sum.products
        if order == "magnitude":
            products = products[np.argsort(-np.where(np.isnan(products), np.inf, np.abs(products)), kind="stable")]
        return exact_sum(products[offset:])

    def _term(self, position: int, product: float, share: float, starts: list[int]) -> TermAt:
        at = bisect_right(starts, position) - 1
        part, within = self.sum.parts[at], position - starts[at]
        factors = tuple(_factor(factor, within) for factor in part.factors)
        return TermAt(position, within if part.index else None, part.index, factors, product, share)


def _factor(factor: Factor, term: int) -> FactorAt:
    return FactorAt(float(factor.values[term]), factor.latex, tuple(cells.at(term) for cells in factor.of))


def explain(trace: Trace, network: Network, optimizer: Optimizer | None, cell: Cell) -> Explanation:
    """What one number of a trace was made of; nothing of the step is computed again.

    Args:
        network, optimizer: those that the trace was made with; only their operations are asked, never their parameters.
        cell: of A, Z, dA, dZ, dW, db, W, b, W_next, b_next, Y, losses (row 0, an example a column), loss (row 0, column 0),
            or of what an ingredient adds to a layer (`LayerTrace.more`).

    Raises:
        UnknownName: no such tensor, or one that this layer or this step does not have.
        OutOfBounds: a layer, row or column outside the tensor.
        ValueError: a parameter after the update, without the optimizer that made it.
    """
    check_cell(trace, cell)
    t = Reader(trace)
    value = float(t.tensor(cell.tensor, cell.layer)[cell.row, cell.col])
    phase = maker(network, optimizer, cell.tensor, cell.layer)
    if phase is None:
        return Explanation(cell, value, None, "", Sum(()), 0.0, value, 0.0)
    last = len(trace.layers) - 1
    with np.errstate(all="ignore"):
        made = phase.explain(t, cell.row, cell.col)
        total = exact_sum(made.products)
        magnitude = float(np.abs(made.products).sum())
        result = made.result(total)
    equation = set_indices(phase.equation.cell, layer=phase.l, last=last, row=cell.row, col=cell.col)
    return Explanation(cell, value, phase, equation, made, total, result, magnitude)


def maker(network: Network, optimizer: Optimizer | None, tensor: str, layer: int) -> Phase | None:
    """The phase that writes a tensor; None where the step is given it."""
    if tensor in GIVEN or (tensor, layer) == ("A", 0):
        return None
    if tensor.endswith("_next") and optimizer is None:
        raise ValueError(f"{tensor} was made by an optimizer, and none was given")
    # none makes the state that an optimizer comes with either
    return next((phase for phase in in_order(network, optimizer) if (phase.tensor, phase.layer) == (tensor, layer)), None)


def check_cell(trace: Trace, cell: Cell, field: str = "{}") -> None:
    """Raises UnknownName or OutOfBounds where the trace has no such cell; `field` is how the caller names tensor, layer, row and col."""
    last = len(trace.layers) - 1
    known = {*TENSORS, *(name for layer in trace.layers for name in layer.more)}
    if cell.tensor not in known:
        raise UnknownName(field.format("tensor"), cell.tensor, known)
    if not 0 <= cell.layer <= last:
        raise OutOfBounds(field.format("layer"), cell.layer, f"0 to {last}")
    if (of := tensors_of(trace, cell.layer)) and cell.tensor not in of:
        raise UnknownName(field.format("tensor"), cell.tensor, of)
    rows, cols = Reader(trace).tensor(cell.tensor, cell.layer).shape
    for axis, index, count in (("row", cell.row, rows), ("col", cell.col, cols)):
        if not 0 <= index < count:
            raise OutOfBounds(field.format(axis), index, f"{between(0, count - 1)}: {cell.tensor}[{cell.layer}] is {rows} by {cols}")


def tensors_of(trace: Trace, layer: int) -> tuple[str, ...]:
    """The names of the tensors that a layer has in this trace; the targets and the losses belong to the last."""
    last = len(trace.layers) - 1
    own = (*(name for name in TENSORS if getattr(trace.layers[layer], name, None) is not None), *trace.layers[layer].more)
    return own + ("Y", "losses", "loss") if layer == last else own


__all__ = ["Explanation", "FactorAt", "TermAt", "check_cell", "explain", "maker", "tensors_of"]
