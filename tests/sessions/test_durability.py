"""Whoever is first wins, what was acknowledged is never lost or taken twice, and a database that fails is a problem that passes."""

import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.engine import OutOfBounds
from app.sessions import LogConflict, Sessions, StepConflict, StoreUnavailable, UnknownSession
from app.sessions.errors import WrongKey
from app.sessions.run import Run as RunItself
from app.sessions.store.readiness import Readiness
from app.settings import Settings

from .made import assert_same, recipe


def test_of_two_processes_one_wins(open_sessions):
    one, other = open_sessions(), open_sessions()
    made = one.create(recipe())
    one.take_steps(made.id, made.edit_key, expected_step=0)
    with pytest.raises(StepConflict):
        other.take_steps(made.id, made.edit_key, expected_step=0)
    assert other.take_steps(made.id, made.edit_key, expected_step=1).trace.step == 2
    assert one.take_steps(made.id, made.edit_key, expected_step=2).trace.step == 3


def test_of_many_threads_one_wins(open_sessions):
    both = [open_sessions(), open_sessions()]
    made = both[0].create(recipe())
    barrier = threading.Barrier(8)

    def step(i):
        barrier.wait()
        try:
            return both[i % 2].take_steps(made.id, made.edit_key, expected_step=0).trace.step
        except StepConflict:
            return None

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(step, range(8)), key=str) == [1, *[None] * 7]
    assert both[0].read(made.id).step == 1


def test_more_changes_at_once_than_connections(open_sessions):
    sessions, others = open_sessions(max_live=1), open_sessions(max_live=1)  # so each step reads a checkpoint, within its change
    made = [sessions.create(recipe()) for _ in range(60)]

    def step(one):
        return [whose.take_steps(one.id, one.edit_key).trace.step for whose in (sessions, others)]

    with ThreadPoolExecutor(len(made)) as threads:
        assert list(threads.map(step, made)) == [[1, 2]] * len(made)


def test_edits_of_another_process_act_here(open_sessions):
    one, other, straight = open_sessions(), open_sessions(), open_sessions()
    made, twin = one.create(recipe()), straight.create(recipe())
    freeze = {"name": "freeze", "layer": 1}
    one.take_steps(made.id, made.edit_key)
    straight.take_steps(twin.id, twin.edit_key)
    other.act(made.id, made.edit_key, freeze)
    straight.act(twin.id, twin.edit_key, freeze)
    with pytest.raises(LogConflict):
        one.act(made.id, made.edit_key, freeze, expected_edits=0)
    for stepping in (one, other, one):
        assert_same(stepping.take_steps(made.id, made.edit_key), straight.take_steps(twin.id, twin.edit_key))
    looks = [stepping.look_at(made.id, made.edit_key, {"step": n}) for n, stepping in enumerate((one, other, other, one), start=1)]
    assert len(looks) == 4
    assert {sessions.read(made.id).look["step"] for sessions in (one, other)} == {4}


def test_a_run_goes_on_while_a_look_far_back_is_checked(open_sessions, monkeypatch):
    first, later = open_sessions(), open_sessions()
    made = first.create(recipe())
    first.take_steps(made.id, made.edit_key, count=3)
    at = {"step": 2, "cell": {"tensor": "W", "layer": 1, "row": 0, "col": 0}}
    taken, steps = Sessions._taken, []

    def slowly(sessions, row, step):
        steps.append(threads.submit(later.take_steps, made.id, made.edit_key).result(timeout=5).trace.step)
        return taken(sessions, row, step)

    monkeypatch.setattr(Sessions, "_taken", slowly)
    with ThreadPoolExecutor(1) as threads:
        with pytest.raises(WrongKey):
            later.look_at(made.id, "another", at)
        later.look_at(made.id, made.edit_key, at)
        with pytest.raises(OutOfBounds):
            later.look_at(made.id, made.edit_key, {**at, "cell": {**at["cell"], "row": 99}})
    assert steps == [4, 5]
    assert first.read(made.id).look == {**at, "reached": 4}


def test_replicas_in_turn_compute_only_what_the_other_did(open_sessions, monkeypatch):
    both, steps, advance = [open_sessions(), open_sessions()], [], RunItself.advance
    monkeypatch.setattr(RunItself, "advance", lambda run: steps.append(run.step) or advance(run))
    made = both[0].create(recipe())
    for n in range(10):
        both[n % 2].take_steps(made.id, made.edit_key)
    assert len(steps) < 2 * 10


@pytest.mark.parametrize("id", ["nobody", "\0", "x" * 65, "ü", "a b", ""])
def test_no_id_upsets_the_database(open_sessions, id):
    sessions = open_sessions()
    for use in (sessions.read, lambda id: sessions.look(id, 1), lambda id: sessions.take_steps(id, "key")):
        with pytest.raises(UnknownSession):
            use(id)


@pytest.fixture
def settings(database_url):
    return Settings(database_url=database_url, database_wait=0.2)


class Run:
    """A session by HTTP: stepped and edited, or refused with a problem."""

    def __init__(self, client, made):
        self._client, self._made = client, made

    def step(self, expected):
        answer = self._client.post(f"{self._made.url}/steps", json={"expected_step": expected}, headers=self._made.headers)
        return self._told(answer, 200)

    def edit(self):
        return self._told(
            self._client.post(f"{self._made.url}/edits", json={"action": {"name": "freeze", "layer": 1}}, headers=self._made.headers), 201
        )

    def fork(self):
        return self._told(self._client.post(f"{self._made.url}/forks", json={"step": 1}), 201)

    def read(self):
        return self._told(self._client.get(self._made.url), 200)

    def is_ready(self):
        return self._told(self._client.get("/readyz"), 200) is not None

    def steps(self):
        return self._client.get(f"{self._made.url}/history").json()["steps"]

    def _told(self, answer, good):
        if answer.status_code == good:
            return answer.json()
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["field"] == "database"
        assert "not available" in problem["detail"]
        assert not re.search("/|host|port|user|role|connection to", problem["detail"] + problem["value"])  # where it is, and whose
        return None


@pytest.fixture
def run(client, make_session, monkeypatch):
    monkeypatch.setattr("app.sessions.store.readiness.KEPT", 0.0)
    run = Run(client, make_session())
    assert run.step(0)
    return run


def test_a_session_that_somebody_holds_is_a_problem_that_passes(run, engine, database_url):
    if engine.dialect.name == "sqlite":
        lock = sqlite3.connect(engine.url.database, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
    else:
        lock = engine.connect()
        lock.execute(sa.text("SELECT 1 FROM sessions FOR UPDATE"))
    assert run.step(1) is None
    assert run.edit() is None
    assert run.read()["step"] == 1  # who only reads waits for nobody
    assert run.is_ready() == (engine.dialect.name == "postgresql")  # where the others can be changed meanwhile
    if engine.dialect.name == "sqlite":
        lock.execute("ROLLBACK")
    lock.close()
    assert run.is_ready()
    assert run.step(1)["step"] == 2
    assert run.edit()["step"] == 2


def test_a_full_disk_is_a_problem_that_passes(database_url, client, make_session):
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's disk can't be filled without filling the machine's; one that takes nothing is tried below")
    most = 2**30

    def limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {most}")  # not below what there is, so it is then full

    sa.event.listen(sa.pool.Pool, "checkout", limit)
    try:
        run = Run(client, make_session())
        run.step(0)
        most, step = 1, 1
        while run.step(step):
            step += 1
            assert step < 500, "the disk never was full"
        while run.fork():
            pass
        assert run.read()["step"] == step
        most = 2**30
        assert run.step(step)["step"] == step + 1
        assert run.edit()["edits"]
        assert run.fork()["step"] == 1
        assert run.steps() == list(range(1, step + 2))
    finally:
        sa.event.remove(sa.pool.Pool, "checkout", limit)


def test_a_database_that_takes_nothing_is_a_problem_that_passes(run, engine, postgresql):
    if engine.dialect.name == "sqlite":
        pytest.skip("a SQLite file that takes nothing is one on a full disk, which is tried above")

    def takes_nothing(on):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = {on}"))
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
                )
            )

    takes_nothing("on")
    assert not run.is_ready()
    assert run.step(1) is None
    assert run.edit() is None
    assert run.read()["step"] == 1
    engine.dispose()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SET default_transaction_read_only = off"))
        connection.execute(sa.text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = off"))
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()")
        )
    assert run.is_ready()
    assert run.step(1)["step"] == 2


def test_whether_changes_are_taken_is_tried_once_for_all_who_ask():
    tried, is_full = [], True

    def try_to_write():
        tried.append(1)
        if is_full:
            raise StoreUnavailable("full", "full: /here")

    readiness = Readiness(try_to_write)
    for _ in range(3):
        with pytest.raises(StoreUnavailable) as failed:
            readiness.check()
        assert (failed.value.reason, failed.value.words) == ("full", "full: /here")
    assert len(tried) == 1
    is_full, readiness.known_until = False, 0.0
    for _ in range(3):
        readiness.check()
    assert len(tried) == 2


def test_a_commit_that_fails_leaves_nothing_in_memory(open_sessions, engine, monkeypatch):
    sessions, other, straight = open_sessions(), open_sessions(), open_sessions()
    made, twin = sessions.create(recipe()), straight.create(recipe())
    sessions.take_steps(made.id, made.edit_key)
    straight.take_steps(twin.id, twin.edit_key)

    def fail(connection):
        raise sa.exc.OperationalError("COMMIT", {}, Exception("the server went"))

    sa.event.listen(sa.Engine, "commit", fail)
    try:
        with pytest.raises(StoreUnavailable) as failed:
            sessions.take_steps(made.id, made.edit_key)
        assert failed.value.words == "the server went"
    finally:
        sa.event.remove(sa.Engine, "commit", fail)
    # what it had computed was never recorded, and another goes on otherwise
    ablate = {"name": "ablate", "layer": 1, "unit": 0}
    other.act(made.id, made.edit_key, ablate)
    straight.act(twin.id, twin.edit_key, ablate)
    assert_same(other.take_steps(made.id, made.edit_key), straight.take_steps(twin.id, twin.edit_key))
    assert_same(sessions.take_steps(made.id, made.edit_key), straight.take_steps(twin.id, twin.edit_key))


def test_a_server_of_postgresql_may_be_restarted(run, engine, postgresql, caplog):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no server")
    postgresql.stop()
    try:
        assert run.step(1) is None
        assert run.read() is None
        assert "connection to server" in caplog.text  # for whoever runs it
    finally:
        postgresql.start()
    assert run.step(1)["step"] == 2
    assert run.steps() == [1, 2]


def test_a_replica_waits_for_a_slow_one(database_url, open_sessions):
    """On PostgreSQL the session is one's alone while it is changed, so of two who say nothing of a step both are served."""
    both = [open_sessions(), open_sessions()]
    made = both[0].create(recipe())
    with ThreadPoolExecutor(2) as threads:
        taken = list(threads.map(lambda sessions: [sessions.take_steps(made.id, made.edit_key).trace.step for _ in range(10)], both))
    assert sorted(taken[0] + taken[1]) == list(range(1, 21))
