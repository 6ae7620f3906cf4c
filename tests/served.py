"""Those who watch a session through a real server process."""

import http.client
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests import serving


class Event(NamedTuple):
    kind: str
    id: str
    data: Any


class Server(serving.Server):
    """A server whose sessions can be watched; `settings` are the app's own. It is up when it is made."""

    def __init__(self, database_url: str, **settings: object) -> None:
        super().__init__(database_url, **{f"BACKSCOPE_{name.upper()}": str(value) for name, value in settings.items()})
        self.wait()

    def call(self, path: str, body: Any = None, key: str = "", method: str | None = None) -> Any:
        return super().call(f"/api/v1{path}", body, key, method)

    def watch(self, id: str, place: str | None = None) -> "AbstractContextManager[Stream]":
        """The events of a session, from `place` on; given in the header, as browsers give it when they come again."""
        return self.stream(f"/sessions/{id}/events", {"Last-Event-ID": place} if place else {})

    @contextmanager
    def stream(self, path: str, headers: dict[str, str] = {}) -> "Iterator[Stream]":  # noqa: B006 (never changed)
        """Any stream of events."""
        connection = http.client.HTTPConnection(urlsplit(self.address or "").netloc, timeout=20)
        try:
            connection.request("GET", f"/api/v1{path}", headers=headers)
            yield Stream(connection.getresponse())
        finally:
            connection.close()


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
