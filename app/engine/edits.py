"""Edits: what a person may change in a run by hand. Some act once, on the next step; others stand, from it on, until they are ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

import numpy as np

from .edit_parameters import Changes, Matrix, Numbers, OneOf, OrNone
from .equation import Equation
from .errors import EngineError, NotFinite, OutOfBounds, UnknownName, UnknownParameter
from .interventions import Ablation, Frozen, Interventions, ScaledGradient, UsedGradient
from .network import Network, given_parameter
from .optimizers import Optimizer, optimizers
from .register import Parameter, Register, parted
from .trace import PARAMETERS, Array

edits: Register["Edit"] = Register("edit")

LARGEST = 1e6  # of a factor and of a bound


@dataclass(frozen=True)
class Edit:
    """What all edits share; each is made of its parameters, and equal to another with the same.

    `stands`: whether it acts on all steps from the next one on. Of edits that stand, one with the same `key` comes in the place of the one
    before (`after`), and one with the parameters `ends` ends it; without `ends`, only another value does.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    source: ClassVar[str] = "by hand"
    parameters: ClassVar[tuple[Any, ...]]
    equations: ClassVar[Mapping[str, Equation]] = {}
    stands: ClassVar[bool] = False
    ends: ClassVar[Mapping[str, Any]] = {}

    @property
    def key(self) -> tuple[Any, ...]:
        """What it is about: all of it but what can end it."""
        return (self.name, *(getattr(self, one.name) for one in fields(self) if one.name not in self.ends))

    def after(self, earlier: "Edit | None") -> "Edit | None":
        """What stands once this edit has come after an earlier one of its key; None where nothing does."""
        return None if self.ends and all(getattr(self, name) == value for name, value in self.ends.items()) else self

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        """Whether it can be made on this network, before a step on m examples.

        Raises:
            EngineError: with the parameter as field, its value and its bound.
        """

    def on_network(self, network: Network) -> Network:
        """The network before the step."""
        return network

    def on_batch(self, X: Array) -> Array:
        """The batch before the step."""
        return X

    def within(self, interventions: Interventions) -> Interventions:
        """The interventions of a step with this one among them."""
        return interventions


def read_edit(given: Mapping[str, Any]) -> Edit:
    """An edit as it is written: {"name": "ablate", "layer": 1, "unit": 4}.

    Raises:
        EngineError: an unknown name, a parameter that is missing, unknown or out of its own bounds, with it as the field. Whether it fits a
            network, `Edit.check` says.
    """
    name, settings = parted(given)
    for parameter in edits.find(name, field="name").parameters:
        if parameter.type is not bool and parameter.name not in (settings or {}):
            raise EngineError(parameter.name, None, f"given: {parameter.bound}")
    return edits.make(name, settings, field="")


def written_edit(edit: Edit) -> dict[str, Any]:
    """The one form in which an edit is kept; `read_edit` reads it."""
    return {"name": edit.name} | {one.name: _plain(getattr(edit, one.name)) for one in fields(edit)}


def _plain(value: Any) -> Any:
    return [list(row) for row in value] if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def standing(made: Iterable[Edit]) -> tuple[Edit, ...]:
    """Of edits in the order in which they were made, those that still act, each as it acts now."""
    act: dict[tuple[Any, ...], Edit] = {}
    for edit in made:
        if edit.stands:
            left = edit.after(act.pop(edit.key, None))
            if left is not None:
                act[edit.key] = left
    return tuple(act.values())


def interventions_of(made: Iterable[Edit]) -> Interventions | None:
    """What edits that stand do inside a step; None where they do nothing there."""
    none = together = Interventions()
    for edit in made:
        together = edit.within(together)
    return None if together == none else together


def edited(network: Network, X: Array, made: Iterable[Edit], interventions: Interventions | None) -> tuple[Network, Array]:
    """What the next step is taken on.

    Args:
        network, X: as they would be without edits; what they are handed in with stays as it is.
        made: edits since the step before, in their order, of which some act here.
        interventions: of all that stand, in the place of those that stood on the network before.
    """
    network = network.under(interventions)
    for edit in made:
        network, X = edit.on_network(network), edit.on_batch(X)
    return network, X


_TENSOR = OneOf("tensor", PARAMETERS, help="which parameter")
_GRADIENT = OneOf("tensor", tuple(f"d{name}" for name in PARAMETERS), help="which gradient")
_LAYER = Parameter("layer", int, default=1, low=0, help="the number of the layer")
_ON = Parameter("on", bool, default=True, help="false ends it")


def _check_layer(layer: int, low: int, high: int, what: str) -> None:
    """`what` such layers are, in the plural."""
    if high < low:
        raise OutOfBounds("layer", layer, f"left out: this network has no {what}")
    if not low <= layer <= high:
        raise OutOfBounds("layer", layer, f"{low} to {high}: {what}" if low < high else f"{low}: {what}")


def _check_index(field: str, index: int, count: int, what: str) -> None:
    if not 0 <= index < count:
        raise OutOfBounds(field, index, f"0 to {count - 1}: {what}")


def _parameter_of(network: Network, tensor: str, layer: int) -> Array:
    """Raises OutOfBounds or UnknownName where the network has no such parameter; a gradient stands for its own."""
    _check_layer(layer, 1, len(network.W), "layers of weights")
    name = tensor.removeprefix("d")
    there: dict[str, Array] = {"W": network.W[layer - 1], "b": network.b[layer - 1]}
    if network.normalisation(layer) is not None:
        there |= {name: network.held[layer - 1][name] for name in PARAMETERS[2:]}
    if name not in there:
        raise UnknownName("tensor", tensor, [tensor.replace(name, one) for one in there])
    return there[name]


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
        _LAYER,
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
        rows, cols = _parameter_of(network, self.tensor, self.layer).shape
        for field_, index, count in (("row", self.row, rows), ("col", self.col, cols)):
            _check_index(field_, index, count, f"{self.tensor}[{self.layer}] is {rows} by {cols}")
        _check_number(self.value, network.dtype)

    def on_network(self, network: Network) -> Network:
        values = _parameter_of(network, self.tensor, self.layer).copy()
        values[self.row, self.col] = self.value
        return _with_parameter(network, self.tensor, self.layer, values)


@edits.add
@dataclass(frozen=True)
class SetAll(Edit):
    """A whole parameter, before the next step."""

    name = "set_all"
    title = "Set a whole parameter"
    help = "All numbers of a weight matrix, of biases, gammas or betas get other values before the next step."
    parameters = (_TENSOR, _LAYER, Numbers("values", help="the new values, row by row"))

    tensor: str
    layer: int
    values: Matrix

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        self._values(network)

    def on_network(self, network: Network) -> Network:
        return _with_parameter(network, self.tensor, self.layer, self._values(network))

    def _values(self, network: Network) -> Array:
        rows, cols = _parameter_of(network, self.tensor, self.layer).shape
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
            _check_index(field_, index, count, f"the batch is {n_0} features by {m} examples")
        _check_number(self.value, network.dtype)

    def on_batch(self, X: Array) -> Array:
        X = X.copy()
        X[self.row, self.col] = self.value
        return X


@edits.add
@dataclass(frozen=True)
class Ablate(Edit):
    """A hidden unit gives 0, in training and in predictions, until it is ended."""

    name = Ablation.name
    title = Ablation.title
    help = "The unit gives 0 from here on, in predictions too, and gets no gradient: what does the network do without it?"
    source = Ablation.source
    parameters = (_LAYER, Parameter("unit", int, default=0, low=0, help="the number of the unit, from 0"), _ON)
    equations = Ablation.equations
    stands = True
    ends: ClassVar[Mapping[str, Any]] = {"on": False}

    layer: int
    unit: int
    on: bool = True

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        _check_layer(self.layer, 1, len(network.W) - 1, "hidden layers")
        n = network.layer_sizes[self.layer]
        _check_index("unit", self.unit, n, f"layer {self.layer} has {n} unit{'s' if n > 1 else ''}")

    def within(self, interventions: Interventions) -> Interventions:
        units = (*interventions.ablated.get(self.layer, ()), self.unit)
        return replace(interventions, ablated={**interventions.ablated, self.layer: tuple(sorted(units))})


@edits.add
@dataclass(frozen=True)
class Freeze(Edit):
    """A layer is not updated, until it is ended."""

    name = Frozen.name
    title = Frozen.title
    help = "The layer's parameters stay as they are, without decay or momentum, and so does what the optimizer remembers of them."
    source = Frozen.source
    parameters = (_LAYER, _ON)
    equations = Frozen(optimizers["sgd"]).equations
    stands = True
    ends: ClassVar[Mapping[str, Any]] = {"on": False}

    layer: int
    on: bool = True

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        _check_layer(self.layer, 1, len(network.W), "layers of weights")

    def within(self, interventions: Interventions) -> Interventions:
        return replace(interventions, frozen=interventions.frozen | {self.layer})


class _OfGradient(Edit):
    tensor: str
    layer: int

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        if self.tensor == "dA":
            _check_layer(self.layer, 0, len(network.W) - 1, "layers before the last")
        else:
            _parameter_of(network, self.tensor, self.layer)

    def _use(self, interventions: Interventions, **changes: float) -> Interventions:
        """With another way for the update to take the gradient."""
        at = (self.tensor.removeprefix("d"), self.layer)
        use = replace(interventions.used.get(at, UsedGradient()), **changes)
        return replace(interventions, used={**interventions.used, at: use})


@edits.add
@dataclass(frozen=True)
class ScaleGradient(_OfGradient):
    """A gradient is multiplied by a factor, until that is 1."""

    name = ScaledGradient.name
    title = ScaledGradient.title
    help = (
        "A factor of 0 stops the gradient, -1 reverses it, 1 leaves it alone. Scaling dA changes all gradients before it on the way back; "
        "scaling dW changes what the update takes, and the gradient itself stays in sight."
    )
    source = ScaledGradient.source
    parameters = (
        OneOf("tensor", ("dA", *_GRADIENT.choices), help="which gradient"),
        _LAYER,
        Parameter("factor", float, default=0.0, low=-LARGEST, high=LARGEST, help="what it is multiplied by", symbol=r"\kappa"),
    )
    stands = True
    ends: ClassVar[Mapping[str, Any]] = {"factor": 1}

    tensor: str
    layer: int
    factor: float

    def within(self, interventions: Interventions) -> Interventions:
        if self.tensor == "dA":
            return replace(interventions, scaled={**interventions.scaled, self.layer: self.factor})
        return self._use(interventions, factor=self.factor)


@edits.add
@dataclass(frozen=True)
class ClipGradient(_OfGradient):
    """Each number of a parameter's gradient is bounded in what the update takes, until the bound is null."""

    name = "clip_gradient"
    title = "Clip a gradient"
    help = "The update takes no number of this gradient beyond the bound either way; the gradient itself stays in sight. null ends it."
    source = UsedGradient.source
    parameters = (
        _GRADIENT,
        _LAYER,
        OrNone(Parameter("max_abs", float, default=1.0, low=0, low_open=True, high=LARGEST, help="the largest number", symbol="c")),
    )
    stands = True
    ends: ClassVar[Mapping[str, Any]] = {"max_abs": None}

    tensor: str
    layer: int
    max_abs: float | None

    def within(self, interventions: Interventions) -> Interventions:
        return self._use(interventions, max_abs=self.max_abs)  # type: ignore[arg-type]


@edits.add
@dataclass(frozen=True)
class ChangeOptimizer(Edit):
    """Parameters of the run's own optimizer, such as its learning rate, get other values from the next step on.

    An optimizer is made of a run's configuration, and there its changes are put in.
    """

    name = "optimizer"
    title = "Change the optimizer"
    help = "The learning rate, or another parameter of the optimizer that the run has, from here on; what it remembers stays."
    parameters = (Changes("changes", help="its parameters with their new values"),)
    stands = True

    changes: Mapping[str, float | int | bool] = field(hash=False)

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.name,)

    def after(self, earlier: Edit | None) -> Edit | None:
        return ChangeOptimizer({**earlier.changes, **self.changes}) if isinstance(earlier, ChangeOptimizer) else self

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        if not self.changes:
            raise EngineError("changes", {}, self.parameters[0].bound)
        known = {parameter.name: parameter for parameter in optimizer.parameters} if optimizer is not None else {}
        for name, value in self.changes.items():
            if name not in known:
                raise UnknownParameter(f"changes.{name}", value, known)
            known[name].check(value, f"changes.{name}")
