"""That one of several runs has gone on: for whoever holds runs against each other, over one connection."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.types import Receive, Scope, Send

from app.engine import OutOfBounds
from app.sessions import UnknownSession, Watcher

from .deps import Watching
from .events import RETRY, EventStream
from .problems import responses
from .routes import StrictRoute

MOST = 4  # as many as are compared; a browser has six connections to a server, and a stream for each run would leave it two
HEARTBEAT = 15.0  # seconds of silence after which a sign of life is sent

router = APIRouter(prefix="/events", tags=["events"], route_class=StrictRoute)


class JointStream(StreamingResponse):
    """Where each of the sessions stands, whenever that changes; until all of them, the client or the server are gone."""

    media_type = EventStream.media_type

    def __init__(self, watchers: Mapping[str, Watcher]) -> None:
        super().__init__(_stream(watchers), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._watchers = watchers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            _close(self._watchers)


def _close(watchers: Mapping[str, Watcher]) -> None:
    for watcher in watchers.values():
        watcher.close()


async def _stream(watchers: Mapping[str, Watcher]) -> AsyncIterator[bytes]:
    changed = asyncio.Event()

    async def follow(watcher: Watcher) -> None:
        try:
            async for _ in watcher.events():
                changed.set()
        finally:
            changed.set()

    following = {id: asyncio.create_task(follow(watcher)) for id, watcher in watchers.items()}
    told: dict[str, bytes] = {}
    try:
        yield format_sse_event(retry=random.randint(*RETRY))
        while True:
            changed.clear()
            for id, watcher in watchers.items():
                # where it stands, not what happened: of a hundred steps in a row who reads slowly is told the last
                now = _where(id, watcher)
                if told.get(id) != now:
                    told[id] = now
                    yield now
            ended = [watchers[id] for id, task in following.items() if task.done()]
            if len(ended) == len(watchers) or not all(watcher.is_gone for watcher in ended):
                return  # all are deleted; or the server ends, or its store fails, and the client comes again
            try:
                async with asyncio.timeout(HEARTBEAT * random.uniform(0.8, 1)):
                    await changed.wait()
            except TimeoutError:
                yield KEEPALIVE_COMMENT
    finally:
        for task in following.values():
            task.cancel()


def _where(id: str, watcher: Watcher) -> bytes:
    if watcher.is_gone:
        return format_sse_event(event="deleted", data_str=orjson.dumps({"session": id}).decode())
    step, edits = watcher.place.of_run
    return format_sse_event(event="at", data_str=orjson.dumps({"session": id, "step": step, "edits": edits}).decode())


@router.get(
    "",
    status_code=200,
    summary="Where several runs stand, as it changes",
    response_class=JointStream,
    responses={
        200: {"description": "server-sent events `at` with session, step and edits, and `deleted` with session"},
        **responses(404, 422, 503),
    },
)
async def watch_runs(
    watching: Watching, session: Annotated[list[str], Query(description=f"ids of the sessions, 1 to {MOST}")]
) -> JointStream:
    """An event `at` for each session to begin with, and one whenever it has taken steps or was edited. It ends when all are deleted.

    A client that comes again is told where they stand then, so nothing of it needs to be remembered.
    """
    if not 1 <= len(session) <= MOST:
        raise OutOfBounds("session", session, f"1 to {MOST} sessions", found=f"names {len(session)} sessions")
    watchers: dict[str, Watcher] = {}
    try:
        for id in dict.fromkeys(session):
            try:
                watchers[id] = await watching.open(id, None)
            except UnknownSession as error:
                raise UnknownSession(id, "session") from error
    except BaseException:
        _close(watchers)
        raise
    return JointStream(watchers)
