"""Everything that only looks at a step that was taken."""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from app.engine import Array, OutOfBounds, UnknownName, slope_of
from app.sessions import Taken

from .deps import Encoded, Example, PlainInt, SessionId, Sessions, StepNumber, TraceLook, Watching, check_layers, looked
from .encoding import JsonBytes, names_of, tensor_json, tensor_of, trace_json, view_json, window_json
from .problems import responses
from .routes import StrictRoute
from .schemas import Tensor, TraceSchema

router = APIRouter(prefix="/sessions/{id}/steps/{n}", tags=["looks"], route_class=StrictRoute)


@router.get(
    "", summary="The trace of a past step", response_class=JsonBytes, responses={200: {"model": TraceSchema}, **responses(404, 422, 503)}
)
async def read_trace(
    id: SessionId, n: StepNumber, look: TraceLook, sessions: Sessions, example: Example, watching: Watching, encoded: Encoded
) -> Response:
    """Exactly as it was, to the last bit; or, with `example`, as it is for one example of the batch alone."""

    def answer() -> Response:
        taken = looked(sessions, id, n, example)
        check_layers(look, len(taken.trace.layers) - 1)
        return JsonBytes(trace_json(taken.trace, look, taken.indices, taken.actions))

    # all who watch want the same at the same moment, and that the session is there they know
    if example is None and watching.has(id):
        return await encoded.answer((id, n, look, ""), answer)
    return await run_in_threadpool(answer)


@router.get(
    "/tensors/{name}/{layer}",
    summary="One tensor: whole, a window or a view",
    response_class=JsonBytes,
    responses={200: {"model": Tensor}, **responses(404, 422, 503)},
)
def read_tensor(
    id: SessionId,
    n: StepNumber,
    name: Annotated[str, Path(description="a tensor of the trace, such as dW, or slope", json_schema_extra={"example": "dW"})],
    layer: Annotated[PlainInt, Path(description="its layer; 0 is the input", json_schema_extra={"example": 1})],
    sessions: Sessions,
    example: Example,
    rows: Annotated[str | None, Query(description="a:b, from a up to but without b")] = None,
    cols: Annotated[str | None, Query(description="a:b, from a up to but without b")] = None,
    max_rows: Annotated[int | None, Query(ge=1, description="how many rows of blocks at most")] = None,
    max_cols: Annotated[int | None, Query(ge=1, description="how many columns of blocks at most")] = None,
    reduce: Annotated[Literal["absmax", "mean"], Query(description="what a block tells of its cells")] = "absmax",
) -> JsonBytes:
    """`rows` and `cols` cut a window out; `max_rows` and `max_cols` reduce to blocks, `absmax` with the sign of the extreme.

    Beside the tensors of the trace, hidden layers have `slope`: g'(Z), by which dZ = dA * g'(Z) (with dropout, dZ = dG * g'(Z)).
    """
    tensor = choose_tensor(looked(sessions, id, n, example), name, layer, field="name")
    is_window = rows is not None or cols is not None
    is_view = max_rows is not None or max_cols is not None
    if is_window and is_view:
        raise OutOfBounds(
            "max_rows" if max_rows is not None else "max_cols",
            max_rows or max_cols,
            "left out with rows or cols: a window or a view, not both",
        )
    if is_window:
        return JsonBytes(window_json(tensor, _span("rows", rows, tensor.shape[0]), _span("cols", cols, tensor.shape[1])))
    if is_view and (tensor.shape[0] > (max_rows or tensor.shape[0]) or tensor.shape[1] > (max_cols or tensor.shape[1])):
        height, width = tensor.shape
        return JsonBytes(view_json(tensor, min(height, max_rows or height), min(width, max_cols or width), reduce))
    return JsonBytes(tensor_json(tensor))


def choose_tensor(taken: Taken, name: str, layer: int, *, field: str) -> Array:
    """A tensor of the trace, or `slope`. Raises OutOfBounds, UnknownName, with `field` for its name."""
    trace = taken.trace
    if not 0 <= layer < len(trace.layers):
        raise OutOfBounds("layer", layer, f"0 to {len(trace.layers) - 1}")
    has_slope = 0 < layer < len(trace.layers) - 1
    own = names_of(trace.layers[layer])
    available = (*own, "slope") if has_slope else own
    if name not in available:
        raise UnknownName(field, name, available)
    tensor = slope_of(trace, taken.network, layer) if name == "slope" else tensor_of(trace.layers[layer], name)
    if tensor is None:
        why = "its activation and loss are differentiated together, through dZ" if name == "dA" else "one example alone makes no update"
        raise OutOfBounds(field, name, f"a tensor that layer {layer} has: {why}")
    return tensor


def _span(field: str, text: str | None, length: int) -> tuple[int, int]:
    """`a:b` as (a, b); either may be left out."""
    bound = f"a:b with 0 <= a < b <= {length}"
    match = re.fullmatch(r"([0-9]{0,9}):([0-9]{0,9})", text if text is not None else ":")
    if match is None:
        raise OutOfBounds(field, text, bound)
    start, stop = int(match[1] or 0), int(match[2] or length)
    if not 0 <= start < stop <= length:
        raise OutOfBounds(field, text, bound)
    return start, stop
