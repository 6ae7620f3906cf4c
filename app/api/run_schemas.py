"""What comes in and goes out of the run over time: its log, its forks, what would have been."""

from typing import Any, Literal

from pydantic import Field

from .schemas import Ingredient, SessionConfig, Strict, Tensor, TensorAt, TraceSchema, Value

# the views that the page has below its lens, in their order
Tab = Literal["flow", "gate", "agreement", "proof", "health", "curves", "batch", "boundary", "pictures"]


class EditRequest(Strict):
    """With `expected_step` and `expected_edits`, an edit of a run that has moved on meanwhile is refused with 409 and does nothing."""

    action: Ingredient = Field(description="an edit of the catalogue with its parameters, or undo, or redo")
    expected_step: int | None = Field(None, ge=0, description="the step that the run is believed to stand at")
    expected_edits: int | None = Field(None, ge=0, description="how many entries the log has")


class WhatIfRequest(Strict):
    """Edits to try on a step; nothing is kept."""

    edits: list[Ingredient] = Field(
        min_length=1,
        max_length=100,
        description="edits of the catalogue with their parameters, made one after the other right before the step",
    )
    difference: bool = Field(False, description="whether to tell, cell by cell, what is different")


class ForkRequest(Strict):
    """`step` 0 forks before the first batch, where every field of the configuration may change."""

    step: int = Field(ge=0, description="the last step that the two share")
    changes: SessionConfig = Field(default_factory=SessionConfig, description="those of its fields that shall be others")
    edits: list[Ingredient] = Field(default_factory=list, max_length=100, description="edits before the fork's first own step")
    log: int | None = Field(
        None, ge=0, description="how many entries of the log to take along; when left out, those made before step `step` was taken"
    )


class CellOfLook(Strict):
    """The cell that is pointed at."""

    tensor: str = Field(min_length=1, max_length=16, description="its name, such as dW")
    layer: int = Field(ge=0, description="its layer; 0 is the input")
    row: int = Field(ge=0, description="from 0")
    col: int = Field(ge=0, description="from 0")


class WhatIfOfLook(Strict):
    """An edit that is being tried on the step that is looked at. Whoever watches asks for what it changes, which takes no key."""

    edit: Ingredient = Field(description="an edit of the catalogue with its parameters; at most 4,096 characters of JSON")
    view: Literal["before", "after", "difference"] = Field("after", description="which side of it the page shows")


class LookRequest(Strict):
    """What the owner of a session looks at, for those who watch."""

    step: int | None = Field(None, ge=1, description="a step that was taken")
    phase: str | None = Field(
        None, max_length=64, description="key of a phase of that step, such as dW2; loss or update for all of its equations"
    )
    cell: CellOfLook | None = Field(None, description="one number of the step: tensor, layer, row and col")
    tab: Tab | None = Field(None, description="the view below the lens that is open")
    example: int | None = Field(None, ge=0, description="the one example that the page shows, from 0")
    layer: int | None = Field(None, ge=0, description="the first layer in sight, where the lanes are wider than the window; 0 is the input")
    scale: Literal["own", "shared"] | None = Field(None, description="each tensor its own colours, or one scale for all of a kind")
    colors: Literal["linear", "logarithmic"] | None = Field(None, description="how numbers become colours")
    preset: str | None = Field(None, max_length=64, description="the preset whose sentence stands on the page")
    what_if: WhatIfOfLook | None = Field(None, description="an edit that is being tried; nothing of it is kept in the run")


class EntrySchema(Strict):
    """An action of the log: made when the session stood at `step`, it acts on step + 1, and if it stands, on all after it."""

    number: int = Field(description="its place in the log, from 1")
    step: int = Field(description="where the run stood when it was made")
    action: dict[str, Any] = Field(description="an edit with its parameters, undo or redo")
    made_at: str = Field(description="ISO 8601, UTC")


class LogSchema(Strict):
    """What was done to a run, and what of it acts from here on."""

    step: int = Field(description="where the run stands")
    edits: list[EntrySchema] = Field(description="every entry, undone ones too")
    standing: list[dict[str, Any]] = Field(description="the edits that act on the steps to come")
    changes: dict[str, Any] = Field(description="fields of the configuration that are not any more what the run began with")
    can_undo: EntrySchema | None = Field(description="the entry that undo would take back; null for none")
    can_redo: EntrySchema | None = Field(description="the entry that redo would bring back; null for none")


class ChangedTensor(TensorAt):
    """A tensor that the edits make another."""

    cells: int = Field(description="how many differ")
    max_abs: Value = Field(description="the largest difference")
    only: Literal["before", "after"] | None = Field(
        None, description="where only one of the two has the tensor; max_abs is NaN then, but of a gradient as the update takes it (hW, gW)"
    )


class DifferenceLayer(Strict):
    """Tensors of a layer, one minus the other, by their names."""

    model_config = {**Strict.model_config, "extra": "allow"}
    __pydantic_extra__: dict[str, Tensor]

    index: int = Field(description="l; 0 is the input")
    name: str = Field(description="input, hidden 1, ..., output")


class WhatIfSchema(Strict):
    """A step as it would have been."""

    trace: TraceSchema = Field(description="the step with the edits")
    changed: list[ChangedTensor] = Field(description="in the order of computation: forward, backward, update")
    difference: list[DifferenceLayer] | None = Field(
        None, description="this trace minus the one that was taken, where asked for; what only one of the two has is left out"
    )


class LargestOfSchema(Strict):
    """The cells in one session."""

    id: str = Field(description="of the session")
    step: int = Field(description="its number")
    values: list[Value | None] = Field(description="a number for each cell; null where the tensor has another shape, and no such cell")
    differences: list[Value] | None = Field(
        description="each minus that of the session that was asked; null for that one itself, and where the shape is another"
    )


class LargestSchema(Strict):
    """Some cells of a tensor, in the order of their magnitude or of how far other sessions are from it; equals row by row."""

    tensor: str = Field(description="its name")
    layer: int = Field(description="its layer")
    shape: tuple[int, int] = Field(description="rows, columns")
    first: int = Field(description="how many cells come before these")
    rows: list[int] = Field(description="of each cell, from 0")
    cols: list[int] = Field(description="of each cell, from 0")
    sessions: list[LargestOfSchema | None] = Field(
        description="this one first, then the others in their order; null for one that has no such tensor"
    )


class DifferenceSchema(Strict):
    """`loss` and every tensor: the other's minus this one's. A tensor that only one of the two has, or with another shape, is left out."""

    same_batch: bool = Field(description="whether both steps were taken on the same examples")
    loss: Value = Field(description="the other's mean loss minus this one's, in nats")
    layers: list[DifferenceLayer] = Field(description="from the input to the output, or those that were asked for")
