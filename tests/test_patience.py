"""How long a connection is waited for, without sockets: only here can a test decide what was read of an answer."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from app.patience import Patience

MOMENT = 0.01  # seconds


class Plain(asyncio.Protocol):
    """What Patience needs of uvicorn's protocols."""

    cycle: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.loop = transport, asyncio.get_running_loop()


class Line(Patience, Plain):
    head_timeout = read_timeout = MOMENT

    def head_comes(self) -> None:
        self.cycle = SimpleNamespace(response_complete=False)
        self.data_received(b"")

    def answer_is_sent(self) -> None:
        self.cycle.response_complete = True


class Transport(asyncio.Transport):
    """`left` is what of an answer is unread, from one look to the next."""

    def __init__(self, left: list[int]) -> None:
        super().__init__()
        self.left = left
        self.ended = asyncio.Event()

    def get_write_buffer_size(self) -> int:
        return self.left.pop(0)

    def close(self) -> None:
        self.ended.set()

    abort = close


def is_ended(use: Callable[[Line], None], left: list[int], wait: float) -> bool:
    """Whether a connection that is used so is ended within so many seconds."""

    async def ending() -> bool:
        line, transport = Line(), Transport(left)
        line.connection_made(transport)
        use(line)
        try:
            await asyncio.wait_for(transport.ended.wait(), wait)
        except TimeoutError:
            return False
        finally:
            line.connection_lost(None)
        return True

    return asyncio.run(ending())


def silent(_: Line) -> None: ...


def trickling(line: Line) -> None:
    for _ in range(3):
        line.data_received(b"G")


def begins_another(line: Line) -> None:
    line.head_comes()
    line.answer_is_sent()
    line.data_received(b"G")


def is_answered_slowly(line: Line) -> None:
    line.data_received(b"G")
    line.head_comes()


def is_kept_alive(line: Line) -> None:
    line.head_comes()
    line.answer_is_sent()


@pytest.mark.parametrize("use", [silent, trickling, begins_another])
def test_a_head_that_does_not_come_whole_is_not_waited_for_without_end(use: Callable[[Line], None]) -> None:
    assert is_ended(use, [], wait=10)


@pytest.mark.parametrize("use", [is_answered_slowly, is_kept_alive])
def test_whoever_has_sent_a_head_may_wait(use: Callable[[Line], None]) -> None:
    assert not is_ended(use, [], wait=5 * MOMENT)


def has_long_answer(line: Line) -> None:
    line.head_comes()
    line.pause_writing()


def reads_it(line: Line) -> None:
    has_long_answer(line)
    line.resume_writing()


@pytest.mark.parametrize("left", [[100, 100], [100, 60, 60], [100, 60, 20, 20]], ids=str)
def test_whoever_reads_nothing_more_of_an_answer_is_cut_off(left: list[int]) -> None:
    assert is_ended(has_long_answer, left, wait=10)
    assert left == []  # not while something of it was read


def test_whoever_reads_an_answer_is_not_cut_off() -> None:
    assert not is_ended(reads_it, [100], wait=5 * MOMENT)
