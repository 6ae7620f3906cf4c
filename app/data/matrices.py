"""Nested lists of a request as arrays, fast when they are right and exact about the place when they are not."""

from typing import Any

import numpy as np

from app.engine import ShapeMismatch, WrongType

_number_types = frozenset({int, float})


def to_array(field: str, given: Any, ndim: int, dtype: str) -> np.ndarray[Any, Any]:
    """An array of one or two dimensions.

    Raises:
        WrongType: not a list, or a cell that is no number; the field is the place: `X[0][2]`.
        ShapeMismatch: a row of another length than the first.
    """
    rows = _list(field, given)
    if ndim == 1:
        _check_numbers(field, rows)
    else:
        for r, row in enumerate(rows):
            _check_numbers(f"{field}[{r}]", _list(f"{field}[{r}]", row))
            if len(row) != len(rows[0]):
                bound = f"{len(rows[0])} long, like {field.rpartition('.')[2]}[0]"
                raise ShapeMismatch(f"{field}[{r}]", row, bound, found=f"is {len(row)} long")
    if ndim == 2 and not rows:
        return np.zeros((0, 0), dtype)
    with np.errstate(over="ignore"):  # beyond float32 is an infinity, which the engine names and refuses
        return np.array(rows, dtype=np.float64).astype(dtype)


def _list(field: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise WrongType(field, given, "an array")
    return given


def _check_numbers(field: str, row: list[Any]) -> None:
    # a set of types at the speed of C: NumPy would take true for 1 and "1" for 1.0
    if not _number_types.issuperset(map(type, row)):
        position = next(i for i, cell in enumerate(row) if type(cell) not in _number_types)
        raise WrongType(f"{field}[{position}]", row[position], "a finite number")
