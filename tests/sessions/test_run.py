"""A run comes back from its checkpoint to the last bit, whatever its optimizer remembers."""

from dataclasses import replace

import numpy as np
import pytest

from app.engine import EngineError, optimizers
from app.sessions.log import Log, entered
from app.sessions.recipe import normalise
from app.sessions.run import Run

LIMITS = {"max_layers": 8, "max_parameters": 10**6, "max_batch_size": 64, "max_activation_cells": 10**6}


@pytest.mark.parametrize("name", list(optimizers))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_checkpoint_holds_the_optimizers_state(name: str, dtype: str) -> None:
    recipe = normalise(
        {
            "dataset": {"name": "blobs"},
            "batch_size": 8,
            "optimizer": {"name": name, "weight_decay": 0.01},
            "schedule": {"name": "cosine", "steps": 10},
            "clipping": "norm",
            "dtype": dtype,
        },
        **LIMITS,
    )
    run = Run.begin(recipe)
    for _ in range(3):
        run.advance()
    again = Run.from_checkpoint(recipe, 3, run.to_checkpoint())
    one, other = run.advance().trace, again.advance().trace
    assert one.learning_rate == other.learning_rate < optimizers[name]().learning_rate
    for layer, same in zip(one.layers[1:], other.layers[1:], strict=True):
        np.testing.assert_array_equal(layer.W_next, same.W_next)
        assert layer.more.keys() == same.more.keys() >= {"gW", "gb"}
        for tensor in layer.more:
            np.testing.assert_array_equal(layer.more[tensor], same.more[tensor])


def test_a_run_that_was_begun_by_older_rules_goes_on_as_it_was() -> None:
    thirds = {"name": "inline", "X": [[1, 2]], "Y": [[0.3333333] * 2] * 3}
    now = normalise({"dataset": thirds, "layer_sizes": [1, 3], "hidden_activations": [], "batch_size": 2}, **LIMITS)
    before = replace(now, config={**now.config, "dataset": {**now.config["dataset"], "rules": 2}})
    for recipe, target in ((now, 1 / 3), (before, 0.3333333)):
        np.testing.assert_allclose(Run.begin(recipe).advance().trace.Y, target, rtol=1e-15)


def test_an_edited_optimizer_keeps_its_other_settings_schedule_and_clipping() -> None:
    given = {
        "dataset": {"name": "blobs"},
        "batch_size": 8,
        "optimizer": {"name": "adam", "beta1": 0.8},
        "schedule": "step",
        "clipping": "norm",
    }
    recipe = normalise(given, **LIMITS)
    change = {"name": "optimizer", "changes": {"learning_rate": 0.5, "decay_biases": True}}
    edited = replace(recipe, log=Log(entered([change], after=0, step=1, at=0.0)))
    before, after = edited.at(1).optimizer(), edited.at(2).optimizer()
    assert (before.learning_rate, before.decay_biases) == (0.001, False)
    assert (after.learning_rate, after.beta1, after.decay_biases) == (0.5, 0.8, True)
    for one, same in ((after.schedule, before.schedule), (after.clipping, before.clipping)):
        assert (type(one), vars(one)) == (type(same), vars(same))
    assert after.equations == before.equations


def test_a_session_from_before_there_were_schedules_still_runs() -> None:
    recipe = normalise({"dataset": {"name": "blobs"}, "batch_size": 8}, **LIMITS)
    old = type(recipe)({name: value for name, value in recipe.config.items() if name not in ("schedule", "clipping")})
    np.testing.assert_array_equal(Run.begin(old).advance().trace.layers[1].W_next, Run.begin(recipe).advance().trace.layers[1].W_next)


@pytest.mark.parametrize(
    "norm", ["batch_norm", {"name": "batch_norm", "momentum": 0.4}, [None, "layer_norm"], ["layer_norm", "batch_norm"]]
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_checkpoint_holds_gammas_betas_and_running_statistics(norm, dtype: str) -> None:
    given = {"dataset": {"name": "blobs"}, "layer_sizes": [2, 4, 5, 3], "batch_size": 8, "optimizer": {"name": "adam"}, "dtype": dtype}
    recipe = normalise(given | {"normalisation": norm}, **LIMITS)
    run = Run.begin(recipe)
    for _ in range(3):
        run.advance()
    again = Run.from_checkpoint(recipe, 3, run.to_checkpoint())
    assert any(run.network.held)
    assert run.test() == again.test()
    for held, same in zip(run.network.held, again.network.held, strict=True):
        assert held.keys() == same.keys()
        for name in held:
            assert same[name].dtype == dtype
            np.testing.assert_array_equal(held[name], same[name])
    one, other = run.advance().trace, again.advance().trace
    for layer, same_layer in zip(one.layers, other.layers, strict=True):
        assert layer.more.keys() == same_layer.more.keys()
        for name in layer.more:
            np.testing.assert_array_equal(layer.more[name], same_layer.more[name])
    assert [phase.key for phase in recipe.phases(1)].count("gamma_next2") == 1


def test_normalisation_is_written_out_for_each_layer_and_none_stays_none() -> None:
    given = {"dataset": {"name": "blobs"}, "layer_sizes": [2, 4, 5, 3], "batch_size": 8}
    assert normalise(given, **LIMITS).config["normalisation"] is None
    assert normalise(given | {"normalisation": [None, None]}, **LIMITS).config["normalisation"] is None
    made = normalise(given | {"normalisation": {"name": "batch_norm", "eps": 1e-5}}, **LIMITS)
    assert made.config["normalisation"] == ["batch_norm", "batch_norm"]
    again = normalise(made.config, **LIMITS)
    assert again.config == made.config
    other = normalise(given | {"normalisation": [None, {"name": "layer_norm", "eps": 0.1}]}, **LIMITS)
    assert other.config["normalisation"] == [None, {"name": "layer_norm", "eps": 0.1}]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"normalisation": "batch_norm", "batch_size": 1}, "batch_size", "batch normalisation"),
        ({"normalisation": ["batch_norm"]}, "normalisation", "2 hidden layers"),
        ({"normalisation": ["layer_norm", {"name": "batch_norm", "eps": 2}]}, "normalisation[1].eps", "at most 1"),
        ({"normalisation": "none"}, "normalisation", "batch_norm, layer_norm"),
    ],
)
def test_normalisation_that_does_not_fit_is_refused(change, field: str, words: str) -> None:
    given = {"dataset": {"name": "blobs"}, "layer_sizes": [2, 4, 5, 3], "batch_size": 8}
    with pytest.raises(EngineError, match=words) as refusal:
        normalise(given | change, **LIMITS)
    assert refusal.value.field == field


def test_parameters_of_normalisation_count_against_the_limit() -> None:
    given = {"dataset": {"name": "blobs"}, "layer_sizes": [2, 4, 3], "batch_size": 8}
    tight = LIMITS | {"max_parameters": 27}
    normalise(given, **tight)
    with pytest.raises(EngineError, match="this one has 35"):
        normalise(given | {"normalisation": "layer_norm"}, **tight)


def test_batch_of_one_and_no_layer_that_mixes_is_fine() -> None:
    given = {"dataset": {"name": "blobs"}, "layer_sizes": [2, 4, 3], "batch_size": 1, "normalisation": "layer_norm"}
    Run.begin(normalise(given, **LIMITS)).advance()
