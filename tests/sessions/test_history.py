"""The scalars of a run as columns, also where old steps lack what newer ones have."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sessions.history import history
from app.sessions.sampling import coarse_first, spread


def row(**changed):
    return {
        "loss": 1.0, "accuracy": 0.5, "test_loss": 1.0, "test_accuracy": 0.5,
        "W_l2": [2.0, 4.0], "dW_l2": [1.0, 1.0], "db_l2": [1.0, 1.0], "update_l2": [0.5, 3.0], "dead_units": [0, 1], **changed,
    }  # fmt: skip


def test_the_ratio_is_the_update_over_the_weights():
    layers = history({}, [(1, row())], 2)["layers"]
    assert [layer["update_to_weight"] for layer in layers] == [[0.25], [0.75]]


@pytest.mark.parametrize(
    ("update", "weight", "ratio"),
    [
        (1.0, 0.0, "Infinity"),
        (0.0, 0.0, "NaN"),
        ("NaN", 1.0, "NaN"),
        ("Infinity", 2.0, "Infinity"),
        (1.0, "Infinity", 0.0),
        (0.0, 3.0, 0.0),
    ],
)
def test_a_ratio_that_is_no_number_is_told_as_its_word(update, weight, ratio):
    told = history({}, [(1, row(update_l2=[update] * 2, W_l2=[weight] * 2))], 2)
    assert told["layers"][0]["update_to_weight"] == [ratio]


def test_what_an_old_step_did_not_keep_is_null():
    old = row()
    del old["W_l2"]
    layer = history({}, [(1, old), (2, row())], 2)["layers"][1]
    assert layer["W_l2"] == [None, 4.0]
    assert layer["update_to_weight"] == [None, 0.75]
    assert layer["update_l2"] == [3.0, 3.0]


@given(st.integers(1, 20_000), st.integers(0, 20_000), st.integers(1, 200))
def test_steps_are_spread_from_end_to_end(first, more, most):
    newest = first + more
    steps = spread(first, newest, most)
    assert steps == sorted(set(steps))
    assert 1 <= len(steps) <= most
    assert steps[-1] == newest
    if most >= 2:
        assert steps[0] == first
        # nowhere thinner than twice what is possible at all
        assert np.diff(steps).max(initial=0) <= 2 * math.ceil((newest - first) / max(1, most - 2)) + 1 or most < 4
    order = coarse_first(steps)
    assert sorted(order) == steps
    assert order[0] == newest


def test_a_step_later_most_of_the_steps_are_the_same():
    assert len(set(spread(1, 1000, 60)) & set(spread(1, 1001, 60))) >= len(spread(1, 1001, 60)) - 1


def test_nothing_is_spread_over_nothing():
    assert spread(1, 0, 60) == []
    assert coarse_first([]) == []
