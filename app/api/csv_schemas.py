"""A CSV file looked at before it is used: what comes in and what goes out, for OpenAPI."""

from typing import Any, Literal

from pydantic import Field

from .schemas import Listed, Strict


class CsvRequest(Strict):
    """A file to be looked at before it is used. What is left out is found out, or proposed."""

    text: str = Field(description="the file's content; its bytes have to be decoded before")
    target: str | None = Field(None, description="name of the column to be told")
    features: Listed[str] | None = Field(None, description="names of the columns to tell it from")
    targets: Literal["classes", "numbers"] | None = Field(None, description="whether the target is of classes or of numbers")
    standardise: bool = Field(True, description="whether a session would standardise the numbers, which not all of them can be")
    delimiter: Literal[",", ";", "\t", "|", " "] | None = Field(None, description="between two cells")
    quote: Literal['"', "'"] | None = Field(None, description="around a cell that has a delimiter in it")
    decimal: Literal[".", ","] | None = Field(None, description="the decimal mark of numbers")
    thousands: Literal["none", ",", ".", " ", "'"] | None = Field(None, description="the mark between thousands of numbers")
    header: bool | None = Field(None, description="whether the first row has the names of the columns")


class CsvDialect(Strict):
    """How the file is written."""

    delimiter: str = Field(description="between two cells")
    quote: str = Field(description="around a cell that has a delimiter in it")
    decimal: str = Field(description="the decimal mark of numbers")
    thousands: str = Field(description="the mark between thousands of numbers, or none")
    header: bool = Field(description="whether the first row has the names of the columns")


class CsvLikeness(Strict):
    """Cells that look like something else than they are read as: "$2" is no number, and "1,234" may be 1234 or 1.234."""

    kind: Literal["thousands", "decimals", "percent", "currency"] = Field(
        description="a mark between thousands, a decimal mark, or a sign for per cent or of a currency beside the number"
    )
    count: int = Field(description="how many cells look like it")
    row: int = Field(description="of the first of them, from 1, the header too")
    value: str = Field(description="what stands there")
    mark: str | None = Field(description="of thousands or decimals, which it would be; as `thousands` or `decimal` of a request takes it")


class CsvColumn(Strict):
    """Of numbers when at least half of its cells that are not missing are: the others are then `wrong`."""

    name: str = Field(description="as the header has it, or by its position")
    position: int = Field(description="from 1")
    kind: Literal["number", "category", "empty"] = Field(description="what its cells are")
    missing: int = Field(description="cells that are empty")
    wrong: int = Field(description="cells of a column of numbers that are no number")
    distinct: int = Field(description="unlike values")
    values: list[str] = Field(description="of a category, the first twenty")
    low: float | None = Field(description="the smallest number")
    high: float | None = Field(description="the largest number")
    looks_like: CsvLikeness | None = Field(description="what a person should look at before the column is used; null as a rule")


class CsvProblem(Strict):
    """A cell that can't be used, or, where `column` is null, a row of another length. From 1, as a spreadsheet counts."""

    row: int = Field(description="from 1, the header too")
    column: int | None = Field(description="from 1; null for a whole row")
    name: str | None = Field(description="of the column")
    value: str = Field(description="what stands there")
    bound: str = Field(description="what would be right")
    missing: bool = Field(description="whether nothing stands there, or a word for it such as NA or ?")


class CsvEncoding(Strict):
    """A category that is learned from, as the features that it becomes: in each row one of them is 1, and the others are 0."""

    column: str = Field(description="name of the category")
    count: int = Field(description="how many features it becomes")
    features: list[str] = Field(description="color=red for the value red of the column color; the first twenty")


class CsvPreview(Strict):
    """How a file reads. `refusal` is why a session would not take it even without its problems; null when it would."""

    dialect: CsvDialect = Field(description="as it was given or found out")
    row_count: int = Field(description="rows of data")
    columns: list[CsvColumn] = Field(description="in their order")
    first_rows: list[list[str]] = Field(description="cells as text, the first ten rows")
    target: str | None = Field(description="as it was given, or proposed")
    features: list[str] = Field(description="as they were given, or proposed")
    feature_count: int = Field(description="of the network's input: one for a column of numbers, one for each value of a category")
    encodings: list[CsvEncoding] = Field(description="categories among the features")
    targets: Literal["classes", "numbers"] | None = Field(description="of what the target is")
    class_names: list[str] = Field(description="values of the target, where it is of classes")
    usable_count: int = Field(description="rows without a problem")
    training_count: int = Field(
        description="those of them that a session would train on, the others being for the test; 0 where it is refused"
    )
    problem_count: int = Field(description="how many cells and rows can't be used")
    problems: list[CsvProblem] = Field(description="the first fifty")
    refusal: dict[str, Any] | None = Field(description="field, value and bound of a problem")
