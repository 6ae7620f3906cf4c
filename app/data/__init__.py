"""What a network can learn here: the data that ship with Backscope, toys drawn from the seed, and what people bring."""

# Importing a family's file fills the register: once, here, in sight.
from . import digits, toys, measured, mnist, own_csv, inline  # isort: skip
from .bounds import DEFAULT_BOUNDS, Bounds
from .csv_preview import preview
from .dataset import Brought, Dataset, DatasetKind, Examples, Scale, Targets, datasets
from .errors import BadTable
from .loading import brings, check_known, examples_of, find_kind, given_again, load_dataset, settle
from .rules import DIVIDED_SINCE, rules_of

__all__ = [
    "DEFAULT_BOUNDS",
    "DIVIDED_SINCE",
    "BadTable",
    "Bounds",
    "Brought",
    "Dataset",
    "DatasetKind",
    "Examples",
    "Scale",
    "Targets",
    "brings",
    "check_known",
    "datasets",
    "digits",
    "examples_of",
    "find_kind",
    "given_again",
    "inline",
    "load_dataset",
    "measured",
    "mnist",
    "own_csv",
    "preview",
    "rules_of",
    "settle",
    "toys",
]
