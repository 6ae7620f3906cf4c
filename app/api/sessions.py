"""Sessions: make, read, step, delete."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.data import brings, datasets
from app.engine import OutOfBounds, Phase
from app.engine.equation import Equation, set_layer
from app.sessions import Session, normalise
from app.sessions import Sessions as SessionsOfApp
from app.sessions.recipe import Recipe
from app.settings import Limits as LimitsOfApp

from .body import read_model, read_object, request_body
from .catalog import dataset_facts, entry_json, equation_json
from .deps import Carried, EditKey, Limits, SessionId, Sessions, TraceLook, Watching, check_layers
from .edits import log_json, moment
from .encoding import Encode, JsonBytes, Look, trace_json
from .per_layer import check_lengths
from .problems import responses
from .routes import StrictRoute
from .schemas import GivenDataSchema, PhasesSchema, SessionConfig, SessionSchema, StepRequest, TraceSchema

# names of all text and matrices that any dataset is brought with
BULK = frozenset(one.name for kind in datasets.values() for one in brings(kind) if one.is_bulk)

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=StrictRoute)


@router.post(
    "",
    status_code=201,
    summary="Make a session",
    response_class=JsonBytes,
    responses={201: {"model": SessionSchema}, **responses(400, 413, 415, 422, 503)},
    openapi_extra=request_body("SessionConfig"),
)
async def create_session(request: Request, sessions: Sessions, limits: Limits) -> JsonBytes:
    """A network at step 0 on its data. Whoever has the id may read; whoever has the edit_key, told once, may step and delete."""
    body = await read_object(request)

    def make() -> Session:
        check_lengths(body, limits.max_layers)
        # the small fields by the schema; text and arrays go past it, as pydantic would make an object of each number
        small, bulk = without_bulk(body)
        config = SessionConfig.model_validate(small).model_dump(exclude_unset=True)
        if bulk:
            config["dataset"] |= bulk
        return sessions.create(normalise(config, **bounds_of(limits)))

    session = await run_in_threadpool(make)
    return JsonBytes(session_json(session), 201, headers={"Location": f"/api/v1/sessions/{session.id}"})


def bounds_of(limits: LimitsOfApp) -> dict[str, Any]:
    """What `normalise` holds a configuration against."""
    return {
        "max_layers": limits.max_layers,
        "max_parameters": limits.max_parameters,
        "max_batch_size": limits.max_batch_size,
        "max_activation_cells": limits.max_activation_cells,
        "data_bounds": limits.data_bounds,
    }


def without_bulk(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the body without what its dataset was brought with, that)."""
    dataset = body.get("dataset")
    if not isinstance(dataset, dict):
        return body, {}
    bulk = {name: value for name, value in dataset.items() if name in BULK}
    return {**body, "dataset": {name: value for name, value in dataset.items() if name not in BULK}}, bulk


@router.get(
    "/{id}",
    summary="Configuration, step and latest loss",
    response_class=JsonBytes,
    responses={200: {"model": SessionSchema}, **responses(404, 422, 503)},
)
def read_session(id: SessionId, sessions: Sessions) -> JsonBytes:
    """The run as it stands, without the edit_key."""
    return JsonBytes(session_json(sessions.read(id)))


@router.get(
    "/{id}/data",
    summary="The dataset as it was given",
    response_class=JsonBytes,
    responses={200: {"model": GivenDataSchema}, **responses(404, 422, 503)},
)
def read_data(id: SessionId, sessions: Sessions) -> JsonBytes:
    """With its file or its arrays in full, which `config` only sums up: what `POST /sessions` takes to make it again."""
    return JsonBytes({"dataset": sessions.read(id).recipe.given_dataset()})


@router.get(
    "/{id}/phases",
    summary="A step of this run as its derivation",
    response_class=JsonBytes,
    responses={200: {"model": PhasesSchema}, **responses(404, 422, 503)},
)
def read_phases(
    id: SessionId,
    step: Annotated[int, Query(description="a step that was taken, or the next", json_schema_extra={"example": 1})],
    sessions: Sessions,
) -> JsonBytes:
    """Edits may make them others from a step on; `edits` says how long the log was before that step."""
    recipe, edits, phases = sessions.phases(id, step)
    return JsonBytes({"edits": edits, "phases": phases_json(recipe, phases)})


@router.get(
    "/{id}/key",
    status_code=204,
    summary="Whether an edit key is the session's",
    response_class=Response,
    responses=responses(401, 403, 404, 422, 503),
)
def check_key(id: SessionId, key: EditKey, sessions: Sessions) -> Response:
    """204 where the key of `Authorization` may change the run. Nothing is done, so whoever is given a key finds out before a step is taken."""
    sessions.check_key(id, key)
    return Response(status_code=204)


@router.delete("/{id}", status_code=204, summary="Delete a session", response_class=Response, responses=responses(401, 403, 404, 422, 503))
def delete_session(id: SessionId, key: EditKey, sessions: Sessions, watching: Watching) -> Response:
    """Gone at once, with all its steps."""
    sessions.delete(id, key)
    watching.end(id)
    return Response(status_code=204)


@router.post(
    "/{id}/steps",
    summary="Take the next batches",
    response_class=JsonBytes,
    responses={200: {"model": TraceSchema}, **responses(400, 401, 403, 404, 409, 413, 415, 422, 503)},
    openapi_extra=request_body("StepRequest"),
)
async def take_steps(
    id: SessionId, request: Request, key: EditKey, look: TraceLook, sessions: Sessions, limits: Limits, carried: Carried
) -> JsonBytes:
    """Takes `count` batches and answers the trace of the last; recorded before it is answered.

    With `expected_step`, a retry or a double click gets 409 with the current step, and nothing is stepped twice.
    """
    asked = await read_model(request, StepRequest)
    if asked.count > limits.max_steps_per_request:
        raise OutOfBounds("count", asked.count, f"at least 1 and at most {limits.max_steps_per_request}")
    # NumPy and the database work beside the event loop, not on it
    return await run_in_threadpool(_step, sessions, id, key, asked, look, carried.encode)


def _step(sessions: SessionsOfApp, id: str, key: str | None, asked: StepRequest, look: Look, encode: Encode) -> JsonBytes:
    if look.layers:
        check_layers(look, len(sessions.read(id).recipe.config["layer_sizes"]) - 1)
    taken = sessions.take_steps(id, key, count=asked.count, expected_step=asked.expected_step)
    return JsonBytes(trace_json(taken.trace, look, taken.indices, taken.actions, encode))


def session_json(session: Session) -> dict[str, Any]:
    here = f"/api/v1/sessions/{session.id}"
    log = session.log
    encoded = {
        "id": session.id,
        "step": session.step,
        "config": session.recipe.config,
        "dataset": _dataset_json(session.recipe),
        "parameter_count": session.parameter_count,
        "edits": len(log.entries),
        **{name: value for name, value in log_json(session).items() if name in ("standing", "changes", "can_undo", "can_redo")},
        "parent": None if session.parent is None else {"id": session.parent[0], "step": session.parent[1]},
        "look": session.look,
        "phases": phases_json(session.recipe, session.recipe.phases(max(1, session.step))),
        "created_at": moment(session.created_at),
        "expires_at": None if session.expires_at is None else moment(session.expires_at),
        **{name: session.latest.get(name) for name in ("loss", "accuracy", "test_loss", "test_accuracy")},
        "links": {
            "self": here,
            "steps": f"{here}/steps",
            "history": f"{here}/history",
            "data": f"{here}/data",
            "edits": f"{here}/edits",
            "forks": f"{here}/forks",
            "events": f"{here}/events",
        },
    }
    if session.edit_key is not None:
        encoded["edit_key"] = session.edit_key
    return encoded


def phases_json(recipe: Recipe, phases: tuple[Phase, ...]) -> list[dict[str, Any]]:
    return [_phase_json(phase, len(recipe.config["layer_sizes"]) - 1) for phase in phases]


def _in_catalog(phase: Phase) -> Equation | None:
    """The equation of the ingredient's class; None for what an edit puts in."""
    equations = getattr(type(phase.operation), "equations", {})
    # what an edit puts in makes its equations with its own numbers: its class has a property in their place
    return equations.get(phase.equation_name) if isinstance(equations, Mapping) else None


def _phase_json(phase: Phase, last: int) -> dict[str, Any]:
    return {
        "key": phase.key,
        "tensor": phase.tensor,
        "layer": phase.layer,
        "lane": phase.lane,
        "family": phase.family,
        "operation": phase.operation.name,
        "title": phase.operation.title,
        "equation": phase.equation_name,
        "whole": set_layer(phase.equation.whole, layer=phase.l, last=last),
        "cell": set_layer(phase.equation.cell, layer=phase.l, last=last),
        "why": phase.equation.why,
        "own": None if phase.equation == _in_catalog(phase) else equation_json(phase.equation),
        "reads": [{"tensor": tensor, "layer": layer} for tensor, layer in phase.reads],
    }


def _dataset_json(recipe: Recipe) -> dict[str, Any]:
    kind, data = recipe.kind(), recipe.dataset()
    scale = data.target_scale
    return {
        **{name: value for name, value in entry_json(type(kind)).items() if name not in ("equations", "parameters")},
        **dataset_facts(kind),
        "train_size": data.X_train.shape[1],
        "test_size": data.X_test.shape[1],
        "held_out": data.held_out,
        "target_scale": None if scale is None else {"mean": scale.mean, "std": scale.std},
    }
