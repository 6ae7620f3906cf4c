"""What may come in, with its bounds, and what goes out, for OpenAPI. Large answers are written by `encoding.py`, not by these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

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


class DatasetConfig(Named):
    """A dataset of the catalogue by its name, with its parameters, and with what it `brings`, beside it.

    With `csv`: `text`, the file's content, and `target`, the name of the column to be told; `features`, `targets` (classes or
    numbers), `delimiter`, `quote`, `decimal` and `header` are found out where they are left out (`POST /csv/preview` tells how).
    With `inline`: `X` (n_0, N) and `Y` (n_L, N), and for the test `X_test` and `Y_test`, one example a column.
    """


# an ingredient by its name alone, with its defaults, or with its parameters
Choice = str | Named


def _named(given: object) -> object:
    return {"name": given} if isinstance(given, str) else given


# the same where the object is what is worked with
Ingredient = Annotated[Named, BeforeValidator(_named, json_schema_input_type=Choice)]


class SessionConfig(Strict):
    """What a session is made of. Everything may be left out; `{}` is a working session on real data."""

    dataset: Annotated[DatasetConfig, BeforeValidator(_named, json_schema_input_type=str | DatasetConfig)] = Field(
        default_factory=lambda: DatasetConfig(name="digits"), description="a dataset of the catalogue with its parameters"
    )
    layer_sizes: list[Annotated[int, Field(ge=1)]] | None = Field(
        None, min_length=2, max_length=64, description="n_0..n_L; the ends are the dataset's features and classes"
    )
    hidden_activations: Choice | list[Choice] = Field("relu", description="one for all hidden layers, or one for each")
    output_activation: Choice = Field("softmax", description="when left out, as the targets need: sigmoid for labels, identity for numbers")
    loss: Choice = Field(
        "cross_entropy", description="when left out, as the targets need: binary_cross_entropy for labels, mse for numbers"
    )
    initializer: Ingredient = Field(default_factory=lambda: Named(name="he_normal"))
    dropout: Number | list[Number] = Field(
        0.0, description="the share of activations that is dropped in training: for all hidden layers, or for each"
    )
    normalisation: Choice | list[Choice | None] | None = Field(
        None, description="between Z and the activation: one for all hidden layers, or one for each, null where there is none"
    )
    W: list[list[list[Number]]] | None = Field(
        None, description="weights to begin with, in the place of the initializer's: one for each layer"
    )
    b: list[list[Number]] | None = Field(None, description="biases to begin with, in the place of zeros: a flat list for each layer")
    gamma: list[list[Number] | None] | None = Field(
        None, description="scales of normalised layers to begin with, in the place of ones: a flat list for each hidden layer, or null"
    )
    beta: list[list[Number] | None] | None = Field(None, description="their shifts, in the place of zeros: likewise")
    optimizer: Ingredient = Field(default_factory=lambda: Named(name="sgd"))
    schedule: Choice = Field("constant", description="how the learning rate changes from step to step")
    clipping: Choice | None = Field(None, description="what is done to gradients that are too large")
    batch_size: int = Field(32, ge=1, description="when left out, fewer where there are fewer training examples")
    seed: int = Field(0, ge=0, le=2**53 - 1, description="up to 2^53 - 1, which JavaScript still counts exactly")
    dtype: Literal["float64", "float32"] = "float64"


class StepRequest(Strict):
    """`expected_step` makes a retry or a double click safe: anything but the current step answers 409 and steps nothing."""

    count: int = Field(1, ge=1)
    expected_step: int | None = Field(None, ge=0)


class TraceRequest(Strict):
    """One step on a network given here. X is (n_0, m), Y (n_L, m), W and b one for each layer 1..L."""

    layer_sizes: list[Annotated[int, Field(ge=1)]] = Field(min_length=2, max_length=64)
    hidden_activations: Choice | list[Choice] = "relu"
    output_activation: Choice = "softmax"
    loss: Choice = "cross_entropy"
    X: list[list[Number]]
    Y: list[list[Number]]
    W: list[list[list[Number]]]
    b: list[list[Number]] = Field(description="b[l] is a flat list of n_l numbers")
    optimizer: Ingredient | None = Field(None, description="with it, the answer has the update")
    schedule: Choice = Field("constant", description="how the learning rate changes from step to step")
    clipping: Choice | None = Field(None, description="what is done to gradients that are too large")
    steps: int = Field(1, ge=1, description="repeat on this batch; the trace is the last one's")
    dtype: Literal["float64", "float32"] = "float64"
    dropout: Number | list[Number] = Field(0.0, description="for all hidden layers, or for each; the masks follow from the step's number")
    normalisation: Choice | list[Choice | None] | None = Field(
        None, description="for all hidden layers, or for each, null where there is none"
    )
    gamma: list[list[Number] | None] | None = Field(
        None,
        description="gamma[l] is a flat list of n_l numbers for each hidden layer 1..L-1, null where it is not normalised; 1 when left out",
    )
    beta: list[list[Number] | None] | None = Field(None, description="as gamma; 0 when left out")


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
    """Layer 0 is the input and has A and dA alone. dA and dZ are of the sum of the losses, dW and db of their mean.

    Ingredients add tensors of their own: an optimizer's state before and after the update (vW, vW_next), clipped gradients (gW, gb),
    dropout's mask D with G, the activation before it, and dG, its gradient; of normalisation the mean M, the variance V, Zhat and
    N = gamma * Zhat + beta, which the activation reads, their gradients, and the running statistics rM and rV.
    """

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)
    __pydantic_extra__: dict[str, Tensor]

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
    accuracy: float | None = Field(description="the share that is right; null where the targets are no classes")
    learning_rate: float | None = Field(description="of the update, as the schedule had it; null without one")
    dtype: Literal["float64", "float32"]
    edits: int | None = Field(None, description="entries of the run's log before this step; not in the stateless trace")
    batch: BatchSchema
    layers: list[LayerSchema]


class TensorAt(Strict):
    tensor: str
    layer: int


class LineSchema(Strict):
    """One line of a derivation: what is done, and what stands there after it."""

    words: str
    latex: str


class EquationSchema(Strict):
    whole: str = Field(description="LaTeX in matrix form")
    cell: str = Field(description="LaTeX in index form")
    why: str
    derivation: list[LineSchema]


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
    own: EquationSchema | None = Field(
        description="the equation in letters with its derivation, where it isn't the catalogue's: about N for Z, with smoothed targets, or g for d"
    )
    reads: list[TensorAt]


class PhasesSchema(Strict):
    edits: int = Field(description="entries of the log before this step")
    phases: list[PhaseSchema]


class SessionSchema(Strict):
    id: str
    edit_key: str | None = Field(None, description="told once, to whoever makes the session")
    step: int
    config: dict[str, Any] = Field(
        description="with everything that was left open filled in; of a file or of arrays only the digest and the size, as `dataset.content`: "
        "in full they are at `links.data`"
    )
    dataset: dict[str, Any]
    parameter_count: int
    edits: int = Field(description="entries of its log")
    standing: list[dict[str, Any]] = Field(description="the edits that act on the steps to come")
    changes: dict[str, Any] = Field(description="fields of the configuration that are not any more what the run began with")
    can_undo: dict[str, Any] | None
    can_redo: dict[str, Any] | None
    parent: dict[str, Any] | None = Field(description="the session that it was forked from, and at which step")
    look: dict[str, Any] | None = Field(description="where its owner looked last")
    phases: list[PhaseSchema] = Field(description="of the newest step; `/phases?step=n` has those of another, where edits made it another")
    created_at: str
    expires_at: str | None = Field(description="when it goes if nobody reads it any more; null where sessions stay")
    loss: Value | None = None
    accuracy: float | None = None
    test_loss: Value | None = None
    test_accuracy: float | None = None
    links: dict[str, str]


class GivenDataSchema(Strict):
    dataset: DatasetConfig


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
