"""Where in a run somebody can look."""

from collections.abc import Mapping
from typing import Any

from app.engine import Cell, OutOfBounds
from app.engine.errors import between
from app.engine.explain import check_cell

from .errors import StepOutOfRange
from .recipe import Recipe
from .run import Taken

JOINED = "or loss or update, for all of their equations together"


def check_place(at: Mapping[str, Any], taken: int, recipe: Recipe) -> None:
    """Refuses a place that a run which has taken so many steps can't have, as far as that can be told without computing anything.

    Raises:
        StepOutOfRange: a step that was not taken. OutOfBounds: a phase or an example that the step or its batch does not have, or a cell
        where there is no step yet.
    """
    step = at.get("step")
    if step is not None and not 1 <= step <= taken:
        raise StepOutOfRange(step, taken)
    phase = at.get("phase")
    if phase is not None and phase not in phase_keys(recipe, step or max(1, taken)):
        raise OutOfBounds("phase", phase, f"the key of a phase of step {step or max(1, taken)}, {JOINED}")
    if "cell" in at and not taken:
        raise OutOfBounds("cell", at["cell"], "left out: no step was taken yet that could have it")
    m = recipe.at(step or max(1, taken)).batch_size
    if at.get("example", 0) >= m:
        raise OutOfBounds("example", at["example"], f"{between(0, m - 1)}, the examples of the batch")


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
