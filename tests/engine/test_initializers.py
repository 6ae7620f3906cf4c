"""How weights begin: their mean, their spread and their bounds, as published."""

import math

import numpy as np
import pytest

from app.engine import initializers

SHAPE = (300, 200)  # n, n_prev

# (settings, mean, variance, lowest, highest); None where there is no bound
EXPECTED = {
    "he_normal": ({}, 0, 2 / 200, None, None),
    "he_uniform": ({}, 0, 2 / 200, -math.sqrt(6 / 200), math.sqrt(6 / 200)),
    "xavier_normal": ({"gain": 2}, 0, 4 * 2 / 500, None, None),
    "xavier_uniform": ({"gain": 2}, 0, 4 * 2 / 500, -2 * math.sqrt(6 / 500), 2 * math.sqrt(6 / 500)),
    "lecun_normal": ({}, 0, 1 / 200, None, None),
    "orthogonal": ({"gain": 3}, 0, 9 / 300, None, None),
    "normal": ({"mean": 5, "std": 0.5}, 5, 0.25, None, None),
    "uniform": ({"low": -1, "high": 3}, 1, 16 / 12, -1, 3),
    "constant": ({"value": -0.3}, -0.3, 0, -0.3, -0.3),
    "zeros": ({}, 0, 0, 0, 0),
}


@pytest.mark.parametrize("name", list(initializers))
def test_mean_spread_and_bounds_are_those_that_were_published(name: str) -> None:
    settings, mean, variance, low, high = EXPECTED[name]
    W = initializers.make(name, settings, field="initializer").weights(SHAPE, np.random.default_rng(0))
    assert W.mean() == pytest.approx(mean, abs=5 * math.sqrt(variance / W.size) + 1e-15)
    assert W.var() == pytest.approx(variance, rel=0.03, abs=1e-30)
    if low is not None:
        assert low <= W.min() <= W.max() <= high
        assert W.max() - W.min() > 0.99 * (high - low) or high == low


@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5), (1, 6), (6, 1)])
def test_an_orthogonal_matrix_keeps_lengths(shape: tuple[int, int]) -> None:
    W = initializers.make("orthogonal", {"gain": 2}, field="initializer").weights(shape, np.random.default_rng(1))
    assert W.shape == shape
    product = W @ W.T if shape[0] <= shape[1] else W.T @ W
    np.testing.assert_allclose(product, 4 * np.eye(min(shape)), atol=1e-14)


def test_orthogonal_matrices_favour_no_sign() -> None:
    rng, orthogonal = np.random.default_rng(2), initializers.make("orthogonal", field="initializer")
    signs = [np.sign(np.diagonal(orthogonal.weights((3, 3), rng))) for _ in range(600)]
    assert np.abs(np.mean(signs, axis=0)).max() < 0.15
