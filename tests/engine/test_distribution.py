"""How a tensor's numbers are spread: every cell in exactly one place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.engine import axis_of, counts

cells = arrays(np.float64, st.integers(1, 40), elements=st.floats(allow_nan=True, allow_infinity=True))


@pytest.mark.parametrize("scale", ["linear", "symlog"])
@settings(max_examples=60)
@given(st.lists(cells, min_size=1, max_size=4), st.integers(2, 50))
def test_every_cell_is_counted_once_and_between_the_edges_of_its_bin(scale, tensors, bins):
    axis = axis_of(tensors, bins, scale)
    assert len(axis.edges) == bins + 1
    assert np.isfinite(axis.edges).all()
    assert (np.diff(axis.edges) >= 0).all()
    for tensor in tensors:
        found = counts(tensor, axis)
        assert found.bins.sum() + found.zeros + found.nan + found.posinf + found.neginf == found.cells == tensor.size
        finite = tensor[np.isfinite(tensor) & (tensor != 0)]
        # by NumPy's own count, but for edges that fell together
        if (np.diff(axis.edges) > 0).all():
            assert (found.bins == np.histogram(finite, axis.edges)[0]).all()
        assert not finite.size or axis.edges[0] <= finite.min() <= finite.max() <= axis.edges[-1]


def test_a_symlog_axis_has_the_same_room_for_each_decade():
    axis = axis_of([np.array([-1.0, -1e-3, 1e-3, 1.0])], 40, "symlog")
    assert axis.threshold == 1e-3
    places = np.sign(axis.edges) * np.log1p(np.abs(axis.edges) / axis.threshold)
    np.testing.assert_allclose(np.diff(places), np.diff(places)[0])


def test_tiny_cells_do_not_stretch_a_symlog_axis():
    assert axis_of([np.array([1.0, 1e-300])], 10, "symlog").threshold == 1e-6


@pytest.mark.parametrize("tensor", [[], [0.0, -0.0], [np.nan, np.inf, -np.inf]])
def test_where_nothing_is_to_be_binned_there_is_an_axis_all_the_same(tensor):
    array = np.array(tensor)
    found = counts(array, axis_of([array], 4, "linear"))
    assert found.bins.tolist() == [0, 0, 0, 0]
