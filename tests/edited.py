"""Steps that are taken under edits, as a session would take them: read as they are written, checked, then let act."""

from collections.abc import Sequence
from typing import Any

from app.engine import Trace, edited, interventions_of, next_network, read_edit, standing, take_step
from app.engine.optimizers import Optimizer

from .ingredients import Step, step_on

Written = dict[str, Any]


def under(step: Step, actions: Sequence[Written], steps: int = 1, *, optimizer: Optimizer | None = None) -> list[Step]:
    """Some steps on the batch of another one, from the network that it was taken on; edits that act once act on the first."""
    optimizer = optimizer or step.optimizer
    assert optimizer is not None
    made = [read_edit(action) for action in actions]
    for edit in made:
        edit.check(step.network, step.trace.m, optimizer)
    network, X = edited(step.network, step.trace.X, made, interventions_of(standing(made)))
    taken: list[Step] = []
    trace: Trace | None = None
    for number in range(1, steps + 1):
        if trace is not None:
            network = next_network(network, trace)
        state = None if trace is None else trace.optimizer_state
        trace = take_step(network, X, step.trace.Y, optimizer=optimizer, step=number, state=state)
        taken.append(Step(trace, network, optimizer))
    return taken


def step_under(actions: Sequence[Written], optimizer: Optimizer, *, hidden: Any = "tanh", steps: int = 2, **more: Any) -> Step:
    """The last of some steps under edits, on a network of two hidden layers."""
    more = {"sizes": (2, 5, 3, 2), "m": 3, **more}
    return under(step_on(hidden, optimizer=optimizer, **more), actions, steps)[-1]
