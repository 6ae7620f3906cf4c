"""SQLite files for the tests: made by the migrations once, and copied for each test that wants one."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.sessions import Store

from .memory import memory


class SQLite:
    """A folder, and in it a file for each test that wants one."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="backscope-", dir=memory()))
        self._numbers = itertools.count(1)
        Store(self._url("template")).close()

    def _url(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.db"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a file with all tables and no rows."""
        name = f"test_{next(self._numbers)}"
        shutil.copy(self._folder / "template.db", self._folder / f"{name}.db")
        yield self._url(name)
        for file in self._folder.glob(f"{name}.db*"):  # and its log, where a test has left it open
            file.unlink()

    def end(self) -> None:
        shutil.rmtree(self._folder)
