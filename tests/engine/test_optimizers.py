"""Each update in numbers that can be checked by hand."""

import numpy as np
import pytest

from app.engine import SGD

PARAMETER, GRADIENT = np.array([[2.0, -4.0]]), np.array([[1.0, 0.5]])


@pytest.mark.parametrize(
    ("settings", "is_bias", "expected"),
    [
        ({}, False, [[1.5, -4.25]]),
        ({"weight_decay": 0.5}, False, [[1.0, -3.25]]),
        ({"weight_decay": 0.5}, True, [[1.5, -4.25]]),
        ({"weight_decay": 0.5, "decay_biases": True}, True, [[1.0, -3.25]]),
    ],
)
def test_sgd_by_hand(settings, is_bias, expected) -> None:
    moved, state = SGD(0.5, **settings).update(PARAMETER, GRADIENT, {}, is_bias=is_bias)
    assert moved.tolist() == expected
    assert not state
    assert not np.shares_memory(moved, GRADIENT)
    assert PARAMETER.tolist() == [[2.0, -4.0]]
    assert GRADIENT.tolist() == [[1.0, 0.5]]


def test_a_gradient_of_zero_moves_nothing() -> None:
    assert SGD(0.5).update(PARAMETER, np.zeros((1, 2)), {}, is_bias=False)[0].tolist() == PARAMETER.tolist()
