"""Gradients beside central differences, and an update beside its prediction: what comes in and what goes out, for OpenAPI."""

from typing import Literal

from pydantic import Field

from .explanation_schemas import CellSchema
from .schemas import Strict, Tensor, Value


class GradcheckRequest(Strict):
    """Everything may be left out: then every parameter and the input are checked."""

    cell: CellSchema | None = Field(None, description="one cell of dW, db, dA or dZ")
    cells_per_tensor: int | None = Field(None, ge=1, description="so many cells of each tensor, evenly drawn and the same each time")
    h: float = Field(
        1e-5, ge=1e-8, le=1e-2, description="half the distance of the two points; what disagrees is looked at with smaller ones, to h / 256"
    )


class Pair(Strict):
    """A gradient twice."""

    analytic: Value = Field(description="as backpropagation has it")
    numeric: Value = Field(description="the central difference, extrapolated from smaller steps where the loss is strongly curved")


class Difference(Pair):
    """A cell, with its gradient twice."""

    row: int = Field(description="from 0")
    col: int = Field(description="from 0")
    relative_error: Value = Field(
        description="|analytic - factor * numeric| / the larger magnitude of the two; 0 where both are 0. factor is 1 but for edits"
    )


class SampleSchema(Strict):
    """The cells of a sample, in the order of the tensor; of more than `max_cells`, those with the largest error of their block."""

    rows: list[int] = Field(description="of each cell, from 0")
    cols: list[int] = Field(description="of each cell, from 0")
    errors: list[Value] = Field(description="relative error of each, NaN where there is no derivative to compare with")
    kinks: list[bool] = Field(description="whether that is so because a kink lies between its two points")
    unresolved: list[bool] = Field(description="whether that is so because its differences do not settle")
    small: list[bool] = Field(description="whether it is too small for a difference to resolve: its error says nothing")


class CheckedTensor(Strict):
    """A gradient against differences, cell by cell."""

    tensor: str = Field(description="its name")
    layer: int = Field(description="its layer")
    cells: int = Field(description="of the whole tensor")
    checked: int = Field(description="how many of them")
    kinks: int = Field(description="cells whose two points have a kink between them: the difference is no derivative there")
    small: int = Field(description="cells too small to compare, beside the rounding of the two; they agree within it")
    unresolved: int = Field(description="cells where differences do not settle at ever smaller steps, and say nothing")
    not_finite: int = Field(description="cells without a difference: the loss is not finite at one of their two points")
    wrong: int = Field(description="cells that disagree")
    factor: float = Field(description="by which edits scale the gradient on its way back: it is to be so many times the difference")
    noise: Value = Field(description="what rounding alone may make of a difference")
    worst: Difference | None = Field(description="the cell with the largest relative error; null where there is none to compare")
    errors: Tensor | None = Field(
        description="relative error of each cell, NaN where there is no derivative to compare with; null where only a sample was checked. A view leaves out `small_cells`"
    )
    small_cells: list[list[bool]] | None = Field(
        description="of each number of `errors`, whether it says nothing because the cell, or each of the block, is too small; null as `errors`"
    )
    sample: SampleSchema | None = Field(description="the cells that were checked, where not all were; else null")


class CheckedCell(Difference):
    """The cell that was asked for."""

    tensor: str = Field(description="its name")
    layer: int = Field(description="its layer")
    of_mean: Pair = Field(description="as gradients of the mean loss")
    of_sum: Pair = Field(description="as gradients of the sum of the losses: m times those of the mean")
    carries: Literal["mean", "sum"] = Field(description="which of the two the trace's number is")


class GradcheckSchema(Strict):
    """Gradients against central differences, with a verdict."""

    step: int = Field(description="its number")
    h: float = Field(description="half the distance of the two points")
    tolerance: float = Field(description="the largest relative error that agrees")
    outcome: Literal["agrees", "partly", "disagrees", "kinks", "small", "unresolved", "not_finite", "edited"] = Field(
        description="the verdict in one word; partly: what could be judged agrees, but is less than half of it, or leaves out a whole tensor"
    )
    words: str = Field(description="the verdict as a sentence")
    checked: int = Field(description="cells in all")
    cells: int = Field(description="of all tensors")
    tensors: list[CheckedTensor] = Field(description="each that was checked")
    cell: CheckedCell | None = Field(description="the one that was asked for; null where there was none")


class UpdateLayer(Strict):
    """What a layer has to do with the change of the loss."""

    index: int = Field(description="l, from 1")
    predicted: Value = Field(description="its part of the prediction")


class UpdateSchema(Strict):
    """Changes of the mean loss of the step's own batch, in nats."""

    step: int = Field(description="its number")
    loss_before: Value = Field(description="as the trace has it")
    loss_after: Value = Field(description="of the same batch with the new parameters")
    predicted: Value = Field(description="sum of dW (W_next - W) and db (b_next - b), the gradients being those of the loss")
    actual: Value = Field(description="loss_after minus loss_before")
    edited: bool = Field(description="whether edits scaled gradients on their way back, so that the update did not follow the loss's own")
    layers: list[UpdateLayer] = Field(description="1..L")
