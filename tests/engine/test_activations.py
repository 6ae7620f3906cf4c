"""What every activation does with numbers that are extreme or not finite, at its kinks, and with its parameters."""

import math

import autograd
import numpy as np
import pytest

from app.engine import ReLU, UnknownName, activations
from app.engine.activations import slope
from tests.oracles import REFERENCE, assert_close

EVERY = list(activations)


def settings_of(entry) -> list[dict[str, float]]:
    """The defaults, and numbers within the bounds that are none of the defaults."""
    low_high = {p.name: ((p.low or 0.0) + (2 * p.default or 0.5) * 0.83) for p in entry.parameters}
    return [{}, low_high] if low_high else [{}]


CASES = [(name, settings) for name in EVERY for settings in settings_of(activations[name])]


@pytest.mark.parametrize("name", EVERY)
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


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_autograd_finds_the_same_slope_with_any_parameters(name: str, settings: dict[str, float]) -> None:
    activation = activations.make(name, settings, field="activation")
    Z = np.concatenate([np.linspace(-9, 9, 31), np.random.default_rng(0).standard_normal(40)]).reshape(1, -1)
    A = activation.forward(Z)
    given = {p.name: getattr(activation, p.name) for p in activation.parameters}
    assert_close(A, REFERENCE[name](Z, **given), f"A of {name}", rtol=1e-12, atol=1e-14)
    truth = autograd.elementwise_grad(lambda z: REFERENCE[name](z, **given))(Z)
    assert_close(slope(activation, Z, A), truth, f"slope of {name}", rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("name", "settings"), CASES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_thousand_on_either_side_is_no_accident(name: str, settings: dict[str, float], dtype: str) -> None:
    activation = activations.make(name, settings, field="activation")
    Z = np.array([[-1000.0, -88.8, -30.0, 30.0, 88.8, 1000.0]], dtype)
    A = activation.forward(Z)
    g = slope(activation, Z, A)
    assert np.isfinite(A).all()
    assert np.isfinite(g).all()
    far = activations.make(name, settings, field="activation").forward(np.array([[-1001.0, 1001.0]], dtype))
    # at its ends every activation is a straight line, of the slope that it claims there
    assert_close(g[:, [0, -1]], np.abs(far - A[:, [0, -1]]), "the slope at the ends", rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_not_a_number_stays_none(name: str) -> None:
    activation = activations.make(name, field="activation")
    Z = np.array([[np.nan, 1.0]])
    with np.errstate(all="ignore"):
        A = activation.forward(Z)
        assert np.isnan(A).tolist() == [[True, False]]
        # an infinite gradient is never made finite where the slope is neither 0 nor negative
        assert activation.backward(np.full((1, 1), np.inf), np.ones((1, 1)), activation.forward(np.ones((1, 1))))[0, 0] == np.inf


@pytest.mark.parametrize("name", EVERY)
def test_at_a_kink_the_slope_is_that_of_the_left(name: str) -> None:
    activation = activations.make(name, field="activation")
    for kink in activation.kinks:
        Z = np.array([[kink, kink - 1e-12]])
        at, left = slope(activation, Z, activation.forward(Z))[0]
        assert at == pytest.approx(left, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", EVERY)
def test_a_smooth_activation_has_no_kink_and_a_bent_one_says_where(name: str) -> None:
    activation = activations.make(name, field="activation")
    Z = np.array([np.arange(-4, 4.001, 0.25)])
    left, right = (slope(activation, Z + side, activation.forward(Z + side)) for side in (-1e-9, 1e-9))
    jumps = Z[np.abs(right - left) > 1e-6].tolist()
    assert jumps == list(activation.kinks)


@pytest.mark.parametrize("z", [-38.0, -20.0, -5.0, 5.0, 20.0, 38.0])
def test_saturated_slopes_are_right_to_the_last_digits(z: float) -> None:
    """A has been rounded to 1 by then: a slope made from A would be 0 or a few digits."""
    Z, e = np.array([[z]]), math.exp(-abs(z))
    for name, expected in {"sigmoid": e / (1 + e) ** 2, "tanh": 4 * e**2 / (1 + e**2) ** 2}.items():
        activation = activations.make(name, field="activation")
        assert slope(activation, Z, activation.forward(Z))[0, 0] == pytest.approx(expected, rel=1e-14, abs=0)


def test_gelu_keeps_its_lower_tail() -> None:
    # Phi(-10) = 7.619853024160527e-24: Abramowitz and Stegun, table 26.2
    assert activations.make("gelu", field="a").forward(np.array([[-10.0]]))[0, 0] == pytest.approx(-7.619853024160527e-23, rel=1e-12)


def test_relu_at_and_around_zero() -> None:
    Z = np.array([[-1.0, -0.0, 0.0, 5e-324, 1.0]])
    A = ReLU().forward(Z)
    assert A.tolist() == [[0.0, 0.0, 0.0, 5e-324, 1.0]]
    assert ReLU().backward(np.full_like(Z, 3.0), Z, A).tolist() == [[0.0, 0.0, 0.0, 3.0, 3.0]]


def test_relu_stops_an_infinite_gradient_whole_and_passes_it_whole() -> None:
    Z, dA = np.array([[-1.0, -1.0, 1.0, 1.0]]), np.array([[np.inf, np.nan, np.inf, np.nan]])
    np.testing.assert_array_equal(ReLU().backward(dA, Z, ReLU().forward(Z)), [[0.0, 0.0, np.inf, np.nan]])
    # and a Z that is NaN makes no gradient 0
    Z, dA = np.array([[np.nan, np.nan]]), np.array([[2.0, np.nan]])
    np.testing.assert_array_equal(ReLU().backward(dA, Z, ReLU().forward(Z)), [[2.0, np.nan]])


def test_selu_keeps_mean_and_variance() -> None:
    """What its two numbers are for: a standard normal signal stays one (Klambauer and others, 2017)."""
    A = activations.make("selu", field="a").forward(np.random.default_rng(0).standard_normal((1000, 1000)))
    assert A.mean() == pytest.approx(0, abs=0.01)
    assert A.var() == pytest.approx(1, abs=0.01)


def test_a_choice_is_a_name_or_an_object_and_is_kept_in_one_form() -> None:
    assert activations.choose({"name": "leaky_relu", "negative_slope": 0.2}, field="a").negative_slope == 0.2
    assert activations.written({"name": "leaky_relu", "negative_slope": 0.01}, field="a") == "leaky_relu"
    assert activations.written("leaky_relu", field="a") == "leaky_relu"
    assert activations.written({"name": "leaky_relu", "negative_slope": 1}, field="a") == {"name": "leaky_relu", "negative_slope": 1.0}
    with pytest.raises(UnknownName) as refusal:
        activations.choose({"negative_slope": 1}, field="a")
    assert refusal.value.field == "a.name"
