"""The log of a run: what was done to it beside stepping. Nothing is ever taken out of it; to undo is an entry too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine import UnknownParameter

from .errors import NothingToUndo

Action = Mapping[str, Any]
UNDO, REDO = "undo", "redo"


@dataclass(frozen=True, slots=True)
class Entry:
    """`action` was taken as number `number` when the session stood at `step`: it acts on step + 1 and, if it stands, on all after it."""

    number: int
    step: int
    action: Action
    made_at: float


def entered(actions: Iterable[Action], *, after: int, step: int, at: float) -> list[Entry]:
    """Actions as entries of a log that has `after` of them, of a session that stands at `step`; `at` is a time in seconds."""
    return [Entry(number, step, action, at) for number, action in enumerate(actions, start=after + 1)]


class Log:
    """The entries in their order, and what follows from them."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)
        self._done: list[Entry] = []
        self._undone: list[Entry] = []
        step = 0
        for entry in self.entries:
            if entry.step > step:
                self._undone.clear()  # what was undone before a step stays so
            step = entry.step
            match entry.action["name"]:
                case "undo":
                    self._undone.append(self._done.pop())
                case "redo":
                    self._done.append(self._undone.pop())
                case _:
                    self._done.append(entry)
                    self._undone.clear()

        self._touched = frozenset(entry.step + 1 for entry in self.entries)

    def touches(self, step: int) -> bool:
        """Whether anything was done right before a step."""
        return step in self._touched

    @property
    def edits(self) -> tuple[Entry, ...]:
        """What was done and not undone."""
        return tuple(self._done)

    def acting_on(self, step: int) -> tuple[Entry, ...]:
        """The edits made right before a step."""
        return tuple(entry for entry in self._done if entry.step == step - 1)

    def before(self, step: int) -> tuple[Entry, ...]:
        """The edits made at any time before a step."""
        return tuple(entry for entry in self._done if entry.step < step)

    def count_before(self, step: int) -> int:
        """How many entries, undone and undoing ones too, were made before a step."""
        return sum(entry.step < step for entry in self.entries)

    def to_undo(self, step: int) -> Entry | None:
        """What `undo` takes back in a session that stands at `step`."""
        return self._done[-1] if self._done and self._done[-1].step == step else None

    def to_redo(self, step: int) -> Entry | None:
        return self._undone[-1] if self._undone and self.entries[-1].step == step else None

    def check(self, action: Action, step: int) -> None:
        """Refuses to undo or redo where there is nothing, or with anything beside the name: it would stay in the log for good.

        Raises:
            UnknownParameter, NothingToUndo.
        """
        name = action["name"]
        for extra in action:
            if extra != "name":
                raise UnknownParameter(f"action.{extra}", action[extra], ())
        if name == UNDO and self.to_undo(step) is None:
            last = self._done[-1].step if self._done else None
            raise NothingToUndo(name, last)
        if name == REDO and self.to_redo(step) is None:
            raise NothingToUndo(name, None)
