"""Where a number came from and what it influences, for OpenAPI."""

from typing import Literal

from pydantic import Field

from .schemas import Strict, Tensor, Value


class CellSchema(Strict):
    """One number of a step. Rows and columns count from 0."""

    tensor: str = Field(max_length=16, description="its name, such as dW")
    layer: int = Field(description="its layer; 0 is the input")
    row: int = Field(0, description="from 0")
    col: int = Field(0, description="from 0")


class CellValue(Strict):
    """One number of a step, with its value."""

    tensor: str = Field(description="its name, such as dW")
    layer: int = Field(description="its layer; 0 is the input")
    row: int = Field(description="from 0")
    col: int = Field(description="from 0")
    value: Value = Field(description="the number that stands in the trace")


class FunctionFactor(Strict):
    """A number that is a function of cells, or a constant where `of` is empty."""

    latex: str = Field(description="with #1, #2, ... in the places of the cells")
    value: Value = Field(description="the number")
    of: list[CellValue] = Field(description="the cells that it is a function of")


Factor = CellValue | FunctionFactor


class TermSchema(Strict):
    """A term of a sum."""

    position: int = Field(description="its place in the sum, from 0")
    index: int | None = Field(description="the value of the letter that runs over the sum; null for a term on its own, such as the bias")
    letter: str = Field(description="that runs over the sum, such as k; empty for a term on its own")
    factors: list[Factor] = Field(description="whose product the term is")
    product: Value = Field(description="of the factors")
    share: Value = Field(description="of the sum")


class OperationSchema(Strict):
    """What made a number."""

    family: str = Field(description="kind of ingredient that it is, such as activation")
    name: str = Field(description="in the catalogue")
    title: str = Field(description="its name for people")
    phase: str = Field(description="key of the phase, such as dW2")


class ExplanationSchema(CellValue):
    """What a number was made of. `operation` is null for what a step is given: X, Y, W and b."""

    operation: OperationSchema | None = Field(description="what made the number")
    equation: str = Field(description="LaTeX in index form, for this cell")
    whole: str = Field(description="LaTeX in matrix form")
    why: str = Field(description="the equation in words")
    scale: float = Field(description="what the sum is multiplied by, such as 1/m")
    scale_latex: str = Field(description="the same as LaTeX")
    numerator: Factor | None = Field(description="where the result is this divided by the sum")
    order: Literal["index", "magnitude"] = Field(description="in which the terms are told")
    offset: int = Field(description="how many terms were left out before the first")
    count: int = Field(description="of all terms")
    terms: list[TermSchema] = Field(description="at most `limit` of them")
    single: list[TermSchema] = Field(description="the terms with no letter, such as the bias, whichever were asked for")
    rest: Value = Field(description="the sum of the terms behind those that are told")
    sum: Value = Field(description="of all terms")
    magnitude: Value = Field(description="the sum of the terms' magnitudes")
    cancellation: Value = Field(description="|sum| / magnitude: 1 where the terms agree, 0 where they cancel")
    result: Value = Field(description="scale times sum, or numerator over sum")


class PathSchema(Strict):
    """A path from a weight to the loss: one example and a chain of units."""

    example: int = Field(description="from 0")
    units: list[int] = Field(description="from layer l to L")
    layers: list[int] = Field(description="of each unit; a layer normalised over its units comes twice, with a unit of Z and one of N")
    factors: list[Factor] = Field(description="whose product, with 1/m, is the path's")
    product: Value = Field(description="with 1/m")
    share: Value = Field(description="of the gradient")


class PathsSchema(Strict):
    """The largest paths by which a weight moves the loss."""

    tensor: str = Field(description="W or b")
    layer: int = Field(description="its layer")
    row: int = Field(description="from 0")
    col: int = Field(description="from 0")
    gradient: Value = Field(description="of the mean loss, in the cell")
    count: int = Field(description="of all paths; their products sum to the gradient")
    rest: Value = Field(description="sum of the paths that are not told")
    scale: float = Field(description="1/m")
    paths: list[PathSchema] = Field(description="the largest first")


class CancellationOf(Strict):
    """How much the examples agree about a gradient: |sum| over the sum of magnitudes."""

    cells: Tensor = Field(description="an index for each cell")
    units: list[Value] = Field(description="an index for each unit")
    layer: Value = Field(description="one index for the whole layer")


class CancellationLayer(Strict):
    """A layer and how much the examples agree about its gradients."""

    index: int = Field(description="l, from 1")
    dW: CancellationOf = Field(description="of the gradient of the weights")
    db: CancellationOf = Field(description="of the gradient of the biases")


class CancellationSchema(Strict):
    """1: the examples agree; 0: they cancel; NaN: each adds 0."""

    step: int = Field(description="its number")
    examples: int = Field(description="m, the size of the batch")
    layers: list[CancellationLayer] = Field(description="1..L, or those that were asked for")
