"""The record says what was stepped on, and can't be rewritten."""

import dataclasses

import numpy as np
import pytest

from app.engine import take_step
from tests.strategies import build_case

TRACE = take_step(*build_case([3, 4, 2], 5, seed=0), step=9)


def test_a_trace_knows_its_batch() -> None:
    assert (TRACE.step, TRACE.m, TRACE.dtype) == (9, 5, "float64")
    assert TRACE.X is TRACE.layers[0].A
    assert [(layer.index, layer.size, layer.activation) for layer in TRACE.layers] == [(0, 3, None), (1, 4, "relu"), (2, 2, "softmax")]
    assert TRACE.loss == pytest.approx(TRACE.losses.mean())


def test_the_input_has_A_and_dA_alone_and_the_output_no_dA() -> None:
    first, last = TRACE.layers[0], TRACE.layers[-1]
    assert first.dA is not None
    assert first.W is first.b is first.Z is first.dZ is first.dW is first.db is None
    assert last.dA is None


def test_neither_fields_nor_the_batch_can_be_rewritten() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TRACE.loss = 0.0
    with pytest.raises(AttributeError):
        TRACE.layers[1].W = np.zeros((4, 3))
    for tensor in (TRACE.X, TRACE.Y):
        with pytest.raises(ValueError, match="read-only"):
            tensor[...] = 0
