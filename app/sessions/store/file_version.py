"""Notices that another process has changed a SQLite file."""

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..errors import StoreUnavailable
from .reason import reason


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
            raise StoreUnavailable(reason(error)) from error
        return version

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
