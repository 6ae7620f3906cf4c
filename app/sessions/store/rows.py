"""A session as it is stored, and its way into the tables and out of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from ..errors import UnknownSession
from ..log import Entry, Log
from .clock import now
from .tables import actions, sessions

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
UNREAD = (now() - sessions.c.read_at).label("unread")
_ONE = sa.select(sessions, UNREAD).where(sessions.c.id == sa.bindparam("of"))


@dataclass(frozen=True, slots=True)
class Row:
    """A session as it is stored. `unread` is for how many seconds nobody had read it, when this was."""

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
    unread: float = 0.0

    @property
    def actions(self) -> int:
        return len(self.log.entries)


def read_row(connection: sa.Connection, id: str) -> Row:
    """Raises UnknownSession."""
    found = connection.execute(_ONE, {"of": known_id(id)}).one_or_none()
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
        found.unread,
    )


def insert_row(connection: sa.Connection, row: Row) -> None:
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
        connection.execute(actions.insert(), action_rows(row.id, row.log.entries))


def action_rows(id: str, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [
        {"session_id": id, "number": entry.number, "step": entry.step, "action": orjson.dumps(entry.action), "made_at": entry.made_at}
        for entry in entries
    ]


def is_id(id: str) -> bool:
    """Whether a session could have it; what else people may write there is not for a database to look at."""
    return bool(_ID.fullmatch(id))


def known_id(id: str) -> str:
    """Raises UnknownSession for what no session could have."""
    if not is_id(id):
        raise UnknownSession(id)
    return id
