"""Each finding provoked by a real network, a healthy one without any, thresholds from both sides, and numbers held against NumPy."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings

from app.engine import (
    RULES,
    SGD,
    Finding,
    HeNormal,
    Network,
    Trace,
    activations,
    check_batch,
    diagnose,
    explain,
    find_optimizer,
    health,
    initial_network,
    initializers,
    is_finite,
    make_network,
    next_network,
    slope_of,
    take_step,
    traced_back,
)
from app.engine.diagnostics import FACTORS
from app.engine.terms import Reader
from tests.strategies import Step, steps

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 32))
CLASSES = np.eye(3)[:, X[:3].argmax(axis=0)]  # which can be learned from X


def names(found: tuple[Finding, ...]) -> list[str]:
    return [finding.rule.name for finding in found]


def only(found: tuple[Finding, ...], name: str) -> Finding:
    assert names(found) == [name], [finding.words for finding in found]
    return found[0]


def net(
    sizes: list[int], hidden: str = "relu", initializer: str = "he_normal", output: str = "softmax", loss: str = "cross_entropy", **more
) -> Network:
    made = initializers.make(initializer, more, field="initializer")
    return initial_network(sizes, hidden, output, loss, made, np.random.default_rng(1))


def step(network: Network, X: np.ndarray = X, Y: np.ndarray = CLASSES, rate: float | None = 0.05, n: int = 1) -> tuple[Trace, SGD | None]:
    optimizer = None if rate is None else SGD(learning_rate=rate)
    return take_step(network, *check_batch(network, X, Y), optimizer=optimizer, step=n), optimizer


def found_in(network: Network, X: np.ndarray = X, Y: np.ndarray = CLASSES, rate: float | None = 0.05) -> tuple[Finding, ...]:
    trace, optimizer = step(network, X, Y, rate)
    return diagnose(trace, network, optimizer)


def scaled(network: Network, layer: int, by: float) -> Network:
    W = list(network.W)
    W[layer - 1] = W[layer - 1] * by
    return network.with_parameters(W, network.b)


@pytest.mark.parametrize("hidden", list(activations))
def test_a_healthy_network_has_no_finding(hidden: str) -> None:
    initializer = "xavier_normal" if hidden in ("sigmoid", "tanh", "softplus") else "he_normal"
    assert found_in(net([6, 8, 8, 3], hidden, initializer)) == ()


@pytest.mark.parametrize(
    ("output", "loss"), [("identity", "mse"), ("identity", "huber"), ("tanh", "mse"), ("sigmoid", "binary_cross_entropy")]
)
def test_a_healthy_network_has_no_finding_whatever_its_loss(output: str, loss: str) -> None:
    assert found_in(net([6, 8, 8, 3], "relu", output=output, loss=loss)) == ()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"])
def test_a_healthy_network_has_no_finding_whatever_its_optimizer(optimizer: str) -> None:
    network = net([6, 8, 8, 3])
    chosen = find_optimizer({"name": optimizer, "learning_rate": 0.001})
    trace = take_step(network, *check_batch(network, X, CLASSES), optimizer=chosen)
    assert diagnose(trace, network, chosen) == ()


# Vanishing and exploding


def test_sigmoids_make_the_gradient_vanish_by_their_slope() -> None:
    found = found_in(net([6, *[8] * 8, 3], "sigmoid", "xavier_normal"), rate=None)
    finding = next(one for one in found if one.rule.name == "vanishing")
    assert finding.factor == "g'(Z)"
    assert finding.cell is not None
    assert finding.cell.tensor == "dZ"
    trace, _ = step(net([6, *[8] * 8, 3], "sigmoid", "xavier_normal"), rate=None)
    assert finding.value == pytest.approx(np.sqrt(np.mean(trace.layers[1].dZ ** 2) / np.mean(trace.layers[-1].dZ ** 2)))  # type: ignore[operator]


def test_small_weights_make_the_gradient_vanish_by_w() -> None:
    network = scaled(scaled(net([6, 8, 8, 3]), 2, 1e-2), 3, 1e-2)
    finding = only(found_in(network, rate=None), "vanishing")
    assert finding.factor == "W^T dZ"
    assert finding.cell is not None
    assert finding.cell.tensor == "dA"


def test_large_weights_make_the_gradient_explode() -> None:
    network = scaled(scaled(net([6, 8, 8, 3]), 2, 100.0), 3, 100.0)
    found = found_in(network, rate=None)
    finding = next(one for one in found if one.rule.name == "exploding")
    assert finding.factor == "W^T dZ"
    assert finding.value > 1e3


@pytest.mark.parametrize(("by", "expected"), [(1.02, []), (0.98, ["vanishing"])])
def test_the_threshold_of_vanishing_from_both_sides(by: float, expected: list[str]) -> None:
    # identity throughout, one example, one unit: dZ[1] is W[2] times dZ[2]
    network = make_network([1, 1, 1], "identity", "identity", "mse", [[[1.0]], [[1e-3 * by]]], [[0.0], [0.0]])
    assert names(found_in(network, np.ones((1, 1)), np.ones((1, 1)), None)) == expected


@pytest.mark.parametrize(("by", "expected"), [(0.98, []), (1.02, ["exploding"])])
def test_the_threshold_of_exploding_from_both_sides(by: float, expected: list[str]) -> None:
    network = make_network([1, 1, 1], "identity", "identity", "mse", [[[1.0]], [[1e3 * by]]], [[0.0], [0.0]])
    assert names(found_in(network, np.ones((1, 1)), np.ones((1, 1)), None)) == expected


def test_zeros_end_the_gradient_and_leave_units_alike() -> None:
    found = found_in(net([6, 8, 3], "tanh", "zeros"))
    assert names(found) == ["vanishing", "symmetric"]
    assert found[0].value == 0
    assert found[0].factor == "W^T dZ"
    assert "exactly 0" in found[0].words


def test_dropout_can_be_the_factor() -> None:
    network = make_network([1, 2, 1], "identity", "identity", "mse", [[[1.0], [1.0]], [[1.0, 1.0]]], [[0.0, 0.0], [0.0]], dropout=0.9)
    trace = next(
        trace for n in range(1, 50) if not (trace := step(network, np.ones((1, 1)), np.ones((1, 1)), None, n)[0]).layers[1].more["D"].any()
    )
    finding = next(one for one in diagnose(trace, network, None) if one.rule.name == "vanishing")
    assert finding.factor == "D"
    assert finding.cell is not None
    assert finding.cell.tensor == "dG"


def test_normalisation_can_be_the_factor() -> None:
    W = [[[1e6], [-2e6]], [[1.0, 1.0]]]  # units spread so far that dividing by it leaves next to nothing of their gradients
    network = make_network([1, 2, 1], "tanh", "identity", "mse", W, [[0.0, 0.0], [0.0]], normalisation="batch_norm")
    trace = step(network, np.array([[0.0, 1.0, 3.0]]), np.array([[1.0, 5.0, -2.0]]), None, 1)[0]
    finding = next(one for one in diagnose(trace, network, None) if one.rule.name == "vanishing")
    assert finding.factor == "V"
    assert finding.cell is not None
    assert finding.cell.tensor == "dZ"
    assert "normalisation" in finding.words


@given(steps())
@settings(max_examples=40)
def test_the_factors_multiply_to_what_is_left(one: Step) -> None:
    layers = health(one.trace, one.network)
    for l in range(1, len(layers) - 1):
        factors = [value for name in FACTORS if (value := getattr(layers[l], f"through_{name}")) is not None]
        if layers[l + 1].dZ > 0 and len(factors) >= 2 and math.isfinite(layers[l].dZ):
            np.testing.assert_allclose(math.prod(factors) * layers[l + 1].dZ, layers[l].dZ, rtol=1e-9, atol=1e-300)


# Dead and saturated units


def dead(units: int) -> Network:
    network = net([6, 8, 8, 3])
    b = [np.array(one) for one in network.b]
    b[1][:units] = -1e3
    return network.with_parameters(network.W, b)


@pytest.mark.parametrize(("units", "severity"), [(1, "note"), (3, "note"), (4, "warning"), (8, "warning")])
def test_dead_units_are_counted_and_named(units: int, severity: str) -> None:
    finding = next(one for one in found_in(dead(units)) if one.rule.name == "dead_units")
    assert (finding.layer, finding.severity, finding.value) == (2, severity, units / 8)
    assert f"{units} of 8 units (0" in finding.words
    assert "32 examples of this batch" in finding.words


@pytest.mark.parametrize(("m", "expected"), [(9, []), (10, ["dead_units"])])
def test_few_examples_make_no_unit_dead(m: int, expected: list[str]) -> None:
    assert names(found_in(dead(1), X[:, :m], CLASSES[:, :m])) == expected


def test_a_unit_is_dead_only_if_it_was_in_the_batches_before() -> None:
    network = dead(2)
    now, optimizer = step(network)
    alive, _ = step(net([6, 8, 8, 3]))
    assert diagnose(now, network, optimizer, [alive]) == ()
    finding = only(diagnose(now, network, optimizer, [step(dead(1))[0]]), "dead_units")
    assert (
        "2 of 8 units (0, 1) pass no gradient for any of the 32 examples of this batch, and 1 of them (0) for none of the 64"
        in finding.words
    )
    assert finding.severity == "note"
    same = only(diagnose(now, network, optimizer, [now]), "dead_units")
    assert "2 of 8 units (0, 1) pass no gradient for any of the 64 examples of the last 2 batches" in same.words


def test_half_of_a_layer_that_died_just_now_is_a_warning_at_once() -> None:
    network = dead(4)
    now, optimizer = step(network)
    alive, _ = step(net([6, 8, 8, 3]))
    finding = only(diagnose(now, network, optimizer, [alive]), "dead_units")
    assert (finding.severity, finding.value) == ("warning", 0.5)
    assert "any of the 32 examples of this batch, though each did for some example of the last 2 batches" in finding.words
    # for how long the longer half of them has been dead
    finding = only(diagnose(now, network, optimizer, [now, step(dead(3))[0], step(dead(1))[0]]), "dead_units")
    assert "this batch, 3 of them for none of the last 3 batches, and 1 of them (0) for none of the 128" in finding.words


def test_a_large_learning_rate_kills_relus() -> None:
    network = net([6, 16, 3])
    for n in range(1, 30):
        trace, optimizer = step(network, rate=20.0, n=n)
        network = next_network(network, trace)
    trace, optimizer = step(network, rate=20.0, n=30)
    assert "dead_units" in names(diagnose(trace, network, optimizer))


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_large_inputs_saturate_sigmoid_and_tanh(hidden: str) -> None:
    found = found_in(net([6, 8, 3], hidden, "xavier_normal"), 100 * X)
    finding = next(one for one in found if one.rule.name == "saturated")
    assert finding.layer == 1
    assert finding.factor == "g'(Z)"
    assert finding.value > 0.5


def test_a_saturated_output_is_found_where_the_loss_is_apart() -> None:
    found = found_in(scaled(net([6, 8, 3], "relu", output="sigmoid", loss="mse"), 2, 100.0))
    assert [one.layer for one in found if one.rule.name == "saturated"] == [2]


@pytest.mark.parametrize(("out", "expected"), [(5, []), (6, ["saturated"])])
def test_the_threshold_of_saturation_from_both_sides(out: int, expected: list[str]) -> None:
    # ten examples, `out` of them at Z = 3, where tanh's slope is 0.0099
    at = np.array([[3.0] * out + [0.5] * (10 - out)])
    network = make_network([1, 1, 1], "tanh", "identity", "mse", [[[1.0]], [[1.0]]], [[0.0], [0.0]])
    assert names(found_in(network, at, np.zeros((1, 10)), None)) == expected


@pytest.mark.parametrize(("z", "share"), [(2.17, 0.0), (2.2, 1.0)])
def test_the_slope_that_counts_as_flat_from_both_sides(z: float, share: float) -> None:
    # 1 - tanh(z)^2 is a twentieth at z = 2.18
    network = make_network([1, 1, 1], "tanh", "identity", "mse", [[[z]], [[1.0]]], [[0.0], [0.0]])
    trace, _ = step(network, np.ones((1, 1)), np.zeros((1, 1)), None)
    assert health(trace, network)[1].saturated == share


def test_what_is_flat_at_one_end_is_never_called_saturated() -> None:
    for hidden in ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "identity"):
        network = net([6, 8, 3], hidden)
        trace, _ = step(network, 100 * X)
        assert health(trace, network)[1].saturated is None, hidden


# Updates


@pytest.mark.parametrize(("rate", "expected"), [(0.9e-5, ["update_ratio"]), (1.1e-5, []), (0.099, []), (0.101, ["update_ratio"])])
def test_the_band_of_updates_from_both_sides(rate: float, expected: list[str]) -> None:
    # W is 1 and dW is 1: the ratio is the learning rate
    network = make_network([1, 1], "identity", "identity", "mse", [[[1.0]]], [[0.0]])
    assert names(found_in(network, np.ones((1, 1)), np.zeros((1, 1)), rate)) == expected


def test_no_update_is_no_finding() -> None:
    trace, _ = step(net([6, 8, 3]), rate=None)
    assert all(layer.update_ratio is None for layer in health(trace, net([6, 8, 3])))


def test_none_is_what_does_not_apply_and_nan_what_was_measured() -> None:
    network = make_network([1, 2, 1], "relu", "identity", "mse", [[[0.0], [0.0]], [[1.0, 1.0]]], [[0.0, 0.0], [0.0]])
    trace, _ = step(network, np.ones((1, 3)), np.ones((1, 3)))
    of_input, hidden, output = health(trace, network)
    for name in ("dZ", "dW", "update_ratio", "stopped", "cancellation", "through_slope"):
        assert getattr(of_input, name) is None, name
    assert hidden.through_dropout is hidden.through_normalisation is None
    assert hidden.update_ratio is None  # against W = 0
    assert hidden.cancellation is None  # nothing gets there, so nothing cancels
    assert output.through_weights is None
    assert (hidden.stopped, hidden.dead_units) == (1, (0, 1))

    broken = take_step(network.with_parameters([np.array([[np.nan], [0.0]]), network.W[1]], network.b), np.ones((1, 3)), np.ones((1, 3)))
    hidden = health(broken, network)[1]
    for name in ("A", "dW", "stopped", "cancellation"):
        assert math.isnan(getattr(hidden, name)), name
    assert hidden.dead_in_batch == (1,)


# Symmetric units


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid"])
def test_constant_weights_leave_units_alike_also_after_many_steps(hidden: str, dtype: str) -> None:
    made = initializers.make("constant", {"value": 0.1}, field="initializer")
    network = initial_network([6, 8, 3], hidden, "softmax", "cross_entropy", made, np.random.default_rng(1), dtype)
    for n in range(1, 6):
        trace, optimizer = step(network, n=n)
        finding = next(one for one in diagnose(trace, network, optimizer) if one.rule.name == "symmetric")
        assert finding.value == 1
        assert "8 of 8 units" in finding.words
        assert "counts as 1" in finding.words
        network = next_network(network, trace)


@pytest.mark.parametrize(("off", "expected"), [(0.0, True), (1e-10, True), (1e-6, False)])
def test_alike_is_to_half_of_the_digits(off: float, expected: bool) -> None:
    network = net([6, 8, 3], "tanh", "xavier_normal")
    W = [np.array(one) for one in network.W]
    W[0][5], W[1][:, 5] = W[0][2] * (1 + off), W[1][:, 2]
    found = found_in(network.with_parameters(W, network.b))
    assert ("symmetric" in names(found)) == expected
    if expected:
        assert "2 of 8 units" in found[0].words
        assert found[0].cell == ("dW", 1, 2, 0)


def test_one_weight_that_is_large_makes_no_others_alike() -> None:
    network = net([6, 8, 3], "tanh", "xavier_normal")
    W = [np.array(one) for one in network.W]
    W[0][0, 0] = 1e12
    assert "symmetric" not in names(found_in(network.with_parameters(W, network.b)))


def test_dropout_breaks_the_symmetry() -> None:
    made = initializers.make("constant", {"value": 0.1}, field="initializer")
    network = initial_network([6, 8, 3], "tanh", "softmax", "cross_entropy", made, np.random.default_rng(1), dropout=0.5)
    assert "symmetric" not in names(found_in(network))


# Cancelling examples


def pulling(up: int, down: int, by: float = 1.0) -> tuple[Finding, ...]:
    """One weight of 0; `up` examples pull it one way by 1 each, `down` the other way by `by`."""
    network = make_network([1, 1], "identity", "identity", "mse", [[[0.0]]], [[0.0]])
    return found_in(network, np.ones((1, up + down)), np.array([[1.0] * up + [-by] * down]), None)


@pytest.mark.parametrize(("by", "expected"), [(1.0, ["cancelling"]), (0.83, ["cancelling"]), (0.81, [])])
def test_a_tenth_is_the_threshold_of_few_examples(by: float, expected: list[str]) -> None:
    found = pulling(4, 4, by)
    assert names(found) == expected
    if found:
        assert found[0].value == pytest.approx((1 - by) / (1 + by))


@pytest.mark.parametrize(("up", "expected"), [(103, ["cancelling"]), (107, [])])
def test_many_examples_have_to_cancel_more_than_chance_would(up: int, expected: list[str]) -> None:
    # of 200 examples half of 1 / sqrt(m) is 0.035: 6 of 200 is less, 14 of 200 is more
    assert names(pulling(up, 200 - up)) == expected


def test_one_example_has_none_to_cancel_with() -> None:
    assert pulling(1, 0) == ()


# A loss that diverges


def test_a_loss_that_diverges_is_found() -> None:
    network = make_network([1, 1], "identity", "identity", "mse", [[[2.0]]], [[0.0]])
    traces: list[Trace] = []
    for n in range(1, 7):
        trace, optimizer = step(network, np.ones((1, 1)), np.zeros((1, 1)), 1.5, n)
        found = names(diagnose(trace, network, optimizer, traces[::-1]))
        assert ("diverging" in found) == (n > 4)
        traces.append(trace)
        network = next_network(network, trace)
    # one that fell in between does not diverge
    fell = dataclasses.replace(traces[3], loss=0.0)
    assert "diverging" not in names(diagnose(traces[5], network, optimizer, [traces[4], fell, *traces[2::-1]]))


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([1.0, 10.1], True),  # one leap is enough
        ([1.0, 9.9], False),
        ([1.0, 100.0, 300.0, 200.0, 400.0, 300.0], True),  # some of the steps fell
        ([1.0, 100.0, 100.0, 100.0, 100.0, 100.0], True),  # far too high, and it stays there
        ([1.0, 900.0, 800.0, 700.0, 600.0, 500.0], False),  # far too high, but on its way down
    ],
)
def test_a_loss_far_above_the_runs_first_diverges(losses: list[float], expected: bool) -> None:
    network = make_network([1, 1], "identity", "identity", "mse", [[[2.0]]], [[0.0]])
    trace, _ = step(network, np.ones((1, 1)), np.zeros((1, 1)), None)
    now, *before = [dataclasses.replace(trace, loss=loss) for loss in reversed(losses)]
    assert ("diverging" in names(diagnose(now, network, None, before, first_loss=losses[0]))) == expected


@pytest.mark.parametrize(("risen", "expected"), [(9.9, False), (10.1, True)])
def test_the_threshold_of_diverging_from_both_sides(risen: float, expected: bool) -> None:
    network = make_network([1, 1], "identity", "identity", "mse", [[[2.0]]], [[0.0]])
    trace, _ = step(network, np.ones((1, 1)), np.zeros((1, 1)), None)
    losses = [trace.loss * (1 + (1 / risen - 1) * k / 4) for k in range(1, 5)]
    before = [dataclasses.replace(trace, loss=loss) for loss in losses]
    assert ("diverging" in names(diagnose(trace, network, None, before))) == expected


# Not finite


def blown(layer: int) -> tuple[Trace, Network]:
    """Z of one layer is beyond float64 for example 3 alone."""
    network = make_network([1, 1, 1, 1], "relu", "identity", "mse", [[[1.0]], [[1e150]], [[1.0]]], [[0.0]] * 3)
    if layer == 3:
        network = make_network([1, 1, 1, 1], "relu", "identity", "mse", [[[1.0]], [[1.0]], [[1e150]]], [[0.0]] * 3)
    x = np.ones((1, 5))
    x[0, 3] = 1e200
    return step(network, x, np.ones((1, 5)), None)[0], network


@pytest.mark.parametrize("layer", [2, 3])
def test_the_first_that_is_not_finite_is_named_with_its_example_and_factor(layer: int) -> None:
    trace, network = blown(layer)
    finding = only(diagnose(trace, network, None), "not_finite")
    assert finding.cell == ("Z", layer, 0, 3)
    assert finding.severity == "broken"
    assert finding.value == math.inf
    assert "example 3" in finding.words
    assert "1e+150" in finding.words
    assert finding.factor == f"A[{layer - 1}] at 0, 3"


@pytest.mark.parametrize(("norm", "whose"), [("batch_norm", "unit 0"), ("layer_norm", "example 0")])
def test_a_variance_that_overflows_is_no_cell_of_an_example_and_a_unit_and_what_it_is_the_square_of_is_finite(
    norm: str, whose: str
) -> None:
    network = make_network([1, 2, 1], "relu", "identity", "mse", [[[1.0], [-1.0]], [[1.0, 1.0]]], [[0.0, 0.0], [0.0]], normalisation=norm)
    trace, _ = step(network, np.array([[1e200, -1e200]]), np.ones((1, 2)), None)
    finding = only(diagnose(trace, network, None), "not_finite")
    assert finding.words == (
        f"The first that is not finite is V[1]: that of {whose} is infinite. "
        "Its term inf (of Z[1] at 0, 0, which is 1e+200, and M[1] at 0, 0, which is 0) is beyond what float64 can hold."
    )


def test_an_overflow_on_the_way_back_is_named_too() -> None:
    network = make_network([1, 1, 1], "identity", "identity", "huber", [[[1e-200]], [[1e200]]], [[0.0], [0.0]])
    trace, _ = step(network, np.full((1, 1), 1e200), np.zeros((1, 1)), None)
    finding = only(diagnose(trace, network, None), "not_finite")
    assert finding.cell == ("dW", 1, 0, 0)
    assert "its cell 0, 0 is infinite" in finding.words


def test_an_update_that_leaves_the_numbers_is_named() -> None:
    network = make_network([1, 1], "identity", "identity", "mse", [[[1.0]]], [[0.0]])
    trace, optimizer = step(network, np.full((1, 1), 1e100), np.zeros((1, 1)), 1e200)
    finding = only(diagnose(trace, network, optimizer), "not_finite")
    assert finding.cell is not None
    assert finding.cell.tensor == "W_next"


def test_a_step_on_parameters_that_are_not_finite_blames_the_parameter() -> None:
    network = net([6, 8, 3])
    W = [np.array(one) for one in network.W]
    W[1][2, 5] = np.nan
    trace = take_step(network.with_parameters(W, network.b), X, CLASSES)
    finding = only(diagnose(trace, network, None), "not_finite")
    assert finding.cell == ("W", 2, 2, 5)
    assert math.isnan(finding.value)


def test_an_infinite_state_of_an_optimizer_is_named() -> None:
    network = make_network([1, 1], "identity", "identity", "mse", [[[1.0]]], [[0.0]])
    optimizer = find_optimizer("adam")
    trace = take_step(network, *check_batch(network, np.full((1, 1), 1e80), np.zeros((1, 1))), optimizer=optimizer)
    finding = only(diagnose(trace, network, optimizer), "not_finite")
    assert finding.cell is not None
    assert finding.cell.tensor.endswith("W_next")


def test_where_it_began_is_said() -> None:
    network = make_network([1, 1], "identity", "identity", "mse", [[[1.0]]], [[0.0]])
    traces: list[Trace] = []
    for n in range(1, 6):
        trace, optimizer = step(network, np.full((1, 1), 1e60), np.zeros((1, 1)), 1.0, n)
        traces.append(trace)
        network = next_network(network, trace)
    first = next(n for n, trace in enumerate(traces) if "not_finite" in names(diagnose(trace, network, optimizer)))
    assert 0 < first < 3
    assert [is_finite(trace) for trace in traces] == [n < first for n in range(5)]
    finding = only(diagnose(traces[4], network, optimizer, traces[3::-1]), "not_finite")
    assert "by the update of the step before" in finding.words
    began = only(diagnose(traces[first], network, optimizer), "not_finite")
    traced = traced_back(finding, first + 1, began)
    assert traced.words == f"{finding.words} It began in step {first + 1}. {began.words}"
    assert traced.began == (first + 1, began)


def test_large_numbers_are_finite() -> None:
    network = make_network([1, 1], "identity", "identity", "huber", [[[1e200]]], [[0.0]])
    assert is_finite(step(network, np.ones((1, 1)), np.zeros((1, 1)), None)[0])


def test_nothing_that_is_not_finite_is_replaced() -> None:
    trace, network = blown(2)
    before = [layer.dZ.copy() for layer in trace.layers[1:] if layer.dZ is not None]
    diagnose(trace, network, None)
    layers = health(trace, network)
    assert layers[2].A == math.inf
    assert not math.isfinite(layers[2].dW)
    for layer, kept in zip(trace.layers[1:], before, strict=True):
        np.testing.assert_array_equal(layer.dZ, kept)


def test_of_each_rule_the_worst_comes_first() -> None:
    network = net([6, *[8] * 8, 3], "sigmoid", "xavier_normal")
    found = [one for one in found_in(network, rate=1e-3) if one.rule.name == "update_ratio"]
    assert len(found) > 2
    assert [one.value for one in found] == sorted(one.value for one in found)


# Every network that there is


@given(steps())
@settings(max_examples=60, deadline=None)
def test_whatever_the_network_findings_point_at_cells_and_numbers_are_those_of_the_trace(one: Step) -> None:
    found = diagnose(one.trace, one.network, one.optimizer)
    for finding in found:
        assert finding.rule in RULES
        assert finding.words.endswith((".", "!"))
        if finding.cell is not None:
            assert explain(one.trace, one.network, one.optimizer, finding.cell).cell == finding.cell
    for layer, row in zip(one.trace.layers, health(one.trace, one.network), strict=True):
        with np.errstate(all="ignore"):
            for name in ("A", "dA", "dZ", "dW"):
                tensor = getattr(layer, name)
                if tensor is not None and 1e-140 < np.abs(tensor).max() < 1e140:
                    np.testing.assert_allclose(getattr(row, name), np.sqrt(np.mean(tensor.astype(float) ** 2)), rtol=1e-6)
    for l in range(1, len(one.trace.layers) - 1):
        expected = np.mean(slope_of(one.trace, one.network, l) == 0)
        assert health(one.trace, one.network)[l].stopped == expected
    assert Reader(one.trace).m == one.trace.m


def test_every_rule_has_a_threshold_and_a_source() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) == 9
    assert all(rule.title and rule.bound and rule.source for rule in RULES)
    assert HeNormal.name == "he_normal"
