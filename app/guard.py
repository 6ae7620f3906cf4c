"""What stands before every request: the Host check, limits of its head and its body, a count for the metrics; and behind every answer: its headers."""

import asyncio
import logging
import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem_response
from app.unreadable import head_refused


class BodyTooLarge(Exception):
    """More bytes came than the limit allows."""


class BodyTooSlow(Exception):
    """The body did not come whole in its time."""


SLOWEST = 64 * 1024  # bytes a second that a long body has to come with


class Guard:
    """Plain ASGI, so that a stream stays a stream."""

    def __init__(
        self, app: ASGIApp, *, hosts: Iterable[str], max_body_bytes: int, body_timeout: float, policy: str, registry: CollectorRegistry
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._max_body_bytes = max_body_bytes
        self._body_timeout = body_timeout
        self._headers = headers_of_answers(policy)
        self._requests = Counter("backscope_requests", "Requests answered", ["method", "status"], registry=registry)
        self._seconds = Histogram("backscope_request_seconds", "Time to the end of the answer", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500
        started = is_stream = False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started, is_stream
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                headers = [*message.get("headers", []), *self._headers]
                is_stream = any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in headers)
                path: str = scope["path"]
                caching = b"no-cache" if path.startswith("/static/") or path in _pages else b"no-store"
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", caching))
                message = {**message, "headers": headers}
            await send(message)

        received, is_whole = 0, False

        async def receive_within_limits() -> Message:
            nonlocal received, is_whole
            if is_whole or started:  # then what is waited for is that the client goes
                return await receive()
            # from the beginning, not from the last byte: whoever sends one now and then would be waited for without end
            due = began + self._body_timeout + received / SLOWEST
            try:
                async with asyncio.timeout(due - time.perf_counter()):
                    message = await receive()
            except TimeoutError as error:
                raise BodyTooSlow from error
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > self._max_body_bytes:
                raise BodyTooLarge
            return message

        try:
            if refused := head_refused(scope):
                await refused(scope, receive, send_with_headers)
                return
            headers = dict(scope["headers"])
            host = headers.get(b"host", b"").decode("latin-1")
            if host_name(host) not in self._hosts:
                refused = problem_response(
                    421,
                    f"this server does not answer for the host {host!r}.",
                    field="Host",
                    value=host,
                    bound=f"one of: {', '.join(sorted(self._hosts))}; BACKSCOPE_ALLOWED_HOSTS adds more",
                )
                await refused(scope, receive, send_with_headers)
                return
            # a page of another site may send a form or a bare POST here without being asked; its browser says whose it is
            origin = headers.get(b"origin", b"").decode("latin-1")
            if origin and scope["method"] not in _safe_methods and origin.partition("://")[2].lower() != host.lower():
                foreign = problem_response(
                    403,
                    f"this server takes no changes from pages of {origin!r}.",
                    field="Origin",
                    value=origin,
                    bound="a page of this server",
                )
                await foreign(scope, receive, send_with_headers)
                return
            length = headers.get(b"content-length", b"0")
            if length.isdigit() and int(length) > self._max_body_bytes:
                await self._too_large(int(length))(scope, receive, send_with_headers)
                return
            try:
                await self._app(scope, receive_within_limits, send_with_headers)
            except BodyTooLarge:
                if started:
                    raise
                await self._too_large(received)(scope, receive, send_with_headers)
            except BodyTooSlow:
                if started:
                    raise
                await self._too_slow(received, headers.get(b"content-length"))(scope, receive, send_with_headers)
            except ClientDisconnect:  # nobody is left to answer
                return
            except Exception:  # the outermost: what nobody foresaw is logged here and told as a problem like any other
                if started:
                    raise
                _log.exception("%s %s failed", scope["method"], scope["path"])
                failed = problem_response(500, "the server made a mistake; it is in its log, and nothing was acknowledged.")
                await failed(scope, receive, send_with_headers)
        finally:
            self._requests.labels(scope["method"] if scope["method"] in _methods else "OTHER", str(status)).inc()
            if not is_stream:  # which lasts as long as somebody watches
                self._seconds.observe(time.perf_counter() - began)

    def _too_slow(self, received: int, length: bytes | None) -> ASGIApp:
        of = f" of {int(length):,}" if length is not None and length.isdigit() else ""
        slow = problem_response(
            408,
            f"the body did not come whole: after {self._body_timeout:g} seconds and more there were {received:,}{of} bytes.",
            field="body",
            value=f"{received:,}{of} bytes",
            bound=f"sent whole within {self._body_timeout:g} seconds, and one more for each {SLOWEST // 1024} KiB",
        )
        slow.headers["Connection"] = "close"  # what still comes would be taken for the next request
        return slow

    def _too_large(self, size: int) -> ASGIApp:
        limit = self._max_body_bytes
        return problem_response(
            413, f"the body is over {limit:,} bytes.", field="body", value=f"{size:,} bytes or more", bound=f"at most {limit:,} bytes"
        )


def headers_of_answers(policy: str) -> list[tuple[bytes, bytes]]:
    """What goes with every answer, whatever it is."""
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]


def answers_of_guard(method: str, *, has_body: bool) -> tuple[int, ...]:
    """The statuses that an operation may be answered with before it is reached, for OpenAPI."""
    foreign = () if method.upper() in _safe_methods else (403,)
    return (*foreign, *((408,) if has_body else ()), 421)


_log = logging.getLogger("uvicorn.error")
_pages = frozenset({"/", "/derivation", "/compare", "/docs"})  # not no-store, or Back would have to draw them anew
_safe_methods = frozenset({"GET", "HEAD", "OPTIONS"})
_methods = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def host_name(host: str) -> str:
    """The name of a Host header without its port: `[::1]:8000` is `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
