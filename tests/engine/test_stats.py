"""A tensor's summary, for every kind of number that can stand in it."""

import math

import numpy as np
import pytest

from app.engine import norm, stats


def test_plain_numbers() -> None:
    s = stats(np.array([[3.0, -4.0], [0.0, 1.0]]))
    assert (s.min, s.max, s.mean, s.zeros, s.nan, s.posinf, s.neginf) == (-4, 3, 0, 1, 0, 0, 0)
    assert s.l2 == pytest.approx(math.sqrt(26))
    assert s.std == pytest.approx(math.sqrt(26 / 4))


def test_what_is_not_finite_is_counted_and_not_averaged_in() -> None:
    s = stats(np.array([math.nan, math.inf, math.inf, -math.inf, 2.0, 4.0]))
    assert (s.nan, s.posinf, s.neginf) == (1, 2, 1)
    assert (s.min, s.max, s.mean, s.std) == (2, 4, 3, 1)


def test_nothing_finite() -> None:
    s = stats(np.array([math.nan, math.inf]))
    assert all(math.isnan(value) for value in (s.min, s.max, s.mean, s.std, s.l2))
    assert (s.nan, s.posinf) == (1, 1)


@pytest.mark.parametrize("size", [1e300, 1e-300])
def test_squares_neither_overflow_nor_vanish(size: float) -> None:
    s = stats(np.array([3 * size, -4 * size]))
    assert s.l2 == pytest.approx(5 * size)
    assert s.std == pytest.approx(3.5 * size)
    assert s.mean == pytest.approx(-0.5 * size)


@pytest.mark.parametrize(
    ("dtype", "size"), [("float64", 1e300), ("float64", 1e-300), ("float32", 1e30), ("float32", 1e-30), ("float32", 1)]
)
def test_a_norm_is_that_of_the_numbers_also_where_their_squares_are_none(dtype: str, size: float) -> None:
    tensor = (np.array([[3, -4], [0, 12]]) * size).astype(dtype)
    assert norm(tensor) == pytest.approx(13 * size, rel=1e-6)
    assert norm(tensor) == pytest.approx(stats(tensor).l2, rel=1e-6)


def test_a_norm_of_what_is_not_finite_is_not_either() -> None:
    assert norm(np.array([3.0, -math.inf])) == math.inf
    assert math.isnan(norm(np.array([3.0, math.nan, math.inf])))
    assert norm(np.zeros((2, 3))) == norm(np.zeros((0, 3))) == 0


def test_the_mean_of_the_largest_numbers_is_finite() -> None:
    top = float(np.finfo(np.float64).max)
    assert stats(np.array([top, top])).mean == pytest.approx(top)


def test_float32_is_summed_in_float64() -> None:
    assert stats(np.full(1_000_000, 0.1, np.float32)).mean == pytest.approx(float(np.float32(0.1)), rel=1e-12)


def test_layout_does_not_matter() -> None:
    tensor = np.arange(12.0).reshape(3, 4)
    assert stats(tensor) == stats(tensor.T)
    assert stats(np.zeros((0, 3))).zeros == 0
