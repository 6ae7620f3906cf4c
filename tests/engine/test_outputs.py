"""Softmax with cross-entropy at the edges of the numbers; pairs that do and do not fit."""

import math

import numpy as np
import pytest

from app.engine import NotADistribution, SoftmaxCrossEntropy, UnfitPair, UnknownName, outputs
from app.engine.outputs import find_output


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


def test_targets_typed_with_six_digits_are_a_distribution() -> None:
    SoftmaxCrossEntropy().check_targets(np.full((3, 1), 0.333333) + [[1e-6], [0], [0]])


def test_a_sum_beyond_the_largest_float_is_refused_like_any_other() -> None:
    with pytest.raises(NotADistribution) as refusal:
        SoftmaxCrossEntropy().check_targets(np.full((2, 1), 1e308))
    assert (refusal.value.field, refusal.value.value) == ("Y[:, 0]", math.inf)


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
