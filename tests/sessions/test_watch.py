"""Watchers within one process: what is at hand, what is read from the log, and that nothing is told twice or not at all."""

import asyncio

import psycopg
import pytest

from app.sessions import Happening, NoSuchPlace, Place, Store, TooManyWatchers, UnknownSession, Watching, normalise, watch
from app.sessions import Sessions as SessionsOfApp
from app.sessions.news import in_order
from app.sessions.store import CHANNEL

from .made import LIMITS, SMALL


@pytest.fixture
def store(database_url):
    store = Store(database_url)
    yield store
    store.close()


@pytest.fixture
def run(store):
    """A session, and the ways to change it."""

    class Run:
        sessions = SessionsOfApp(store)
        made = sessions.create(normalise(SMALL, **LIMITS))
        id = made.id

        def step(self, count=1):
            self.sessions.take_steps(self.id, self.made.edit_key, count=count)

        def edit(self, action=None):
            self.sessions.act(self.id, self.made.edit_key, action or {"name": "freeze", "layer": 1})

        def look(self, step):
            self.sessions.look_at(self.id, self.made.edit_key, {"step": step})

    return Run()


def encode(happened: Happening) -> bytes:
    return f"{happened.kind} {happened.place}\n".encode()


def watching(store, **options):
    made = Watching(store, encode, **options)
    store.on_change = made.tell
    return made


async def take(events, count, limit=10):
    """The next `count` events."""
    told = []
    async with asyncio.timeout(limit):
        while len(told) < count:
            told += (await anext(events)).decode().splitlines()
    return told


def test_who_falls_behind_goes_on_in_the_log(store, run, monkeypatch):
    monkeypatch.setattr(watch, "KEPT", 4)

    async def try_it():
        all = watching(store)
        quick, slow = await all.open(run.id, None), await all.open(run.id, Place(0, 0, 0))
        at_once, later = quick.events(), slow.events()
        expected = []
        for n in range(1, 13):
            await asyncio.to_thread(run.step)
            expected.append(f"step {n}.{(n - 1) // 4}.0")
            if n % 4 == 0:
                await asyncio.to_thread(run.edit)
                expected.append(f"edit {n}.{n // 4}.0")
                assert await take(at_once, 5) == expected[-5:]
        assert await take(later, 15) == expected
        await asyncio.to_thread(run.step)
        assert await take(later, 1) == await take(at_once, 1) == ["step 13.3.0"]
        all.close()

    asyncio.run(try_it())


def test_of_many_looks_the_last_matters(store, run):
    for _ in range(5):
        run.step()

    async def try_it():
        all = watching(store)
        one = await all.open(run.id, None)
        events = one.events()
        for step in range(1, 6):
            run.look(step)
        await all.read(all._channels[run.id])
        run.step()
        told = await take(events, 2)
        assert told[-1].startswith("step 6.0.5")
        assert [line for line in told if line.startswith("look")] == ["look 5.0.5"]
        again = (await all.open(run.id, Place(5, 0, 3))).events()
        assert await take(again, 2) == ["step 6.0.3", "look 6.0.5"]
        all.close()

    asyncio.run(try_it())


def test_one_reading_serves_all(store, run, monkeypatch):
    readings = []
    since = store.since
    monkeypatch.setattr(store, "since", lambda id, place, *rest: readings.append(place) or since(id, place, *rest))
    monkeypatch.setattr(store.database, "file_version", lambda: None)  # which tells of this process's own changes, too

    async def try_it():
        all = watching(store)
        watchers = [(await all.open(run.id, None)).events() for _ in range(20)]
        waiting = [asyncio.create_task(take(events, 1)) for events in watchers]
        await asyncio.sleep(0)
        await asyncio.to_thread(run.step)
        assert {tuple(told) for told in await asyncio.gather(*waiting)} == {("step 1.0.0",)}
        # which tells a change also to the process that has made it, and that looks again: but not once for each
        if store.database.is_postgresql:
            assert len(readings) < 6
        else:
            assert readings == [None, Place(0, 0, 0)]
        all.close()

    asyncio.run(try_it())


def test_who_watches_is_told_when_another_process_lets_a_session_expire(store, run, database_url):
    async def try_it():
        all = watching(store)
        events = (await all.open(run.id, None)).events()
        waiting = asyncio.create_task(take(events, 1))
        other = Store(database_url)
        assert await asyncio.to_thread(other.expire, -1) == [run.id]
        assert await waiting == ["deleted 0.0.0"]
        assert not all.has(run.id)
        assert all.ids == []
        all.close()
        other.close()

    asyncio.run(try_it())


def test_postgresql_notifies_of_each_session_that_expires(postgresql):
    with postgresql.database() as url:
        store = Store(url)
        sessions = SessionsOfApp(store)
        made = {sessions.create(normalise(SMALL, **LIMITS)).id for _ in range(2)}
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            assert set(store.expire(-1)) == made
            assert {notice.payload for notice in connection.notifies(timeout=10, stop_after=2)} == made
        store.close()


def test_limits_and_leaving(store, run):
    async def try_it():
        all = watching(store, max_watchers=2, max_watchers_per_session=1)
        one = await all.open(run.id, None)
        with pytest.raises(TooManyWatchers):
            await all.open(run.id, None)
        one.close()
        one.close()
        assert all.count == 0
        assert not all.has(run.id)
        two = await all.open(run.id, None)
        assert all.has(run.id)
        for wrong, error in (("nobody", UnknownSession), (run.id, TooManyWatchers)):
            with pytest.raises(error):
                await all.open(wrong, None)
        assert all.count == 1
        two.close()
        with pytest.raises(NoSuchPlace):
            await all.open(run.id, Place(1, 0, 0))
        assert all.count == 0
        all.close()

    asyncio.run(try_it())


def test_silence_is_filled_with_signs_of_life(store, run, monkeypatch):
    monkeypatch.setattr(watch, "HEARTBEAT", 0.05)

    async def try_it():
        all = watching(store)
        events = (await all.open(run.id, None)).events()
        assert [await anext(events) for _ in range(3)] == [b""] * 3
        all.close()
        assert [event async for event in events] == []

    asyncio.run(try_it())


@pytest.mark.parametrize(
    ("steps", "actions", "told"),
    [
        ([1, 2, 3], [], ["1.0", "2.0", "3.0"]),
        ([1, 2], [(1, 0), (2, 1), (3, 1)], ["0.1", "1.1", "1.2", "1.3", "2.3"]),
        # there may be more actions after the fourth, before step 1
        ([1, 2], [(1, 0), (2, 0), (3, 0), (4, 0)], ["0.1", "0.2", "0.3", "0.4"]),
        # and more steps after step 4, before the action at 9
        ([1, 2, 3, 4], [(1, 9)], ["1.0", "2.0", "3.0", "4.0"]),
        ([], [(1, 0)], ["0.1"]),
    ],
)
def test_what_was_read_in_part_is_told_in_order(steps, actions, told):
    happened = in_order(Place(0, 0, 7), [(step, b"") for step in steps], [(number, step, b"") for number, step in actions], 4)
    assert [str(one.place) for one in happened] == [f"{place}.7" for place in told]
