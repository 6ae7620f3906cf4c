"""What comes in and goes out of the run over time: its log, its forks, what would have been."""

from typing import Any, Literal

from pydantic import Field

from .schemas import Ingredient, SessionConfig, Strict, Tensor, TensorAt, TraceSchema, Value


class EditRequest(Strict):
    """With `expected_step` and `expected_edits`, an edit of a run that has moved on meanwhile is refused with 409 and does nothing."""

    action: Ingredient = Field(description="an edit of the catalogue with its parameters, or undo, or redo")
    expected_step: int | None = Field(None, ge=0)
    expected_edits: int | None = Field(None, ge=0, description="how many entries the log has")


class WhatIfRequest(Strict):
    edits: list[Ingredient] = Field(min_length=1, max_length=100)
    difference: bool = Field(False, description="whether to tell, cell by cell, what is different")


class ForkRequest(Strict):
    """`step` 0 forks before the first batch, where every field of the configuration may change."""

    step: int = Field(ge=0)
    changes: SessionConfig = Field(default_factory=SessionConfig, description="those of its fields that shall be others")
    edits: list[Ingredient] = Field(default_factory=list, max_length=100, description="edits before the fork's first own step")
    log: int | None = Field(
        None, ge=0, description="how many entries of the log to take along; when left out, those made before step `step` was taken"
    )


class CellOfLook(Strict):
    """The cell that is pointed at."""

    tensor: str = Field(min_length=1, max_length=16)
    layer: int = Field(ge=0)
    row: int = Field(ge=0)
    col: int = Field(ge=0)


class LookRequest(Strict):
    """What the owner of a session looks at, for those who watch."""

    step: int | None = Field(None, ge=1)
    phase: str | None = Field(None, max_length=64)
    cell: CellOfLook | None = None
    tab: str | None = Field(None, max_length=64)
    example: int | None = Field(None, ge=0)


class EntrySchema(Strict):
    """An action of the log: made when the session stood at `step`, it acts on step + 1, and if it stands, on all after it."""

    number: int
    step: int
    action: dict[str, Any]
    made_at: str


class LogSchema(Strict):
    step: int
    edits: list[EntrySchema]
    standing: list[dict[str, Any]] = Field(description="the edits that act on the steps to come")
    changes: dict[str, Any] = Field(description="fields of the configuration that are not any more what the run began with")
    can_undo: EntrySchema | None
    can_redo: EntrySchema | None


class ChangedTensor(TensorAt):
    cells: int = Field(description="how many differ")
    max_abs: Value = Field(description="the largest difference")
    only: Literal["before", "after"] | None = Field(None, description="where only one of the two has the tensor")


class DifferenceLayer(Strict):
    model_config = {**Strict.model_config, "extra": "allow"}
    __pydantic_extra__: dict[str, Tensor]

    index: int
    name: str


class WhatIfSchema(Strict):
    trace: TraceSchema
    changed: list[ChangedTensor] = Field(description="in the order of computation: forward, backward, update")
    difference: list[DifferenceLayer] | None = Field(
        None, description="this trace minus the one that was taken, where asked for; what only one of the two has is left out"
    )


class DifferenceSchema(Strict):
    """`loss` and every tensor: the other's minus this one's. A tensor that only one of the two has, or with another shape, is left out."""

    same_batch: bool
    loss: Value
    layers: list[DifferenceLayer]
