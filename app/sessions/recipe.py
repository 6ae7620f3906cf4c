"""What a run is made of. From a recipe every number of the run follows; so it is what must never be lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import orjson

from app.data import DEFAULT_BOUNDS, Bounds, Dataset, DatasetKind, examples_of, find_kind, given_again, settle
from app.engine import (
    EngineError,
    Network,
    OutOfBounds,
    Phase,
    ShapeMismatch,
    UnfitPair,
    activations,
    check_lowest,
    clippings,
    find_optimizer,
    initial_network,
    initializers,
    losses,
    make_network,
    normalisations,
    optimizers,
    outputs,
    parameter_count,
    phases,
    schedules,
)
from app.engine.network import DTYPES, bare_network, check_dropout, check_hidden, check_layer_sizes
from app.engine.normalisation import check_normalisation
from app.engine.optimizers import Optimizer
from app.engine.outputs import find_output, written_output
from app.engine.register import Choice, parted
from app.engine.step import BATCH_OF_ONE
from app.engine.trace import PARAMETERS

from .acting import CONFIGURE, configured, interventions_after
from .batches import INITIAL, generator
from .log import Log
from .shelf import Shelf

DEFAULTS: Mapping[str, Any] = {
    "dataset": {"name": "digits"},
    "hidden_activations": "relu",
    "initializer": {"name": "he_normal"},
    "optimizer": {"name": "sgd"},
    "schedule": "constant",
    "clipping": None,
    "dropout": 0.0,
    "normalisation": None,
    "batch_size": 32,
    "seed": 0,
    "dtype": "float64",
}

# the ends of a network whose configuration leaves them open, by what it is to learn
DEFAULT_ENDS: Mapping[str, Mapping[str, str]] = {
    "classes": {"output_activation": "softmax", "loss": "cross_entropy"},
    "labels": {"output_activation": "sigmoid", "loss": "binary_cross_entropy"},
    "numbers": {"output_activation": "identity", "loss": "mse"},
}
# losses that are of probabilities, and the targets that are; every other loss is of distances, and takes any targets
PROBABILITIES: Mapping[str, tuple[str, ...]] = {"cross_entropy": ("classes",), "binary_cross_entropy": ("classes", "labels")}
IN_WORDS = {"classes": "one class for each example", "labels": "shares from 0 to 1 that need not sum to 1", "numbers": "numbers"}


_shelf = Shelf(max_bytes=256 * 1024 * 1024)


@dataclass(frozen=True)
class Recipe:
    """A configuration in which nothing is left open: every default filled in, every bound held; and the log of what was done to the run.

    `content` reads the file or the arrays that its dataset was brought with, and is None where it was brought with none. They
    are kept beside the configuration, which has their digest.
    """

    config: dict[str, Any]
    content: Callable[[], bytes] | None = field(default=None, compare=False)
    log: Log = field(default=Log(), compare=False)

    def at(self, step: int) -> "Recipe":
        """The recipe with the configuration that step `step` is taken with."""
        changed = configured(self.config, [entry.action for entry in self.log.before(step)])
        return self if changed is self.config else replace(self, config=changed)

    @property
    def seed(self) -> int:
        return int(self.config["seed"])

    @property
    def batch_size(self) -> int:
        return int(self.config["batch_size"])

    def examples_before(self, n: int) -> int:
        """How many examples, repeated ones too, the batches before batch n took: where the next one begins.

        A fork with another `batch_size` goes on in the epoch where the run was; one that was made before this was kept, as if all its batches
        had been of that size.
        """
        size, since, taken = self.batch_size, 0, 0
        for entry in self.log.before(n):
            changes = entry.action.get("changes", {}) if entry.action["name"] == CONFIGURE else {}
            if "batch_size" in changes:
                size, since = changes["batch_size"], entry.step
                taken = entry.action.get("examples_before", entry.step * size)
        return int(taken + (n - 1 - since) * size)

    def dataset(self) -> Dataset:
        return self._loaded()[1]

    def kind(self) -> DatasetKind:
        return self._loaded()[0]

    def _loaded(self) -> tuple[DatasetKind, Dataset]:
        config, dtype = self.config["dataset"], self.config["dtype"]

        def load() -> tuple[DatasetKind, Dataset]:
            kind = find_kind(config, self.content() if self.content else None)
            return kind, examples_of(kind, seed=self.seed, dtype=dtype)

        return _shelf.take((orjson.dumps(config), self.seed, dtype), load)

    def given_dataset(self) -> dict[str, Any]:
        """The dataset as it can be given again, with the file or the arrays that it was brought with."""
        return given_again(self.config["dataset"], self.content() if self.content else None)

    def optimizer(self) -> Optimizer:
        # sessions that were made before there were schedules have none
        return find_optimizer(self.config["optimizer"], self.config.get("schedule", "constant"), self.config.get("clipping"))

    def phases(self, step: int) -> tuple[Phase, ...]:
        """A step of this run as its derivation."""
        now = self.at(step)
        return phases(now.bare_network().under(interventions_after(self.log.before(step))), now.optimizer())

    def bare_network(self) -> Network:
        """Its operations, without parameters."""
        config = self.config
        return bare_network(
            config["layer_sizes"],
            config["hidden_activations"],
            config["output_activation"],
            config["loss"],
            config.get("dropout", 0.0),
            config.get("normalisation"),
        )

    def initial_network(self) -> Network:
        """As the initializer makes it, but for the parameters that the configuration gives itself."""
        config = self.config
        drawn = self._drawn_network()
        if not self.gives_parameters():
            return drawn
        W, b = (given if given is not None else made for given, made in ((config.get("W"), drawn.W), (config.get("b"), drawn.b)))
        return make_network(
            config["layer_sizes"],
            config["hidden_activations"],
            config["output_activation"],
            config["loss"],
            W,
            b,
            config["dtype"],
            config.get("dropout", 0.0),
            config.get("normalisation"),
            config.get("gamma"),
            config.get("beta"),
        )

    def gives_parameters(self) -> bool:
        return any(self.config.get(name) is not None for name in PARAMETERS)

    def _drawn_network(self) -> Network:
        config = self.config
        return initial_network(
            config["layer_sizes"],
            config["hidden_activations"],
            config["output_activation"],
            config["loss"],
            initializers.make(config["initializer"]["name"], _settings(config["initializer"]), field="initializer"),
            generator(self.seed, INITIAL),
            config["dtype"],
            config.get("dropout", 0.0),
            config.get("normalisation"),
        )


def normalise(
    given: Mapping[str, Any],
    *,
    max_layers: int,
    max_parameters: int,
    max_batch_size: int,
    max_activation_cells: int,
    data_bounds: Bounds = DEFAULT_BOUNDS,
) -> Recipe:
    """The recipe for a configuration, which may leave out anything; the first and the last of its layer_sizes may be None, too.

    Raises:
        EngineError: an unknown name, a parameter out of its bounds, ends that do not fit the data, a network too large;
            found before anything of the network's size is allocated.
    """
    config = {**DEFAULTS, **given}
    if config["dtype"] not in DTYPES:
        raise EngineError("dtype", config["dtype"], f"one of: {', '.join(DTYPES)}")
    config["dataset"], content = settle(config["dataset"], data_bounds)
    config["initializer"] = _filled(initializers, config["initializer"], "initializer")
    config["optimizer"] = _filled(optimizers, config["optimizer"], "optimizer")
    config["schedule"] = schedules.written(config["schedule"], field="schedule")
    if config["clipping"] is not None:
        config["clipping"] = clippings.written(config["clipping"], field="clipping")
    recipe = Recipe(config, None if content is None else partial(bytes, content))
    check_lowest(recipe.optimizer())
    kind, data = recipe.kind(), recipe.dataset()
    count = data.X_train.shape[1]
    if "batch_size" not in given:
        config["batch_size"] = min(config["batch_size"], count)
    config.update({name: config.get(name, default) for name, default in DEFAULT_ENDS[kind.targets].items()})
    check_loss(kind, parted(config["loss"])[0])
    config["output_activation"], config["loss"] = written_output(config["output_activation"], config["loss"])
    output = find_output(config["output_activation"], config["loss"])

    n_0, n_L = kind.features, len(kind.target_names)
    sizes = list(config.get("layer_sizes") or (None, *kind.hidden, None))
    for end, size in ((0, n_0), (-1, n_L)):
        if sizes[end] is None:
            sizes[end] = size
    check_layer_sizes(sizes)
    if len(sizes) - 1 > max_layers:
        raise OutOfBounds("layer_sizes", sizes, f"at most {max_layers} layers", found=f"has {len(sizes) - 1} layers of weights")
    if sizes[0] != n_0:
        raise ShapeMismatch("layer_sizes[0]", sizes[0], f"{n_0}, the features of the dataset {kind.name}")
    if sizes[-1] != n_L:
        raise ShapeMismatch(
            f"layer_sizes[{len(sizes) - 1}]",
            sizes[-1],
            f"{n_L}, the {'targets' if kind.targets == 'numbers' else kind.targets} of the dataset {kind.name}",
        )
    norms = config["normalisation"]
    if config["batch_size"] > max_batch_size:
        raise OutOfBounds("batch_size", config["batch_size"], f"at least 1 and at most {max_batch_size}")
    check_cost(sizes, config["batch_size"], norms, max_parameters=max_parameters, max_activation_cells=max_activation_cells)
    config["layer_sizes"] = sizes

    check_dropout(config["dropout"], len(sizes) - 2)
    if norms is not None:
        made = check_normalisation(norms, len(sizes) - 2)
        if config["batch_size"] == 1 and any(one is not None and one.mixes for one in made):
            raise OutOfBounds("batch_size", 1, f"at least 2: {BATCH_OF_ONE}")
        each = [norms] * len(made) if isinstance(norms, str | Mapping) else norms
        written = [None if one is None else normalisations.written(one, field="normalisation") for one in each]
        config["normalisation"] = written if any(written) else None
    hidden = config["hidden_activations"]
    if isinstance(hidden, str | Mapping):  # here, where it still has the name that it was given under
        config["hidden_activations"] = [activations.written(hidden, field="hidden_activations")] * (len(sizes) - 2)
    else:
        check_hidden(hidden, len(sizes) - 2)
        config["hidden_activations"] = [
            activations.written(one, field=f"hidden_activations[{position}]") for position, one in enumerate(hidden)
        ]

    if recipe.gives_parameters():
        recipe.initial_network()  # refuses what does not fit, before anything is stepped
    if config["batch_size"] > count:
        raise OutOfBounds("batch_size", config["batch_size"], f"at most {count}, the training examples of the dataset {kind.name}")
    for name, Y in (("Y", data.Y_train), ("Y_test", data.Y_test)):
        try:
            output.targets(Y)  # arrays that a person gave: no split and no standardising has moved their columns
        except EngineError as error:
            error.field = error.field.replace("Y", f"dataset.{name}", 1)
            raise
    return recipe


def targets_for(loss: object) -> tuple[str, ...]:
    """The kinds of targets that a loss can be taken for."""
    return PROBABILITIES.get(str(loss), tuple(IN_WORDS))


def check_loss(kind: DatasetKind, loss: object) -> None:
    """Refuses a loss of probabilities for targets that are none.

    Raises:
        UnfitPair: with the losses that would do.
    """
    if kind.targets not in targets_for(loss):
        every = {*losses, *(entry.loss for entry in outputs.values())}
        known = sorted(name for name in every if kind.targets in targets_for(name))
        bound = f"one for the targets of the dataset {kind.name}, which are {IN_WORDS[kind.targets]}: {', '.join(known) or 'none is known here'}"
        raise UnfitPair("loss", loss, bound)


def check_cost(
    sizes: list[int],
    m: int,
    normalisation: Sequence[Choice | None] | Choice | None = None,
    *,
    max_parameters: int,
    max_activation_cells: int,
) -> None:
    """Refuses a network by arithmetic alone, before anything of its size exists."""
    if (parameters := parameter_count(sizes, normalisation)) > max_parameters:
        raise OutOfBounds("layer_sizes", sizes, f"a network of at most {max_parameters:,} parameters; this one has {parameters:,}")
    if (cells := sum(sizes) * m) > max_activation_cells:
        raise OutOfBounds("layer_sizes", sizes, f"such that units times examples are at most {max_activation_cells:,}; these are {cells:,}")


def _settings(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "name"}


def _filled(register: Any, entry: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The entry with all its parameters written out, each checked."""
    settings = _settings(entry)
    register.make(entry.get("name"), settings, field=field)
    kind = register[entry["name"]]
    filled = {p.name: p.check(settings.get(p.name, p.default), f"{field}.{p.name}") for p in kind.parameters}
    # here and not where it is made: runs that were begun before this was asked are made as ever
    for p in kind.parameters:
        if p.above and not filled[p.name] > filled[p.above]:
            raise OutOfBounds(f"{field}.{p.name}", filled[p.name], f"above {p.above}, which is {filled[p.above]:g}")
    return {"name": entry["name"], **filled}
