"""Gradients beside central differences, and an update beside its prediction: what comes in and what goes out, for OpenAPI."""

from typing import Literal

from pydantic import Field

from .explanation_schemas import CellSchema
from .schemas import Strict, Tensor, Value


class GradcheckRequest(Strict):
    """Everything may be left out: then every parameter and the input are checked."""

    cell: CellSchema | None = Field(None, description="one cell of dW, db, dA or dZ")
    cells_per_tensor: int | None = Field(None, ge=1, description="so many cells of each tensor, evenly drawn and the same each time")
    h: float = Field(1e-5, ge=1e-8, le=1e-2, description="half the distance of the two points")


class Pair(Strict):
    analytic: Value
    numeric: Value


class Difference(Pair):
    row: int
    col: int
    relative_error: Value = Field(
        description="|analytic - factor * numeric| / the larger magnitude of the two; 0 where both are 0. factor is 1 but for edits"
    )


class CheckedTensor(Strict):
    tensor: str
    layer: int
    cells: int
    checked: int
    kinks: int = Field(description="cells whose two points have a kink between them: the difference is no derivative there")
    small: int = Field(description="cells too small for a difference to resolve; they agree within rounding")
    not_finite: int = Field(description="cells without a difference: the loss is not finite at one of their two points")
    wrong: int
    factor: float = Field(description="by which edits scale the gradient on its way back: it is to be so many times the difference")
    noise: Value = Field(description="what rounding alone may make of a difference")
    worst: Difference | None
    errors: Tensor | None = Field(
        description="relative error of each cell, NaN where there is no derivative to compare with; null where only a sample was checked"
    )


class CheckedCell(Difference):
    tensor: str
    layer: int
    of_mean: Pair = Field(description="as gradients of the mean loss")
    of_sum: Pair = Field(description="as gradients of the sum of the losses: m times those of the mean")
    carries: Literal["mean", "sum"] = Field(description="which of the two the trace's number is")


class GradcheckSchema(Strict):
    step: int
    h: float
    tolerance: float
    outcome: Literal["agrees", "disagrees", "kinks", "small", "not_finite", "edited"]
    words: str
    checked: int
    cells: int
    tensors: list[CheckedTensor]
    cell: CheckedCell | None


class UpdateLayer(Strict):
    index: int
    predicted: Value


class UpdateSchema(Strict):
    """Changes of the mean loss of the step's own batch, in nats."""

    step: int
    loss_before: Value
    loss_after: Value
    predicted: Value = Field(description="sum of dW (W_next - W) and db (b_next - b)")
    actual: Value
    layers: list[UpdateLayer]
