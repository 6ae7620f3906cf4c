"""What only looks at sessions: as they are, at any step of their past, and at one as it could have been."""

from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from app.engine import Earlier, Phase

from .acting import title_of
from .branching import taken_otherwise
from .edit_keys import check_key
from .errors import StepOutOfRange, UnknownSession
from .history import earlier, history, was_finite
from .log import Action
from .memory import Memory
from .readable import Readable
from .recipe import Recipe
from .run import Run, Taken
from .session import Session
from .store import Row, Store

AROUND = 8  # steps at most that one look into the past keeps in memory beside its own: others look, too


class Looks:
    """All that can be read of the sessions of a store; what is not in memory is computed again."""

    def __init__(self, store: Store, memory: Memory, *, checkpoint_work: float, expire_after: float | None) -> None:
        self._store = store
        self._memory = memory
        self._readable = Readable()
        self._checkpoint_work = checkpoint_work
        self._expire_after = expire_after

    def read(self, id: str) -> Session:
        row = self._store.read(id)
        latest = self._store.history(id, row.step - 1)
        return self._session(row, latest[-1][1] if latest else {})

    def check_key(self, id: str, edit_key: str | None) -> None:
        """Whether an edit key is this session's; nothing is changed.

        Raises:
            UnknownSession, MissingKey, WrongKey, StoreUnavailable.
        """
        check_key(self._store.read(id).key_hash, edit_key)

    def _session(self, row: Row, latest: dict[str, Any], edit_key: str | None = None) -> Session:
        expires_at = None if self._expire_after is None else row.read_at + self._expire_after
        return Session(row.id, row.step, self._recipe(row), row.created_at, latest, row.parent, row.look, edit_key, expires_at)

    def phases(self, id: str, step: int) -> tuple[Recipe, int, tuple[Phase, ...]]:
        """A step of the run as its derivation, the next one too: (recipe, entries of the log before that step, phases).

        Raises:
            UnknownSession, StepOutOfRange.
        """
        row = self._store.read(id)
        if not 1 <= step <= row.step + 1:
            raise StepOutOfRange(step, row.step, and_next=True)
        recipe = self._recipe(row)
        return recipe, row.log.count_before(step), recipe.phases(step)

    def look(self, id: str, step: int) -> Taken:
        """A step of the past, bit for bit as it was.

        Raises:
            UnknownSession, StepOutOfRange, StoreUnavailable.
        """
        row = self._store.read(id)
        if not 1 <= step <= row.step:
            raise StepOutOfRange(step, row.step)
        return self._taken(row, step)

    def what_if(self, id: str, step: int, edits: Sequence[Action]) -> tuple[Taken, Taken]:
        """A step of the past as it was, and as it would have been with these edits before it. Nothing is kept.

        Raises:
            UnknownSession, StepOutOfRange, StoreUnavailable; EngineError for an edit that does not fit.
        """
        taken = self.look(id, step)
        return taken, taken_otherwise(taken, self._recipe(self._store.read(id)), edits)

    def recorded(self, id: str, step: int, count: int) -> list[Earlier]:
        """At most `count` steps right before `step`, the latest first, as they are on record; nothing is replayed."""
        first = max(1, step - count)
        if count < 1 or first >= step:
            return []
        recipe = self._recipe(self._store.read(id))
        found = []
        for n, kept in reversed(self._store.history(id, first - 1, step - 1)):
            record = earlier(n, kept, recipe.config["layer_sizes"], recipe.at(n).batch_size)
            if record is None:
                break
            found.append(record)
        return found

    def first_loss(self, id: str) -> float | None:
        """Of the run's first step, in nats; None where none was taken."""
        first = self._store.history(id, 0, 1)
        return float(first[0][1]["loss"]) if first else None

    def broken_since(self, id: str, step: int) -> int:
        """Of the steps up to a broken one, the first from which on none was finite, as it is on record; nothing is replayed.

        Raises:
            UnknownSession: also where the session is deleted meanwhile.
        """
        first, count = step, 64
        while first > 1:
            rows = self._store.history(id, max(0, first - 1 - count), first - 1)
            if not rows:
                raise UnknownSession(id)
            for n, kept in reversed(rows):
                if was_finite(kept):
                    return first
                first = n
            count *= 2
        return first

    def history(self, id: str, since: int = 0) -> dict[str, Any]:
        """Columns of scalars of the steps above `since`; from the start (0), with those of the network before its first step."""
        row = self._store.read(id)
        self._readable.check(row)
        rows = self._store.history(id, since or -1)
        initial = rows.pop(0)[1] if since == 0 else {}
        marks = [{"step": entry.step, "number": entry.number, "title": title_of(entry.action)} for entry in row.log.edits]
        return {**history(initial, rows, len(row.config["layer_sizes"]) - 1), "marks": marks}

    def _taken(self, row: Row, step: int) -> Taken:
        kept = self._memory.trace(row.id, step)
        if kept is not None:
            return kept
        taken = self._replayed(row, step - 1).advance()
        self._memory.keep_trace(row.id, taken)
        return taken

    def _replayed(self, row: Row, step: int, run: Run | None = None) -> Run:
        """A network at a step of the past, from `run`, from a checkpoint or from a step that is in memory, whichever is nearest.

        On a long way, the last steps that would have been checkpoints come into memory, so that whoever looks around there waits once.
        """
        recipe = self._recipe(row)
        found = self._store.nearest_checkpoint(row.id, step)
        nearest = max(found[0] if found else 0, run.step if run else 0)
        if kept := self._memory.nearest(row.id, step + 1, after=nearest + 1):
            run = kept.again(recipe)
        elif run is None or nearest > run.step:
            run = Run.from_checkpoint(recipe, *found) if found else Run.begin(recipe)
        passed: deque[Taken] = deque(maxlen=AROUND)
        work = run.work
        while run.step < step:
            taken = run.advance()
            if run.work - work >= self._checkpoint_work:
                work = run.work
                passed.append(taken)
        for taken in passed:
            self._memory.keep_trace(row.id, taken)
        return run

    def _recipe(self, row: Row) -> Recipe:
        """Raises OtherVersion."""
        self._readable.check(row)
        return Recipe(row.config, partial(self._store.content, row.id) if "content" in row.config["dataset"] else None, row.log)
