"""Where a number came from and what it influences, for OpenAPI."""

from typing import Literal

from pydantic import Field

from .schemas import Strict, Tensor, Value


class CellSchema(Strict):
    """One number of a step. Rows and columns count from 0."""

    tensor: str = Field(max_length=16)
    layer: int
    row: int = 0
    col: int = 0


class CellValue(Strict):
    tensor: str
    layer: int
    row: int
    col: int
    value: Value


class FunctionFactor(Strict):
    """A number that is a function of cells, or a constant where `of` is empty."""

    latex: str = Field(description="with #1, #2, ... in the places of the cells")
    value: Value
    of: list[CellValue]


Factor = CellValue | FunctionFactor


class TermSchema(Strict):
    position: int = Field(description="its place in the sum, from 0")
    index: int | None = Field(description="the value of the letter that runs over the sum; null for a term on its own, such as the bias")
    letter: str
    factors: list[Factor]
    product: Value
    share: Value = Field(description="of the sum")


class OperationSchema(Strict):
    family: str
    name: str
    title: str
    phase: str


class ExplanationSchema(CellValue):
    """What a number was made of. `operation` is null for what a step is given: X, Y, W and b."""

    operation: OperationSchema | None
    equation: str = Field(description="LaTeX in index form, for this cell")
    whole: str = Field(description="LaTeX in matrix form")
    why: str
    scale: float
    scale_latex: str
    numerator: Factor | None = Field(description="where the result is this divided by the sum")
    order: Literal["index", "magnitude"]
    offset: int
    count: int = Field(description="of all terms")
    terms: list[TermSchema]
    single: list[TermSchema] = Field(description="the terms with no letter, such as the bias, whichever were asked for")
    rest: Value = Field(description="the sum of the terms behind those that are told")
    sum: Value
    magnitude: Value = Field(description="the sum of the terms' magnitudes")
    cancellation: Value = Field(description="|sum| / magnitude: 1 where the terms agree, 0 where they cancel")
    result: Value


class PathSchema(Strict):
    example: int
    units: list[int] = Field(description="from layer l to L")
    layers: list[int] = Field(description="of each unit; a layer normalised over its units comes twice, with a unit of Z and one of N")
    factors: list[Factor]
    product: Value = Field(description="with 1/m")
    share: Value = Field(description="of the gradient")


class PathsSchema(Strict):
    tensor: str
    layer: int
    row: int
    col: int
    gradient: Value
    count: int = Field(description="of all paths; their products sum to the gradient")
    rest: Value
    scale: float
    paths: list[PathSchema]


class CancellationOf(Strict):
    cells: Tensor
    units: list[Value]
    layer: Value


class CancellationLayer(Strict):
    index: int
    dW: CancellationOf
    db: CancellationOf


class CancellationSchema(Strict):
    """1: the examples agree; 0: they cancel; NaN: each adds 0."""

    step: int
    examples: int
    layers: list[CancellationLayer]
