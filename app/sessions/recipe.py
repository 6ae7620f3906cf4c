"""What a run is made of. From a recipe every number of the run follows; so it is what must never be lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from app.data import Dataset, datasets, load_dataset
from app.engine import (
    EngineError,
    Network,
    OutOfBounds,
    Phase,
    ShapeMismatch,
    activations,
    clippings,
    find_optimizer,
    initial_network,
    initializers,
    make_network,
    optimizers,
    parameter_count,
    phases,
    schedules,
)
from app.engine.network import DTYPES, bare_network, check_layer_sizes
from app.engine.optimizers import Optimizer
from app.engine.outputs import written_output

from .batches import INITIAL, generator

DEFAULTS: Mapping[str, Any] = {
    "dataset": {"name": "digits"},
    "hidden_activations": "relu",
    "output_activation": "softmax",
    "loss": "cross_entropy",
    "initializer": {"name": "he_normal"},
    "optimizer": {"name": "sgd"},
    "schedule": "constant",
    "clipping": None,
    "batch_size": 32,
    "seed": 0,
    "dtype": "float64",
}


@dataclass(frozen=True)
class Recipe:
    """A configuration in which nothing is left open: every default filled in, every bound held."""

    config: dict[str, Any]

    @property
    def seed(self) -> int:
        return int(self.config["seed"])

    @property
    def batch_size(self) -> int:
        return int(self.config["batch_size"])

    def dataset(self) -> Dataset:
        return _dataset(orjson.dumps(self.config["dataset"]), self.seed, self.config["dtype"])

    def optimizer(self) -> Optimizer:
        # sessions that were made before there were schedules have none
        return find_optimizer(self.config["optimizer"], self.config.get("schedule", "constant"), self.config.get("clipping"))

    def phases(self) -> tuple[Phase, ...]:
        """A step of this run as its derivation."""
        config = self.config
        bare = bare_network(config["layer_sizes"], config["hidden_activations"], config["output_activation"], config["loss"])
        return phases(bare, self.optimizer())

    def initial_network(self) -> Network:
        """As the initializer makes it, but for the W and the b that the configuration gives itself."""
        config = self.config
        drawn = self._drawn_network()
        if config.get("W") is None and config.get("b") is None:
            return drawn
        W, b = (given if given is not None else made for given, made in ((config.get("W"), drawn.W), (config.get("b"), drawn.b)))
        return make_network(
            config["layer_sizes"], config["hidden_activations"], config["output_activation"], config["loss"], W, b, config["dtype"]
        )

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
        )


@lru_cache(maxsize=32)
def _dataset(config: bytes, seed: int, dtype: str) -> Dataset:
    """Sessions on the same data share it; keyed by text, because a dict can't be a key."""
    return load_dataset(orjson.loads(config), seed=seed, dtype=dtype)


def normalise(given: Mapping[str, Any], *, max_layers: int, max_parameters: int, max_batch_size: int, max_activation_cells: int) -> Recipe:
    """The recipe for a configuration, which may leave out anything.

    Raises:
        EngineError: an unknown name, a parameter out of its bounds, ends that do not fit the data, a network too large;
            found before anything of the network's size is allocated.
    """
    config = {**DEFAULTS, **given}
    if config["dtype"] not in DTYPES:
        raise EngineError("dtype", config["dtype"], f"one of: {', '.join(DTYPES)}")
    config["dataset"] = _filled(datasets, config["dataset"], "dataset")
    config["initializer"] = _filled(initializers, config["initializer"], "initializer")
    config["optimizer"] = _filled(optimizers, config["optimizer"], "optimizer")
    config["schedule"] = schedules.written(config["schedule"], field="schedule")
    if config["clipping"] is not None:
        config["clipping"] = clippings.written(config["clipping"], field="clipping")
    config["output_activation"], config["loss"] = written_output(config["output_activation"], config["loss"])

    kind = datasets.make(config["dataset"]["name"], _settings(config["dataset"]), field="dataset")
    n_0, n_L = kind.features, kind.classes
    sizes = list(config.get("layer_sizes") or (n_0, *kind.hidden, n_L))
    check_layer_sizes(sizes)
    if len(sizes) - 1 > max_layers:
        raise OutOfBounds("layer_sizes", len(sizes) - 1, f"at most {max_layers} layers")
    if sizes[0] != n_0:
        raise ShapeMismatch("layer_sizes[0]", sizes[0], f"{n_0}, the features of the dataset {kind.name}")
    if sizes[-1] != n_L:
        raise ShapeMismatch(f"layer_sizes[{len(sizes) - 1}]", sizes[-1], f"{n_L}, the classes of the dataset {kind.name}")
    check_cost(sizes, config["batch_size"], max_parameters=max_parameters, max_activation_cells=max_activation_cells)
    config["layer_sizes"] = sizes

    hidden = config["hidden_activations"]
    if isinstance(hidden, str | Mapping):  # here, where it still has the name that it was given under
        config["hidden_activations"] = [activations.written(hidden, field="hidden_activations")] * (len(sizes) - 2)
    else:
        config["hidden_activations"] = [
            activations.written(one, field=f"hidden_activations[{position}]") for position, one in enumerate(hidden)
        ]

    if config["batch_size"] > max_batch_size:
        raise OutOfBounds("batch_size", config["batch_size"], f"at least 1 and at most {max_batch_size}")
    recipe = Recipe(config)
    if config.get("W") is not None or config.get("b") is not None:
        recipe.initial_network()  # refuses what does not fit, before anything is stepped
    count = recipe.dataset().X_train.shape[1]
    if config["batch_size"] > count:
        raise OutOfBounds("batch_size", config["batch_size"], f"at most {count}, the training examples of the dataset {kind.name}")
    return recipe


def check_cost(sizes: list[int], m: int, *, max_parameters: int, max_activation_cells: int) -> None:
    """Refuses a network by arithmetic alone, before anything of its size exists."""
    if (parameters := parameter_count(sizes)) > max_parameters:
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
    return {
        "name": entry["name"],
        **{p.name: p.check(settings.get(p.name, p.default), f"{field}.{p.name}") for p in kind.parameters},
    }
