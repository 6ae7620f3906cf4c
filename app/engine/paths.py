"""What a weight influences: the paths through the network by which it moves the loss, the largest first.

The gradient of the mean loss with respect to W[l]_{j,k} is a sum over examples i and over all chains of units from j to the output:

    dW[l]_{j,k} = 1/m  sum_i  sum_{j -> r -> ... -> p}  A[l-1]_{k,i} g'(Z[l]_{j,i}) W[l+1]_{r,j} g'(Z[l+1]_{r,i}) ... dZ[L]_{p,i}

One path is one example and one chain; its product is made of cells of the trace. Where a layer is normalised over its units, each of
them moves all others: the chain leads from a unit of Z to a unit of N, with dN_v / dZ_u between the two. The largest are found without looking at the
others, by best-first search: what a beginning can still become is known exactly, from the largest completion of each unit.

Source: Hart, Nilsson and Raphael (1968), "A formal basis for the heuristic determination of minimum cost paths".
"""

import heapq
import math
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from .activations import slope
from .errors import OutOfBounds, UnknownName, between
from .interventions import Interventions
from .network import Network
from .terms import Cell, Numbers, Reader, exact_sum
from .trace import Trace

BLOCK = 2**22  # cells of an intermediate array

Beginning: TypeAlias = tuple[float, int, tuple[int, ...], float]  # minus its bound, example, units so far, product so far


class PathFactor(NamedTuple):
    """A cell with its value; a slope g'(Z) at the cell of Z, or of N, that it is taken at; the derivative of a cell of N by `of`, one of Z; or
    the scale by which an edit multiplies the cell of dA that it names."""

    kind: Literal["cell", "slope", "derivative", "scale"]
    at: Cell
    value: float
    of: Cell | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """One example and the chain of units from layer l to L. `factors` multiply to `product`, in order."""

    example: int
    units: tuple[int, ...]
    layers: tuple[int, ...]  # of each unit; a normalised layer comes twice, with a unit of Z and one of N
    factors: tuple[PathFactor, ...]
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
        UnknownName: the cell is no parameter's. OutOfBounds: it is outside the tensor, or a layer from its own on is batch-normalised.
    """
    kind = cell.tensor.removeprefix("d")
    if kind not in ("W", "b"):
        raise UnknownName("tensor", cell.tensor, ("W", "b", "dW", "db"))
    if not 1 <= cell.layer < len(trace.layers):
        raise OutOfBounds("layer", cell.layer, between(1, len(trace.layers) - 1))
    t, L, j, k = Reader(trace), len(trace.layers) - 1, cell.row, cell.col
    rows, cols = t.tensor(kind, cell.layer).shape
    for field, index, size in (("row", j, rows), ("col", k, cols)):
        if not 0 <= index < size:
            raise OutOfBounds(field, index, f"{between(0, size - 1)}: {kind}[{cell.layer}] is {rows} by {cols}")

    mixing = [l for l in range(cell.layer, L) if (norm := network.normalisation(l)) is not None and norm.mixes]
    if mixing:
        bound = (
            f"above {mixing[-1]}: batch normalisation of layer {mixing[-1]} mixes the examples, and no path through it is of one of them. "
            "Weights of later layers have paths, and where this number came from is told by its terms"
        )
        raise OutOfBounds("layer", cell.layer, bound)

    with np.errstate(all="ignore"):
        search = _Search(t, network, cell.layer, L)
        inputs = t.tensor("A", cell.layer - 1)[k].astype(np.float64) if kind == "W" else np.ones(t.m)
        found = search.largest(inputs / t.m, j, limit)
        gradient = float(t.tensor(f"d{kind}", cell.layer)[j, k])
        shown = tuple(search.path(i, units, product, gradient, k if kind == "W" else None) for product, i, units in found)
        count = t.m * math.prod(trace.layers[layer].size for layer in search.layers[1:])
        rest = gradient - exact_sum(np.array([path.product for path in shown]))
        return Paths(shown, gradient, count, rest if search.is_finite else math.nan)


class _Search:
    """Best-first search over chains of units from layer l to L.

    A chain passes stations: one for each layer, and two for a normalised one, its Z and its N.
    """

    def __init__(self, t: Reader, network: Network, l: int, L: int) -> None:
        self._t, self._l, self._L = t, l, L
        self._dZ_L = t.tensor("dZ", L).astype(np.float64)
        self._norms = {layer: norm for layer in range(l, L) if (norm := network.normalisation(layer)) is not None}
        self._held = {layer: [t.tensor(name, layer).astype(np.float64) for name in ("gamma", "V", "Zhat")] for layer in self._norms}
        self.layers = tuple(layer for layer in range(l, L + 1) for _ in range(1 + (layer in self._norms)))
        self._last = len(self.layers) - 1
        self._slopes = {
            layer: slope(network.activations[layer - 1], t.tensor(t.entered(layer), layer), t.activated(layer)).astype(np.float64)
            for layer in range(l, L)
        }
        # what a mask multiplies by, and an edit, is a factor of its own in a path, but one with the slope in the search
        self._masked = [layer for layer in range(l, L) if network.mask(layer) is not None]
        self._scaled = (network.interventions or Interventions()).scaled
        self._passed = self._slopes | {layer: self._slopes[layer] * t.tensor("D", layer) for layer in self._masked}
        self._passed |= {layer: self._passed[layer] * self._scaled[layer] for layer in range(l, L) if layer in self._scaled}
        self._W = {layer: t.tensor("W", layer).astype(np.float64) for layer in range(l + 1, L + 1)}
        # best[station][u, i]: the largest magnitude that a chain from unit u on can multiply by, what it passes itself included
        self._best: dict[int, Numbers] = {self._last: np.abs(self._dZ_L)}
        for station in range(self._last - 1, 0, -1):
            completion = self._completion(station)
            self._best[station] = completion if self._is_inside(station) else np.abs(self._passed[self.layers[station]]) * completion
        self.is_finite = all(np.isfinite(best).all() for best in self._best.values())

    def _is_inside(self, station: int) -> bool:
        """Whether the way on from a station stays in its layer: from Z to N."""
        return station < self._last and self.layers[station] == self.layers[station + 1]

    def _completion(self, station: int) -> Numbers:
        """max over r of |way on from u to r| best[station + 1]_{r,i}, (units, m), a block of units at a time."""
        best, n = self._best[station + 1], self._t.tensor("Z", self.layers[station]).shape[0]
        block = max(1, BLOCK // best.size)
        parts = [(np.abs(self._ways(station, slice(u, u + block))) * best[:, None, :]).max(axis=0) for u in range(0, n, block)]
        return np.concatenate(parts)

    def _ways(self, station: int, units: slice) -> Numbers:
        """What a chain multiplies by from these units to each of the next station: (next, units, m), or (next, units, 1)."""
        if not self._is_inside(station):
            return self._W[self.layers[station] + 1][:, units, None]
        return self._derivative(self.layers[station], units, slice(None))

    def _derivative(self, layer: int, units: slice, examples: slice) -> Numbers:
        gamma, V, Zhat = self._held[layer]
        return self._norms[layer].derivative(gamma, V[:, examples], Zhat[:, examples], units)

    def _ways_of(self, station: int, unit: int, i: int) -> Numbers:
        """The same of one unit for one example, (next,)."""
        if not self._is_inside(station):
            return self._W[self.layers[station] + 1][:, unit]
        return self._derivative(self.layers[station], slice(unit, unit + 1), slice(i, i + 1))[:, 0, 0]

    def _own(self, station: int, unit: int, i: int) -> float:
        """What a unit passes on itself: its slope and its mask, where the way on leaves its layer."""
        if station == self._last or self._is_inside(station):
            return 1.0
        return float(self._passed[self.layers[station]][unit, i])

    def largest(self, inputs: Numbers, j: int, limit: int) -> list[tuple[float, int, tuple[int, ...]]]:
        """(product, example, units) of the `limit` largest chains from unit j of layer l; those of product 0 are left out."""
        heap: list[Beginning] = []
        for i in range(inputs.size):
            self._push(heap, i, (j,), inputs[i] * self._own(0, j, i))
        found: list[tuple[float, int, tuple[int, ...]]] = []
        while heap and len(found) < limit:
            bound, i, units, beginning = heapq.heappop(heap)
            station = len(units) - 1
            if station == self._last:
                found.append((-bound if beginning * self._dZ_L[units[-1], i] > 0 else bound, i, units))
                continue
            ways = self._ways_of(station, units[-1], i)
            reach = np.abs(ways) * self._best[station + 1][:, i]
            wanted = np.argsort(-reach, kind="stable")[:limit]  # of one parent, no more than `limit` children can be among the largest
            for r in wanted.tolist():
                self._push(heap, i, (*units, r), beginning * (ways[r] * self._own(station + 1, r, i)))
        return found

    def _push(self, heap: list[Beginning], i: int, units: tuple[int, ...], beginning: float) -> None:
        """Adds a beginning, with the largest magnitude that it can become; not where that is 0."""
        unit, station = units[-1], len(units) - 1
        if station == self._last:
            ahead = abs(self._dZ_L[unit, i])
        else:  # what the unit passes itself is in the beginning already
            ahead = float((np.abs(self._ways_of(station, unit, i)) * self._best[station + 1][:, i]).max())
        bound = float(abs(beginning) * ahead)
        if bound > 0:
            heapq.heappush(heap, (-bound, i, units, float(beginning)))

    def path(self, i: int, units: tuple[int, ...], product: float, gradient: float, k: int | None) -> Path:
        """The path with its factors spelt out."""
        t = self._t
        factors: list[PathFactor] = []

        def cell(tensor: str, layer: int, row: int, col: int) -> None:
            factors.append(PathFactor("cell", Cell(tensor, layer, row, col), float(t.tensor(tensor, layer)[row, col])))

        if k is not None:
            cell("A", self._l - 1, k, i)
        for station, unit in enumerate(units):
            layer = self.layers[station]
            if station and self._is_inside(station - 1):
                N, Z = Cell("N", layer, unit, i), Cell("Z", layer, units[station - 1], i)
                factors.append(PathFactor("derivative", N, float(self._ways_of(station - 1, Z.row, i)[unit]), Z))
            elif station:
                cell("W", layer, unit, units[station - 1])
            if layer < self._L and not self._is_inside(station):
                at = Cell(t.entered(layer), layer, unit, i)
                factors.append(PathFactor("slope", at, float(self._slopes[layer][unit, i])))
                if layer in self._masked:
                    cell("D", layer, unit, i)
                if layer in self._scaled:
                    factors.append(PathFactor("scale", Cell("dA", layer, unit, i), self._scaled[layer]))
        cell("dZ", self._L, units[-1], i)
        return Path(i, units, self.layers, tuple(factors), product, product / gradient if gradient else math.nan)
