"""Every ingredient through everything that there is: explained, checked by differences, followed by paths, written as a script."""

import copy
import importlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine import (
    Apart,
    Cell,
    activations,
    clippings,
    example_alone,
    find_optimizer,
    losses,
    make_network,
    optimizers,
    output_activations,
    outputs,
    paths,
    phases,
    schedules,
    update_effect,
)
from app.engine.terms import Reader
from tests import oracles
from tests.ingredients import (
    Step,
    assert_every_gradient_is_right,
    assert_every_number_is_explained,
    assert_scripts_give_the_same_bits,
    choices,
    settings,
    step_on,
)

HIDDEN = choices(activations)
APART = [(a, loss) for a in (*HIDDEN, *choices(output_activations)) for loss in choices(losses)]
FUSED = [
    (outputs[name].activation, {"name": outputs[name].loss, **one} if one else outputs[name].loss)
    for name in outputs
    for one in settings(outputs[name])
]
# each with one of the others: a loss knows A and Y alone, and an activation Z and dA
ONE_BY_ONE = [pair for pair in APART if pair[0] == APART[-1][0] or pair[1] == APART[0][1]]
OUTPUTS = FUSED + ONE_BY_ONE
UPDATES = [
    *((optimizer, "constant", None) for optimizer in choices(optimizers)),
    *(("sgd", schedule, None) for schedule in choices(schedules)),
    *(("adam", "cosine", clipping) for clipping in choices(clippings)),
    *((optimizer, "warm_up", "norm") for optimizer in optimizers),
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_every_number_through_any_activation_is_explained(hidden: Any) -> None:
    assert assert_every_number_is_explained(step_on(hidden)) > 90


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
@pytest.mark.parametrize("m", [1, 6])
def test_gradients_through_any_activation_are_right(hidden: Any, m: int) -> None:
    step = step_on(hidden, m=m, seed=3)
    assert assert_every_gradient_is_right(step) > 20
    case = (step.network, step.trace.X, step.trace.Y)
    oracles.assert_gradients(oracles.analytic(step.trace), oracles.automatic(*case), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_scripts_of_any_activation_give_the_same_bits(hidden: Any, dtype: str) -> None:
    assert_scripts_give_the_same_bits(step_on(hidden, dtype=dtype))


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_all_paths_through_any_activation_sum_to_the_gradient(hidden: Any) -> None:
    step = step_on(hidden)
    for cell in (Cell("W", 1, 2, 1), Cell("b", 2, 0, 0)):
        found = paths(step.trace, step.network, cell, limit=1000)
        assert math.fsum(path.product for path in found.paths) == pytest.approx(found.gradient, rel=1e-12)


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_an_example_alone_is_its_column_of_the_batch(hidden: Any) -> None:
    step = step_on(hidden)
    alone = [example_alone(step.trace, step.network, i) for i in range(step.trace.m)]
    for l in range(1, 4):
        np.testing.assert_allclose(np.mean([one.layers[l].dW for one in alone], axis=0), step.trace.layers[l].dW, rtol=1e-12, atol=1e-15)
    assert_every_number_is_explained(step._replace(trace=alone[2]))


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_pre_activations_of_a_thousand_pass_without_an_accident(hidden: Any, dtype: str) -> None:
    step = step_on(hidden, dtype=dtype, scale=2000.0, sizes=(3, 4, 2))
    assert np.abs(step.trace.layers[1].Z).max() > 900
    assert math.isfinite(step.trace.loss)
    assert all(np.isfinite(tensor).all() for layer in step.trace.layers[1:] for tensor in (layer.A, layer.dZ, layer.dW))
    if dtype == "float64":
        assert_every_number_is_explained(step)


@pytest.mark.parametrize("output", OUTPUTS, ids=str)
def test_every_number_at_any_output_is_explained(output: Any) -> None:
    step = step_on("tanh", *output)
    assert isinstance(step.network.output, Apart) == (step.trace.layers[-1].dA is not None) == (output in APART)
    assert assert_every_number_is_explained(step) > 90


@pytest.mark.parametrize("output", OUTPUTS, ids=str)
@pytest.mark.parametrize("m", [1, 6])
def test_gradients_at_any_output_are_right(output: Any, m: int) -> None:
    step = step_on("tanh", *output, m=m, seed=4)
    assert_every_gradient_is_right(step)
    case = (step.network, step.trace.X, step.trace.Y)
    oracles.assert_gradients(oracles.analytic(step.trace), oracles.automatic(*case), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("output", APART, ids=str)
def test_any_activation_goes_with_any_loss(output: Any) -> None:
    step = step_on("tanh", *output, seed=5)
    truth = oracles.automatic(step.network, step.trace.X, step.trace.Y)
    oracles.assert_gradients(oracles.analytic(step.trace), truth, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("output", OUTPUTS, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_scripts_of_any_output_give_the_same_bits(output: Any, dtype: str) -> None:
    assert_scripts_give_the_same_bits(step_on("tanh", *output, dtype=dtype, sizes=(3, 4, 2)))


@pytest.mark.parametrize("output", OUTPUTS, ids=str)
def test_an_example_alone_at_any_output_is_explained_and_paths_end_there(output: Any) -> None:
    step = step_on("tanh", *output)
    assert_every_number_is_explained(step._replace(trace=example_alone(step.trace, step.network, 1)))
    found = paths(step.trace, step.network, Cell("W", 1, 2, 1), limit=1000)
    assert math.fsum(path.product for path in found.paths) == pytest.approx(found.gradient, rel=1e-12)


@pytest.mark.parametrize("output", OUTPUTS, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_logits_of_a_thousand_are_fine_at_any_output(output: Any, dtype: str) -> None:
    step = step_on([], *output, sizes=(3, 4), m=8, dtype=dtype, scale=2000.0)
    last = step.trace.layers[-1]
    assert np.abs(last.Z).max() > 900
    assert math.isfinite(step.trace.loss)
    assert all(np.isfinite(tensor).all() for tensor in (last.A, last.dZ, last.dW, *([] if last.dA is None else [last.dA])))
    if dtype == "float64":
        assert_every_number_is_explained(step)
        case = (step.network, step.trace.X, step.trace.Y)
        with np.errstate(all="ignore"):
            oracles.assert_gradients(oracles.analytic(step.trace), oracles.automatic(*case), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("update", UPDATES, ids=str)
@pytest.mark.parametrize("steps", [1, 7])
def test_every_number_of_any_update_is_explained(update: Any, steps: int) -> None:
    step = step_on("tanh", optimizer=find_optimizer(*update), steps=steps, scale=3.0, sizes=(2, 3, 2), m=2)
    assert assert_every_number_is_explained(step) > 60
    made = {(phase.tensor, phase.layer): phase for phase in phases(step.network, step.optimizer)}
    t = Reader(step.trace)
    for (tensor, layer), phase in made.items():
        read = {(cells.tensor, cells.layer) for part in phase.explain(t, 0, 0).parts for factor in part.factors for cells in factor.of}
        if phase.lane == "update":
            assert read <= set(phase.reads), (tensor, layer)
            t.tensor(tensor, layer)


@pytest.mark.parametrize("update", UPDATES, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_scripts_of_any_update_give_the_same_bits(update: Any, dtype: str) -> None:
    assert_scripts_give_the_same_bits(step_on("tanh", optimizer=find_optimizer(*update), steps=5, scale=3.0, dtype=dtype, sizes=(3, 4, 2)))


@pytest.mark.parametrize("update", UPDATES, ids=str)
def test_a_small_step_of_any_optimizer_does_what_the_gradient_predicts(update: Any) -> None:
    optimizer = find_optimizer(*update)
    small = copy.copy(optimizer)
    small.learning_rate = 1e-5
    small.weight_decay = 0.0
    step = step_on("tanh", optimizer=small)
    effect = update_effect(step.trace, step.network)
    assert effect.predicted < 0
    assert effect.actual == pytest.approx(effect.predicted, rel=1e-2)


def with_dropout(hidden: Any, **more: Any) -> Step:
    """The first hidden layer drops half, the second two fifths, and each really drops something and keeps something."""
    step = step_on(hidden, sizes=(2, 5, 4, 2), m=4, dropout=[0.5, 0.4], **more)
    for l in (1, 2):
        assert 0 < np.count_nonzero(step.trace.layers[l].more["D"]) < step.trace.layers[l].more["D"].size
    return step


@pytest.mark.parametrize("hidden", list(activations))
def test_dropout_after_any_activation_goes_through_everything(hidden: str) -> None:
    step = with_dropout(hidden, optimizer=find_optimizer("adam"), steps=2)
    masks = {l: step.trace.layers[l].more["D"] for l in (1, 2)}
    assert assert_every_number_is_explained(step) > 90
    assert assert_every_gradient_is_right(step) > 10
    truth = oracles.automatic(step.network, step.trace.X, step.trace.Y, masks)
    oracles.assert_gradients(oracles.analytic(step.trace), truth, rtol=1e-9, atol=1e-12)
    found = paths(step.trace, step.network, Cell("W", 1, 2, 1), limit=1000)
    assert math.fsum(path.product for path in found.paths) == pytest.approx(found.gradient, rel=1e-12)
    for path in found.paths:
        assert path.product == pytest.approx(math.prod(value for _, _, value, _ in path.factors) / step.trace.m, rel=1e-12)
    assert_every_number_is_explained(step._replace(trace=example_alone(step.trace, step.network, 1)))
    assert_scripts_give_the_same_bits(step)


def test_the_activation_of_the_readme_works_everywhere_as_one_class(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Taken out of the text as it stands there, and written to a file, since a script is cut out of source."""
    monkeypatch.setattr(activations, "_entries", dict(activations._entries))
    text = (Path(__file__).parents[2] / "README.md").read_text()
    code = text.partition("### Adding an activation")[2].partition("```python\n")[2].partition("```")[0]
    (tmp_path / "made_up.py").write_text(f"import numpy as np\nfrom app.engine import Equation, activations\n\n{code}")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("made_up")
    name = list(activations)[-1]
    step = step_on(name)
    assert assert_every_number_is_explained(step) > 90
    assert assert_every_gradient_is_right(step) > 20
    assert_scripts_give_the_same_bits(step)


@pytest.mark.parametrize(("dtype", "rtol"), [("float64", 1e-10), ("float32", 1e-3)])
def test_gradients_of_1e_14_through_twenty_sigmoid_layers_are_right_in_relative_terms(dtype: str, rtol: float) -> None:
    step = step_on("sigmoid", "sigmoid", "mse", sizes=(3, *[4] * 20, 2), dtype=dtype, seed=1, scale=0.8)
    first = np.abs(step.trace.layers[1].dW)
    assert 0 < first.min() < first.max() < 1e-13
    network = make_network(
        step.network.layer_sizes, "sigmoid", "sigmoid", "mse", [W.astype("float64") for W in step.network.W], step.network.b
    )
    truth = oracles.automatic(network, step.trace.X.astype("float64"), step.trace.Y.astype("float64"))
    for (tensor, layer), numbers in oracles.analytic(step.trace).items():
        oracles.assert_close(numbers, truth[tensor, layer], f"d{tensor}[{layer}]", rtol=rtol, atol=0.0)
    if dtype == "float64":
        assert_every_number_is_explained(step)
