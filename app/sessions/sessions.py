"""Sessions as a caller sees them: make, read, step, edit, fork, look back, delete. Durable before answered."""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.engine import Earlier, Phase, parameter_count

from .acting import CHANGEABLE, CONFIGURE, checked, configured, standing_after, title_of
from .checkpoints import WORK, to_drop
from .errors import LogConflict, LogOutOfRange, MissingKey, NotChangeable, StepConflict, StepOutOfRange, StoreUnavailable, WrongKey
from .history import earlier, history, scalars, word
from .log import REDO, UNDO, Action, Entry, Log
from .recipe import Recipe
from .run import Run, Taken
from .store import Row, Store


@dataclass(frozen=True, slots=True)
class Session:
    """What is told of a session; `edit_key` only to whoever made it. `log` is all that was done to it, `standing` what acts from here on."""

    id: str
    step: int
    recipe: Recipe
    created_at: float
    latest: dict[str, Any]
    parent: tuple[str, int] | None = None
    look: dict[str, Any] | None = None
    edit_key: str | None = None
    expires_at: float | None = None

    @property
    def parameter_count(self) -> int:
        # sessions that were made before layers could be normalised say nothing of it
        return parameter_count(self.recipe.config["layer_sizes"], self.recipe.config.get("normalisation"))

    @property
    def log(self) -> Log:
        return self.recipe.log

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the configuration that are not any more what the run began with."""
        config, now = self.recipe.config, self.recipe.at(self.step + 1).config
        return {name: now[name] for name in CHANGEABLE if now.get(name) != config.get(name)}

    @property
    def standing(self) -> tuple[Action, ...]:
        return standing_after(self.log.edits)


class Sessions:
    """All sessions of a store. In memory only what can be computed again: live networks and recent traces."""

    def __init__(
        self,
        store: Store,
        *,
        max_live: int = 64,
        max_live_bytes: int = 256 * 1024 * 1024,
        max_trace_bytes: int = 256 * 1024 * 1024,
        max_checkpoint_bytes: int = 64 * 1024 * 1024,
        checkpoint_work: float = WORK,
        expire_after: float | None = None,
    ) -> None:
        self._store = store
        self._expire_after = expire_after
        self._max_live_bytes = max_live_bytes
        self._max_live = max_live
        self._max_trace_bytes = max_trace_bytes
        self._max_checkpoint_bytes = max_checkpoint_bytes
        self._checkpoint_work = checkpoint_work
        self._live: OrderedDict[str, tuple[Row, Run]] = OrderedDict()
        self._traces: OrderedDict[tuple[str, int], Taken] = OrderedDict()
        self._trace_bytes = 0
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()  # of the four above

    def create(self, recipe: Recipe, *, parent: tuple[str, int] | None = None, edits: Sequence[Action] = ()) -> Session:
        """A session at step 0; `edits` are made before its first step. Raises EngineError for one that does not fit."""
        id, edit_key = secrets.token_urlsafe(18), secrets.token_urlsafe(24)
        run = Run.begin(recipe)
        edits = self._checked(run, edits)
        test_loss, test_accuracy = run.test()
        initial = {"test_loss": word(test_loss), "test_accuracy": test_accuracy}
        content = recipe.content() if recipe.content else None
        row = self._store.create(id, _hash(edit_key), recipe.config, initial, content, parent=parent, begin_with=edits)
        run.follow(self._recipe(row))  # what was brought is in the store now, and need not stay in memory
        self._keep_run(row, run)
        return self._session(row, initial, edit_key)

    def read(self, id: str) -> Session:
        row = self._store.read(id)
        latest = self._store.history(id, row.step - 1)
        return self._session(row, latest[-1][1] if latest else {})

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
            raise StepOutOfRange(step, row.step + 1)
        recipe = self._recipe(row)
        return recipe, row.log.count_before(step), recipe.phases(step)

    def take_steps(self, id: str, edit_key: str | None, *, count: int = 1, expected_step: int | None = None) -> Taken:
        """Takes `count` batches and answers the last.

        Raises:
            UnknownSession, MissingKey, WrongKey, StoreUnavailable.
            StepConflict: the session is not at `expected_step`; nothing was stepped.
        """
        with self._alone(id):
            while True:
                try:
                    return self._take_steps(id, edit_key, count, expected_step)
                except (StepConflict, LogConflict) as conflict:
                    # another process on the same file was faster. Whoever said nothing of a step takes it from where the run is now
                    if expected_step is not None:
                        raise StepConflict(expected_step, self._store.read(id).step) from conflict

    def _take_steps(self, id: str, edit_key: str | None, count: int, expected_step: int | None) -> Taken:
        is_ahead = False
        try:
            with self._store.change(id, self._known(id)) as change:
                row = change.row
                _check_key(row, edit_key)
                if expected_step is not None and expected_step != row.step:
                    raise StepConflict(expected_step, row.step)
                run = self._run_at(row, row.step)
                rows, is_ahead = [], True
                for _ in range(count):
                    taken = run.advance()
                    rows.append(scalars(taken.trace, run.test(), taken.network))
                is_due = run.work >= self._checkpoint_work
                change.append(rows, run.to_checkpoint() if is_due else None)
        except BaseException:  # committing may fail too
            if is_ahead:
                self._drop(id)  # the network in memory is ahead of what is recorded
            raise
        self._keep_run(change.row, run)
        self._keep_trace(id, taken)
        if is_due:
            run.work = 0.0
            self._thin(id)
        return taken

    def act(
        self, id: str, edit_key: str | None, action: Action, *, expected_step: int | None = None, expected_edits: int | None = None
    ) -> Session:
        """Edits the run from its next step on, or undoes or redoes the edit before.

        Raises:
            UnknownSession, MissingKey, WrongKey, StoreUnavailable.
            StepConflict, LogConflict: the session is not where the caller thinks; nothing was done.
            NothingToUndo, EngineError: what can't be done to this run.
        """
        with self._alone(id):
            while True:
                try:
                    row = self._act(id, edit_key, action, expected_step, expected_edits)
                except (StepConflict, LogConflict):
                    # as in take_steps: whoever said nothing of where the run is acts on it where it is now
                    if (expected_step, expected_edits) != (None, None):
                        raise
                else:
                    self._follow(row)
                    return self._session(row, {})

    def _act(self, id: str, edit_key: str | None, action: Action, expected_step: int | None, expected_edits: int | None) -> Row:
        with self._store.change(id, self._known(id)) as change:
            row = change.row
            _check_key(row, edit_key)
            if expected_step is not None and expected_step != row.step:
                raise StepConflict(expected_step, row.step)
            if expected_edits is not None and expected_edits != row.actions:
                raise LogConflict(expected_edits, row.actions)
            if action["name"] in (UNDO, REDO):
                row.log.check(action, row.step)
            else:
                action = self._checked(self._run_at(row, row.step), [action], field="action")[0]
            change.act(action)
        return change.row

    def _checked(self, run: Run, edits: Sequence[Action], field: str = "") -> list[Action]:
        """The edits as they are kept. Raises EngineError for one that does not fit the network, its batch or its optimizer."""
        now = run.recipe.at(run.step + 1)
        optimizer = now.optimizer()
        return [checked(action, run.network, now.batch_size, optimizer, field=field or f"edits[{i}]") for i, action in enumerate(edits)]

    def look_at(self, id: str, edit_key: str | None, at: dict[str, Any]) -> None:
        """Keeps where the owner looks, for those who watch."""
        with self._alone(id), self._store.change(id, self._known(id)) as change:
            _check_key(change.row, edit_key)
            # with how far the run was: once it has gone on, nobody knows whether its owner still looks there
            change.look({**at, "reached": change.row.step})
        self._follow(change.row)

    def what_if(self, id: str, step: int, edits: Sequence[Action]) -> tuple[Taken, Taken]:
        """A step of the past as it was, and as it would have been with these edits before it. Nothing is kept.

        Raises:
            UnknownSession, StepOutOfRange, StoreUnavailable; EngineError for an edit that does not fit.
        """
        taken = self.look(id, step)
        row = self._store.read(id)
        recipe = self._recipe(row)
        run = taken.again(recipe)
        edits = self._checked(run, edits)
        before = [entry for entry in row.log.before(step)]
        more = [Entry(len(before) + i, step - 1, action, 0.0) for i, action in enumerate(edits, start=1)]
        run.follow(replace(recipe, log=Log((*before, *more))))
        return taken, run.advance()

    def fork(
        self,
        id: str,
        step: int,
        *,
        changes: Mapping[str, Any],
        edits: Sequence[Action] = (),
        taken: int | None = None,
        normalise: Callable[[dict[str, Any]], Recipe],
    ) -> Session:
        """A session of its own that shares the past up to `step`, goes on with other `changes` to its configuration, and begins with `edits`.

        `taken` says how many entries of the log it takes along: as many as were made before step `step`, unless given; at most those
        made before step + 1. At step 0 anything may change, later what CHANGEABLE names.

        Raises:
            UnknownSession, StepOutOfRange, StoreUnavailable.
            NotChangeable: a field that can change at the start alone.
            EngineError: a configuration or an edit that does not fit.
        """
        row = self._store.read(id)
        if not 0 <= step <= row.step:
            raise StepOutOfRange(step, row.step, first=0)
        least, most = row.log.count_before(step), row.log.count_before(step + 1)
        taken = least if taken is None else taken
        if not least <= taken <= most:
            raise LogOutOfRange(taken, least, most)
        recipe = self._recipe(row)
        if step == 0 and changes:
            given = {**recipe.config, "dataset": recipe.given_dataset(), **changes}
            return self.create(normalise(given), parent=(id, 0), edits=edits)
        for name in changes:
            if name not in CHANGEABLE:
                raise NotChangeable(name, changes[name], CHANGEABLE)
        log = Log(row.log.entries[:taken])
        begin_with: list[Action] = []
        if changes:
            now = configured(recipe.config, [entry.action for entry in log.edits])
            whole = normalise({**now, "dataset": recipe.given_dataset(), **changes}).config
            begin_with.append({"name": CONFIGURE, "changes": {name: whole[name] for name in changes}})
        started = [Entry(taken + i, step, action, 0.0) for i, action in enumerate(begin_with, start=1)]
        run = self._replayed(replace(row, log=Log((*log.entries, *started))), step)
        begin_with += self._checked(run, edits)
        forked, edit_key = secrets.token_urlsafe(18), secrets.token_urlsafe(24)
        made = self._store.fork(row, step, taken, forked, _hash(edit_key), begin_with)
        run.follow(self._recipe(made))
        self._keep_run(made, run)
        return self._session(made, {}, edit_key)

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
        taken = self._replayed(row, step - 1).advance()
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
        recipe = self._recipe(self._store.read(id))
        found = []
        for n, kept in reversed(self._store.history(id, first - 1, step - 1)):
            record = earlier(n, kept, recipe.config["layer_sizes"], recipe.at(n).batch_size)
            if record is None:
                break
            found.append(record)
        return found

    def history(self, id: str, since: int = 0) -> dict[str, Any]:
        """Columns of scalars of the steps above `since`; from the start (0), with those of the network before its first step."""
        row = self._store.read(id)
        rows = self._store.history(id, since or -1)
        initial = rows.pop(0)[1] if since == 0 else {}
        marks = [{"step": entry.step, "number": entry.number, "title": title_of(entry.action)} for entry in row.log.edits]
        return {**history(initial, rows, len(row.config["layer_sizes"]) - 1), "marks": marks}

    def delete(self, id: str, edit_key: str | None) -> None:
        with self._alone(id):
            with self._store.change(id) as change:
                _check_key(change.row, edit_key)
                change.delete()
            self._forget(id)

    def expire(self) -> int:
        """Deletes the sessions that nobody has read for `expire_after` seconds; answers how many."""
        gone = [] if self._expire_after is None else self._store.expire(time.time() - self._expire_after)
        for id in gone:
            self._forget(id)
        return len(gone)

    def _run_at(self, row: Row, step: int) -> Run:
        """The live network; where another process has moved the session on, that goes the rest of the way, or one from a newer checkpoint."""
        with self._guard:
            known, run = self._live.get(row.id, (None, None))
        if known is None or run is None or known.step != run.step or run.step > step:
            return self._replayed(row, step)
        if known.actions != row.actions:
            run.follow(self._recipe(row))
        return run if run.step == step else self._replayed(row, step, run)

    def _known(self, id: str) -> Row | None:
        """The session's row as this process left it. Another process may have changed it since, which the store finds out."""
        with self._guard:
            row, run = self._live.get(id, (None, None))
        return row if row is not None and run is not None and run.step == row.step else None

    def _replayed(self, row: Row, step: int, run: Run | None = None) -> Run:
        """A network at a step of the past, from `run` or from a checkpoint, whichever is nearer."""
        recipe = self._recipe(row)
        found = self._store.nearest_checkpoint(row.id, step)
        if run is None or (found and found[0] > run.step):
            run = Run.from_checkpoint(recipe, *found) if found else Run.begin(recipe)
        while run.step < step:
            run.advance()
        return run

    def _recipe(self, row: Row) -> Recipe:
        return Recipe(row.config, partial(self._store.content, row.id) if "content" in row.config["dataset"] else None, row.log)

    def _follow(self, row: Row) -> None:
        """After a change that took no step: the live network goes on by the new recipe."""
        with self._guard:
            known, run = self._live.get(row.id, (None, None))
            if known is None or run is None or run.step != row.step:
                return
            self._live[row.id] = (row, run)
        run.follow(self._recipe(row))

    def _thin(self, id: str) -> None:
        """Drops checkpoints where a session has too many. It went well before this, so what fails here waits for the next time."""
        try:
            if gone := to_drop(self._store.checkpoint_sizes(id), self._max_checkpoint_bytes):
                self._store.drop_checkpoints(id, gone)
        except StoreUnavailable:
            pass

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

    def _forget(self, id: str) -> None:
        """All that is in memory of a session that is gone."""
        self._drop(id)
        with self._guard:
            for key in [key for key in self._traces if key[0] == id]:
                self._trace_bytes -= _size(self._traces.pop(key))

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
