"""The columns of a table, numbers and categories told apart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .csv_numbers import Marks, is_missing, to_exact, to_number
from .table import Table

Bools = NDArray[np.bool_]


@dataclass(frozen=True)  # without slots, which have no place for what is computed once
class Column:
    """One column. `numbers` are its cells where it is of numbers: NaN where one is missing or wrong.

    It is of numbers when at least half of what is not missing reads as a number: what does not is then wrong, not a category.
    """

    name: str
    position: int  # from 1
    kind: Literal["number", "category", "empty"]
    cells: list[str]
    numbers: NDArray[np.float64]
    missing: Bools
    wrong: Bools
    marks: Marks  # of its numbers

    @property
    def bad(self) -> Bools:
        return self.missing | self.wrong

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """What stands in it, each once, in the order of numbers or of text."""
        if self.kind == "number":
            good = np.flatnonzero(~self.bad)
            values = dict(zip([self.cells[i] for i in good.tolist()], self.numbers[good].tolist(), strict=True))
            if len(set(values.values())) == len(values):  # as in most columns of measurements: each text is a number of its own
                return tuple(sorted(values, key=values.__getitem__))
        return tuple(self.alike(np.flatnonzero(~self.bad).tolist()))

    def alike(self, rows: Sequence[int]) -> dict[str, list[int]]:
        """Those of some rows that hold the same, under the text that stands there, in the order of numbers or of text.

        1, 1.0 and +1 are one number, under the text that most of its cells have; numbers that float64 can't tell apart are two all the same.
        """
        texts: dict[str, list[int]] = defaultdict(list)
        for i in rows:
            texts[self.cells[i]].append(i)
        if self.kind != "number":
            return dict(sorted(texts.items()))
        found: dict[str, list[int]] = {}
        of_each: dict[float, list[str]] = defaultdict(list)
        numbers = self.numbers.tolist()
        for text, those in texts.items():
            of_each[numbers[those[0]]].append(text)
        for number in sorted(of_each):
            if len(of_each[number]) == 1:
                found[of_each[number][0]] = texts[of_each[number][0]]
            else:
                found |= self._told_apart({text: texts[text] for text in of_each[number]})
        return found

    def _told_apart(self, texts: Mapping[str, list[int]]) -> dict[str, list[int]]:
        """Texts of one float64 by the numbers that they are to their last digit, which takes many times as long."""
        numbers: dict[Decimal, list[str]] = defaultdict(list)
        for text in texts:
            numbers[to_exact(text, self.marks)].append(text)
        # of texts that are there as often the shortest, and then the first in the order of text
        usual = {number: min(alike, key=lambda text: (-len(texts[text]), len(text), text)) for number, alike in numbers.items()}
        return {usual[number]: [i for text in numbers[number] for i in texts[text]] for number in sorted(numbers)}


def read_columns(table: Table) -> tuple[Column, ...]:
    return tuple(_column(name, i, [row[i] for row in table.rows], table.dialect.marks) for i, name in enumerate(table.names))


def _column(name: str, index: int, cells: list[str], marks: Marks) -> Column:
    missing = np.array([is_missing(cell) for cell in cells], bool)
    read = [None if is_gone else to_number(cell, marks) for cell, is_gone in zip(cells, missing, strict=True)]
    numbers = np.array([np.nan if number is None else number for number in read], np.float64)
    is_number = np.array([number is not None for number in read], bool)
    present = int(np.count_nonzero(~missing))
    if not present:
        return Column(name, index + 1, "empty", cells, numbers, missing, np.zeros_like(missing), marks)
    if 2 * np.count_nonzero(is_number) < present:
        return Column(name, index + 1, "category", cells, numbers, missing, np.zeros_like(missing), marks)
    wrong = ~missing & ~np.isfinite(numbers)  # 1e400 is a number, but none that can be computed with
    return Column(name, index + 1, "number", cells, np.where(wrong, np.nan, numbers), missing, wrong, marks)
