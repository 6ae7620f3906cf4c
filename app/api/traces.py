"""One step on a network that comes with the request; nothing is kept."""

from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from app.data.matrices import to_array
from app.engine import Constant, OutOfBounds, check_batch, check_lowest, find_optimizer, make_network, next_network, schedules, take_step
from app.sessions.recipe import check_cost
from app.settings import Limits as LimitsOfApp

from .body import read_object, request_body
from .deps import Limits, TraceLook, check_layers
from .encoding import JsonBytes, Look, trace_json
from .per_layer import check_lengths
from .problems import responses
from .routes import StrictRoute
from .schemas import TraceRequest, TraceSchema

router = APIRouter(tags=["traces"], route_class=StrictRoute)

_arrays = ("X", "Y", "W", "b", "gamma", "beta")


@router.post(
    "/trace",
    summary="One step on a network given here",
    response_class=JsonBytes,
    responses={200: {"model": TraceSchema}, **responses(400, 413, 415, 422)},
    openapi_extra=request_body("TraceRequest"),
)
async def take_stateless_step(request: Request, look: TraceLook, limits: Limits) -> JsonBytes:
    """Forward, loss, backward and, with an optimizer, the update; every tensor at full precision."""
    return await run_in_threadpool(_answer, await read_object(request), look, limits)


def _answer(body: dict[str, Any], look: Look, limits: LimitsOfApp) -> JsonBytes:
    check_lengths(body, limits.max_layers)
    # the small fields by the schema, the large ones by `matrices`: pydantic would make an object of each number
    small = {name: value for name, value in body.items() if name not in _arrays}
    asked = TraceRequest.model_validate({**small, **{name: [] for name in _arrays if name in body}})
    L = len(asked.layer_sizes) - 1
    if asked.steps > limits.max_steps_per_request:
        raise OutOfBounds("steps", asked.steps, f"at least 1 and at most {limits.max_steps_per_request}")
    check_layers(look, L)
    X = to_array("X", body["X"], 2, asked.dtype)
    if X.shape[1] > limits.max_batch_size:
        raise OutOfBounds("X", X.shape, f"at most {limits.max_batch_size} examples (columns)", found=f"has {X.shape[1]} examples")
    check_cost(
        asked.layer_sizes,
        max(1, X.shape[1]),
        asked.model_dump(include={"normalisation"})["normalisation"],
        max_parameters=limits.max_parameters,
        max_activation_cells=limits.max_activation_cells,
    )
    Y = to_array("Y", body["Y"], 2, asked.dtype)
    choices = asked.model_dump(exclude=set(_arrays))  # names and objects as the engine takes them
    if asked.optimizer is None:
        _check_no_update(choices)
    network = make_network(
        asked.layer_sizes,
        choices["hidden_activations"],
        choices["output_activation"],
        choices["loss"],
        _per_layer("W", body["W"], 2, asked.dtype),
        _per_layer("b", body["b"], 1, asked.dtype),
        asked.dtype,
        choices["dropout"],
        choices["normalisation"],
        _per_normalised("gamma", body.get("gamma"), asked.dtype),
        _per_normalised("beta", body.get("beta"), asked.dtype),
    )
    X, Y = check_batch(network, X, Y)
    optimizer = None
    if asked.optimizer is not None:
        optimizer = find_optimizer(choices["optimizer"], choices["schedule"], choices["clipping"])
        check_lowest(optimizer)
    trace = take_step(network, X, Y, optimizer=optimizer)
    for step in range(2, asked.steps + 1):
        network = next_network(network, trace)
        trace = take_step(network, X, Y, optimizer=optimizer, state=trace.optimizer_state, step=step)
    return JsonBytes(trace_json(trace, look))


def _check_no_update(choices: dict[str, Any]) -> None:
    """Refuses what acts on an update alone, of a step that has none. Raises OutOfBounds."""
    bound = "left out, or given with an optimizer: without one there is no update that it could act on"
    if choices["clipping"] is not None:
        raise OutOfBounds("clipping", choices["clipping"], bound)
    if schedules.written(choices["schedule"], field="schedule") != Constant.name:
        raise OutOfBounds("schedule", choices["schedule"], bound)
    if choices["steps"] != 1:
        raise OutOfBounds("steps", choices["steps"], "1, or given with an optimizer: without one the network stays as it is")


def _per_layer(field: str, given: Any, ndim: int, dtype: str) -> list[np.ndarray[Any, Any]]:
    """A list with an array for each layer 1..L."""
    if not isinstance(given, list):
        raise OutOfBounds(field, given, "an array with an entry for each layer 1..L")
    return [to_array(f"{field}[{position}]", one, ndim, dtype) for position, one in enumerate(given)]


def _per_normalised(field: str, given: Any, dtype: str) -> list[np.ndarray[Any, Any] | None] | None:
    """The same for hidden layers, of which some have none; None where it is left out."""
    if given is None:
        return None
    if not isinstance(given, list):
        raise OutOfBounds(field, given, "an array with an entry for each hidden layer 1..L-1, or null")
    return [None if one is None else to_array(f"{field}[{position}]", one, 1, dtype) for position, one in enumerate(given)]
