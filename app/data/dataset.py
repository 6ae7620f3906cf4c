"""What a dataset is, and the way from its examples to what a network is trained on."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine import Array, Parameter, Register

Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Training and test examples, one a column, in one dtype and read-only.

    `image` is (rows, columns) of the picture that an example is, None where it is no picture.
    """

    name: str
    X_train: Array  # (n_0, N)
    Y_train: Array  # (n_L, N), one-hot
    X_test: Array
    Y_test: Array
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    image: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Examples:
    """What a kind of dataset loads: points, one a column, in float64, and the class of each."""

    X: NDArray[np.float64]  # (features, N)
    labels: Labels  # (N,)


class DatasetKind(Protocol):
    """What every entry of the register says of itself.

    `hidden` is what the form proposes for the hidden layers. `classes` and `class_names` may depend on the parameters.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    source: ClassVar[str]
    licence: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    standardised: ClassVar[bool]
    features: ClassVar[int]
    feature_names: ClassVar[tuple[str, ...]]
    image: ClassVar[tuple[int, int] | None]
    hidden: ClassVar[tuple[int, ...]]

    @property
    def classes(self) -> int:
        """How many classes there are."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """One name for each class, in the order of the rows of Y."""

    def load(self, rng: np.random.Generator) -> Examples:
        """All examples, before the split; a dataset that is not generated leaves `rng` alone."""


datasets: Register[DatasetKind] = Register("dataset")


def assemble(kind: DatasetKind, examples: Examples, dtype: str) -> Dataset:
    """Split, standardised where the kind asks for it, one-hot, rounded to `dtype` at the very end."""
    train, test = stratified_split(examples.labels)
    X_train, X_test = examples.X[:, train], examples.X[:, test]
    if kind.standardised:
        X_train, X_test = standardise(X_train, X_test)
    Y = one_hot(examples.labels, kind.classes)
    return Dataset(
        name=kind.name,
        X_train=_frozen(X_train, dtype),
        Y_train=_frozen(Y[:, train], dtype),
        X_test=_frozen(X_test, dtype),
        Y_test=_frozen(Y[:, test], dtype),
        class_names=kind.class_names,
        feature_names=kind.feature_names,
        image=kind.image,
    )


def stratified_split(labels: Labels) -> tuple[Labels, Labels]:
    """(training indices, test indices), both ascending: every fifth example of each class is for the test.

    No chance is involved, so that the split of a dataset from a file is the same for every seed and NumPy version.
    """
    is_test = np.zeros(labels.size, dtype=bool)
    for label in np.unique(labels):
        is_test[np.flatnonzero(labels == label)[4::5]] = True
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def one_hot(labels: Labels, classes: int) -> NDArray[np.float64]:
    """(classes, N): a 1 in each column, at the row of its class."""
    Y = np.zeros((classes, labels.size))
    Y[labels, np.arange(labels.size)] = 1
    return Y


def standardise(X_train: NDArray[np.float64], X_test: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both in units of the training set's mean and standard deviation: the test set may not be looked at."""
    mean = X_train.mean(axis=1, keepdims=True)
    std = X_train.std(axis=1, keepdims=True)
    std[std == 0] = 1  # a feature that never changes becomes 0, not NaN
    return (X_train - mean) / std, (X_test - mean) / std


def _frozen(tensor: NDArray[np.float64], dtype: str) -> Array:
    copy: Array = np.array(tensor, dtype=dtype, order="C")
    copy.flags.writeable = False
    return copy
