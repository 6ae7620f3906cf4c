"""X and Y given in full, as a dataset: for a textbook's own numbers, and for tests."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import orjson
from numpy.typing import NDArray

from app.engine import NotFinite, OutOfBounds, Parameter, ShapeMismatch, sums_to_one
from app.engine.errors import counted

from .bounds import Bounds
from .dataset import Brought, Examples, Targets, datasets
from .matrices import to_array
from .rules import DIVIDED_SINCE, LATEST, rules_of

ARRAYS = ("X", "Y", "X_test", "Y_test")


@datasets.add
class Inline:
    """Arrays as they are given, one example a column. Without them it is the entry of the catalogue alone.

    All of X is trained on. Without X_test, the test figures are of the training examples (`held_out` is false).
    """

    name = "inline"
    title = "X and Y of your own"
    description = "Arrays that you bring: X (n_0, N) and Y (n_L, N), one example a column."
    source = "brought with the session, and kept with it"
    licence = "yours"
    parameters = (
        Parameter(
            "standardise", bool, default=False, help="mean 0 and standard deviation 1 for each row of X, and of Y if it holds numbers"
        ),
    )
    brings: ClassVar[tuple[Brought, ...]] = (
        Brought("X", "matrix", required=True, help="(n_0, N), one example a column"),
        Brought("Y", "matrix", required=True, help="(n_L, N)"),
        Brought("X_test", "matrix", help="(n_0, M), examples to be tested on and never trained on"),
        Brought("Y_test", "matrix", help="(n_L, M)"),
    )
    image = None
    hidden = (8,)

    def __init__(self, standardise: bool = False, examples: Examples | None = None, rules: int = LATEST) -> None:
        self.standardised = standardise
        self.rules = rules
        self._examples = examples
        Y = np.zeros((0, 1)) if examples is None or examples.Y is None else examples.Y
        self.targets: Targets = "classes" if examples is None else targets_of(Y, rules)
        self.features = 0 if examples is None else len(examples.X)
        self.feature_names = tuple(f"x{row}" for row in range(1, self.features + 1))
        self.classes = 0 if self.targets == "numbers" else len(Y)
        what = "class" if self.targets == "classes" else "label"  # labels don't exclude each other
        self.class_names = tuple(f"{what} {row}" for row in range(1, self.classes + 1))
        self.target_names = self.class_names or tuple(f"y{row}" for row in range(1, len(Y) + 1))

    def load(self, rng: np.random.Generator) -> Examples:
        if self._examples is None:
            raise ValueError("the dataset inline has no examples of its own: it is made by `restore`, with arrays")
        return self._examples

    @classmethod
    def settle(cls, given: Mapping[str, Any], bounds: Bounds, field: str) -> tuple[dict[str, Any], bytes]:
        """(the configuration without its arrays, the arrays as JSON).

        Raises:
            WrongType, ShapeMismatch, NotFinite, OutOfBounds: with the place, such as dataset.X[0][2].
        """
        arrays = {name: given[name] for name in ARRAYS if given.get(name) is not None}
        checked = _checked(arrays, bounds, f"{field}.")
        content = _written(arrays, checked)
        settled = {
            "name": cls.name,
            "standardise": given["standardise"],
            "content": {
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
                **{name: list(array.shape) for name, array in checked.items()},
            },
        }
        return settled, content

    @classmethod
    def restore(cls, settled: Mapping[str, Any], content: bytes) -> "Inline":
        arrays = {name: np.array(rows, np.float64) for name, rows in orjson.loads(content).items()}
        X, Y, test = arrays["X"], arrays["Y"], np.array([], np.intp)
        if "X_test" in arrays:
            test = np.arange(X.shape[1], X.shape[1] + arrays["X_test"].shape[1])
            X, Y = np.hstack([X, arrays["X_test"]]), np.hstack([Y, arrays["Y_test"]])
        return cls(settled["standardise"], Examples(X, Y=Y, test=test), rules_of(settled))

    @staticmethod
    def given(settled: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        """The configuration as it can be given again: with the arrays, without their summary."""
        return {**{name: value for name, value in settled.items() if name != "content"}, **orjson.loads(content)}


def targets_of(Y: NDArray[np.float64], rules: int = LATEST) -> Targets:
    """What Y (n_L, N) looks like: distributions, shares of 1, or numbers. Any loss that its values allow can be taken all the same."""
    if (Y < 0).any() or (Y > 1).any():
        return "numbers"
    is_one = sums_to_one(Y)[1] if rules >= DIVIDED_SINCE else np.abs(Y.sum(axis=0) - 1) <= 1e-6
    return "classes" if len(Y) > 1 and is_one.all() else "labels"


def _written(given: Mapping[str, Any], checked: Mapping[str, NDArray[np.float64]]) -> bytes:
    """The arrays as JSON: as they were given, or where a whole number is beyond 64 bits, which orjson does not write, as the numbers that they are."""
    try:
        return orjson.dumps(given)
    except TypeError:
        return orjson.dumps({name: array.tolist() for name, array in checked.items()})


def _checked(given: Mapping[str, Any], bounds: Bounds, prefix: str) -> dict[str, NDArray[np.float64]]:
    for name in ("X_test", "Y_test"):
        other = "Y_test" if name == "X_test" else "X_test"
        if name in given and other not in given:
            raise OutOfBounds(f"{prefix}{other}", None, f"given, with {name}", found="is missing")
    cells = sum(len(row) for rows in given.values() if isinstance(rows, list) for row in rows if isinstance(row, list))
    if cells > bounds.max_data_cells:
        found = f"and the other arrays have {cells:,} cells"
        raise OutOfBounds(f"{prefix}X", cells, f"at most {bounds.max_data_cells:,} cells in all arrays together", found=found)
    arrays = {}
    for name, rows in given.items():
        arrays[name] = array = to_array(f"{prefix}{name}", rows, 2, "float64")
        if not array.size:
            raise ShapeMismatch(f"{prefix}{name}", array.shape, "an array of at least one row and one column", found="is empty")
        if not np.isfinite(array).all():
            row, col = map(int, np.argwhere(~np.isfinite(array))[0])
            raise NotFinite(f"{prefix}{name}[{row}][{col}]", str(array[row, col]), "a finite number")
    for name, like in (("Y", "X"), ("Y_test", "X_test")):
        if name in arrays and arrays[name].shape[1] != (N := arrays[like].shape[1]):
            found = f"is of shape {arrays[name].shape}"
            raise ShapeMismatch(
                f"{prefix}{name}", arrays[name].shape, f"of {counted(N, 'column', 'columns')}, one for each example of {like}", found=found
            )
    for name, like in (("X_test", "X"), ("Y_test", "Y")):
        if name in arrays and arrays[name].shape[0] != (rows := arrays[like].shape[0]):
            found = f"is of shape {arrays[name].shape}"
            raise ShapeMismatch(f"{prefix}{name}", arrays[name].shape, f"of {counted(rows, 'row', 'rows')}, like {like}", found=found)
    count = sum(arrays[name].shape[1] for name in ("X", "X_test") if name in arrays)
    if count > bounds.max_data_examples:
        found = f"has {count:,} examples" if "X_test" not in arrays else f"and X_test have {count:,} examples"
        raise OutOfBounds(f"{prefix}X", count, f"at most {bounds.max_data_examples:,} examples (columns)", found=found)
    return arrays
