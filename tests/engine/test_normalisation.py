"""Batch and layer normalisation: against loops, against autograd, at the edges; and what a run makes of the statistics."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import (
    BatchNorm,
    Cell,
    LayerNorm,
    Network,
    OutOfBounds,
    ShapeMismatch,
    Trace,
    UnknownName,
    UnknownParameter,
    activations,
    check_batch,
    evaluate,
    example_alone,
    find_optimizer,
    gradcheck,
    make_network,
    next_network,
    normalisations,
    parameter_count,
    paths,
    predict,
    take_step,
    update_effect,
)
from app.engine.diagnostics import diagnose, health
from app.engine.gradcheck import one_cell, plan, work
from tests import oracles
from tests.ingredients import (
    assert_every_gradient_is_right,
    assert_every_number_is_explained,
    assert_scripts_give_the_same_bits,
    choices,
    step_on,
)
from tests.strategies import targets, with_any_scale

NORMS = choices(normalisations)
SHAPES = {"sizes": (3, 5, 4, 2), "m": 6}


# ---- against a plain loop


def looped(norm: Any, Z: np.ndarray, gamma: np.ndarray, beta: np.ndarray, dN: np.ndarray) -> dict[str, np.ndarray]:
    """Forward and backward, one number after the other; dZ by the Jacobian of Zhat, and not through M and V."""
    n, m = Z.shape
    groups = (
        [[(j, i) for i in range(m)] for j in range(n)] if isinstance(norm, BatchNorm) else [[(j, i) for j in range(n)] for i in range(m)]
    )
    Zhat, dZ = np.zeros((n, m)), np.zeros((n, m))
    for group in groups:
        mean = sum(Z[at] for at in group) / len(group)
        variance = sum((Z[at] - mean) ** 2 for at in group) / len(group)
        for at in group:
            Zhat[at] = (Z[at] - mean) / math.sqrt(variance + norm.eps)
        for at in group:
            for other in group:
                slope = (at == other) - 1 / len(group) - Zhat[at] * Zhat[other] / len(group)
                dZ[at] += dN[other] * gamma[other[0], 0] * slope / math.sqrt(variance + norm.eps)
    dgamma = [[sum(dN[j, i] * Zhat[j, i] for i in range(m)) / m] for j in range(n)]
    dbeta = [[sum(dN[j, i] for i in range(m)) / m] for j in range(n)]
    return {"N": gamma * Zhat + beta, "Zhat": Zhat, "dZ": dZ, "dgamma": np.array(dgamma), "dbeta": np.array(dbeta)}


@pytest.mark.parametrize(
    "norm", [BatchNorm(), BatchNorm(eps=0.3), LayerNorm(), LayerNorm(eps=0.3)], ids=lambda norm: f"{norm.name} {norm.eps}"
)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_it_is_what_a_loop_makes_of_any_shape(norm: Any, n: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    m += norm.mixes
    Z, dN = 3 * rng.standard_normal((n, m)) + 2, rng.standard_normal((n, m))
    gamma, beta = rng.standard_normal((n, 1)), rng.standard_normal((n, 1))
    M, V, Zhat, N = norm.forward(Z, gamma, beta)
    dgamma, dbeta, _, _, _, dZ = norm.backward(dN, Z, M, V, Zhat, gamma)
    truth = looped(norm, Z, gamma, beta, dN)
    size = (np.abs(dN).max() + 1) * (np.abs(gamma).max() + 1) / math.sqrt(float(V.min()) + norm.eps)  # of the terms that dZ is left of
    for name, given_ in {"N": N, "Zhat": Zhat, "dZ": dZ, "dgamma": dgamma, "dbeta": dbeta}.items():
        oracles.assert_close(given_, truth[name], name, rtol=1e-10, atol=1e-11 * max(1, size))


@pytest.mark.parametrize("name", list(normalisations))
def test_a_normalisations_backward_is_its_forwards_derivative(name: str) -> None:
    norm = normalisations.make(name, field="normalisation")
    rng = np.random.default_rng(1)
    Z, dN, gamma, beta = (rng.standard_normal(shape) for shape in ((4, 5), (4, 5), (4, 1), (4, 1)))
    M, V, Zhat, _ = norm.forward(Z, gamma, beta)
    dgamma, dbeta, dZhat, _, _, dZ = norm.backward(dN, Z, M, V, Zhat, gamma)

    def loss(Z: np.ndarray = Z, gamma: np.ndarray = gamma, beta: np.ndarray = beta) -> float:
        return float((dN * norm.forward(Z, gamma, beta)[3]).sum())

    oracles.assert_close(dZ, oracles.central_differences(lambda v: loss(Z=v), Z), "dZ", atol=1e-7)
    oracles.assert_close(5 * dgamma, oracles.central_differences(lambda v: loss(gamma=v), gamma), "m dgamma", atol=1e-7)
    oracles.assert_close(5 * dbeta, oracles.central_differences(lambda v: loss(beta=v), beta), "m dbeta", atol=1e-7)
    oracles.assert_close(dZhat, oracles.central_differences(lambda v: float((dN * (gamma * v + beta)).sum()), Zhat), "dZhat", atol=1e-7)


# ---- through everything


@pytest.mark.parametrize("norm", NORMS, ids=str)
def test_it_goes_through_everything(norm: Any) -> None:
    step = step_on("tanh", normalisation=norm, optimizer=find_optimizer("adam", clipping="norm"), steps=2, sizes=(3, 4, 2), m=5)
    assert assert_every_number_is_explained(step) > 200
    assert assert_every_gradient_is_right(step) > 20
    assert_scripts_give_the_same_bits(step)


@pytest.mark.parametrize("norm", list(normalisations))
@pytest.mark.parametrize("hidden", list(activations))
def test_gradients_through_any_activation_behind_it_are_right(norm: str, hidden: str) -> None:
    step = step_on(hidden, normalisation=norm, **SHAPES)
    assert assert_every_gradient_is_right(step) > 40
    truth = oracles.automatic(step.network, step.trace.X, step.trace.Y)
    oracles.assert_gradients(oracles.analytic(step.trace), truth, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("norm", [*normalisations, ["batch_norm", None], [None, "layer_norm"], ["layer_norm", "batch_norm"]], ids=str)
@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_some_layers_and_dropout_beside_it(norm: Any, dropout: float, dtype: str) -> None:
    optimizer = find_optimizer({"name": "momentum", "weight_decay": 0.1, "decay_biases": True}, "cosine", "value")
    step = step_on("tanh", normalisation=norm, dropout=dropout, dtype=dtype, optimizer=optimizer, steps=2, sizes=(2, 4, 3, 2), m=4)
    assert_every_gradient_is_right(step)
    assert_scripts_give_the_same_bits(step)
    for layer in step.trace.layers:
        for name, tensor in layer.more.items():
            assert tensor.dtype == dtype, name
            assert not tensor.flags.writeable, name
    if dtype == "float64":
        masks = {l: layer.more["D"] for l, layer in enumerate(step.trace.layers) if "D" in layer.more}
        truth = oracles.automatic(step.network, step.trace.X, step.trace.Y, masks)
        oracles.assert_gradients(oracles.analytic(step.trace), truth, rtol=1e-8, atol=1e-11)


@settings(max_examples=30)
@given(st.data())
def test_gradients_of_any_shape_are_right(data: st.DataObject) -> None:
    sizes = tuple(data.draw(st.lists(st.integers(1, 5), min_size=3, max_size=5)))
    m = data.draw(st.integers(1, 5))
    names = [None, *(one.name for one in normalisations.values() if m > 1 or not one.mixes)]
    norms = [data.draw(st.sampled_from(names)) for _ in sizes[1:-1]]
    step = step_on("tanh", normalisation=norms, sizes=sizes, m=m, seed=data.draw(st.integers(0, 2**32 - 1)))
    assert_every_gradient_is_right(step)
    # a batch of two has Zhat near -1 and 1 and dZ near 0: a small difference of large terms
    oracles.assert_gradients(
        oracles.analytic(step.trace), oracles.automatic(step.network, step.trace.X, step.trace.Y), rtol=1e-7, atol=1e-9
    )


@pytest.mark.parametrize("norm", list(normalisations))
def test_central_differences_of_the_whole_pass_agree(norm: str) -> None:
    step = step_on("tanh", normalisation=norm, **SHAPES)
    oracles.assert_gradients(oracles.analytic(step.trace), oracles.numeric(step.network, step.trace.X, step.trace.Y), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("norm", list(normalisations))
def test_one_cell_of_the_pass_is_checked_with_all_that_notice(norm: str) -> None:
    step = step_on("tanh", normalisation=norm, **SHAPES)
    for tensor, l in [("dA", 0), ("dZ", 1), ("dN", 1), ("dA", 1), ("dZ", 2), ("dN", 2), ("dZ", 3)]:
        (check,) = gradcheck(step.trace, step.network, [one_cell(Cell(tensor, l, 1, 1))])
        assert not check.wrong.any(), (tensor, l)
        assert check.relative_errors[1, 1] < 1e-6, (tensor, l)
    assert {(one.tensor, one.layer) for one in plan(step.trace)} >= {("dgamma", 1), ("dbeta", 2)}


def test_a_wrong_gradient_of_gamma_is_found() -> None:
    step = step_on("tanh", normalisation="batch_norm", **SHAPES)
    layers = list(step.trace.layers)
    layers[1] = layers[1]._replace(more={**layers[1].more, "dgamma": layers[1].more["dgamma"] * 1.001})
    wrong = Trace(step.trace.step, step.trace.loss, step.trace.losses, step.trace.accuracy, step.trace.Y, tuple(layers))
    checks = gradcheck(wrong, step.network, plan(wrong))
    assert {(check.tensor, check.layer) for check in checks if check.wrong.any()} == {("dgamma", 1)}


def test_a_check_costs_more_where_a_batch_is_one_number() -> None:
    plain, mixing = (step_on("tanh", normalisation=norm, **SHAPES) for norm in ("layer_norm", "batch_norm"))
    cells = [one_cell(Cell("dA", 0, 0, 0))]
    once = work(plain.trace, [])
    assert work(mixing.trace, []) == once
    assert work(mixing.trace, cells) - once == 6 * (work(plain.trace, cells) - once)


@pytest.mark.parametrize("norm", list(normalisations))
def test_a_small_step_does_what_the_gradient_predicts(norm: str) -> None:
    step = step_on("tanh", normalisation=norm, optimizer=find_optimizer({"name": "sgd", "learning_rate": 1e-5}), **SHAPES)
    effect = update_effect(step.trace, step.network)
    assert effect.actual == pytest.approx(effect.predicted, rel=1e-2)
    # gamma and beta have their part in it
    layer = step.trace.layers[1]
    of_scale = sum(np.vdot(layer.more[f"d{name}"], layer.more[f"{name}_next"] - layer.more[name]) for name in ("gamma", "beta"))
    of_rest = np.vdot(layer.dW, layer.W_next - layer.W) + np.vdot(layer.db, layer.b_next - layer.b)
    assert effect.by_layer[0] == pytest.approx(of_scale + of_rest, rel=1e-9)
    assert abs(of_scale) > 1e-9


@pytest.mark.parametrize("norm", list(normalisations))
def test_health_parts_the_slope_from_the_normalisation(norm: str) -> None:
    step = step_on("tanh", normalisation=norm, **SHAPES)
    diagnose(step.trace, step.network, None)
    for layer, of in zip(health(step.trace, step.network)[1:3], step.trace.layers[1:3], strict=True):
        sizes = [math.sqrt(float(np.mean(np.square(tensor)))) for tensor in (of.dA, of.more["dN"], of.dZ)]
        assert layer.through_slope == pytest.approx(sizes[1] / sizes[0])
        assert layer.through_normalisation == pytest.approx(sizes[2] / sizes[1])
        assert layer.through_slope < 1


# ---- at the edges


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_constant_feature_is_finite_and_becomes_beta(dtype: str) -> None:
    """As in PyTorch: nothing varies, Zhat is 0, and epsilon keeps the gradient finite."""
    norm = BatchNorm()
    Z = np.full((1, 4), 7, dtype)
    gamma, beta, dN = np.full((1, 1), 2, dtype), np.full((1, 1), 0.5, dtype), np.array([[1, 2, 3, 6]], dtype)
    M, V, Zhat, N = norm.forward(Z, gamma, beta)
    assert (M.tolist(), V.tolist(), Zhat.tolist(), N.tolist()) == ([[7]], [[0]], [[0] * 4], [[0.5] * 4])
    dgamma, dbeta, _, dV, _, dZ = norm.backward(dN, Z, M, V, Zhat, gamma)
    assert (dgamma.tolist(), dbeta.tolist(), dV.tolist()) == ([[0]], [[3]], [[0]])
    np.testing.assert_allclose(dZ, 2 * (dN - 3) / math.sqrt(1e-5), rtol=1e-5 if dtype == "float32" else 1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_constant_input_goes_through_a_whole_step(dtype: str) -> None:
    step = step_on("relu", normalisation="batch_norm", dtype=dtype, **SHAPES)
    X = np.repeat(step.trace.X[:, :1], 6, axis=1)
    trace = take_step(step.network, X, step.trace.Y, optimizer=find_optimizer("sgd"))
    tensors = [tensor for layer in trace.layers[1:] for tensor in (layer.W_next, layer.b_next, layer.dZ, *layer.more.values())]
    assert all(np.isfinite(tensor).all() for tensor in tensors)
    if dtype == "float64":
        assert_every_number_is_explained(step._replace(trace=trace, optimizer=find_optimizer("sgd")))


def test_a_batch_of_two() -> None:
    step = step_on("tanh", normalisation="batch_norm", sizes=(3, 4, 2), m=2)
    of = step.trace.layers[1].more
    np.testing.assert_allclose(of["Zhat"][:, 0], -of["Zhat"][:, 1], rtol=1e-12)
    assert (np.abs(of["Zhat"]) < 1).all()  # by epsilon
    assert_every_number_is_explained(step)
    assert_every_gradient_is_right(step)


def test_a_batch_of_one_is_refused_before_anything_is_stepped() -> None:
    network = make_network(
        [2, 3, 2], "relu", "softmax", "cross_entropy", [np.ones((3, 2)), np.ones((2, 3))], [[0] * 3, [0] * 2], normalisation="batch_norm"
    )
    for refused in (check_batch, take_step):
        with pytest.raises(ShapeMismatch, match="at least 2: batch normalisation") as refusal:
            refused(network, np.ones((2, 1)), np.array([[1.0], [0.0]]))
        assert refusal.value.field == "X"
    assert predict(network, np.ones((2, 1))).shape == (2, 1)  # running statistics need no batch


def test_a_layer_of_one_unit_has_nothing_to_say_under_layer_norm() -> None:
    step = step_on("tanh", normalisation="layer_norm", sizes=(3, 1, 2), m=4)
    of = step.trace.layers[1]
    assert not of.more["Zhat"].any()
    assert not of.dZ.any()
    assert_every_number_is_explained(step)


@pytest.mark.parametrize(
    ("given_", "error", "field"),
    [
        ("batchnorm", UnknownName, "normalisation"),
        ({"name": "batch_norm", "eps": 0}, OutOfBounds, "normalisation.eps"),
        ({"name": "batch_norm", "momentum": 1.5}, OutOfBounds, "normalisation.momentum"),
        ({"name": "layer_norm", "momentum": 0.1}, UnknownParameter, "normalisation.momentum"),
        (["batch_norm", {"name": "layer_norm", "eps": -1}], OutOfBounds, "normalisation[1].eps"),
        (["batch_norm"], ShapeMismatch, "normalisation"),
    ],
)
def test_what_does_not_fit_is_refused(given_: Any, error: type, field: str) -> None:
    with pytest.raises(error) as refusal:
        step_on("tanh", normalisation=given_)
    assert refusal.value.field == field


def test_gammas_and_betas_count() -> None:
    assert parameter_count([2, 3, 4, 2], "layer_norm") == parameter_count([2, 3, 4, 2]) + 2 * 7
    assert parameter_count([2, 3, 4, 2], [None, {"name": "batch_norm"}]) == parameter_count([2, 3, 4, 2]) + 2 * 4
    assert parameter_count([2, 2], "batch_norm") == parameter_count([2, 2])


# ---- one example, one path


def test_an_example_alone_under_layer_norm_is_its_column() -> None:
    step = step_on("tanh", normalisation="layer_norm", dropout=0.3, **SHAPES)
    alone = [example_alone(step.trace, step.network, i) for i in range(6)]
    for l in (1, 2):
        for name in ("dgamma", "dbeta"):
            mean = np.mean([one.layers[l].more[name] for one in alone], axis=0)
            np.testing.assert_allclose(mean, step.trace.layers[l].more[name], rtol=1e-12, atol=1e-15)
        for name in ("M", "V", "Zhat", "N", "dN", "dV", "dM"):
            np.testing.assert_array_equal(alone[3].layers[l].more[name], step.trace.layers[l].more[name][:, 3:4])
    assert_every_number_is_explained(step._replace(trace=alone[2]))


def test_under_batch_norm_no_example_is_alone() -> None:
    step = step_on("tanh", normalisation=["batch_norm", None])
    with pytest.raises(OutOfBounds, match="batch normalisation") as refusal:
        example_alone(step.trace, step.network, 1)
    assert (refusal.value.field, refusal.value.value) == ("example", 1)


def test_paths_go_from_layers_behind_the_last_that_mixes_examples() -> None:
    step = step_on("tanh", normalisation=["batch_norm", None])
    with pytest.raises(OutOfBounds, match="above 1: .*mixes the examples") as refusal:
        paths(step.trace, step.network, Cell("W", 1, 0, 0))
    assert (refusal.value.field, refusal.value.value) == ("layer", 1)
    found = paths(step.trace, step.network, Cell("W", 2, 1, 0), limit=1000)
    assert math.fsum(path.product for path in found.paths) == pytest.approx(found.gradient, rel=1e-12)


# ---- training


class Plain:
    """Training with batch norm written once more: lists of layers, autograd's gradients, SGD, PyTorch's running statistics."""

    def __init__(self, network: Network, eps: float, momentum: float) -> None:
        self.parameters = [[W, b] for W, b in zip(network.W, network.b, strict=True)]
        for parameters, held in zip(self.parameters, network.held, strict=False):
            parameters += [held["gamma"], held["beta"]]
        self.statistics = [[np.zeros_like(held["gamma"]), np.ones_like(held["gamma"])] for held in network.held]
        self.eps, self.momentum = eps, momentum

    def step(self, X: np.ndarray, Y: np.ndarray, learning_rate: float) -> None:
        norms = [lambda Z: oracles.NORMALISED["batch_norm"](Z, self.eps, self.momentum)] * len(self.statistics)
        end = lambda Z, Y: oracles.cross_entropy(Z, Y)  # noqa: E731
        gradients = oracles.autograd.grad(oracles.autograd_loss)(self.parameters, X, Y, [np_tanh] * len(norms), norms, end)
        A = X
        for (W, b, gamma, beta), running in zip(self.parameters[:-1], self.statistics, strict=True):
            Z = W @ A + b
            for at, batch in enumerate((Z.mean(axis=1, keepdims=True), Z.var(axis=1, ddof=1, keepdims=True))):
                running[at] = (1 - self.momentum) * running[at] + self.momentum * batch
            A = np.tanh(gamma * (Z - Z.mean(axis=1, keepdims=True)) / np.sqrt(Z.var(axis=1, keepdims=True) + self.eps) + beta)
        for of, moves in zip(self.parameters, gradients, strict=True):
            of[:] = [one - learning_rate * move for one, move in zip(of, moves, strict=True)]

    def predict(self, X: np.ndarray) -> np.ndarray:
        A = X
        for (W, b, gamma, beta), (mean, variance) in zip(self.parameters[:-1], self.statistics, strict=True):
            A = np.tanh(gamma * (W @ A + b - mean) / np.sqrt(variance + self.eps) + beta)
        W, b = self.parameters[-1]
        return oracles.softmax(W @ A + b)


def np_tanh(Z: np.ndarray) -> np.ndarray:
    return oracles.anp.tanh(Z)


@pytest.mark.parametrize(("eps", "momentum"), [(1e-5, 0.1), (1e-2, 0.7)])
def test_fifty_steps_and_predictions_are_those_of_another_implementation(eps: float, momentum: float) -> None:
    rng = np.random.default_rng(5)
    sizes = (3, 6, 5, 2)
    W = [rng.standard_normal((n, n_prev)) for n_prev, n in zip(sizes[:-1], sizes[1:], strict=True)]
    b = [rng.standard_normal(n) for n in sizes[1:]]
    choice = {"name": "batch_norm", "eps": eps, "momentum": momentum}
    network = make_network(sizes, "tanh", "softmax", "cross_entropy", W, b, normalisation=choice)
    assert all(not held["beta"].any() and not held["rM"].any() for held in network.held)
    assert all((held["gamma"] == 1).all() and (held["rV"] == 1).all() for held in network.held)
    network = with_any_scale(network, rng)
    network = network.with_parameters(network.W, network.b, [held | {"rM": np.zeros_like(held["rM"])} for held in network.held])
    plain, optimizer, state = Plain(network, eps, momentum), find_optimizer({"name": "sgd", "learning_rate": 0.1}), None
    for n in range(1, 51):
        X, Y = rng.standard_normal((3, 8)) + 1, targets(rng, 2, 8, soft=True)
        trace = take_step(network, X, Y, optimizer=optimizer, state=state, step=n)
        network, state = next_network(network, trace), trace.optimizer_state
        plain.step(X, Y, 0.1)
    for held, (_, _, gamma, beta), (mean, variance) in zip(network.held, plain.parameters[:-1], plain.statistics, strict=True):
        for name, truth in {"gamma": gamma, "beta": beta, "rM": mean, "rV": variance}.items():
            np.testing.assert_allclose(held[name], truth, rtol=1e-8, atol=1e-10, err_msg=name)
    X, Y = rng.standard_normal((3, 300)), targets(rng, 2, 300, soft=False)
    np.testing.assert_allclose(predict(network, X), plain.predict(X), rtol=1e-8, atol=1e-10)
    loss, accuracy = evaluate(network, X, Y)
    assert loss == pytest.approx(-(Y * np.log(plain.predict(X))).sum() / 300, rel=1e-8)
    assert accuracy == (plain.predict(X).argmax(axis=0) == Y.argmax(axis=0)).mean()
    # what is only looked at does not depend on its neighbours
    np.testing.assert_allclose(predict(network, X[:, :1]), predict(network, X)[:, :1], rtol=1e-12)


def test_running_statistics_move_in_steps_with_an_update_alone() -> None:
    step = step_on("tanh", normalisation="batch_norm", **SHAPES)
    assert "rM_next" not in step.trace.layers[1].more
    trace = take_step(step.network, step.trace.X, step.trace.Y, optimizer=find_optimizer("sgd"))
    of = trace.layers[1].more
    Z = trace.layers[1].Z
    np.testing.assert_allclose(of["rM_next"], 0.9 * of["rM"] + 0.1 * Z.mean(axis=1, keepdims=True), rtol=1e-12)
    np.testing.assert_allclose(of["rV_next"], 0.9 * of["rV"] + 0.1 * Z.var(axis=1, ddof=1, keepdims=True), rtol=1e-12)
    for name, held in next_network(step.network, trace).held[0].items():
        np.testing.assert_array_equal(held, of[f"{name}_next"])
