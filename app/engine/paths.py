"""What a weight influences: the paths through the network by which it moves the loss, the largest first.

The gradient of the mean loss with respect to W[l]_{j,k} is a sum over examples i and over all chains of units from j to the output:

    dW[l]_{j,k} = 1/m  sum_i  sum_{j -> r -> ... -> p}  A[l-1]_{k,i} g'(Z[l]_{j,i}) W[l+1]_{r,j} g'(Z[l+1]_{r,i}) ... dZ[L]_{p,i}

One path is one example and one chain; its product is made of cells of the trace. The largest are found without looking at the
others, by best-first search: what a beginning can still become is known exactly, from the largest completion of each unit.

Source: Hart, Nilsson and Raphael (1968), "A formal basis for the heuristic determination of minimum cost paths".
"""

import heapq
import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .activations import slope
from .errors import OutOfBounds, UnknownName
from .interventions import Interventions
from .network import Network
from .terms import Cell, Numbers, Reader, exact_sum
from .trace import Trace

BLOCK = 2**22  # cells of an intermediate array

Beginning: TypeAlias = tuple[float, int, tuple[int, ...], float]  # minus its bound, example, units so far, product so far


@dataclass(frozen=True, slots=True)
class Path:
    """One example and the chain of units from layer l to L. `factors` multiply to `product`, in order; each is a cell with its
    value, a slope g'(Z) at the cell of Z that it is taken at, or the scale by which an edit multiplies the cell of dA that it names."""

    example: int
    units: tuple[int, ...]
    factors: tuple[tuple[str, Cell, float], ...]  # ("cell", "slope" or "scale", cell, value)
    product: float  # with 1/m
    share: float  # of the whole gradient


@dataclass(frozen=True, slots=True)
class Paths:
    """The largest paths. `gradient` is what all `count` of them sum to, `rest` what is not shown of it."""

    paths: tuple[Path, ...]
    gradient: float
    count: int
    rest: float


def paths(trace: Trace, network: Network, cell: Cell, limit: int = 10) -> Paths:
    """The `limit` largest paths, by magnitude, from a weight or a bias to the loss.

    Args:
        cell: of W, b, dW or db; a gradient's cell stands for its parameter's.

    Raises:
        UnknownName: the cell is no parameter's. OutOfBounds: it is outside the tensor, or a layer from its own on is normalised.
    """
    kind = cell.tensor.removeprefix("d")
    if kind not in ("W", "b"):
        raise UnknownName("tensor", cell.tensor, ("W", "b", "dW", "db"))
    if not 1 <= cell.layer < len(trace.layers):
        raise OutOfBounds("layer", cell.layer, f"1 to {len(trace.layers) - 1}")
    t, L, j, k = Reader(trace), len(trace.layers) - 1, cell.row, cell.col
    rows, cols = t.tensor(kind, cell.layer).shape
    for field, index, size in (("row", j, rows), ("col", k, cols)):
        if not 0 <= index < size:
            raise OutOfBounds(field, index, f"0 to {size - 1}: {kind}[{cell.layer}] is {rows} by {cols}")

    if (normalised := max((l for l in range(cell.layer, L) if network.normalisation(l) is not None), default=None)) is not None:
        mixed = "examples" if network.normalisation(normalised).mixes else "units"  # type: ignore[union-attr]
        bound = f"above {normalised}: that layer is normalised, which mixes {mixed}, and no path is one chain of units for one example"
        raise OutOfBounds("layer", cell.layer, bound)

    with np.errstate(all="ignore"):
        search = _Search(t, network, cell.layer, L)
        inputs = t.tensor("A", cell.layer - 1)[k].astype(np.float64) if kind == "W" else np.ones(t.m)
        found = search.largest(inputs / t.m, j, limit)
        gradient = float(t.tensor(f"d{kind}", cell.layer)[j, k])
        shown = tuple(search.path(i, units, product, gradient, k if kind == "W" else None) for product, i, units in found)
        count = t.m * math.prod(trace.layers[l].size for l in range(cell.layer + 1, L + 1))
        rest = gradient - exact_sum(np.array([path.product for path in shown]))
        return Paths(shown, gradient, count, rest if search.is_finite else math.nan)


class _Search:
    """Best-first search over chains of units from layer l to L."""

    def __init__(self, t: Reader, network: Network, l: int, L: int) -> None:
        self._t, self._l, self._L = t, l, L
        self._dZ_L = t.tensor("dZ", L).astype(np.float64)
        self._slopes = {
            layer: slope(network.activations[layer - 1], t.tensor("Z", layer), t.activated(layer)).astype(np.float64)
            for layer in range(l, L)
        }
        # what a mask multiplies by, and an edit, is a factor of its own in a path, but one with the slope in the search
        self._masked = [layer for layer in range(l, L) if network.mask(layer) is not None]
        self._scaled = (network.interventions or Interventions()).scaled
        self._passed = self._slopes | {layer: self._slopes[layer] * t.tensor("D", layer) for layer in self._masked}
        self._passed |= {layer: self._passed[layer] * self._scaled[layer] for layer in range(l, L) if layer in self._scaled}
        self._W = {layer: t.tensor("W", layer).astype(np.float64) for layer in range(l + 1, L + 1)}
        # best[layer][u, i]: the largest magnitude that a chain from unit u on can multiply by, its own slope included
        self._best: dict[int, Numbers] = {L: np.abs(self._dZ_L)}
        for layer in range(L - 1, l, -1):
            self._best[layer] = np.abs(self._passed[layer]) * self._completion(layer)
        self.is_finite = all(np.isfinite(best).all() for best in self._best.values())

    def _completion(self, layer: int) -> Numbers:
        """max over r of |W[layer+1]_{r,u}| best[layer+1]_{r,i}, (n_layer, m), a block of units at a time."""
        W, best = np.abs(self._W[layer + 1]), self._best[layer + 1]
        block = max(1, BLOCK // best.size)
        parts = [(W[:, u : u + block, None] * best[:, None, :]).max(axis=0) for u in range(0, W.shape[1], block)]
        return np.concatenate(parts)

    def largest(self, inputs: Numbers, j: int, limit: int) -> list[tuple[float, int, tuple[int, ...]]]:
        """(product, example, units) of the `limit` largest chains from unit j of layer l; those of product 0 are left out."""
        l, L = self._l, self._L
        heap: list[Beginning] = []
        for i in range(inputs.size):
            self._push(heap, l, i, (j,), inputs[i] * (self._passed[l][j, i] if l < L else 1.0))
        found: list[tuple[float, int, tuple[int, ...]]] = []
        while heap and len(found) < limit:
            bound, i, units, beginning = heapq.heappop(heap)
            layer = l + len(units) - 1
            if layer == L:
                found.append((-bound if beginning * self._dZ_L[units[-1], i] > 0 else bound, i, units))
                continue
            W = self._W[layer + 1][:, units[-1]]
            reach = np.abs(W) * self._best[layer + 1][:, i]
            wanted = np.argsort(-reach, kind="stable")[:limit]  # of one parent, no more than `limit` children can be among the largest
            for r in wanted.tolist():
                step = W[r] * (self._passed[layer + 1][r, i] if layer + 1 < L else 1.0)
                self._push(heap, layer + 1, i, (*units, r), beginning * step)
        return found

    def _push(self, heap: list[Beginning], layer: int, i: int, units: tuple[int, ...], beginning: float) -> None:
        """Adds a beginning, with the largest magnitude that it can become; not where that is 0."""
        unit = units[-1]
        if layer == self._L:
            ahead = abs(self._dZ_L[unit, i])
        else:  # the unit's own slope is in the beginning already
            ahead = float((np.abs(self._W[layer + 1][:, unit]) * self._best[layer + 1][:, i]).max())
        bound = float(abs(beginning) * ahead)
        if bound > 0:
            heapq.heappush(heap, (-bound, i, units, float(beginning)))

    def path(self, i: int, units: tuple[int, ...], product: float, gradient: float, k: int | None) -> Path:
        """The path with its factors spelt out."""
        t, factors = self._t, []

        def cell(tensor: str, layer: int, row: int, col: int, kind: str = "cell", value: float | None = None) -> None:
            number = float(t.tensor(tensor, layer)[row, col]) if value is None else value
            factors.append((kind, Cell(tensor, layer, row, col), number))

        if k is not None:
            cell("A", self._l - 1, k, i)
        for at, unit in enumerate(units):
            layer = self._l + at
            if at:
                cell("W", layer, unit, units[at - 1])
            if layer < self._L:
                cell("Z", layer, unit, i, "slope", float(self._slopes[layer][unit, i]))
                if layer in self._masked:
                    cell("D", layer, unit, i)
                if layer in self._scaled:
                    cell("dA", layer, unit, i, "scale", self._scaled[layer])
        cell("dZ", self._L, units[-1], i)
        return Path(i, units, tuple(factors), product, product / gradient if gradient else math.nan)
