"""Where in a run somebody can look."""

import json
from collections.abc import Mapping
from typing import Any

from app.engine import Cell, OutOfBounds, UnknownName
from app.engine.errors import between
from app.engine.explain import check_cell

from .errors import StepOutOfRange
from .presets import PRESETS
from .recipe import Recipe
from .run import Taken

MOST_TOLD = 4096  # characters of an edit that is told to all who watch: enough for any but a tensor that is set as a whole

JOINED = "or loss or update, for all of their equations together"


def check_place(at: Mapping[str, Any], taken: int, recipe: Recipe) -> None:
    """Refuses a place that a run which has taken so many steps can't have, as far as that can be told without computing anything.

    Raises:
        StepOutOfRange: a step that was not taken. OutOfBounds: a phase, a layer or an example that the step, the network or its batch
        does not have, a cell or an edit where there is no step yet, or an edit that is too long to be told. UnknownName: a preset that
        there isn't.
    """
    step = at.get("step")
    if step is not None and not 1 <= step <= taken:
        raise StepOutOfRange(step, taken)
    phase = at.get("phase")
    if phase is not None and phase not in phase_keys(recipe, step or max(1, taken)):
        raise OutOfBounds("phase", phase, f"the key of a phase of step {step or max(1, taken)}, {JOINED}")
    for part in ("cell", "what_if"):
        if part in at and not taken:
            raise OutOfBounds(part, at[part], "left out: no step was taken yet that could have it")
    m = recipe.at(step or max(1, taken)).batch_size
    if at.get("example", 0) >= m:
        raise OutOfBounds("example", at["example"], f"{between(0, m - 1)}, the examples of the batch")
    last = len(recipe.config["layer_sizes"]) - 1
    if at.get("layer", 0) > last:
        raise OutOfBounds("layer", at["layer"], between(0, last))
    if (preset := at.get("preset")) is not None and preset not in (names := [one.name for one in PRESETS]):
        raise UnknownName("preset", preset, names)
    if "what_if" in at and len(json.dumps(at["what_if"]["edit"])) > MOST_TOLD:
        raise OutOfBounds("what_if.edit", at["what_if"]["edit"], f"at most {MOST_TOLD:,} characters of JSON")


def check_cell_of(at: Mapping[str, Any], step: Taken) -> None:
    """Refuses a cell that the step does not have, or the pass of its one example, where the place is of that alone: only its tensors tell.

    Raises:
        UnknownName: no such tensor in that layer. OutOfBounds: a layer, a row or a column outside.
    """
    trace = step.trace if "example" not in at else step.alone(at["example"]).trace
    check_cell(trace, Cell(**at["cell"]), "cell.{}")


def phase_keys(recipe: Recipe, step: int) -> set[str]:
    """What a phase of this step may be called: by its own key, and the equations of the loss and of the update by one name each."""
    return {phase.key for phase in recipe.phases(step)} | {"loss", "update"}
