"""Truths that the engine did not write: central differences, and automatic differentiation by HIPS autograd."""

import math
from collections.abc import Callable, Mapping

import autograd
import autograd.extend
import autograd.numpy as anp
import numpy as np

from app.engine import Apart, Network, Trace, evaluate
from app.engine.activations import Activation
from app.engine.outputs import Output

# (tensor, layer) -> its numbers; ("A", 0) is X, so its gradient is dA[0]
Gradients = dict[tuple[str, int], np.ndarray]

# HIPS autograd's own erf needs SciPy, which the project does not have
erfc = autograd.extend.primitive(np.vectorize(math.erfc, otypes=[float]))
autograd.extend.defvjp(erfc, lambda _, x: lambda g: -2 / np.sqrt(np.pi) * anp.exp(-(x**2)) * g)

# the activations that autograd checks, written once more in its own words
REFERENCE: dict[str, Callable] = {
    "relu": lambda Z: anp.where(Z > 0, Z, 0.0),
    "identity": lambda Z: 1.0 * Z,
    "leaky_relu": lambda Z, negative_slope=0.01: anp.where(Z > 0, Z, negative_slope * Z),
    "elu": lambda Z, alpha=1.0: anp.where(Z > 0, Z, alpha * (anp.exp(anp.where(Z > 0, 0.0, Z)) - 1)),
    "selu": lambda Z: 1.0507009873554805 * anp.where(Z > 0, Z, 1.6732632423543772 * (anp.exp(anp.where(Z > 0, 0.0, Z)) - 1)),
    "sigmoid": lambda Z: anp.exp(-anp.logaddexp(0.0, -Z)),
    "tanh": lambda Z: anp.tanh(Z),
    "softplus": lambda Z, beta=1.0: anp.logaddexp(0.0, beta * Z) / beta,
    "silu": lambda Z: Z * anp.exp(-anp.logaddexp(0.0, -Z)),
    "gelu": lambda Z: Z * 0.5 * erfc(-Z / np.sqrt(2)),
}


def analytic(trace: Trace) -> Gradients:
    """The gradients of the mean loss that the trace claims; dA[0] is of the sum, m times as large, and is divided here."""
    gradients = {("A", 0): trace.layers[0].dA / trace.m}
    for layer in trace.layers[1:]:
        gradients["W", layer.index], gradients["b", layer.index] = layer.dW, layer.db
    return gradients


def central_differences(function: Callable[[np.ndarray], float], at: np.ndarray, h: float = 1e-6) -> np.ndarray:
    """d function / d cell for every cell, by (f(x + h) - f(x - h)) / 2h."""
    point = at.astype(np.float64)
    gradient = np.empty_like(point)
    for cell in np.ndindex(point.shape):
        kept = point[cell]
        point[cell] = kept + h
        above = function(point)
        point[cell] = kept - h
        below = function(point)
        point[cell] = kept
        gradient[cell] = (above - below) / (2 * h)
    return gradient


def numeric(network: Network, X: np.ndarray, Y: np.ndarray, h: float = 1e-6) -> Gradients:
    """Every gradient of the mean loss by central differences, the engine's own forward pass being the function."""

    def replaced(family: str, index: int) -> Callable[[np.ndarray], float]:
        def loss(values: np.ndarray) -> float:
            W, b = list(network.W), list(network.b)
            (W if family == "W" else b)[index] = values
            return evaluate(network.with_parameters(W, b), X, Y)[0]

        return loss

    gradients = {("A", 0): central_differences(lambda values: evaluate(network, values, Y)[0], X, h)}
    for index, (W, b) in enumerate(zip(network.W, network.b, strict=True)):
        gradients["W", index + 1] = central_differences(replaced("W", index), W, h)
        gradients["b", index + 1] = central_differences(replaced("b", index), b, h)
    return gradients


def in_its_own_words(activation: Activation) -> Callable:
    """The reference of an activation, with its parameters."""
    settings = {parameter.name: getattr(activation, parameter.name) for parameter in activation.parameters}
    return lambda Z: REFERENCE[activation.name](Z, **settings)


def softmax(Z: np.ndarray) -> np.ndarray:
    e = anp.exp(Z - anp.max(Z, axis=0, keepdims=True))
    return e / anp.sum(e, axis=0, keepdims=True)


def cross_entropy(Z: np.ndarray, Y: np.ndarray, label_smoothing: float = 0.0) -> float:
    top = anp.max(Z, axis=0, keepdims=True)
    log_sum = top + anp.log(anp.sum(anp.exp(Z - top), axis=0, keepdims=True))
    return anp.sum((Y * (1 - label_smoothing) + label_smoothing / len(Y)) * (log_sum - Z))


# the summed losses from the logits, where activation and loss are one; from the outputs, where they are two
FROM_LOGITS: dict[str, Callable] = {
    "cross_entropy": cross_entropy,
    "binary_cross_entropy": lambda Z, Y: anp.sum(anp.logaddexp(0.0, Z) - Y * Z),
}
FROM_OUTPUTS: dict[str, Callable] = {
    "mse": lambda A, Y: anp.sum((A - Y) ** 2) / 2,
    "mae": lambda A, Y: anp.sum(anp.abs(A - Y)),
    "huber": lambda A, Y, delta=1.0: anp.sum(anp.where(anp.abs(A - Y) <= delta, (A - Y) ** 2 / 2, delta * (anp.abs(A - Y) - delta / 2))),
}


def end_in_its_own_words(output: Output) -> Callable:
    """Z[L], Y -> the sum of the losses."""
    if not isinstance(output, Apart):
        settings = {parameter.name: getattr(output, parameter.name) for parameter in output.parameters}
        return lambda Z, Y: FROM_LOGITS[output.loss](Z, Y, **settings)
    last = softmax if output.activation == "softmax" else in_its_own_words(output.last)
    settings = {parameter.name: getattr(output.on_it, parameter.name) for parameter in output.on_it.parameters}
    return lambda Z, Y: FROM_OUTPUTS[output.loss](last(Z), Y, **settings)


def autograd_loss(parameters: list, X: np.ndarray, Y: np.ndarray, activations: list[Callable], end: Callable) -> float:
    """The mean loss, written without the engine."""
    A = X
    for (W, b), activation in zip(parameters[:-1], activations, strict=True):
        A = activation(W @ A + b)
    W, b = parameters[-1]
    return end(W @ A + b, Y) / X.shape[1]


def automatic(network: Network, X: np.ndarray, Y: np.ndarray, masks: Mapping[int, np.ndarray] | None = None) -> Gradients:
    """Every gradient of the mean loss by reverse-mode automatic differentiation; `masks` are those of dropout, by layer."""
    parameters = list(zip(network.W, network.b, strict=True))
    hidden = [in_its_own_words(activation) for activation in network.activations]
    for l, mask in (masks or {}).items():
        hidden[l - 1] = lambda Z, activation=hidden[l - 1], mask=mask: activation(Z) * mask
    end = end_in_its_own_words(network.output)
    of_parameters = autograd.grad(autograd_loss, 0)(parameters, X, Y, hidden, end)
    gradients: Gradients = {("A", 0): autograd.grad(autograd_loss, 1)(parameters, X, Y, hidden, end)}
    for layer, (dW, db) in enumerate(of_parameters, start=1):
        gradients["W", layer], gradients["b", layer] = dW, db
    return gradients


def assert_gradients(given: Gradients, truth: Gradients, rtol: float = 1e-5, atol: float = 1e-8) -> None:
    """Fails with the tensor, the layer, the worst cell and both numbers."""
    assert given.keys() == truth.keys()
    for (tensor, layer), numbers in given.items():
        assert_close(numbers, truth[tensor, layer], f"d{tensor}[{layer}]", rtol, atol)


def assert_close(given: np.ndarray, truth: np.ndarray, name: str, rtol: float = 1e-5, atol: float = 1e-8) -> None:
    assert given.shape == truth.shape, f"{name} is {given.shape}, the truth {truth.shape}"
    excess = np.abs(given - truth) - (atol + rtol * np.abs(truth))
    if not (excess <= 0).all():  # NaN fails too
        worst = np.unravel_index(np.argmax(np.where(np.isnan(excess), np.inf, excess)), excess.shape)
        cell = ", ".join(str(int(index)) for index in worst)
        raise AssertionError(f"{name} at cell ({cell}): analytic {given[worst]!r}, numeric {truth[worst]!r}")
