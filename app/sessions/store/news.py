"""What happened to a session, as the tables tell it."""

import sqlalchemy as sa

from ..news import News, Place, in_order
from .tables import actions, sessions, steps


def read_news(connection: sa.Connection, id: str, place: Place | None, until: Place | None, most: int) -> News | None:
    """As `Store.since`."""
    counters = sa.select(sessions.c.step, sessions.c.actions, sessions.c.looks, sessions.c.look).where(sessions.c.id == id)
    found = connection.execute(counters).one_or_none()
    if found is None:
        return None
    now = Place(found.step, found.actions, found.looks)
    until = until or now
    taken: list[tuple[int, bytes]] = []
    done: list[tuple[int, int, bytes]] = []
    # what came in since `found` was read is left for the next reading
    if place is not None and place.step < until.step:
        of = steps.c
        query = sa.select(of.step, of.scalars).where(of.session_id == id, of.step > place.step, of.step <= until.step)
        taken = [(row.step, row.scalars) for row in connection.execute(query.order_by(of.step).limit(most))]
    if place is not None and place.edits < until.edits:
        entry = actions.c
        query = sa.select(entry.number, entry.step, entry.action).where(
            entry.session_id == id, entry.number > place.edits, entry.number <= until.edits
        )
        done = [(row.number, row.step, row.action) for row in connection.execute(query.order_by(entry.number).limit(most))]
    return News(now, found.look, tuple(in_order(place or now, taken, done, most)))


def was_at(connection: sa.Connection, id: str, step: int, edits: int) -> bool:
    """As `Store.was_at`."""
    entry = actions.c
    query = sa.select(sa.func.count().filter(entry.step < step), sa.func.count().filter(entry.step <= step)).where(entry.session_id == id)
    before, up_to = connection.execute(query).one()
    return bool(before <= edits <= up_to)
