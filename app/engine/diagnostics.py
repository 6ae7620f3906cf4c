"""What goes wrong with gradients, found in a trace: each rule with its threshold and its source, each finding with its cell.

Sizes of signals are root mean squares, so that layers of different width can be compared. Nothing here changes or hides a number.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .activations import slope
from .examples import cancellation
from .explain import explain
from .network import Network
from .optimizers import Optimizer
from .phases import phases
from .terms import Cell, Numbers, Reader
from .trace import Array, LayerTrace, Trace

Severity = Literal["note", "warning", "broken"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for. `bound` is the threshold in words; `source` says where the phenomenon is described."""

    name: str
    title: str
    bound: str
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a step breaks: where, by how much, and in words. `factor` is what made the signal small or large, where one did."""

    rule: Rule
    severity: Severity
    layer: int
    value: float
    words: str
    cell: Cell | None = None
    factor: str | None = None


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """A layer's signals in numbers. Ratios are of root mean squares; NaN where there is nothing to compare.

    `through_slope` is |dZ| / |dA|, what the activation's slope g'(Z) did to the gradient, and |dN| / |dA| where Z is normalised;
    `through_normalisation` is |dZ| / |dN| there; `through_weights` is |dA of this layer| /
    |dZ of the next|, what W^T did to it on the way here. `update_ratio` is |update of W| / |W|.
    """

    layer: int
    activation: str | None
    A: float
    dA: float
    dZ: float
    dW: float
    through_slope: float
    through_normalisation: float
    through_weights: float
    update_ratio: float
    stopped: float  # share of cells whose slope is exactly 0
    dead_units: tuple[int, ...]  # stopped for every example
    dead_for: int  # batches that were looked at, this one included; a unit counts as dead if it was in all of them
    saturated: float  # share of cells whose slope is below a twentieth of the largest that the activation has
    cancellation: float


VANISHING = Rule(
    "vanishing",
    "Vanishing gradient",
    "the gradient that reaches the first layer is less than a thousandth of the one that leaves the loss",
    'Hochreiter (1991); Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", section 4',
)
EXPLODING = Rule(
    "exploding",
    "Exploding gradient",
    "the gradient that reaches the first layer is more than a thousand times the one that leaves the loss",
    'Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks", section 2',
)
DEAD = Rule(
    "dead_units",
    "Dead units",
    "a unit whose slope is 0 for every example of all batches looked at",
    'Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", section 2',
)
SATURATED = Rule(
    "saturated",
    "Saturated units",
    "more than half of a layer's slopes are below a twentieth of the largest that its activation has",
    'Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks", section 3',
)
UPDATE = Rule(
    "update_ratio",
    "Update out of proportion",
    "the update of W is more than a tenth, or less than a hundred-thousandth, of W",
    "LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, section 4.7, on choosing learning rates; the band is ours",
)
SYMMETRIC = Rule(
    "symmetric",
    "Symmetric units",
    "two or more units of a hidden layer that have the same weights and the same gradients",
    "Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.4",
)
CANCELLING = Rule(
    "cancelling",
    "Examples cancel each other",
    "the cancellation index of a layer's dW is below 0.1",
    "DESIGN, section 6: |sum| / sum of magnitudes over the examples",
)
NOT_FINITE = Rule(
    "not_finite",
    "Not finite",
    "every number of a step is finite",
    "IEEE 754, on infinities and NaN",
)
RULES = (NOT_FINITE, VANISHING, EXPLODING, DEAD, SATURATED, UPDATE, SYMMETRIC, CANCELLING)

SMALLEST_RATIO, LARGEST_RATIO = 1e-3, 1e3
SATURATED_SLOPE, SATURATED_SHARE = 0.05, 0.5
UPDATE_BAND = (1e-5, 1e-1)
CANCELS = 0.1


def health(trace: Trace, network: Network, before: Sequence[Trace] = ()) -> tuple[LayerHealth, ...]:
    """Layers 0..L in numbers. `before` are traces of the steps before, in which a dead unit has to be dead as well."""
    with np.errstate(all="ignore"):
        return tuple(_layer_health(trace, network, layer, before) for layer in trace.layers)


def diagnose(trace: Trace, network: Network, optimizer: Optimizer | None, before: Sequence[Trace] = ()) -> tuple[Finding, ...]:
    """Every rule that the step breaks, the worst first. What is not finite hides the rest: ratios of NaN say nothing."""
    broken = first_not_finite(trace, network, optimizer)
    if broken is not None:
        return (broken,)
    layers = health(trace, network, before)
    with np.errstate(all="ignore"):
        return (
            *_depth(trace, layers),
            *_dead(trace, layers),
            *_saturated(trace, network, layers),
            *_updates(trace, layers),
            *_symmetric(trace),
            *_cancelling(trace, layers),
        )


def _layer_health(trace: Trace, network: Network, layer: LayerTrace, before: Sequence[Trace]) -> LayerHealth:
    l, last = layer.index, len(trace.layers) - 1
    following = trace.layers[l + 1] if l < last else None
    slopes = _slopes(trace, network, l)
    dead = _dead_units(slopes)
    for earlier in before:
        dead = dead & _dead_units(_slopes(earlier, network, l))
    dA, dZ = rms(layer.dA), rms(layer.dZ)
    dN = rms(layer.more["dN"]) if "dN" in layer.more else dZ
    moved = layer.W_next - layer.W if layer.W_next is not None and layer.W is not None else None
    return LayerHealth(
        l,
        layer.activation,
        rms(layer.A),
        dA,
        dZ,
        rms(layer.dW),
        _ratio(dN, dA) if slopes is not None else math.nan,
        _ratio(dZ, dN) if "N" in layer.more else math.nan,
        _ratio(dA, rms(following.dZ)) if following is not None else math.nan,
        _ratio(rms(moved), rms(layer.W)) if moved is not None else math.nan,
        float((slopes == 0).mean()) if slopes is not None else math.nan,
        tuple(int(unit) for unit in np.flatnonzero(dead)),
        1 + len(before),
        float((np.abs(slopes) < SATURATED_SLOPE * _largest_slope(network, l)).mean()) if slopes is not None else math.nan,
        cancellation(trace, l).dW_layer if l else math.nan,
    )


def rms(tensor: Array | None) -> float:
    """Root mean square, without leaving the range of a float; NaN of nothing."""
    if tensor is None or tensor.size == 0:
        return math.nan
    cells = tensor.astype(np.float64, copy=False)
    largest = float(np.abs(cells).max())
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * math.sqrt(float(np.mean(np.square(cells / largest))))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _slopes(trace: Trace, network: Network, l: int) -> Array | None:
    """g'(Z) of a hidden layer; None where there is no activation, or one that is differentiated with its loss."""
    layer = trace.layers[l]
    if layer.Z is None or l > len(network.activations):
        return None
    t = Reader(trace)
    return slope(network.activations[l - 1], t.tensor(t.entered(l), l), t.activated(l))


def _dead_units(slopes: Array | None) -> NDArray[np.bool_]:
    return np.zeros(0, bool) if slopes is None else (slopes == 0).all(axis=1)


def _largest_slope(network: Network, l: int) -> float:
    activation = network.activations[l - 1]
    Z = np.linspace(-4, 4, 801).reshape(1, -1)
    return float(np.abs(slope(activation, Z, activation.forward(Z))).max())


def _depth(trace: Trace, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    """Between the loss and the first layer: how much is left, and which factor took most of it."""
    L = len(layers) - 1
    if L < 2 or not layers[L].dZ > 0:
        return
    ratio = layers[1].dZ / layers[L].dZ
    if not (ratio < SMALLEST_RATIO or ratio > LARGEST_RATIO):
        return
    # on the way from the loss: W^T of the layer behind, then the slope of the layer itself
    factors = [
        (kind, l, value)
        for l in range(L - 1, 0, -1)
        for kind, value in (
            ("weights", layers[l].through_weights),
            ("slope", layers[l].through_slope),
            ("normalisation", layers[l].through_normalisation),
        )
        if not math.isnan(value)
    ]
    ends = next((factor for factor in factors if factor[2] == 0), None)
    if ends is not None:
        blame, at, _ = ends
        words = f"No gradient reaches the first layer: at layer {at}, {_FACTORS[blame]}, multiplies it by exactly 0."
    else:
        logs = {kind: sum(math.log(value) for one, _, value in factors if one == kind) for kind in _FACTORS}
        extreme = min if ratio < 1 else max
        blame = extreme(logs, key=logs.__getitem__)
        _, at, value = extreme((factor for factor in factors if factor[0] == blame), key=lambda factor: factor[2])
        left = f"{ratio:.2g} of" if ratio < 1 else f"{ratio:.3g} times"
        words = (
            f"The gradient at the first layer is {left} the one that leaves the loss. Most of it is due to {_FACTORS[blame]}: "
            f"at layer {at} it multiplies the gradient by {value:.2g}."
        )
    rule = VANISHING if ratio < 1 else EXPLODING
    yield Finding(rule, "warning", at, ratio, words, largest_cell(trace, "dA" if blame == "weights" else "dZ", at), blame)


_FACTORS = {
    "weights": "W^T dZ, the weights",
    "slope": "g'(Z), the slope of the activation",
    "normalisation": "the normalisation, which divides by the spread of Z,",
}


def _dead(trace: Trace, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    for layer in layers[1:-1]:
        size = trace.layers[layer.layer].size
        if not layer.dead_units:
            continue
        share = len(layer.dead_units) / size
        batches = f"of the last {layer.dead_for} batches" if layer.dead_for > 1 else "of this batch"
        named = ", ".join(map(str, layer.dead_units[:5])) + (", ..." if len(layer.dead_units) > 5 else "")
        units = f"{len(layer.dead_units)} of {size} units"
        words = f"In layer {layer.layer}, {units} ({named}) pass no gradient for any example {batches}: nothing can move their weights."
        severity: Severity = "warning" if share >= 0.5 or layer.dead_for > 1 else "note"
        yield Finding(DEAD, severity, layer.layer, share, words, Cell("dZ", layer.layer, layer.dead_units[0], 0), "slope")


def _saturated(trace: Trace, network: Network, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    for layer in layers[1:-1]:
        partly = layer.saturated - layer.stopped  # what is stopped altogether is the business of dead units
        if not partly > SATURATED_SHARE:
            continue
        activation = network.activations[layer.layer - 1]
        words = f"In layer {layer.layer}, {100 * partly:.0f} % of the slopes of {activation.title} are nearly 0: its inputs lie far out where it is flat."
        Z = trace.layers[layer.layer].Z
        assert Z is not None
        row, col = np.unravel_index(int(np.abs(Z).argmax()), Z.shape)
        yield Finding(SATURATED, "warning", layer.layer, partly, words, Cell("dZ", layer.layer, int(row), int(col)), "slope")


def _updates(trace: Trace, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    low, high = UPDATE_BAND
    for layer in layers[1:]:
        ratio = layer.update_ratio
        if math.isnan(ratio) or math.isinf(ratio) or low <= ratio <= high or ratio == 0:
            continue
        much = "more than a tenth of" if ratio > high else "less than a hundred-thousandth of"
        hint = "the learning rate is too large for it" if ratio > high else "at this rate it hardly learns"
        words = f"The update of W[{layer.layer}] is {ratio:.2g} times its size, {much} it: {hint}."
        yield Finding(UPDATE, "note", layer.layer, ratio, words, largest_cell(trace, "dW", layer.layer))


def _symmetric(trace: Trace) -> Iterator[Finding]:
    for layer in trace.layers[1:-1]:
        following = trace.layers[layer.index + 1]
        if layer.size < 2 or layer.W is None or layer.dW is None or following.W is None or layer.b is None:
            continue
        # a unit is what comes in, what goes out, and how it is moved
        units = np.concatenate([layer.W, layer.b, layer.dW, following.W.T], axis=1)
        distinct, which, counts = np.unique(units, axis=0, return_inverse=True, return_counts=True)
        twins = int(counts[counts > 1].sum())
        if not twins:
            continue
        first = int(np.flatnonzero(which.ravel() == int(counts.argmax()))[0])
        words = (
            f"In layer {layer.index}, {twins} of {layer.size} units have the same weights and the same gradients as another: they will stay "
            f"copies of each other, and the layer counts as {len(distinct)}."
        )
        yield Finding(SYMMETRIC, "warning", layer.index, twins / layer.size, words, Cell("dW", layer.index, first, 0))


def _cancelling(trace: Trace, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    for layer in layers[1:]:
        if trace.m > 1 and layer.cancellation < CANCELS:
            words = (
                f"The examples of the batch cancel each other in dW[{layer.layer}]: what is left is {100 * layer.cancellation:.1f} % of "
                "what they say one by one."
            )
            yield Finding(CANCELLING, "note", layer.layer, layer.cancellation, words, largest_cell(trace, "dW", layer.layer))


def first_not_finite(trace: Trace, network: Network, optimizer: Optimizer | None) -> Finding | None:
    """The first tensor of the derivation with a number that is not finite, its first cell, and the factor it came from."""
    t = Reader(trace)
    given = [("W", layer.index) for layer in trace.layers[1:]] + [("b", layer.index) for layer in trace.layers[1:]]
    made = [(phase.tensor, phase.layer) for phase in phases(network, optimizer if trace.optimizer_state is not None else None)]
    for tensor, l in [*given, *made]:
        cells = t.tensor(tensor, l)
        if np.isfinite(cells).all():
            continue
        # the first example (column), and of it the first unit
        col, row = (int(index) for index in np.argwhere(~np.isfinite(cells.T))[0])
        cell = Cell(tensor, l, row, col)
        value = float(cells[row, col])
        word = "NaN" if math.isnan(value) else "infinite" if value > 0 else "minus infinite"
        example = f" of example {col}" if cells.shape[1] == trace.m and tensor not in ("W", "dW", "W_next") else ""
        words = f"{tensor}[{l}] is the first that is not finite: unit {row}{example} is {word}. {_why(trace, network, optimizer, cell)}"
        return Finding(NOT_FINITE, "broken", l, value, words.strip(), cell)
    return None


def _why(trace: Trace, network: Network, optimizer: Optimizer | None, cell: Cell) -> str:
    """Which factor of which term made it so."""
    explained = explain(trace, network, optimizer, cell)
    if explained.phase is None:
        return "The step was given it so: the update before made it."
    terms = explained.terms("magnitude", 0, 1)
    if not terms:
        return ""
    names = " times ".join(
        f"{c.tensor}[{c.layer}] at {c.row}, {c.col} ({value:.3g})" for factor in terms[0].factors for c, value in factor.cells[:1]
    )
    product = terms[0].product
    if not math.isfinite(product):
        return f"Its term {names} leaves the range of {trace.dtype}."
    return f"Its terms are finite, the largest is {names} = {product:.3g}, but their sum or function is not."


def largest_cell(trace: Trace, tensor: str, layer: int) -> Cell:
    """Where a tensor has its largest magnitude."""
    cells: Numbers = np.abs(Reader(trace).tensor(tensor, layer).astype(np.float64))
    row, col = np.unravel_index(int(np.nanargmax(cells)) if not np.isnan(cells).all() else 0, cells.shape)
    return Cell(tensor, layer, int(row), int(col))
