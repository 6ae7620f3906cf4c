"""What stands before every request, without a server: only here can a test decide when bytes come."""

import asyncio
import json
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.guard import Guard

TIMEOUT = 0.05  # seconds


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that answers with the length of the body."""
    body = await Request(scope, receive).body()
    await Response(str(len(body)))(scope, receive, send)


def ask(pieces: list[bytes], *, is_whole: bool, pause: float = 0.0) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of the answer to a POST whose body comes in these pieces, each after a pause."""
    guard = Guard(reader, hosts=["localhost"], max_body_bytes=1000, body_timeout=TIMEOUT, policy="", registry=CollectorRegistry())
    left, sent = list(pieces), list[Message]()

    async def receive() -> Message:
        if not left:
            await asyncio.Event().wait()
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not is_whole}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-length", b"100")]
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b"", "http_version": "1.1"}
    asyncio.run(asyncio.wait_for(guard(scope, receive, send), 10))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent)


def test_a_body_that_comes_whole_is_let_through() -> None:
    assert ask([b"12", b"34"], is_whole=True)[::2] == (200, b"4")


@pytest.mark.parametrize(("pieces", "pause"), [([b"{}"], 0.0), ([b""] * 1000, TIMEOUT / 10)], ids=["no more comes", "it trickles"])
def test_a_body_that_does_not_come_whole_is_not_waited_for_without_end(pieces: list[bytes], pause: float) -> None:
    status, headers, body = ask(pieces, is_whole=False, pause=pause)
    problem = json.loads(body)
    assert status == problem["status"] == 408
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers[b"connection"] == b"close"
    assert problem["field"] == "body"
    assert problem["value"] == f"{len(pieces[0])} of 100 bytes"
    assert "0.05 seconds" in problem["bound"]
