"""What is told of a run over time, for OpenAPI."""

from typing import Any, Literal

from pydantic import Field

from .schemas import Strict, Value


class HistoryLayer(Strict):
    """Euclidean norms, of W before the update; null where a step was taken before the number was kept."""

    index: int
    W_l2: list[Value | None]
    dW_l2: list[Value | None]
    db_l2: list[Value | None]
    update_l2: list[Value | None]
    update_to_weight: list[Value | None] = Field(description="update_l2 / W_l2")
    dead_units: list[int | None]


class MarkSchema(Strict):
    """An edit, made when the run stood at `step`: the first step with it is the next."""

    step: int
    number: int
    title: str


class HistorySchema(Strict):
    """An entry a step; `test_*` are after that step's update."""

    initial: dict[str, Any]
    steps: list[int]
    loss: list[Value]
    accuracy: list[float | None]
    test_loss: list[Value]
    test_accuracy: list[float | None]
    layers: list[HistoryLayer]
    marks: list[MarkSchema] = Field(description="the edits of the run that were not undone, of all steps")


class DistributionsSchema(Strict):
    """Histograms on one axis, an entry a step. Zeros and what is not finite are counted apart, so the bins are of the other cells alone."""

    tensor: str
    layer: int
    scale: Literal["linear", "symlog"]
    threshold: float | None = Field(description="a value v of a symlog axis stands at sign(v) * log(1 + |v| / threshold)")
    edges: list[float] = Field(description="of the bins, from the smallest to the largest finite number; each belongs to the bin above it")
    wanted: int = Field(description="how many steps there would be, had there been time for all")
    steps: list[int]
    cells: list[int] = Field(description="of the whole tensor")
    bins: list[list[int]] = Field(description="cells in each bin")
    zeros: list[int]
    nan: list[int]
    posinf: list[int]
    neginf: list[int]


class SpreadSchema(Strict):
    """Of one session, as `bins` of all sessions have it."""

    id: str
    step: int
    cells: int = Field(description="of the whole tensor")
    bins: list[int] = Field(description="cells in each bin")
    zeros: int
    nan: int
    posinf: int
    neginf: int


class SpreadsSchema(Strict):
    """Histograms of several sessions on one axis; null stands for a session that has no such tensor."""

    tensor: str
    layer: int
    scale: Literal["linear", "symlog"]
    threshold: float | None = Field(description="a value v of a symlog axis stands at sign(v) * log(1 + |v| / threshold)")
    edges: list[float] = Field(description="of the bins, from the smallest to the largest finite number of all sessions")
    sessions: list[SpreadSchema | None] = Field(description="this one first, then the others in their order")
