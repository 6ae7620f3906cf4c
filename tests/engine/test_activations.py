"""What every activation does with numbers that are not finite, and what ReLU does at its kink."""

import numpy as np
import pytest

from app.engine import ReLU, activations


@pytest.mark.parametrize("name", list(activations))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_forward_and_backward_keep_shape_and_dtype_and_what_they_were_given(name: str, dtype: str) -> None:
    activation = activations.make(name, field="activation")
    Z, dA = np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3), np.ones((2, 3), dtype)
    Z.flags.writeable = dA.flags.writeable = False
    A = activation.forward(Z)
    dZ = activation.backward(dA, Z, A)
    assert A.dtype == dZ.dtype == dtype
    assert A.shape == dZ.shape == (2, 3)
    assert not np.shares_memory(dZ, dA)
    assert not np.shares_memory(A, Z)


def test_relu_at_and_around_zero() -> None:
    Z = np.array([[-1.0, -0.0, 0.0, 5e-324, 1.0]])
    A = ReLU().forward(Z)
    assert A.tolist() == [[0.0, 0.0, 0.0, 5e-324, 1.0]]
    assert ReLU().backward(np.full_like(Z, 3.0), Z, A).tolist() == [[0.0, 0.0, 0.0, 3.0, 3.0]]


def test_relu_stops_an_infinite_gradient_whole_and_passes_it_whole() -> None:
    Z, dA = np.array([[-1.0, -1.0, 1.0, 1.0]]), np.array([[np.inf, np.nan, np.inf, np.nan]])
    np.testing.assert_array_equal(ReLU().backward(dA, Z, ReLU().forward(Z)), [[0.0, 0.0, np.inf, np.nan]])
