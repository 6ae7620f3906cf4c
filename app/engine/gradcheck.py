"""The analytic gradients against central differences: (f(x + h) - f(x - h)) / 2h, with the network's own forward pass as f.

Everything here is computed in float64, whatever the trace's dtype. Whole tensors are checked many cells at a time: each moved
parameter makes m more columns, a batch of its own. A moved number of the pass makes one more column, or a whole batch where columns mix.

A cell that disagrees is looked at again with smaller steps, for it may be the difference that is off: where the loss is strongly curved,
as behind a normalisation whose variance is almost 0. What the trace itself lost by rounding to float32 is measured, too.

Source: Press, Teukolsky, Vetterling and Flannery (2007), Numerical Recipes, 3rd ed., section 5.7, for the step size.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .extrapolation import extrapolate
from .network import Network
from .outputs import sides_of_kinks
from .rounding import PASSES, rounded_away
from .terms import Cell, Indices, Numbers, Reader
from .trace import PARAMETERS, Array, Sides, Trace

H = 1e-5  # near the third root of the smallest relative step of a float64, where rounding and curvature cost about the same
TOLERANCES = {"float64": 1e-5, "float32": 1e-3}  # relative
BLOCK = 2**20  # cells of one layer's activations that are computed at once
NOISE = 4.0  # how many roundings of the loss a difference may be off by
SHRINK, ROUNDS = 4.0, 4  # what disagrees is looked at with a quarter of the step, so many times in a row: down to h / 256
LEAST_AGAIN = 2  # cells of a tensor that are looked at again, however little work is left

# gradients of the sum of the losses: they move one example, and no other notices, unless batch normalisation mixes them
OF_THE_SUM = ("dA", "dZ", "dN")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TensorCheck:
    """One gradient tensor and what the differences say; NaN where a cell was not checked.

    `kinks` are cells whose two points lie on different sides of a kink (of ReLU or of a loss): there the difference is no derivative, and
    says nothing. `small` are cells too small for a difference to see: rounding of the loss is all that it would show.
    `noise` is the size of a difference that rounding alone can make, `rounded` what rounding to float32 can make of each cell of the trace.
    `doubt` is how far the difference itself may be off where it was extrapolated from smaller steps, and 0 elsewhere; `unresolved` are cells
    where that is so much that it says nothing, `left_out` of them for want of the work that a second look takes. `factor` is not 1 where
    edits have scaled the gradient on its way back: then it is to be that many times the difference.
    """

    tensor: str
    layer: int
    analytic: Numbers  # (rows, cols)
    numeric: Numbers  # (rows, cols)
    checked: Mask
    kinks: Mask
    noise: float
    tolerance: float
    factor: float = 1.0
    rounded: Numbers | float = 0.0  # (rows, cols)
    doubt: Numbers | float = 0.0  # (rows, cols)
    left_out: int = 0

    @property
    def expected(self) -> Numbers:
        """What the gradient is to be, by the difference and the factor of edits."""
        return self.numeric if self.factor == 1 else self.factor * self.numeric

    @property
    def relative_errors(self) -> Numbers:
        """|analytic - expected| / the larger magnitude of the two; 0 where both are 0."""
        with np.errstate(all="ignore"):
            larger = np.maximum(np.abs(self.analytic), np.abs(self.expected))
            return np.where(larger == 0, 0.0, np.abs(self.analytic - self.expected) / larger)

    @property
    def small(self) -> Mask:
        with np.errstate(all="ignore"):
            larger = np.maximum(np.abs(self.analytic), np.abs(self.expected))
            hidden = (larger > 0) & (larger * self.tolerance <= self.noise + self.rounded)  # two exact zeros agree, whatever the noise
        return self.checked & ~self.kinks & self._agreeing(0.0) & hidden

    @property
    def unresolved(self) -> Mask:
        """Cells that disagree, but by no more than their difference itself may be off."""
        return self.checked & ~self.kinks & ~self._agreeing(0.0) & self._agreeing(self.doubt)

    @property
    def extrapolated(self) -> Mask:
        """Cells whose difference was taken from smaller steps."""
        return self.checked & (self.doubt > 0)

    @property
    def is_rounded(self) -> bool:
        """Whether the trace's own rounding counts beside that of the difference: where it is float32."""
        return bool(np.any(self.rounded > 0))

    @property
    def wrong(self) -> Mask:
        """Cells that disagree by more than the tolerance, and more than rounding and the difference itself can explain."""
        return self.checked & ~self.kinks & ~self._agreeing(self.doubt)

    def _agreeing(self, doubt: Numbers | float) -> Mask:
        with np.errstate(all="ignore"):
            off = np.abs(self.analytic - self.expected)
            larger = np.maximum(np.abs(self.analytic), np.abs(self.expected))
            # NaN and infinities agree with nothing; inf <= inf would be true
            agrees: Mask = np.isfinite(off) & (off <= self.tolerance * larger + self.noise + self.rounded + doubt)
        return agrees


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
    of_layers = [(f"d{name}", l) for l in range(1, L + 1) for name in PARAMETERS if name in ("W", "b") or name in trace.layers[l].more]
    for tensor, layer in [("dA", 0), *of_layers]:
        rows, cols = t.tensor(tensor, layer).shape
        chosen = np.arange(rows * cols)
        if cells_per_tensor is not None and cells_per_tensor < chosen.size:
            chosen = np.sort(np.random.Generator(np.random.Philox(0)).choice(chosen, cells_per_tensor, replace=False))
        plans.append(Plan(tensor, layer, chosen // cols, chosen % cols))
    return plans


def one_cell(cell: Cell) -> Plan:
    """The check of one cell of a parameter's gradient, or of dA, dZ or dN of any layer: there the number moved is one of the pass itself."""
    return Plan(cell.tensor, cell.layer, np.array([cell.row]), np.array([cell.col]))


def work(trace: Trace, plans: list[Plan]) -> int:
    """Multiplications that the matrix products of the check take, by arithmetic alone: one plain forward pass, then what is moved.

    Of a float32 trace those that measure its rounding count too, needed or not. What disagrees takes more, which `gradcheck` bounds by itself.
    """
    forward = trace.m * _onward(trace)[0]
    total = forward if trace.dtype == "float64" else forward * (1 + 3 * PASSES)  # the way back has two products for each one of a layer
    return total + sum(plan.rows.size * _work_of_a_cell(trace, plan) for plan in plans)


def _onward(trace: Trace) -> list[int]:
    """Multiplications of one column from each layer's activations to the loss."""
    sizes = [layer.size for layer in trace.layers]
    onward = [0] * (len(sizes) + 1)
    for l in range(len(sizes) - 1, 0, -1):
        onward[l - 1] = onward[l] + sizes[l] * sizes[l - 1]
    return onward


def _work_of_a_cell(trace: Trace, plan: Plan) -> int:
    is_sum = plan.tensor in OF_THE_SUM
    columns = 2 * (1 if is_sum and not Reader(trace).mixes else trace.m)
    return columns * (_onward(trace)[plan.layer] + (0 if is_sum else trace.layers[plan.layer - 1].size))


def gradcheck(trace: Trace, network: Network, plans: list[Plan], h: float = H, most: int | None = None) -> list[TensorCheck]:
    """The trace's gradients against central differences, for the cells of `plans`.

    Args:
        network: the one that the step was taken on.
        h: half the distance of the two points, for a parameter up to magnitude 1; in proportion to larger ones.
        most: multiplications that it may take, as `work` counts them; what `plans` leave of it is for what disagrees, of which at least
            LEAST_AGAIN cells of each tensor are looked at again. None is as many as it takes.
    """
    checker = _Checker(trace, network, h)
    with np.errstate(all="ignore"):
        found = [checker.check(plan) for plan in plans]
        # seven more passes than a cell takes that agrees at once
        if trace.dtype == "float32" and any((_disagreeing(check) | check.small).any() for check in found):
            lost = rounded_away(trace, network, [(plan.tensor, plan.layer) for plan in plans])
            found = [replace(check, rounded=rounded) for check, rounded in zip(found, lost, strict=True)]
        left = None if most is None else most - work(trace, plans)
        waiting = sum(bool(_disagreeing(check).any()) for check in found)
        for i, plan in enumerate(plans):
            if not _disagreeing(found[i]).any():
                continue
            each = ROUNDS * _work_of_a_cell(trace, plan)
            cells = None if left is None else max(LEAST_AGAIN, left // waiting // each)
            found[i], looked = checker.looked_closer(found[i], plan, cells)
            left, waiting = None if left is None else left - looked * each, waiting - 1
    return found


def _disagreeing(check: TensorCheck) -> Mask:
    """Cells that disagree where there are numbers on both sides to compare."""
    return check.wrong & np.isfinite(check.analytic) & np.isfinite(check.numeric)


class _Checker:
    def __init__(self, trace: Trace, network: Network, h: float) -> None:
        self._trace, self._network, self._h = trace, network, h
        self._t = Reader(trace)
        self._noise: dict[tuple[str, int], float] = {}  # of each tensor that was checked, without the factor of edits
        self._W = [W.astype(np.float64) for W in network.W]
        self._b = [b.astype(np.float64) for b in network.b]
        self._held = [{name: one.astype(np.float64) for name, one in of.items()} for of in network.held]
        self._Y = trace.Y.astype(np.float64)
        # the forward pass up to each layer, which what is moved further on does not change
        self._A: list[Array] = [trace.X.astype(np.float64)]
        self._Z: list[Array] = [self._A[0]]
        self._N: list[Array] = [self._A[0]]  # what the activation reads: Z where it is not normalised
        self._L = len(self._W)
        with np.errstate(all="ignore"):
            for l in range(1, self._L + 1):
                self._Z.append(network.dense.forward(self._A[-1], self._W[l - 1], self._b[l - 1]))
                if l < self._L:
                    self._N.append(self._normalised(l, self._Z[-1]))
                    self._A.append(self._activated(l, self._N[-1], np.arange(trace.m)))
            self._losses = network.output.forward(self._Z[-1], self._Y)[1]

    def check(self, plan: Plan) -> TensorCheck:
        analytic = self._t.tensor(plan.tensor, plan.layer).astype(np.float64)
        numeric = np.full(analytic.shape, np.nan)
        kinks, checked = np.zeros(analytic.shape, bool), np.zeros(analytic.shape, bool)
        for rows, cols in self._blocks(plan):
            numeric[rows, cols], kinks[rows, cols] = self._differences(plan, rows, cols, self._h)
            checked[rows, cols] = True
        is_sum = plan.tensor in OF_THE_SUM
        known = np.abs(self._losses[np.isfinite(self._losses)])  # an example without a loss has no difference either
        scale = float(known.mean() if not is_sum else known.sum() if self._network.mixes else known.max()) if known.size else math.nan
        rounded = self._rounded(plan) / (1 if is_sum else self._trace.m)
        factor = self._factor(plan.layer)
        noise = self._noise[plan.tensor, plan.layer] = NOISE * np.finfo(np.float64).eps * (max(scale, 1.0) + rounded) / self._h
        tolerance = TOLERANCES[self._trace.dtype]
        return TensorCheck(plan.tensor, plan.layer, analytic, numeric, checked, kinks, noise * abs(factor), tolerance, factor)

    def looked_closer(self, found: TensorCheck, plan: Plan, most: int | None) -> tuple[TensorCheck, int]:
        """(with the differences of what disagrees extrapolated from smaller steps, of how many cells): of at most so many, those first that
        disagree most.

        The others stay wrong only where most of the tensor is and no second look found anything else; else nothing is said of them.
        """
        noise = self._noise[plan.tensor, plan.layer]
        off = np.argwhere(_disagreeing(found))
        if not math.isfinite(noise):
            return found, 0
        if most is not None and most < len(off):
            off = off[np.argsort(-found.relative_errors[tuple(off.T)], kind="stable")]
        again, others = off[:most], off[most:] if most is not None else off[:0]
        numeric, kinks, doubt = found.numeric.copy(), found.kinks.copy(), np.zeros(found.kinks.shape)
        for rows, cols in self._blocks(plan._replace(rows=again[:, 0], cols=again[:, 1])):
            steps: list[Array] = [numeric[rows, cols]]
            for k in range(1, ROUNDS + 1):
                closer, crossed = self._differences(plan, rows, cols, self._h / SHRINK**k)
                steps.append(closer)
                kinks[rows, cols] |= crossed  # two kinks, which the wider points had one on each side
            numeric[rows, cols], doubts = extrapolate(np.stack(steps), SHRINK, noise)
            doubt[rows, cols] = doubts * abs(found.factor)
        closer_look = replace(found, numeric=numeric, kinks=kinks, doubt=doubt)
        # two zeros, as of dead units, say nothing of the rest
        telling = found.checked & ~found.kinks & ~found.small & ((found.analytic != 0) | (found.numeric != 0))
        is_wrong_as_a_whole = 2 * len(off) > telling.sum() and bool(closer_look.wrong[tuple(again.T)].all())
        if len(others) and not is_wrong_as_a_whole:
            doubt[tuple(others.T)] = np.inf
            closer_look = replace(closer_look, doubt=doubt, left_out=len(others))
        return closer_look, len(again)

    def _factor(self, l: int) -> float:
        """What edits have multiplied the gradients of layer l by."""
        return 1.0 if self._network.interventions is None else self._network.interventions.factor(l)

    def _normalised_above(self, plan: Plan) -> dict[int, Array]:
        """For each normalised layer between what is moved and the loss, the terms that its dZ is the difference of: dZhat over the root."""
        first = plan.layer if plan.tensor in ("dZ", "dW", "db") else plan.layer + 1
        norms = {k: norm for k in range(first, self._L) if (norm := self._network.normalisation(k)) is not None}
        return {k: self._t.tensor("dZhat", k) / np.sqrt(self._t.tensor("V", k) + norm.eps) for k, norm in norms.items()}

    def _rounded(self, plan: Plan) -> float:
        """How much of its own rounding Z brings into the loss, in units of it: where Z hardly varies, its last digits are all that is left."""
        sizes = ((k, float((np.abs(terms) * np.abs(self._Z[k]).max()).sum())) for k, terms in self._normalised_above(plan).items())
        return sum(size / abs(self._factor(k) or 1.0) for k, size in sizes)  # without what edits made of the gradient

    def _blocks(self, plan: Plan) -> Iterator[tuple[Indices, Indices]]:
        widest = max(layer.size for layer in self._trace.layers[plan.layer :])
        columns = 2 if plan.tensor in OF_THE_SUM and not self._network.mixes else 2 * self._trace.m
        block = max(1, BLOCK // (widest * columns))
        for start in range(0, plan.rows.size, block):
            yield plan.rows[start : start + block], plan.cols[start : start + block]

    def _differences(self, plan: Plan, rows: Indices, cols: Indices, h: float) -> tuple[Array, Mask]:
        """(differences, whether a kink lies between the two points), one for each cell."""
        l, m = plan.layer, self._trace.m
        at = self._moved(plan.tensor, l)[rows, cols]
        step = h * np.maximum(1.0, np.abs(at))
        low, high = at - step, at + step
        width = high - low  # what the two points are really apart, after rounding
        values = np.concatenate([low, high])  # below first, then above
        stage = plan.tensor[1] if plan.tensor in OF_THE_SUM else "N" if plan.tensor in ("dgamma", "dbeta") else "Z"
        if plan.tensor in OF_THE_SUM and not self._network.mixes:
            columns = np.tile(cols, 2)  # the examples in question, one number of each moved
            start = self._moved(plan.tensor, l)[:, columns]
            start[np.tile(rows, 2), np.arange(columns.size)] = values
            losses, signs = self._onward(l, start, columns, stage)
            below, above = np.split(losses, 2)
            return (above - below) / width, _crossed(signs, rows.size, 1)
        start = self._moved_batches(plan, rows, cols, values)
        losses, signs = self._onward(l, start, np.tile(np.arange(m), 2 * rows.size), stage)
        below, above = np.split(losses.reshape(2 * rows.size, m), 2)
        change = above - below
        of_loss = change.sum(axis=1) if plan.tensor in OF_THE_SUM else change.mean(axis=1)
        return of_loss / width, _crossed(signs, rows.size, m)

    def _moved(self, tensor: str, l: int) -> Array:
        """What a gradient is the gradient of."""
        match tensor:
            case "dA":
                return self._A[min(l, self._L - 1)]
            case "dZ":
                return self._Z[l]
            case "dN":
                return self._N[l]
            case "dW" | "db":
                return self._W[l - 1] if tensor == "dW" else self._b[l - 1]
        return self._held[l - 1][tensor.removeprefix("d")]

    def _moved_batches(self, plan: Plan, rows: Indices, cols: Indices, values: Numbers) -> Array:
        """Z, N or A of the layer with one number moved, m columns for each: only the moved unit's row is another."""
        l, m, dense = plan.layer, self._trace.m, self._network.dense
        rows, cols, each = np.tile(rows, 2), np.tile(cols, 2), np.arange(2 * rows.size)
        if plan.tensor in OF_THE_SUM:
            start = np.tile(self._moved(plan.tensor, l), each.size)
            start.reshape(-1, each.size, m)[rows, each, cols] = values
            return start
        if plan.tensor in ("dW", "db"):
            W, b = self._W[l - 1][rows], self._b[l - 1][rows]  # copies: a row for each moved parameter
            if plan.tensor == "dW":
                W[each, cols] = values
            else:
                b[:, 0] = values
            start, moved = np.tile(self._Z[l], each.size), dense.forward(self._A[l - 1], W, b)
        else:
            held, norm = self._held[l - 1], self._network.normalisation(l)
            gamma, beta = held["gamma"][rows], held["beta"][rows]
            (gamma if plan.tensor == "dgamma" else beta)[:, 0] = values
            Zhat = norm.forward(self._Z[l], held["gamma"], held["beta"])[2][rows]  # type: ignore[union-attr]
            start, moved = np.tile(self._N[l], each.size), gamma * Zhat + beta
        start.reshape(-1, each.size, m)[rows, each] = moved
        return start

    def _normalised(self, l: int, Z: Array) -> Array:
        """What the activation of a hidden layer reads; where columns mix, they are batches of m."""
        norm = self._network.normalisation(l)
        if norm is None:
            return Z
        batches = Z.reshape(Z.shape[0], -1, self._trace.m if norm.mixes else 1)
        gamma, beta = (self._held[l - 1][name][:, :, None] for name in ("gamma", "beta"))
        return norm.forward(batches, gamma, beta)[3].reshape(Z.shape)

    def _activated(self, l: int, N: Array, examples: Indices) -> Array:
        """A of a hidden layer; `examples` says which each column is of, as each has its mask."""
        A = self._network.activations[l - 1].forward(N)
        if (mask := self._network.mask(l)) is not None:
            A = mask.forward(A, self._t.tensor("D", l).astype(np.float64)[:, examples])
        return A

    def _onward(self, l: int, start: Array, examples: Indices, stage: str) -> tuple[Array, list[Sides]]:
        """From A, Z or N of layer l to the losses; and on which side of its kinks everything was on the way. `examples` says which each
        column is of."""
        signs: list[Sides] = []
        Z = start
        if stage == "A":
            l, Z = l + 1, self._network.dense.forward(start, self._W[l], self._b[l])
        while l < self._L:
            N = Z if stage == "N" else self._normalised(l, Z)
            stage = "Z"  # of all layers behind
            activation = self._network.activations[l - 1]
            signs += sides_of_kinks(activation.kinks, N)
            Z = self._network.dense.forward(self._activated(l, N, examples), self._W[l], self._b[l])
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
