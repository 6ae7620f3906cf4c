"""When a session was read last, and which go because nobody reads them."""

from collections.abc import Collection

import sqlalchemy as sa

from .clock import now
from .tables import sessions

FRESH = 3600.0  # seconds, at most, in which a session that is read again counts as read once


def fresh_for(expire_after: float | None) -> float:
    """Seconds in which a session that is read again counts as read once, where it goes after `expire_after` unread.

    As often, each process says which sessions are watched there. Both together are half of the time at most, so what is read or watched
    anywhere is known to be, whichever process looks for what nobody reads.
    """
    return FRESH if expire_after is None else min(FRESH, expire_after / 4)


def touch(connection: sa.Connection, ids: Collection[str]) -> None:
    """They are read now; those that are gone stay gone."""
    connection.execute(sessions.update().where(sessions.c.id.in_(ids)).values(read_at=now()))


def delete_unread(connection: sa.Connection, unread: float) -> list[str]:
    """Deletes the sessions that nobody has read for `unread` seconds. Answers their ids."""
    # what another process is deleting or changing right now, it need not wait for
    old = sa.select(sessions.c.id).where(sessions.c.read_at < now() - unread).with_for_update(skip_locked=True)
    return list(connection.execute(sessions.delete().where(sessions.c.id.in_(old)).returning(sessions.c.id)).scalars())
