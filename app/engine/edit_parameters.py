"""What an edit may be told beside numbers: the name of a tensor, a whole tensor, settings of an optimizer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from .errors import NotFinite, OutOfBounds, ShapeMismatch, UnknownName, WrongType, counted
from .register import Parameter

Matrix: TypeAlias = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some names; `choices` are all that there may be, of which a network may have fewer."""

    name: str
    choices: tuple[str, ...]
    help: str = ""
    symbol: str = ""
    low: None = None
    high: None = None
    low_open: bool = False
    type: type = str

    @property
    def default(self) -> str:
        return self.choices[0]

    @property
    def bound(self) -> str:
        return f"one of: {', '.join(self.choices)}"

    def check(self, value: object, field: str) -> str:
        """Raises UnknownName."""
        if not isinstance(value, str) or value not in self.choices:
            raise UnknownName(field, value, self.choices)
        return value


@dataclass(frozen=True, slots=True)
class OrNone:
    """A number within bounds, or null."""

    of: Parameter

    def __getattr__(self, name: str) -> Any:
        return getattr(self.of, name)

    @property
    def bound(self) -> str:
        return f"{self.of.bound}, or null"

    def check(self, value: object, field: str) -> float | int | bool | None:
        """Raises WrongType or OutOfBounds."""
        if value is None:
            return None
        try:
            return self.of.check(value, field)
        except (OutOfBounds, WrongType) as error:
            raise type(error)(field, value, self.bound) from None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A matrix as rows of finite numbers; one number a row may be written flat."""

    name: str
    help: str = ""
    symbol: str = ""
    default: Matrix = ((0.0,),)
    low: None = None
    high: None = None
    low_open: bool = False
    type: type = list

    bound = "a matrix: a list of rows, each a list of as many finite numbers"

    def check(self, value: object, field: str) -> Matrix:
        """Raises WrongType, ShapeMismatch or NotFinite, with the cell."""
        rows = self._list(value, field, self.bound)
        made = []
        for at, row in enumerate(rows):
            flat = isinstance(row, int | float)
            cells = [row] if flat else self._list(row, f"{field}[{at}]", "a row: a list of finite numbers, or a single one")
            made.append(tuple(self._number(cell, f"{field}[{at}]" if flat else f"{field}[{at}][{col}]") for col, cell in enumerate(cells)))
            if len(made[at]) != len(made[0]):
                expected, found = (counted(len(one), "number", "numbers") for one in (made[0], made[at]))
                raise ShapeMismatch(f"{field}[{at}]", row, f"a row of {expected}, as the first is", found=f"has {found}")
        return tuple(made)

    def _list(self, value: object, field: str, bound: str) -> Sequence[Any]:
        if isinstance(value, str) or not isinstance(value, Sequence) or not len(value):
            raise WrongType(field, value, bound)
        return value

    def _number(self, cell: object, field: str) -> float:
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            raise WrongType(field, cell, "a finite number")
        try:
            number = float(cell)
        except OverflowError:  # a whole number of 400 digits
            number = math.inf
        if not math.isfinite(number):
            raise NotFinite(field, cell, "a finite number")
        return number


@dataclass(frozen=True, slots=True)
class Changes:
    """Parameters of an ingredient by name, with their new values; which there are, the ingredient says."""

    name: str
    help: str = ""
    symbol: str = ""
    low: None = None
    high: None = None
    low_open: bool = False
    type: type = dict

    bound = "an object of parameters with their new values, at least one"

    @property
    def default(self) -> dict[str, Any]:
        return {}

    def check(self, value: object, field: str) -> dict[str, float | int | bool]:
        """Raises WrongType."""
        if not isinstance(value, Mapping):
            raise WrongType(field, value, self.bound)
        return dict(value)
