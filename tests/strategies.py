"""Networks and batches of all small shapes, none of whose hidden units stands near a kink of its activation."""

from typing import Any, NamedTuple

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from app.engine import (
    Apart,
    Network,
    Phase,
    Trace,
    activations,
    check_batch,
    clippings,
    dropouts,
    losses,
    make_network,
    next_network,
    optimizers,
    output_activations,
    outputs,
    phases,
    schedules,
    take_step,
)
from app.engine.optimizers import Optimizer


class Case(NamedTuple):
    network: Network
    X: np.ndarray
    Y: np.ndarray


def targets(rng: np.random.Generator, classes: int, m: int, soft: bool) -> np.ndarray:
    """Columns of distributions: one-hot, or spread over the classes."""
    if soft:
        return rng.dirichlet(np.ones(classes), size=m).T
    return np.eye(classes)[:, rng.integers(0, classes, m)]


def build_case(sizes: list[int], m: int, seed: int, soft: bool = False, activation: str = "relu", dtype: str = "float64") -> Case:
    rng = np.random.default_rng(seed)
    W = [rng.standard_normal((n, n_prev)) for n_prev, n in zip(sizes[:-1], sizes[1:], strict=True)]
    b = [rng.standard_normal(n) for n in sizes[1:]]
    network = make_network(sizes, activation, "softmax", "cross_entropy", W, b, dtype)
    return Case(network, rng.standard_normal((sizes[0], m)).astype(dtype), targets(rng, sizes[-1], m, soft).astype(dtype))


def clear_of_kinks(case: Case, margin: float = 1e-3) -> bool:
    trace = take_step(*case)
    return all(
        np.abs(layer.Z - kink).min() > margin
        for layer, activation in zip(trace.layers[1:-1], case.network.activations, strict=True)
        for kink in activation.kinks
    )


@st.composite
def cases(draw: st.DrawFn, soft: bool | None = None) -> Case:
    """No hidden layer up to three of them, one example up to five, hard or soft targets."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    wanted = draw(st.booleans()) if soft is None else soft
    case = build_case(sizes, draw(st.integers(1, 5)), draw(st.integers(0, 2**32 - 1)), wanted)
    assume(clear_of_kinks(case))
    return case


class Step(NamedTuple):
    """One step on a network of registered ingredients, with everything that made it."""

    trace: Trace
    network: Network
    optimizer: Optimizer | None


def settings_of(entry: type, rng: np.random.Generator) -> dict[str, float | int | bool]:
    """A setting for each parameter of an ingredient: its default where that is one, something within the bounds where it is 0."""
    chosen: dict[str, float | int | bool] = {}
    for parameter in entry.parameters:
        if parameter.type is bool:
            chosen[parameter.name] = bool(rng.integers(2))
        elif parameter.type is float and not parameter.default:
            chosen[parameter.name] = min(0.07, parameter.high or 0.07)
        else:
            chosen[parameter.name] = parameter.default
    return chosen


# what may stand at the end of a network: a pair that is differentiated as one, or any activation and a loss
PAIRS = [(entry.activation, entry.loss) for entry in outputs.values()]
APART = [(activation, loss) for activation in (*activations, *output_activations) for loss in losses if (activation, loss) not in PAIRS]


def chosen(register: Any, name: str, rng: np.random.Generator) -> dict[str, Any]:
    return {"name": name, **settings_of(register[name], rng)}


def build_optimizer(name: str, schedule: str, clipping: str | None, rng: np.random.Generator) -> Optimizer:
    made: Optimizer = optimizers.make(name, settings_of(optimizers[name], rng), field="optimizer")
    clip = None if clipping is None else clippings.choose(chosen(clippings, clipping, rng), field="clipping")
    return made.within(schedules.choose(chosen(schedules, schedule, rng), field="schedule"), clip)


def build_step(
    sizes: list[int],
    m: int,
    seed: int,
    *,
    hidden: list[str] | str | None = None,
    output: str | None = None,
    last: tuple[str, str] | None = None,
    optimizer: str | None = "sgd",
    schedule: str = "constant",
    clipping: str | None = None,
    dropout: float = 0.0,
    taken: int = 1,
    soft: bool = True,
    dtype: str = "float64",
    scale: float = 1.0,
) -> Step:
    """The last of `taken` steps on one batch.

    `hidden`, `output` and `optimizer` are public names; the first registered where none is given. `last` is an activation and a loss in
    the place of an output. `scale` is that of W.
    """
    rng = np.random.default_rng(seed)
    pair = outputs[output or next(iter(outputs))]
    W = [scale * rng.standard_normal((n, n_prev)) for n_prev, n in zip(sizes[:-1], sizes[1:], strict=True)]
    b = [rng.standard_normal(n) for n in sizes[1:]]
    last = last or (pair.activation, pair.loss)
    network = make_network(sizes, hidden or next(iter(activations)), *last, W, b, dtype, dropout)
    X, Y = check_batch(network, rng.standard_normal((sizes[0], m)), targets(rng, sizes[-1], m, soft))
    made = None if optimizer is None else build_optimizer(optimizer, schedule, clipping, rng)
    trace = take_step(network, X, Y, optimizer=made)
    for number in range(2, taken + 1):
        network = next_network(network, trace)
        trace = take_step(network, X, Y, optimizer=made, state=trace.optimizer_state, step=number)
    return Step(trace, network, made)


# what a test of every entry takes: each of every register that takes part in a step, once; a state is not zero after two steps
CHOICES: dict[str, dict[str, Any]] = {
    **{name: {"hidden": name} for name in activations},
    **{name: {"output": name} for name in outputs},
    **{f"{name} at the end": {"last": (name, next(iter(losses)))} for name in (*activations, *output_activations)},
    **{name: {"last": (next(iter(reversed(list(activations)))), name)} for name in losses},
    **{name: {"optimizer": name, "taken": 3} for name in optimizers},
    **{f"{name} schedule": {"schedule": name, "optimizer": list(optimizers)[-1], "taken": 3} for name in schedules},
    **{f"clipped by {name}": {"clipping": name, "optimizer": list(optimizers)[-1], "taken": 2} for name in clippings},
    **{name: {"dropout": 0.4} for name in dropouts},
}


def operations(step: Step) -> list[Any]:
    """Everything that makes a tensor of the step."""
    network, optimizer = step.network, step.optimizer
    output = [network.output.last, network.output.on_it] if isinstance(network.output, Apart) else [network.output]
    update = [] if optimizer is None else [optimizer, *([optimizer.clipping] if optimizer.clipping else [])]
    dropped = [one for l in range(1, len(network.W)) if (one := network.dropout(l)) is not None]
    return [*network.activations, *dropped, *output, network.dense, *update]


def own_phases(step: Step) -> list[Phase]:
    """The phases that the plain step of `build_step` does not have; all of them where it has them all."""
    plain = build_step([2, 2, 2], 1, 0)
    known = {(phase.operation.name, phase.equation_name) for phase in phases(plain.network, plain.optimizer)}
    every = phases(step.network, step.optimizer)
    return [phase for phase in every if phase.names or (phase.operation.name, phase.equation_name) not in known] or list(every)


def given_tensors(step: Step) -> set[tuple[str, int]]:
    """(tensor, layer) of what a step is given and does not make: the batch, the parameters, an optimizer's state, masks."""
    L = len(step.network.W)
    states = ("", *step.optimizer.states) if step.optimizer else ("",)
    if step.trace.optimizer_state is None:
        states = ("",)  # the pass of one example has no update
    masks = {("D", l) for l in range(1, L) if step.network.dropout(l) is not None}
    return {("A", 0), ("Y", L), *masks, *((f"{state}{name}", l) for l in range(1, L + 1) for name in ("W", "b") for state in states)}


@st.composite
def steps(draw: st.DrawFn, dtype: str = "float64", scale: float = 1.0) -> Step:
    """Any ingredients in any of the small shapes: no hidden layer up to three of them, one example up to five."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    return build_step(
        sizes,
        draw(st.integers(1, 5)),
        draw(st.integers(0, 2**32 - 1)),
        hidden=[draw(st.sampled_from(list(activations))) for _ in sizes[1:-1]],
        last=draw(st.sampled_from(PAIRS) | st.sampled_from(APART)),
        optimizer=draw(st.sampled_from(list(optimizers))),
        schedule=draw(st.sampled_from(list(schedules))),
        clipping=draw(st.sampled_from([None, *clippings])),
        dropout=draw(st.sampled_from([0.0, 0.4])),
        taken=draw(st.sampled_from([1, 3])),
        soft=draw(st.booleans()),
        dtype=dtype,
        scale=scale,
    )
