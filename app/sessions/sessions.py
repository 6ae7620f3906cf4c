"""Sessions as a caller sees them: make, read, step, look back, delete. Durable before answered."""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.engine import Earlier, parameter_count

from .errors import MissingKey, StepConflict, StepOutOfRange, WrongKey
from .history import earlier, history, scalars, word
from .recipe import Recipe
from .run import Run, Taken
from .store import Row, Store


@dataclass(frozen=True, slots=True)
class Session:
    """What is told of a session; `edit_key` only to whoever made it."""

    id: str
    step: int
    recipe: Recipe
    created_at: float
    latest: dict[str, Any]
    edit_key: str | None = None

    @property
    def parameter_count(self) -> int:
        # sessions that were made before layers could be normalised say nothing of it
        return parameter_count(self.recipe.config["layer_sizes"], self.recipe.config.get("normalisation"))


class Sessions:
    """All sessions of a store. In memory only what can be computed again: live networks and recent traces."""

    def __init__(
        self, store: Store, *, max_live: int = 64, max_live_bytes: int = 256 * 1024 * 1024, max_trace_bytes: int = 256 * 1024 * 1024
    ) -> None:
        self._store = store
        self._max_live_bytes = max_live_bytes
        self._max_live = max_live
        self._max_trace_bytes = max_trace_bytes
        self._live: OrderedDict[str, tuple[Row, Run]] = OrderedDict()
        self._traces: OrderedDict[tuple[str, int], Taken] = OrderedDict()
        self._trace_bytes = 0
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()  # of the four above

    def create(self, recipe: Recipe) -> Session:
        id, edit_key = secrets.token_urlsafe(18), secrets.token_urlsafe(24)
        run = Run.begin(recipe)
        test_loss, test_accuracy = run.test()
        initial = {"test_loss": word(test_loss), "test_accuracy": test_accuracy}
        row = self._store.create(id, _hash(edit_key), recipe.config, initial, recipe.content() if recipe.content else None)
        run.recipe = recipe = self._recipe(row)  # what was brought is in the store now, and need not stay in memory
        self._keep_run(row, run)
        return Session(id, 0, recipe, row.created_at, initial, edit_key)

    def read(self, id: str) -> Session:
        row = self._store.read(id)
        latest = self._store.history(id, row.step - 1)
        return Session(id, row.step, self._recipe(row), row.created_at, latest[-1][1] if latest else {})

    def take_steps(self, id: str, edit_key: str | None, *, count: int = 1, expected_step: int | None = None) -> Taken:
        """Takes `count` batches and answers the last.

        Raises:
            UnknownSession, MissingKey, WrongKey, StoreUnavailable.
            StepConflict: the session is not at `expected_step`; nothing was stepped.
        """
        with self._alone(id):
            known = self._known(id)
            if known is not None and expected_step in (None, known.step):
                _check_key(known, edit_key)
                try:
                    return self._advance(known, count)
                except StepConflict:
                    pass  # another process has stepped the session since: look again
            row = self._store.read(id)
            _check_key(row, edit_key)
            if expected_step is not None and expected_step != row.step:
                raise StepConflict(expected_step, row.step)
            return self._advance(row, count)

    def _advance(self, row: Row, count: int) -> Taken:
        """Takes `count` steps after `row.step` and records them; answers the last."""
        run = self._run_at(row, row.step)
        rows = []
        for _ in range(count):
            taken = run.advance()
            rows.append(scalars(taken.trace, run.test(), taken.network))
        interval = _checkpoint_interval(run)
        is_due = run.step // interval > row.step // interval
        try:
            self._store.append(row.id, row.step, rows, run.to_checkpoint() if is_due else None)
        except BaseException:
            self._drop(row.id)  # the network in memory is ahead of what is recorded
            raise
        self._keep_run(replace(row, step=run.step), run)
        self._keep_trace(row.id, taken)
        return taken

    def look(self, id: str, step: int) -> Taken:
        """A step of the past, bit for bit as it was.

        Raises:
            UnknownSession, StepOutOfRange, StoreUnavailable.
        """
        row = self._store.read(id)
        if not 1 <= step <= row.step:
            raise StepOutOfRange(step, row.step)
        with self._guard:
            kept = self._traces.get((id, step))
            if kept is not None:
                self._traces.move_to_end((id, step))
                return kept
        run = self._replayed(row, step - 1)
        taken = run.advance()
        self._keep_trace(id, taken)
        return taken

    def before(self, id: str, step: int, count: int) -> list[Taken]:
        """At most `count` steps right before `step`, the latest first, as far as they are in memory without a gap; nothing is replayed."""
        found = []
        with self._guard:
            for n in range(step - 1, max(0, step - 1 - count), -1):
                kept = self._traces.get((id, n))
                if kept is None:
                    break
                found.append(kept)
        return found

    def recorded(self, id: str, step: int, count: int) -> list[Earlier]:
        """At most `count` steps right before `step`, the latest first, as they are on record; nothing is replayed."""
        first = max(1, step - count)
        if count < 1 or first >= step:
            return []
        row = self._store.read(id)
        config = row.config
        found = []
        for n, kept in reversed(self._store.history(id, first - 1)):
            if n < step:
                record = earlier(n, kept, config["layer_sizes"], config["batch_size"])
                if record is None:
                    break
                found.append(record)
        return found

    def history(self, id: str, since: int = 0) -> dict[str, Any]:
        """Columns of scalars of the steps above `since`; from the start (0), with those of the network before its first step."""
        row = self._store.read(id)
        rows = self._store.history(id, since or -1)
        initial = rows.pop(0)[1] if since == 0 else {}
        return history(initial, rows, len(row.config["layer_sizes"]) - 1)

    def delete(self, id: str, edit_key: str | None) -> None:
        with self._alone(id):
            _check_key(self._store.read(id), edit_key)
            self._store.delete(id)
            self._drop(id)
            with self._guard:
                for key in [key for key in self._traces if key[0] == id]:
                    self._trace_bytes -= _size(self._traces.pop(key))

    def _run_at(self, row: Row, step: int) -> Run:
        """The live network if it is at this step (another process may have moved the session on), else one replayed."""
        with self._guard:
            _, run = self._live.get(row.id, (None, None))
        return run if run is not None and run.step == step else self._replayed(row, step)

    def _known(self, id: str) -> Row | None:
        """The session's row as this process left it. Another process may have stepped or deleted it since, which `append` finds out."""
        with self._guard:
            row, run = self._live.get(id, (None, None))
        return row if row is not None and run is not None and run.step == row.step else None

    def _replayed(self, row: Row, step: int) -> Run:
        recipe = self._recipe(row)
        found = self._store.nearest_checkpoint(row.id, step)
        run = Run.from_checkpoint(recipe, *found) if found else Run.begin(recipe)
        while run.step < step:
            run.advance()
        return run

    def _recipe(self, row: Row) -> Recipe:
        return Recipe(row.config, partial(self._store.content, row.id) if "content" in row.config["dataset"] else None)

    def _keep_run(self, row: Row, run: Run) -> None:
        with self._guard:
            self._live[row.id] = (row, run)
            self._live.move_to_end(row.id)
            while len(self._live) > self._max_live or sum(_held(kept) for _, kept in self._live.values()) > self._max_live_bytes:
                self._live.popitem(last=False)

    def _keep_trace(self, id: str, taken: Taken) -> None:
        key = (id, taken.trace.step)
        with self._guard:
            if key in self._traces:
                return
            self._traces[key] = taken
            self._trace_bytes += _size(taken)
            while self._trace_bytes > self._max_trace_bytes and self._traces:
                _, old = self._traces.popitem(last=False)
                self._trace_bytes -= _size(old)

    def _drop(self, id: str) -> None:
        with self._guard:
            self._live.pop(id, None)

    @contextmanager
    def _alone(self, id: str) -> Iterator[None]:
        """One change of a session at a time in this process; the store decides between processes."""
        with self._guard:
            lock, users = self._locks.get(id, (threading.Lock(), 0))
            self._locks[id] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._locks[id]
                if users == 1:
                    del self._locks[id]
                else:
                    self._locks[id] = (lock, users - 1)


def _hash(edit_key: str) -> bytes:
    # the key is 192 random bits: no salt and no slow hash would make it harder to guess
    return hashlib.sha256(edit_key.encode()).digest()


def _check_key(row: Row, edit_key: str | None) -> None:
    if edit_key is None:
        raise MissingKey()
    if not hmac.compare_digest(row.key_hash, _hash(edit_key)):
        raise WrongKey()


def _checkpoint_interval(run: Run) -> int:
    """Steps between checkpoints: the larger the network, the rarer, so that storing never outweighs stepping."""
    return min(1000, max(20, parameter_count(run.network.layer_sizes) // 500))


def _held(run: Run) -> int:
    """Bytes of a live network's parameters."""
    return parameter_count(run.network.layer_sizes) * run.network.dtype.itemsize


def _size(taken: Taken) -> int:
    """Bytes that a trace holds on to."""
    return sum(
        tensor.nbytes
        for layer in taken.trace.layers
        for tensor in (layer.W, layer.b, layer.Z, layer.A, layer.dA, layer.dZ, layer.dW, layer.db, *layer.more.values())
        if tensor is not None
    )
