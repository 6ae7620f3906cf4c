"""A SQLite file or a PostgreSQL server, and the transactions in it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..errors import StoreUnavailable
from .file_version import FileVersion
from .migrations import upgrade
from .reason import driver_words, reason
from .tables import sessions

WAIT = 5.0  # seconds for whoever else writes
TRIED = 1.0  # seconds for them at most where it is only tried, by somebody who does not wait for long
CHANNEL = "backscope"
_NOTHING = sessions.update().where(sessions.c.id == "").values(step=sessions.c.step)


class Database:
    """What is done in it is done in transactions; it has the newest tables as soon as it is open."""

    def __init__(self, url: str, wait: float = WAIT) -> None:
        """`wait` is how many seconds a transaction waits for whoever else writes.

        Raises:
            ArgumentError: a URL of neither SQLite nor PostgreSQL.
            StoreUnavailable; FileNotFoundError where there is no folder for a SQLite file: a misspelt one must not pass for a new one.
        """
        self.url = sa.make_url(url)
        self._wait = wait
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
            folder = Path(str(self.url.database)).parent
            if not folder.is_dir():
                raise FileNotFoundError(f"there is no folder {folder} for its file.")
            self._engine = sa.create_engine(self.url, **options)
            sa.event.listen(self._engine, "connect", partial(_prepare_sqlite, wait=wait))
        else:
            raise ArgumentError(f"{self.url.render_as_string()} is neither a postgresql:// address nor a sqlite:/// file.")
        self._own = threading.local()  # the connection of a transaction that this thread is in
        try:
            with self.transaction() as connection:
                upgrade(connection)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def transaction(self, wait: float | None = None) -> Iterator[sa.Connection]:
        """One transaction, or the one that this thread is in. `wait`: seconds for whoever else writes, where they are to be others.

        Raises:
            StoreUnavailable
        """
        # What is read amid a change is read on its connection: if all who change something waited for a second one, none would get it
        if (own := getattr(self._own, "connection", None)) is not None:
            yield own
            return
        try:
            with self._engine.begin() as connection:
                self._own.connection = connection
                try:
                    with self._waiting(connection, wait):
                        yield connection
                finally:
                    self._own.connection = None
        except (DBAPIError, PoolTimeout) as error:  # locked, full, gone or damaged: all of it rolled back
            raise StoreUnavailable(reason(error), driver_words(error)) from error

    @contextmanager
    def _waiting(self, connection: sa.Connection, wait: float | None) -> Iterator[None]:
        if wait is None:
            yield
        elif self.is_postgresql:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(wait * 1000)}")  # until the transaction ends
            yield
        else:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(wait * 1000)}")
            try:
                yield
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(self._wait * 1000)}")

    def try_to_write(self) -> None:
        """Changes nothing, as somebody would who changes something. Raises StoreUnavailable."""
        with self.transaction(wait=min(self._wait, TRIED)) as connection:
            if self.is_postgresql:
                connection.execute(_NOTHING)  # refused where nothing may be changed, as on a standby
            else:  # a page of the file's log: a transaction without one is fine with a full disk
                version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                connection.exec_driver_sql(f"PRAGMA user_version = {version}")

    def tell(self, connection: sa.Connection, id: str) -> None:
        """Tells the other processes that a session changes, once the transaction is through; those on a file find out by its version."""
        if self.is_postgresql:
            connection.execute(sa.select(sa.func.pg_notify(CHANNEL, id)))

    def file_version(self) -> FileVersion | None:
        """What notices that another process has changed the file; None where the database is no file, and tells by itself or has no others."""
        is_file = self._engine.dialect.name == "sqlite" and self.url.database not in (None, "", ":memory:")
        return FileVersion(self._engine) if is_file else None


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
