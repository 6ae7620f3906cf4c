"""Every entry of every register, without naming one: a new class is checked the moment it is added."""

import numpy as np
import pytest

from app.engine import (
    Equation,
    Parameter,
    activations,
    initializers,
    layer_kinds,
    losses,
    optimizers,
    output_activations,
    outputs,
)
from tests.oracles import assert_close, central_differences
from tests.registers import REGISTERS
from tests.strategies import targets

EVERY = [(register, name) for register in REGISTERS for name in register]


@pytest.mark.parametrize(("register", "name"), EVERY, ids=lambda value: getattr(value, "family", value))
def test_an_entry_says_what_it_is(register, name) -> None:
    entry = register[name]
    assert entry.name == name
    assert entry.title
    assert entry.source
    assert entry.__doc__
    assert entry.equations
    assert all(isinstance(e, Equation) and e.whole and e.cell for e in entry.equations.values())
    assert all(isinstance(parameter, Parameter) and parameter.help for parameter in entry.parameters)
    for parameter in entry.parameters:
        assert parameter.check(parameter.default, "default") == parameter.default
    assert isinstance(register.make(name, {}, field="it"), entry)


@pytest.mark.parametrize(("register", "name"), EVERY, ids=lambda value: getattr(value, "family", value))
def test_an_entry_is_derived(register, name) -> None:
    equations = register[name].equations
    assert any(equation.derivation for equation in equations.values()), "no line leads to any of its equations"
    for which, equation in equations.items():
        assert equation.why.endswith("."), which
        # a gradient is never given: its slope, and the chain rule or what it comes to
        assert len(equation.derivation) >= (2 if which.startswith("d") else 0), which
        assert all(line.words.endswith((".", ":", ",", "up to")) for line in equation.derivation), which
        assert not which.startswith("d") or any(line.latex for line in equation.derivation), which


@pytest.mark.parametrize("entry", [*losses.values(), *outputs.values()], ids=lambda entry: entry.name)
def test_the_loss_of_a_batch_is_written_out(entry) -> None:
    """The page plays the loss as one phase, and shows this form of it: a mean alone would not say of what."""
    of_each, of_batch = (entry().equations[name].whole.partition(" = ")[2] for name in ("losses", "loss"))
    sign = "-" if of_each.startswith("-") else ""
    assert of_batch == rf"{sign}\frac{{1}}{{m}} \sum_{{i=1}}^{{m}} {of_each.removeprefix('-')}"


@pytest.mark.parametrize("name", list(activations))
def test_an_activations_backward_is_its_forwards_derivative(name: str) -> None:
    activation = activations.make(name, field="activation")
    rng = np.random.default_rng(1)
    Z = rng.standard_normal((7, 9)) * 2
    for kink in activation.kinks:
        Z[np.abs(Z - kink) < 1e-3] += 0.01
    dA = rng.standard_normal(Z.shape)
    truth = central_differences(lambda values: float((dA * activation.forward(values)).sum()), Z)
    assert_close(activation.backward(dA, Z, activation.forward(Z)), truth, f"dZ of {name}", atol=1e-7)


@pytest.mark.parametrize("name", list(outputs))
@pytest.mark.parametrize("soft", [False, True])
def test_an_outputs_backward_is_the_derivative_of_its_summed_losses(name: str, soft: bool) -> None:
    output = outputs.make(name, field="output")
    rng = np.random.default_rng(2)
    Z, Y = rng.standard_normal((4, 6)), targets(rng, 4, 6, soft)
    Y = output.targets(Y)
    A, losses = output.forward(Z, Y)
    assert losses.shape == (6,)
    np.testing.assert_allclose(output.activate(Z), A)
    truth = central_differences(lambda values: float(output.forward(values, Y)[1].sum()), Z)
    assert_close(output.backward(A, Y), truth, f"dZ of {name}", atol=1e-7)


@pytest.mark.parametrize("name", list(output_activations))
def test_an_output_activations_backward_is_its_forwards_derivative(name: str) -> None:
    activation = output_activations.make(name, field="activation")
    rng = np.random.default_rng(1)
    Z, dA = rng.standard_normal((4, 6)) * 2, rng.standard_normal((4, 6))
    truth = central_differences(lambda values: float((dA * activation.forward(values)).sum()), Z)
    assert_close(activation.backward(dA, Z, activation.forward(Z)), truth, f"dZ of {name}", atol=1e-7)


@pytest.mark.parametrize("name", list(losses))
def test_a_losss_backward_is_the_derivative_of_its_summed_losses(name: str) -> None:
    loss = losses.make(name, field="loss")
    rng = np.random.default_rng(2)
    A, Y = rng.standard_normal((4, 6)) * 3, rng.standard_normal((4, 6))
    Y = loss.targets(Y)
    assert loss.forward(A, Y).shape == (6,)
    truth = central_differences(lambda values: float(loss.forward(values, Y).sum()), A)
    assert_close(loss.backward(A, Y), truth, f"dA of {name}", atol=1e-7)


@pytest.mark.parametrize("name", list(layer_kinds))
def test_a_layers_backward_is_its_forwards_derivative(name: str) -> None:
    layer = layer_kinds.make(name, field="layer")
    rng = np.random.default_rng(3)
    W, b, A_prev, dZ = (rng.standard_normal(shape) for shape in ((4, 3), (4, 1), (3, 5), (4, 5)))
    dW, db, dA_prev = layer.backward(dZ, A_prev, W)
    assert_close(dW * 5, central_differences(lambda v: float((dZ * layer.forward(A_prev, v, b)).sum()), W), "m dW", atol=1e-7)
    assert_close(db * 5, central_differences(lambda v: float((dZ * layer.forward(A_prev, W, v)).sum()), b), "m db", atol=1e-7)
    assert_close(dA_prev, central_differences(lambda v: float((dZ * layer.forward(v, W, b)).sum()), A_prev), "dA_prev", atol=1e-7)


@pytest.mark.parametrize("name", list(optimizers))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_optimizer_goes_downhill_and_leaves_alone_what_it_was_given(name: str, dtype: str) -> None:
    optimizer = optimizers.make(name, {}, field="optimizer")
    parameter = np.array([[3.0, -2.0]], dtype)
    state, start = optimizer.start(parameter), float((parameter**2).sum())
    for _ in range(20):
        gradient = 2 * parameter
        parameter.flags.writeable = gradient.flags.writeable = False
        parameter, state = optimizer.update(parameter, gradient, state, is_bias=False)
    assert parameter.dtype == dtype
    assert parameter.shape == (1, 2)
    assert float((parameter**2).sum()) < start


@pytest.mark.parametrize("name", list(initializers))
def test_an_initializer_is_a_function_of_its_generator(name: str) -> None:
    initializer = initializers.make(name, field="initializer")
    first, again = (initializer.weights((40, 30), np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (40, 30)
    assert first.dtype == np.float64
    assert np.isfinite(first).all()
    assert (first == again).all()
