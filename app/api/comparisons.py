"""One tensor in several runs: how its numbers are spread on one axis, and where they differ most."""

from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query

from app.engine import Array, OutOfBounds, UnknownName, axis_of, counts
from app.engine.errors import UnfitPair
from app.engine.terms import Indices
from app.sessions import Sessions as SessionsOfApp
from app.sessions import StepOutOfRange, UnknownSession

from .curves_schemas import SpreadsSchema
from .deps import SessionId, Sessions, StepNumber
from .differences import farthest, minus
from .encoding import JsonBytes, numbers_json
from .looks import choose_tensor
from .problems import responses
from .routes import StrictRoute
from .run_schemas import LargestSchema

MOST_OTHERS = 3
MOST_CELLS = 1000  # of a page of the largest

TensorName = Annotated[str, Query(description="a tensor of the trace, such as dW, or slope", json_schema_extra={"example": "dW"})]
LayerIndex = Annotated[int, Query(description="its layer", json_schema_extra={"example": 1})]
Others = Annotated[list[str], Query(description=f"ids of the other sessions, at most {MOST_OTHERS}")]
OtherSteps = Annotated[list[int], Query(description="the step of each of them; n when left out")]

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
    tensor: TensorName,
    layer: LayerIndex,
    other: Others = [],  # noqa: B006 (FastAPI copies it)
    other_step: OtherSteps = [],  # noqa: B006
    bins: Annotated[int, Query(ge=2, le=200, description="how many, from the smallest number to the largest")] = 40,
    scale: Annotated[
        Literal["linear", "symlog"] | None, Query(description="of the bins; when left out, symlog for gradients and linear for all else")
    ] = None,
) -> JsonBytes:
    """Histograms of all cells of the tensor, one for each session, in the same bins. A session that has no such tensor is told with null."""
    at = _places(id, n, other, other_step)
    found = _tensors(sessions, at, tensor, layer)
    scale = scale or ("symlog" if tensor.startswith("d") else "linear")
    axis = axis_of([one for one in found if one is not None], bins, scale)
    told: dict[str, Any] = {"tensor": tensor, "layer": layer, "scale": axis.scale, "threshold": axis.threshold, "edges": axis.edges}
    spreads = [
        None if one is None else {"id": of, "step": step, **counts(one, axis)._asdict()} for (of, step), one in zip(at, found, strict=True)
    ]
    return JsonBytes({**told, "sessions": spreads})


@router.get(
    "/largest",
    summary="The largest cells of a tensor, or those that differ most from other runs'",
    response_class=JsonBytes,
    responses={200: {"model": LargestSchema}, **responses(404, 422, 503)},
)
def read_largest(
    id: SessionId,
    n: StepNumber,
    sessions: Sessions,
    tensor: TensorName,
    layer: LayerIndex,
    other: Others = [],  # noqa: B006
    other_step: OtherSteps = [],  # noqa: B006
    by: Annotated[
        list[int], Query(description="which of the others count for the order, from 1 in the order of `other`; all of them when left out")
    ] = [],  # noqa: B006
    first: Annotated[int, Query(ge=0, description="how many cells to leave out at the beginning")] = 0,
    count: Annotated[int, Query(ge=1, le=MOST_CELLS, description="how many cells")] = 64,
) -> JsonBytes:
    """A page of the cells in the order of their size; at full precision also where a picture has blocks alone.

    With `other`, in the order of the largest difference of any of the others to this session. What is not a number counts as largest.
    """
    at = _places(id, n, other, other_step)
    if wrong := [place for place in by if not 1 <= place <= len(other)]:
        raise OutOfBounds("by", wrong[0], f"1 to {len(other)}" if other else "left out without other")
    one, *others = _tensors(sessions, at, tensor, layer)
    if one is None:
        raise UnfitPair("id", id, f"a session that has {tensor}[{layer}] in this step, to hold the others against it")
    alike = {place: two for place, two in enumerate(others, start=1) if two is not None and two.shape == one.shape}
    if other and not alike:
        raise UnfitPair("other", other, f"sessions of which one at least has {tensor}[{layer}] in the same shape, {one.shape}")
    counting = [two for place, two in alike.items() if not by or place in by]
    if by and not counting:
        bound = f"one at least of {', '.join(map(str, alike))}: others that have {tensor}[{layer}] in the same shape, {one.shape}"
        raise OutOfBounds("by", by[0] if len(by) == 1 else by, bound)
    if first >= one.size:
        raise OutOfBounds("first", first, f"at most {one.size - 1}: the tensor has {one.size} cells")
    with np.errstate(all="ignore"):
        order = np.argsort(-farthest(one, counting), axis=None, kind="stable")[first : first + count]
        rows, cols = np.divmod(order, one.shape[1])
        of = [
            None
            if two is None
            else {
                "id": session,
                "step": step,
                "values": _numbers_at(two, rows, cols),
                "differences": numbers_json(minus(two[rows, cols], one[rows, cols])) if place and two.shape == one.shape else None,
            }
            for place, ((session, step), two) in enumerate(zip(at, [one, *others], strict=True))
        ]
    return JsonBytes({"tensor": tensor, "layer": layer, "shape": one.shape, "first": first, "rows": rows, "cols": cols, "sessions": of})


def _numbers_at(tensor: Array, rows: Indices, cols: Indices) -> Any:
    """The numbers of some cells; null where the tensor is smaller than that."""
    inside = (rows < tensor.shape[0]) & (cols < tensor.shape[1])
    if inside.all():
        return numbers_json(tensor[rows, cols])
    found = iter(list(numbers_json(tensor[rows[inside], cols[inside]])))
    return [next(found) if is_there else None for is_there in inside]


def _places(id: str, n: int, other: list[str], other_step: list[int]) -> list[tuple[str, int]]:
    """Sessions with their steps, the one that is asked first."""
    if len(other) > MOST_OTHERS:
        raise OutOfBounds("other", other, f"at most {MOST_OTHERS} other sessions", found=f"names {len(other)} sessions")
    if other_step and len(other_step) != len(other):
        raise UnfitPair("other_step", other_step, f"a step for each of the {len(other)} other sessions, or none at all")
    return [(id, n), *zip(other, other_step or [n] * len(other), strict=True)]


def _tensors(sessions: SessionsOfApp, at: list[tuple[str, int]], tensor: str, layer: int) -> list[Array | None]:
    """The tensor of each of them, None where one has none. Raises what the first says of it where all have none."""
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
    return found
