"""A class that watches one run: how long each step takes to reach everyone, and what they cost whoever teaches.

    python -m benchmarks.watch [watchers]

A real server process on a SQLite file; a session of 64-32-10 is stepped twice a second from a process of its own; in this one, 300
watchers with a socket each (and one more that never reads). First they only listen, then each also fetches the trace of every step, on a
second connection. Server, teacher and the whole class share the machine's cores. The aim: every step within a second, for each of them.
"""

import argparse
import os

for pool in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(pool, "1")  # before NumPy, and for the server too: a second thread measures the scheduler

import asyncio  # noqa: E402
import http.client  # noqa: E402
import json  # noqa: E402
import multiprocessing  # noqa: E402
import re  # noqa: E402
import socket  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402

from benchmarks.serving import post, served  # noqa: E402

WATCHERS, STEPS, PAUSE = 300, 30, 0.5
CONFIG = {"layer_sizes": [64, 32, 10], "batch_size": 32}
LOOK = "max_cells=65536"  # as the page looks
_told = re.compile(rb'"step":([0-9]+),"edits"')


class Teacher:
    """Takes a step every half second."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address)
        made = json.loads(post(self._connection, "/api/v1/sessions", CONFIG))
        self.path = f"/api/v1/sessions/{made['id']}"
        self._key = {"Authorization": f"Bearer {made['edit_key']}"}

    def teach(self):
        """(step, when it was asked for, when it was answered); the clock is the same in all processes."""
        told = []
        due = time.perf_counter()
        for _ in range(STEPS):
            due += PAUSE
            time.sleep(max(0.0, due - time.perf_counter()))
            began = time.perf_counter()
            step = json.loads(post(self._connection, f"{self.path}/steps?{LOOK}", {}, self._key))["step"]
            told.append((step, began, time.perf_counter()))
        return told


def teach(address, lessons, told):
    """The teacher's process: a lesson for each thing that comes in `lessons`."""
    teacher = Teacher(address)
    told.put(teacher.path)
    while lessons.get():
        told.put(teacher.teach())


class Watcher(asyncio.Protocol):
    """Notes when each step came; with `fetch`, also when its trace was there in full."""

    def __init__(self, path, host, fetch):
        self.came, self.fetched = {}, {}
        self.is_listening = asyncio.get_running_loop().create_future()
        self._path, self._host, self._fetch = path, host, fetch
        self._rest = b""

    def connection_made(self, transport):
        transport.write(f"GET {self._path}/events HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    def data_received(self, data):
        now = time.perf_counter()
        if not self.is_listening.done():
            if not data.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"no stream: {data[:300]!r}")
            self.is_listening.set_result(None)
        data = self._rest + data
        end = 0
        for found in _told.finditer(data):
            step, end = int(found[1]), found.end()
            self.came[step] = now
            if self._fetch is not None:
                self._fetch.ask(step, self.fetched)
        self._rest = data[end:][-100:]


class Fetcher(asyncio.Protocol):
    """One kept-alive connection that fetches traces, one after another."""

    def __init__(self, path, host):
        self._path, self._host = path, host
        self._asked = []
        self._missing = None  # bytes of the body that are still to come
        self._head = b""
        self.size = 0

    def connection_made(self, transport):
        self._transport = transport

    def ask(self, step, into):
        self._asked.append((step, into))
        self._transport.write(f"GET {self._path}/steps/{step}?{LOOK} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    def data_received(self, data):
        while data:
            if self._missing is None:
                self._head += data
                head, found, data = self._head.partition(b"\r\n\r\n")
                if not found:
                    return
                if not head.startswith(b"HTTP/1.1 200"):
                    raise SystemExit(f"no trace: {head[:300]!r}")
                self._head = b""
                self._missing = self.size = int(re.search(rb"content-length: ([0-9]+)", head, re.I)[1])
            taken = min(len(data), self._missing)
            self._missing -= taken
            data = data[taken:]
            if self._missing == 0:
                self._missing = None
                step, into = self._asked.pop(0)
                into[step] = time.perf_counter()


async def watched(address, path, lessons, told, count, fetches):
    """A lesson with `count` watchers: (what the teacher noted, the watchers, bytes of a trace)."""
    loop = asyncio.get_running_loop()
    host, port = address.split(":")
    sleeper = socket.create_connection((host, int(port)))
    sleeper.sendall(f"GET {path}/events HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
    transports, watchers, fetcher = [], [], None
    for _ in range(count):
        if fetches:
            transport, fetcher = await loop.create_connection(lambda: Fetcher(path, address), host, int(port))
            transports.append(transport)
        transport, watcher = await loop.create_connection(lambda: Watcher(path, address, fetcher), host, int(port))  # noqa: B023
        transports.append(transport)
        watchers.append(watcher)
    await asyncio.gather(*(watcher.is_listening for watcher in watchers))
    lessons.put(True)
    noted = await asyncio.to_thread(told.get)
    deadline = time.perf_counter() + 30
    while time.perf_counter() < deadline and any(len(w.came) < STEPS or (fetches and len(w.fetched) < STEPS) for w in watchers):
        await asyncio.sleep(0.05)
    for transport in transports:
        transport.close()
    sleeper.close()
    return noted, watchers, fetcher.size if fetcher else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("watchers", type=int, nargs="?", default=WATCHERS, help="how many, %(default)s when left out")
    count = parser.parse_args().watchers
    lessons, told = multiprocessing.Queue(), multiprocessing.Queue()
    with served(BACKSCOPE_MAX_WATCHERS_PER_SESSION=str(count + 1)) as address:
        teacher = multiprocessing.Process(target=teach, args=(address, lessons, told))
        teacher.start()
        path = told.get()
        lessons.put(True)
        alone = statistics.median(answered - began for _, began, answered in told.get())
        print(f"{count} watchers and one that never reads; {STEPS} steps, two a second; all times in ms")
        print(f"{'what each has':<26}{'after':<9}{'median':>8}{'99 %':>8}{'worst':>8}{'missed':>8}{'POST, median':>14}{'ratio':>7}")
        print(f"{'(nobody watches)':<59}{'':>8}{alone * 1e3:>14.1f}{1:>7.2f}")
        for fetches in (False, True):
            noted, watchers, size = asyncio.run(watched(address, path, lessons, told, count, fetches))
            report(noted, [w.came for w in watchers], "the event", alone)
            if fetches:
                report(noted, [w.fetched for w in watchers], f"the trace ({size / 1e6:.2f} MB)", alone)
        lessons.put(False)
        teacher.join()


def report(noted, came, what, alone):
    post = statistics.median(answered - began for _, began, answered in noted)
    for since, words in ((1, "asked"), (2, "answered")):
        delays = sorted(one[entry[0]] - entry[since] for one in came for entry in noted if entry[0] in one)
        missed = len(came) * len(noted) - len(delays)
        cells = "".join(f"{1e3 * delays[min(len(delays) - 1, int(share * len(delays)))]:>8.0f}" for share in (0.5, 0.99, 1.0))
        costs = f"{post * 1e3:>14.1f}{post / alone:>7.2f}" if since == 1 else ""
        print(f"{what if since == 1 else '':<26}{words:<9}{cells}{missed:>8}{costs}")


if __name__ == "__main__":
    main()
