"""A recipe at one step of its life: takes the next step, and can be stored and restored as a checkpoint."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.engine import Network, Trace, evaluate, example_alone, next_network, take_step
from app.engine.optimizers import Optimizer
from app.engine.step import OptimizerState

from .batches import DROPOUT, batch_indices, generator
from .recipe import Recipe


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: its trace, which training examples were its batch, and what it was taken with."""

    trace: Trace
    indices: np.ndarray[Any, np.dtype[np.int64]]
    network: Network  # before the update
    optimizer: Optimizer

    def alone(self, example: int) -> "Taken":
        """The pass of one example of the batch. Raises OutOfBounds."""
        trace = example_alone(self.trace, self.network, example)
        return Taken(trace, self.indices[example : example + 1], self.network, self.optimizer)


class Run:
    """The network of a session after `step` steps. What it does follows from the recipe alone, bit for bit."""

    def __init__(self, recipe: Recipe, step: int, network: Network, state: OptimizerState | None) -> None:
        self.recipe = recipe
        self.step = step
        self.network = network
        self._state = state
        self._dataset = recipe.dataset()
        self._optimizer = recipe.optimizer()

    @classmethod
    def begin(cls, recipe: Recipe) -> "Run":
        return cls(recipe, 0, recipe.initial_network(), None)

    def advance(self) -> Taken:
        """Takes the next step."""
        n = self.step + 1
        data = self._dataset
        indices = batch_indices(self.recipe.seed, n, self.recipe.batch_size, data.X_train.shape[1])
        # taking columns leaves Fortran order, and a trace is written row by row
        X, Y = np.ascontiguousarray(data.X_train[:, indices]), np.ascontiguousarray(data.Y_train[:, indices])
        trace = take_step(
            self.network, X, Y, optimizer=self._optimizer, state=self._state, step=n, rng=generator(self.recipe.seed, DROPOUT, n)
        )
        taken = Taken(trace, indices, self.network, self._optimizer)
        self.network = next_network(self.network, trace)
        self._state = trace.optimizer_state
        self.step = n
        return taken

    def test(self) -> tuple[float, float]:
        """(mean loss in nats, accuracy) on the held-out examples, as the network is now."""
        return evaluate(self.network, self._dataset.X_test, self._dataset.Y_test)

    def to_checkpoint(self) -> bytes:
        """Parameters and optimizer state, as NPZ."""
        arrays = {}
        for layer, (W, b) in enumerate(zip(self.network.W, self.network.b, strict=True), start=1):
            arrays[f"W.{layer}"], arrays[f"b.{layer}"] = W, b
        for layer, states in enumerate(self._state or (), start=1):
            for parameter, state in zip("Wb", states, strict=True):
                arrays |= {f"state.{layer}.{parameter}.{name}": value for name, value in state.items()}
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_checkpoint(cls, recipe: Recipe, step: int, checkpoint: bytes) -> "Run":
        run = cls.begin(recipe)
        L = len(run.network.W)
        state: list[tuple[dict[str, Any], dict[str, Any]]] = [({}, {}) for _ in range(L)]
        with np.load(io.BytesIO(checkpoint), allow_pickle=False) as arrays:
            run.network = run.network.with_parameters(
                [arrays[f"W.{layer}"] for layer in range(1, L + 1)], [arrays[f"b.{layer}"] for layer in range(1, L + 1)]
            )
            for name in arrays.files:
                if name.startswith("state."):
                    _, layer, parameter, key = name.split(".", 3)
                    state[int(layer) - 1]["Wb".index(parameter)][key] = arrays[name]
        run.step = step
        run._state = state
        return run
