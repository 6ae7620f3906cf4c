"""Numbers as a CSV file writes them: with a point or a comma before their fraction, with a mark between thousands or none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from .rules import LATEST, THOUSANDS_SINCE

DECIMALS = (".", ",")
NONE = "none"
# what stands for each mark between thousands: a space is often one that breaks no line, and an apostrophe a typesetter's
SPELLINGS = {",": ",", ".": r"\.", " ": "[ \u00a0\u2009\u202f]", "'": "['\u2019]"}
THOUSANDS = (NONE, *SPELLINGS)

# digits that no point divides can be split in one way alone: a long cell that is no number would take the square of its length
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
MINUS = "\u2212"  # of typesetters
# what stands for "not measured" in R, pandas, Weka and spreadsheets
MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?"})


@dataclass(frozen=True, slots=True)
class Marks:
    """`decimal` is the mark in 1.5 or 1,5; `thousands` the one in 1,234 or 1.234, or "none"."""

    decimal: str
    thousands: str = NONE


def is_missing(cell: str) -> bool:
    return cell.lower() in MISSING


def to_number(cell: str, marks: Marks) -> float | None:
    """The number that a cell holds, which may be infinite (1e400); None where it holds none."""
    plain = _plain(cell, marks)
    return None if plain is None else float(plain)


def to_exact(cell: str, marks: Marks) -> Decimal:
    """The number that a cell holds to its last digit: 10000000000000001 is another than 10000000000000000, as it is not in float64."""
    try:
        return Decimal(_plain(cell, marks) or "NaN")
    except InvalidOperation:  # an exponent of 19 digits: of finite numbers, only what is 0 in float64 has one
        return Decimal(0)


def find_marks(rows: list[list[str]], delimiter: str, given: Mapping[str, Any]) -> Marks:
    """The marks that `given` (decimal, thousands) names, and for what it doesn't name those that the cells have."""
    decimal, thousands = given.get("decimal"), given.get("thousands")
    if thousands is None:
        # where commas stand between the cells, the fraction of a number as a rule does not begin with another
        is_looked_for = delimiter == "," and decimal != "," and given.get("rules", LATEST) >= THOUSANDS_SINCE
        thousands = "," if is_looked_for and _has_thousands(rows) else NONE
    if decimal is None:
        decimal = {",": ".", ".": ","}.get(thousands) or _find_decimal(rows, thousands)
    return Marks(decimal, thousands)


def _plain(cell: str, marks: Marks) -> str | None:
    """A number as Python writes it; None where the cell holds none."""
    if marks.thousands != NONE and _grouped(marks).fullmatch(cell):
        cell = re.sub(SPELLINGS[marks.thousands], "", cell)
    if marks.decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    if cell.startswith(MINUS):
        cell = "-" + cell[1:]
    return cell if NUMBER.fullmatch(cell) else None


@lru_cache
def _grouped(marks: Marks) -> re.Pattern[str]:
    """1,234 and 1,234,567.8, but neither 0,234 nor 1,23: those have no thousands."""
    return re.compile(rf"[+{MINUS}-]?[1-9][0-9]{{0,2}}(?:{SPELLINGS[marks.thousands]}[0-9]{{3}})+(?:{re.escape(marks.decimal)}[0-9]*)?")


def _has_thousands(rows: list[list[str]]) -> bool:
    """Whether the commas in cells stand between thousands: all that can be so are, or more that can be nothing else than fractions."""
    surely = maybe = fractions = 0
    marks, fraction = Marks(".", ","), Marks(",")
    for row in rows:
        for cell in row:
            if "," not in cell:
                continue
            if _grouped(marks).fullmatch(cell):
                is_either = to_number(cell, fraction) is not None
                maybe += is_either
                surely += not is_either
            else:
                fractions += to_number(cell, fraction) is not None
    return surely + maybe > 0 and fractions <= surely


def _find_decimal(rows: list[list[str]], thousands: str) -> str:
    """The comma where more cells are numbers with it than with the point."""
    with_point = with_comma = 0
    for row in rows:
        for cell in row:
            if "," in cell:
                with_comma += to_number(cell, Marks(",", thousands)) is not None
            elif "." in cell:
                with_point += to_number(cell, Marks(".", thousands)) is not None
    return "," if with_comma > with_point else "."
