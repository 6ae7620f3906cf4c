"""What the network says everywhere: the decision boundary of two features, the fitted curve of one."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

from app.engine import OutOfBounds, predict
from app.sessions.history import word

from .deps import SessionId, Sessions, StepNumber
from .encoding import JsonBytes
from .problems import responses
from .routes import StrictRoute
from .schemas import PredictionsSchema

router = APIRouter(prefix="/sessions/{id}/steps/{n}", tags=["predictions"], route_class=StrictRoute)

MOST_POINTS = 1000
MARGIN = 0.1  # of the data's extent, on each side


@router.get(
    "/predictions",
    summary="The network's outputs over the plane, or over a line",
    response_class=JsonBytes,
    responses={200: {"model": PredictionsSchema}, **responses(404, 422, 503)},
)
def read_predictions(
    id: SessionId,
    n: StepNumber,
    sessions: Sessions,
    resolution: Annotated[int, Query(ge=2, le=200, description="points along each axis")] = 60,
) -> JsonBytes:
    """A[L] on a regular grid around the training examples, of the network as it was before the update of step n.

    For data of two features `outputs` has, for each output, a row for each value of `y` and a column for each value of `x`; for data
    of one feature, a single row. `points` are training examples, at most 1,000 of them.
    """
    taken = sessions.look(id, n)
    dataset = sessions.read(id).recipe.dataset()
    X = dataset.X_train
    features = X.shape[0]
    if features not in (1, 2):
        bound = "a session whose data have 1 or 2 features: more can't be drawn on a line or a plane"
        raise OutOfBounds("id", id, bound, found=f"is of a session whose data have {features} features")
    axes = []
    for low, high in zip(X.min(axis=1), X.max(axis=1), strict=True):
        reach = float(high - low) * MARGIN or 1.0
        axes.append(np.linspace(float(low) - reach, float(high) + reach, resolution))
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes)]).astype(X.dtype)
    A = predict(taken.network, grid).astype(np.float64)
    shape = (resolution, resolution) if features == 2 else (1, resolution)
    shown = slice(0, MOST_POINTS)
    return JsonBytes(
        {
            "step": taken.trace.step,
            "x": axes[0],
            "y": axes[1] if features == 2 else [],
            "outputs": [[[word(float(cell)) for cell in row] for row in output.reshape(shape)] for output in A],
            "points": {"X": np.ascontiguousarray(X[:, shown]), "Y": np.ascontiguousarray(dataset.Y_train[:, shown]), "count": X.shape[1]},
        }
    )
