"""A CSV file of one's own as a dataset."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.engine import EngineError, OutOfBounds, Parameter, WrongType

from .bounds import Bounds
from .choice import Choice, check_learnable, choose, labels
from .columns import read_columns
from .dataset import Brought, Examples, Targets, datasets
from .errors import BadTable
from .misread import Likeness, check_table, likeness
from .one_hot import categories, check_features, feature_names, features
from .table import Table, read_table

# a settled table was within the bounds of the server that took it, which another one need not share
NO_BOUNDS = Bounds(*[2**62] * len(fields(Bounds)))


LONGEST_FILE_NAME = 255  # that of file systems


@datasets.add
class OwnCsv:
    """A column to be told from columns of numbers or of categories. Without a file it is the entry of the catalogue alone."""

    name = "csv"
    title = "A CSV file of your own"
    description = "A table that you bring: one column to be told, classes or a number, from columns of numbers or of categories."
    source = "brought with the session, and kept with it"
    licence = "yours"
    parameters = (
        Parameter("standardise", bool, default=True, help="mean 0 and standard deviation 1 for each feature, and for a target of numbers"),
        Parameter(
            "skip_incomplete", bool, default=False, help="leave out rows with a missing or unreadable cell, instead of refusing them"
        ),
    )
    brings: ClassVar[tuple[Brought, ...]] = (
        Brought("text", "text", required=True, help="the file's content"),
        Brought("target", "name", required=True, help="the column to be told"),
        Brought(
            "features",
            "names",
            help="the columns it is told from, of which a category becomes one feature for each of its values; all other columns of numbers when left out",
        ),
        Brought("targets", "name", help="classes or numbers; found out when left out"),
        Brought("delimiter", "name", help="between cells; found out when left out"),
        Brought("quote", "name", help="around cells; found out when left out"),
        Brought("decimal", "name", help="the mark in 1.5 or 1,5; found out when left out"),
        Brought("header", "boolean", help="whether the first row names the columns; found out when left out"),
        Brought("file", "name", help=f"the file's name, of at most {LONGEST_FILE_NAME} characters, to tell runs apart"),
    )
    image = None
    hidden = (8,)

    def __init__(self, standardise: bool = True, choice: Choice | None = None) -> None:
        self.standardised = standardise
        self._choice = choice
        self.targets: Targets = "classes" if choice is None else choice.targets
        self.feature_names = () if choice is None else feature_names(choice)
        self._labels: NDArray[np.intp] | None = None
        self.class_names: tuple[str, ...] = ()
        if choice is not None and choice.targets == "classes":
            self._labels, self.class_names = labels(choice)
        self.target_names = self.class_names if choice is None or self.class_names else (choice.target.name,)

    @property
    def features(self) -> int:
        return len(self.feature_names)

    @property
    def classes(self) -> int:
        return len(self.class_names)

    def load(self, rng: np.random.Generator) -> Examples:
        if self._choice is None:
            raise ValueError("the dataset csv has no examples of its own: it is made by `restore`, with a file")
        X = features(self._choice)
        if self._labels is not None:
            return Examples(X, self._labels)
        return Examples(X, Y=self._choice.target.numbers[np.newaxis, self._choice.usable])

    @classmethod
    def settle(cls, given: Mapping[str, Any], bounds: Bounds, field: str) -> tuple[dict[str, Any], bytes]:
        """(the configuration with nothing left open, the file in UTF-8).

        What was found out is written down: a session must not change when a later version finds out something else.

        Raises:
            EngineError: no table, or one that nothing can be learned from; the place is in `row` and `column`.
        """
        prefix = f"{field}."
        file = _file_name(given.get("file"), f"{prefix}file")
        table = read_table(given["text"], bounds, given, field=f"{prefix}text")
        check_table(given["text"], table, field=f"{prefix}text")
        if given.get("target") is None:  # asked after the file is read: an empty one has no column to name
            raise OutOfBounds(f"{prefix}target", None, "given: the name of the column to be told", found="is missing")
        choice = choose(table, read_columns(table), given, prefix=prefix)
        skip = bool(given["skip_incomplete"])
        if choice.problems and not skip:
            first, more = choice.problems[0], len(choice.problems) - 1
            place = f"row {first.row}" if first.column is None else f"row {first.row}, column {first.column} ({first.name})"
            bound = (
                f"{first.bound} in {place}" + (f"; {more:,} more like it" if more else "") + ". With skip_incomplete such rows are left out"
            )
            found = f"has a missing cell{f' ({first.value!r})' if first.value else ''}" if first.is_missing else ""
            raise BadTable(f"{prefix}text", first.value, bound, row=first.row, column=first.column, found=found)
        check_learnable(choice, bounds, prefix=prefix)
        check_features(choice, bounds, prefix=prefix)
        content = given["text"].encode()
        settled = {
            "name": cls.name,
            "standardise": given["standardise"],
            "skip_incomplete": skip,
            "target": choice.target.name,
            "features": [column.name for column in choice.features],
            "targets": choice.targets,
            **dialect_json(table),
            **({} if file is None else {"file": file}),
            "content": {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)},
        }
        return settled, content

    @classmethod
    def restore(cls, settled: Mapping[str, Any], content: bytes) -> "OwnCsv":
        table = read_table(content.decode(), NO_BOUNDS, settled)
        return cls(settled["standardise"], choose(table, read_columns(table), settled))

    @staticmethod
    def given(settled: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        """The configuration as it can be given again: with the file, without its summary."""
        return {**{name: value for name, value in settled.items() if name != "content"}, "text": content.decode()}


def _file_name(given: object, field: str) -> str | None:
    """Raises WrongType, OutOfBounds."""
    if given is not None and not isinstance(given, str):
        raise WrongType(field, given, "the name of a file as text, or left out")
    name = (given or "").strip()
    if len(name) > LONGEST_FILE_NAME:
        raise OutOfBounds(field, name, f"at most {LONGEST_FILE_NAME} characters", found=f"has {len(name):,} characters")
    if not name.isprintable():
        raise OutOfBounds(field, name, "a name of one line, without control characters")
    return name or None


def dialect_json(table: Table) -> dict[str, Any]:
    dialect = table.dialect
    return {"delimiter": dialect.delimiter, "quote": dialect.quote, "decimal": dialect.decimal, "header": dialect.header}


MOST_ROWS, MOST_PROBLEMS, MOST_VALUES = 10, 50, 20


def preview(text: str, given: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """What a file holds and how it would be used, for a person to look at before using it.

    Raises:
        EngineError: no table at all, or a target that is not in it. What is wrong with its cells, or with learning from it, is
            told in `problems` and `refusal`.
    """
    table = read_table(text, bounds, given)
    columns = read_columns(table)
    told: dict[str, Any] = {
        "dialect": dialect_json(table),
        "row_count": len(table.rows),
        "columns": [
            {
                "name": column.name,
                "position": column.position,
                "kind": column.kind,
                "missing": int(np.count_nonzero(column.missing)),
                "wrong": int(np.count_nonzero(column.wrong)),
                "distinct": len(column.distinct),
                "values": list(column.distinct[:MOST_VALUES]) if column.kind == "category" else [],
                "low": float(np.nanmin(column.numbers)) if column.kind == "number" and not column.bad.all() else None,
                "high": float(np.nanmax(column.numbers)) if column.kind == "number" and not column.bad.all() else None,
                "looks_like": _likeness_json(likeness(table, column)),
            }
            for column in columns
        ],
        "first_rows": table.rows[:MOST_ROWS],
        "target": None,
        "features": [],
        "feature_count": 0,
        "encodings": [],
        "targets": None,
        "class_names": [],
        "usable_count": 0,
        "problem_count": 0,
        "problems": [],
        "refusal": None,
    }
    try:
        check_table(text, table)
        choice = choose(table, columns, given)
    except BadTable as error:  # no rows or no columns to learn from: still a table to look at
        return {**told, "refusal": _refusal(error)}
    encoded = {column.name: categories(choice, column) if column.kind == "category" else () for column in choice.features}
    told |= {
        "target": choice.target.name,
        "features": [column.name for column in choice.features],
        "feature_count": sum(max(1, len(values)) for values in encoded.values()),
        "encodings": [
            {"column": name, "count": len(values), "features": [f"{name}={value[:200]}" for value in values[:MOST_VALUES]]}
            for name, values in encoded.items()
            if values
        ],
        "targets": choice.targets,
        "class_names": list(labels(choice)[1][: bounds.max_classes]) if choice.targets == "classes" else [],
        "usable_count": int(choice.usable.size),
        "problem_count": len(choice.problems),
        "problems": [
            {
                "row": one.row,
                "column": one.column,
                "name": one.name,
                "value": one.value[:200],
                "bound": one.bound,
                "missing": one.is_missing,
            }
            for one in choice.problems[:MOST_PROBLEMS]
        ],
    }
    try:
        check_learnable(choice, bounds)
        check_features(choice, bounds)
    except EngineError as error:
        told["refusal"] = _refusal(error)
    return told


def _likeness_json(found: Likeness | None) -> dict[str, Any] | None:
    return None if found is None else {"kind": found.kind, "count": found.count, "row": found.row, "value": found.value[:200]}


def _refusal(error: EngineError) -> dict[str, Any]:
    return {"field": error.field, "value": error.value, "bound": error.bound, "found": error.found or None}
