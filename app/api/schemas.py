"""What may come in, with its bounds, and what goes out, for OpenAPI. Large answers are written by `encoding.py`, not by these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[float, Field(allow_inf_nan=False)]
NotFinite = Literal["NaN", "Infinity", "-Infinity"]
Value = float | NotFinite


class Strict(BaseModel):
    """Nothing is coerced and nothing unknown is let pass."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class Named(BaseModel):
    """An ingredient by its name, with its parameters beside it; the register checks those."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)

    name: str = Field(max_length=64)


class SessionConfig(Strict):
    """What a session is made of. Everything may be left out; `{}` is a working session on real data."""

    dataset: Named = Field(default_factory=lambda: Named(name="digits"), description="a dataset of the catalogue with its parameters")
    layer_sizes: list[Annotated[int, Field(ge=1)]] | None = Field(
        None, min_length=2, max_length=64, description="n_0..n_L; the ends are the dataset's features and classes"
    )
    hidden_activations: str | list[str] = Field("relu", description="one name for all hidden layers, or one for each")
    output_activation: str = "softmax"
    loss: str = "cross_entropy"
    initializer: Named = Field(default_factory=lambda: Named(name="he_normal"))
    optimizer: Named = Field(default_factory=lambda: Named(name="sgd"))
    batch_size: int = Field(32, ge=1)
    seed: int = Field(0, ge=0, le=2**53 - 1, description="up to 2^53 - 1, which JavaScript still counts exactly")
    dtype: Literal["float64", "float32"] = "float64"


class StepRequest(Strict):
    """`expected_step` makes a retry or a double click safe: anything but the current step answers 409 and steps nothing."""

    count: int = Field(1, ge=1)
    expected_step: int | None = Field(None, ge=0)


class TraceRequest(Strict):
    """One step on a network given here. X is (n_0, m), Y (n_L, m), W and b one for each layer 1..L."""

    layer_sizes: list[Annotated[int, Field(ge=1)]] = Field(min_length=2, max_length=64)
    hidden_activations: str | list[str] = "relu"
    output_activation: str = "softmax"
    loss: str = "cross_entropy"
    X: list[list[Number]]
    Y: list[list[Number]]
    W: list[list[list[Number]]]
    b: list[list[Number]] = Field(description="b[l] is a flat list of n_l numbers")
    optimizer: Named | None = Field(None, description="with it, the answer has the update")
    steps: int = Field(1, ge=1, description="repeat on this batch; the trace is the last one's")
    dtype: Literal["float64", "float32"] = "float64"


class StatsSchema(Strict):
    """Of the finite cells; those that are not finite are counted. NaN where no cell is finite."""

    min: Value
    max: Value
    mean: Value
    std: Value = Field(description="population standard deviation")
    l2: Value
    zeros: int
    nan: int
    posinf: int
    neginf: int


class View(Strict):
    rows: int
    cols: int
    reduce: Literal["absmax", "mean"]
    values: list[list[Value]]
    largest: list[int] = Field(description="row and column of the tensor's largest magnitude, of a NaN where there is one")


class Tensor(Strict):
    """`values` (or, above `max_cells`, a `view`): row-major, at full precision. `stats` are of the whole tensor."""

    shape: list[int] = Field(min_length=2, max_length=2)
    values: list[list[Value]] = Field(default_factory=list)
    view: View | None = None
    window: dict[str, list[int]] | None = Field(None, description="rows and cols [from, to) when a part was asked for")
    stats: StatsSchema

    model_config = ConfigDict(json_schema_extra=lambda schema: schema["properties"]["view"].pop("default", None))


class BatchSchema(Strict):
    size: int
    Y: Tensor
    labels: list[int] = Field(description="the row of the largest target of each example")
    losses: list[Value] = Field(description="each example's loss in nats; their mean is the loss")
    indices: list[int] | None = Field(description="into the training set; null in the stateless trace")


class LayerSchema(Strict):
    """Layer 0 is the input and has A and dA alone. dA and dZ are of the sum of the losses, dW and db of their mean."""

    index: int
    name: str
    size: int
    activation: str | None = None
    W: Tensor | None = None
    b: Tensor | None = None
    Z: Tensor | None = None
    A: Tensor | None = None
    dA: Tensor | None = Field(None, description="null at an output layer whose activation and loss are differentiated together")
    dZ: Tensor | None = None
    dW: Tensor | None = None
    db: Tensor | None = None
    W_next: Tensor | None = Field(None, description="after the update, when there was one")
    b_next: Tensor | None = None


class TraceSchema(Strict):
    """Every tensor of one step."""

    step: int
    loss: Value = Field(description="mean over the batch, in nats")
    accuracy: float
    dtype: Literal["float64", "float32"]
    batch: BatchSchema
    layers: list[LayerSchema]


class TensorAt(Strict):
    tensor: str
    layer: int


class PhaseSchema(Strict):
    """One equation of a step, in the order of the derivation: the operation that makes a tensor, and what it reads."""

    key: str = Field(description="dW2, loss3: the tensor and its layer")
    tensor: str
    layer: int
    lane: Literal["forward", "loss", "backward", "update"]
    family: str
    operation: str
    title: str
    equation: str = Field(description="its name in the catalogue's entry of the operation")
    whole: str = Field(description="LaTeX in matrix form")
    cell: str = Field(description="LaTeX in index form")
    why: str
    reads: list[TensorAt]


class SessionSchema(Strict):
    id: str
    edit_key: str | None = Field(None, description="told once, to whoever makes the session")
    step: int
    config: dict[str, Any]
    dataset: dict[str, Any]
    parameter_count: int
    phases: list[PhaseSchema]
    created_at: str
    loss: Value | None = None
    accuracy: float | None = None
    test_loss: Value | None = None
    test_accuracy: float | None = None
    links: dict[str, str]


class HistoryLayer(Strict):
    index: int
    dW_l2: list[Value]
    db_l2: list[Value]
    update_l2: list[Value]
    dead_units: list[int]


class HistorySchema(Strict):
    """An entry a step; `test_*` are after that step's update."""

    initial: dict[str, Any]
    steps: list[int]
    loss: list[Value]
    accuracy: list[float]
    test_loss: list[Value]
    test_accuracy: list[float]
    layers: list[HistoryLayer]


class CellSchema(Strict):
    """One number of a step. Rows and columns count from 0."""

    tensor: str = Field(max_length=16)
    layer: int
    row: int = 0
    col: int = 0


class GradcheckRequest(Strict):
    """Everything may be left out: then every parameter and the input are checked."""

    cell: CellSchema | None = Field(None, description="one cell of dW, db, dA or dZ")
    cells_per_tensor: int | None = Field(None, ge=1, description="so many cells of each tensor, evenly drawn and the same each time")
    h: float = Field(1e-5, ge=1e-8, le=1e-2, description="half the distance of the two points")


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
    rest: Value = Field(description="the sum of the terms behind those that are told")
    sum: Value
    magnitude: Value = Field(description="the sum of the terms' magnitudes")
    cancellation: Value = Field(description="|sum| / magnitude: 1 where the terms agree, 0 where they cancel")
    result: Value


class PathSchema(Strict):
    example: int
    units: list[int] = Field(description="of layers l..L")
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


class Pair(Strict):
    analytic: Value
    numeric: Value


class Difference(Pair):
    row: int
    col: int
    relative_error: Value = Field(description="|analytic - numeric| / the larger magnitude of the two; 0 where both are 0")


class CheckedTensor(Strict):
    tensor: str
    layer: int
    cells: int
    checked: int
    kinks: int = Field(description="cells whose two points have a kink between them: the difference is no derivative there")
    small: int = Field(description="cells too small for a difference to resolve; they agree within rounding")
    not_finite: int = Field(description="cells without a difference: the loss is not finite at one of their two points")
    wrong: int
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
    outcome: Literal["agrees", "disagrees", "kinks", "small", "not_finite"]
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


class PointsSchema(Strict):
    """Training examples, one a column."""

    X: list[list[float]]
    Y: list[list[float]]
    count: int = Field(description="of all training examples")


class PredictionsSchema(Strict):
    step: int
    x: list[float] = Field(description="of the first feature, from left to right")
    y: list[float] = Field(description="of the second feature; empty for data of one feature")
    outputs: list[list[list[Value]]] = Field(description="for each output its rows")
    points: PointsSchema
