"""A run over time: the scalars of every step, and how the numbers of a tensor were spread."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response

from app.engine import Array, OutOfBounds, UnknownName, axis_of, counts
from app.sessions import Taken
from app.sessions.sampling import spread, tensors_over_time

from .curves_schemas import DistributionsSchema, HistorySchema
from .deps import SessionId, Sessions
from .encoding import JsonBytes
from .history_csv import history_csv
from .looks import choose_tensor
from .problems import responses
from .routes import StrictRoute

router = APIRouter(prefix="/sessions/{id}", tags=["curves"], route_class=StrictRoute)


@router.get(
    "/history",
    summary="Scalars of every step",
    response_class=JsonBytes,
    responses={200: {"model": HistorySchema, "content": {"text/csv": {"schema": {"type": "string"}}}}, **responses(404, 422, 503)},
)
def read_history(
    id: SessionId,
    sessions: Sessions,
    since: Annotated[int, Query(description="the last step to leave out; 0 leaves out none")] = 0,
    format: Annotated[Literal["json", "csv"] | None, Query(description="when left out, what Accept asks for")] = None,
    accept: Annotated[str | None, Header(description="text/csv for CSV; JSON for anything else")] = None,
) -> Response:
    """Loss, accuracy and norms, an entry a step; `since` leaves out the steps up to it.

    As CSV a row a step, with the names of the JSON: `loss`, `dW_l2[1]`.
    """
    if not 0 <= since < 2**53:
        raise OutOfBounds("since", since, "a step, at least 0")
    told = sessions.history(id, since)
    if format == "csv" or (format is None and _prefers_csv(accept or "")):
        name = f'attachment; filename="backscope-{id[:8]}-history.csv"'
        return Response(history_csv(told), media_type="text/csv", headers={"Content-Disposition": name, "Vary": "Accept"})
    return JsonBytes(told, headers={"Vary": "Accept"})


def _prefers_csv(accept: str) -> bool:
    """JSON is what whoever names neither gets."""
    kinds = [kind.partition(";")[0].strip().lower() for kind in accept.split(",")]
    return "text/csv" in kinds and "application/json" not in kinds


@router.get(
    "/distributions",
    summary="How a tensor's numbers were spread over the steps",
    response_class=JsonBytes,
    responses={200: {"model": DistributionsSchema}, **responses(404, 422, 503)},
)
def read_distributions(
    id: SessionId,
    sessions: Sessions,
    tensor: Annotated[str, Query(description="a tensor of the trace, such as dW, or slope", json_schema_extra={"example": "dW"})],
    layer: Annotated[int, Query(description="its layer", json_schema_extra={"example": 1})],
    bins: Annotated[int, Query(ge=2, le=200, description="how many, from the smallest number to the largest")] = 40,
    most: Annotated[int, Query(ge=1, le=200, description="how many steps, spread over the run")] = 60,
    since: Annotated[int, Query(description="the last step to leave out; 0 leaves out none")] = 0,
    scale: Annotated[
        Literal["linear", "symlog"] | None, Query(description="of the bins; when left out, symlog for gradients and linear for all else")
    ] = None,
) -> JsonBytes:
    """Histograms of some steps on one axis, each of all cells of the tensor.

    Steps are recomputed for this, the newest first, as many as fit into two seconds: `wanted` says how many there would be.
    """
    if not 0 <= since < 2**53:
        raise OutOfBounds("since", since, "a step, at least 0")
    session = sessions.read(id)
    layers = len(session.recipe.config["layer_sizes"])
    if not 0 <= layer < layers:
        raise OutOfBounds("layer", layer, f"0 to {layers - 1}")

    def choose(taken: Taken) -> Array | None:
        try:
            return choose_tensor(taken, tensor, layer, field="tensor")
        except (UnknownName, OutOfBounds):
            if taken.trace.step == session.step:
                raise  # a step of the past may be without it; a name that the newest does not know is a mistake
            return None

    steps = spread(since + 1, session.step, most)
    found = tensors_over_time(sessions, id, steps, choose)
    scale = scale or ("symlog" if tensor.startswith("d") else "linear")
    axis = axis_of(list(found.values()), bins, scale)
    counted = [counts(one, axis) for one in found.values()]
    return JsonBytes(
        {
            "tensor": tensor,
            "layer": layer,
            "scale": axis.scale,
            "threshold": axis.threshold,
            "edges": axis.edges,
            "wanted": len(steps),
            "steps": list(found),
            **{name: [getattr(one, name) for one in counted] for name in ("cells", "bins", "zeros", "nan", "posinf", "neginf")},
        }
    )
