"""What a network can learn here: the digits that ship with Backscope, and toys drawn from the seed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

# Importing a family's file fills the register: once, here, in sight.
from . import digits, toys
from .dataset import Dataset, DatasetKind, Examples, assemble, datasets

__all__ = ["Dataset", "DatasetKind", "Examples", "datasets", "digits", "load_dataset", "toys"]

# one seed serves data, weights and batches alike; this keeps the three streams apart
STREAM = 1


def load_dataset(config: Mapping[str, Any], *, seed: int, dtype: str) -> Dataset:
    """The dataset that `config` describes: `{"name": ..., **parameters}`; the same seed gives the same numbers.

    Raises:
        EngineError: an unknown name or parameter, or a value out of bounds; fields are `dataset.name`, `dataset.count`, ...
    """
    settings = {name: value for name, value in config.items() if name != "name"}
    kind = datasets.make(config.get("name"), settings, field="dataset")
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(STREAM,))))
    return assemble(kind, kind.load(rng), dtype)
