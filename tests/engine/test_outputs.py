"""Outputs and losses in numbers that can be checked by hand and at the edges; pairs that do and do not fit."""

import math

import numpy as np
import pytest

from app.engine import (
    Huber,
    MeanAbsoluteError,
    MeanSquaredError,
    NotADistribution,
    NotAProbability,
    OutOfBounds,
    SigmoidBinaryCrossEntropy,
    Softmax,
    SoftmaxCrossEntropy,
    UnfitPair,
    UnknownName,
    UnknownParameter,
    check_batch,
    make_network,
    outputs,
    take_step,
)
from app.engine.outputs import find_output, written_output


def test_equal_logits_are_equal_probabilities_and_a_loss_of_log_n() -> None:
    A, losses = SoftmaxCrossEntropy().forward(np.zeros((4, 2)), np.eye(4)[:, :2])
    assert A.tolist() == [[0.25, 0.25]] * 4
    assert losses.tolist() == pytest.approx([math.log(4)] * 2, rel=1e-15)


@pytest.mark.parametrize("shift", [-1e6, 0, 1e6])
def test_a_shift_of_all_logits_changes_nothing(shift: float) -> None:
    Z, Y = np.array([[1.0], [2.0], [4.0]]), np.array([[0.5], [0.25], [0.25]])
    for shifted, plain in zip(SoftmaxCrossEntropy().forward(Z + shift, Y), SoftmaxCrossEntropy().forward(Z, Y), strict=True):
        np.testing.assert_allclose(shifted, plain, rtol=1e-9)


def test_a_class_that_is_no_target_adds_nothing_even_at_minus_infinity() -> None:
    A, losses = SoftmaxCrossEntropy().forward(np.array([[0.0], [-np.inf]]), np.array([[1.0], [0.0]]))
    assert A.tolist() == [[1.0], [0.0]]
    assert losses.tolist() == [0.0]


def test_soft_targets_cost_at_least_their_entropy() -> None:
    Y = np.array([[0.7], [0.3]])
    losses = SoftmaxCrossEntropy().forward(np.log(Y), Y)[1]
    assert losses[0] == pytest.approx(-(0.7 * math.log(0.7) + 0.3 * math.log(0.3)))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_dZ_keeps_the_dtype(dtype: str) -> None:
    output, Y = SoftmaxCrossEntropy(), np.eye(3, dtype=dtype)
    A, losses = output.forward(np.ones((3, 3), dtype), Y)
    assert A.dtype == losses.dtype == output.backward(A, Y).dtype == dtype


@pytest.mark.parametrize("n", [2, 3, 6, 7, 9, 11])
def test_targets_typed_with_six_digits_are_a_distribution(n: int) -> None:
    typed = np.full((n, 2), round(1 / n, 6))
    Y = SoftmaxCrossEntropy().targets(typed)
    np.testing.assert_allclose(Y, 1 / n, rtol=1e-15)
    # so the loss of equal logits is the least that it can be, and its gradient nothing
    A, _ = SoftmaxCrossEntropy().forward(np.zeros((n, 2)), Y)
    assert np.abs(SoftmaxCrossEntropy().backward(A, Y)).max() < 1e-15
    with pytest.raises(NotADistribution):
        SoftmaxCrossEntropy().targets(typed * (1 - 1e-5))


def test_targets_that_are_a_distribution_stay_as_they_are() -> None:
    for Y in (np.eye(3), np.full((10, 4), 0.1), np.full((3, 5), 1 / 3)):
        assert SoftmaxCrossEntropy().targets(Y) is Y


def test_a_sum_beyond_the_largest_float_is_refused_like_any_other() -> None:
    with pytest.raises(NotADistribution) as refusal:
        SoftmaxCrossEntropy().targets(np.full((2, 1), 1e308))
    assert (refusal.value.field, refusal.value.value) == ("Y", [1e308, 1e308])


def test_every_pair_is_found_by_its_two_names() -> None:
    for entry in outputs.values():
        assert isinstance(find_output(entry.activation, entry.loss), entry)


def test_two_known_names_that_do_not_fit_are_told_what_would(monkeypatch: pytest.MonkeyPatch) -> None:
    other = type("Other", (SoftmaxCrossEntropy,), {"name": "other", "activation": "other", "loss": "other_loss"})
    monkeypatch.setattr(outputs, "_entries", {**outputs._entries, "other": other})
    with pytest.raises(UnfitPair, match="one that fits softmax: cross_entropy") as refusal:
        find_output("softmax", "other_loss")
    assert (refusal.value.field, refusal.value.value) == ("loss", "other_loss")
    with pytest.raises(UnknownName):
        find_output("nothing", "cross_entropy")


@pytest.mark.parametrize("epsilon", [0.1, 1.0])
def test_label_smoothing_is_the_plain_loss_on_mixed_targets(epsilon: float) -> None:
    rng = np.random.default_rng(0)
    Z, Y = rng.standard_normal((4, 3)), np.eye(4)[:, :3]
    smoothed, plain = SoftmaxCrossEntropy(epsilon), SoftmaxCrossEntropy()
    mixed = (1 - epsilon) * Y + epsilon / 4
    A, losses = smoothed.forward(Z, Y)
    np.testing.assert_allclose(losses, plain.forward(Z, mixed)[1], rtol=1e-15)
    np.testing.assert_allclose(smoothed.backward(A, Y), A - mixed, rtol=1e-15, atol=1e-16)


def test_binary_cross_entropy_is_summed_over_the_outputs_and_any_number_of_them_may_be_right() -> None:
    output = SigmoidBinaryCrossEntropy()
    Y = np.array([[1.0, 0.0], [1.0, 0.5]])
    A, losses = output.forward(np.zeros((2, 2)), Y)
    assert losses.tolist() == pytest.approx([2 * math.log(2)] * 2, rel=1e-15)
    assert output.backward(A, Y).tolist() == [[-0.5, 0.5], [-0.5, 0.0]]


def test_a_saturated_sigmoid_keeps_its_gradient_and_its_loss() -> None:
    output, Z = SigmoidBinaryCrossEntropy(), np.array([[1000.0, -1000.0, 1000.0, 40.0]])
    A, losses = output.forward(Z, np.array([[0.0, 1.0, 1.0, 1.0]]))
    assert losses.tolist() == [1000.0, 1000.0, 0.0, pytest.approx(math.exp(-40), rel=1e-15)]
    assert output.backward(A, np.array([[0.0, 1.0, 1.0, 1.0]])).tolist() == [[1.0, -1.0, 0.0, 0.0]]


def test_certainty_that_is_infinite_costs_nothing_where_it_is_right() -> None:
    losses = SigmoidBinaryCrossEntropy().forward(np.array([[np.inf, -np.inf]]), np.array([[1.0, 0.0]]))[1]
    assert losses.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("wrong", [-0.1, 1.5])
def test_a_target_that_is_no_probability_is_refused(wrong: float) -> None:
    with pytest.raises(NotAProbability) as refusal:
        SigmoidBinaryCrossEntropy().targets(np.array([[0.0, 1.0], [0.5, wrong]]))
    assert (refusal.value.field, refusal.value.value) == ("Y[1][1]", wrong)


def test_losses_by_hand() -> None:
    """Of outputs 3 and 0.5 above their targets, and 2 below."""
    A, Y = np.array([[3.0], [0.5], [-1.0]]), np.array([[0.0], [0.0], [1.0]])
    for loss, value, dA in (
        (MeanSquaredError(), (9 + 0.25 + 4) / 2, [3.0, 0.5, -2.0]),
        (MeanAbsoluteError(), 5.5, [1.0, 1.0, -1.0]),
        (Huber(), 2.5 + 0.125 + 1.5, [1.0, 0.5, -1.0]),
        (Huber(delta=2.5), 2.5 * (3 - 1.25) + 0.125 + 2, [2.5, 0.5, -2.0]),
    ):
        assert loss.forward(A, Y).tolist() == [value]
        assert loss.backward(A, Y)[:, 0].tolist() == dA
    assert MeanAbsoluteError().backward(Y, Y).tolist() == [[0.0]] * 3


def test_what_is_infinite_is_recorded_in_dA_and_dZ_is_still_right() -> None:
    for name, dA, dZ in (("identity", np.inf, np.inf), ("relu", np.inf, np.inf), ("sigmoid", 1.0, 0.0)):
        network = make_network([1, 1], [], name, "mse", [[[1e200]]], [[0.0]])
        trace = take_step(network, *check_batch(network, [[1e200]], [[0.0]]))
        assert trace.layers[1].dA.tolist() == [[dA]], name
        assert trace.layers[1].dZ.tolist() == [[dZ]], name


def test_softmax_taken_apart_is_right_where_it_is_saturated() -> None:
    """dZ = A * (dA - sum of A dA) would lose every digit here: 1 - A is below the last digit of A."""
    softmax, Z, dA = Softmax(), np.array([[0.0], [-50.0]]), np.array([[1.0], [-1.0]])
    dZ = softmax.backward(dA, Z, softmax.forward(Z))
    assert dZ[:, 0].tolist() == pytest.approx([2 * math.exp(-50), -2 * math.exp(-50)], rel=1e-14, abs=0)


def test_accuracy_is_of_classes_and_none_where_there_are_none() -> None:
    A, one_hot = np.array([[0.9, 0.2], [0.1, 0.3]]), np.array([[1.0, 1.0], [0.0, 0.0]])
    assert SoftmaxCrossEntropy().accuracy(A, one_hot) == 0.5
    assert MeanSquaredError().accuracy(A, one_hot) == 0.5
    assert math.isnan(MeanSquaredError().accuracy(A, one_hot * 0.99))
    assert math.isnan(MeanSquaredError().accuracy(A[:1], one_hot[:1]))
    assert SigmoidBinaryCrossEntropy().accuracy(A, np.array([[1.0, 1.0], [1.0, 0.0]])) == 0.5


@pytest.mark.parametrize(
    ("pair", "error", "field"),
    [
        (("sigmoid", "cross_entropy"), UnfitPair, "loss"),
        (("softmax", "binary_cross_entropy"), UnfitPair, "loss"),
        (("tanh", {"name": "cross_entropy"}), UnfitPair, "loss"),
        (("softmax", {"name": "huber", "delta": 0}), OutOfBounds, "loss.delta"),
        (("softmax", {"name": "cross_entropy", "label_smoothing": 1.1}), OutOfBounds, "loss.label_smoothing"),
        (("softmax", {"name": "mse", "delta": 1}), UnknownParameter, "loss.delta"),
        (({"name": "softmax", "beta": 1}, "cross_entropy"), UnknownParameter, "output_activation.beta"),
        (({"name": "softplus", "beta": 0}, "mse"), OutOfBounds, "output_activation.beta"),
        (({"name": "nothing"}, "mse"), UnknownName, "output_activation.name"),
        (("identity", {"delta": 1}), UnknownName, "loss.name"),
    ],
)
def test_what_does_not_fit_is_refused(pair, error, field) -> None:
    with pytest.raises(error) as refusal:
        find_output(*pair)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("softmax", {"name": "cross_entropy", "label_smoothing": 0}), ("softmax", "cross_entropy")),
        (("softmax", {"name": "cross_entropy", "label_smoothing": 0.1}), ("softmax", {"name": "cross_entropy", "label_smoothing": 0.1})),
        (({"name": "softplus", "beta": 2}, {"name": "huber", "delta": 1}), ({"name": "softplus", "beta": 2.0}, "huber")),
    ],
)
def test_a_pair_is_kept_in_one_form(given, kept) -> None:
    assert written_output(*given) == kept
    find_output(*kept)
