"""One step: what is recorded, in which dtype, and what happens at the edges of the numbers."""

import dataclasses

import numpy as np
import pytest

from app.engine import (
    SGD,
    EngineError,
    NotADistribution,
    NotFinite,
    ShapeMismatch,
    check_batch,
    evaluate,
    make_network,
    next_network,
    predict,
    take_step,
)
from tests import oracles
from tests.strategies import build_case

TENSORS = ("A", "dA", "W", "b", "Z", "dZ", "dW", "db", "W_next", "b_next")


def tensors(trace):
    return {(name, layer.index): tensor for layer in trace.layers for name in TENSORS if (tensor := getattr(layer, name)) is not None}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_tensor_has_the_networks_dtype_and_is_read_only(dtype: str) -> None:
    trace = take_step(*build_case([3, 4, 2], 5, seed=0, dtype=dtype), optimizer=SGD(0.1, weight_decay=0.1))
    recorded = tensors(trace) | {("losses", 0): trace.losses}
    assert len(recorded) == 2 + 10 + 9 + 1  # the input, a hidden layer, the output without dA, the losses
    for name, tensor in recorded.items():
        assert tensor.dtype == dtype, name
        with pytest.raises(ValueError, match="read-only"):
            tensor[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.loss = 0.0


def test_dA_0_is_m_times_the_gradient_of_the_mean_loss() -> None:
    case = build_case([4, 5, 3], 6, seed=1)
    truth = oracles.central_differences(lambda X: evaluate(case.network, X, case.Y)[0], case.X)
    oracles.assert_close(take_step(*case).layers[0].dA, case.X.shape[1] * truth, "dA[0]", atol=1e-7)


def test_float32_is_close_to_float64() -> None:
    single, double = (oracles.analytic(take_step(*build_case([4, 6, 3], 8, seed=2, dtype=dtype))) for dtype in ("float32", "float64"))
    oracles.assert_gradients(single, double, rtol=1e-4, atol=1e-5)


def test_a_step_is_the_same_every_time_to_the_last_bit() -> None:
    first, again = (take_step(*build_case([4, 6, 3], 8, seed=3), optimizer=SGD(0.1)) for _ in range(2))
    assert all((tensor == tensors(again)[name]).all() for name, tensor in tensors(first).items())
    assert first.loss == again.loss


def test_a_batch_of_one() -> None:
    case = build_case([3, 4, 2], 1, seed=4)
    trace = take_step(*case)
    assert trace.m == 1
    assert trace.loss == trace.losses[0]
    assert trace.layers[1].dW.shape == (4, 3)
    oracles.assert_gradients(oracles.analytic(trace), oracles.automatic(*case), rtol=1e-10, atol=1e-12)


def test_a_zero_pre_activation_passes_no_gradient() -> None:
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1.0]], [[1.0], [2.0]]], [[0.0], [0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[0.0]], [[1.0], [0.0]]))
    assert trace.layers[1].dA[0, 0] != 0
    assert trace.layers[1].dZ[0, 0] == 0


def test_logits_of_1000_are_fine() -> None:
    network = make_network([1, 2], [], "softmax", "cross_entropy", [[[1000.0], [-1000.0]]], [[0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]))
    assert trace.losses.tolist() == [0.0, 2000.0]
    assert trace.loss == 1000.0
    assert trace.layers[1].A.tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert trace.accuracy == 0.5


def test_what_is_not_finite_is_recorded_not_hidden() -> None:
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1e200]], [[1e200], [1.0]]], [[0.0], [0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]]), optimizer=SGD(0.1))
    assert np.isposinf(trace.layers[2].Z[0, 0])
    assert np.isnan(trace.layers[2].A[0, 0])
    assert np.isnan(trace.loss)
    assert trace.accuracy == 0.0


def test_the_update_follows_the_gradient_and_the_network_stays_as_it_was() -> None:
    case = build_case([3, 4, 2], 5, seed=5)
    before = [W.copy() for W in case.network.W]
    trace = take_step(*case, optimizer=SGD(0.5, weight_decay=0.1), step=7)
    after = next_network(case.network, trace)
    for l in (1, 2):
        layer = trace.layers[l]
        np.testing.assert_allclose(after.W[l - 1], layer.W - 0.5 * (layer.dW + 0.1 * layer.W), rtol=1e-15, atol=1e-15)
        np.testing.assert_allclose(after.b[l - 1], layer.b - 0.5 * layer.db, rtol=1e-15, atol=1e-15)
        assert (case.network.W[l - 1] == before[l - 1]).all()
    assert trace.step == 7


def test_biases_decay_only_when_asked() -> None:
    case = build_case([3, 2], 5, seed=5)
    layer = take_step(*case, optimizer=SGD(0.5, weight_decay=0.1, decay_biases=True)).layers[1]
    np.testing.assert_allclose(layer.b_next, layer.b - 0.5 * (layer.db + 0.1 * layer.b))


def test_without_an_optimizer_there_is_no_update() -> None:
    case = build_case([3, 2], 5, seed=6)
    trace = take_step(*case)
    assert trace.layers[1].W_next is None
    assert trace.optimizer_state is None
    with pytest.raises(ValueError, match="no update"):
        next_network(case.network, trace)


def test_predict_and_evaluate_agree_with_the_trace() -> None:
    case = build_case([3, 4, 2], 5, seed=8)
    trace = take_step(*case)
    assert (predict(case.network, case.X) == trace.layers[-1].A).all()
    assert evaluate(*case) == pytest.approx((trace.loss, trace.accuracy), rel=1e-15)


GOOD_X, GOOD_Y = [[1.0, 2.0]] * 3, [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("X", "Y", "error", "field", "value"),
    [
        ([[1.0, 2.0]] * 2, GOOD_Y, ShapeMismatch, "X", (2, 2)),
        (np.zeros((3, 0)), np.zeros((2, 0)), ShapeMismatch, "X", (3, 0)),
        (GOOD_X, [[1.0], [0.0]], ShapeMismatch, "Y", (2, 1)),
        ([[1.0, np.inf]] * 3, GOOD_Y, NotFinite, "X[0][1]", np.inf),
        (GOOD_X, [[0.5, 0.0], [0.0, 1.0]], NotADistribution, "Y", [0.5, 0.0]),
        (GOOD_X, [[1.0, 2.0], [0.0, -1.0]], NotADistribution, "Y[1][1]", -1.0),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(X, Y, error, field, value) -> None:
    with pytest.raises(error) as refusal:
        check_batch(build_case([3, 2], 1, seed=0).network, X, Y)
    assert isinstance(refusal.value, EngineError)
    assert (refusal.value.field, refusal.value.value) == (field, value)
    assert refusal.value.bound in str(refusal.value)
