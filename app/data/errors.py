"""What is wrong with a table that somebody brought, as data."""

from app.engine import EngineError


class BadTable(EngineError):
    """A table that can't be used. `row` and `column`, from 1, are the place as a spreadsheet shows it, where there is one."""

    def __init__(
        self, field: str, value: object, bound: str, *, row: int | None = None, column: int | None = None, found: str = ""
    ) -> None:
        self.row = row
        self.column = column
        super().__init__(field, value, bound, found=found)
