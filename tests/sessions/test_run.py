"""A run comes back from its checkpoint to the last bit, whatever its optimizer remembers."""

import numpy as np
import pytest

from app.engine import optimizers
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


def test_a_session_from_before_there_were_schedules_still_runs() -> None:
    recipe = normalise({"dataset": {"name": "blobs"}, "batch_size": 8}, **LIMITS)
    old = type(recipe)({name: value for name, value in recipe.config.items() if name not in ("schedule", "clipping")})
    np.testing.assert_array_equal(Run.begin(old).advance().trace.layers[1].W_next, Run.begin(recipe).advance().trace.layers[1].W_next)
