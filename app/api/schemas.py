"""What may come in, with its bounds, and what goes out, for OpenAPI. Large answers are written by `encoding.py`, not by these."""

from itertools import islice
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from .problems import MOST_ERRORS

Entry = TypeVar("Entry")
# as far as its first mistake: pydantic makes an error of each, and a body has room for a million
Listed = Annotated[list[Entry], Field(fail_fast=True)]

Number = Annotated[float, Field(allow_inf_nan=False)]
NotFinite = Literal["NaN", "Infinity", "-Infinity"]
Value = float | NotFinite

MOST_PARAMETERS = 64  # more than any ingredient has


class Strict(BaseModel):
    """Nothing is coerced and nothing unknown is let pass."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _as_far_as_it_is_told(cls, given: object) -> object:
        """Without the names that nobody would be told of: one unknown name is enough to be refused, and each costs an error."""
        if not isinstance(given, dict) or len(given) <= len(cls.model_fields) + MOST_ERRORS:
            return given
        known = {name: given[name] for name in cls.model_fields if name in given}
        return known | {name: given[name] for name in islice((name for name in given if name not in known), MOST_ERRORS)}


class Named(BaseModel):
    """An ingredient by its name, with its parameters beside it; the register checks those."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _no_more_than_any_has(cls, given: object) -> object:
        """Where there are more, the register finds one that is unknown among the first."""
        if not isinstance(given, dict) or len(given) <= MOST_PARAMETERS:
            return given
        return {name: given[name] for name in ("name", *islice(given, MOST_PARAMETERS)) if name in given}

    name: str = Field(max_length=64, description="of an entry of the catalogue")


class DatasetConfig(Named):
    """A dataset of the catalogue by its name, with its parameters, and with what it `brings`, beside it.

    With `csv`: `text`, the file's content, and `target`, the name of the column to be told; `features`, `targets` (classes or
    numbers), `delimiter`, `quote`, `decimal` and `header` are found out where they are left out (`POST /csv/preview` tells how);
    `file` is its name, which may be left out too.
    With `inline`: `X` (n_0, N) and `Y` (n_L, N), and for the test `X_test` and `Y_test`, one example a column.
    `rules` are those that a session's dataset was read by, as `GET /sessions/{id}/data` tells them; left out, they are the latest.
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
        None, min_length=2, description="n_0..n_L, at most limits.max_layers layers; the ends are the dataset's features and classes"
    )
    hidden_activations: Choice | list[Choice] = Field("relu", description="one for all hidden layers, or one for each")
    output_activation: Choice = Field("softmax", description="when left out, as the targets need: sigmoid for labels, identity for numbers")
    loss: Choice = Field(
        "cross_entropy", description="when left out, as the targets need: binary_cross_entropy for labels, mse for numbers"
    )
    initializer: Ingredient = Field(default_factory=lambda: Named(name="he_normal"), description="how the first weights are drawn")
    dropout: Number | list[Number] = Field(
        0.0, description="the share of activations that is dropped in training: for all hidden layers, or for each"
    )
    normalisation: Choice | list[Choice | None] | None = Field(
        None, description="between Z and the activation: one for all hidden layers, or one for each, null where there is none"
    )
    W: list[Listed[Listed[Number]]] | None = Field(
        None, description="weights to begin with, in the place of the initializer's: one for each layer"
    )
    b: list[Listed[Number]] | None = Field(None, description="biases to begin with, in the place of zeros: a flat list for each layer")
    gamma: list[Listed[Number] | None] | None = Field(
        None, description="scales of normalised layers to begin with, in the place of ones: a flat list for each hidden layer, or null"
    )
    beta: list[Listed[Number] | None] | None = Field(None, description="their shifts, in the place of zeros: likewise")
    optimizer: Ingredient = Field(default_factory=lambda: Named(name="sgd"), description="what makes an update of the gradients")
    schedule: Choice = Field("constant", description="how the learning rate changes from step to step")
    clipping: Choice | None = Field(None, description="what is done to gradients that are too large")
    batch_size: int = Field(32, ge=1, description="when left out, fewer where there are fewer training examples")
    seed: int = Field(0, ge=0, le=2**53 - 1, description="up to 2^53 - 1, which JavaScript still counts exactly")
    dtype: Literal["float64", "float32"] = Field("float64", description="of every tensor")


class StepRequest(Strict):
    """`expected_step` makes a retry or a double click safe: anything but the current step answers 409 and steps nothing."""

    count: int = Field(1, ge=1, description="how many batches to take; at most limits.max_steps_per_request")
    expected_step: int | None = Field(None, ge=0, description="the step that the run is believed to stand at")


class TraceRequest(Strict):
    """One step on a network given here. X is (n_0, m), Y (n_L, m), W and b one for each layer 1..L."""

    layer_sizes: list[Annotated[int, Field(ge=1)]] = Field(min_length=2, description="n_0..n_L, at most limits.max_layers layers")
    hidden_activations: Choice | list[Choice] = Field("relu", description="one for all hidden layers, or one for each")
    output_activation: Choice = Field("softmax", description="of layer L")
    loss: Choice = Field("cross_entropy", description="of the batch")
    X: list[list[Number]] = Field(description="(n_0, m): a row for each feature, a column for each example")
    Y: list[list[Number]] = Field(
        description="(n_L, m): targets, a column for each example; after softmax, columns typed with six digits are divided by their sum"
    )
    W: list[list[list[Number]]] = Field(description="weights, one for each layer 1..L: W[l] is (n_l, n_(l-1))")
    b: list[list[Number]] = Field(description="b[l] is a flat list of n_l numbers")
    optimizer: Ingredient | None = Field(None, description="with it, the answer has the update")
    schedule: Choice = Field("constant", description="how the learning rate changes from step to step; takes an optimizer")
    clipping: Choice | None = Field(None, description="what the update does to gradients that are too large; takes an optimizer")
    steps: int = Field(1, ge=1, description="repeat on this batch; the trace is the last one's; takes an optimizer")
    dtype: Literal["float64", "float32"] = Field("float64", description="of every tensor")
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

    min: Value = Field(description="the smallest")
    max: Value = Field(description="the largest")
    mean: Value = Field(description="over the finite cells")
    std: Value = Field(description="population standard deviation")
    l2: Value = Field(description="Euclidean norm")
    zeros: int = Field(description="cells that are exactly 0")
    nan: int = Field(description="cells that are NaN")
    posinf: int = Field(description="cells that are Infinity")
    neginf: int = Field(description="cells that are -Infinity")


class View(Strict):
    """A tensor in blocks, of each one number."""

    rows: int = Field(description="how many rows of blocks")
    cols: int = Field(description="how many columns of blocks")
    reduce: Literal["absmax", "mean"] = Field(description="absmax: the signed value of the largest magnitude of a block")
    values: list[list[Value]] = Field(description="(rows, cols): a number for each block")
    largest: list[int] = Field(description="row and column of the tensor's largest magnitude, of a NaN where there is one")


class Tensor(Strict):
    """`values` (or, above `max_cells`, a `view`): row-major, at full precision. `stats` are of the whole tensor."""

    shape: list[int] = Field(min_length=2, max_length=2, description="rows and columns of the whole tensor")
    values: list[list[Value]] = Field(default_factory=list, description="(rows, cols), row by row; left out where there is a view")
    view: View | None = Field(None, description="in the place of values: the tensor in blocks")
    window: dict[str, list[int]] | None = Field(None, description="rows and cols [from, to) when a part was asked for")
    stats: StatsSchema = Field(description="of the whole tensor")

    model_config = ConfigDict(json_schema_extra=lambda schema: schema["properties"]["view"].pop("default", None))


class BatchSchema(Strict):
    """The examples of a step, its targets and each one's loss."""

    size: int = Field(description="m, the number of examples")
    Y: Tensor = Field(description="(n_L, m): the targets")
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

    index: int = Field(description="l; 0 is the input")
    name: str = Field(description="input, hidden 1, ..., output")
    size: int = Field(description="n_l, the number of units")
    activation: str | None = Field(None, description="its name in the catalogue; not of the input")
    W: Tensor | None = Field(None, description="(n_l, n_(l-1)): the weights used in this step")
    b: Tensor | None = Field(None, description="(n_l, 1): the biases used in this step")
    Z: Tensor | None = Field(None, description="(n_l, m): W A + b; at the output the logits")
    A: Tensor | None = Field(None, description="(n_l, m): activations; of the input the batch X")
    dA: Tensor | None = Field(None, description="null at an output layer whose activation and loss are differentiated together")
    dZ: Tensor | None = Field(None, description="(n_l, m): gradient of the sum of the losses")
    dW: Tensor | None = Field(None, description="(n_l, n_(l-1)): gradient of the mean loss")
    db: Tensor | None = Field(None, description="(n_l, 1): gradient of the mean loss")
    W_next: Tensor | None = Field(None, description="after the update, when there was one")
    b_next: Tensor | None = Field(None, description="(n_l, 1): after the update, when there was one")


class TraceSchema(Strict):
    """Every tensor of one step."""

    step: int = Field(description="its number, from 1")
    loss: Value = Field(description="mean over the batch, in nats")
    accuracy: float | None = Field(description="the share that is right; null where the targets are no classes")
    learning_rate: float | None = Field(description="of the update, as the schedule had it; null without one")
    dtype: Literal["float64", "float32"] = Field(description="of every tensor")
    edits: int | None = Field(None, description="entries of the run's log before this step; not in the stateless trace")
    batch: BatchSchema = Field(description="the examples of the step")
    layers: list[LayerSchema] = Field(description="from the input to the output, or those that were asked for")


class TensorAt(Strict):
    """A tensor of a step."""

    tensor: str = Field(description="its name, such as dW")
    layer: int = Field(description="its layer; 0 is the input")


class LineSchema(Strict):
    """One line of a derivation: what is done, and what stands there after it."""

    words: str = Field(description="what is done")
    latex: str = Field(description="what stands there after it; may be empty")


class EquationSchema(Strict):
    """An equation of the register."""

    whole: str = Field(description="LaTeX in matrix form")
    cell: str = Field(description="LaTeX in index form")
    why: str = Field(description="in words")
    derivation: list[LineSchema] = Field(description="line by line, where there is one")


class PhaseSchema(Strict):
    """One equation of a step, in the order of the derivation: the operation that makes a tensor, and what it reads."""

    key: str = Field(description="dW2, loss3: the tensor and its layer")
    tensor: str = Field(description="what the phase makes")
    layer: int = Field(description="its layer")
    lane: Literal["forward", "loss", "backward", "update"] = Field(description="the part of the step that it belongs to")
    family: str = Field(description="kind of ingredient that the operation is, such as activation")
    operation: str = Field(description="its name in the catalogue")
    title: str = Field(description="the operation's name for people")
    equation: str = Field(description="its name in the catalogue's entry of the operation")
    whole: str = Field(description="LaTeX in matrix form")
    cell: str = Field(description="LaTeX in index form")
    why: str = Field(description="the equation in words")
    own: EquationSchema | None = Field(
        description="the equation in letters with its derivation, where it isn't the catalogue's: about N for Z, with smoothed targets, or g for d"
    )
    reads: list[TensorAt] = Field(description="the tensors that the equation is about")


class PhasesSchema(Strict):
    """A step as its derivation."""

    edits: int = Field(description="entries of the log before this step")
    phases: list[PhaseSchema] = Field(description="in the order in which they are computed")


class SessionSchema(Strict):
    """A run as it stands."""

    id: str = Field(description="whoever has it may read")
    edit_key: str | None = Field(None, description="told once, to whoever makes the session")
    step: int = Field(description="how many steps were taken")
    config: dict[str, Any] = Field(
        description="with everything that was left open filled in; of a file or of arrays only the digest and the size, as `dataset.content`: "
        "in full they are at `links.data`"
    )
    dataset: dict[str, Any] = Field(description="what there is to know of its data: size, features, classes, licence")
    parameter_count: int = Field(description="all numbers that are learned")
    edits: int = Field(description="entries of its log")
    standing: list[dict[str, Any]] = Field(description="the edits that act on the steps to come")
    changes: dict[str, Any] = Field(description="fields of the configuration that are not any more what the run began with")
    can_undo: dict[str, Any] | None = Field(description="the entry of the log that undo would take back; null for none")
    can_redo: dict[str, Any] | None = Field(description="the entry of the log that redo would bring back; null for none")
    parent: dict[str, Any] | None = Field(description="the session that it was forked from, and at which step")
    look: dict[str, Any] | None = Field(description="where its owner looked last")
    phases: list[PhaseSchema] = Field(description="of the newest step; `/phases?step=n` has those of another, where edits made it another")
    created_at: str = Field(description="ISO 8601, UTC")
    expires_at: str | None = Field(description="when it goes if nobody reads it any more; null where sessions stay")
    loss: Value | None = Field(None, description="of the newest step's batch, in nats")
    accuracy: float | None = Field(None, description="of the newest step's batch")
    test_loss: Value | None = Field(None, description="of the held-out examples after the newest step")
    test_accuracy: float | None = Field(None, description="of the held-out examples after the newest step")
    links: dict[str, str] = Field(description="addresses of what there is of the session")


class GivenDataSchema(Strict):
    """A dataset with its file or its arrays in full."""

    dataset: DatasetConfig = Field(description="as `POST /sessions` takes it")


class PointsSchema(Strict):
    """Training examples, one a column."""

    X: list[list[float]] = Field(description="(n_0, count): their features")
    Y: list[list[float]] = Field(description="(n_L, count): their targets")
    count: int = Field(description="of all training examples")


class PredictionsSchema(Strict):
    """The network's outputs on a grid."""

    step: int = Field(description="the network is the one before the update of this step")
    x: list[float] = Field(description="of the first feature, from left to right")
    y: list[float] = Field(description="of the second feature; empty for data of one feature")
    outputs: list[list[list[Value]]] = Field(description="for each output its rows")
    points: PointsSchema = Field(description="training examples, at most 1,000")
