"""Where recipes, scalars and checkpoints are kept. The only file that knows that a database exists."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .errors import StepConflict, StoreUnavailable, UnknownSession

metadata = sa.MetaData()

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("config", sa.LargeBinary, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
)

steps = sa.Table(
    "steps",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("scalars", sa.LargeBinary, nullable=False),
)

# files and arrays that people brought: read when a dataset is loaded, not with every look at its session
contents = sa.Table(
    "contents",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("parameters", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A session as it is stored."""

    id: str
    key_hash: bytes
    config: dict[str, Any]
    step: int
    created_at: float


class Store:
    """Sessions in a SQL database; every method is one transaction, and raises StoreUnavailable when there is none to be had."""

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(parsed)
        if parsed.get_backend_name() == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
        with self._transaction() as connection:
            metadata.create_all(connection)

    def close(self) -> None:
        self._engine.dispose()

    def ping(self) -> None:
        with self._transaction() as connection:
            connection.execute(sa.select(1))

    def create(self, id: str, key_hash: bytes, config: dict[str, Any], initial: dict[str, Any], content: bytes | None = None) -> Row:
        row = Row(id, key_hash, config, 0, time.time())
        with self._transaction() as connection:
            connection.execute(
                sessions.insert().values(id=id, key_hash=key_hash, config=orjson.dumps(config), step=0, created_at=row.created_at)
            )
            connection.execute(steps.insert().values(session_id=id, step=0, scalars=orjson.dumps(initial)))
            if content is not None:
                connection.execute(contents.insert().values(session_id=id, content=content))
        return row

    def read(self, id: str) -> Row:
        with self._transaction() as connection:
            found = connection.execute(sa.select(sessions).where(sessions.c.id == id)).one_or_none()
        if found is None:
            raise UnknownSession(id)
        return Row(found.id, found.key_hash, orjson.loads(found.config), found.step, found.created_at)

    def content(self, id: str) -> bytes:
        """What its dataset was brought with. Raises UnknownSession, also for a session whose dataset was brought with nothing."""
        with self._transaction() as connection:
            found = connection.execute(sa.select(contents.c.content).where(contents.c.session_id == id)).scalar_one_or_none()
        if found is None:
            raise UnknownSession(id)
        return bytes(found)

    def append(self, id: str, after: int, scalars: Sequence[dict[str, Any]], checkpoint: bytes | None) -> None:
        """Records the steps after + 1, after + 2, ...; whole or not at all.

        Raises:
            StepConflict: the session is not at step `after` any more. Of two writers one wins, also across processes.
        """
        last = after + len(scalars)
        with self._transaction() as connection:
            moved = connection.execute(sessions.update().where(sessions.c.id == id, sessions.c.step == after).values(step=last))
            if moved.rowcount != 1:
                current = connection.execute(sa.select(sessions.c.step).where(sessions.c.id == id)).scalar_one_or_none()
                if current is None:
                    raise UnknownSession(id)
                raise StepConflict(after, current)
            connection.execute(
                steps.insert(),
                [{"session_id": id, "step": after + i, "scalars": orjson.dumps(row)} for i, row in enumerate(scalars, start=1)],
            )
            if checkpoint is not None:
                connection.execute(checkpoints.insert().values(session_id=id, step=last, parameters=checkpoint))

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

    def history(self, id: str, since: int) -> list[tuple[int, dict[str, Any]]]:
        """(step, scalars) of all steps above `since`."""
        query = sa.select(steps.c.step, steps.c.scalars).where(steps.c.session_id == id, steps.c.step > since).order_by(steps.c.step)
        with self._transaction() as connection:
            return [(row.step, orjson.loads(row.scalars)) for row in connection.execute(query)]

    def delete(self, id: str) -> None:
        with self._transaction() as connection:
            for table in (steps, checkpoints, contents):
                connection.execute(table.delete().where(table.c.session_id == id))
            connection.execute(sessions.delete().where(sessions.c.id == id))

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:  # locked, full, gone or damaged: all of it rolled back
            raise StoreUnavailable(_reason(error)) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or "no connection")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # With WAL, NORMAL loses nothing when the process is killed; FULL also outlasts a power cut, at an fsync a step
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
