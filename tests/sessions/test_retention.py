"""Sessions that nobody reads go, whole; those that somebody reads stay."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app import main
from app.sessions import Sessions, Store, StoreUnavailable, Watching
from app.sessions.store.expiry import touch
from app.sessions.store.tables import metadata
from app.settings import Settings

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
def wait(engine):
    """Lets so many seconds pass, in which nobody reads anything."""

    def wait(seconds):
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE sessions SET read_at = read_at - :seconds"), {"seconds": seconds})

    return wait


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


def test_what_is_watched_stays(open_sessions, age):
    sessions = open_sessions(expire_after=1000.0)
    watched, other = make(sessions), make(sessions)
    age(1010)
    assert sessions.expire(watched=[watched.id, "gone-meanwhile"]) == 1
    assert sessions.read(watched.id).expires_at > time.time() + 990
    assert sessions.expire(watched=[]) == 0
    age(1010)
    assert sessions.expire() == 1  # nobody watches any more
    assert other.id != watched.id


def test_the_sweep_goes_on_by_itself_and_spares_what_is_watched(database_url, open_sessions, age, rows, monkeypatch, caplog):
    monkeypatch.setattr(Sessions, "sweep_every", 0.02)
    sessions = open_sessions(expire_after=1000.0)
    watched = make(sessions)
    make(sessions)
    store = Store(database_url)
    expire, failures = sessions.expire, iter([StoreUnavailable("locked")])

    def expire_or_fail(ids):
        if error := next(failures, None):
            raise error
        return expire(ids)

    monkeypatch.setattr(sessions, "expire", expire_or_fail)

    async def until(count):
        async with asyncio.timeout(10):
            while rows()["sessions"] != count:
                await asyncio.sleep(0.01)

    async def try_it():
        watching = Watching(store, lambda happened: happened.kind.encode())
        watcher = await watching.open(watched.id, None)
        age(1010)
        ended = asyncio.Event()
        sweeping = asyncio.create_task(main._sweep(sessions, watching, ended))
        await until(1)
        assert sessions.read(watched.id).expires_at > time.time() + 900
        watcher.close()
        age(1010)
        await until(0)
        ended.set()
        await asyncio.wait_for(sweeping, 5)
        watching.close()

    asyncio.run(try_it())
    store.close()
    assert "old sessions were not looked for" in caplog.text


@pytest.mark.parametrize("expire_after", [90.0, 7000.0])
def test_what_is_watched_on_another_replica_stays(database_url, open_sessions, wait, expire_after):
    here, elsewhere = open_sessions(expire_after=expire_after), open_sessions(expire_after=expire_after)
    id = make(here).id
    store = Store(database_url, fresh=here.sweep_every)
    assert here.sweep_every == expire_after / 4

    async def try_it():
        watching = Watching(store, lambda happened: happened.kind.encode())
        wait(0.99 * expire_after)
        watcher = await watching.open(id, None)
        for _ in range(9):
            wait(0.99 * here.sweep_every)
            assert elsewhere.expire() == 0
            wait(0.01 * here.sweep_every)
            here.expire(watching.ids)
        watcher.close()
        wait(1.01 * expire_after)
        assert elsewhere.expire() == 1  # nobody watches any more
        watching.close()

    asyncio.run(try_it())
    store.close()


@pytest.mark.parametrize("days", [31, -31])
def test_a_replica_whose_clock_is_wrong_deletes_nothing_that_is_read(open_sessions, monkeypatch, days):
    right = time.time
    here, elsewhere = open_sessions(expire_after=30 * 86400.0), open_sessions(expire_after=30 * 86400.0)
    made = make(here)
    monkeypatch.setattr(time, "time", lambda: right() + days * 86400)
    other = make(elsewhere)
    elsewhere.take_steps(other.id, other.edit_key)
    assert elsewhere.expire() == 0
    monkeypatch.undo()
    assert here.expire() == 0
    for id in (made.id, other.id):
        assert abs(here.read(id).expires_at - right() - 30 * 86400) < 60


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
        age(2000)  # within a quarter of that time, it is not written again
        expires_at = open_sessions(expire_after=10000.0).read(made.id).expires_at
        use(open_sessions())
        assert open_sessions(expire_after=10000.0).read(made.id).expires_at == expires_at


def test_who_reads_waits_for_nobody_who_writes(database_url, engine, open_sessions, age, monkeypatch):
    made = make(open_sessions())
    age(9000)
    store = Store(database_url, wait=60.0)
    tried = []
    monkeypatch.setattr("app.sessions.store.store.TOUCH_AGAIN", 60.0)
    monkeypatch.setattr("app.sessions.store.store.touch", lambda *args: tried.append(args) or touch(*args))
    with engine.connect() as writer, ThreadPoolExecutor(1) as threads:
        writer.exec_driver_sql("BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "SELECT 1 FROM sessions FOR UPDATE")
        for _ in range(3):
            assert threads.submit(store.read, made.id).result(timeout=30).step == 1
        assert len(tried) == 1  # not by every reader
        writer.rollback()
    with store.database.transaction() as connection:  # who changes something waits as long as ever
        setting = "PRAGMA busy_timeout" if engine.dialect.name == "sqlite" else "SHOW lock_timeout"
        assert connection.exec_driver_sql(setting).scalar() in (60000, "1min")
    store.close()
    open_sessions().read(made.id)
    assert len(tried) == 2
    assert open_sessions(expire_after=10000.0).read(made.id).expires_at > time.time() + 9000


def test_without_a_time_all_stay(open_sessions, age):
    sessions = open_sessions()
    made = make(sessions)
    age(10**9)
    assert sessions.expire() == 0
    assert sessions.read(made.id).expires_at is None


def test_who_makes_the_store_says_what_counts_as_read_just_now(database_url):
    store = Store(database_url, fresh=7.0)
    Sessions(store, expire_after=1000.0)
    assert store.fresh == 7.0  # whoever looks changes nothing in it
    store.close()
    app = main.create_app(Settings(database_url=database_url, retention_days=0.01))
    with TestClient(app):
        assert app.state.store.fresh == app.state.sessions.sweep_every == 216.0
