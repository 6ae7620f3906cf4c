"""A run as it happens: server-sent events for everyone who watches."""

import random
from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.types import Receive, Scope, Send

from app.sessions import Happening, Place, Watcher
from app.sessions.history import told

from .deps import SessionId, Watching
from .problems import RequestError, responses
from .routes import StrictRoute

router = APIRouter(prefix="/sessions/{id}", tags=["events"], route_class=StrictRoute)

LONGEST_ACTION = 8192  # bytes; a longer one comes without its values, which GET /edits has
RETRY = 1000, 4000  # milliseconds until a client that lost its connection comes again: not all of a class at the same moment


class EventStream(StreamingResponse):
    """All that happens to a session, until it, the client or the server is gone."""

    # FastAPI's own EventSourceResponse would encode every event for every watcher
    media_type = "text/event-stream"

    def __init__(self, watcher: Watcher) -> None:
        # a proxy that collects an answer before it passes it on would pass on nothing
        super().__init__(_stream(watcher), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._watcher = watcher

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._watcher.close()


async def _stream(watcher: Watcher) -> AsyncIterator[bytes]:
    # with an id from the first moment, nothing is missed by who loses the connection before anything happened
    yield format_sse_event(id=str(watcher.place), retry=random.randint(*RETRY))
    async for events in watcher.events():
        yield events or KEEPALIVE_COMMENT


@router.get(
    "/events",
    status_code=200,
    summary="What happens to the run, as it happens",
    response_class=EventStream,
    responses={
        200: {"description": "server-sent events `step`, `edit`, `look` and `deleted`", "content": {"text/event-stream": {}}},
        **responses(404, 422, 503),
    },
)
async def watch(
    id: SessionId,
    watching: Watching,
    last_event_id: Annotated[
        str | None, Query(max_length=64, description="step.edits.looks; Last-Event-ID in the header goes before it")
    ] = None,
    of_header: Annotated[
        str | None, Header(alias="Last-Event-ID", description="the id of the last event that came, as browsers send it")
    ] = None,
) -> EventStream:
    """An event for each step and each action of the log, in their order, and the last `look`; `deleted` ends the stream.

    The id of an event is `step.edits.looks`. With the last id that came, a stream goes on right after it, without a gap and without
    telling anything twice; `{step}.{edits}.0` of `GET /sessions/{id}` does, too. Without it, a stream begins with the last look.
    """
    return EventStream(await watching.open(id, _place(of_header or last_event_id)))


def _place(text: str | None) -> Place | None:
    if not text:
        return None
    place = Place.parse(text)
    if place is None:
        bound = "step.edits.looks, three whole numbers such as 12.2.5"
        raise RequestError(422, f"last_event_id is {text!r}; it must be {bound}.", field="last_event_id", value=text, bound=bound)
    return place


def encode(happened: Happening) -> bytes:
    """An event as its bytes."""
    place = happened.place
    data: object
    match happened.kind:
        case "step":
            data = {"step": place.step, "edits": place.edits, "scalars": told(orjson.loads(happened.content))}
        case "edit":
            data = {"number": place.edits, "step": place.step, "action": _without_bulk(happened.content)}
        case _:
            data = orjson.Fragment(happened.content)
    return format_sse_event(event=happened.kind, id=str(place), data_str=orjson.dumps(data).decode())


def _without_bulk(action: bytes) -> object:
    if len(action) <= LONGEST_ACTION:
        return orjson.Fragment(action)
    return {name: value for name, value in orjson.loads(action).items() if not isinstance(value, list)}
