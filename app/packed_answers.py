"""Long answers of the API by gzip, for clients that are not on this machine.

A step is some 280 KB of JSON, of which gzip leaves 125 in 8 ms: much for a program beside the server, which has no line to spare,
and little for a browser that would wait seconds for the rest.
"""

import asyncio
import gzip
import ipaddress
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.packing import takes_gzip

LEAST = 8 * 1024  # bytes: what is shorter comes in one or two rounds anyhow
ALWAYS = frozenset({"/api/v1/catalog"})  # which a page asks for once, and waits for
LEVEL = 1  # the others take up to four times as long for a tenth less


class PackedAnswers:
    """Plain ASGI, so that a stream stays a stream: only JSON that comes in one piece is packed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._making: dict[bytes, asyncio.Task[bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_wanted = scope["type"] == "http" and (scope["path"] in ALWAYS or not is_here(scope))
        if not is_wanted or not takes_gzip(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def send_packed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_plain_json(Headers(raw=message["headers"])):
                start = message  # until its length is known
                return
            if start is not None:
                head, start = start, None
                headers = MutableHeaders(raw=head["headers"])
                headers.add_vary_header("Accept-Encoding")
                body = message.get("body", b"")
                if not message.get("more_body") and len(body) >= LEAST:
                    message = {**message, "body": await self._pack(bytes(body))}
                    headers["Content-Encoding"] = "gzip"
                    headers["Content-Length"] = str(len(message["body"]))
                await send(head)
            await send(message)

        await self._app(scope, receive, send_packed)

    async def _pack(self, body: bytes) -> bytes:
        """All who watch get the same at the same moment: it is packed once for them."""
        making = self._making.get(body)
        if making is None:
            making = self._making[body] = asyncio.create_task(run_in_threadpool(gzip.compress, body, LEVEL, mtime=0))
            making.add_done_callback(lambda _: self._making.pop(body))
        return await asyncio.shield(making)


def is_here(scope: Mapping[str, object]) -> bool:
    """Whether the client is on this machine; one behind a proxy on it is not, for uvicorn takes the address that the proxy tells."""
    client = scope.get("client")
    if not isinstance(client, tuple | list) or not client:
        return False
    try:
        return ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _is_plain_json(headers: Headers) -> bool:
    return headers.get("content-type", "").startswith("application/json") and "content-encoding" not in headers
