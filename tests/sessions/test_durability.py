"""What was acknowledged is never lost, never taken twice, and comes back to the last bit."""

import http.client
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.sessions import Sessions, StepConflict, Store, normalise

ROOT = Path(__file__).resolve().parent.parent.parent
LIMITS = {"max_layers": 8, "max_parameters": 10**6, "max_batch_size": 64, "max_activation_cells": 10**6}
SMALL = {"dataset": {"name": "blobs"}, "batch_size": 8}


@pytest.fixture
def open_sessions(database_url):
    """Sessions as another process would open them, on one database."""
    stores = []

    def make(**options):
        stores.append(Store(database_url))
        return Sessions(stores[-1], **options)

    yield make
    for store in stores:
        store.close()


def assert_same(one, other):
    np.testing.assert_array_equal(one.indices, other.indices)
    assert one.trace.loss == other.trace.loss
    for a, b in zip(one.trace.layers, other.trace.layers, strict=True):
        for name in ("W", "b", "A", "dZ", "dW", "db", "W_next", "b_next"):
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name), strict=True)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("work", [0.0, 1000.0])  # a checkpoint after every step, and none at all
def test_the_past_is_the_same_without_caches(open_sessions, dtype, work):
    first = open_sessions(checkpoint_work=work)
    made = first.create(normalise({**SMALL, "dtype": dtype}, **LIMITS))
    taken = [first.take_steps(made.id, made.edit_key) for _ in range(10)]
    later = open_sessions()
    for n in (10, 1, 5, 3, 4):
        assert_same(later.look(made.id, n), taken[n - 1])
    assert_same(later.take_steps(made.id, made.edit_key), first.look(made.id, 11))


def test_of_two_processes_one_wins(open_sessions):
    one, other = open_sessions(), open_sessions()
    made = one.create(normalise(SMALL, **LIMITS))
    one.take_steps(made.id, made.edit_key, expected_step=0)
    with pytest.raises(StepConflict):
        other.take_steps(made.id, made.edit_key, expected_step=0)
    assert other.take_steps(made.id, made.edit_key, expected_step=1).trace.step == 2
    assert one.take_steps(made.id, made.edit_key, expected_step=2).trace.step == 3


def test_of_many_threads_one_wins(open_sessions):
    both = [open_sessions(), open_sessions()]
    made = both[0].create(normalise(SMALL, **LIMITS))
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


def test_a_locked_database_is_a_problem_that_passes(client, make_session, settings):
    one = make_session()
    lock = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    answer = client.post(f"{one.url}/steps", headers=one.headers)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    lock.execute("ROLLBACK")
    lock.close()
    again = client.post(f"{one.url}/steps", json={"expected_step": 0}, headers=one.headers)
    assert again.json()["step"] == 1


class Server:
    def __init__(self, database):
        environment = {**os.environ, "HOST": "127.0.0.1", "PORT": "0", "BACKSCOPE_DATABASE_URL": f"sqlite:///{database}"}
        self.process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        self.address = re.search(r"http://\S+", self.process.stdout.readline())[0]

    def call(self, path, body=None, key=""):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.address + path, data, headers), timeout=20) as answer:
            return json.load(answer)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def test_a_killed_server_has_lost_nothing(tmp_path, open_sessions):
    server = Server(tmp_path / "killed.db")
    made = server.call("/api/v1/sessions", SMALL)
    url, key = f"/api/v1/sessions/{made['id']}", made["edit_key"]
    killer = threading.Timer(0.7, server.process.kill)
    killer.start()
    acknowledged = 0
    try:
        while True:
            acknowledged = server.call(f"{url}/steps", {}, key)["step"]
    except (OSError, ValueError, http.client.HTTPException):
        pass  # the connection may break at any byte
    killer.join()
    server.kill()
    assert acknowledged > 0

    server = Server(tmp_path / "killed.db")
    try:
        reached = server.call(url)["step"]
        assert reached in (acknowledged, acknowledged + 1)
        following = server.call(f"{url}/steps", {"expected_step": reached}, key)
    finally:
        server.kill()

    straight = open_sessions()
    twin = straight.create(normalise(SMALL, **LIMITS))
    trace = straight.take_steps(twin.id, twin.edit_key, count=reached + 1).trace
    assert following["loss"] == trace.loss
    for told, layer in zip(following["layers"][1:], trace.layers[1:], strict=True):
        np.testing.assert_array_equal(told["W_next"]["values"], layer.W_next)
