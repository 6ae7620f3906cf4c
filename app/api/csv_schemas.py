"""A CSV file looked at before it is used: what comes in and what goes out, for OpenAPI."""

from typing import Any, Literal

from pydantic import Field

from .schemas import Strict


class CsvRequest(Strict):
    """A file to be looked at before it is used. What is left out is found out, or proposed."""

    text: str = Field(description="the file's content; its bytes have to be decoded before")
    target: str | None = None
    features: list[str] | None = None
    targets: Literal["classes", "numbers"] | None = None
    delimiter: Literal[",", ";", "\t", "|", " "] | None = None
    quote: Literal['"', "'"] | None = None
    decimal: Literal[".", ","] | None = None
    header: bool | None = None


class CsvDialect(Strict):
    delimiter: str
    quote: str
    decimal: str
    header: bool


class CsvColumn(Strict):
    """Of numbers when at least half of its cells that are not missing are: the others are then `wrong`."""

    name: str
    position: int = Field(description="from 1")
    kind: Literal["number", "category", "empty"]
    missing: int
    wrong: int
    distinct: int
    values: list[str] = Field(description="of a category, the first twenty")
    low: float | None
    high: float | None


class CsvProblem(Strict):
    """A cell that can't be used, or, where `column` is null, a row of another length. From 1, as a spreadsheet counts."""

    row: int
    column: int | None
    name: str | None
    value: str
    bound: str


class CsvEncoding(Strict):
    """A category that is learned from, as the features that it becomes: in each row one of them is 1, and the others are 0."""

    column: str
    count: int
    features: list[str] = Field(description="color=red for the value red of the column color; the first twenty")


class CsvPreview(Strict):
    """How a file reads. `refusal` is why a session would not take it even without its problems; null when it would."""

    dialect: CsvDialect
    row_count: int
    columns: list[CsvColumn]
    first_rows: list[list[str]] = Field(description="cells as text, the first ten rows")
    target: str | None
    features: list[str]
    feature_count: int = Field(description="of the network's input: one for a column of numbers, one for each value of a category")
    encodings: list[CsvEncoding]
    targets: Literal["classes", "numbers"] | None
    class_names: list[str]
    usable_count: int = Field(description="rows without a problem")
    problem_count: int
    problems: list[CsvProblem] = Field(description="the first fifty")
    refusal: dict[str, Any] | None
