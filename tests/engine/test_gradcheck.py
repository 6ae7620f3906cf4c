"""The gradient check: it agrees with what is right, finds what is wrong, and knows where a difference says nothing."""

import dataclasses
import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings

from app.engine import (
    Cell,
    Dense,
    Network,
    Trace,
    activations,
    check_batch,
    example_alone,
    gradcheck,
    layer_kinds,
    make_network,
    outputs,
    rounding,
    take_step,
)
from app.engine.extrapolation import extrapolate
from app.engine.gradcheck import TensorCheck, one_cell, plan, work
from app.engine.normalisation import BatchNorm
from app.engine.verdict import verdict, verdict_on_cell, worst
from tests import oracles
from tests.strategies import Case, Step, build_step, cases, clear_of_kinks, steps


def checked(step: Step, **options: float) -> dict[tuple[str, int], TensorCheck]:
    return {(c.tensor, c.layer): c for c in gradcheck(step.trace, step.network, plan(step.trace), **options)}


def clear(step: Step) -> bool:
    return clear_of_kinks(Case(step.network, step.trace.X, step.trace.Y))


def clear_step(sizes: list[int], m: int, seed: int = 0, **options) -> Step:
    """The first from that seed on that has no unit near a kink, so that nothing but errors can be found."""
    return next(step for s in range(seed, seed + 200) if clear(step := build_step(sizes, m, s, **options)))


def planted(step: Step, layer: int, **tensors: np.ndarray) -> Step:
    """The trace with other gradients in it."""
    layers = list(step.trace.layers)
    layers[layer] = layers[layer]._replace(**tensors)
    return step._replace(trace=dataclasses.replace(step.trace, layers=tuple(layers)))


# ---- right networks


@given(steps())
@settings(max_examples=25)
def test_what_is_right_is_never_called_wrong(step: Step) -> None:
    checks = checked(step)
    L = len(step.trace.layers) - 1
    of_layers = [(f"d{name}", l) for l in range(1, L + 1) for name in ("W", "b", "gamma", "beta")]
    assert list(checks) == [("dA", 0), *(at for at in of_layers if at[0] in ("dW", "db") or at[0] in step.trace.layers[at[1]].more)]
    for check in checks.values():
        assert check.checked.all()
        assert not check.wrong.any(), f"{check.tensor}[{check.layer}]"
        assert np.isfinite(check.numeric).all()
    assert verdict(list(checks.values())).outcome != "disagrees"


@given(cases())
@settings(max_examples=15)
def test_its_differences_are_those_of_a_plain_loop(case: Case) -> None:
    """oracles.numeric moves one number at a time through the whole network."""
    step = Step(take_step(*case), case.network, None)
    truth = oracles.numeric(*case, h=1e-5)
    for (tensor, layer), check in checked(step).items():
        # dA is of the sum of the losses
        expected = truth[tensor.removeprefix("d"), layer] * (step.trace.m if tensor == "dA" else 1)
        np.testing.assert_allclose(check.numeric, expected, rtol=1e-6, atol=1e-8)
        assert not check.kinks.any()


@pytest.mark.parametrize(
    "choice",
    [{"hidden": name} for name in activations] + [{"output": name} for name in outputs],
    ids=lambda choice: next(iter(choice.values())),
)
def test_no_ingredient_is_left_out(choice: dict[str, str]) -> None:
    step = clear_step([3, 5, 4, 3], 4, seed=1, **choice)
    for check in checked(step).values():
        judged = ~check.small
        assert judged.any()
        assert not check.kinks.any()
        assert (check.relative_errors[judged] < 1e-5).all()
    assert set(layer_kinds) == {step.network.dense.name}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("of_W", "of_X"), [(1, 1), (1, 100), (0.001, 1000), (100, 1), (1, 0.001)])
def test_large_and_small_numbers_raise_no_false_alarm(of_W: float, of_X: float, dtype: str) -> None:
    for seed in range(4):
        step = build_step([6, 8, 7, 4], 5, seed=seed, scale=0.4 * of_W, soft=False, dtype=dtype)
        trace = take_step(step.network, *check_batch(step.network, step.trace.X * of_X, step.trace.Y))
        checks = checked(step._replace(trace=trace))
        assert not any(check.wrong.any() for check in checks.values())


def test_float32_is_checked_in_float64() -> None:
    step = clear_step([4, 6, 3], 6, seed=2, dtype="float32")
    for check in checked(step).values():
        assert check.numeric.dtype == check.analytic.dtype == np.float64
        assert check.tolerance == 1e-3
        judged = ~check.small
        assert judged.any()
        assert (check.relative_errors[judged] < 1e-3).all()


def test_every_gradient_of_the_pass_can_be_asked_about_alone() -> None:
    step = clear_step([3, 4, 5, 2], 4, seed=3)
    for layer in step.trace.layers:
        for tensor in ("dA", "dZ", "dW", "db"):
            gradient = getattr(layer, tensor)
            if gradient is None:
                continue
            row, col = gradient.shape[0] - 1, gradient.shape[1] - 1
            (check,) = gradcheck(step.trace, step.network, [one_cell(Cell(tensor, layer.index, row, col))])
            assert check.checked.sum() == 1
            assert check.checked[row, col]
            assert check.analytic[row, col] == gradient[row, col]
            assert check.numeric[row, col] == pytest.approx(gradient[row, col], rel=1e-5, abs=1e-9)
            assert verdict_on_cell(check).outcome in ("agrees", "small")


def test_the_pass_of_one_example_is_checked_too() -> None:
    step = clear_step([3, 4, 2], 5, seed=4)
    alone = step._replace(trace=example_alone(step.trace, step.network, 2))
    checks = checked(alone)
    assert not any(check.wrong.any() for check in checks.values())
    assert checks["dA", 0].numeric.shape == (3, 1)


@pytest.mark.parametrize("h", [1e-4, 1e-6])
def test_another_step_size_agrees_too(h: float) -> None:
    step = clear_step([3, 4, 2], 5, seed=4)
    assert not any(check.wrong.any() for check in checked(step, h=h).values())


# ---- wrong ones

SQUARE = [4, 4, 4, 3]


@pytest.fixture(params=["float64", "float32"])
def right(request: pytest.FixtureRequest) -> Step:
    return clear_step(SQUARE, 5, seed=5, dtype=request.param)


def expect_found(right: Step, layer: int, tensor: str, wrong: np.ndarray) -> TensorCheck:
    """The planted tensor is called wrong and no other; its worst cell is one that is off."""
    true = getattr(right.trace.layers[layer], tensor)
    checks = checked(planted(right, layer, **{tensor: wrong.astype(true.dtype)}))
    for at, check in checks.items():
        assert check.wrong.any() == (at == (tensor, layer)), at
    found = checks[tensor, layer]
    assert worst(found) is not None
    assert found.wrong[worst(found)]
    assert not (found.wrong & (wrong == true)).any()
    assert verdict(list(checks.values())).outcome == "disagrees"
    assert f"{tensor}[{layer}]" in verdict(list(checks.values())).words
    return found


@pytest.mark.parametrize(("tensor", "layer"), [("dA", 0), ("dW", 1), ("db", 1), ("dW", 2), ("db", 2), ("dW", 3), ("db", 3)])
@pytest.mark.parametrize("factor", [1.02, 0.98, -1.0, 0.0])
def test_a_tensor_that_is_off_by_a_factor_is_found(right: Step, tensor: str, layer: int, factor: float) -> None:
    true = getattr(right.trace.layers[layer], tensor)
    found = expect_found(right, layer, tensor, true * factor)
    # every cell large enough to tell 2 % from rounding
    assert found.wrong[np.abs(true) * abs(factor - 1) > 3 * found.noise].all()


@pytest.mark.parametrize("tensor", ["dW", "db"])
def test_a_lost_1_over_m_is_found(right: Step, tensor: str) -> None:
    found = expect_found(right, 2, tensor, getattr(right.trace.layers[2], tensor) * 5)
    assert found.relative_errors[worst(found)] == pytest.approx(0.8, rel=1e-2)


def test_a_1_over_m_too_many_is_found(right: Step) -> None:
    expect_found(right, 0, "dA", right.trace.layers[0].dA / 5)


def test_a_transposed_gradient_is_found(right: Step) -> None:
    expect_found(right, 2, "dW", right.trace.layers[2].dW.T)


def test_one_cell_among_all_is_found(right: Step) -> None:
    true = right.trace.layers[2].dW
    row, col = np.unravel_index(np.abs(true).argmax(), true.shape)
    wrong = true.copy()
    wrong[row, col] *= 1.02
    found = expect_found(right, 2, "dW", wrong)
    assert np.argwhere(found.wrong).tolist() == [[row, col]]
    assert worst(found) == (row, col)
    assert found.relative_errors[row, col] == pytest.approx(0.02 / 1.02, rel=5e-2)
    (alone,) = gradcheck(planted(right, 2, dW=wrong).trace, right.network, [one_cell(Cell("dW", 2, int(row), int(col)))])
    assert verdict_on_cell(alone).outcome == "disagrees"


@pytest.mark.parametrize("value", [math.nan, math.inf, 1.0])
def test_a_gradient_that_should_be_0_or_finite_is_found(right: Step, value: float) -> None:
    wrong = right.trace.layers[1].db.copy()
    wrong[1, 0] = value
    found = checked(planted(right, 1, db=wrong))["db", 1]
    assert found.wrong[1, 0]
    assert worst(found) == (1, 0)


class Leaky(type(activations.make("relu", field="it"))):
    """ReLU whose gradient is 2 % too large."""

    def backward(self, dA, Z, A):
        return 1.02 * super().backward(dA, Z, A)


class LosesOneOverM(Dense):
    def backward(self, dZ, A_prev, W):
        dW, db, dA_prev = super().backward(dZ, A_prev, W)
        return dW * dZ.shape[1], db, dA_prev


def test_an_operation_with_a_wrong_backward_is_found() -> None:
    step = clear_step(SQUARE, 5, seed=5, hidden="relu")
    plain = step.network
    leaky = Network(plain.W, plain.b, (Leaky(), Leaky()), plain.output)
    checks = checked(Step(take_step(leaky, step.trace.X, step.trace.Y), leaky, None))
    assert {at for at, check in checks.items() if check.wrong.any()} == {("dA", 0), ("dW", 1), ("db", 1), ("dW", 2), ("db", 2)}
    heavy = Network(plain.W, plain.b, plain.activations, plain.output, LosesOneOverM())
    checks = checked(Step(take_step(heavy, step.trace.X, step.trace.Y), heavy, None))
    assert {at for at, check in checks.items() if check.wrong.any()} == {("dW", 1), ("dW", 2), ("dW", 3)}


# ---- a strongly curved loss


class ForgetsTheMean(BatchNorm):
    def backward(self, dN, Z, M, V, Zhat, gamma):
        *others, dM, dZ = super().backward(dN, Z, M, V, Zhat, gamma)
        return *others, dM, dZ - dM / dN.shape[1]


class ForgetsTheVariance(BatchNorm):
    def backward(self, dN, Z, M, V, Zhat, gamma):
        dgamma, dbeta, dZhat, dV, dM, dZ = super().backward(dN, Z, M, V, Zhat, gamma)
        return dgamma, dbeta, dZhat, dV, dM, dZ - (Z - M) * (dV * (2 / dN.shape[1]))


def curved(norm: BatchNorm | None = None, *, dtype: str = "float64", common: float = 1.0) -> Step:
    """Two examples between which the units hardly differ: their variance is almost 0, and the normalisation turns within a thousandth.
    The part that examples have in common, of size `common`, cancels."""
    rng = np.random.default_rng(3)
    W = [rng.standard_normal((3, 2)) * [3e-5, 1.0], rng.standard_normal((2, 3))]
    b = [np.zeros(3), np.zeros(2)]
    network = make_network([2, 3, 2], "sigmoid", "softmax", "cross_entropy", W, b, dtype, normalisation="batch_norm")
    if norm is not None:
        network = dataclasses.replace(network, normalisations=(norm,))
    X = [[30.0, -30.0], [common, common]]
    return Step(take_step(network, *check_batch(network, X, [[1.0, 0.0], [0.0, 1.0]])), network, None)


def test_a_loss_that_is_strongly_curved_is_no_error() -> None:
    step = curved()
    assert step.trace.layers[1].more["V"].max() < 1e-5
    checks = checked(step)
    assert sum(int(check.extrapolated.sum()) for check in checks.values()) >= 3, "plain differences are off there"
    for check in checks.values():
        assert not check.wrong.any(), f"{check.tensor}[{check.layer}]"
        assert not check.unresolved.any()
    told = verdict(list(checks.values()))
    assert told.outcome == "agrees"
    assert "were compared with a difference extrapolated from smaller steps" in told.words
    assert float(told.words.partition("relative error is ")[2].split()[0]) < 1e-5
    row, col = np.argwhere(checks["dW", 1].extrapolated)[0]
    (alone,) = gradcheck(step.trace, step.network, [one_cell(Cell("dW", 1, int(row), int(col)))])
    assert "extrapolated from smaller steps" in verdict_on_cell(alone).words


@pytest.mark.parametrize("factor", [1.02, 0.98, 1.001, -1.0, 0.0, 2.0])
@pytest.mark.parametrize(("tensor", "layer"), [("dA", 0), ("dW", 1), ("dgamma", 1), ("dW", 2)])
def test_a_wrong_gradient_beside_it_is_still_found(tensor: str, layer: int, factor: float) -> None:
    step = curved()
    of = step.trace.layers[layer]
    true = of.more[tensor] if tensor in of.more else getattr(of, tensor)
    wrong = {"more": {**of.more, tensor: true * factor}} if tensor in of.more else {tensor: true * factor}
    checks = checked(planted(step, layer, **wrong))
    assert {at for at, check in checks.items() if check.wrong.any()} == {(tensor, layer)}
    large = np.abs(true) > 1e-3 * np.abs(true).max()
    assert checks[tensor, layer].wrong[large].all()
    assert verdict(list(checks.values())).outcome == "disagrees"


@pytest.mark.parametrize("norm", [ForgetsTheMean(), ForgetsTheVariance()], ids=lambda norm: type(norm).__name__)
def test_a_term_that_the_backward_pass_forgets_is_found_there(norm: BatchNorm) -> None:
    checks = checked(curved(norm))
    assert checks["dW", 1].wrong.any()
    assert {at for at, check in checks.items() if check.wrong.any()} <= {("dA", 0), ("dW", 1), ("db", 1)}


def test_a_difference_that_does_not_settle_is_not_resolved_and_not_wrong() -> None:
    step = curved()
    checks = checked(step, h=1e-2)
    assert any(check.unresolved.any() for check in checks.values())
    assert not any(check.wrong.any() for check in checks.values())
    assert "not resolved" in verdict(list(checks.values())).words


# ---- rounding of the trace itself


def test_what_a_float32_trace_rounds_away_is_no_error_and_what_is_wrong_in_it_is() -> None:
    single, double = curved(dtype="float32", common=100.0), curved(common=100.0)
    checks = checked(single)
    off = np.abs(single.trace.layers[1].dW - double.trace.layers[1].dW)
    assert (off[:, 0] > 5e-4 * np.abs(double.trace.layers[1].dW[:, 0])).any(), "rounding is to matter here"
    for check in checks.values():
        assert not check.wrong.any(), f"{check.tensor}[{check.layer}]"
    assert not all(check.small.all() for check in checks.values())
    told = verdict(list(checks.values()))
    assert told.outcome == "partly", "most of it is rounding"
    assert "rounding to float32 leaves them fewer than 3 digits; they agree within rounding" in told.words
    for tensor, layer in (("dW", 1), ("dW", 2)):
        found = checked(planted(single, layer, **{tensor: -getattr(single.trace.layers[layer], tensor)}))
        assert {at for at, check in found.items() if check.wrong.any()} == {(tensor, layer)}


def test_a_wrong_number_excuses_no_other_of_its_tensor() -> None:
    step = clear_step(SQUARE, 5, seed=5, dtype="float32")
    true = step.trace.layers[2].dW
    wrong = np.zeros_like(true)
    wrong[1, 2] = 1e6
    found = checked(planted(step, 2, dW=wrong))["dW", 2]
    assert found.wrong[np.abs(true) > 1e-3 * np.abs(true).max()].all()
    assert not found.small.any()


def test_what_rounding_does_is_measured_only_where_a_cell_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    step = clear_step(SQUARE, 5, seed=5, dtype="float32")
    passes: list[str] = []
    real = rounding.take_step
    monkeypatch.setattr(rounding, "take_step", lambda network, X, *args, **kw: passes.append(X.dtype.name) or real(network, X, *args, **kw))
    row, col = (int(at) for at in np.unravel_index(np.abs(step.trace.layers[2].dW).argmax(), (4, 4)))
    cell = [one_cell(Cell("dW", 2, row, col))]
    assert verdict(gradcheck(step.trace, step.network, cell)).outcome == "agrees"
    assert passes == []
    twice = planted(step, 2, dW=2 * step.trace.layers[2].dW)
    assert verdict(gradcheck(twice.trace, step.network, cell)).outcome == "disagrees"
    assert len(passes) == rounding.PASSES
    # where it may be needed, it is counted: 3 products of 4 by 4, 4 by 4 and 3 by 4 of 5 examples in each pass
    double = clear_step(SQUARE, 5, seed=5)
    assert work(step.trace, cell) - work(double.trace, cell) == rounding.PASSES * 3 * 5 * (16 + 16 + 12)


# ---- the work of a second look


def count_second_looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    counts: list[int] = []

    def counted(differences, *args):
        counts.append(differences.shape[1])
        return extrapolate(differences, *args)

    monkeypatch.setattr(sys.modules["app.engine.gradcheck"], "extrapolate", counted)
    return counts


def test_second_looks_take_what_work_is_left_and_nothing_is_called_wrong_for_want_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    step = curved()
    needed = int(sum(check.extrapolated.sum() for check in checked(step).values()))
    plans = plan(step.trace)
    looks = count_second_looks(monkeypatch)
    for left in (0, 100, 10**6):
        looks.clear()
        checks = gradcheck(step.trace, step.network, plans, most=work(step.trace, plans) + left)
        assert not any(check.wrong.any() for check in checks)
        left_out = sum(check.left_out for check in checks)
        assert sum(looks) + left_out == needed
        assert (left_out > 0) == (left < 10**6)
        assert ("for which the work allowed was not enough" in verdict(checks).words) == (left_out > 0)
    assert sum(looks) == needed


def test_a_tensor_that_is_wrong_as_a_whole_is_called_so_after_few_second_looks(monkeypatch: pytest.MonkeyPatch, right: Step) -> None:
    step = planted(right, 2, dW=-right.trace.layers[2].dW)
    looks = count_second_looks(monkeypatch)
    found = {(c.tensor, c.layer): c for c in gradcheck(step.trace, step.network, plan(step.trace), most=1)}["dW", 2]
    assert sum(looks) == 2
    assert not found.left_out
    assert (found.wrong == checked(step)["dW", 2].wrong).all()


# ---- kinks


def near_a_kink(Z: float) -> Step:
    """One hidden unit whose Z is as given in the first example, and 1 above it in the second."""
    network = make_network(
        [1, 2, 2], "relu", "softmax", "cross_entropy", [[[1.0], [1.0]], [[1.0, 0.5], [-1.0, 1.0]]], [[Z, 5.0], [0.0, 0.0]]
    )
    return Step(take_step(network, *check_batch(network, [[0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]])), network, None)


@pytest.mark.parametrize("Z", [0.0, 1e-6, -1e-6, 9e-6, -9e-6])
def test_a_kink_between_the_two_points_is_no_error(Z: float) -> None:
    checks = checked(near_a_kink(Z))
    assert not any(check.wrong.any() for check in checks.values())
    # what moves this unit in its first example crosses: its bias and that example's input; its weight does not, as the input is 0
    assert checks["db", 1].kinks.tolist() == [[True], [False]]
    assert checks["dA", 0].kinks.tolist() == [[True, False]]
    assert not checks["dW", 1].kinks.any()
    assert not checks["dW", 2].kinks.any()
    # the difference is really another number there than the gradient
    assert checks["db", 1].relative_errors[0, 0] > 1e-3
    assert verdict(list(checks.values())).outcome == "agrees"
    (alone,) = gradcheck(near_a_kink(Z).trace, near_a_kink(Z).network, [one_cell(Cell("db", 1, 0, 0))])
    assert verdict_on_cell(alone).outcome == "kinks"


@pytest.mark.parametrize("Z", [1e-4, -1e-4, 1.0, -0.5])
def test_a_kink_further_away_than_h_is_no_kink(Z: float) -> None:
    for check in checked(near_a_kink(Z)).values():
        assert not check.kinks.any()
        assert not check.wrong.any()


def test_a_smaller_h_sees_past_a_kink() -> None:
    assert checked(near_a_kink(1e-5))["db", 1].kinks[0, 0] or checked(near_a_kink(9.9e-6))["db", 1].kinks[0, 0]
    assert not checked(near_a_kink(9.9e-6), h=1e-6)["db", 1].kinks.any()


def test_a_large_parameter_is_moved_in_proportion() -> None:
    # Z is 0.005, and a weight of 1000 is moved by 0.01
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1000.0]], [[1.0], [-1.0]]], [[-999.995], [0.0, 0.0]])
    step = Step(take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]])), network, None)
    assert checked(step)["dW", 1].kinks.all()
    assert not checked(step, h=1e-6)["dW", 1].kinks.any()


def test_an_error_beside_a_kink_is_still_found() -> None:
    step = near_a_kink(0.0)
    db = step.trace.layers[1].db.copy()
    db[1] *= 1.02
    check = checked(planted(step, 1, db=db))["db", 1]
    assert check.kinks.tolist() == [[True], [False]]
    assert check.wrong.tolist() == [[False], [True]]
    assert worst(check) == (1, 0)


def test_a_kink_deeper_in_the_network_is_seen_from_the_layers_before_it() -> None:
    # layer 2's unit 0 stands at exactly 0: 1 * A1 - 1
    W = [[[1.0]], [[1.0], [2.0]], [[1.0, 1.0], [-1.0, 1.0]]]
    network = make_network([1, 1, 2, 2], "relu", "softmax", "cross_entropy", W, [[0.0], [-1.0, 1.0], [0.0, 0.0]])
    step = Step(take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]])), network, None)
    assert step.trace.layers[2].Z[0, 0] == 0
    checks = checked(step)
    assert checks["dW", 1].kinks.all()
    assert checks["db", 1].kinks.all()
    assert checks["dA", 0].kinks.all()
    assert checks["dW", 2].kinks.tolist() == [[True], [False]]
    assert checks["db", 2].kinks.tolist() == [[True], [False]]
    assert not checks["dW", 3].kinks.any()
    assert not any(check.wrong.any() for check in checks.values())


# ---- small


def test_a_gradient_too_small_for_a_difference_is_called_small_and_not_wrong() -> None:
    # 30 nats of certainty: gradients of 1e-13
    network = make_network([1, 2], [], "softmax", "cross_entropy", [[[15.0], [-15.0]]], [[0.0, 0.0]])
    step = Step(take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]])), network, None)
    checks = checked(step)
    assert 0 < np.abs(step.trace.layers[1].dW).max() < 1e-12
    for check in checks.values():
        assert check.small.all()
        assert not check.wrong.any()
        assert worst(check) is None
    assert verdict(list(checks.values())).outcome == "small"
    # but one that claims to be large is wrong
    found = checked(planted(step, 1, dW=np.array([[1e-3], [0.0]])))["dW", 1]
    assert found.wrong.tolist() == [[True], [False]]


def test_two_exact_zeros_agree_and_are_not_small() -> None:
    network = make_network([2, 2], [], "softmax", "cross_entropy", [[[1.0, 1.0], [-1.0, 1.0]]], [[0.0, 0.0]])
    step = Step(take_step(network, *check_batch(network, [[1.0], [0.0]], [[1.0], [0.0]])), network, None)
    check = checked(step)["dW", 1]
    assert not check.small[:, 1].any()
    assert (check.relative_errors[:, 1] == 0).all()


# ---- what is not finite


def test_a_diverged_network_is_checked_without_a_crash() -> None:
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1e200]], [[1e200], [1.0]]], [[0.0], [0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]]))
    checks = gradcheck(trace, network, plan(trace))
    for check in checks:
        assert np.isnan(check.numeric[~check.kinks]).all()
        assert not check.small.any()
    assert verdict(checks).outcome == "not_finite"


# ---- samples, work and blocks


def test_a_sample_is_the_same_every_time() -> None:
    step = build_step([30, 20, 10], 8, seed=1)
    first, again = plan(step.trace, 12), plan(step.trace, 12)
    for one, other in zip(first, again, strict=True):
        assert one[:2] == other[:2]
        assert (one.rows == other.rows).all()
        assert (one.cols == other.cols).all()
        shape = getattr(step.trace.layers[one.layer], one.tensor).shape
        assert one.rows.size == min(12, math.prod(shape))
        cells = set(zip(one.rows.tolist(), one.cols.tolist(), strict=True))
        assert len(cells) == one.rows.size
        assert max(one.rows) < shape[0]
        assert max(one.cols) < shape[1]


def test_only_the_cells_of_the_sample_are_judged() -> None:
    step = build_step([30, 20, 10], 8, seed=1)
    wrong = planted(step, 1, dW=step.trace.layers[1].dW * 2)
    whole = checked(wrong)["dW", 1]
    chosen = plan(step.trace, 12)[1]
    (check,) = gradcheck(wrong.trace, step.network, [chosen])
    assert check.checked.sum() == 12
    assert check.checked[chosen.rows, chosen.cols].all()
    assert (np.isnan(check.numeric) == ~check.checked).all()
    assert not (check.wrong & ~check.checked).any()
    assert not (check.small & ~check.checked).any()
    np.testing.assert_allclose(check.numeric[check.checked], whole.numeric[check.checked], rtol=1e-6, atol=1e-10)


class Counting(Dense):
    """Counts the multiplications of its matrix products."""

    def __init__(self) -> None:
        self.multiplications = 0

    def forward(self, A_prev, W, b):
        self.multiplications += W.shape[0] * W.shape[1] * A_prev.shape[1]
        return super().forward(A_prev, W, b)


@pytest.mark.parametrize("cells", [None, 1, 3])
@pytest.mark.parametrize("sizes", [[3, 2], [5, 4, 2], [3, 7, 5, 6, 4]])
def test_work_is_what_is_multiplied(sizes: list[int], cells: int | None) -> None:
    step = build_step(sizes, 6, seed=1)
    counting = Network(step.network.W, step.network.b, step.network.activations, step.network.output, Counting())
    plans = plan(step.trace, cells)
    gradcheck(step.trace, counting, plans)
    assert work(step.trace, plans) == counting.dense.multiplications


@pytest.mark.parametrize("tensor", ["dA", "dZ", "dW", "db"])
def test_work_of_one_cell_is_what_is_multiplied(tensor: str) -> None:
    step = build_step([3, 7, 5, 4], 6, seed=1)
    counting = Network(step.network.W, step.network.b, step.network.activations, step.network.output, Counting())
    plans = [one_cell(Cell(tensor, 2, 1, 0))]
    gradcheck(step.trace, counting, plans)
    assert work(step.trace, plans) == counting.dense.multiplications


def test_a_check_in_many_blocks_is_the_same_check(monkeypatch: pytest.MonkeyPatch) -> None:
    step = build_step([6, 8, 7, 4], 5, seed=1)
    whole = checked(step)
    monkeypatch.setattr(sys.modules["app.engine.gradcheck"], "BLOCK", 100)  # the package has the function by that name
    for at, check in checked(step).items():
        # a matrix product of other width may add in another order
        np.testing.assert_allclose(check.numeric, whole[at].numeric, rtol=1e-6, atol=1e-10)
        assert (check.kinks == whole[at].kinks).all()


def test_nothing_is_changed() -> None:
    step: Step = build_step([3, 4, 2], 5, seed=1)
    before: Trace = step.trace
    kept = [W.copy() for W in step.network.W]
    checked(step)
    assert all((W == one).all() for W, one in zip(step.network.W, kept, strict=True))
    assert step.trace is before
