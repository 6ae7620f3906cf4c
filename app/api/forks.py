"""Forks of a run, and two runs held against each other."""

import re
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from app.engine import EngineError
from app.engine.errors import UnfitPair
from app.sessions import Session, StepOutOfRange, UnknownSession
from app.sessions.history import word
from app.sessions.recipe import Recipe, normalise

from .body import read_object, request_body
from .deps import Limits, SessionId, Sessions, StepNumber, TraceLook, check_layers
from .differences import differences
from .encoding import JsonBytes
from .per_layer import check_lengths
from .problems import in_json, responses
from .routes import StrictRoute
from .run_schemas import DifferenceSchema, ForkRequest
from .schemas import SessionSchema
from .sessions import bounds_of, session_json, without_bulk

router = APIRouter(prefix="/sessions/{id}", tags=["forks"], route_class=StrictRoute)


@router.post(
    "/forks",
    status_code=201,
    summary="A session that shares the past of this one",
    response_class=JsonBytes,
    responses={201: {"model": SessionSchema}, **responses(400, 404, 413, 415, 422, 503)},
    openapi_extra=request_body("ForkRequest"),
)
async def fork(id: SessionId, request: Request, sessions: Sessions, limits: Limits) -> JsonBytes:
    """Up to step n the two are the same; from there it is its maker's own. Whoever may read may fork, so it takes no key.

    At step 0 `changes` may have any field of a configuration ("same start, one thing changed"), later optimizer, schedule, clipping and
    batch_size. With another dataset the network's first and last size are that one's, unless layer_sizes changes, too. Deleting one of the
    two leaves the other whole.
    """
    body = await read_object(request)

    def normalised(config: dict[str, Any]) -> Recipe:
        try:
            return normalise(config, **bounds_of(limits))
        except EngineError as error:
            name = re.split(r"[.\[]", error.field, maxsplit=1)[0]
            if name not in body.get("changes", {}):  # of what the run has, that no longer fits
                error.found = f"is left out, and the run's own, {in_json(error.value)}, does not fit the changes"
            error.field = f"changes.{error.field}"
            raise

    def make() -> Session:
        given = body.get("changes")
        check_lengths(given, limits.max_layers, under="changes.")
        small, bulk = without_bulk(given) if isinstance(given, dict) else (given, {})
        asked = ForkRequest.model_validate({**body, "changes": small} if "changes" in body else body)
        changes = asked.changes.model_dump(exclude_unset=True)
        if bulk:
            changes["dataset"] |= bulk
        return sessions.fork(
            id,
            asked.step,
            changes=changes,
            edits=[edit.model_dump() for edit in asked.edits],
            taken=asked.log,
            normalise=normalised,
        )

    made = await run_in_threadpool(make)
    return JsonBytes(session_json(made), 201, headers={"Location": f"/api/v1/sessions/{made.id}"})


@router.get(
    "/steps/{n}/difference",
    summary="Another run's step minus this one's",
    response_class=JsonBytes,
    responses={200: {"model": DifferenceSchema}, **responses(404, 422, 503)},
)
def read_difference(
    id: SessionId,
    n: StepNumber,
    sessions: Sessions,
    look: TraceLook,
    other: Annotated[str, Query(max_length=64, description="the id of the other session")],
    other_step: Annotated[int | None, Query(description="n when left out")] = None,
) -> JsonBytes:
    """Cell by cell, subtracted at full precision before anything is pooled. Both networks must have the same layer_sizes.

    A tensor with a column for each example is left out where the batches are of unlike sizes, as one that only one of the two has.
    """
    here = sessions.look(id, n)
    try:
        there = sessions.look(other, n if other_step is None else other_step)
    except UnknownSession as error:
        raise UnknownSession(other, "other") from error
    except StepOutOfRange as error:
        raise error.given_as("other_step") from error
    sizes = [[layer.size for layer in one.trace.layers] for one in (here, there)]
    if sizes[0] != sizes[1]:
        raise UnfitPair("other", other, f"a session of a network of the layer_sizes {sizes[0]}; its are {sizes[1]}")
    check_layers(look, len(sizes[0]) - 1)
    same_batch = bool(np.array_equal(here.trace.X, there.trace.X) and np.array_equal(here.trace.Y, there.trace.Y))
    with np.errstate(all="ignore"):
        return JsonBytes(
            {
                "same_batch": same_batch,
                "loss": word(there.trace.loss - here.trace.loss),
                "layers": differences(here.trace, there.trace, look),
            }
        )
