"""What time it is for all who use a database, each on a machine of its own: what one process with a wrong clock takes for old, others are reading."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class now(FunctionElement[float]):  # noqa: N801 - as a function of SQL is written
    """Seconds since 1970 by the database's own clock; for a SQLite file that is the clock of the one machine that has it."""

    type = sa.Float()
    inherit_cache = True


def read_clock(connection: sa.Connection) -> float:
    at: float = connection.execute(_clock).scalar_one()
    return at


_clock = sa.select(now())


@compiles(now, "postgresql")
def _on_postgresql(*_: Any, **__: Any) -> str:
    # the statement's beginning, and not clock_timestamp(): that moves on amid a statement, so no index could be asked with it
    return "CAST(EXTRACT(EPOCH FROM statement_timestamp()) AS DOUBLE PRECISION)"


@compiles(now, "sqlite")
def _on_sqlite(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"
