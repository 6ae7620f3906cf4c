"""What happened to a session since one last looked: where it was then, and each step and action after it, in their order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

_Id = re.compile(r"([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a session was: steps taken, entries in its log, and how often its owner had looked elsewhere. Each only grows."""

    step: int
    edits: int
    looks: int

    def __str__(self) -> str:
        return f"{self.step}.{self.edits}.{self.looks}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """The place that `str` wrote; None where it is none."""
        found = _Id.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None

    @property
    def of_run(self) -> tuple[int, int]:
        """All of it that the run itself can tell."""
        return self.step, self.edits

    def is_within(self, other: "Place") -> bool:
        return self.step <= other.step and self.edits <= other.edits and self.looks <= other.looks


@dataclass(frozen=True, slots=True)
class Happening:
    """One step or action, or the last look. `place` is where the session was right after it; `content` is JSON as it is stored."""

    kind: Literal["step", "edit", "look", "deleted"]
    place: Place
    content: bytes = b"{}"


@dataclass(frozen=True, slots=True)
class News:
    """`now` is where the session is, `look` where its owner looks; `happened` may stop before `now` where there is much to tell."""

    now: Place
    look: bytes | None
    happened: tuple[Happening, ...]


def in_order(place: Place, steps: Sequence[tuple[int, bytes]], actions: Sequence[tuple[int, int, bytes]], most: int) -> Iterator[Happening]:
    """Steps (step, scalars) and actions (number, the step that the session stood at, action) after `place`, as they came.

    Where one of the two has `most` entries there may be more of it, and what came after its last is left for the next reading.
    """
    told: list[tuple[tuple[int, int], bytes]] = [((step, 0), scalars) for step, scalars in steps]
    told += [((step, number), action) for number, step, action in actions]
    ends = []
    if len(steps) == most:
        ends.append((steps[-1][0], 0))
    if len(actions) == most:
        number, step, _ = actions[-1]
        ends.append((step, number))
    for key, content in sorted(told, key=lambda one: one[0]):
        if ends and key > min(ends):
            return
        step, number = key
        place = replace(place, edits=number) if number else replace(place, step=step)
        yield Happening("edit" if number else "step", place, content)
