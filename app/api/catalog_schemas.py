"""What there is, and whether the server lives, for OpenAPI."""

from typing import Any, Literal

from pydantic import Field

from app.settings import Limits

from .run_schemas import Tab
from .schemas import EquationSchema, Strict


class StatusSchema(Strict):
    """That the server answers."""

    status: Literal["alive", "ready"] = Field(description="what was asked for")


class ParameterSchema(Strict):
    """A parameter of an ingredient, with its bounds."""

    name: str = Field(description="as a request has it, beside the ingredient's name")
    type: Literal["number", "integer", "boolean", "string", "array", "object"] = Field(description="of its value in JSON")
    choices: list[str] | None = Field(None, description="all values that it may have, where they are few")
    nullable: bool = Field(description="whether it may be null")
    required: bool = Field(description="whether it has to be given; true of most parameters of edits, and of no others")
    default: Any = Field(None, description="when it is left out; not there where it has to be given")
    start: Any = Field(None, description="of one that has to be given alone: what a form may begin with")
    low: float | None = Field(description="the lowest value; null for none")
    high: float | None = Field(description="the highest value; null for none")
    low_open: bool = Field(description="whether it has to be above `low`")
    help: str = Field(description="what it does")
    symbol: str = Field(description="LaTeX of its letter in the equations; may be empty")


class IngredientSchema(Strict):
    """An entry of a register."""

    name: str = Field(description="as a request has it")
    title: str = Field(description="its name for people")
    description: str = Field(description="in a sentence")
    source: str = Field(description="where it was published, or where the data are from")
    equations: dict[str, EquationSchema] = Field(description="by what each makes, such as dZ")
    parameters: list[ParameterSchema] = Field(description="what may be set")


class BroughtSchema(Strict):
    """Something that whoever takes a dataset has to bring along."""

    name: str = Field(description="as a request has it, beside the dataset's name")
    type: str = Field(description="of its value")
    required: bool = Field(description="whether it has to be there")
    help: str = Field(description="what it is")


class ImageSchema(Strict):
    """Features that are the pixels of a picture, row by row."""

    rows: int = Field(description="of pixels")
    cols: int = Field(description="of pixels")


class DatasetSchema(IngredientSchema):
    """A dataset; what depends on what is brought or set is as its defaults have it."""

    brings: list[BroughtSchema] = Field(description="what has to be brought along; empty for most")
    licence: str = Field(description="of the data")
    targets: Literal["classes", "labels", "numbers"] = Field(
        description="what is learned: one class of several, labels of which any may hold, or numbers"
    )
    target_names: list[str] = Field(description="of each row of Y")
    features: int = Field(description="n_0, the size of the input; 0 before it is brought")
    classes: int = Field(description="n_L, the size of the output; 0 before it is brought")
    class_names: list[str] = Field(description="empty where the targets are no classes")
    feature_names: list[str] = Field(description="of each row of X")
    image: ImageSchema | None = Field(description="where the features are pixels")
    standardised: bool = Field(description="whether each feature has mean 0 and variance 1 over the training examples")
    hidden: list[int] = Field(description="sizes of the hidden layers when layer_sizes is left out")


class OutputSchema(IngredientSchema):
    """An output activation and a loss that are differentiated together."""

    activation: str = Field(description="its name in a request")
    loss: str = Field(description="its name in a request")


class LossSchema(IngredientSchema):
    """A loss."""

    output_activations: list[str] = Field(description="that it goes with")
    targets: list[str] = Field(description="of which data it is")


class EditSchema(IngredientSchema):
    """What may be done to a run between two steps."""

    help: str = Field(description="what it does, for whoever is about to")
    stands: bool = Field(description="whether it acts on every step from then on, and not on the next alone")
    ends: dict[str, Any] = Field(description="values of its parameters with which it acts no more")


class LogActionSchema(Strict):
    """What may stand in the place of an edit, without parameters."""

    name: str = Field(description="as a request has it")
    title: str = Field(description="its name for people")


class PresetCellSchema(Strict):
    """A number of a trace."""

    tensor: str = Field(description="its name, as in a trace")
    layer: int = Field(description="0 is the input")
    row: int = Field(description="counted from 0")
    col: int = Field(description="counted from 0")


class PresetLookSchema(Strict):
    """Where the page looks, and how it draws the tensors; what is left out is as on a page that has just been opened."""

    phase: str | None = Field(None, description="of the step: dZ2")
    tab: Tab | None = Field(None, description="the view below the tensors")
    cell: PresetCellSchema | None = Field(None, description="the number that is told of")
    scale: Literal["own", "shared"] | None = Field(None, description="each tensor its own colours, or one scale for all layers")
    colors: Literal["linear", "logarithmic"] | None = Field(None, description="how numbers become colours")


class PresetBesideSchema(Strict):
    """The run that a preset is seen best beside."""

    words: str = Field(description="for it")
    changes: dict[str, Any] = Field(description="what `POST /sessions/{id}/forks` takes with step 0 to make it")


class PresetSchema(Strict):
    """A run that shows something."""

    name: str = Field(description="of its address, /?preset=name")
    title: str = Field(description="its name for people")
    look_for: str = Field(description="what there is to see")
    config: dict[str, Any] = Field(description="what `POST /sessions` takes")
    steps: int = Field(description="how many to take")
    look: PresetLookSchema = Field(description="where to look then")
    beside: PresetBesideSchema | None = Field(description="what to compare it with; null where nothing suggests itself")


class EndsSchema(Strict):
    """What the output is when it is left out."""

    output_activation: str = Field(description="its name")
    loss: str = Field(description="its name")


class CatalogSchema(Strict):
    """The registers, read out."""

    version: str = Field(description="of Backscope")
    convention: str = Field(description="where the factor 1/m stands, in a sentence")
    datasets: list[DatasetSchema] = Field(description="to learn from")
    activations: list[IngredientSchema] = Field(description="of hidden layers")
    outputs: list[OutputSchema] = Field(description="pairs of the output that are differentiated together")
    output_activations: list[IngredientSchema] = Field(description="of the output")
    losses: list[LossSchema] = Field(description="of the batch")
    default_ends: dict[Literal["classes", "labels", "numbers"], EndsSchema] = Field(description="by what the targets are")
    initializers: list[IngredientSchema] = Field(description="of weights")
    optimizers: list[IngredientSchema] = Field(description="of parameters")
    schedules: list[IngredientSchema] = Field(description="of the learning rate")
    clippings: list[IngredientSchema] = Field(description="of gradients")
    dropouts: list[IngredientSchema] = Field(description="of activations")
    normalisations: list[IngredientSchema] = Field(description="of Z")
    layers: list[IngredientSchema] = Field(description="kinds of layers")
    edits: list[EditSchema] = Field(description="what may be done to a run")
    log_actions: list[LogActionSchema] = Field(description="what takes an edit back, or brings it again")
    presets: list[PresetSchema] = Field(description="runs to begin with")
    limits: Limits = Field(description="what one request or one session may cost on this server")
    defaults: dict[str, Any] = Field(description="the configuration of `POST /sessions` with `{}`")
