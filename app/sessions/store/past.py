"""The past of one session, given to another."""

import sqlalchemy as sa

from ..errors import UnknownSession
from .tables import checkpoints, contents, sessions, steps


def hold(connection: sa.Connection, id: str) -> None:
    """Keeps a session from being deleted until the transaction is over; it may be stepped meanwhile. Raises UnknownSession."""
    query = sa.select(sessions.c.id).where(sessions.c.id == id).with_for_update(read=True, key_share=True)
    if connection.execute(query).one_or_none() is None:
        raise UnknownSession(id)


def copy_past(connection: sa.Connection, of: str, step: int, to: str) -> None:
    """Copies the first `step` steps of a session, with their checkpoints and what its dataset was brought with. Raises UnknownSession."""
    for table, rest in (
        (steps, (steps.c.step <= step,)),
        (checkpoints, (checkpoints.c.step <= step,)),
        (contents, ()),
    ):
        columns = [column for column in table.c if column.name != "session_id"]
        copied = sa.select(sa.literal(to), *columns).where(table.c.session_id == of, *rest)
        connection.execute(table.insert().from_select(["session_id", *(column.name for column in columns)], copied))
    # deleted meanwhile, on SQLite, which gives no row to one alone: a fork without its past would be another run
    if connection.execute(sa.select(sa.func.count()).where(steps.c.session_id == to)).scalar_one() != step + 1:
        raise UnknownSession(of)
