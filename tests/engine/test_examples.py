"""How far the examples disagree, what one of them says alone, and what an update did to the loss."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings

from app.engine import (
    SGD,
    Cell,
    OutOfBounds,
    Trace,
    cancellation,
    check_batch,
    example_alone,
    explain,
    make_network,
    next_network,
    slope_of,
    take_step,
    update_effect,
)
from app.engine.explain import tensors_of
from app.engine.terms import Reader
from tests.strategies import Step, build_step, steps


def brute_force(trace: Trace, layer: int) -> tuple[np.ndarray, np.ndarray]:
    """What each example adds to m dW and to m db, example by example: (n_l, n_prev, m) and (n_l, 1, m)."""
    dZ, A_prev = trace.layers[layer].dZ.astype(np.float64), trace.layers[layer - 1].A.astype(np.float64)
    of_W = np.stack([np.outer(dZ[:, i], A_prev[:, i]) for i in range(trace.m)], axis=-1)
    return of_W, dZ[:, None, :]


def share(sum_of_magnitudes: np.ndarray, magnitudes: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return sum_of_magnitudes / magnitudes


@given(steps())
def test_cancellation_is_that_of_the_terms_one_by_one(step: Step) -> None:
    for layer in range(1, len(step.trace.layers)):
        found = cancellation(step.trace, layer)
        for name, terms in zip(("dW", "db"), brute_force(step.trace, layer), strict=True):
            sums, magnitudes = np.abs(terms.sum(axis=-1)), np.abs(terms).sum(axis=-1)
            # a cell that cancels to nothing keeps rounding of its terms
            np.testing.assert_allclose(getattr(found, name), share(sums, magnitudes), rtol=1e-10, atol=1e-14)
            units = share(sums.sum(axis=1), magnitudes.sum(axis=1))
            np.testing.assert_allclose(getattr(found, f"{name}_units"), units, rtol=1e-10, atol=1e-14)
            np.testing.assert_allclose(getattr(found, f"{name}_layer"), share(sums.sum(), magnitudes.sum()), rtol=1e-10, atol=1e-14)
            assert getattr(found, name).shape == getattr(step.trace.layers[layer], name).shape
            assert getattr(found, f"{name}_units").shape == (step.trace.layers[layer].size,)


@given(steps())
@settings(max_examples=15)
def test_cancellation_and_explanation_agree(step: Step) -> None:
    for layer in step.trace.layers[1:]:
        found = cancellation(step.trace, layer.index)
        for name in ("dW", "db"):
            for (row, col), index in np.ndenumerate(getattr(found, name)):
                explained = explain(step.trace, step.network, step.optimizer, Cell(name, layer.index, row, col))
                np.testing.assert_allclose(index, explained.cancellation, rtol=1e-10, atol=1e-14)
                assert math.isnan(index) or 0 <= index <= 1


def by_hand(Z: list[list[float]], Y: list[list[float]]) -> Trace:
    """One layer of weights Z on one-hot inputs, so that Z are its logits."""
    network = make_network([len(Z[0]), len(Z)], [], "softmax", "cross_entropy", [Z], [[0.0] * len(Z)])
    return take_step(network, *check_batch(network, np.eye(len(Z[0])), Y))


def test_cancellation_by_hand() -> None:
    # A is a half everywhere, so dZ is a half up or down: on one input each, nothing cancels; in the bias both examples do
    trace = by_hand([[0.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]])
    found = cancellation(trace, 1)
    assert found.dW.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert found.db.tolist() == [[0.0], [0.0]]
    assert (found.dW_layer, found.db_layer) == (1.0, 0.0)
    # three against one: |2| of 4
    trace = by_hand([[0.0] * 4] * 2, [[1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    assert cancellation(trace, 1).db_units.tolist() == [0.5, 0.5]


def test_where_every_example_adds_nothing_there_is_no_index() -> None:
    # the hidden unit is below 0 for both examples: its dZ is 0, and so is its A
    network = make_network([1, 2, 2], "relu", "softmax", "cross_entropy", [[[-1.0], [1.0]], np.eye(2)], [[0.0, 0.0], [0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]]))
    hidden, last = cancellation(trace, 1), cancellation(trace, 2)
    assert np.isnan(hidden.dW[0, 0])
    assert np.isnan(hidden.dW_units[0])
    assert np.isnan(hidden.db[0, 0])
    assert np.isnan(last.dW[:, 0]).all()
    assert np.isfinite([hidden.dW[1, 0], hidden.dW_layer, last.dW_layer, hidden.db_layer]).all()


@pytest.mark.parametrize("layer", [-1, 0, 3])
def test_a_layer_without_weights_has_no_cancellation(layer: int) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        cancellation(build_step([3, 4, 2], 5, seed=0).trace, layer)
    assert (refusal.value.field, refusal.value.value, refusal.value.bound) == ("layer", layer, "1 to 2")


def test_cancellation_of_what_is_not_finite_is_nan_and_no_crash() -> None:
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1e200]], [[1e200], [1.0]]], [[0.0], [0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]]))
    assert np.isnan(cancellation(trace, 2).dW_layer)
    alone = example_alone(trace, network, 0)
    assert np.isnan(alone.loss)


# ---- one example


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_example_alone_has_the_batchs_columns_to_the_last_bit(dtype: str) -> None:
    step = build_step([3, 6, 5, 4], 7, seed=3, dtype=dtype)
    for i in range(7):
        alone = example_alone(step.trace, step.network, i)
        assert alone.m == 1
        assert alone.dtype == dtype
        assert alone.step == step.trace.step
        assert alone.loss == alone.losses[0] == step.trace.losses[i]
        assert (alone.Y == step.trace.Y[:, i : i + 1]).all()
        for whole, part in zip(step.trace.layers, alone.layers, strict=True):
            for name in ("A", "dA", "Z", "dZ"):
                column, own = getattr(whole, name), getattr(part, name)
                assert (column is None) == (own is None)
                assert column is None or (column[:, i : i + 1] == own).all()
            assert part.W is whole.W
            assert part.b is whole.b
            assert part.W_next is part.b_next is None
    assert alone.optimizer_state is None


@given(steps())
def test_the_batchs_gradient_is_the_mean_of_its_examples(step: Step) -> None:
    alone = [example_alone(step.trace, step.network, i) for i in range(step.trace.m)]
    for layer in step.trace.layers[1:]:
        for name in ("dW", "db"):
            each = np.stack([getattr(trace.layers[layer.index], name) for trace in alone])
            mean, size = each.mean(axis=0), np.abs(each).mean(axis=0)
            assert (np.abs(mean - getattr(layer, name)) <= 1e-12 * size).all()
    assert np.mean([trace.loss for trace in alone]) == pytest.approx(step.trace.loss, rel=1e-12)
    assert np.mean([trace.accuracy for trace in alone]) == pytest.approx(step.trace.accuracy, nan_ok=True)


def test_an_example_alone_is_right_or_wrong_by_its_largest_probability() -> None:
    step = build_step([3, 6, 5, 4], 40, seed=3)
    right = step.trace.layers[-1].A.argmax(axis=0) == step.trace.Y.argmax(axis=0)
    assert 0 < right.sum() < 40
    assert [example_alone(step.trace, step.network, i).accuracy for i in range(40)] == right.tolist()


def test_an_example_alone_is_its_own_step_within_rounding() -> None:
    step = build_step([3, 6, 5, 4], 7, seed=3)
    for i in range(7):
        alone = example_alone(step.trace, step.network, i)
        own = take_step(step.network, step.trace.X[:, i : i + 1], step.trace.Y[:, i : i + 1])
        for one, other in zip(alone.layers, own.layers, strict=True):
            for name in ("A", "dA", "Z", "dZ", "dW", "db"):
                if getattr(one, name) is not None:
                    np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-12)


def test_an_example_alone_is_read_only() -> None:
    step = build_step([3, 4, 2], 5, seed=0, dropout=0.4)
    alone = example_alone(step.trace, step.network, 2)
    for layer in range(len(alone.layers)):
        for name in tensors_of(alone, layer):
            if name != "loss":
                assert not Reader(alone).tensor(name, layer).flags.writeable
    assert not alone.Y.flags.writeable
    assert not alone.losses.flags.writeable


@pytest.mark.parametrize("example", [-1, 5, 99])
def test_an_example_that_the_batch_lacks_is_told_the_range(example: int) -> None:
    step = build_step([3, 4, 2], 5, seed=0)
    with pytest.raises(OutOfBounds) as refusal:
        example_alone(step.trace, step.network, example)
    assert (refusal.value.field, refusal.value.value) == ("example", example)
    assert refusal.value.bound.startswith("0 to 4")


@given(steps())
@settings(max_examples=15)
def test_a_slope_times_dA_is_dZ(step: Step) -> None:
    for layer in step.trace.layers[1:-1]:
        slope = slope_of(step.trace, step.network, layer.index)
        assert not slope.flags.writeable
        dG = layer.more.get("dG", layer.dA)  # what dropout let through
        np.testing.assert_allclose(slope * dG, layer.dZ, rtol=1e-14, atol=0)


# ---- what an update did


def test_an_updates_effect_by_hand() -> None:
    # one weight to each of two classes, x = 1: A is a half, dZ is -0.5 and 0.5, the loss log 2
    network = make_network([1, 2], [], "softmax", "cross_entropy", [[[0.0], [0.0]]], [[0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]]), optimizer=SGD(0.5))
    effect = update_effect(trace, network)
    # each of the four gradients is a half, so each of four parameters moves by a quarter against it: -4 * 0.5 * 0.25
    assert effect.predicted == pytest.approx(-0.5, rel=1e-15)
    assert effect.by_layer == (effect.predicted,)
    # the logits are then 0.5 and -0.5
    assert effect.before == pytest.approx(math.log(2), rel=1e-15)
    assert effect.after == pytest.approx(math.log(1 + math.exp(-1)), rel=1e-15)
    assert effect.actual == effect.after - effect.before


def test_the_gradient_predicts_a_small_step_and_ever_better_a_smaller_one() -> None:
    step = build_step([4, 6, 5, 3], 8, seed=5)
    off = []
    for learning_rate in (1e-2, 1e-3, 1e-4):
        trace = take_step(step.network, step.trace.X, step.trace.Y, optimizer=SGD(learning_rate))
        effect = update_effect(trace, step.network)
        assert effect.predicted < 0
        off.append(abs(effect.actual / effect.predicted - 1))
    # of second order in the step: what is left of 1 shrinks as the step does
    assert off[1] < off[0] / 5
    assert off[2] < off[1] / 5
    assert off[2] < 1e-2


@given(steps())
@settings(max_examples=20)
def test_an_updates_effect_is_the_change_of_the_loss_and_the_gradient_times_the_move(step: Step) -> None:
    effect = update_effect(step.trace, step.network)
    assert effect.before == step.trace.loss
    # with the same number a step has the same masks
    after = take_step(next_network(step.network, step.trace), step.trace.X, step.trace.Y, step=step.trace.step).loss
    assert effect.after == pytest.approx(after, rel=1e-12)
    expected = [
        (layer.dW * (layer.W_next - layer.W)).sum() + (layer.db * (layer.b_next - layer.b)).sum() for layer in step.trace.layers[1:]
    ]
    np.testing.assert_allclose(effect.by_layer, expected, rtol=1e-9, atol=1e-15)
    assert effect.predicted == pytest.approx(math.fsum(effect.by_layer), rel=1e-12, abs=1e-15)


def test_a_step_without_an_update_had_no_effect() -> None:
    step = build_step([3, 4, 2], 5, seed=0, optimizer=None)
    with pytest.raises(ValueError, match="no update"):
        update_effect(step.trace, step.network)


def test_an_update_beyond_the_floats_has_an_effect_that_is_not_finite_and_no_crash() -> None:
    step = build_step([3, 4, 2], 5, seed=0)
    layers = [layer if layer.W is None else layer._replace(W_next=np.full_like(layer.W, 1e308)) for layer in step.trace.layers]
    effect = update_effect(dataclasses.replace(step.trace, layers=tuple(layers)), step.network)
    assert not math.isfinite(effect.after)
