"""How long a connection may keep the server waiting: for the head of a request to come, and for an answer to be read.

uvicorn waits for both without end, with all that it holds of the answer meanwhile. The body of a request has its own time, in `guard.py`.
"""

import asyncio
from typing import Any


class Patience(asyncio.Protocol):
    """Stands before a protocol of uvicorn's among the bases of a class."""

    head_timeout = 30.0  # seconds for a head to come whole, from the first byte on or from when the connection was made
    # seconds in which nothing of a long answer is read; what is read shows late, once a third of the system's own buffer is free
    read_timeout = 60.0

    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    cycle: Any  # the latest request, from its whole head on; None before the first
    _head_due: asyncio.TimerHandle | None = None
    _look_again: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting_for_head()
        self._stop_waiting_for_reader()
        super().connection_lost(exc)

    def head_is_late(self) -> None:
        self.transport.close()

    def _wait_for_head(self) -> None:
        """Between two requests uvicorn's own time of keep-alive runs, up to the first byte."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting_for_head()
        elif self._head_due is None:
            self._head_due = self.loop.call_later(self.head_timeout, self.head_is_late)

    def _stop_waiting_for_head(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def pause_writing(self) -> None:
        """Called by the transport when much of an answer is left to be read."""
        super().pause_writing()
        self._wait_for_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._stop_waiting_for_reader()
        super().resume_writing()

    def _wait_for_reader(self, left: int) -> None:
        # nothing is added to what is left meanwhile: whoever sends waits, too
        self._look_again = self.loop.call_later(self.read_timeout, self._look, left)

    def _look(self, left_before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left < left_before:
            self._wait_for_reader(left)
        else:
            self.transport.abort()  # to close is to wait until it is read

    def _stop_waiting_for_reader(self) -> None:
        if self._look_again is not None:
            self._look_again.cancel()
            self._look_again = None
