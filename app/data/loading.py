"""From a configuration to a dataset: settled once, when a session is made, and loaded from what was settled ever after."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.engine import OutOfBounds, UnknownParameter

from .bounds import Bounds
from .dataset import Brought, Dataset, DatasetKind, assemble, datasets
from .rules import check_rules, rules_of

# one seed serves data, weights and batches alike; this keeps the three streams apart
STREAM = 1


def brings(entry: Any) -> tuple[Brought, ...]:
    """What whoever takes this kind of dataset has to bring; nothing for most."""
    found: tuple[Brought, ...] = getattr(entry, "brings", ())
    return found


def settle(config: Mapping[str, Any], bounds: Bounds, *, field: str = "dataset") -> tuple[dict[str, Any], bytes | None]:
    """(the configuration with nothing left open, the content that is kept beside it).

    The first is small and has all that is not bulk; the second is None for a dataset that needs nothing brought.

    Raises:
        EngineError: an unknown name or parameter, a value out of bounds, or content that is no dataset.
    """
    settings = {name: value for name, value in config.items() if name != "name"}
    entry: Any = datasets.find(config.get("name"), field=f"{field}.name")
    if not brings(entry):
        datasets.make(config["name"], settings, field=field)
    filled = {p.name: p.check(settings.get(p.name, p.default), f"{field}.{p.name}") for p in entry.parameters}
    if not brings(entry):
        return {"name": config["name"], **filled}, None
    known = [one.name for one in (*brings(entry), *entry.parameters)]
    for extra in settings:
        if extra not in known and extra != "rules":  # which nobody has to know of: it is repeated with what is given again
            raise UnknownParameter(f"{field}.{extra}", settings[extra], known)
    for one in brings(entry):
        # what is told of a file is asked for by `entry.settle`, once the file is read: an empty one has no column to name
        if one.required and one.is_bulk and settings.get(one.name) is None:
            raise OutOfBounds(f"{field}.{one.name}", None, f"given: {one.help}", found="is missing")
    rules = check_rules(settings.pop("rules", None), f"{field}.rules")
    settled, content = entry.settle({**settings, **filled, "rules": rules}, bounds, field)
    return {**settled, "rules": rules}, content


def check_known(config: Mapping[str, Any], *, field: str = "dataset") -> None:
    """Refuses what a settled configuration names and this version does not know; nothing is loaded. Raises EngineError."""
    entry: Any = datasets.find(config.get("name"), field=f"{field}.name")
    if brings(entry):
        check_rules(config.get("rules"), f"{field}.rules")
    else:
        find_kind(config, field=field)


def find_kind(config: Mapping[str, Any], content: bytes | None = None, *, field: str = "dataset") -> DatasetKind:
    """The kind that a settled configuration describes, with its content where it has one."""
    entry: Any = datasets.find(config.get("name"), field=f"{field}.name")
    if brings(entry):
        if content is None:
            raise ValueError(f"the dataset {entry.name} is nothing without its content")
        restored: DatasetKind = entry.restore(config, content)
        return restored
    return datasets.make(config["name"], {name: value for name, value in config.items() if name != "name"}, field=field)


def given_again(config: Mapping[str, Any], content: bytes | None = None) -> dict[str, Any]:
    """A settled configuration as it can be given again, content and all."""
    entry: Any = datasets.find(config.get("name"), field="dataset.name")
    return dict(config) if content is None else {**entry.given(config, content), "rules": rules_of(config)}


def load_dataset(config: Mapping[str, Any], *, seed: int, dtype: str, content: bytes | None = None) -> Dataset:
    """The dataset that `config` describes: `{"name": ..., **parameters}`; the same seed gives the same numbers.

    Raises:
        EngineError: an unknown name or parameter, or a value out of bounds; fields are `dataset.name`, `dataset.count`, ...
    """
    return examples_of(find_kind(config, content), seed=seed, dtype=dtype)


def examples_of(kind: DatasetKind, *, seed: int, dtype: str) -> Dataset:
    """What `kind` loads, ready to be trained on."""
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(STREAM,))))
    return assemble(kind, kind.load(rng), dtype)
