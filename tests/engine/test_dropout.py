"""The mask: how much it drops, that it can be drawn again, and that predictions know nothing of it."""

import numpy as np
import pytest

from app.engine import Dropout, OutOfBounds, ShapeMismatch, evaluate, make_network, predict, take_step
from tests.strategies import build_case


def dropping(rates, dtype: str = "float64"):
    case = build_case([3, 6, 5, 2], 4, seed=1, dtype=dtype)
    network = make_network(case.network.layer_sizes, "tanh", "softmax", "cross_entropy", case.network.W, case.network.b, dtype, rates)
    return network, case.X, case.Y


def test_a_mask_drops_the_share_p_and_has_mean_1() -> None:
    D = Dropout(0.3).mask((500, 400), np.random.default_rng(0), np.float64)
    assert np.unique(D).tolist() == [0.0, 1 / 0.7]
    assert np.mean(D == 0) == pytest.approx(0.3, abs=0.005)
    assert D.mean() == pytest.approx(1, abs=0.01)


def test_what_is_dropped_is_0_even_where_it_is_infinite() -> None:
    D, given = np.array([[0.0, 2.0]]), np.array([[np.inf, np.inf]])
    assert Dropout().forward(given, D).tolist() == [[0.0, np.inf]]
    assert Dropout().backward(given, D).tolist() == [[0.0, np.inf]]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_mask_is_in_the_trace_and_the_generators_alone(dtype: str) -> None:
    case = dropping([0.5, 0.0], dtype)
    one, same, other = (take_step(*case, rng=np.random.default_rng(seed)) for seed in (3, 3, 4))
    for name, tensor in one.layers[1].more.items():
        assert tensor.dtype == dtype
        assert not tensor.flags.writeable
        np.testing.assert_array_equal(tensor, same.layers[1].more[name])
    assert set(one.layers[1].more) == {"D", "G", "dG"}
    assert not one.layers[2].more
    assert (one.layers[1].more["D"] != other.layers[1].more["D"]).any()
    np.testing.assert_array_equal(one.layers[1].A, one.layers[1].more["D"] * one.layers[1].more["G"])
    # without a generator the masks follow from the step's number, so that a step can be taken again
    first, again, second = (take_step(*case, step=step) for step in (1, 1, 2))
    np.testing.assert_array_equal(first.layers[1].more["D"], again.layers[1].more["D"])
    assert (first.layers[1].more["D"] != second.layers[1].more["D"]).any()


def test_predictions_drop_nothing() -> None:
    network, X, Y = dropping(0.5)
    plain, _, _ = dropping(0.0)
    assert not any(plain.dropouts)
    np.testing.assert_array_equal(predict(network, X), predict(plain, X))
    assert evaluate(network, X, Y) == evaluate(plain, X, Y)
    assert take_step(network, X, Y).loss != take_step(plain, X, Y).loss


@pytest.mark.parametrize(
    ("rates", "error", "field"),
    [(1.0, OutOfBounds, "dropout"), ([0.1], ShapeMismatch, "dropout"), ([0, -1], OutOfBounds, "dropout[1]")],
)
def test_a_rate_that_does_not_fit_is_refused(rates, error, field) -> None:
    with pytest.raises(error) as refusal:
        dropping(rates)
    assert refusal.value.field == field
