"""Small runs, and what it means that two steps are the same."""

from typing import Any

import numpy as np

from app.sessions import Recipe, Taken, normalise

LIMITS = {"max_layers": 8, "max_parameters": 10**6, "max_batch_size": 64, "max_activation_cells": 10**6}
SMALL = {"dataset": {"name": "blobs"}, "batch_size": 8}


def recipe(**config: Any) -> Recipe:
    return normalise({**SMALL, **config}, **LIMITS)


def assert_same(one: Taken, other: Taken) -> None:
    """Every tensor and all that the optimizer remembers, to the last bit."""
    np.testing.assert_array_equal(one.indices, other.indices)
    assert one.actions == other.actions
    mine, theirs = one.trace, other.trace
    assert (mine.step, mine.loss, mine.learning_rate) == (theirs.step, theirs.loss, theirs.learning_rate)
    for a, b in zip(mine.layers, theirs.layers, strict=True):
        assert a.more.keys() == b.more.keys()
        for name in ("A", "dA", "W", "b", "Z", "dZ", "dW", "db", "W_next", "b_next"):
            _assert_equal(getattr(a, name), getattr(b, name), f"{name}[{a.index}]")
        for name in a.more:
            _assert_equal(a.more[name], b.more[name], f"{name}[{a.index}]")
    for states, others in zip(mine.optimizer_state or (), theirs.optimizer_state or (), strict=True):
        for state, its in zip(states, others, strict=True):
            assert state.keys() == its.keys()
            for name in state:
                _assert_equal(state[name], its[name], name)


def _assert_equal(one: Any, other: Any, name: str) -> None:
    assert (one is None) == (other is None), name
    if one is not None:
        np.testing.assert_array_equal(one, other, strict=True, err_msg=name)
