"""What the actions of a log do to a run: all but one are the engine's edits, and that one changes the configuration."""

from collections.abc import Collection, Iterable
from typing import Any

from app.engine import Edit, EngineError, Interventions, Network, UnknownName, edits, interventions_of, read_edit, standing, written_edit
from app.engine.optimizers import Optimizer

from .log import Action, Entry

# fields that a run can go on with; any other would make its parameters those of another network
CHANGEABLE = ("optimizer", "schedule", "clipping", "batch_size")
CONFIGURE = "configure"  # what a fork begins with: {"name": "configure", "changes": {"batch_size": 8}, "examples_before": 160}
OPTIMIZER = "optimizer"  # the edit that a configuration has a place for


def configured(config: dict[str, Any], actions: Iterable[Action]) -> dict[str, Any]:
    """The configuration after these actions: itself where none of them changes it."""
    for action in actions:
        if action["name"] == CONFIGURE:
            config = {**config, **action["changes"]}
        elif action["name"] == OPTIMIZER:
            config = {**config, "optimizer": {**config["optimizer"], **action["changes"]}}
    return config


def title_of(action: Action) -> str:
    return "Change the configuration" if action["name"] == CONFIGURE else edits[action["name"]].title


def edits_of(entries: Iterable[Entry]) -> tuple[Edit, ...]:
    """The engine's edits among these."""
    return tuple(read_edit(entry.action) for entry in entries if entry.action["name"] != CONFIGURE)


def interventions_after(entries: Iterable[Entry]) -> Interventions | None:
    """What edits that were made, in their order, do inside each step from here on."""
    return interventions_of(standing(edits_of(entries)))


def standing_after(entries: Iterable[Entry]) -> tuple[Action, ...]:
    """Those of them that act from here on, as they are written."""
    return tuple(written_edit(edit) for edit in standing(edits_of(entries)))


def checked(
    action: Action, network: Network, m: int, optimizer: Optimizer, *, field: str = "action", beside: Collection[str] = ()
) -> Action:
    """An edit as it is kept, once it fits the run that is at this network. `beside`: names of what could stand in its place.

    Raises:
        EngineError: with the field as it stands in a request, such as `action.row`.
    """
    if action["name"] not in edits:
        raise UnknownName(f"{field}.name", action["name"], (*edits, *beside))
    try:
        edit = read_edit(action)
        edit.check(network, m, optimizer)
    except EngineError as error:
        error.field = f"{field}.{error.field}"
        raise
    return written_edit(edit)
