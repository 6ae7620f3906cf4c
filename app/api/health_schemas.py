"""What goes wrong with gradients, for OpenAPI."""

from typing import Literal

from pydantic import Field

from .explanation_schemas import CellSchema
from .schemas import NotFinite, Strict, Value


class RuleSchema(Strict):
    """What is looked for."""

    name: str = Field(description="such as vanishing")
    title: str = Field(description="its name for people")
    bound: str = Field(description="the threshold in words")
    source: str = Field(description="where the phenomenon is described, and whose the threshold is")


class BeginningSchema(Strict):
    """The first of the broken steps that lead to this one without a gap, and what broke in it."""

    step: int = Field(description="its number")
    cell: CellSchema | None = Field(description="of that step, where to look")
    value: Value = Field(description="of that cell")
    words: str = Field(description="what was found in that step, as a sentence")
    factor: str | None = Field(description="what made it not finite")


class FindingSchema(Strict):
    """A rule that the step breaks."""

    rule: RuleSchema = Field(description="that is broken")
    severity: Literal["note", "warning", "broken"] = Field(description="note, warning or broken, in ascending order")
    layer: int = Field(description="where it shows")
    cell: CellSchema | None = Field(description="where to look")
    value: Value = Field(description="what is held against the rule's bound")
    words: str = Field(description="what was found, as a sentence")
    factor: str | None = Field(description="what made the signal small, large or not finite")
    began: BeginningSchema | None = Field(description="of what is not finite, where it began in an earlier step; else null")


class LayerHealthSchema(Strict):
    """Sizes are root mean squares. null: does not apply, there is nothing to measure or to compare; "NaN" is a measured one."""

    index: int = Field(description="l, from 0")
    name: str = Field(description="input, hidden 1, ..., output")
    size: int = Field(description="n_l, the number of units")
    activation: str | None = Field(description="its name; null for the input")
    A: Value = Field(description="of the activations")
    dA: Value | None = Field(description="of their gradient; null at an output that is differentiated together with its loss")
    dZ: Value | None = Field(description="of the gradient of Z; null for the input")
    dW: Value | None = Field(description="of the gradient of the weights; null for the input")
    through_weights: Value | None = Field(
        description="|dA| / |dZ of the layer behind|: what W^T did to the gradient; null at the output, or where that is 0"
    )
    through_dropout: Value | None = Field(description="|dG| / |dA|: what the mask of dropout did to it; null without a mask")
    through_slope: Value | None = Field(
        description="|dZ| / |dA|, of |dG| behind a mask, |dN| / |dA| where Z is normalised: what g' did to it; null where a layer has no slope of its own, or nothing reaches it"
    )
    through_normalisation: Value | None = Field(
        description="|dZ| / |dN|: what the way back through the normalisation did to it; null where there is none"
    )
    update_ratio: Value | None = Field(description="|W after the update - W| / |W|; null without an update, or where W is 0")
    stopped: Value | None = Field(
        description="share of cells whose slope g'(Z) is exactly 0; null where a layer has no slope of its own, NaN where some Z are"
    )
    dead_in_batch: int | NotFinite | None = Field(
        description="how many units have slope 0 for every example of this batch; null and NaN as above"
    )
    dead_in_batch_first: list[int] = Field(description="their rows, the first hundred")
    dead_units: int | NotFinite | None = Field(
        description="how many have it for every example of all batches looked at; null and NaN as above"
    )
    dead_first: list[int] = Field(description="their rows, the first hundred")
    saturated: Value | None = Field(
        description="share of cells with a slope of nearly 0; null where the activation is not flat at both ends"
    )
    cancellation: Value | None = Field(description="of dW: 1 where the examples agree, 0 where they cancel; null where none says anything")


class HealthSchema(Strict):
    """`batches` counts the batches that were looked at: this one, and those right before it, at most nine."""

    step: int = Field(description="its number")
    batches: int = Field(description="how many were looked at")
    examples: int = Field(description="in all those batches")
    layers: list[LayerHealthSchema] = Field(description="from the input to the output")
    findings: list[FindingSchema] = Field(description="the worst first; empty where no rule is broken")
    rules: list[RuleSchema] = Field(description="everything that was looked for")
