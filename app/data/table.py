"""A CSV file as a table of text: its dialect found out, its rows as long as its first, every place named as a spreadsheet names it."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import clevercsv

from app.engine import OutOfBounds, WrongType

from .bounds import Bounds
from .csv_numbers import DECIMALS, THOUSANDS, Marks, find_marks, is_missing, to_number
from .errors import BadTable
from .rules import LATEST, SEP_SINCE

DELIMITERS = (",", ";", "\t", "|", " ")
QUOTES = ('"', "'")

# so many characters are looked at for the dialect; a longer file is the same all through, or no table
SAMPLE = 16_000
# clevercsv tries its patterns on every cell, and some take the square of its length or more: no cell of the sample is longer
LONGEST_IN_SAMPLE = re.compile(r"[^,;\t| \"'\r\n]{33,}")
LONGEST_NAME = 200

# by which Excel is told the delimiter, and which it does not show; some programs write it in quotes
SEP = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file writes its table."""

    delimiter: str
    quote: str
    marks: Marks
    header: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Cells without the space around them. `numbers[i]` is where `rows[i]` stands in the file, from 1; rows without content are left out."""

    dialect: Dialect
    names: tuple[str, ...]
    rows: list[list[str]]
    numbers: list[int]
    ragged: list[tuple[int, int]]  # (row, cells) of rows that are not as long as the first
    first_row: int  # where that one stands


def read_table(text: str, bounds: Bounds, given: Mapping[str, Any] | None = None, *, field: str = "text") -> Table:
    """The table in `text`. What `given` says of the dialect (delimiter, quote, decimal, thousands, header) is not looked for.

    Raises:
        WrongType, OutOfBounds: something given that is no such mark, or a table beyond the bounds.
        BadTable: nothing to read, a NUL, a quote that is not closed, two columns of one name, `sep=` with a mark that is no delimiter.
    """
    given = given or {}
    prefix = field.rpartition("text")[0]
    _check_given(given, prefix)
    if not isinstance(text, str):
        raise WrongType(field, text, "text: the content of a CSV file")
    if (size := len(text.encode(errors="surrogatepass"))) > bounds.max_csv_bytes:
        raise OutOfBounds(field, text[:200], f"at most {bounds.max_csv_bytes:,} bytes", found=f"has {size:,} bytes")
    text = text.removeprefix("\ufeff")
    if (nul := text.find("\0")) >= 0:
        row = text.count("\n", 0, nul) + 1
        bound = "text without such characters; a file in UTF-16 has to be decoded as such"
        raise BadTable(field, "\0", bound, row=row, found=f"has a NUL character in line {row:,}")
    if not text.strip():
        raise BadTable(field, text[:20], "a table: a header and at least two rows", found="has nothing in it")

    if given.get("rules", LATEST) >= SEP_SINCE:
        text, given = _without_sep(text, given, field)
    delimiter, quote = _find_delimiter(text, given)
    lines, numbers, ragged = _read(text, delimiter, quote, bounds, field)
    marks = find_marks(lines, delimiter, given)
    header = given.get("header")
    if header is None:
        header = _has_header(lines, marks)
    first_row = numbers[0]
    names = _names(lines[0], header, first_row, field)
    if header:
        del lines[0], numbers[0]
    if len(lines) > bounds.max_data_examples:
        bound = f"a table of at most {bounds.max_data_examples:,} rows"
        raise OutOfBounds(field, text[:200], bound, found=f"has more than {bounds.max_data_examples:,} rows")
    return Table(Dialect(delimiter, quote, marks, header), names, lines, numbers, ragged, first_row)


def rows_of(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def cells_of(count: int) -> str:
    return f"{count:,} {'cell' if count == 1 else 'cells'}"


def _check_given(given: Mapping[str, Any], prefix: str) -> None:
    for name, choices in (("delimiter", DELIMITERS), ("quote", QUOTES), ("decimal", DECIMALS), ("thousands", THOUSANDS)):
        if given.get(name) is not None and given[name] not in choices:
            raise OutOfBounds(f"{prefix}{name}", given[name], f"one of: {' '.join(map(repr, choices))}; or left out, to be found")
    if given.get("thousands") is not None and given["thousands"] == given.get("decimal"):
        raise OutOfBounds(f"{prefix}thousands", given["thousands"], "another mark than the decimal mark")
    if given.get("header") is not None and not isinstance(given["header"], bool):
        raise WrongType(f"{prefix}header", given["header"], "true, false, or left out, to be found")


def _without_sep(text: str, given: Mapping[str, Any], field: str) -> tuple[str, Mapping[str, Any]]:
    """(the text behind a first line `sep=;`, what is given with the delimiter that it names); a delimiter that is given is one's own word.

    The line is none of the table and counts as none, as in a spreadsheet.
    """
    found = SEP.match(text)
    if found is None:
        return text, given
    if not given.get("delimiter") and found[1] not in DELIMITERS:
        bound = f"a table with one of {' '.join(map(repr, DELIMITERS))} between its cells"
        raise BadTable(field, found[0].strip(), bound, row=1, found=f"names {found[1]!r} as its delimiter, in its first line")
    text = text[found.end() :]
    if not text.strip():
        raise BadTable(field, found[0].strip(), "a table: a header and at least two rows", found="has nothing below its first line")
    return text, {**given, "delimiter": given.get("delimiter") or found[1]}


def _find_delimiter(text: str, given: Mapping[str, Any]) -> tuple[str, str]:
    """(delimiter, quote), by clevercsv (van den Burg, Nazabal and Sutton 2019, "Wrangling messy CSV files by detecting row and type patterns")."""
    delimiter, quote = given.get("delimiter"), given.get("quote")
    if delimiter and quote:
        return delimiter, quote
    sample = text[:SAMPLE]
    if len(text) > SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    sample = LONGEST_IN_SAMPLE.sub(lambda cell: cell[0][:32], sample)
    try:
        found = clevercsv.Detector().detect(sample, delimiters=[delimiter] if delimiter else list(DELIMITERS))
    except clevercsv.Error:
        found = None  # nothing in it that looks like a table: read as one column, it will be told why it is none
    if delimiter is None:
        delimiter = found.delimiter if found is not None and found.delimiter in DELIMITERS else ","
    if quote is None:
        # none in the sample is no word about the rest of the file
        quote = found.quotechar if found is not None and found.quotechar in QUOTES else '"'
    return delimiter, quote


def _read(text: str, delimiter: str, quote: str, bounds: Bounds, field: str) -> tuple[list[list[str]], list[int], list[tuple[int, int]]]:
    """(rows as long as the first, their numbers, the others)."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    ragged: list[tuple[int, int]] = []
    for number, cells in _records(text, delimiter, quote, field):
        if not any(cells):
            continue
        if not rows and len(cells) > bounds.max_csv_columns:
            bound = f"a table of at most {bounds.max_csv_columns:,} columns"
            raise OutOfBounds(field, text[:200], bound, found=f"has {len(cells):,} columns")
        if rows and len(cells) != len(rows[0]):
            ragged.append((number, len(cells)))
            continue
        rows.append(cells)
        numbers.append(number)
        if len(rows) - 1 > bounds.max_data_examples:  # one of them may be the header
            break
        if (len(rows) - 1) * len(cells) > bounds.max_data_cells:
            bound = f"a table of at most {bounds.max_data_cells:,} cells"
            raise OutOfBounds(field, text[:200], bound, found=f"has more than {bounds.max_data_cells:,} cells")
    if not rows:
        raise BadTable(field, text[:20], "a table: a header and at least two rows", found="has no cell with anything in it")
    return rows, numbers, ragged


def _records(text: str, delimiter: str, quote: str, field: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, skipinitialspace=True, strict=True)
    number = 0
    while True:
        number += 1
        lines = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(str(error), text, quote, number, lines, field) from error
        yield number, [cell.strip() for cell in cells]


SHOWN = 40  # characters of a row that can't be read


def _unreadable(reason: str, text: str, quote: str, row: int, lines: int, field: str) -> BadTable:
    """Why the reader stopped in a row that begins after so many lines, in words about the file: its own know no place."""
    begins = next(islice(io.StringIO(text, newline=""), lines, None), "").strip()
    begins = begins if len(begins) <= SHOWN else f"{begins[:SHOWN]}…"
    place = f"row {row:,}" if row == lines + 1 else f"row {row:,} (line {lines + 1:,})"
    if "field limit" in reason:
        found, bound = f"has a cell of more than {csv.field_size_limit():,} characters", "a table of shorter cells"
    elif "end of data" in reason:
        found, bound = f"has a cell whose quote ({quote}) is never closed", "a table whose quotes are closed"
    else:
        found = f"has a cell that goes on behind its closing quote ({quote})"
        bound = "a table with a delimiter behind each closing quote, and a quote inside of a cell doubled"
    return BadTable(field, begins, bound, row=row, found=f"{found}, in {place}, which begins with {begins!r}")


def _has_header(rows: list[list[str]], marks: Marks) -> bool:
    """A first row without a number, above a column of numbers or above cells none of which it holds itself."""
    first, below = rows[0], rows[1:]
    if any(to_number(cell, marks) is not None for cell in first) or all(is_missing(cell) for cell in first):
        return False
    for column, name in enumerate(first):
        cells = [row[column] for row in below if not is_missing(row[column])]
        if sum(to_number(cell, marks) is not None for cell in cells) * 2 > len(cells):
            return True
        if name in cells:
            return False
    return True


def _names(first: list[str], header: bool, row: int, field: str) -> tuple[str, ...]:
    """Of the columns: those of the header, or their numbers."""
    names: dict[str, int] = {}
    for column, cell in enumerate(first, start=1):
        name = (cell if header else "") or f"column {column}"
        if len(name) > LONGEST_NAME:
            bound = f"a table whose names of columns have at most {LONGEST_NAME} characters"
            found = f"has a name of {len(name):,} characters for column {column}, which begins with {name[:SHOWN]!r}"
            raise BadTable(field, name, bound, row=row, column=column, found=found)
        if name in names:
            found = f"has the name {name!r} twice in its header, for columns {names[name]} and {column}"
            raise BadTable(field, name, "a table whose columns have names of their own", row=row, column=column, found=found)
        names[name] = column
    return tuple(names)
