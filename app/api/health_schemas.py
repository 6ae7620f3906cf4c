"""What goes wrong with gradients, for OpenAPI."""

from typing import Literal

from pydantic import Field

from .explanation_schemas import CellSchema
from .schemas import Strict, Value


class RuleSchema(Strict):
    """What is looked for."""

    name: str = Field(description="such as vanishing")
    title: str = Field(description="its name for people")
    bound: str = Field(description="the threshold in words")
    source: str = Field(description="where the phenomenon is described, and whose the threshold is")


class FindingSchema(Strict):
    """A rule that the step breaks."""

    rule: RuleSchema = Field(description="that is broken")
    severity: Literal["note", "warning", "broken"] = Field(description="note, warning or broken, in ascending order")
    layer: int = Field(description="where it shows")
    cell: CellSchema | None = Field(description="where to look")
    value: Value = Field(description="what is held against the rule's bound")
    words: str = Field(description="what was found, as a sentence")
    factor: str | None = Field(description="what made the signal small, large or not finite")


class LayerHealthSchema(Strict):
    """Sizes are root mean squares; NaN where there is nothing to measure or to compare."""

    index: int = Field(description="l, from 0")
    name: str = Field(description="input, hidden 1, ..., output")
    size: int = Field(description="n_l, the number of units")
    activation: str | None = Field(description="its name; null for the input")
    A: Value = Field(description="of the activations")
    dA: Value = Field(description="of their gradient")
    dZ: Value = Field(description="of the gradient of Z")
    dW: Value = Field(description="of the gradient of the weights")
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

    step: int = Field(description="its number")
    batches: int = Field(description="how many were looked at")
    examples: int = Field(description="in all those batches")
    layers: list[LayerHealthSchema] = Field(description="from the input to the output")
    findings: list[FindingSchema] = Field(description="the worst first; empty where no rule is broken")
    rules: list[RuleSchema] = Field(description="everything that was looked for")
