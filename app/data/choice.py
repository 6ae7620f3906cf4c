"""What of a table is learned from what: the target, the features, and what is wrong with their cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.engine import OutOfBounds, UnknownName, WrongType

from .bounds import Bounds
from .columns import Column
from .errors import BadTable
from .rules import FIRST, LATEST
from .table import Table, cells_of, rows_of

# whole numbers that are few and come again and again are names of classes: 0, 1, 2 for three species
MOST_NUMBERED_CLASSES = 10

MOST_NAMES = 50  # of columns in an error


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell, or a row, that can't be used; `row` and `column` from 1, as a spreadsheet shows them. A missing cell may hold a word for it."""

    row: int
    column: int | None
    name: str | None
    value: str
    bound: str
    is_missing: bool = False


@dataclass(frozen=True)  # without slots, which have no place for what is computed once
class Choice:
    """Columns of a table in their parts. `usable` are the rows without a problem, `numbers` where those stand in the file."""

    target: Column
    features: tuple[Column, ...]
    targets: Literal["classes", "numbers"]
    problems: tuple[Problem, ...]
    usable: NDArray[np.intp]
    numbers: tuple[int, ...]
    rules: int = LATEST

    @cached_property
    def classes(self) -> tuple[tuple[str, list[int]], ...]:
        """(name, rows) of each class, the name as it stands in the file."""
        if self.rules == FIRST and self.target.kind == "number":
            values = self.target.numbers[self.usable]
            return tuple((f"{value:.15g}", self.usable[values == value].tolist()) for value in np.unique(values).tolist())
        return tuple(self.target.alike(self.usable.tolist()).items())


def choose(table: Table, columns: tuple[Column, ...], given: Mapping[str, Any], *, prefix: str = "") -> Choice:
    """The parts as `given` (target, features, targets) says, or as they are proposed where it says nothing.

    Raises:
        UnknownName: a column that the table does not have. WrongType, OutOfBounds: one that can't have that part.
    """
    target = propose_target(columns) if given.get("target") is None else _find(columns, given["target"], f"{prefix}target")
    features = _features(columns, target, given.get("features"), prefix)
    targets = _targets(target, given.get("targets"), prefix)
    if target.kind == "empty":
        raise OutOfBounds(f"{prefix}target", target.name, "a column with something in it")
    used = (*features, target)
    bad = np.zeros(len(table.rows), bool)
    for column in used:
        bad |= column.bad
    problems = [
        Problem(row, None, None, cells_of(cells), f"{cells_of(len(table.names))}, like the first row") for row, cells in table.ragged
    ]
    for i in np.flatnonzero(bad):
        problems += [_problem(table, column, int(i)) for column in used if column.bad[i]]
    problems.sort(key=lambda problem: (problem.row, problem.column or 0))
    usable = np.flatnonzero(~bad)
    return Choice(target, features, targets, tuple(problems), usable, tuple(table.numbers[i] for i in usable), given.get("rules", LATEST))


def propose_target(columns: tuple[Column, ...]) -> Column:
    """The last category whose values come again, else the last column that is not empty."""
    again = [
        column for column in columns if column.kind == "category" and 2 <= len(column.distinct) <= np.count_nonzero(~column.missing) / 2
    ]
    filled = [column for column in columns if column.kind != "empty"]
    return (again or filled or list(columns))[-1]


def check_learnable(choice: Choice, columns: tuple[Column, ...], bounds: Bounds, *, prefix: str = "") -> None:
    """Refuses what nothing can be learned from.

    Raises:
        BadTable: nothing beside the target, or fewer than two rows. OutOfBounds: categories of which none is named, one class only, or too many.
    """
    if not choice.features:
        target = choice.target.name
        others = [column.name for column in columns if column is not choice.target and column.kind != "empty"]
        if not others:
            raise BadTable(
                f"{prefix}text", target, "a table with another column to learn from", found=f"has nothing beside the target {target}"
            )
        bound = f"given: no column beside the target {target} holds numbers, and of categories those are learned from that are named"
        raise OutOfBounds(f"{prefix}features", None, bound, found="is missing")
    if choice.usable.size < 2:
        usable = rows_of(choice.usable.size)
        raise BadTable(f"{prefix}text", usable, "a table with at least 2 such rows", found=f"has {usable} of data without a problem")
    if choice.targets == "classes":
        count = len(choice.classes)
        if not 2 <= count <= bounds.max_classes:
            bound = f"a column of 2 to {bounds.max_classes} classes; {choice.target.name} has {count:,} in {choice.usable.size:,} rows"
            raise OutOfBounds(f"{prefix}target", choice.target.name, bound)


def labels(choice: Choice) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """(the class of each usable row, the names of the classes that are there, as they stand in the file)."""
    found = np.zeros(len(choice.target.cells), np.intp)
    for label, (_, rows) in enumerate(choice.classes):
        found[rows] = label
    return found[choice.usable], tuple(name for name, _ in choice.classes)


def _problem(table: Table, column: Column, i: int) -> Problem:
    bound = "a finite number" if column.kind == "number" else "given"
    return Problem(table.numbers[i], column.position, column.name, column.cells[i], bound, bool(column.missing[i]))


def _find(columns: tuple[Column, ...], name: object, field: str) -> Column:
    for column in columns:
        if column.name == name:
            return column
    names = [column.name for column in columns[:MOST_NAMES]]
    raise UnknownName(field, name, names if len(columns) <= MOST_NAMES else [*names, f"… ({len(columns):,} columns)"])


def _features(columns: tuple[Column, ...], target: Column, given: object, prefix: str) -> tuple[Column, ...]:
    if given is None:
        return tuple(column for column in columns if column.kind == "number" and column is not target)
    field = f"{prefix}features"
    if not isinstance(given, list | tuple) or not given:
        raise WrongType(field, given, "a list of names of columns, or left out for all columns of numbers")
    chosen: list[Column] = []
    for i, name in enumerate(given):
        column = _find(columns, name, f"{field}[{i}]")
        if column is target:
            raise OutOfBounds(f"{field}[{i}]", name, "another column than the target")
        if column in chosen:
            raise OutOfBounds(f"{field}[{i}]", name, "named once")
        if column.kind == "empty":
            raise WrongType(
                f"{field}[{i}]", name, f"a column of numbers or of categories; column {column.position} ({column.name}) holds nothing"
            )
        chosen.append(column)
    return tuple(chosen)


def _example(column: Column) -> str:
    return repr(column.distinct[0]) if column.distinct else "nothing"


def _targets(target: Column, given: object, prefix: str) -> Literal["classes", "numbers"]:
    field = f"{prefix}targets"
    if given is None:
        if target.kind == "category":
            return "classes"
        good = target.numbers[~target.bad]
        values = np.unique(good)
        if values.size > MOST_NUMBERED_CLASSES or (values % 1 != 0).any():
            return "numbers"
        count = len(target.distinct)  # float64 may hold several of them as one
        return "classes" if count <= MOST_NUMBERED_CLASSES and 2 * count <= good.size else "numbers"
    if given == "classes":
        return "classes"
    if given != "numbers":
        raise OutOfBounds(field, given, "classes or numbers; or left out, to be found")
    if target.kind != "number":
        raise OutOfBounds(field, given, f"classes: column {target.position} ({target.name}) holds {_example(target)}")
    return "numbers"
