"""A derivative from differences at shrinking steps: better than any of them, never more certain than it may be."""

from collections.abc import Callable

import numpy as np
import pytest

from app.engine.extrapolation import extrapolate

NOISE = 1e-10


def of(f: Callable[[float], float], h: float, steps: int = 5, noise: float = NOISE) -> tuple[float, float]:
    """f'(0), and how far it may be off."""
    differences = [(f(h / 4**k) - f(-h / 4**k)) / (2 * h / 4**k) for k in range(steps)]
    values, doubts = extrapolate(np.array([differences]).T, 4.0, noise)
    return float(values[0]), float(doubts[0])


def bent(x: float, width: float) -> float:
    """As behind a normalisation: the slope at 0 changes over `width`. Its derivative there is 0.512 / width."""
    x = x / width + 0.75
    return float(x / np.sqrt(1 + x * x))


@pytest.mark.parametrize("width", [1.0, 1e-2, 1e-3, 1e-4])
def test_curvature_is_extrapolated_away(width: float) -> None:
    true = 0.512 / width
    plain = (bent(1e-5, width) - bent(-1e-5, width)) / 2e-5
    value, doubt = of(lambda x: bent(x, width), 1e-5)
    assert abs(value - true) <= 1e-8 * true + NOISE
    assert abs(value - true) <= doubt + NOISE
    assert doubt < 1e-6 * true
    if width <= 1e-3:
        assert abs(plain - true) > 100 * abs(value - true)


def test_where_smaller_steps_say_the_same_the_first_is_kept_without_a_doubt() -> None:
    value, doubt = of(lambda x: 3 * x, 2.0**-17)
    assert (value, doubt) == (3.0, 0.0)


@pytest.mark.parametrize("ratio", [0.01, 0.1, 1, 3, 10, 100])
def test_what_only_wide_steps_agree_on_is_not_trusted(ratio: float) -> None:
    """A narrow step in a straight line: from far away it is hardly there."""
    width = 1e-5 / 256 * ratio
    value, doubt = of(lambda x: x + 0.1 * width * np.tanh(x / width), 1e-5, noise=1e-12)
    assert abs(value - 1.1) <= doubt + 1e-6 or ratio < 1  # beyond the smallest step nobody can see
    if ratio < 1:
        assert doubt > 1e-5


def test_what_does_not_settle_says_so() -> None:
    value, doubt = of(lambda x: np.cbrt(x), 1e-5)  # vertical at 0
    assert doubt > 0.1 * abs(value)


def test_what_is_not_finite_on_the_way_is_in_doubt() -> None:
    _, doubts = extrapolate(np.array([[1.0, 1.0], [1.0, np.nan], [1.0, np.inf]]), 4.0, NOISE)
    assert doubts.tolist() == [0.0, np.inf]
