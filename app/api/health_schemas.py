"""What goes wrong with gradients, for OpenAPI."""

from typing import Literal

from pydantic import Field

from .explanation_schemas import CellSchema
from .schemas import Strict, Value


class RuleSchema(Strict):
    name: str
    title: str
    bound: str = Field(description="the threshold in words")
    source: str = Field(description="where the phenomenon is described, and whose the threshold is")


class FindingSchema(Strict):
    rule: RuleSchema
    severity: Literal["note", "warning", "broken"]
    layer: int
    cell: CellSchema | None = Field(description="where to look")
    value: Value
    words: str
    factor: str | None = Field(description="what made the signal small, large or not finite")


class LayerHealthSchema(Strict):
    """Sizes are root mean squares; NaN where there is nothing to measure or to compare."""

    index: int
    name: str
    size: int
    activation: str | None
    A: Value
    dA: Value
    dZ: Value
    dW: Value
    through_weights: Value = Field(description="|dA| / |dZ of the layer behind|: what W^T did to the gradient")
    through_dropout: Value = Field(description="|dG| / |dA|: what the mask of dropout did to it")
    through_slope: Value = Field(description="|dZ| / |dA|, of |dG| behind a mask, |dN| / |dA| where Z is normalised: what g' did to it")
    through_normalisation: Value = Field(description="|dZ| / |dN|: what the way back through the normalisation did to it")
    update_ratio: Value = Field(description="|W after the update - W| / |W|")
    stopped: Value = Field(description="share of cells whose slope g'(Z) is exactly 0")
    dead_units: int = Field(description="units with slope 0 for every example of all batches looked at")
    dead_first: list[int] = Field(description="their rows, the first hundred")
    saturated: Value = Field(description="share of cells with a slope of nearly 0; NaN where the activation is not flat at both ends")
    cancellation: Value = Field(description="of dW: 1 where the examples agree, 0 where they cancel")


class HealthSchema(Strict):
    """`batches` counts the batches that were looked at: this one, and those right before it, at most nine."""

    step: int
    batches: int
    examples: int
    layers: list[LayerHealthSchema]
    findings: list[FindingSchema] = Field(description="the worst first; empty where no rule is broken")
    rules: list[RuleSchema] = Field(description="everything that was looked for")
