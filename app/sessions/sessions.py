"""Sessions as a caller sees them: make, step, edit, fork, delete, and look. Durable before answered."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .branching import Normalise, changed_whole, checked_edits, configuring, entries_taken
from .checkpoints import WORK, to_drop
from .edit_keys import check_key, hash_of, new_key
from .errors import LogConflict, StepConflict, StepOutOfRange, StoreUnavailable
from .history import scalars, word
from .log import REDO, UNDO, Action, Log, entered
from .looks import Looks
from .memory import Memory
from .places import check_cell_of, check_place
from .recipe import Recipe
from .run import Run, Taken
from .session import Session
from .store import Row, Store
from .turns import Turns


class Sessions(Looks):
    """All sessions of a store, to be looked at and changed."""

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
        memory = Memory(max_live=max_live, max_live_bytes=max_live_bytes, max_trace_bytes=max_trace_bytes)
        super().__init__(store, memory, checkpoint_work=checkpoint_work, expire_after=expire_after)
        self._max_checkpoint_bytes = max_checkpoint_bytes
        self._turns = Turns()  # one change of a session at a time in this process; the store decides between processes

    def create(self, recipe: Recipe, *, parent: tuple[str, int] | None = None, edits: Sequence[Action] = ()) -> Session:
        """A session at step 0; `edits` are made before its first step. Raises EngineError for one that does not fit."""
        id, edit_key = _new_id(), new_key()
        run = Run.begin(recipe)
        edits = checked_edits(run, edits)
        test_loss, test_accuracy = run.test()
        initial = {"test_loss": word(test_loss), "test_accuracy": test_accuracy}
        content = recipe.content() if recipe.content else None
        row = self._store.create(id, hash_of(edit_key), recipe.config, initial, content, parent=parent, begin_with=edits)
        run.follow(self._recipe(row))  # what was brought is in the store now, and need not stay in memory
        self._memory.keep_run(row, run)
        return self._session(row, initial, edit_key)

    def take_steps(self, id: str, edit_key: str | None, *, count: int = 1, expected_step: int | None = None) -> Taken:
        """Takes `count` batches and answers the last.

        Raises:
            UnknownSession, MissingKey, WrongKey, StoreUnavailable.
            StepConflict: the session is not at `expected_step`; nothing was stepped.
        """
        with self._turns.alone(id):
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
                check_key(row.key_hash, edit_key)
                if expected_step is not None and expected_step != row.step:
                    raise StepConflict(expected_step, row.step)
                run = self._run_at(row, row.step)
                rows, checkpoints, is_ahead = [], {}, True
                for _ in range(count):
                    taken = run.advance()
                    rows.append(scalars(taken.trace, run.test(), taken.network))
                    if run.work >= self._checkpoint_work:
                        checkpoints[run.step], run.work = run.to_checkpoint(), 0.0
                        # a hundred of a large network would not fit into memory
                        for step in to_drop([(step, len(of)) for step, of in checkpoints.items()], self._max_checkpoint_bytes):
                            del checkpoints[step]
                change.append(rows, checkpoints)
        except BaseException:  # committing may fail too
            if is_ahead:
                self._memory.drop_run(id)  # the network in memory is ahead of what is recorded
            raise
        self._memory.keep_run(change.row, run)
        self._memory.keep_trace(id, taken)
        if checkpoints:
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
        with self._turns.alone(id):
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
            check_key(row.key_hash, edit_key)
            self._readable.check(row)
            if expected_step is not None and expected_step != row.step:
                raise StepConflict(expected_step, row.step)
            if expected_edits is not None and expected_edits != row.actions:
                raise LogConflict(expected_edits, row.actions)
            if action["name"] in (UNDO, REDO):
                row.log.check(action, row.step)
            else:
                action = checked_edits(self._run_at(row, row.step), [action], field="action", beside=(UNDO, REDO))[0]
            change.act(action)
        return change.row

    def look_at(self, id: str, edit_key: str | None, at: dict[str, Any]) -> None:
        """Keeps where the owner looks, for those who watch.

        Raises:
            UnknownSession, MissingKey, WrongKey, StoreUnavailable.
            StepOutOfRange, OutOfBounds, UnknownName: a place that this run does not have.
            EngineError: an edit being tried that does not fit the step.
        """
        row = self._known(id)
        if row is None or at.get("step", row.step + 1) > row.step:  # what this process knows tells of the steps up to its own alone
            row = self._store.read(id)
        check_key(row.key_hash, edit_key)
        # before the session is held: the way to a step far back can be long, its owner may want to go on, and the past stays as it is
        self._check_look(row, at)
        with self._turns.alone(id), self._store.change(id, self._known(id)) as change:
            # with how far the run was: once it has gone on, nobody knows whether its owner still looks there
            change.look({**at, "reached": change.row.step})
        self._follow(change.row)

    def _check_look(self, row: Row, at: dict[str, Any]) -> None:
        recipe, step = self._recipe(row), at.get("step", row.step)
        check_place(at, row.step, recipe)
        if "cell" in at:  # of a step that the page has just read, as a rule: it is in memory
            check_cell_of(at, self._taken(row, step))
        if tried := at.get("what_if"):
            checked_edits(self._taken(row, step).again(recipe), [tried["edit"]], field="what_if.edit")

    def fork(
        self,
        id: str,
        step: int,
        *,
        changes: Mapping[str, Any],
        edits: Sequence[Action] = (),
        taken: int | None = None,
        normalise: Normalise,
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
        taken = entries_taken(row.log, step, taken)
        recipe = self._recipe(row)
        if step == 0 and changes:
            return self.create(changed_whole(recipe, recipe.config, changes, normalise), parent=(id, 0), edits=edits)
        begin_with = configuring(recipe, Log(row.log.entries[:taken]), step, changes, normalise)
        started = entered(begin_with, after=taken, step=step, at=0.0)
        run = self._replayed(replace(row, log=Log((*row.log.entries[:taken], *started))), step)
        begin_with += checked_edits(run, edits)
        forked, edit_key = _new_id(), new_key()
        made = self._store.fork(row, step, taken, forked, hash_of(edit_key), begin_with)
        run.follow(self._recipe(made))
        self._memory.keep_run(made, run)
        return self._session(made, {}, edit_key)

    def delete(self, id: str, edit_key: str | None) -> None:
        with self._turns.alone(id):
            with self._store.change(id) as change:
                check_key(change.row.key_hash, edit_key)
                change.delete()
            self._memory.forget(id)

    @property
    def sweep_every(self) -> float:
        """Seconds after which `expire` should be called again, here and in every other process."""
        return self._store.fresh

    def expire(self, watched: Collection[str] = ()) -> int:
        """Deletes the sessions that nobody has read for `expire_after` seconds; answers how many. Who watches reads, as `watched` says.

        Raises:
            StoreUnavailable: before anything is deleted, where those that are watched could not be kept.
        """
        if self._expire_after is None:
            return 0
        if watched:
            self._store.keep(watched)
        gone = self._store.expire(self._expire_after)
        for id in gone:
            self._memory.forget(id)
        return len(gone)

    def _run_at(self, row: Row, step: int) -> Run:
        """The live network; where another process has moved the session on, that goes the rest of the way, or one from a newer checkpoint."""
        live = self._memory.run(row.id)
        if live is None or live[1].step > step:
            return self._replayed(row, step)
        known, run = live
        if known.actions != row.actions:
            run.follow(self._recipe(row))
        return run if run.step == step else self._replayed(row, step, run)

    def _known(self, id: str) -> Row | None:
        """The session's row as this process left it. Another process may have changed it since, which the store finds out."""
        live = self._memory.run(id)
        return None if live is None else live[0]

    def _follow(self, row: Row) -> None:
        """After a change that took no step: the live network goes on by the new recipe."""
        live = self._memory.run(row.id)
        if live is not None and live[1].step == row.step:
            self._memory.keep_run(row, live[1])
            live[1].follow(self._recipe(row))

    def _thin(self, id: str) -> None:
        """Drops checkpoints where a session has too many. It went well before this, so what fails here waits for the next time."""
        try:
            if gone := to_drop(self._store.checkpoint_sizes(id), self._max_checkpoint_bytes):
                self._store.drop_checkpoints(id, gone)
        except StoreUnavailable:
            pass


def _new_id() -> str:
    return secrets.token_urlsafe(18)
