"""How the numbers of a tensor are spread, over several steps on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .trace import Array

Scale = Literal["linear", "symlog"]

# below this share of the largest magnitude a symlog axis is linear: six decades on either side are as many as an eye tells apart
SMALLEST_SHARE = 1e-6


class Counts(NamedTuple):
    """Where the cells of one tensor fall. Zeros and what is not finite stand apart, so `bins` is of the other cells alone."""

    cells: int
    bins: NDArray[np.intp]  # (bins,)
    zeros: int
    nan: int
    posinf: int
    neginf: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Bins of equal height on a scale. A value v of a symlog axis stands at sign(v) * log(1 + |v| / threshold)."""

    scale: Scale
    edges: Array  # (bins + 1,) float64, ascending
    threshold: float | None  # of a symlog axis alone


def axis_of(tensors: Sequence[Array], bins: int, scale: Scale) -> Axis:
    """An axis from the smallest to the largest finite number of all the tensors; one around 0 where there is none, or no other than 0."""
    lows, highs, smallest = [], [], []
    for tensor in tensors:
        finite = tensor[np.isfinite(tensor) & (tensor != 0)]
        if finite.size:
            lows.append(float(finite.min()))
            highs.append(float(finite.max()))
            smallest.append(float(np.abs(finite).min()))
    low, high = (min(lows), max(highs)) if lows else (-1.0, 1.0)
    largest = max(abs(low), abs(high))
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    if scale == "linear":
        # in units of the largest, as high - low may be more than a float holds
        edges = np.linspace(low / largest, high / largest, bins + 1) * largest
        threshold = None
    else:
        threshold = max(min(smallest, default=1.0), largest * SMALLEST_SHARE)
        first, last = (np.sign(end) * np.log1p(abs(end) / threshold) for end in (low, high))
        places = np.linspace(first, last, bins + 1)
        edges = np.sign(places) * np.expm1(np.abs(places)) * threshold
    edges[0], edges[-1] = low, high  # rounding must not leave an extreme outside
    return Axis(scale, edges, threshold)


def counts(tensor: Array, axis: Axis) -> Counts:
    """The cells of a tensor in each bin: from its lower edge up to but without its upper, which only the last bin has too."""
    cells = tensor.ravel().astype(np.float64, copy=False)
    inside = cells[np.isfinite(cells) & (cells != 0)]
    places = np.searchsorted(axis.edges[1:-1], inside, side="right")
    bins = np.bincount(places, minlength=len(axis.edges) - 1)
    nan, posinf, neginf = (int(np.count_nonzero(found(cells))) for found in (np.isnan, np.isposinf, np.isneginf))
    return Counts(cells.size, bins, int(cells.size - np.count_nonzero(cells)), nan, posinf, neginf)
