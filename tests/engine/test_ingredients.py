"""Every ingredient through everything that there is: explained, checked by differences, followed by paths, written as a script."""

import importlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine import Cell, activations, example_alone, paths
from tests import oracles
from tests.ingredients import (
    assert_every_gradient_is_right,
    assert_every_number_is_explained,
    assert_scripts_give_the_same_bits,
    choices,
    step_on,
)

HIDDEN = choices(activations)


@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_every_number_through_any_activation_is_explained(hidden: Any) -> None:
    assert assert_every_number_is_explained(step_on(hidden)) > 100


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
    assert np.abs(step.trace.layers[1].Z).max() > 1000
    assert math.isfinite(step.trace.loss)
    assert all(np.isfinite(tensor).all() for layer in step.trace.layers[1:] for tensor in (layer.A, layer.dZ, layer.dW))
    if dtype == "float64":
        assert_every_number_is_explained(step)


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
    assert assert_every_number_is_explained(step) > 100
    assert assert_every_gradient_is_right(step) > 20
    assert_scripts_give_the_same_bits(step)
