"""Edits that act once, before the next step: another number in a parameter or in the batch."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .edit_parameters import Matrix, Numbers, OneOf
from .edit_places import LAYER, check_index, parameter_of
from .edits import Edit, edits
from .errors import NotFinite
from .network import Network, given_parameter
from .optimizers import Optimizer
from .register import Parameter
from .trace import PARAMETERS, Array

_TENSOR = OneOf("tensor", PARAMETERS, help="which parameter")


def _with_parameter(network: Network, tensor: str, layer: int, values: Array) -> Network:
    values.flags.writeable = False
    W, b, held = list(network.W), list(network.b), list(network.held)
    if tensor in ("W", "b"):
        (W if tensor == "W" else b)[layer - 1] = values
    else:
        held[layer - 1] = {**held[layer - 1], tensor: values}
    return network.with_parameters(W, b, held)


def _check_number(value: float, dtype: np.dtype[np.floating[Any]]) -> None:
    with np.errstate(over="ignore"):
        if not np.isfinite(dtype.type(value)):
            raise NotFinite("value", value, f"a finite {dtype} number")


@edits.add
@dataclass(frozen=True)
class SetNumber(Edit):
    """One number of a parameter, before the next step."""

    name = "set"
    title = "Set a parameter"
    help = "One weight, bias, gamma or beta gets another value before the next step, and is moved on from there."
    parameters = (
        _TENSOR,
        LAYER,
        Parameter("row", int, default=0, low=0, help="its row: the unit"),
        Parameter("col", int, default=0, low=0, help="its column: the unit before; 0 where there is one column"),
        Parameter("value", float, default=0.0, help="the new value"),
    )

    tensor: str
    layer: int
    row: int
    col: int
    value: float

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        rows, cols = parameter_of(network, self.tensor, self.layer).shape
        for field_, index, count in (("row", self.row, rows), ("col", self.col, cols)):
            check_index(field_, index, count, f"{self.tensor}[{self.layer}] is {rows} by {cols}")
        _check_number(self.value, network.dtype)

    def on_network(self, network: Network) -> Network:
        values = parameter_of(network, self.tensor, self.layer).copy()
        values[self.row, self.col] = self.value
        return _with_parameter(network, self.tensor, self.layer, values)


@edits.add
@dataclass(frozen=True)
class SetAll(Edit):
    """A whole parameter, before the next step."""

    name = "set_all"
    title = "Set a whole parameter"
    help = "All numbers of a weight matrix, of biases, gammas or betas get other values before the next step."
    parameters = (_TENSOR, LAYER, Numbers("values", help="the new values, row by row"))

    tensor: str
    layer: int
    values: Matrix

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        self._values(network)

    def on_network(self, network: Network) -> Network:
        return _with_parameter(network, self.tensor, self.layer, self._values(network))

    def _values(self, network: Network) -> Array:
        rows, cols = parameter_of(network, self.tensor, self.layer).shape
        return given_parameter("values", self.values, (rows, cols), str(network.dtype), f"as {self.tensor}[{self.layer}] is")  # type: ignore[arg-type]


@edits.add
@dataclass(frozen=True)
class SetInput(Edit):
    """One number of the next batch."""

    name = "set_input"
    title = "Set an input"
    help = "One feature of one example of the next batch gets another value; the data stay as they are."
    parameters = (
        Parameter("row", int, default=0, low=0, help="the feature"),
        Parameter("col", int, default=0, low=0, help="the example of the batch"),
        Parameter("value", float, default=0.0, help="the new value"),
    )

    row: int
    col: int
    value: float

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        n_0 = network.layer_sizes[0]
        for field_, index, count in (("row", self.row, n_0), ("col", self.col, m)):
            check_index(field_, index, count, f"the batch is {n_0} features by {m} examples")
        _check_number(self.value, network.dtype)

    def on_batch(self, X: Array) -> Array:
        X = X.copy()
        X[self.row, self.col] = self.value
        return X
