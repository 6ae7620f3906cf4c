"""What a dataset is, and the way from its examples to what a network is trained on."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine import Array, NotFinite, Parameter, Register

from .rules import FIRST, LATEST

Labels = NDArray[np.intp]
Part = Literal["X", "Y"]

# classes: each column of Y is a distribution, one-hot as a rule; labels: each cell is between 0 and 1; numbers: anything finite
Targets = Literal["classes", "labels", "numbers"]


@dataclass(frozen=True, slots=True)
class Scale:
    """What standardised numbers are in their own units: `number * std + mean`, row by row."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Training and test examples, one a column, in one dtype and read-only.

    `image` is (rows, columns) of the picture that an example is, None where it is no picture. Without an example to spare,
    `held_out` is false and the test examples are the training examples. `target_scale` is None where Y is as it was measured.
    """

    name: str
    X_train: Array  # (n_0, N)
    Y_train: Array  # (n_L, N)
    X_test: Array
    Y_test: Array
    targets: Targets
    class_names: tuple[str, ...]
    target_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    image: tuple[int, int] | None
    held_out: bool
    target_scale: Scale | None


@dataclass(frozen=True, slots=True)
class Examples:
    """What a kind of dataset loads: points, one a column, in float64, and what is to be learned of each.

    Either `labels`, the class of each, or `Y`. `test` are the columns that the dataset itself sets aside; None leaves that
    to the split.
    """

    X: NDArray[np.float64]  # (features, N)
    labels: Labels | None = None  # (N,)
    Y: NDArray[np.float64] | None = None  # (outputs, N)
    test: Labels | None = None


class Unreachable(NotFinite):
    """Numbers of X or Y that were given and can't be trained on: that of one example, or the spread of a row from its lowest to its highest.

    `examples` are that one, or these two, counted as `load` gives them, before the split.
    """

    def __init__(self, field: str, value: object, bound: str, *, found: str, part: Part, row: int, examples: tuple[int, ...]) -> None:
        self.part, self.row, self.examples = part, row, examples
        super().__init__(field, value, bound, found=found)


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing that whoever takes the dataset brings along, too large or too free to be a Parameter.

    `type` is "text" (a whole file), "matrix" (rows of numbers), "name", "names", or "boolean" (left open: found out). The
    bulk, text and matrices, is kept beside a session's configuration, not in it.
    """

    name: str
    type: Literal["text", "matrix", "name", "names", "boolean"]
    required: bool = False
    help: str = ""

    @property
    def is_bulk(self) -> bool:
        return self.type in ("text", "matrix")


class DatasetKind(Protocol):
    """What every entry of the register says of itself.

    `hidden` is what the form proposes for the hidden layers. What is no ClassVar may depend on the parameters.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    source: ClassVar[str]
    licence: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    hidden: ClassVar[tuple[int, ...]]

    @property
    def targets(self) -> Targets:
        """What Y is."""

    @property
    def standardised(self) -> bool:
        """Whether features, and targets that are numbers, are brought to mean 0 and standard deviation 1."""

    @property
    def features(self) -> int:
        """How many rows X has."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One name for each row of X."""

    @property
    def image(self) -> tuple[int, int] | None:
        """(rows, columns) where an example is a picture."""

    @property
    def classes(self) -> int:
        """How many classes there are; 0 where the targets are numbers."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """One name for each class, in the order of the rows of Y; none where the targets are numbers."""

    @property
    def target_names(self) -> tuple[str, ...]:
        """One name for each row of Y: the classes' own, where there are classes."""

    def load(self, rng: np.random.Generator) -> Examples:
        """All examples, before the split; a dataset that is not generated leaves `rng` alone."""


datasets: Register[DatasetKind] = Register("dataset")


class Classified:
    """What all kinds with classes share; they say `class_names` themselves."""

    targets: Targets = "classes"
    class_names: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        return len(self.class_names)

    @property
    def target_names(self) -> tuple[str, ...]:
        return self.class_names


def assemble(kind: DatasetKind, examples: Examples, dtype: str) -> Dataset:
    """Split, standardised where the kind asks for it, one-hot where there are classes, rounded to `dtype` at the very end.

    Raises:
        Unreachable: a number that `dtype` does not hold, or that standardising carries beyond what it holds. A kind that was brought
            in another shape than X and Y tells it in its own words, by a method `tell`.
    """
    Y = examples.Y if examples.Y is not None else one_hot(examples.labels, kind.classes)  # type: ignore[arg-type]
    train, test = _split(examples, Y.shape[1])
    held_out = test.size > 0
    if not held_out:
        test = train
    X_train, X_test, Y_train, Y_test = examples.X[:, train], examples.X[:, test], Y[:, train], Y[:, test]
    target_scale = None
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused below
        if kind.standardised:
            smallest = 0.0 if getattr(kind, "rules", LATEST) == FIRST else SMALLEST_STD
            X_train, X_test = standardise(X_train, X_test, smallest)
            if kind.targets == "numbers":
                mean, std = _mean_and_std(Y_train, smallest)
                target_scale = Scale(tuple(mean.ravel().tolist()), tuple(std.ravel().tolist()))
                Y_train, Y_test = (Y_train - mean) / std, (Y_test - mean) / std
    try:
        frozen = {
            "X_train": _frozen(X_train, dtype, examples, "X", examples.X, train),
            "Y_train": _frozen(Y_train, dtype, examples, "Y", Y, train),
            "X_test": _frozen(X_test, dtype, examples, "X", examples.X, test),
            "Y_test": _frozen(Y_test, dtype, examples, "Y", Y, test),
        }
    except Unreachable as error:
        tell = getattr(kind, "tell", None)
        raise (error if tell is None else tell(error)) from None
    return Dataset(
        name=kind.name,
        **frozen,
        targets=kind.targets,
        class_names=kind.class_names,
        target_names=kind.target_names,
        feature_names=kind.feature_names,
        image=kind.image,
        held_out=held_out,
        target_scale=target_scale,
    )


def _split(examples: Examples, count: int) -> tuple[Labels, Labels]:
    if examples.test is not None:
        return np.setdiff1d(np.arange(count), examples.test), examples.test
    # numbers are split as if they were all of one class
    return stratified_split(examples.labels if examples.labels is not None else np.zeros(count, np.intp))


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


SMALLEST_STD = float(np.sqrt(np.finfo(np.float64).tiny))  # about 1.5e-154: below it the squares lose digits


def standardise(
    X_train: NDArray[np.float64], X_test: NDArray[np.float64], smallest: float = SMALLEST_STD
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both in units of the training set's mean and standard deviation: the test set may not be looked at."""
    mean, std = _mean_and_std(X_train, smallest)
    return (X_train - mean) / std, (X_test - mean) / std


def _mean_and_std(rows: NDArray[np.float64], smallest: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each row, (rows, 1); NaN as the deviation where it is below `smallest`."""
    mean, std = rows.mean(axis=1, keepdims=True), rows.std(axis=1, keepdims=True)
    # a row that never changes becomes 0, not NaN; seen by its cells, as the mean of many 0.1 is not quite 0.1
    never = rows.min(axis=1) == rows.max(axis=1)
    mean[never, 0], std[never] = rows[never, 0], 1
    # squares that went beyond float64: dividing by infinity would make it all 0, and by what is left of tiny ones anything, which would pass for data
    std[~(std >= smallest) | np.isinf(std)] = np.nan
    return mean, std


def _frozen(tensor: NDArray[np.float64], dtype: str, examples: Examples, part: Part, given: NDArray[np.float64], columns: Labels) -> Array:
    """A copy that nobody writes to; `given` is all that was loaded, of which `columns` became `tensor`."""
    with np.errstate(over="ignore"):
        copy: Array = np.array(tensor, dtype=dtype, order="C")
    if not np.isfinite(copy).all():
        row, place = map(int, np.argwhere(~np.isfinite(copy))[0])
        if np.isnan(copy[row, place]):
            low, high = int(columns[given[row, columns].argmin()]), int(columns[given[row, columns].argmax()])
            raise Unreachable(
                f"dataset.{part}[{row}]",
                None,
                "a row whose mean and standard deviation float64 can hold, or one that is not standardised",
                found=f"has numbers from {given[row, low]} to {given[row, high]}, a spread that is beyond float64 when it is standardised",
                part=part,
                row=row,
                examples=(low, high),
            )
        example = int(columns[place])
        # what was given as examples for the test is counted by itself
        is_apart = examples.test is not None and example in examples.test
        value = float(given[row, example])
        is_standardised = not np.isfinite(tensor[row, place]) or tensor[row, place] != value
        raise Unreachable(
            f"dataset.{part}{'_test' if is_apart else ''}[{row}][{place if is_apart else example}]",
            value,
            f"a number that {dtype} holds, at most {np.finfo(dtype).max:.6g} in magnitude{' once it is standardised' if is_standardised else ''}",
            found=f"is {value:.6g}",
            part=part,
            row=row,
            examples=(example,),
        )
    copy.flags.writeable = False
    return copy
