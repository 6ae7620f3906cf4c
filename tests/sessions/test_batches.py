"""Batches are a pure function, and show every example once an epoch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.sessions.batches import batch_indices

seeds = st.integers(0, 2**53 - 1)


@given(seeds, st.integers(1, 50), st.integers(1, 60))
def test_every_example_comes_once_an_epoch(seed, count, batch_size):
    epochs = 3
    batches = -(-epochs * count // batch_size)
    seen = np.concatenate([batch_indices(seed, n * batch_size, batch_size, count) for n in range(batches)])[: epochs * count]
    for epoch in seen.reshape(epochs, count):
        assert sorted(epoch) == list(range(count))


@given(seeds, st.integers(1, 10**9))
def test_a_batch_does_not_depend_on_those_before(seed, n):
    there = batch_indices(seed, n * 8, 8, 30)
    batch_indices(seed, 0, 8, 30)
    np.testing.assert_array_equal(batch_indices(seed, n * 8, 8, 30), there)
