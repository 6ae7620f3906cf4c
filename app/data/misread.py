"""What a file holds that would be read as something else than it is meant: a title above the header, a page, numbers with marks in them."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from .columns import Column
from .csv_numbers import DECIMALS, NONE, SPELLINGS
from .errors import BadTable
from .table import Table, cells_of

# <!doctype html>, <html>, <?xml: what a browser saves under the name of a file that it could not get
PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|head|body)\b", re.IGNORECASE)

_digits = r"[+-]?[1-9][0-9]{0,2}"
GROUPED = re.compile(
    rf"{_digits}(?:(?:,[0-9]{{3}})+(?:\.[0-9]+)?|(?:\.[0-9]{{3}})+(?:,[0-9]+)?|(?:[ \u00a0\u202f'\u2019][0-9]{{3}})+(?:[.,][0-9]+)?)"
)
# 1,234 alone is thousands or a fraction, and the file's decimal mark may have been found by it
FRACTION_OR_GROUP = re.compile(rf"{_digits}[.,][0-9]{{3}}")
# as csv_numbers.NUMBER, in time that grows with the length alone
PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)")
PERCENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*\s?%")
_sign = "[$\u00a2-\u00a5\u20a0-\u20bf]"  # of a currency
_amount = r"[0-9]+(?:[., '\u00a0\u202f\u2019][0-9]+)*"
CURRENCY = re.compile(rf"[+-]?\s?{_sign}\s?[+-]?{_amount}|[+-]?{_amount}\s?{_sign}")

Kind = Literal["thousands", "decimals", "percent", "currency"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What cells of a column look like that are read otherwise: how many of them, and the first, with its row from 1.

    `mark` is the one between thousands or the decimal one that they seem to have.
    """

    kind: Kind
    count: int
    row: int
    value: str
    mark: str | None


def check_table(text: str, table: Table, *, field: str = "text") -> None:
    """Refuses what is no table, in words about what it is.

    Raises:
        BadTable: a page, a first row that is not as long as most, a header alone.
    """
    if PAGE.match(text):
        raise BadTable(field, text.lstrip()[:20], "a table as text, with a delimiter between cells", found="is a page (HTML or XML)")
    first, width = table.first_row, len(table.names)
    other, count = Counter(cells for _, cells in table.ragged).most_common(1)[0] if table.ragged else (0, 0)
    if count > len(table.rows):
        numbers = [row for row, cells in table.ragged if cells == other]
        bound = f"a table whose first row is as long as the others. If row {first} is a title, take it out"
        found = f"has {cells_of(width)} in row {first} and {other:,} in {_places(numbers)}"
        # a title that is a number makes no header, and its column has no name but ours
        title = table.names[0] if table.dialect.header else table.rows[0][0]
        raise BadTable(field, title, bound, row=first, found=found)
    if not table.rows:
        raise BadTable(field, table.names[0], "a table with at least 2 rows below its header", found="has a header and no row of data")


def _places(rows: list[int]) -> str:
    """Rows in their order, as few words as they take."""
    if len(rows) == 1:
        return f"row {rows[0]:,}"
    is_whole = rows[-1] - rows[0] == len(rows) - 1
    return f"{'rows' if is_whole else f'{len(rows):,} rows from'} {rows[0]:,} to {rows[-1]:,}"


def likeness(table: Table, column: Column) -> Likeness | None:
    """What at least half of a column's cells look like that are not read so; None where they are what they look like."""
    present = [i for i in range(len(column.cells)) if not column.missing[i]]
    return _of_numbers(table, column, present) if column.kind == "number" else _of_category(table, column, present)


def _of_numbers(table: Table, column: Column, present: list[int]) -> Likeness | None:
    """Numbers of which one mark makes thousands or fractions, when all have three digits behind it and none has the other mark.

    Of a decimal mark that is the comma, or the point in a file that a language with a decimal comma has written.
    """
    dialect = table.dialect
    decimal, thousands = dialect.marks.decimal, dialect.marks.thousands
    kind: Kind
    if thousands in DECIMALS:
        kind, mark, other = "decimals", thousands, decimal
    elif decimal == "," or dialect.delimiter == ";":
        kind, mark, other = "thousands", decimal, thousands
    else:
        return None
    good = [i for i in present if not column.wrong[i]]
    marked = [i for i in good if mark in column.cells[i]]
    is_clear = other != NONE and any(other in column.cells[i] for i in good)
    if not marked or is_clear or not all(FRACTION_OR_GROUP.fullmatch(column.cells[i]) for i in marked):
        return None
    return _likeness(table, column, kind, marked, mark)


def _of_category(table: Table, column: Column, present: list[int]) -> Likeness | None:
    """Numbers with marks or signs in them that the file's other numbers don't have: of the kinds that fit, the one that most cells are of."""
    other = "," if table.dialect.marks.decimal == "." else "."
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("thousands", GROUPED),
        ("decimals", re.compile(rf"[+-]?[0-9]+\{other}[0-9]+")),
        ("percent", PERCENT),
        ("currency", CURRENCY),
    )
    plain = {i for i in present if PLAIN.fullmatch(column.cells[i])}
    found: Likeness | None = None
    for kind, pattern in kinds:
        alike = [i for i in present if pattern.fullmatch(column.cells[i])]
        # 12 and 950 stand among 1,234 as they are
        if alike and 2 * len(plain.union(alike)) >= len(present) and (found is None or len(alike) > found.count):
            mark = _between_thousands(column.cells[alike[0]]) if kind == "thousands" else other if kind == "decimals" else None
            found = _likeness(table, column, kind, alike, mark)
    return found


def _likeness(table: Table, column: Column, kind: Kind, alike: list[int], mark: str | None) -> Likeness:
    return Likeness(kind, len(alike), table.numbers[alike[0]], column.cells[alike[0]], mark)


def _between_thousands(cell: str) -> str:
    """The mark of a cell that is GROUPED, by the name that a choice has for it."""
    first = next(character for character in cell.lstrip("+-") if not character.isdecimal())
    return next(mark for mark, spelling in SPELLINGS.items() if re.fullmatch(spelling, first))
