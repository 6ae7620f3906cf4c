"""How the numbers of one tensor are spread in several runs, on one axis."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from app.engine import Array, OutOfBounds, UnknownName, axis_of, counts
from app.engine.errors import UnfitPair
from app.sessions import StepOutOfRange, UnknownSession

from .curves_schemas import SpreadsSchema
from .deps import SessionId, Sessions, StepNumber
from .encoding import JsonBytes
from .looks import choose_tensor
from .problems import responses
from .routes import StrictRoute

MOST_OTHERS = 3

router = APIRouter(prefix="/sessions/{id}/steps/{n}", tags=["forks"], route_class=StrictRoute)


@router.get(
    "/spreads",
    summary="How a tensor's numbers are spread here and in other runs",
    response_class=JsonBytes,
    responses={200: {"model": SpreadsSchema}, **responses(404, 422, 503)},
)
def read_spreads(
    id: SessionId,
    n: StepNumber,
    sessions: Sessions,
    tensor: Annotated[str, Query(description="a tensor of the trace, such as dW, or slope", json_schema_extra={"example": "dW"})],
    layer: Annotated[int, Query(description="its layer", json_schema_extra={"example": 1})],
    other: Annotated[list[str], Query(description=f"ids of the other sessions, at most {MOST_OTHERS}")] = [],  # noqa: B006 (FastAPI copies it)
    other_step: Annotated[list[int], Query(description="the step of each of them; n when left out")] = [],  # noqa: B006
    bins: Annotated[int, Query(ge=2, le=200, description="how many, from the smallest number to the largest")] = 40,
    scale: Annotated[
        Literal["linear", "symlog"] | None, Query(description="of the bins; when left out, symlog for gradients and linear for all else")
    ] = None,
) -> JsonBytes:
    """Histograms of all cells of the tensor, one for each session, in the same bins. A session that has no such tensor is told with null."""
    if len(other) > MOST_OTHERS:
        raise OutOfBounds("other", other, f"at most {MOST_OTHERS} other sessions", found=f"names {len(other)} sessions")
    if other_step and len(other_step) != len(other):
        raise UnfitPair("other_step", other_step, f"a step for each of the {len(other)} other sessions, or none at all")
    at = [(id, n), *zip(other, other_step or [n] * len(other), strict=True)]
    found: list[Array | None] = []
    refusals: list[UnknownName | OutOfBounds] = []
    for number, (one, step) in enumerate(at):
        try:
            taken = sessions.look(one, step)
        except UnknownSession as error:
            raise UnknownSession(one, "other" if number else "id") from error
        except StepOutOfRange as error:
            raise error.given_as("other_step" if number else "n") from error
        try:
            found.append(choose_tensor(taken, tensor, layer, field="tensor"))
        except (UnknownName, OutOfBounds) as refusal:
            found.append(None)
            refusals.append(refusal)
    if len(refusals) == len(at):
        raise refusals[0]
    scale = scale or ("symlog" if tensor.startswith("d") else "linear")
    axis = axis_of([one for one in found if one is not None], bins, scale)
    told: dict[str, Any] = {"tensor": tensor, "layer": layer, "scale": axis.scale, "threshold": axis.threshold, "edges": axis.edges}
    spreads = [
        None if one is None else {"id": of, "step": step, **counts(one, axis)._asdict()} for (of, step), one in zip(at, found, strict=True)
    ]
    return JsonBytes({**told, "sessions": spreads})
