"""Where recipes, scalars and checkpoints are kept. The only file that knows that a database exists, with its tables and migrations."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .errors import LogConflict, StepConflict, StoreUnavailable, UnknownSession
from .log import Action, Entry, Log
from .migrations import upgrade
from .news import News, Place, in_order
from .tables import actions, checkpoints, contents, sessions, steps

WAIT = 5.0  # seconds for whoever else writes
FRESH = 3600.0  # seconds in which a session that is read again counts as read once
CHANNEL = "backscope"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Row:
    """A session as it is stored."""

    id: str
    key_hash: bytes
    config: dict[str, Any]
    step: int
    created_at: float
    read_at: float
    parent: tuple[str, int] | None = None
    looks: int = 0
    look: dict[str, Any] | None = None
    log: Log = field(default_factory=Log)

    @property
    def actions(self) -> int:
        return len(self.log.entries)


class Change:
    """One change of one session, from looking to committing; on PostgreSQL nobody else changes it meanwhile, on SQLite whoever is later is refused."""

    def __init__(self, connection: sa.Connection, row: Row) -> None:
        self._connection = connection
        self.row = row
        self.is_made = False

    def append(self, scalars: Sequence[dict[str, Any]], checkpoint: bytes | None) -> None:
        """Records the next steps; whole or not at all.

        Raises:
            StepConflict: another process has moved the session on.
        """
        id, after = self.row.id, self.row.step
        last = after + len(scalars)
        self._move(step=last)
        self._connection.execute(
            steps.insert(),
            [{"session_id": id, "step": after + i, "scalars": orjson.dumps(row)} for i, row in enumerate(scalars, start=1)],
        )
        if checkpoint is not None:
            # of two who recompute the past, either's checkpoint is the same to the bit
            self._connection.execute(checkpoints.insert().values(session_id=id, step=last, parameters=checkpoint))
        self.row = replace(self.row, step=last)

    def act(self, *taken: Action) -> None:
        """Records actions. Raises StepConflict as `append` does."""
        row = self.row
        self._move(actions=row.actions + len(taken))
        now = time.time()
        entries = [Entry(row.actions + i, row.step, action, now) for i, action in enumerate(taken, start=1)]
        self._connection.execute(actions.insert(), [_action_row(row.id, entry) for entry in entries])
        self.row = replace(self.row, log=Log((*row.log.entries, *entries)))

    def look(self, at: dict[str, Any]) -> None:
        """Records where the owner looks."""
        looks = self._move(looks=sessions.c.looks + 1, look=orjson.dumps(at))
        self.row = replace(self.row, looks=looks, look=at)

    def delete(self) -> None:
        self._connection.execute(sessions.delete().where(sessions.c.id == self.row.id))  # and all that is of it, by its foreign keys
        self.is_made = True

    def _move(self, **values: Any) -> int:
        """Changes the session's own row, where nobody was faster; answers how often its owner has looked elsewhere."""
        row, now = self.row, time.time()
        if now - row.read_at > FRESH:  # not with every step: an index would have to be written each time
            values["read_at"] = now
            self.row = replace(row, read_at=now)
        here = (sessions.c.id == row.id, sessions.c.step == row.step, sessions.c.actions == row.actions)
        query = sessions.update().where(*here).values(**values).returning(sessions.c.looks)
        looks: int | None = self._connection.execute(query).scalar_one_or_none()
        if looks is None:
            current = self._connection.execute(sa.select(sessions.c.step, sessions.c.actions).where(sessions.c.id == row.id)).one_or_none()
            if current is None:
                raise UnknownSession(row.id)
            raise StepConflict(row.step, current.step) if current.step != row.step else LogConflict(row.actions, current.actions)
        self.is_made = True
        return looks


class Store:
    """Sessions in a SQL database; every method is one transaction, and raises StoreUnavailable when there is none to be had.

    `on_change` is called with a session's id after each change that this process has made to it. On PostgreSQL, every process that
    listens to CHANNEL is told too, with the change itself.
    """

    def __init__(self, url: str, on_change: Callable[[str], None] = lambda id: None, *, wait: float = WAIT) -> None:
        """`wait` is how many seconds a transaction waits for whoever else writes.

        Raises:
            ArgumentError: a URL of neither SQLite nor PostgreSQL.
            StoreUnavailable; OSError where the folder of a SQLite file can't be made.
        """
        self.url = sa.make_url(url)
        self.on_change = on_change
        kind = self.url.get_backend_name()
        self.is_postgresql = kind in ("postgresql", "postgres")
        # as many as there are threads to ask for one, in the end
        options: dict[str, Any] = {"pool_size": 10, "max_overflow": 30, "pool_timeout": wait}
        if self.is_postgresql:
            self._engine = sa.create_engine(
                self.url.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                connect_args={"connect_timeout": max(2, round(wait)), "options": _postgresql_options(wait)},
                **options,
            )
        elif kind == "sqlite" and self.url.database not in (None, "", ":memory:"):
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
            self._engine = sa.create_engine(self.url, **options)
            sa.event.listen(self._engine, "connect", partial(_prepare_sqlite, wait=wait))
        else:
            raise ArgumentError(f"{self.url.render_as_string()} is neither a postgresql:// address nor a sqlite:/// file.")
        self._own = threading.local()  # the connection of a transaction that this thread is in
        try:
            with self._transaction() as connection:
                upgrade(connection)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._engine.dispose()

    def ping(self) -> None:
        with self._transaction() as connection:
            connection.execute(sa.select(1))

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
        now = time.time()
        log = Log(Entry(number, 0, action, now) for number, action in enumerate(begin_with, start=1))
        row = Row(id, key_hash, config, 0, now, now, parent, log=log)
        with self._transaction() as connection:
            self._insert(connection, row)
            connection.execute(steps.insert().values(session_id=id, step=0, scalars=orjson.dumps(initial)))
            if content is not None:
                connection.execute(contents.insert().values(session_id=id, content=content))
        return row

    def fork(self, of: Row, step: int, taken: int, id: str, key_hash: bytes, begin_with: Sequence[Action] = ()) -> Row:
        """A session that has the first `step` steps of another and the first `taken` entries of its log, and `begin_with` after them."""
        now = time.time()
        entries = [entry for entry in of.log.entries[:taken]]
        entries += [Entry(taken + i, step, action, now) for i, action in enumerate(begin_with, start=1)]
        row = Row(id, key_hash, of.config, step, now, now, (of.id, step), log=Log(entries))
        with self._transaction() as connection:
            # it stays until its past is copied, and may be stepped meanwhile
            parent = sa.select(sessions.c.id).where(sessions.c.id == of.id).with_for_update(read=True, key_share=True)
            if connection.execute(parent).one_or_none() is None:
                raise UnknownSession(of.id)
            self._insert(connection, row)
            for table, rest in (
                (steps, (steps.c.step <= step,)),
                (checkpoints, (checkpoints.c.step <= step,)),
                (contents, ()),
            ):
                columns = [column for column in table.c if column.name != "session_id"]
                copied = sa.select(sa.literal(id), *columns).where(table.c.session_id == of.id, *rest)
                connection.execute(table.insert().from_select(["session_id", *(column.name for column in columns)], copied))
            # deleted meanwhile, on SQLite, which gives no row to one alone: a fork without its past would be another run
            if connection.execute(sa.select(sa.func.count()).where(steps.c.session_id == id)).scalar_one() != step + 1:
                raise UnknownSession(of.id)
        return row

    def _insert(self, connection: sa.Connection, row: Row) -> None:
        connection.execute(
            sessions.insert().values(
                id=row.id,
                key_hash=row.key_hash,
                config=orjson.dumps(row.config),
                step=row.step,
                created_at=row.created_at,
                read_at=row.read_at,
                actions=row.actions,
                parent_id=row.parent[0] if row.parent else None,
                parent_step=row.parent[1] if row.parent else None,
            )
        )
        if row.log.entries:
            connection.execute(actions.insert(), [_action_row(row.id, entry) for entry in row.log.entries])

    def read(self, id: str) -> Row:
        with self._transaction() as connection:
            row = self._read(connection, id)
        if time.time() - row.read_at > FRESH:
            self._touch(id)
        return row

    def _read(self, connection: sa.Connection, id: str) -> Row:
        found = connection.execute(sa.select(sessions).where(sessions.c.id == _checked(id))).one_or_none()
        if found is None:
            raise UnknownSession(id)
        log = Log()
        if found.actions:
            # of an action taken since `found` was read, nothing is known here
            query = sa.select(actions).where(actions.c.session_id == id, actions.c.number <= found.actions).order_by(actions.c.number)
            log = Log(Entry(one.number, one.step, orjson.loads(one.action), one.made_at) for one in connection.execute(query))
        parent = None if found.parent_id is None else (found.parent_id, found.parent_step)
        look = None if found.look is None else orjson.loads(found.look)
        return Row(
            found.id,
            found.key_hash,
            orjson.loads(found.config),
            found.step,
            found.created_at,
            found.read_at,
            parent,
            found.looks,
            look,
            log,
        )

    def _touch(self, id: str) -> None:
        try:
            with self._transaction() as connection:
                connection.execute(sessions.update().where(sessions.c.id == id).values(read_at=time.time()))
        except StoreUnavailable:
            pass  # reading goes on where nothing can be written; the next reader tries again

    @contextmanager
    def change(self, id: str, known: Row | None = None) -> Iterator[Change]:
        """A session to be changed: `known` where that is how it still is, else as it is.

        Raises:
            UnknownSession; StepConflict or LogConflict by the change itself.
        """
        with self._transaction() as connection:
            # PostgreSQL gives the row to one at a time; for SQLite the change itself finds out whether it was first
            columns = (sessions.c.step, sessions.c.actions, sessions.c.looks)
            query = sa.select(*columns).where(sessions.c.id == _checked(id)).with_for_update(key_share=True)
            found = connection.execute(query).one_or_none()
            if found is None:
                raise UnknownSession(id)
            is_known = known is not None and tuple(found) == (known.step, known.actions, known.looks)
            change = Change(connection, known if is_known and known is not None else self._read(connection, id))
            yield change
            if change.is_made and self.is_postgresql:
                connection.execute(sa.select(sa.func.pg_notify(CHANNEL, id)))
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
        if not _ID.fullmatch(id):
            return None
        counters = sa.select(sessions.c.step, sessions.c.actions, sessions.c.looks, sessions.c.look).where(sessions.c.id == id)
        with self._transaction() as connection:
            found = connection.execute(counters).one_or_none()
            if found is None:
                return None
            now = Place(found.step, found.actions, found.looks)
            until = until or now
            taken: list[tuple[int, bytes]] = []
            done: list[tuple[int, int, bytes]] = []
            # what came in since `found` was read is left for the next reading
            if place is not None and place.step < until.step:
                of = steps.c
                query = sa.select(of.step, of.scalars).where(of.session_id == id, of.step > place.step, of.step <= until.step)
                taken = [(row.step, row.scalars) for row in connection.execute(query.order_by(of.step).limit(most))]
            if place is not None and place.edits < until.edits:
                entry = actions.c
                query = sa.select(entry.number, entry.step, entry.action).where(
                    entry.session_id == id, entry.number > place.edits, entry.number <= until.edits
                )
                done = [(row.number, row.step, row.action) for row in connection.execute(query.order_by(entry.number).limit(most))]
        return News(now, found.look, tuple(in_order(place or now, taken, done, most)))

    def was_at(self, id: str, step: int, edits: int) -> bool:
        """Whether a session once had `step` steps and `edits` entries in its log."""
        entry = actions.c
        query = sa.select(sa.func.count().filter(entry.step < step), sa.func.count().filter(entry.step <= step)).where(
            entry.session_id == id
        )
        with self._transaction() as connection:
            before, up_to = connection.execute(query).one()
        return bool(before <= edits <= up_to)

    def file_version(self) -> "FileVersion | None":
        """What notices that another process has changed the file; None where the database is no file, and tells by itself or has no others."""
        is_file = self._engine.dialect.name == "sqlite" and self.url.database not in (None, "", ":memory:")
        return FileVersion(self._engine) if is_file else None

    def expire(self, before: float) -> list[str]:
        """Deletes the sessions that nobody has read since `before`, a time in seconds. Answers their ids."""
        # what another process is deleting or changing right now, it need not wait for
        old = sa.select(sessions.c.id).where(sessions.c.read_at < before).with_for_update(skip_locked=True)
        with self._transaction() as connection:
            gone = list(connection.execute(sessions.delete().where(sessions.c.id.in_(old)).returning(sessions.c.id)).scalars())
            if self.is_postgresql:
                for id in gone:
                    connection.execute(sa.select(sa.func.pg_notify(CHANNEL, id)))
        for id in gone:
            self.on_change(id)
        return gone

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        # What is read amid a change is read on its connection: if all who change something waited for a second one, none would get it
        if (own := getattr(self._own, "connection", None)) is not None:
            yield own
            return
        try:
            with self._engine.begin() as connection:
                self._own.connection = connection
                try:
                    yield connection
                finally:
                    self._own.connection = None
        except (DBAPIError, PoolTimeout) as error:  # locked, full, gone or damaged: all of it rolled back
            raise StoreUnavailable(_reason(error)) from error


class FileVersion:
    """A connection of its own to a SQLite file, whose data_version changes whenever any other connection has changed the file."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None

    def read(self) -> int:
        try:
            if self._connection is None:
                # in autocommit: a transaction that stays open would keep the file's log from being cleared
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            version: int = self._connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        except (DBAPIError, PoolTimeout) as error:
            self.close()
            raise StoreUnavailable(_reason(error)) from error
        return version

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _checked(id: str) -> str:
    """An id that one could have; what else people may write there is not for a database to look at."""
    if not _ID.fullmatch(id):
        raise UnknownSession(id)
    return id


def _action_row(id: str, entry: Entry) -> dict[str, Any]:
    return {"session_id": id, "number": entry.number, "step": entry.step, "action": orjson.dumps(entry.action), "made_at": entry.made_at}


def _reason(error: Exception) -> str:
    # a server's answer may go over several lines, of which the first says what
    return str(getattr(error, "orig", None) or "no connection").strip().partition("\n")[0]


def _postgresql_options(wait: float) -> str:
    # a machine that is gone without a word is taken for dead after 25 seconds, and what it had locked is free
    settings = {"lock_timeout": round(wait * 1000), "tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _prepare_sqlite(connection: Any, _record: object, *, wait: float) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")  # first: what follows may have to wait too
    cursor.execute("PRAGMA journal_mode = WAL")
    # With WAL, NORMAL loses nothing when the process is killed; FULL also outlasts a power cut, at an fsync a step
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
