"""The log of a run: what was done to it, what is done to it now, and what would have been."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import numpy as np
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from app.engine import difference
from app.sessions import Entry, Session
from app.sessions import Sessions as SessionsOfApp
from app.sessions.history import word

from .body import read_model, request_body
from .deps import EditKey, Encoded, SessionId, Sessions, StepNumber, TraceLook, Watching, check_layers
from .differences import differences
from .encoding import JsonBytes, Look, trace_json
from .problems import responses
from .routes import StrictRoute
from .run_schemas import EditRequest, LogSchema, LookRequest, WhatIfRequest, WhatIfSchema

router = APIRouter(prefix="/sessions/{id}", tags=["edits"], route_class=StrictRoute)


@router.get(
    "/edits",
    summary="What was done to the run",
    response_class=JsonBytes,
    responses={200: {"model": LogSchema}, **responses(404, 422, 503)},
)
def read_log(id: SessionId, sessions: Sessions) -> JsonBytes:
    """Every entry of the log, undone ones too, and what of it acts from here on."""
    return JsonBytes(log_json(sessions.read(id)))


@router.post(
    "/edits",
    status_code=201,
    summary="Edit the run from its next step on",
    response_class=JsonBytes,
    responses={201: {"model": LogSchema}, **responses(400, 401, 403, 404, 409, 413, 415, 422, 503)},
    openapi_extra=request_body("EditRequest"),
)
async def edit(id: SessionId, request: Request, key: EditKey, sessions: Sessions) -> JsonBytes:
    """Recorded before it is answered. `{"action": {"name": "undo"}}` takes the last edit back while no step was taken with it."""
    asked = await read_model(request, EditRequest)

    def act() -> Session:
        return sessions.act(id, key, asked.action.model_dump(), expected_step=asked.expected_step, expected_edits=asked.expected_edits)

    return JsonBytes(log_json(await run_in_threadpool(act)), 201)


@router.post(
    "/steps/{n}/what_if",
    summary="A step as it would have been with edits",
    response_class=JsonBytes,
    responses={200: {"model": WhatIfSchema}, **responses(400, 404, 413, 415, 422, 503)},
    openapi_extra=request_body("WhatIfRequest"),
)
async def take_what_if(
    id: SessionId, n: StepNumber, request: Request, look: TraceLook, sessions: Sessions, watching: Watching, encoded: Encoded
) -> Response:
    """Step n again, on its own batch and from where the run then was, with these edits before it. Nothing is kept, so it takes no key."""
    asked = await read_model(request, WhatIfRequest)

    def answer() -> Response:
        return _what_if(sessions, id, n, asked, look)

    # what a teacher tries, all who watch ask for at the same moment
    if watching.has(id):
        return await encoded.answer((id, n, look, await run_in_threadpool(_digest, asked)), answer)
    return await run_in_threadpool(answer)


def _digest(asked: WhatIfRequest) -> str:
    # not the edits themselves: one that sets a whole tensor is longer than what is answered
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()


def _what_if(sessions: SessionsOfApp, id: str, n: int, asked: WhatIfRequest, look: Look) -> JsonBytes:
    before, after = sessions.what_if(id, n, [edit.model_dump() for edit in asked.edits])
    check_layers(look, len(after.trace.layers) - 1)
    changed = [
        {"tensor": one.tensor, "layer": one.layer, "cells": one.cells, "max_abs": word(one.max_abs), "only": one.only}
        for one in difference(before.trace, after.trace)
        if one.cells
    ]
    told = {"trace": trace_json(after.trace, look, after.indices, after.actions), "changed": changed}
    if asked.difference:
        with np.errstate(all="ignore"):
            told["difference"] = differences(before.trace, after.trace, look)
    return JsonBytes(told)


@router.put(
    "/look",
    status_code=204,
    summary="Say where you look",
    response_class=Response,
    responses=responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    openapi_extra=request_body("LookRequest"),
)
async def look_at(id: SessionId, request: Request, key: EditKey, sessions: Sessions) -> Response:
    """Step, phase, cell and tab of the owner's page, how it is drawn, an edit being tried; the last is kept, and whoever watches is told."""
    asked = await read_model(request, LookRequest)
    await run_in_threadpool(sessions.look_at, id, key, asked.model_dump(exclude_none=True))
    return Response(status_code=204)


def log_json(session: Session) -> dict[str, Any]:
    log, step = session.log, session.step
    return {
        "step": step,
        "edits": [entry_json(entry) for entry in log.entries],
        "standing": session.standing,
        "changes": session.changes,
        "can_undo": _entry_or_none(log.to_undo(step)),
        "can_redo": _entry_or_none(log.to_redo(step)),
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    return {"number": entry.number, "step": entry.step, "action": entry.action, "made_at": moment(entry.made_at)}


def _entry_or_none(entry: Entry | None) -> dict[str, Any] | None:
    return None if entry is None else entry_json(entry)


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
