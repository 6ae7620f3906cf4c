"""A recipe at one step of its life: takes the next step, and can be stored and restored as a checkpoint."""

import io
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.data import DIVIDED_SINCE, rules_of
from app.engine import Network, Trace, edited, evaluate, example_alone, next_network, take_step
from app.engine.optimizers import Optimizer
from app.engine.step import OptimizerState
from app.engine.trace import PARAMETERS

from .acting import edits_of, interventions_after
from .batches import DROPOUT, batch_indices, generator
from .recipe import Recipe


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: its trace, which training examples were its batch, and what it was taken with."""

    trace: Trace
    indices: np.ndarray[Any, np.dtype[np.int64]]
    network: Network  # before the update
    optimizer: Optimizer
    actions: int = 0  # entries of the log that were made before it
    # what the step before it left, with no edit of this step in it
    left: tuple[Network, OptimizerState | None] | None = None
    work: float = 0.0  # of the run right before it

    def alone(self, example: int) -> "Taken":
        """The pass of one example of the batch. Raises OutOfBounds."""
        trace = example_alone(self.trace, self.network, example)
        return replace(self, trace=trace, indices=self.indices[example : example + 1], left=None)

    def again(self, recipe: Recipe) -> "Run":
        """The run right before this step, by a recipe that may go on otherwise from here.

        Its work goes on from where it was, or a run that is always taken up again from a trace would never be due for a checkpoint. The
        checkpoint that it counts from may be gone since, but only where there is a newer one: the newest is never dropped. So a session
        goes on as it was counted, and a fork from far back gets its first checkpoint later by one interval at most.
        """
        assert self.left is not None, "an example alone is no step of a run"
        run = Run(recipe, self.trace.step - 1, *self.left)
        run.work = self.work
        return run


class Run:
    """The network of a session after `step` steps. What it does follows from the recipe alone, bit for bit.

    `work` is how many seconds of computing lie between the run and its last checkpoint.
    """

    def __init__(self, recipe: Recipe, step: int, network: Network, state: OptimizerState | None) -> None:
        self.recipe = recipe
        self.step = step
        self.network = network
        self.work = 0.0
        self._state = state
        data, output = recipe.dataset(), network.output
        if rules_of(recipe.config["dataset"]) >= DIVIDED_SINCE:  # a run that was begun before goes on as it was
            data = replace(data, Y_train=output.targets(data.Y_train), Y_test=output.targets(data.Y_test))
        self._dataset = data
        self.follow(recipe)

    @classmethod
    def begin(cls, recipe: Recipe) -> "Run":
        return cls(recipe, 0, recipe.initial_network(), None)

    def follow(self, recipe: Recipe) -> None:
        """Goes on by a recipe that has the same past and another future."""
        self.recipe = recipe
        self._turn()

    def _turn(self) -> None:
        """Makes ready what the next step is taken with."""
        n = self.step + 1
        log = self.recipe.log
        self._now = self.recipe.at(n)
        self._shift = self.recipe.examples_before(n) - n * self._now.batch_size  # until the log is touched, batches are of one size
        self._optimizer = self._now.optimizer()
        self._edits = edits_of(log.acting_on(n))
        self._interventions = interventions_after(log.before(n))
        self._actions = log.count_before(n)
        # another optimizer knows nothing of what the one before it remembered
        self._forgets = self._now.config["optimizer"]["name"] != self.recipe.at(n - 1).config["optimizer"]["name"]

    def advance(self) -> Taken:
        """Takes the next step, after the edits that were made before it."""
        began = time.perf_counter()
        n = self.step + 1
        left = self.network, self._state
        data = self._dataset
        indices = batch_indices(self._now.seed, self._shift + n * self._now.batch_size, self._now.batch_size, data.X_train.shape[1])
        # taking columns leaves Fortran order, and a trace is written row by row
        X, Y = np.ascontiguousarray(data.X_train[:, indices]), np.ascontiguousarray(data.Y_train[:, indices])
        network, X = edited(self.network, X, self._edits, self._interventions)
        state = None if self._forgets else self._state
        # dropout alone draws from it, and making it takes as long as a small network's whole step
        rng = generator(self._now.seed, DROPOUT, n) if any(network.dropouts) else None
        trace = take_step(network, X, Y, optimizer=self._optimizer, state=state, step=n, rng=rng)
        taken = Taken(trace, indices, network, self._optimizer, self._actions, left, self.work)
        self.network = next_network(network, trace)
        self._state = trace.optimizer_state
        self.step = n
        if self.recipe.log.touches(n) or self.recipe.log.touches(n + 1):
            self._turn()
        self.work += time.perf_counter() - began
        return taken

    def test(self) -> tuple[float, float]:
        """(mean loss in nats, accuracy) on the held-out examples, as the network is now."""
        return evaluate(self.network, self._dataset.X_test, self._dataset.Y_test)

    def to_checkpoint(self) -> bytes:
        """Parameters, what normalisations hold, and optimizer state, as NPZ."""
        arrays = {}
        for layer, (W, b) in enumerate(zip(self.network.W, self.network.b, strict=True), start=1):
            arrays[f"W.{layer}"], arrays[f"b.{layer}"] = W, b
        for layer, held in enumerate(self.network.held, start=1):
            arrays |= {f"held.{layer}.{name}": value for name, value in held.items()}
        for layer, states in enumerate(self._state or (), start=1):
            for parameter, state in zip(PARAMETERS, states, strict=False):  # gamma and beta only where the layer has them
                arrays |= {f"state.{layer}.{parameter}.{name}": value for name, value in state.items()}
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_checkpoint(cls, recipe: Recipe, step: int, checkpoint: bytes) -> "Run":
        run = cls.begin(recipe)
        L = len(run.network.W)
        held = [dict(of) for of in run.network.held]
        state: list[tuple[dict[str, Any], ...]] = [
            tuple({} for _ in (PARAMETERS if run.network.normalisation(layer) else PARAMETERS[:2])) for layer in range(1, L + 1)
        ]
        with np.load(io.BytesIO(checkpoint), allow_pickle=False) as arrays:
            W, b = ([arrays[f"{name}.{layer}"] for layer in range(1, L + 1)] for name in "Wb")
            for name in arrays.files:
                if name.startswith("held."):
                    _, layer, key = name.split(".", 2)
                    held[int(layer) - 1][key] = arrays[name]
                elif name.startswith("state."):
                    _, layer, parameter, key = name.split(".", 3)
                    state[int(layer) - 1][PARAMETERS.index(parameter)][key] = arrays[name]
        run.network = run.network.with_parameters(W, b, held)
        run.step = step
        run._state = state
        run._turn()
        return run
