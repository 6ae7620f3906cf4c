"""A run over time: a recipe that is never lost, and everything that can be computed from it again."""

from .errors import (
    LogConflict,
    LogOutOfRange,
    MissingKey,
    NotChangeable,
    NothingToUndo,
    SessionError,
    StepConflict,
    StepOutOfRange,
    StoreUnavailable,
    UnknownSession,
    WrongKey,
)
from .log import Entry
from .recipe import Recipe, normalise
from .run import Taken
from .sessions import Session, Sessions
from .store import Store

__all__ = [
    "Entry",
    "LogConflict",
    "LogOutOfRange",
    "MissingKey",
    "NotChangeable",
    "NothingToUndo",
    "Recipe",
    "Session",
    "SessionError",
    "Sessions",
    "StepConflict",
    "StepOutOfRange",
    "Store",
    "StoreUnavailable",
    "Taken",
    "UnknownSession",
    "WrongKey",
    "normalise",
]
