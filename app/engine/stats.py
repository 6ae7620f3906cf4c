"""One tensor's summary."""

import math
from dataclasses import dataclass

import numpy as np

from .trace import Array


def norm(tensor: Array) -> float:
    """Square root of the sum of the squares of all cells, also where squares leave the range of the dtype; infinite or NaN where a cell is."""
    plain = float(np.sqrt(np.vdot(tensor, tensor)))
    if 1e-15 < plain < 1e15:  # in float32 no square that counts is below 1e-38 or above 1e38
        return plain
    largest = float(np.abs(tensor).max(initial=0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    scaled = tensor.ravel().astype(np.float64) / largest
    return largest * math.sqrt(float(np.dot(scaled, scaled)))


@dataclass(frozen=True, slots=True)
class Stats:
    """`min`, `max`, `mean`, `std` (population) and `l2` are of the finite cells, NaN where none is finite;
    the cells that are not finite are counted, never averaged in."""

    min: float
    max: float
    mean: float
    std: float
    l2: float
    zeros: int
    nan: int
    posinf: int
    neginf: int


def stats(tensor: Array) -> Stats:
    """Summary of a tensor of any shape, accumulated in float64."""
    cells = tensor.ravel(order="K").astype(np.float64, copy=False)
    zeros = int(cells.size - np.count_nonzero(cells))
    nan = posinf = neginf = 0
    if cells.size:
        # the reductions by their own names: the methods cost more than a small tensor's numbers
        low, high = float(np.minimum.reduce(cells)), float(np.maximum.reduce(cells))
        if not (math.isfinite(low) and math.isfinite(high)):  # min and max carry a NaN along
            nan = int(np.isnan(cells).sum())
            posinf = int(np.isposinf(cells).sum())
            neginf = int(np.isneginf(cells).sum())
            cells = cells[np.isfinite(cells)]
    if not cells.size:
        return Stats(math.nan, math.nan, math.nan, math.nan, math.nan, zeros, nan, posinf, neginf)
    if nan or posinf or neginf:
        low, high = float(cells.min()), float(cells.max())
    # squares of numbers beyond 1e150 or below 1e-150 leave the range of a float: measure in units of the largest
    largest = max(abs(low), abs(high))
    scale = 1.0 if largest == 0 or 1e-140 < largest < 1e140 else largest
    scaled = cells if scale == 1.0 else cells / scale
    mean = float(np.add.reduce(scaled)) / cells.size
    deviations = scaled - mean
    std = math.sqrt(float(np.dot(deviations, deviations)) / cells.size) if low != high else 0.0
    l2 = math.sqrt(float(np.dot(scaled, scaled)))
    return Stats(low, high, mean * scale, std * scale, l2 * scale, zeros, nan, posinf, neginf)
