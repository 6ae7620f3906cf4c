"""Requests as people and tools write them: HEAD for whatever has a GET, and a path with a slash behind it."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _Told(OSError):
    """The head is sent, and what would follow is not wanted; an OSError, as of a client that has gone, which streams know."""


class RequestLine:
    """HEAD is a GET whose answer has no body, and `/docs/` is `/docs`: a redirect would lose what a POST has with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path != "/" and path.endswith("/") and not path.startswith("/static/"):
            scope = {**scope, "path": path[:-1]}
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        scope = {**scope, "method": "GET", "asked_method": "HEAD"}  # what was asked for is told where there is no GET

        async def send_head(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b""})
            if message.get("more_body"):  # a stream would go on for as long as somebody watches
                raise _Told

        try:
            await self._app(scope, receive, send_head)
        except (_Told, ClientDisconnect):
            return
