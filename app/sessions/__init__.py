"""A run over time: a recipe that is never lost, and everything that can be computed from it again."""

from .errors import (
    LogConflict,
    LogOutOfRange,
    MissingKey,
    NoSuchPlace,
    NotChangeable,
    NothingToUndo,
    OtherVersion,
    SessionError,
    StepConflict,
    StepOutOfRange,
    StoreUnavailable,
    TooManyWatchers,
    UnknownSession,
    WrongKey,
)
from .log import Entry
from .news import Happening, Place
from .recipe import Recipe, normalise
from .run import Taken
from .session import Session
from .sessions import Sessions
from .store import Store, fresh_for
from .watch import Watcher, Watching

__all__ = [
    "Entry",
    "Happening",
    "LogConflict",
    "LogOutOfRange",
    "MissingKey",
    "NoSuchPlace",
    "NotChangeable",
    "NothingToUndo",
    "OtherVersion",
    "Place",
    "Recipe",
    "Session",
    "SessionError",
    "Sessions",
    "StepConflict",
    "StepOutOfRange",
    "Store",
    "StoreUnavailable",
    "Taken",
    "TooManyWatchers",
    "UnknownSession",
    "Watcher",
    "Watching",
    "WrongKey",
    "fresh_for",
    "normalise",
]
