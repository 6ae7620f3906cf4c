"""Real server processes, and those who watch a session through one."""

import http.client
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class Event(NamedTuple):
    kind: str
    id: str
    data: Any


class Server:
    """A server process on a database of its own or a shared one."""

    def __init__(self, database_url: str, **settings: object) -> None:
        environment = {**os.environ, "HOST": "127.0.0.1", "PORT": "0", "BACKSCOPE_DATABASE_URL": database_url}
        environment |= {f"BACKSCOPE_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"the server said {line!r} and not where it is"
        self.address = found[0]

    def call(self, path: str, body: Any = None, key: str = "", method: str | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/api/v1{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    @contextmanager
    def watch(self, id: str, place: str | None = None) -> "Iterator[Stream]":
        """The events of a session, from `place` on; given in the header, as browsers give it when they come again."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        try:
            connection.request("GET", f"/api/v1/sessions/{id}/events", headers={"Last-Event-ID": place} if place else {})
            yield Stream(connection.getresponse())
        finally:
            connection.close()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Stream:
    """Server-sent events as they come. `id` is the last one that came, as a browser remembers it."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.answer = answer
        self.status = answer.status
        self.id = ""
        if self.status == 200:
            assert next(self._blocks()) == {}  # only its id, and when to come again

    def __iter__(self) -> Iterator[Event]:
        for block in self._blocks():
            if "event" in block:
                yield Event(block["event"], self.id, json.loads(block["data"]))

    def _blocks(self) -> Iterator[dict[str, str]]:
        block: dict[str, str] = {}
        for line in self.answer:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "id":
                self.id = value
            elif name == "retry":
                assert int(value) > 0
            elif name:
                block[name] = value
            else:
                yield block
                block = {}
