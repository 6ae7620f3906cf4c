"""Servers that are killed at any moment, under load: what was answered is there, once, and comes back to the last bit."""

import http.client
import json
import random
import threading
import time
import urllib.error

from app.sessions import Sessions, Store
from app.sessions.run import Run
from tests.serving import Server

from .made import SMALL, assert_same

KILLS = 6
ACTIONS = (
    {"name": "set", "tensor": "W", "layer": 1, "row": 0, "col": 0, "value": 0.5},
    {"name": "ablate", "layer": 1, "unit": 1},
    {"name": "ablate", "layer": 1, "unit": 1, "on": False},
    {"name": "scale_gradient", "tensor": "dA", "layer": 1, "factor": -1.0},
    {"name": "optimizer", "changes": {"learning_rate": 0.02}},
    {"name": "undo"},
    {"name": "redo"},
)


class Journal:
    """All that servers have answered, by whoever asked."""

    def __init__(self):
        self.server = None
        self.over = threading.Event()
        self.losses = {}  # (session, step): loss
        self.actions = {}  # (session, number): action
        self.sessions = {}  # id: key
        self._guard = threading.Lock()

    @property
    def answers(self):
        return len(self.losses) + len(self.actions)

    def keep(self, where, key, value):
        with self._guard:
            assert key not in where, f"{key} was answered twice"
            where[key] = value


class Client(threading.Thread):
    """Steps, edits and forks sessions until the journal is over; others do the same with the same sessions."""

    def __init__(self, journal, seed):
        super().__init__()
        self._journal, self._random = journal, random.Random(seed)
        self.mistakes = []

    def run(self):
        while not self._journal.over.is_set():
            server = self._journal.server
            try:
                self._use(server, self._random.choice(list(self._journal.sessions)))
            except urllib.error.HTTPError as refusal:
                if refusal.code not in (409, 503):  # another was faster; or there was nothing to undo
                    self.mistakes.append(f"{refusal.code} {refusal.url}")
            except (OSError, ValueError, http.client.HTTPException):
                self._journal.over.wait(0.02)  # the connection may break at any byte
            except AssertionError as mistake:
                self.mistakes.append(mistake)

    def _use(self, server, id):
        journal, chance = self._journal, self._random.random()
        url, key = f"/api/v1/sessions/{id}", journal.sessions[id]
        here = server.call(url)
        if chance < 0.04 and here["step"] and len(journal.sessions) < 8:
            fork = server.call(f"{url}/forks", {"step": self._random.randint(0, here["step"]), "changes": {"batch_size": 4}})
            journal.sessions[fork["id"]] = fork["edit_key"]
        elif chance < 0.3:
            expected = {"expected_step": here["step"], "expected_edits": here["edits"]}
            log = server.call(f"{url}/edits", {"action": self._random.choice(ACTIONS), **expected}, key)["edits"]
            journal.keep(journal.actions, (id, here["edits"] + 1), log[here["edits"]]["action"])
        else:
            count = self._random.choice((1, 1, 1, 5))
            trace = server.call(f"{url}/steps?include=b&layers=1", {"count": count, "expected_step": here["step"]}, key)
            assert trace["step"] == here["step"] + count
            journal.keep(journal.losses, (id, trace["step"]), trace["loss"])


def assert_whole(journal, database_url):
    """Everything that was answered is recorded, without a gap, and is what an undisturbed run of the same log gives."""
    store = Store(database_url)
    sessions = Sessions(store)
    try:
        for id in journal.sessions:
            session = sessions.read(id)
            history = store.history(id, -1)
            assert [step for step, _ in history] == list(range(session.step + 1))
            answered = {step: loss for (of, step), loss in journal.losses.items() if of == id}
            assert max(answered, default=0) <= session.step
            assert all(history[step][1]["loss"] == loss for step, loss in answered.items())
            log = {entry.number: entry.action for entry in session.log.entries}
            assert list(log) == list(range(1, len(log) + 1))
            assert {number: action for (of, number), action in journal.actions.items() if of == id}.items() <= log.items()
            if session.step:
                run = Run.begin(session.recipe)
                losses = [(taken := run.advance()).trace.loss for _ in range(session.step)]
                assert_same(sessions.look(id, session.step), taken)
                assert losses == [scalars["loss"] for _, scalars in history[1:]]
    finally:
        store.close()


def test_killed_again_and_again(database_url):
    journal, moments = Journal(), random.Random(1)
    server = journal.server = Server(database_url).wait()
    for config in ({}, {"optimizer": {"name": "adam"}, "dropout": 0.2}, {"normalisation": "batch_norm"}):
        made = server.call("/api/v1/sessions", {**SMALL, "layer_sizes": [2, 4, 3], **config})
        journal.sessions[made["id"]] = made["edit_key"]
    clients = [Client(journal, seed) for seed in range(4)]
    for client in clients:
        client.start()
    try:
        for kill in range(KILLS):
            if kill % 3 == 2:  # while it starts
                journal.over.wait(moments.uniform(0.2, 1.0))
            else:
                if server.address is None:
                    journal.server = server.wait()
                wanted = journal.answers + moments.randint(1, 30)
                while journal.answers < wanted:
                    journal.over.wait(0.005)
            server.kill()
            server = Server(database_url)
        journal.server = server.wait()
    finally:
        journal.over.set()
        for client in clients:
            client.join()
        server.kill()
    assert [mistake for client in clients for mistake in client.mistakes] == []
    assert min(len(journal.losses), len(journal.actions)) > 3
    assert_whole(journal, database_url)


def test_a_replica_that_is_killed_holds_nobody_up(database_url):
    """Two servers on one database; one dies amid a step that it has the session for."""
    one, other = Server(database_url), Server(database_url)
    journal = Journal()
    try:
        one.wait(), other.wait()
        made = one.call("/api/v1/sessions", {**SMALL, "batch_size": 32, "layer_sizes": [2, 32, 32, 3]})
        id = made["id"]
        journal.sessions[id] = made["edit_key"]
        url = f"/api/v1/sessions/{id}/steps?include=b&layers=1"

        def take(server, count, pause):
            """Steps from where it thinks the session is, until the server is gone."""
            step = 0
            try:
                while not journal.over.is_set():
                    try:
                        trace = server.call(url, {"count": count, "expected_step": step}, made["edit_key"])
                        step = trace["step"]
                        journal.keep(journal.losses, (id, step), trace["loss"])
                        journal.over.wait(pause)
                    except urllib.error.HTTPError as refusal:
                        step = json.load(refusal)["current_step"]  # of nothing but a 409
            except (OSError, ValueError, http.client.HTTPException):
                pass

        threads = [threading.Thread(target=take, args=(one, 100, 0)), threading.Thread(target=take, args=(other, 1, 0.1))]
        for thread in threads:
            thread.start()
        began = time.monotonic()
        while not any(step > 200 for _, step in journal.losses):  # the slow one gets its turns in the pauses of the other
            assert time.monotonic() < began + 30
            journal.over.wait(0.02)
        one.kill()
        killed, before = time.monotonic(), len(journal.losses)
        threads[0].join()
        while len(journal.losses) < before + 3:
            assert time.monotonic() < killed + 4, "what the dead one had locked stayed locked"
            journal.over.wait(0.02)
        journal.over.set()
        threads[1].join()
    finally:
        journal.over.set()
        for server in (one, other):
            server.kill()
    reached = max(step for _, step in journal.losses)
    assert reached > 0
    assert_whole(journal, database_url)
