"""The analytic gradients against central differences: (f(x + h) - f(x - h)) / 2h, with the network's own forward pass as f.

Everything here is computed in float64, whatever the trace's dtype. Whole tensors are checked many cells at a time: each moved
parameter makes m more columns, and columns never mix.

Source: Press, Teukolsky, Vetterling and Flannery (2007), Numerical Recipes, 3rd ed., section 5.7, for the step size.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .network import Network
from .outputs import sides_of_kinks
from .terms import Cell, Indices, Numbers, Reader
from .trace import Array, Sides, Trace

H = 1e-5  # near the third root of the smallest relative step of a float64, where rounding and curvature cost about the same
TOLERANCES = {"float64": 1e-5, "float32": 1e-3}  # relative
BLOCK = 2**20  # cells of one layer's activations that are computed at once
NOISE = 4.0  # how many roundings of the loss a difference may be off by

OF_THE_SUM = ("dA", "dZ")  # gradients of the sum of the losses: they move one example, and no other notices

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TensorCheck:
    """One gradient tensor and what the differences say; NaN where a cell was not checked.

    `kinks` are cells whose two points lie on different sides of a kink (of ReLU or of a loss): there the difference is no derivative, and
    says nothing. `small` are cells too small for a difference to see: rounding of the loss is all that it would show.
    `noise` is the size of a difference that rounding alone can make.
    """

    tensor: str
    layer: int
    analytic: Numbers  # (rows, cols)
    numeric: Numbers  # (rows, cols)
    checked: Mask
    kinks: Mask
    noise: float
    tolerance: float

    @property
    def relative_errors(self) -> Numbers:
        """|analytic - numeric| / the larger magnitude of the two; 0 where both are 0."""
        with np.errstate(all="ignore"):
            larger = np.maximum(np.abs(self.analytic), np.abs(self.numeric))
            return np.where(larger == 0, 0.0, np.abs(self.analytic - self.numeric) / larger)

    @property
    def small(self) -> Mask:
        with np.errstate(all="ignore"):
            larger = np.maximum(np.abs(self.analytic), np.abs(self.numeric))
            hidden = (larger > 0) & (larger * self.tolerance <= self.noise)  # two exact zeros agree, whatever the noise
        return self.checked & ~self.kinks & ~self.wrong & hidden

    @property
    def wrong(self) -> Mask:
        """Cells that disagree by more than the tolerance and more than rounding can explain."""
        with np.errstate(all="ignore"):
            off = np.abs(self.analytic - self.numeric)
            larger = np.maximum(np.abs(self.analytic), np.abs(self.numeric))
            # NaN and infinities agree with nothing; inf <= inf would be true
            agrees = np.isfinite(off) & (off <= self.tolerance * larger + self.noise)
        return self.checked & ~self.kinks & ~agrees

    @property
    def worst(self) -> tuple[int, int] | None:
        """The cell with the largest relative error among those that count; None where none counts."""
        counts = self.checked & ~self.kinks & ~self.small
        if not counts.any():
            return None
        errors = np.where(counts, np.where(np.isnan(self.relative_errors), np.inf, self.relative_errors), -1.0)
        row, col = np.unravel_index(int(errors.argmax()), errors.shape)
        return int(row), int(col)


class Plan(NamedTuple):
    """Which cells of one tensor are to be moved."""

    tensor: str
    layer: int
    rows: Indices
    cols: Indices


def plan(trace: Trace, cells_per_tensor: int | None = None) -> list[Plan]:
    """Every gradient of a step, dA[0] first; with `cells_per_tensor`, as many cells of each, evenly drawn and the same each time."""
    L = len(trace.layers) - 1
    t = Reader(trace)
    plans = []
    for tensor, layer in [("dA", 0), *((name, l) for l in range(1, L + 1) for name in ("dW", "db"))]:
        rows, cols = t.tensor(tensor, layer).shape
        chosen = np.arange(rows * cols)
        if cells_per_tensor is not None and cells_per_tensor < chosen.size:
            chosen = np.sort(np.random.Generator(np.random.Philox(0)).choice(chosen, cells_per_tensor, replace=False))
        plans.append(Plan(tensor, layer, chosen // cols, chosen % cols))
    return plans


def one_cell(cell: Cell) -> Plan:
    """The check of one cell of dW, db, or of dA or dZ of any layer: there the number moved is one of the pass itself."""
    return Plan(cell.tensor, cell.layer, np.array([cell.row]), np.array([cell.col]))


def work(trace: Trace, plans: list[Plan]) -> int:
    """Multiplications that the matrix products of the check take, by arithmetic alone: one plain forward pass, then what is moved."""
    sizes = [layer.size for layer in trace.layers]
    onward = [0] * (len(sizes) + 1)  # of one column from layer l's activations to the loss
    for l in range(len(sizes) - 1, 0, -1):
        onward[l - 1] = onward[l] + sizes[l] * sizes[l - 1]
    total = trace.m * onward[0]
    for plan in plans:
        columns = 2 * plan.rows.size * (1 if plan.tensor in OF_THE_SUM else trace.m)
        total += columns * (onward[plan.layer] + (0 if plan.tensor in OF_THE_SUM else sizes[plan.layer - 1]))
    return total


def gradcheck(trace: Trace, network: Network, plans: list[Plan], h: float = H) -> list[TensorCheck]:
    """The trace's gradients against central differences, for the cells of `plans`.

    Args:
        network: the one that the step was taken on.
        h: half the distance of the two points, for a parameter up to magnitude 1; in proportion to larger ones.
    """
    checker = _Checker(trace, network, h)
    with np.errstate(all="ignore"):
        return [checker.check(plan) for plan in plans]


class _Checker:
    def __init__(self, trace: Trace, network: Network, h: float) -> None:
        self._trace, self._network, self._h = trace, network, h
        self._t = Reader(trace)
        self._W = [W.astype(np.float64) for W in network.W]
        self._b = [b.astype(np.float64) for b in network.b]
        self._Y = trace.Y.astype(np.float64)
        # the forward pass up to each layer, which what is moved further on does not change
        self._A: list[Array] = [trace.X.astype(np.float64)]
        self._Z: list[Array] = [self._A[0]]
        self._L = len(self._W)
        with np.errstate(all="ignore"):
            for l in range(1, self._L + 1):
                self._Z.append(network.dense.forward(self._A[-1], self._W[l - 1], self._b[l - 1]))
                if l < self._L:
                    self._A.append(self._activated(l, self._Z[-1], np.arange(trace.m)))
            self._losses = network.output.forward(self._Z[-1], self._Y)[1]

    def check(self, plan: Plan) -> TensorCheck:
        analytic = self._t.tensor(plan.tensor, plan.layer).astype(np.float64)
        numeric = np.full(analytic.shape, np.nan)
        kinks, checked = np.zeros(analytic.shape, bool), np.zeros(analytic.shape, bool)
        for rows, cols in self._blocks(plan):
            numeric[rows, cols], kinks[rows, cols] = self._differences(plan, rows, cols)
            checked[rows, cols] = True
        # rounding of the loss, and of the float32 trace
        is_sum = plan.tensor in OF_THE_SUM
        known = np.abs(self._losses[np.isfinite(self._losses)])  # an example without a loss has no difference either
        scale = float(known.max() if is_sum else known.mean()) if known.size else math.nan
        noise = NOISE * np.finfo(np.float64).eps * max(scale, 1.0) / self._h
        finite = np.abs(analytic[np.isfinite(analytic)])
        if self._trace.dtype == "float32" and finite.size:
            noise += 32 * float(np.finfo(np.float32).eps) * float(finite.max())
        return TensorCheck(plan.tensor, plan.layer, analytic, numeric, checked, kinks, noise, TOLERANCES[self._trace.dtype])

    def _blocks(self, plan: Plan) -> Iterator[tuple[Indices, Indices]]:
        widest = max(layer.size for layer in self._trace.layers[plan.layer :])
        columns = 2 if plan.tensor in OF_THE_SUM else 2 * self._trace.m
        block = max(1, BLOCK // (widest * columns))
        for start in range(0, plan.rows.size, block):
            yield plan.rows[start : start + block], plan.cols[start : start + block]

    def _differences(self, plan: Plan, rows: Indices, cols: Indices) -> tuple[Array, Mask]:
        """(differences, whether a kink lies between the two points), one for each cell."""
        l = plan.layer
        moved: dict[str, Array] = {"dA": self._A[min(l, self._L - 1)], "dZ": self._Z[l], "dW": self._W[l - 1], "db": self._b[l - 1]}
        at = moved[plan.tensor][rows, cols]
        step = self._h * np.maximum(1.0, np.abs(at))
        low, high = at - step, at + step
        width = high - low  # what the two points are really apart, after rounding
        if plan.tensor in OF_THE_SUM:
            columns = np.tile(cols, 2)  # the examples in question, one number of each moved; below first, then above
            start = moved[plan.tensor][:, columns]
            start[np.tile(rows, 2), np.arange(columns.size)] = np.concatenate([low, high])
            losses, signs = self._onward(l, start, columns, is_Z=plan.tensor == "dZ")
            below, above = np.split(losses, 2)
            return (above - below) / width, _crossed(signs, rows.size, 1)
        Z = self._moved_Z(plan, rows, cols, np.concatenate([low, high]))
        losses, signs = self._onward(l, Z, np.tile(np.arange(self._trace.m), 2 * rows.size), is_Z=True)
        below, above = np.split(losses.reshape(2 * rows.size, self._trace.m), 2)
        return (above - below).mean(axis=1) / width, _crossed(signs, rows.size, self._trace.m)

    def _moved_Z(self, plan: Plan, rows: Indices, cols: Indices, values: Numbers) -> Array:
        """Z of the layer with one parameter moved, m columns for each: only the moved unit's row is another."""
        l, m, dense = plan.layer, self._trace.m, self._network.dense
        rows = np.tile(rows, 2)
        W, b = self._W[l - 1][rows], self._b[l - 1][rows]  # copies: a row for each moved parameter
        if plan.tensor == "dW":
            W[np.arange(rows.size), np.tile(cols, 2)] = values
        else:
            b[:, 0] = values
        moved = dense.forward(self._A[l - 1], W, b)
        Z = np.tile(self._Z[l], rows.size)
        Z.reshape(-1, rows.size, m)[rows, np.arange(rows.size)] = moved
        return Z

    def _activated(self, l: int, Z: Array, examples: Indices) -> Array:
        """A of a hidden layer; `examples` says which each column is of, as each has its mask."""
        A = self._network.activations[l - 1].forward(Z)
        if (dropout := self._network.dropout(l)) is not None:
            A = dropout.forward(A, self._t.tensor("D", l).astype(np.float64)[:, examples])
        return A

    def _onward(self, l: int, start: Array, examples: Indices, *, is_Z: bool) -> tuple[Array, list[Sides]]:
        """From A or Z of layer l to the losses; and on which side of its kinks everything was on the way. `examples` says which each column is of."""
        signs: list[Sides] = []
        Z = start
        if not is_Z:
            l, Z = l + 1, self._network.dense.forward(start, self._W[l], self._b[l])
        while l < self._L:
            activation = self._network.activations[l - 1]
            signs += sides_of_kinks(activation.kinks, Z)
            Z = self._network.dense.forward(self._activated(l, Z, examples), self._W[l], self._b[l])
            l += 1
        Y = self._Y[:, examples]
        return self._network.output.forward(Z, Y)[1], signs + self._network.output.sides(Z, Y)


def _crossed(signs: list[Sides], cells: int, m: int) -> Mask:
    """Whether any unit of any example stands on another side of a kink above than below."""
    crossed = np.zeros(cells, bool)
    for sides in signs:
        below, above = np.split(sides.reshape(-1, 2 * cells, m), 2, axis=1)
        crossed |= (below != above).any(axis=(0, 2))
    return crossed
