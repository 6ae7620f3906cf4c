"""One change of one session, for which nobody was faster."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from ..errors import LogConflict, StepConflict, UnknownSession
from ..log import Action, Log, entered
from .clock import now
from .rows import Row, action_rows
from .tables import actions, checkpoints, sessions, steps

# written once, as putting a statement together takes as long as the database takes to do what it says
_ROW = (
    sessions.c.id == sa.bindparam("of"),
    sessions.c.step == sa.bindparam("from_step"),
    sessions.c.actions == sa.bindparam("from_actions"),
)
MOVE = sessions.update().where(*_ROW).returning(sessions.c.looks, sessions.c.read_at)
APPEND = steps.insert()


class Change:
    """One change of one session, from looking to committing; on PostgreSQL nobody else changes it meanwhile, on SQLite whoever is later is refused."""

    def __init__(self, connection: sa.Connection, row: Row, is_fresh: bool) -> None:
        """`is_fresh`: whether the session counts as read just now, without that being written."""
        self._connection = connection
        self._is_fresh = is_fresh
        self.row = row
        self.is_made = False

    def append(self, scalars: Sequence[dict[str, Any]], made: Mapping[int, bytes]) -> None:
        """Records the next steps, and the checkpoints that were made on the way; whole or not at all.

        Raises:
            StepConflict: another process has moved the session on.
        """
        id, after = self.row.id, self.row.step
        last = after + len(scalars)
        self._move(step=last)
        self._connection.execute(
            APPEND,
            [{"session_id": id, "step": after + i, "scalars": orjson.dumps(row)} for i, row in enumerate(scalars, start=1)],
        )
        if made:
            rows = [{"session_id": id, "step": step, "parameters": parameters} for step, parameters in made.items()]
            self._connection.execute(checkpoints.insert(), rows)
        self.row = replace(self.row, step=last)

    def act(self, *taken: Action) -> None:
        """Records actions. Raises StepConflict as `append` does."""
        row = self.row
        self._move(actions=row.actions + len(taken))
        entries = entered(taken, after=row.actions, step=row.step, at=time.time())
        self._connection.execute(actions.insert(), action_rows(row.id, entries))
        self.row = replace(self.row, log=Log((*row.log.entries, *entries)))

    def look(self, at: dict[str, Any]) -> None:
        """Records where the owner looks."""
        looks = self._move(MOVE.values(looks=sessions.c.looks + 1), look=orjson.dumps(at))
        self.row = replace(self.row, looks=looks, look=at)

    def delete(self) -> None:
        self._connection.execute(sessions.delete().where(sessions.c.id == self.row.id))  # and all that is of it, by its foreign keys
        self.is_made = True

    def _move(self, statement: ReturningUpdate[Any] = MOVE, **values: Any) -> int:
        """Changes the session's own row, where nobody was faster; answers how often its owner has looked elsewhere."""
        row = self.row
        if not self._is_fresh:  # not with every step: an index would have to be written each time
            statement = statement.values(read_at=now())
        here = {"of": row.id, "from_step": row.step, "from_actions": row.actions}
        moved = self._connection.execute(statement, {**here, **values}).one_or_none()
        if moved is None:
            current = self._connection.execute(sa.select(sessions.c.step, sessions.c.actions).where(sessions.c.id == row.id)).one_or_none()
            if current is None:
                raise UnknownSession(row.id)
            raise StepConflict(row.step, current.step) if current.step != row.step else LogConflict(row.actions, current.actions)
        self.is_made = self._is_fresh = True
        self.row = replace(row, read_at=moved.read_at)
        return int(moved.looks)
