"""Looks at steps as they were answered last: the past stays as it is, so the same question has the same answer."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from .encoding import Look

Key = tuple[str, int, Look, str]  # session, step, what of it, and a digest of the edits that are tried on it; "" for the step as it was


class EncodedTraces:
    """At most `max_bytes` of answers; their keys are short. Belongs to the event loop."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._making: dict[Key, asyncio.Task[Response]] = {}

    async def answer(self, key: Key, make: Callable[[], Response]) -> Response:
        """What is kept, else what `make` answers beside the event loop; of many who ask at once, one has it made for all."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return Response(kept, media_type="application/json")
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(run_in_threadpool(make))
            making.add_done_callback(lambda made: self._keep(key, made))
        # shielded: who goes away takes nothing from the others
        return await asyncio.shield(making)

    def _keep(self, key: Key, made: "asyncio.Task[Response]") -> None:
        del self._making[key]
        if made.cancelled() or made.exception() is not None:
            return
        body = bytes(made.result().body)
        if key in self._kept or len(body) > self._max_bytes:
            return
        self._kept[key] = body
        self._bytes += len(body)
        while self._bytes > self._max_bytes:
            self._bytes -= len(self._kept.popitem(last=False)[1])
