"""What is told of a session."""

from dataclasses import dataclass
from typing import Any

from app.engine import parameter_count

from .acting import CHANGEABLE, standing_after
from .log import Action, Log
from .recipe import Recipe


@dataclass(frozen=True, slots=True)
class Session:
    """`edit_key` is told only to whoever made it. `log` is all that was done to it, `standing` what acts from here on."""

    id: str
    step: int
    recipe: Recipe
    created_at: float
    latest: dict[str, Any]
    parent: tuple[str, int] | None = None
    look: dict[str, Any] | None = None
    edit_key: str | None = None
    expires_at: float | None = None

    @property
    def parameter_count(self) -> int:
        # sessions that were made before layers could be normalised say nothing of it
        return parameter_count(self.recipe.config["layer_sizes"], self.recipe.config.get("normalisation"))

    @property
    def log(self) -> Log:
        return self.recipe.log

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the configuration that are not any more what the run began with."""
        config, now = self.recipe.config, self.recipe.at(self.step + 1).config
        return {name: now[name] for name in CHANGEABLE if now.get(name) != config.get(name)}

    @property
    def standing(self) -> tuple[Action, ...]:
        return standing_after(self.log.edits)
