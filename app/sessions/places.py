"""Where in a run somebody can look: what can be told without computing anything."""

from collections.abc import Mapping
from typing import Any

from app.engine import OutOfBounds

from .errors import StepOutOfRange
from .recipe import Recipe

JOINED = "or loss or update, for all of their equations together"


def check_place(at: Mapping[str, Any], taken: int, recipe: Recipe) -> None:
    """Refuses a place that a run which has taken so many steps can't have. Which tensors a step has, only the step itself would tell.

    Raises:
        StepOutOfRange: a step that was not taken. OutOfBounds: a phase, a layer or an example that the step, the network or its batch
        does not have.
    """
    step = at.get("step")
    if step is not None and not 1 <= step <= taken:
        raise StepOutOfRange(step, taken)
    phase = at.get("phase")
    if phase is not None and phase not in phase_keys(recipe, step or max(1, taken)):
        raise OutOfBounds("phase", phase, f"the key of a phase of step {step or max(1, taken)}, {JOINED}")
    last = len(recipe.config["layer_sizes"]) - 1
    cell = at.get("cell")
    if cell is not None and cell["layer"] > last:
        raise OutOfBounds("cell.layer", cell["layer"], f"0 to {last}")
    m = recipe.at(step or max(1, taken)).batch_size
    if at.get("example", 0) >= m:
        raise OutOfBounds("example", at["example"], f"0 to {m - 1}, the examples of the batch")


def phase_keys(recipe: Recipe, step: int) -> set[str]:
    """What a phase of this step may be called: by its own key, and the equations of the loss and of the update by one name each."""
    return {phase.key for phase in recipe.phases(step)} | {"loss", "update"}
