"""Those who watch a run: all of it, in order, once; whoever they are, and however often they lose the connection."""

import http.client
import itertools
import json
import socket
import threading
import time
import urllib.error

import pytest

from app.api import events
from app.sessions import Happening, Place
from app.settings import Settings
from tests.conftest import BLOBS, client_of, maker_of_sessions
from tests.served import Server

from .test_trace import assert_problem

SET = {"name": "set", "tensor": "W", "layer": 1, "row": 0, "col": 0, "value": 0.5}
CELL = {"tensor": "dW", "layer": 1, "row": 0, "col": 1}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(f"sqlite:///{tmp_path_factory.mktemp('events') / 'backscope.db'}")
    yield server
    server.end()


class Run:
    """A session on a server, with what its owner does to it."""

    def __init__(self, server):
        self.server = server
        made = server.call("/sessions", BLOBS)
        self.id, self.key = made["id"], made["edit_key"]
        self.path = f"/sessions/{self.id}"

    def step(self, count=1):
        return self.server.call(f"{self.path}/steps", {"count": count}, self.key)

    def edit(self, action):
        return self.server.call(f"{self.path}/edits", {"action": action}, self.key)

    def look(self, **at):
        return self.server.call(f"{self.path}/look", at, self.key, "PUT")

    def delete(self):
        return self.server.call(self.path, key=self.key, method="DELETE")


@pytest.fixture
def run(server):
    return Run(server)


class TestStream:
    def test_tells_each_step_and_action_in_their_order_and_the_last_look(self, run):
        run.look(phase="dW1", tab="flow")
        with run.server.watch(run.id) as one, run.server.watch(run.id, "0.0.1") as other:
            assert one.answer.getheader("content-type").startswith("text/event-stream")
            assert next(iter(one)) == ("look", "0.0.1", {"phase": "dW1", "tab": "flow", "reached": 0})
            run.step(2)
            run.edit(SET)
            run.edit({"name": "undo"})
            trace = run.step()
            run.look(tab="health", cell=CELL)
            told = list(itertools.islice(one, 6))
            assert told == list(itertools.islice(other, 6))
        assert [(kind, id) for kind, id, _ in told] == [
            ("step", "1.0.1"),
            ("step", "2.0.1"),
            ("edit", "2.1.1"),
            ("edit", "2.2.1"),
            ("step", "3.2.1"),
            ("look", "3.2.2"),
        ]
        assert told[2].data == {"number": 1, "step": 2, "action": SET}
        assert told[3].data["action"] == {"name": "undo"}
        assert told[5].data == {"tab": "health", "cell": CELL, "reached": 3}
        assert (told[4].data["step"], told[4].data["edits"]) == (3, 2)
        assert told[4].data["scalars"]["loss"] == trace["loss"]
        history = run.server.call(f"{run.path}/history")
        for at, n in enumerate((0, 1, 4)):
            scalars = told[n].data["scalars"]
            for name in ("loss", "accuracy", "test_loss", "test_accuracy"):
                assert scalars.pop(name) == history[name][at]
            columns = {name: [layer[name][at] for layer in history["layers"]] for name in history["layers"][0] if name != "index"}
            assert scalars == columns

    def test_tells_how_the_page_is_drawn_and_what_is_tried_on_a_step(self, run):
        run.step()
        told = {
            "step": 1,
            "layer": 1,
            "scale": "shared",
            "colors": "logarithmic",
            "preset": "vanishing",
            "what_if": {"edit": SET, "view": "before"},
        }
        run.look(**told)
        assert run.server.call(run.path)["look"] == {**told, "reached": 1}
        with run.server.watch(run.id) as stream:
            assert next(iter(stream)).data == {**told, "reached": 1}
            # what the class then asks for is one answer, of the step with this edit and with no other
            asked = [run.server.call(f"{run.path}/steps/1/what_if", {"edits": [{**SET, "value": value}]}) for value in (0.5, 0.25, 0.5)]
        assert [one["trace"]["layers"][1]["W"]["values"][0][0] for one in asked] == [0.5, 0.25, 0.5]
        assert run.server.call(run.path)["step"] == 1

    def test_goes_on_where_it_was_without_a_gap_and_tells_nothing_twice(self, run):
        done = threading.Event()

        def teach():
            for n in range(60):
                run.step()
                if n % 7 == 0:
                    run.edit(SET)
                if n % 5 == 0:
                    run.look(step=n + 1)
            done.set()

        teacher = threading.Thread(target=teach)
        teacher.start()
        told, id = [], "0.0.0"
        while not told or told[-1] != ("step", 60):
            with run.server.watch(run.id, id) as stream:
                for kind, _, data in itertools.islice(stream, 11):
                    if kind != "look":
                        told.append((kind, data.get("number", data["step"])))
                    if told[-1:] == [("step", 60)]:
                        break
                id = stream.id
        teacher.join()
        assert done.is_set()
        assert [n for kind, n in told if kind == "step"] == list(range(1, 61))
        assert [n for kind, n in told if kind == "edit"] == list(range(1, 10))
        edited = [told[i - 1] for i, (kind, _) in enumerate(told) if kind == "edit"]
        assert edited == [("step", n + 1) for n in range(0, 60, 7)]

    def test_who_is_far_behind_is_told_all_of_it(self, run):
        for _ in range(3):
            run.step(100)
            run.edit(SET)
        with run.server.watch(run.id, "0.0.0") as stream:
            told = list(itertools.islice(stream, 303))
            assert [data["step"] for kind, _, data in told if kind == "step"] == list(range(1, 301))
            assert [told[i].kind for i in (100, 201, 302)] == ["edit"] * 3
            assert stream.id == "300.3.0"

    def test_one_that_does_not_read_holds_up_nobody(self, run):
        address = run.server.address.removeprefix("http://")
        host, port = address.split(":")
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((host, int(port)))
        slow.sendall(f"GET /api/v1{run.path}/events?last_event_id=0.0.0 HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
        with run.server.watch(run.id, "0.0.0") as quick:
            for n in range(20):
                run.step(100)
                told = list(itertools.islice(quick, 100))
                assert told[-1].data["step"] == 100 * (n + 1)
        # and when it reads at last, nothing is missing
        slow.settimeout(20)
        got = b""
        while b'"step":2000,' not in got:
            got += slow.recv(1 << 16)
        slow.close()
        steps = [int(line.split(b":")[2].split(b",")[0]) for line in got.split(b"\n") if line.startswith(b'data: {"step"')]
        assert steps == list(range(1, 2001))

    def test_ends_with_its_session(self, run):
        run.step()
        with run.server.watch(run.id) as stream:
            run.delete()
            assert [kind for kind, _, _ in stream] == ["deleted"]
        with run.server.watch(run.id) as stream:
            assert stream.status == 404
            assert json.loads(stream.answer.read())["field"] == "id"

    def test_a_look_at_a_step_is_the_same_for_those_who_watch(self, run):
        run.step(2)
        apart = [run.server.call(f"{run.path}/steps/{query}") for query in ("2", "2?max_cells=4", "1", "1?include=dW")]
        with run.server.watch(run.id):
            for _ in range(2):
                assert [run.server.call(f"{run.path}/steps/{query}") for query in ("2", "2?max_cells=4", "1", "1?include=dW")] == apart
            with pytest.raises(urllib.error.HTTPError) as refused:
                run.server.call(f"{run.path}/steps/3")
            assert refused.value.code == 404
            refused.value.close()
            run.delete()
            with pytest.raises(urllib.error.HTTPError) as refused:
                run.server.call(f"{run.path}/steps/2")
            assert refused.value.code == 404
            refused.value.close()


class TestRefusals:
    @pytest.mark.parametrize("id", ["x", "1", "1.0", "1.0.0.0", "-1.0.0", "3.0.0", "1.1.0", "2.2.0", "2.0.9", "99999999999.0.0"])
    def test_of_ids_that_are_none_of_this_session(self, client, make_session, id):
        one = make_session()
        for _ in range(2):
            client.post(f"{one.url}/steps", headers=one.headers)
        client.post(f"{one.url}/edits", json={"action": SET}, headers=one.headers)
        for asked in ({"params": {"last_event_id": id}}, {"headers": {"Last-Event-ID": id}}):
            assert_problem(client.get(f"{one.url}/events", **asked), 422, "last_event_id")

    def test_of_a_session_that_is_not_there(self, client):
        assert_problem(client.get("/api/v1/sessions/nobody/events"), 404, "id")

    @pytest.mark.parametrize("limit", ["max_watchers", "max_watchers_per_session"])
    def test_of_more_watchers_than_there_may_be(self, database_url, limit):
        with client_of(Settings(database_url=database_url, **{limit: 0})) as client:
            answer = client.get(f"{maker_of_sessions(client)().url}/events")
        assert_problem(answer, 503, "id")
        assert int(answer.headers["retry-after"]) > 0


def test_what_is_done_in_another_process_is_told_too(database_url):
    here, there = Server(database_url), Server(database_url)
    try:
        run = Run(here)
        with there.watch(run.id) as stream:
            run.step()
            run.edit(SET)
            run.look(step=1)
            run.step()
            told = []
            for event in stream:
                told.append(event)
                if event.kind == "step" and event.data["step"] == 2:
                    break
            assert [event.data["step"] for event in told if event.kind == "step"] == [1, 2]
            assert [event.data["number"] for event in told if event.kind == "edit"] == [1]
            run.delete()
            assert [event.kind for event in stream][-1] == "deleted"
        other = Run(here)
        with there.watch(other.id) as stream:
            there.end()
            assert list(stream) == []  # a server that ends says nothing of the session: whoever watches comes again
    finally:
        for server in (here, there):
            if server.process.poll() is None:
                server.end()


def test_a_long_action_comes_without_its_values():
    action = {"name": "set_all", "tensor": "W", "layer": 1, "values": [[0.25] * 4000]}
    told = events.encode(Happening("edit", Place(3, 2, 1), json.dumps(action).encode())).decode()
    data = json.loads(told.partition("data: ")[2].partition("\n")[0])
    assert data == {"number": 2, "step": 3, "action": {"name": "set_all", "tensor": "W", "layer": 1}}


def count_watchers(server):
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"))
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("backscope_watchers "))


def test_the_gauge_counts_who_watches(run):
    before = count_watchers(run.server)
    with run.server.watch(run.id), run.server.watch(run.id):
        assert count_watchers(run.server) == before + 2
    run.step()
    deadline = time.monotonic() + 10
    while count_watchers(run.server) != before:
        assert time.monotonic() < deadline


class TestSeveralRuns:
    """One stream that says where each of them stands."""

    def test_tells_where_they_stand_at_first_then_each_change_and_their_end(self, server, run):
        other = Run(server)
        run.step(3)
        with server.stream(f"/events?session={run.id}&session={other.id}") as stream:
            told = iter(stream)

            def at(one, step, edits):
                return ("at", "", {"session": one.id, "step": step, "edits": edits})

            assert [next(told), next(told)] == [at(run, 3, 0), at(other, 0, 0)]
            other.step()
            assert next(told) == at(other, 1, 0)
            run.look(step=2)  # where somebody looks is no news of the run
            run.edit(SET)
            assert next(told) == at(run, 3, 1)
            run.delete()
            assert next(told) == ("deleted", "", {"session": run.id})
            other.step()
            assert next(told) == at(other, 2, 0)
            other.delete()
            assert list(told) == [("deleted", "", {"session": other.id})]

    def test_many_steps_come_as_where_they_led(self, server, run):
        with server.stream(f"/events?session={run.id}") as stream:
            told = iter(stream)
            next(told)
            run.step(100)
            steps = []
            while not steps or steps[-1] < 100:
                steps.append(next(told).data["step"])
            assert steps == sorted(set(steps))

    def test_refuses_what_is_not_there_and_more_than_are_compared(self, server, run, client):
        assert_problem(client.get("/api/v1/events?session=nowhere"), 404, "session")
        problem = assert_problem(client.get("/api/v1/events?" + "&".join(f"session={n}" for n in range(5))), 422)
        assert (problem["field"], problem["value"], problem["bound"]) == ("session", list("01234"), "1 to 4 sessions")
        assert_problem(client.get("/api/v1/events"), 422)
        # of those that are there nobody is left watching
        before = count_watchers(server)
        with server.stream(f"/events?session={run.id}&session=nowhere") as stream:
            assert stream.status == 404
        assert count_watchers(server) <= before  # streams of tests before this one may end meanwhile
