"""A large tensor made small enough for a screen, by blocks; an extreme can't hide in it."""

import math
from typing import Literal

import numpy as np

from app.engine import Array


def view_shape(rows: int, cols: int, max_cells: int) -> tuple[int, int]:
    """The largest (rows, cols) of about the tensor's own proportions that has at most `max_cells` cells."""
    shrink = math.sqrt(max_cells / (rows * cols))
    view_rows = min(rows, max(1, int(rows * shrink)))
    view_cols = min(cols, max(1, max_cells // view_rows))
    view_rows = min(rows, max(1, max_cells // view_cols))
    return view_rows, view_cols


def pool(tensor: Array, rows: int, cols: int, reduce: Literal["absmax", "mean"]) -> Array:
    """(rows, cols) blocks of a tensor that is at least as large.

    Block r begins at row ceil(r R / rows), so row i lies in block floor(i rows / R), as the page assumes. `absmax` keeps the signed value of the
    largest magnitude; a block that holds a NaN is NaN.
    """
    row_starts = -(-np.arange(rows) * tensor.shape[0] // rows)
    col_starts = -(-np.arange(cols) * tensor.shape[1] // cols)
    with np.errstate(all="ignore"):
        if reduce == "mean":
            sums = np.add.reduceat(np.add.reduceat(tensor, row_starts, axis=0), col_starts, axis=1)
            counts = np.diff(np.append(row_starts, tensor.shape[0]))[:, None] * np.diff(np.append(col_starts, tensor.shape[1]))
            mean: Array = (sums / counts).astype(tensor.dtype)
            return mean
        high = np.maximum.reduceat(np.maximum.reduceat(tensor, row_starts, axis=0), col_starts, axis=1)
        low = np.minimum.reduceat(np.minimum.reduceat(tensor, row_starts, axis=0), col_starts, axis=1)
        return np.where(-low > high, low, high)  # with a NaN in the block both are NaN
