"""How a run goes on otherwise than it did: for one step, or as a session of its own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .acting import CHANGEABLE, CONFIGURE, checked, configured
from .errors import LogOutOfRange, NotChangeable
from .log import Action, Log, entered
from .recipe import Recipe
from .run import Run, Taken

Normalise = Callable[[dict[str, Any]], Recipe]


def checked_edits(run: Run, edits: Sequence[Action], field: str = "", beside: Collection[str] = ()) -> list[Action]:
    """The edits as they are kept; `beside` are names of what could stand in the place of one. Raises EngineError for one that does not fit the network, its batch or its optimizer."""
    now = run.recipe.at(run.step + 1)
    optimizer = now.optimizer()
    return [
        checked(action, run.network, now.batch_size, optimizer, field=field or f"edits[{i}]", beside=beside)
        for i, action in enumerate(edits)
    ]


def taken_otherwise(taken: Taken, recipe: Recipe, edits: Sequence[Action]) -> Taken:
    """A step of a run as it would have been with these edits before it. Raises EngineError for one that does not fit."""
    step = taken.trace.step
    run = taken.again(recipe)
    before = recipe.log.before(step)
    more = entered(checked_edits(run, edits), after=len(before), step=step - 1, at=0.0)
    run.follow(replace(recipe, log=Log((*before, *more))))
    return run.advance()


def entries_taken(log: Log, step: int, taken: int | None) -> int:
    """How many entries of the log a fork at `step` takes along: `taken`, or as many as were made before that step. Raises LogOutOfRange."""
    least, most = log.count_before(step), log.count_before(step + 1)
    taken = least if taken is None else taken
    if not least <= taken <= most:
        raise LogOutOfRange(taken, least, most)
    return taken


def changed_whole(recipe: Recipe, now: dict[str, Any], changes: Mapping[str, Any], normalise: Normalise) -> Recipe:
    """The recipe of the configuration `now` with its `changes`; of a network whose sizes do not change, the ends follow the dataset.

    Raises:
        EngineError: a configuration that does not fit.
    """
    whole = {**now, "dataset": recipe.given_dataset(), **changes}
    if "dataset" in changes and "layer_sizes" not in changes:
        whole["layer_sizes"] = [None, *now["layer_sizes"][1:-1], None]
    return normalise(whole)


def configuring(recipe: Recipe, log: Log, step: int, changes: Mapping[str, Any], normalise: Normalise) -> list[Action]:
    """The action that a fork at `step` with this log begins with, so that it goes on with other `changes`; none where nothing changes.

    Raises:
        NotChangeable: a field that can change at the start alone.
        EngineError: a configuration that does not fit.
    """
    for name in changes:
        if name not in CHANGEABLE:
            raise NotChangeable(name, changes[name], CHANGEABLE)
    if not changes:
        return []
    now = configured(recipe.config, [entry.action for entry in log.edits])
    whole = changed_whole(recipe, now, changes, normalise).config
    action: dict[str, Any] = {"name": CONFIGURE, "changes": {name: whole[name] for name in changes}}
    if "batch_size" in changes:
        action["examples_before"] = replace(recipe, log=log).examples_before(step + 1)
    return [action]
