"""uvicorn's protocols, but for what they can't read: that is answered with a problem as well; what has no end is not read to it, nor waited for."""

import asyncio
import http
import sys
import time
from email.utils import formatdate

import h11
from fastapi import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.guard import headers_of_answers
from app.pages import content_security_policy
from app.patience import Patience
from app.unreadable import LONGEST_HEAD, body_unreadable, head_refused, head_too_slow, head_unreadable

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:  # uvicorn serves with h11 where httptools is not installed
    HttpToolsProtocol = None  # type: ignore[assignment, misc]

LINGER = 2.0  # seconds in which a client that still sends can read the answer, which it could not once the connection is reset


class _Refusing(Patience):
    """What both have in common; stands before a protocol of uvicorn's among the bases of a class."""

    head = b""  # of the request that is being read, where it is known from its first byte on
    is_refused = False

    def data_received(self, data: bytes) -> None:
        if not self.is_refused:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn while it handles the parser's error, which says more than `msg`."""
        words = str(sys.exc_info()[1] or msg).partition(": ")[0].rstrip(".")
        self.is_refused = True
        if self.cycle is None or self.cycle.response_complete:
            self._answer(head_unreadable(self.head, words))
        elif not self.cycle.more_body:  # the request before is not answered yet: what comes first would pass for its answer
            self.cycle.keep_alive = False
        elif self.cycle.response_started:
            self.transport.close()
        else:
            self.cycle.disconnected = True  # nothing that the app says is sent any more
            self.cycle.message_event.set()
            self._answer(head_refused(self.cycle.scope) or body_unreadable(words))

    def head_is_late(self) -> None:
        if self.head and not self.is_refused:
            self.is_refused = True
            self._answer(head_too_slow(self.head, self.head_timeout))
        else:
            super().head_is_late()

    def _answer(self, problem: Response) -> None:
        headers = [
            *problem.raw_headers,
            *headers_of_answers(content_security_policy()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
            (b"date", formatdate(time.time(), usegmt=True).encode()),
        ]
        lines = [
            b"HTTP/1.1 %d %s" % (problem.status_code, http.HTTPStatus(problem.status_code).phrase.encode()),
            *(b": ".join(one) for one in headers),
        ]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(problem.body)]))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER, self.transport.close)


class H11(_Refusing, H11Protocol):
    """A head that is too long is h11's own error: `h11_max_incomplete_event_size` of the configuration."""

    def handle_events(self) -> None:
        # what was read of a head stays in the buffer until it is whole
        self.head = self.conn.trailing_data[0] if self.conn.their_state is h11.IDLE else b""
        super().handle_events()


if HttpToolsProtocol is not None:

    class HttpTools(_Refusing, HttpToolsProtocol):
        """httptools keeps nothing that it was fed with, and reads heads of any length."""

        _is_of_head = True  # what comes next, for all that is known
        _begins_here = True  # the head that is read, with the first byte of `_fed`
        _fed = b""

        @property
        def head(self) -> bytes:  # type: ignore[override]
            return self._fed if self._begins_here else b""

        def data_received(self, data: bytes) -> None:
            self._fed = self._fed + data if self._is_of_head else b""
            super().data_received(data)
            if self._is_of_head and len(self._fed) > LONGEST_HEAD and not self.is_refused:
                self.send_400_response("the headers do not end")

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._begins_here = self._fed != b""

        def on_headers_complete(self) -> None:
            super().on_headers_complete()
            self._is_of_head = False
            self._fed = b""

        def on_message_complete(self) -> None:
            super().on_message_complete()
            self._is_of_head = True


def http_protocol() -> type[asyncio.Protocol]:
    """The one that uvicorn would choose."""
    return H11 if HttpToolsProtocol is None else HttpTools
