"""Each update in numbers that can be checked by hand, and fifty of them against an implementation that shares nothing with ours."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.engine import SGD, OutOfBounds, UnknownName, clippings, find_optimizer, next_network, optimizers, schedules, take_step
from tests.ingredients import settings
from tests.strategies import build_case

PARAMETER, GRADIENT = np.array([[2.0, -4.0]]), np.array([[1.0, 0.5]])


@pytest.mark.parametrize(
    ("settings", "is_bias", "expected"),
    [
        ({}, False, [[1.5, -4.25]]),
        ({"weight_decay": 0.5}, False, [[1.0, -3.25]]),
        ({"weight_decay": 0.5}, True, [[1.5, -4.25]]),
        ({"weight_decay": 0.5, "decay_biases": True}, True, [[1.0, -3.25]]),
    ],
)
def test_sgd_by_hand(settings, is_bias, expected) -> None:
    moved, state = SGD(0.5, **settings).update(PARAMETER, GRADIENT, {}, is_bias=is_bias)
    assert moved.tolist() == expected
    assert not state
    assert not np.shares_memory(moved, GRADIENT)
    assert PARAMETER.tolist() == [[2.0, -4.0]]
    assert GRADIENT.tolist() == [[1.0, 0.5]]


def test_a_gradient_of_zero_moves_nothing() -> None:
    assert SGD(0.5).update(PARAMETER, np.zeros((1, 2)), {}, is_bias=False)[0].tolist() == PARAMETER.tolist()


# The algorithms as the documentation of torch.optim writes them, for one number at a time: a generator takes a gradient and
# yields the parameter. Plain Python on purpose.


def _momentum(p: float, lr: float, momentum: float, decay: float, nesterov: bool) -> Any:
    buffer: float | None = None
    while True:
        g = (yield p) + decay * p
        buffer = g if buffer is None else momentum * buffer + g
        p -= lr * (g + momentum * buffer if nesterov else buffer)


def _sgd(p: float, *, learning_rate: float, decay: float) -> Any:
    while True:
        p -= learning_rate * ((yield p) + decay * p)


def _rmsprop(p: float, *, learning_rate: float, alpha: float, eps: float, decay: float) -> Any:
    square_avg = 0.0
    while True:
        g = (yield p) + decay * p
        square_avg = alpha * square_avg + (1 - alpha) * g**2
        p -= learning_rate * g / (math.sqrt(square_avg) + eps)


def _adagrad(p: float, *, learning_rate: float, eps: float, decay: float) -> Any:
    state_sum = 0.0
    while True:
        g = (yield p) + decay * p
        state_sum += g**2
        p -= learning_rate * g / (math.sqrt(state_sum) + eps)


def _adam(p: float, learning_rate: float, beta1: float, beta2: float, eps: float, decay: float, decoupled: bool) -> Any:
    m = v = 0.0
    t = 0
    while True:
        t += 1
        g = yield p
        if decoupled:
            p -= learning_rate * decay * p
        else:
            g += decay * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        p -= learning_rate * m_hat / (math.sqrt(v_hat) + eps)


REFERENCES: dict[str, Callable[..., Any]] = {
    "sgd": _sgd,
    "momentum": lambda p, *, learning_rate, momentum, decay: _momentum(p, learning_rate, momentum, decay, nesterov=False),
    "nesterov": lambda p, *, learning_rate, momentum, decay: _momentum(p, learning_rate, momentum, decay, nesterov=True),
    "rmsprop": _rmsprop,
    "adagrad": _adagrad,
    "adam": lambda p, **s: _adam(p, **s, decoupled=False),
    "adamw": lambda p, **s: _adam(p, **s, decoupled=True),
}
DEFAULTS = {
    "sgd": {"learning_rate": 0.1},  # the one default that isn't PyTorch's 0.001
    "momentum": {"learning_rate": 0.001, "momentum": 0.9},
    "nesterov": {"learning_rate": 0.001, "momentum": 0.9},
    "rmsprop": {"learning_rate": 0.01, "alpha": 0.99, "eps": 1e-8},
    "adagrad": {"learning_rate": 0.01, "eps": 1e-10},
    "adam": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    "adamw": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
}


def valley(p: np.ndarray) -> np.ndarray:
    """The gradient of a narrow, bent valley (Rosenbrock's function): it turns, and its two sizes are far apart."""
    x, y = p[0]
    return np.array([[-2 * (1 - x) - 40 * x * (y - x * x), 20 * (y - x * x)]])


@pytest.mark.parametrize("name", list(optimizers))
@pytest.mark.parametrize("is_bias", [False, True])
def test_fifty_steps_are_those_of_the_published_algorithm(name: str, is_bias: bool) -> None:
    for given in ({}, {"weight_decay": 0.1}, {"weight_decay": 0.1, "decay_biases": True}, *settings(optimizers[name])):
        given = {**given, "learning_rate": min(given.get("learning_rate", 0.004), 0.01)}
        optimizer = optimizers.make(name, given, field="optimizer")
        known = {p.name: getattr(optimizer, p.name) for p in optimizers[name].parameters}
        decays = not is_bias or known.pop("decay_biases")
        known.pop("decay_biases", None)
        decay = known.pop("weight_decay") * decays
        ours = np.array([[-1.2, 0.8]])
        theirs = [REFERENCES[name](p, decay=decay, **known) for p in ours[0].tolist()]
        there = np.array([[next(one) for one in theirs]])
        state = optimizer.start(ours)
        for _ in range(50):
            ours, state = optimizer.update(ours, valley(ours), state, is_bias=is_bias)
            there = np.array([[one.send(g) for one, g in zip(theirs, valley(there)[0].tolist(), strict=True)]])
        assert np.isfinite(ours).all()
        assert np.abs(ours - [[-1.2, 0.8]]).max() > 1e-3
        np.testing.assert_allclose(ours, there, rtol=1e-11, atol=1e-13, err_msg=str(given))


@pytest.mark.parametrize("name", list(optimizers))
def test_defaults_are_those_that_people_know(name: str) -> None:
    defaults = {parameter.name: parameter.default for parameter in optimizers[name].parameters}
    assert defaults == {"weight_decay": 0.0, "decay_biases": False} | DEFAULTS[name]
    for parameter, default in defaults.items():
        assert getattr(optimizers[name](), parameter) == default


@pytest.mark.parametrize("name", list(optimizers))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_state_before_and_after_is_in_the_trace(name: str, dtype: str) -> None:
    case = build_case([3, 4, 2], 5, seed=1, dtype=dtype)
    optimizer = find_optimizer({"name": name, "weight_decay": 0.01})
    first = take_step(*case, optimizer=optimizer)
    network = next_network(case.network, first)
    second = take_step(network, case.X, case.Y, optimizer=optimizer, state=first.optimizer_state, step=2)
    for l in (1, 2):
        names = {f"{state}{parameter}" for state in optimizer.states for parameter in "Wb"}
        assert set(second.layers[l].more) == names | {f"{name}_next" for name in names}
        for state in names:
            assert not first.layers[l].more[state].any()
            assert (second.layers[l].more[state] == first.layers[l].more[f"{state}_next"]).all()
            assert first.layers[l].more[f"{state}_next"].any()
            assert second.layers[l].more[state].dtype == dtype
            assert not second.layers[l].more[f"{state}_next"].flags.writeable
    # the gradient and the loss of the trace know nothing of the penalty
    np.testing.assert_array_equal(first.layers[1].dW, take_step(*case).layers[1].dW)
    assert first.loss == take_step(*case).loss


def test_clipping_by_norm_shrinks_all_gradients_by_one_factor() -> None:
    case = build_case([3, 4, 2], 5, seed=1)
    plain = take_step(*case)
    norm = math.sqrt(sum(float((g**2).sum()) for layer in plain.layers[1:] for g in (layer.dW, layer.db)))
    trace = take_step(*case, optimizer=find_optimizer("sgd", clipping={"name": "norm", "max_norm": norm / 4}))
    for layer in trace.layers[1:]:
        np.testing.assert_allclose(layer.more["gW"], layer.dW / 4, rtol=1e-5)
        np.testing.assert_array_equal(layer.W_next, layer.W - layer.more["gW"] * 0.1)
        np.testing.assert_array_equal(layer.dW, plain.layers[layer.index].dW)
    untouched = take_step(*case, optimizer=find_optimizer("sgd", clipping={"name": "norm", "max_norm": norm * 2}))
    np.testing.assert_array_equal(untouched.layers[1].more["gb"], plain.layers[1].db)


@pytest.mark.parametrize(("gradients", "factor"), [([[3e200], [4e200]], 1 / 5e200), ([[0.0]], 1.0), ([[np.inf], [1.0]], 0.0)])
def test_the_norm_of_exploded_gradients(gradients: list[list[float]], factor: float) -> None:
    given = [np.array([one]) for one in gradients]
    assert clippings.make("norm", field="clipping").factor(given) == pytest.approx(factor, rel=1e-6)
    assert math.isnan(clippings.make("norm", field="clipping").factor([np.array([[np.nan]]), *given]))


def test_clipping_by_value_looks_at_each_number_alone() -> None:
    clipped = clippings.make("value", {"max_value": 0.5}, field="clipping").clip(np.array([[-2.0, 0.3, 0.7]]), 1.0)
    assert clipped.tolist() == [[-0.5, 0.3, 0.5]]


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", {1: 0.8, 100: 0.8}),
        ({"name": "step", "every": 3, "gamma": 0.5}, {1: 0.8, 3: 0.8, 4: 0.4, 6: 0.4, 7: 0.2}),
        ({"name": "cosine", "steps": 4}, {1: 0.8, 2: 0.4 * (1 + math.sqrt(0.5)), 3: 0.4, 5: 0.0, 50: 0.0}),
        ({"name": "cosine", "steps": 4, "lowest": 0.2}, {1: 0.8, 3: 0.5, 5: 0.2, 6: 0.2}),
        ({"name": "warm_up", "steps": 4, "start": 0.25}, {1: 0.2, 2: 0.35, 5: 0.8, 9: 0.8}),
    ],
)
def test_schedules_by_hand(schedule, rates) -> None:
    assert {n: pytest.approx(schedules.choose(schedule, field="s").rate(0.8, n), abs=1e-15) for n in rates} == rates
    case = build_case([3, 2], 5, seed=1)
    optimizer = find_optimizer({"name": "sgd", "learning_rate": 0.8}, schedule)
    for n, rate in rates.items():
        trace = take_step(*case, optimizer=optimizer, step=n)
        assert trace.learning_rate == pytest.approx(rate, abs=1e-15)
        np.testing.assert_allclose(trace.layers[1].W_next, trace.layers[1].W - rate * trace.layers[1].dW, rtol=1e-13)


@pytest.mark.parametrize(
    ("given", "error", "field"),
    [
        (({"name": "adam", "beta1": 1},), OutOfBounds, "optimizer.beta1"),
        (("adam", "sometimes"), UnknownName, "schedule"),
        (("adam", {"name": "step", "every": 0}), OutOfBounds, "schedule.every"),
        (("adam", "constant", {"name": "norm", "max_norm": 0}), OutOfBounds, "clipping.max_norm"),
        (("adam", "constant", "hard"), UnknownName, "clipping"),
    ],
)
def test_what_does_not_fit_is_refused(given, error, field) -> None:
    with pytest.raises(error) as refusal:
        find_optimizer(*given)
    assert refusal.value.field == field
