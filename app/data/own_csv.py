"""A CSV file of one's own as a dataset."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.engine import OutOfBounds, Parameter, WrongType

from .bounds import Bounds
from .choice import Choice, check_learnable, choose, labels
from .columns import read_columns
from .csv_numbers import to_exact
from .dataset import Brought, Examples, Targets, Unreachable, datasets
from .errors import BadTable
from .misread import check_table
from .one_hot import check_features, column_of, feature_names, features
from .rules import LATEST, rules_of
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
        Brought(
            "thousands",
            "name",
            help="the mark in 1,234 or 1.234, or none; found out when left out, a comma alone, in a file with commas between cells",
        ),
        Brought("header", "boolean", help="whether the first row names the columns; found out when left out"),
        Brought("file", "name", help=f"the file's name, of at most {LONGEST_FILE_NAME} characters, to tell runs apart"),
    )
    image = None
    hidden = (8,)

    def __init__(self, standardise: bool = True, choice: Choice | None = None) -> None:
        self.standardised = standardise
        self._choice = choice
        self.rules = LATEST if choice is None else choice.rules
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

    def tell(self, error: Unreachable) -> BadTable:
        """What can't be trained on, with its place in the file: nobody who brought a file has seen its X."""
        assert self._choice is not None  # without a file there is nothing to refuse
        choice = self._choice
        column = choice.target if error.part == "Y" else column_of(choice, error.row)
        place = f"column {column.position} ({column.name})"
        cells, rows = [column.cells[choice.usable[i]] for i in error.examples], [choice.numbers[i] for i in error.examples]
        if len(cells) == 1:
            return BadTable("dataset.text", cells[0], f"{error.bound}, in row {rows[0]:,}, {place}", row=rows[0], column=column.position)
        found = f"has numbers from {cells[0]} (row {rows[0]:,}) to {cells[1]} (row {rows[1]:,}) in {place}, a spread that is beyond float64 when it is standardised"
        bound = "a table of columns whose mean and standard deviation float64 can hold, or one that is not standardised"
        return BadTable(
            "dataset.text", max(cells, key=lambda cell: abs(to_exact(cell, column.marks))), bound, column=column.position, found=found
        )

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
        columns = read_columns(table)
        choice = choose(table, columns, given, prefix=prefix)
        skip = bool(given["skip_incomplete"])
        if choice.problems and not skip:
            first, more = choice.problems[0], len(choice.problems) - 1
            place = f"row {first.row}" if first.column is None else f"row {first.row}, column {first.column} ({first.name})"
            bound = (
                f"{first.bound} in {place}" + (f"; {more:,} more like it" if more else "") + ". With skip_incomplete such rows are left out"
            )
            found = f"has {first.value}" if first.column is None else ""
            if first.is_missing:
                found = f"has a missing cell{f' ({first.value!r})' if first.value else ''}"
            raise BadTable(f"{prefix}text", first.value, bound, row=first.row, column=first.column, found=found)
        check_learnable(choice, columns, bounds, prefix=prefix)
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
        by_its_rules = {**settled, "rules": rules_of(settled)}
        table = read_table(content.decode(), NO_BOUNDS, by_its_rules)
        return cls(settled["standardise"], choose(table, read_columns(table), by_its_rules))

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
    return {
        "delimiter": dialect.delimiter,
        "quote": dialect.quote,
        "decimal": dialect.marks.decimal,
        "thousands": dialect.marks.thousands,
        "header": dialect.header,
    }
