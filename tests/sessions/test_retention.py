"""Sessions that nobody reads go, whole; those that somebody reads stay."""

import time

import pytest
import sqlalchemy as sa

from app.sessions.store.tables import metadata

from .made import recipe

INLINE = {"name": "inline", "X": [[0, 0, 1, 1], [0, 1, 0, 1]], "Y": [[1, 0, 0, 1], [0, 1, 1, 0]]}


@pytest.fixture
def age(engine):
    """Lets all sessions have been read last so many seconds ago."""

    def age(seconds):
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE sessions SET read_at = :at"), {"at": time.time() - seconds})

    return age


@pytest.fixture
def rows(engine):
    """How many rows each table has."""

    def rows():
        with engine.connect() as connection:
            return {
                name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() for name, table in metadata.tables.items()
            }

    return rows


def make(sessions):
    """A session with something in every table."""
    made = sessions.create(recipe(dataset=INLINE, batch_size=2))
    sessions.act(made.id, made.edit_key, {"name": "freeze", "layer": 1})
    sessions.take_steps(made.id, made.edit_key)
    return made


def test_what_nobody_reads_goes_whole(open_sessions, rows, age):
    sessions = open_sessions(checkpoint_work=0.0, expire_after=1000.0)
    make(sessions)
    make(sessions)
    assert all(rows().values())
    age(990)
    assert sessions.expire() == 0
    age(1010)
    assert sessions.expire() == 2
    assert not any(rows().values())


def test_what_its_owner_deletes_goes_whole(open_sessions, rows):
    sessions = open_sessions(checkpoint_work=0.0)
    made = make(sessions)
    assert all(rows().values())
    sessions.delete(made.id, made.edit_key)
    assert not any(rows().values())


def test_whoever_reads_or_steps_keeps_it(open_sessions, age):
    made = make(open_sessions())
    for use in (
        lambda sessions: sessions.read(made.id),
        lambda sessions: sessions.look(made.id, 1),
        lambda sessions: sessions.take_steps(made.id, made.edit_key),
        lambda sessions: sessions.look_at(made.id, made.edit_key, {"step": 1}),
    ):
        age(9000)
        use(open_sessions())
        expires_at = open_sessions(expire_after=10000.0).read(made.id).expires_at
        assert expires_at > time.time() + 9900
        age(3000)  # within the hour, it is not written again
        expires_at = open_sessions(expire_after=10000.0).read(made.id).expires_at
        use(open_sessions())
        assert open_sessions(expire_after=10000.0).read(made.id).expires_at == expires_at


def test_without_a_time_all_stay(open_sessions, age):
    sessions = open_sessions()
    made = make(sessions)
    age(10**9)
    assert sessions.expire() == 0
    assert sessions.read(made.id).expires_at is None
