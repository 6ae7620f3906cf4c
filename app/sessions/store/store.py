"""The sessions of a database: made, read, changed and deleted, each in one transaction."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import orjson
import sqlalchemy as sa

from ..errors import StoreUnavailable, UnknownSession
from ..log import Action, Log, entered
from ..news import News, Place
from .change import Change
from .clock import read_clock
from .database import WAIT, Database
from .expiry import FRESH, delete_unread, touch
from .news import read_news, was_at
from .past import copy_past, hold
from .readiness import Readiness
from .rows import UNREAD, Row, insert_row, is_id, known_id, read_row
from .tables import checkpoints, contents, sessions, steps

TOUCH_WAIT = 0.05  # seconds that a reader waits for whoever else writes, so that what is read counts as read
TOUCH_AGAIN = 1.0  # seconds until another reader waits, where that was not enough

# How a session is before it is changed: PostgreSQL gives its row to one at a time; for SQLite the change itself finds out whether it was
# first. Written once, as are the statements of a change
HOLD = (
    sa.select(sessions.c.step, sessions.c.actions, sessions.c.looks, UNREAD)
    .where(sessions.c.id == sa.bindparam("of"))
    .with_for_update(key_share=True)
)


class Store:
    """Sessions in a SQL database; every method is one transaction, and raises StoreUnavailable when there is none to be had.

    `on_change` is called with a session's id after each change that this process has made to it. On PostgreSQL, every process that
    listens to CHANNEL is told too, with the change itself. `fresh` is how many seconds a session counts as read just now.
    """

    def __init__(self, url: str, on_change: Callable[[str], None] = lambda id: None, *, wait: float = WAIT, fresh: float = FRESH) -> None:
        """Raises what opening the `Database` raises."""
        self.database = Database(url, wait)
        self.on_change = on_change
        self.fresh = fresh
        self._no_touch_until: dict[str, float] = {}
        self._readiness = Readiness(self.database.try_to_write)

    def close(self) -> None:
        self.database.close()

    def check_ready(self) -> None:
        """Raises StoreUnavailable where sessions can't be changed."""
        self._readiness.check()

    def create(
        self,
        id: str,
        key_hash: bytes,
        config: dict[str, Any],
        initial: dict[str, Any],
        content: bytes | None = None,
        *,
        parent: tuple[str, int] | None = None,
        begin_with: Sequence[Action] = (),
    ) -> Row:
        """A session at step 0. `begin_with` are the first entries of its log."""
        at = time.time()
        log = Log(entered(begin_with, after=0, step=0, at=at))
        with self._transaction() as connection:
            row = Row(id, key_hash, config, 0, at, read_clock(connection), parent, log=log)
            insert_row(connection, row)
            connection.execute(steps.insert().values(session_id=id, step=0, scalars=orjson.dumps(initial)))
            if content is not None:
                connection.execute(contents.insert().values(session_id=id, content=content))
        return row

    def fork(self, of: Row, step: int, taken: int, id: str, key_hash: bytes, begin_with: Sequence[Action] = ()) -> Row:
        """A session that has the first `step` steps of another and the first `taken` entries of its log, and `begin_with` after them."""
        at = time.time()
        entries = [*of.log.entries[:taken], *entered(begin_with, after=taken, step=step, at=at)]
        with self._transaction() as connection:
            hold(connection, of.id)
            row = Row(id, key_hash, of.config, step, at, read_clock(connection), (of.id, step), log=Log(entries))
            insert_row(connection, row)
            copy_past(connection, of.id, step, id)
        return row

    def read(self, id: str) -> Row:
        with self._transaction() as connection:
            row = read_row(connection, id)
        if row.unread > self.fresh:
            self._touch(id)
        return row

    def _touch(self, id: str) -> None:
        """Counts a session as read, where that can be written at once: whoever only reads waits for no one, and a later reader tries again."""
        # on SQLite one writer keeps all others waiting, on PostgreSQL those of its own row
        kept = id if self.database.is_postgresql else ""
        if time.monotonic() < self._no_touch_until.get(kept, 0):
            return
        try:
            with self.database.transaction(wait=TOUCH_WAIT) as connection:
                touch(connection, [id])
        except StoreUnavailable:
            self._no_touch_until = {kept: time.monotonic() + TOUCH_AGAIN}

    def keep(self, ids: Collection[str]) -> None:
        """Counts sessions as read just now."""
        with self._transaction() as connection:
            touch(connection, ids)

    @contextmanager
    def change(self, id: str, known: Row | None = None) -> Iterator[Change]:
        """A session to be changed: `known` where that is how it still is, else as it is.

        Raises:
            UnknownSession; StepConflict or LogConflict by the change itself.
        """
        with self._transaction() as connection:
            found = connection.execute(HOLD, {"of": known_id(id)}).one_or_none()
            if found is None:
                raise UnknownSession(id)
            is_known = known is not None and (found.step, found.actions, found.looks) == (known.step, known.actions, known.looks)
            change = Change(connection, known if is_known and known is not None else read_row(connection, id), found.unread <= self.fresh)
            yield change
            if change.is_made:
                self.database.tell(connection, id)
        if change.is_made:
            self.on_change(id)

    def content(self, id: str) -> bytes:
        """What its dataset was brought with. Raises UnknownSession, also for a session whose dataset was brought with nothing."""
        with self._transaction() as connection:
            found = connection.execute(sa.select(contents.c.content).where(contents.c.session_id == id)).scalar_one_or_none()
        if found is None:
            raise UnknownSession(id)
        return bytes(found)

    def nearest_checkpoint(self, id: str, step: int) -> tuple[int, bytes] | None:
        """The newest checkpoint at or before a step."""
        query = (
            sa.select(checkpoints.c.step, checkpoints.c.parameters)
            .where(checkpoints.c.session_id == id, checkpoints.c.step <= step)
            .order_by(checkpoints.c.step.desc())
            .limit(1)
        )
        with self._transaction() as connection:
            found = connection.execute(query).one_or_none()
        return None if found is None else (found.step, found.parameters)

    def checkpoint_sizes(self, id: str) -> list[tuple[int, int]]:
        """(step, bytes) of the checkpoints of a session, oldest first."""
        query = sa.select(checkpoints.c.step, sa.func.length(checkpoints.c.parameters)).where(checkpoints.c.session_id == id)
        with self._transaction() as connection:
            return [(step, size) for step, size in connection.execute(query.order_by(checkpoints.c.step))]

    def drop_checkpoints(self, id: str, at: Sequence[int]) -> None:
        with self._transaction() as connection:
            connection.execute(checkpoints.delete().where(checkpoints.c.session_id == id, checkpoints.c.step.in_(at)))

    def history(self, id: str, since: int, until: int | None = None) -> list[tuple[int, dict[str, Any]]]:
        """(step, scalars) of all steps above `since`, up to `until` where that is given."""
        query = sa.select(steps.c.step, steps.c.scalars).where(steps.c.session_id == id, steps.c.step > since).order_by(steps.c.step)
        if until is not None:
            query = query.where(steps.c.step <= until)
        with self._transaction() as connection:
            return [(row.step, orjson.loads(row.scalars)) for row in connection.execute(query)]

    def since(self, id: str, place: Place | None, until: Place | None = None, most: int = 256) -> News | None:
        """What happened to a session after `place`, the first of it; None where there is no such session.

        Args:
            place: where the last reading ended; None asks only where the session is now.
            until: the last that is asked for; up to now when None.
            most: how many steps, and how many actions, are read at once.
        """
        if not is_id(id):
            return None
        with self._transaction() as connection:
            return read_news(connection, id, place, until, most)

    def was_at(self, id: str, step: int, edits: int) -> bool:
        """Whether a session once had `step` steps and `edits` entries in its log."""
        with self._transaction() as connection:
            return was_at(connection, id, step, edits)

    def expire(self, unread: float) -> list[str]:
        """Deletes the sessions that nobody has read for `unread` seconds. Answers their ids."""
        with self._transaction() as connection:
            gone = delete_unread(connection, unread)
            for id in gone:
                self.database.tell(connection, id)
        for id in gone:
            self.on_change(id)
        return gone

    def _transaction(self) -> AbstractContextManager[sa.Connection]:
        return self.database.transaction()
