"""One register per family of ingredients: a public name leads to the class that computes it.

The catalogue, the form, the derivation and the tests read the registers, so adding an ingredient is adding one class.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from .equation import Equation
from .errors import OutOfBounds, UnknownName, UnknownParameter, WrongType

Entry = TypeVar("Entry")
Added = TypeVar("Added", bound=type)

# how a person names an ingredient: "relu", or with its parameters {"name": "leaky_relu", "negative_slope": 0.2}
Choice: TypeAlias = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of an ingredient: its type, default, bounds and a sentence, for the form, the checks and the docs alike.

    `type` is float, int or bool. The bounds are inclusive, but for `low` when `low_open`. `symbol` is its letter in equations (LaTeX).
    """

    name: str
    type: type
    default: float | int | bool
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    help: str = ""
    symbol: str = ""
    above: str = ""  # the name of another parameter that it has to be larger than

    @property
    def bound(self) -> str:
        """The bound in words, as it stands in an error message."""
        if self.type is bool:
            return "true or false"
        kind = "a whole number" if self.type is int else "a finite number"
        low = "" if self.low is None else f"{'above' if self.low_open else 'at least'} {self.low:g}"
        high = "" if self.high is None else f"at most {self.high:g}"
        limits = " and ".join(part for part in (low, high) if part)
        return f"{kind}, {limits}" if limits else kind

    def check(self, value: object, field: str) -> float | int | bool:
        """The value in the parameter's type.

        Raises:
            WrongType: not a number, or not a whole one where one is needed.
            OutOfBounds: not finite, or outside the bounds.
        """
        if self.type is bool:
            if not isinstance(value, bool):
                raise WrongType(field, value, self.bound)
            return value
        # a bool is an int to Python, but never a number to the person who wrote it
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongType(field, value, self.bound)
        if self.type is int and value % 1 != 0:  # NaN and the infinities are no whole numbers either
            raise WrongType(field, value, self.bound)
        too_low = self.low is not None and (value <= self.low if self.low_open else value < self.low)
        too_high = self.high is not None and value > self.high
        if too_low or too_high or not _is_finite(value):
            raise OutOfBounds(field, value, self.bound)
        return int(value) if self.type is int else float(value)


def _is_finite(value: float | int) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of 400 digits
        return False


class Ingredient(Protocol):
    """What every register entry says of itself."""

    name: ClassVar[str]
    title: ClassVar[str]
    source: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    equations: ClassVar[Mapping[str, Equation]]


class Register(Generic[Entry]):
    """The classes of one family by their public names, in the order in which they were added.

    `family` is the word in error messages ("activation").
    """

    def __init__(self, family: str) -> None:
        self.family = family
        self._entries: dict[str, type[Entry]] = {}

    def add(self, entry: Added) -> Added:
        """Class decorator. A second entry of the same name is a mistake in our own code."""
        name: str = entry.name  # type: ignore[attr-defined]
        if name in self._entries:
            raise ValueError(f"{self.family} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> type[Entry]:
        return self.find(name, field=self.family)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def values(self) -> tuple[type[Entry], ...]:
        return tuple(self._entries.values())

    def find(self, name: object, *, field: str) -> type[Entry]:
        """The class of that name.

        Raises:
            UnknownName: with the choices.
        """
        if not isinstance(name, str) or name not in self._entries:
            raise UnknownName(field, name, self._entries)
        return self._entries[name]

    def make(self, name: object, settings: Mapping[str, Any] | None = None, *, field: str) -> Entry:
        """The ingredient with its parameters checked and its defaults filled in.

        Raises:
            UnknownName, UnknownParameter, WrongType, OutOfBounds: each with the field as `field.parameter`, or as `parameter` under no field.
        """
        under = f"{field}." if field else ""
        entry = self.find(name, field=f"{under}name" if settings is not None else field)
        parameters: tuple[Parameter, ...] = getattr(entry, "parameters", ())
        settings = settings or {}
        known = {parameter.name for parameter in parameters}
        for extra in settings:
            if extra not in known:
                raise UnknownParameter(f"{under}{extra}", settings[extra], (parameter.name for parameter in parameters))
        return entry(
            **{
                parameter.name: parameter.check(settings.get(parameter.name, parameter.default), f"{under}{parameter.name}")
                for parameter in parameters
            }
        )

    def choose(self, given: Choice, *, field: str) -> Entry:
        """The ingredient that a choice means. Raises as `make` does."""
        name, settings = parted(given)
        return self.make(name, settings, field=field)

    def written(self, given: Choice, *, field: str) -> Choice:
        """A choice in the one form in which it is kept: with every parameter, or the name alone where all have their defaults.

        Raises as `make` does.
        """
        name, settings = parted(given)
        made = self.make(name, settings, field=field)
        entry: type[Any] = type(made)
        filled = {
            parameter.name: parameter.check((settings or {}).get(parameter.name, parameter.default), f"{field}.{parameter.name}")
            for parameter in entry.parameters
        }
        if all(filled[parameter.name] == parameter.default for parameter in entry.parameters):
            return str(entry.name)
        return {"name": entry.name, **filled}


def parted(given: Choice) -> tuple[object, dict[str, Any] | None]:
    """(name, settings) of a choice; no settings where a name was all that was given."""
    if not isinstance(given, Mapping):
        return given, None
    return given.get("name"), {name: value for name, value in given.items() if name != "name"}
