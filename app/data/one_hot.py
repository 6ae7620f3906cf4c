"""What a network is given of the columns that it learns from: numbers as they are, a category as one feature for each of its values."""

import numpy as np
from numpy.typing import NDArray

from app.engine import OutOfBounds

from .bounds import Bounds
from .choice import Choice
from .columns import Column


def categories(choice: Choice, column: Column) -> tuple[str, ...]:
    """The values of a category in the rows that are used, in the order of text: a session must find the same features again."""
    return tuple(sorted({column.cells[i] for i in choice.usable}))


def feature_names(choice: Choice) -> tuple[str, ...]:
    """`length` of a column of numbers, `color=blue` and `color=red` of a category."""
    return tuple(name for column in choice.features for name in _names(choice, column))


def column_of(choice: Choice, feature: int) -> Column:
    """The column that a feature, from 0, was made of."""
    return [column for column in choice.features for _ in _names(choice, column)][feature]


def features(choice: Choice) -> NDArray[np.float64]:
    """(features, usable rows); of a category exactly one feature of a row is 1, and the others are 0."""
    return np.concatenate([_rows(choice, column) for column in choice.features])


def check_features(choice: Choice, bounds: Bounds, *, prefix: str = "") -> None:
    """Refuses categories that would make too many features.

    Raises:
        OutOfBounds: too many values in a column, too many features or too many cells in all.
    """
    field = f"{prefix}features"
    count = 0
    for i, column in enumerate(choice.features):
        values = 1 if column.kind == "number" else len(categories(choice, column))
        if values > bounds.max_csv_categories:
            bound = (
                f"a category of at most {bounds.max_csv_categories:,} values, each of which becomes a feature; {column.name} has {values:,}"
            )
            raise OutOfBounds(f"{field}[{i}]", column.name, bound)
        count += values
    if count > bounds.max_csv_columns:
        raise OutOfBounds(
            field,
            [column.name for column in choice.features],
            f"at most {bounds.max_csv_columns:,} features, with one for each value of a category",
            found=f"come to {count:,} features",
        )
    if count * choice.usable.size > bounds.max_data_cells:
        bound = f"at most {bounds.max_data_cells:,} cells, with a feature for each value of a category"
        found = f"come to {count:,} features of {choice.usable.size:,} rows"
        raise OutOfBounds(field, [column.name for column in choice.features], bound, found=found)


def _names(choice: Choice, column: Column) -> tuple[str, ...]:
    return (column.name,) if column.kind == "number" else tuple(f"{column.name}={value}" for value in categories(choice, column))


def _rows(choice: Choice, column: Column) -> NDArray[np.float64]:
    if column.kind == "number":
        return column.numbers[np.newaxis, choice.usable]
    cells = np.array([column.cells[i] for i in choice.usable], dtype=object)
    return np.array([cells == value for value in categories(choice, column)], np.float64).reshape(-1, choice.usable.size)
