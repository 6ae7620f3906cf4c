"""What is no HTTP, or too much of it, is answered with a problem, whichever parser reads it: over real sockets, in one loop."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from app.guard import Guard
from app.protocols import H11, HttpTools, http_protocol
from app.unreadable import LONGEST_HEAD

HOST = b"Host: localhost\r\n"
POST = b"POST /api/v1/trace HTTP/1.1\r\n" + HOST


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that answers with the body that it was sent, once that is whole."""
    await Response(await Request(scope, receive).body())(scope, receive, send)


@pytest.fixture(params=[H11, HttpTools], ids=lambda protocol: protocol.__name__)
def ask(request: pytest.FixtureRequest) -> Callable[..., list[tuple[int, dict[str, str], bytes]]]:
    """Sends pieces one after the other, to a protocol with these attributes changed, and answers all that comes back: status, headers, body."""

    def ask(*pieces: bytes, **changed: float) -> list[tuple[int, dict[str, str], bytes]]:
        protocol = type("Changed", (request.param,), changed)
        return asyncio.run(asyncio.wait_for(exchange(protocol, pieces), 10))

    return ask


@asynccontextmanager
async def serving(protocol: Any, app: ASGIApp) -> AsyncIterator[tuple[ServerState, tuple[str, int]]]:
    """uvicorn's state of a server of this app, and its address."""
    config = uvicorn.Config(app, http=protocol, h11_max_incomplete_event_size=LONGEST_HEAD, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: protocol(config=config, server_state=state, app_state={}), "127.0.0.1") as server:
        yield state, server.sockets[0].getsockname()[:2]


async def exchange(protocol: Any, pieces: tuple[bytes, ...]) -> list[tuple[int, dict[str, str], bytes]]:
    guard = Guard(reader, hosts=["localhost"], max_body_bytes=10**6, body_timeout=5, policy="", registry=CollectorRegistry())
    async with serving(protocol, guard) as (state, address):
        incoming, outgoing = await asyncio.open_connection(*address)
        for piece in pieces:
            outgoing.write(piece)
            await outgoing.drain()
            await asyncio.sleep(0.01)  # so that it comes as a piece
        answers = []
        while line := await incoming.readline():
            headers = {}
            while (header := await incoming.readline()).strip():
                name, _, value = header.decode().partition(": ")
                headers[name] = value.strip()
            body = await incoming.readexactly(int(headers["content-length"]))
            answers.append((int(line.split()[1]), headers, body))
            if headers.get("connection") != "close" and len(answers) == sum(b"HTTP/1." in piece for piece in pieces):
                break
        outgoing.close()
        while state.connections or state.tasks:
            await asyncio.sleep(0.001)
        return answers


REFUSED = {
    "a length that is none": (POST + b"Content-Length: abc\r\n\r\n", 400, "Content-Length", "abc", "a whole number"),
    "a negative length": (POST + b"Content-Length: -1\r\n\r\n", 400, "Content-Length", "-1", "a whole number"),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "Content-Length", "1, 2", "once"),
    "a length without end": (POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", 400, "Content-Length", "9" * 30, "18 digits"),
    "a length and chunks": (
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "Content-Length",
        "3",
        "left out",
    ),
    "another coding": (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501, "Transfer-Encoding", "gzip", "chunked"),
    "no request": (b"hello\r\n\r\n", 400, "request line", "hello", "a method, a path and HTTP/1.1"),
    "no such method": (b"FROB / HTTP/1.1\r\n" + HOST + b"X-A\r\n\r\n", 501, "method", "FROB", "one of: DELETE, GET"),
    "another version": (b"GET / HTTP/3.1\r\n" + HOST + b"\r\n", 505, "version", "HTTP/3.1", "HTTP/1.1"),
    "a space in the path": (b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", 400, "path", "/a b", "%20"),
    "a letter in the path": ("GET /é HTTP/1.1\r\n".encode() + HOST + b"\r\n", 400, "path", "/é", "UTF-8"),
    "no path": (b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n", 400, "path", "healthz", "begins with /"),
    "a header that is none": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A\r\n\r\n", 400, "header", "X-A", "a colon"),
    "a space before the colon": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A : 1\r\n\r\n", 400, "header", "X-A : 1", "right behind it"),
    "a zero in a header": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: 1\0\r\n\r\n", 400, "X-A", "1\0", "control"),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400, "Host", None, "once"),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400, "Host", "localhost, localhost", "once"),
    "a long path": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "path", ..., "16,384 bytes"),
    "a path without end": (b"GET /" + b"a" * 3_000_000, 414, "path", ..., "16,384 bytes"),
    "long headers": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n", 431, "headers", ..., "65,536 bytes"),
    "headers without end": (b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 3_000_000, 431, "headers", ..., "65,536 bytes"),
    "no chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "body", ..., "chunks"),
}


@pytest.mark.parametrize(("sent", "status", "field", "value", "bound"), REFUSED.values(), ids=REFUSED)
def test_what_no_parser_takes_is_a_problem_that_names_it(ask, sent: bytes, status: int, field: str, value: Any, bound: str) -> None:
    [(answered, headers, body)] = ask(sent)[:1]
    problem = json.loads(body)
    assert answered == problem["status"] == status, problem
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert problem["field"] == field
    assert value is ... or problem["value"] == value
    assert bound in problem["bound"]
    assert len(body) < 2000


def test_a_head_in_pieces_is_judged_as_a_whole(ask) -> None:
    [(status, _, body)] = ask(POST[:9], POST[9:] + b"Content-Le", b"ngth: abc\r\n\r\n")
    assert status == 400
    assert json.loads(body)["field"] == "Content-Length"


def test_a_head_that_does_not_come_whole_is_told_so(ask) -> None:
    [(status, headers, body)] = ask(POST, head_timeout=1)
    problem = json.loads(body)
    assert status == problem["status"] == 408
    assert headers["connection"] == "close"
    assert problem["field"] == "headers"
    assert problem["value"] == f"{len(POST)} bytes"
    assert "1 second" in problem["bound"]
    assert ask(b"", head_timeout=0.05) == []  # who says nothing is told nothing


def test_an_answer_that_nobody_reads_is_not_kept_without_end() -> None:
    async def unread(protocol: Any) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await Response(b"a" * 20_000_000)(scope, receive, send)

        async with serving(protocol, app) as (state, address):
            _, outgoing = await asyncio.open_connection(*address)
            outgoing.write(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
            while not state.total_requests:
                await asyncio.sleep(0.001)
            while state.connections:
                await asyncio.sleep(0.001)
            outgoing.close()

    for protocol in (H11, HttpTools):
        asyncio.run(asyncio.wait_for(unread(type("Changed", (protocol,), {"read_timeout": 0.05})), 10))


def test_what_comes_behind_a_good_request_costs_that_no_answer(ask) -> None:
    good = POST + b"Content-Length: 2\r\n\r\nhi"
    assert [answer[::2] for answer in ask(good, good)] == [(200, b"hi"), (200, b"hi")]
    # HttpTools reads on before the first is answered, and ends the connection once it is
    first, *more = ask(good + POST + b"Content-Length: abc\r\n\r\n")
    assert first[::2] == (200, b"hi")
    assert [json.loads(body)["field"] for _, _, body in more] in ([], ["Content-Length"])


def test_a_body_that_breaks_off_midway_is_told_of_while_there_is_no_answer(ask) -> None:
    [(status, _, body)] = ask(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", b"zz\r\n")
    assert status == 400
    assert json.loads(body)["field"] == "body"


def test_the_server_has_the_parser_that_uvicorn_would_choose() -> None:
    assert http_protocol() is HttpTools
