"""Edits: what a person may change in a run by hand. Some act once, on the next step; others stand, from it on, until they are ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from .equation import Equation
from .errors import EngineError
from .interventions import Interventions
from .network import Network
from .optimizers import Optimizer
from .register import Register, parted
from .trace import Array

edits: Register["Edit"] = Register("edit")


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


def is_required(parameter: Any) -> bool:
    """Whether an edit has to say it: where it acts and what it puts there are nobody's to guess, but its switch may stay on.

    Then its default is what a form may begin with, and no more.
    """
    return parameter.type is not bool


def read_edit(given: Mapping[str, Any]) -> Edit:
    """An edit as it is written: {"name": "ablate", "layer": 1, "unit": 4}.

    Raises:
        EngineError: an unknown name, a parameter that is missing, unknown or out of its own bounds, with it as the field. Whether it fits a
            network, `Edit.check` says.
    """
    name, settings = parted(given)
    for parameter in edits.find(name, field="name").parameters:
        if is_required(parameter) and parameter.name not in (settings or {}):
            raise EngineError(parameter.name, None, f"given: {parameter.bound}", found="is missing")
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
