"""Each layer of a step in a few numbers, from which a person, or a rule, can tell what its gradient went through.

Sizes of signals are root mean squares, so that layers of different width can be compared. Nothing here changes or hides a number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from .activations import Activation, activations, slope
from .examples import cancellation
from .findings import SATURATED_SLOPE
from .network import Network
from .outputs import Apart
from .terms import Reader
from .trace import Array, LayerTrace, Trace


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """A layer's signals in numbers. Ratios are of root mean squares. None where a number does not apply, as there is nothing to measure
    or to compare; NaN is a measured one: some of the cells are NaN.

    The gradient that a layer gets is that of the layer behind it times `through_weights` (W^T dZ, and the factor of an edit on it),
    `through_dropout` (the mask, of dropout or of ablated units), `through_slope` (g', up to dN where Z is normalised) and `through_normalisation` (from dN to dZ): |dZ[l]| / |dZ[l+1]| is the
    product of those that there are.
    """

    layer: int
    activation: str | None
    A: float
    dA: float | None
    dZ: float | None
    dW: float | None
    through_weights: float | None
    through_dropout: float | None
    through_slope: float | None
    through_normalisation: float | None
    update_ratio: float | None  # |W after the update - W| / |W|
    stopped: float | None  # share of cells whose slope is exactly 0; NaN where some have none, for their Z is NaN
    dead_in_batch: tuple[int, ...]  # units stopped for every example of this batch
    dead_for: tuple[int, ...]  # in how many of the batches looked at, without a gap up to this one, each of them was
    dead_units: tuple[int, ...]  # those that were in all of them
    saturated: float | None  # share of cells with a slope of nearly 0; None where the activation is not flat at both ends
    cancellation: float | None  # of dW


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is asked of a step before, where its trace is not at hand: loss and batch size, and for each layer 0..L which units were stopped."""

    step: int
    loss: float
    m: int
    stopped: tuple[NDArray[np.bool_], ...]


def health(trace: Trace, network: Network, before: Sequence[Trace | Earlier] = ()) -> tuple[LayerHealth, ...]:
    """Layers 0..L in numbers. `before` are the steps before, in which a dead unit has to be dead as well."""
    with np.errstate(all="ignore"):
        return tuple(_layer_health(trace, network, layer, before) for layer in trace.layers)


def _layer_health(trace: Trace, network: Network, layer: LayerTrace, before: Sequence[Trace | Earlier]) -> LayerHealth:
    l = layer.index
    behind = trace.layers[l + 1] if l + 1 < len(trace.layers) else None
    slopes = _known(slopes_of(trace, network, l), trace, l)
    still_dead = _stopped_units(slopes)
    dead_for = still_dead.astype(int)  # batches in a row, the latest first
    for earlier in before:
        if not still_dead.any():
            break
        still_dead = still_dead & (earlier.stopped[l] if isinstance(earlier, Earlier) else _stopped_units(slopes_of(earlier, network, l)))
        dead_for += still_dead
    dA, dZ, dG = rms(layer.dA), rms(layer.dZ), rms(layer.more.get("dG"))
    dN = rms(layer.more["dN"]) if "dN" in layer.more else dZ
    moved = layer.W_next - layer.W if layer.W_next is not None and layer.W is not None else None
    return LayerHealth(
        layer=l,
        activation=layer.activation,
        A=rms(layer.A),
        dA=dA,
        dZ=dZ,
        dW=rms(layer.dW),
        through_weights=_ratio(dA, rms(behind.dZ)) if behind is not None else None,
        through_dropout=_ratio(dG, dA),
        through_slope=_ratio(dN, dG if "dG" in layer.more else dA) if slopes is not None else None,
        through_normalisation=_ratio(dZ, dN) if "dN" in layer.more else None,
        update_ratio=_ratio(rms(moved), rms(layer.W)),
        stopped=_share(slopes, slopes == 0) if slopes is not None else None,
        dead_in_batch=tuple(int(unit) for unit in np.flatnonzero(dead_for)),
        dead_for=tuple(int(batches) for batches in dead_for[dead_for > 0]),
        dead_units=tuple(int(unit) for unit in np.flatnonzero(dead_for == 1 + len(before))),
        saturated=_saturated(slopes, network, l),
        cancellation=_cancellation(trace, l) if l else None,
    )


@overload
def rms(tensor: Array) -> float: ...
@overload
def rms(tensor: Array | None) -> float | None: ...
def rms(tensor: Array | None) -> float | None:
    """Root mean square, without leaving the range of a float; None of nothing."""
    if tensor is None:
        return None
    cells = tensor.astype(np.float64, copy=False)
    largest = float(np.abs(cells).max())
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * math.sqrt(float(np.mean(np.square(cells / largest))))


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _known(slopes: Array | None, trace: Trace, l: int) -> Array | None:
    """NaN where Z is: an activation by cases takes a NaN for one of them, and its slope there says nothing."""
    t = Reader(trace)
    return None if slopes is None else np.where(np.isnan(entered := t.tensor(t.entered(l), l)), entered, slopes)


def _share(slopes: Array, counted: NDArray[np.bool_]) -> float:
    """Of the cells; NaN where some have no slope, for what share of them counts is not known."""
    return math.nan if np.isnan(slopes).any() else float(counted.mean())


def _cancellation(trace: Trace, l: int) -> float | None:
    index = cancellation(trace, l).dW_layer
    dZ = Reader(trace).tensor("dZ", l)
    # 0 / 0: no example says anything, which is not a number that got lost
    return None if math.isnan(index) and np.isfinite(dZ).all() and np.isfinite(trace.layers[l - 1].A).all() else index


def activation_of(network: Network, l: int) -> Activation | None:
    """Of layer l, where it works element by element and apart from the loss; None for others, and for the input."""
    if 1 <= l <= len(network.activations):
        return network.activations[l - 1]
    if l == len(network.W) and isinstance(network.output, Apart):
        last: Any = network.output.last
        return last if last.name in activations else None
    return None


def slopes_of(trace: Trace, network: Network, l: int) -> Array | None:
    """g'(Z), (n_l, m); None where a layer has none of its own."""
    activation, t = activation_of(network, l), Reader(trace)
    return slope(activation, t.tensor(t.entered(l), l), t.activated(l)) if activation is not None else None


def stopped_units(trace: Trace, network: Network) -> tuple[NDArray[np.bool_], ...]:
    """For each layer 0..L which units had a slope of 0 for every example; empty where a layer has no slopes of its own."""
    with np.errstate(all="ignore"):
        return tuple(_stopped_units(slopes_of(trace, network, layer.index)) for layer in trace.layers)


def _stopped_units(slopes: Array | None) -> NDArray[np.bool_]:
    return np.zeros(0, bool) if slopes is None else (slopes == 0).all(axis=1)


def _saturated(slopes: Array | None, network: Network, l: int) -> float | None:
    activation = activation_of(network, l)
    if slopes is None or activation is None:
        return None
    # far out on both sides, and where activations are steepest
    far = np.array([[-50.0, 50.0]])
    near = np.linspace(-4, 4, 801).reshape(1, -1)
    steepest = float(np.abs(slope(activation, near, activation.forward(near))).max())
    flat = SATURATED_SLOPE * steepest
    if not (np.abs(slope(activation, far, activation.forward(far))) < flat).all():
        return None
    return _share(slopes, np.abs(slopes) < flat)
