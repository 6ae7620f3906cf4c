"""Edits that stand, from the next step on, until they are ended: on units, on layers, on gradients, on the optimizer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from .edit_parameters import Changes, OneOf, OrNone
from .edit_places import LAYER, LAYER_OR_INPUT, check_index, check_layer, parameter_of
from .edits import Edit, edits
from .errors import EngineError, OutOfBounds, UnknownParameter
from .interventions import Ablation, Frozen, Interventions, ScaledGradient, UsedGradient
from .network import Network
from .optimizers import Optimizer, optimizers
from .register import Parameter
from .trace import PARAMETERS

LARGEST = 1e6  # of a factor and of a bound
_GRADIENT = OneOf("tensor", tuple(f"d{name}" for name in PARAMETERS), help="which gradient")
_ON = Parameter("on", bool, default=True, help="false ends it")


@edits.add
@dataclass(frozen=True)
class Ablate(Edit):
    """A hidden unit gives 0, in training and in predictions, until it is ended."""

    name = Ablation.name
    title = Ablation.title
    help = "The unit gives 0 from here on, in predictions too, and gets no gradient: what does the network do without it?"
    source = Ablation.source
    parameters = (LAYER, Parameter("unit", int, default=0, low=0, help="the number of the unit, from 0"), _ON)
    equations = Ablation.equations
    stands = True
    ends: ClassVar[Mapping[str, Any]] = {"on": False}

    layer: int
    unit: int
    on: bool = True

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        check_layer(self.layer, 1, len(network.W) - 1, "hidden layers")
        n = network.layer_sizes[self.layer]
        check_index("unit", self.unit, n, f"layer {self.layer} has {n} unit{'s' if n > 1 else ''}")

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
    parameters = (LAYER, _ON)
    equations = Frozen(optimizers["sgd"]).equations
    stands = True
    ends: ClassVar[Mapping[str, Any]] = {"on": False}

    layer: int
    on: bool = True

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        check_layer(self.layer, 1, len(network.W), "layers of weights")

    def within(self, interventions: Interventions) -> Interventions:
        return replace(interventions, frozen=interventions.frozen | {self.layer})


class _OfGradient(Edit):
    tensor: str
    layer: int

    def check(self, network: Network, m: int, optimizer: Optimizer | None = None) -> None:
        if self.tensor == "dA":
            check_layer(self.layer, 0, len(network.W) - 1, "layers before the last")
        else:
            parameter_of(network, self.tensor, self.layer)

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
        LAYER_OR_INPUT,  # dA[0] reaches the input
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
    help = "The update takes no number of this gradient beyond the bound either way; the gradient itself stays in sight. No bound (null) ends it."
    source = UsedGradient.source
    parameters = (
        _GRADIENT,
        LAYER,
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
            checked = known[name].check(value, f"changes.{name}")
            if name == "learning_rate" and optimizer is not None and checked < optimizer.schedule.lowest:
                bound = f"at least {optimizer.schedule.lowest:.15g}, the lowest rate of the run's schedule"
                raise OutOfBounds(f"changes.{name}", value, bound)
