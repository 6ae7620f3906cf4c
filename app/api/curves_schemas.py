"""What is told of a run over time, for OpenAPI."""

from typing import Any, Literal

from pydantic import Field

from .schemas import NotFinite, Strict, Value


class HistoryLayer(Strict):
    """Euclidean norms, of W before the update; null where a step was taken before the number was kept."""

    index: int = Field(description="l, from 1")
    W_l2: list[Value | None] = Field(description="of the weights")
    dW_l2: list[Value | None] = Field(description="of their gradient")
    db_l2: list[Value | None] = Field(description="of the biases' gradient")
    update_l2: list[Value | None] = Field(description="of what the update added to W")
    update_to_weight: list[Value | None] = Field(description="update_l2 / W_l2")
    dead_units: list[int | NotFinite | None] = Field(
        description="units that are 0 for every example of the batch; NaN where some numbers are"
    )


class MarkSchema(Strict):
    """An edit, made when the run stood at `step`: the first step with it is the next."""

    step: int = Field(description="where the run stood")
    number: int = Field(description="its place in the log, from 1")
    title: str = Field(description="the edit in words")


class HistorySchema(Strict):
    """An entry a step; `test_*` are after that step's update."""

    initial: dict[str, Any] = Field(
        description="test_loss and test_accuracy before the first step; empty where earlier steps were left out"
    )
    steps: list[int] = Field(description="numbers of the steps")
    loss: list[Value] = Field(description="mean over the batch, in nats")
    accuracy: list[float | None] = Field(description="on the batch; null where the targets are no classes")
    test_loss: list[Value] = Field(description="mean over the held-out examples, in nats")
    test_accuracy: list[float | None] = Field(description="on the held-out examples")
    layers: list[HistoryLayer] = Field(description="1..L")
    marks: list[MarkSchema] = Field(description="the edits of the run that were not undone, of all steps")


class DistributionsSchema(Strict):
    """Histograms on one axis, an entry a step. Zeros and what is not finite are counted apart, so the bins are of the other cells alone."""

    tensor: str = Field(description="its name")
    layer: int = Field(description="its layer")
    scale: Literal["linear", "symlog"] = Field(description="of the axis")
    threshold: float | None = Field(description="a value v of a symlog axis stands at sign(v) * log(1 + |v| / threshold)")
    edges: list[float] = Field(description="of the bins, from the smallest to the largest finite number; each belongs to the bin above it")
    wanted: int = Field(description="how many steps there would be, had there been time for all")
    steps: list[int] = Field(description="numbers of the steps")
    cells: list[int] = Field(description="of the whole tensor")
    bins: list[list[int]] = Field(description="cells in each bin")
    zeros: list[int] = Field(description="cells that are exactly 0")
    nan: list[int] = Field(description="cells that are NaN")
    posinf: list[int] = Field(description="cells that are Infinity")
    neginf: list[int] = Field(description="cells that are -Infinity")


class SpreadSchema(Strict):
    """Of one session, as `bins` of all sessions have it."""

    id: str = Field(description="of the session")
    step: int = Field(description="its number")
    cells: int = Field(description="of the whole tensor")
    bins: list[int] = Field(description="cells in each bin")
    zeros: int = Field(description="cells that are exactly 0")
    nan: int = Field(description="cells that are NaN")
    posinf: int = Field(description="cells that are Infinity")
    neginf: int = Field(description="cells that are -Infinity")


class SpreadsSchema(Strict):
    """Histograms of several sessions on one axis; null stands for a session that has no such tensor."""

    tensor: str = Field(description="its name")
    layer: int = Field(description="its layer")
    scale: Literal["linear", "symlog"] = Field(description="of the axis")
    threshold: float | None = Field(description="a value v of a symlog axis stands at sign(v) * log(1 + |v| / threshold)")
    edges: list[float] = Field(description="of the bins, from the smallest to the largest finite number of all sessions")
    sessions: list[SpreadSchema | None] = Field(description="this one first, then the others in their order")
