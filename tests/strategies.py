"""Networks and batches of all small shapes, none of whose hidden units stands near a kink of its activation."""

from typing import NamedTuple

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from app.engine import Network, make_network, take_step


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
