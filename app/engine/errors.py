"""What the engine refuses, as data: the field, the value and the bound. It knows no HTTP."""

from collections.abc import Iterable


class EngineError(ValueError):
    """Input that the engine can't take.

    `field` is the place as the caller wrote it, counted from 0 as lists are (`"W[1][0]"`), `value` what was given, `bound` what would be
    right. Where the value alone doesn't show what is wrong with it, `found` says it: "has 3 rows", "is missing".
    """

    def __init__(self, field: str, value: object, bound: str, *, found: str = "") -> None:
        self.field = field
        self.value = value
        self.bound = bound
        self.found = found
        super().__init__(f"{field} {found or f'is {value!r}'}; it must be {bound}.")


class UnknownName(EngineError):
    """A name that stands in no register."""

    def __init__(self, field: str, value: object, choices: Iterable[str]) -> None:
        super().__init__(field, value, f"one of: {', '.join(sorted(choices))}")


class UnknownParameter(EngineError):
    """A parameter that the named ingredient does not have."""

    def __init__(self, field: str, value: object, choices: Iterable[str]) -> None:
        listed = ", ".join(choices)
        super().__init__(field, value, f"left out; the parameters are: {listed}" if listed else "left out; there are no parameters")


class OutOfBounds(EngineError):
    """A number outside the bounds that its parameter declares."""


class WrongType(EngineError):
    """Text where a number belongs, a fraction where a count belongs."""


class ShapeMismatch(EngineError):
    """An array whose shape does not fit its neighbours."""


class NotFinite(EngineError):
    """NaN or an infinity among numbers that a person gave."""


class NotADistribution(EngineError):
    """A column of Y that is no probability distribution, where the loss needs one."""


class NotAProbability(EngineError):
    """A target outside [0, 1], where the loss needs a probability."""


class UnfitPair(EngineError):
    """A loss that can't be taken on this output activation."""


def counted(count: int, one: str = "entry", many: str = "entries") -> str:
    """How many there are, in words: "1 entry"."""
    return f"{count} {one if count == 1 else many}"


def between(low: int, high: int) -> str:
    """The whole numbers that would do, in words: "0 to 3", or "0" where no other would."""
    return f"{low} to {high}" if low != high else str(low)


def for_each_hidden(layers: int) -> str:
    """For each of so many hidden layers, in words."""
    return "for the 1 hidden layer" if layers == 1 else f"for each of the {layers} hidden layers"
