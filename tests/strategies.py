"""Networks and batches of all small shapes, none of whose hidden units stands near a kink of its activation."""

from typing import NamedTuple

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from app.engine import Network, Trace, activations, check_batch, make_network, optimizers, outputs, take_step
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


def build_step(
    sizes: list[int],
    m: int,
    seed: int,
    *,
    hidden: list[str] | str | None = None,
    output: str | None = None,
    optimizer: str | None = "sgd",
    soft: bool = True,
    dtype: str = "float64",
    scale: float = 1.0,
) -> Step:
    """`hidden`, `output` and `optimizer` are public names; the first registered where none is given. `scale` is that of W."""
    rng = np.random.default_rng(seed)
    pair = outputs[output or next(iter(outputs))]
    W = [scale * rng.standard_normal((n, n_prev)) for n_prev, n in zip(sizes[:-1], sizes[1:], strict=True)]
    b = [rng.standard_normal(n) for n in sizes[1:]]
    network = make_network(sizes, hidden or next(iter(activations)), pair.activation, pair.loss, W, b, dtype)
    X, Y = check_batch(network, rng.standard_normal((sizes[0], m)), targets(rng, sizes[-1], m, soft))
    made = None if optimizer is None else optimizers.make(optimizer, settings_of(optimizers[optimizer], rng), field="optimizer")
    return Step(take_step(network, X, Y, optimizer=made), network, made)


@st.composite
def steps(draw: st.DrawFn, dtype: str = "float64", scale: float = 1.0) -> Step:
    """Any ingredients in any of the small shapes: no hidden layer up to three of them, one example up to five."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    return build_step(
        sizes,
        draw(st.integers(1, 5)),
        draw(st.integers(0, 2**32 - 1)),
        hidden=[draw(st.sampled_from(list(activations))) for _ in sizes[1:-1]],
        output=draw(st.sampled_from(list(outputs))),
        optimizer=draw(st.sampled_from(list(optimizers))),
        soft=draw(st.booleans()),
        dtype=dtype,
        scale=scale,
    )
