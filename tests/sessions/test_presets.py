"""Every preset is accepted, leads to a place that is there, and shows what its sentence says: looked up in its own trace."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from app.api.catalog_schemas import PresetLookSchema
from app.engine import Trace, diagnose, predict
from app.sessions.presets import PRESETS
from app.sessions.recipe import normalise
from app.sessions.run import Run
from app.settings import Limits

NAMES = [preset.name for preset in PRESETS]
LIMITS = Limits()


def begin(name: str, **changes: Any) -> Run:
    preset = next(preset for preset in PRESETS if preset.name == name)
    bounds = {one: getattr(LIMITS, one) for one in ("max_layers", "max_parameters", "max_batch_size", "max_activation_cells")}
    return Run.begin(normalise({**preset.config, **changes}, **bounds))


@cache
def run_of(name: str) -> tuple[Run, list[Trace]]:
    """(the run after its first steps, their traces)."""
    run = begin(name)
    return run, [run.advance().trace for _ in range(next(preset.steps for preset in PRESETS if preset.name == name))]


def norms(trace: Trace, name: str) -> list[float]:
    return [float(np.linalg.norm(getattr(layer, name))) for layer in trace.layers[1:]]


@pytest.mark.parametrize("name", NAMES)
def test_leads_to_a_place_that_is_there(name: str) -> None:
    preset = next(preset for preset in PRESETS if preset.name == name)
    run, traces = run_of(name)
    if phase := preset.look.get("phase"):
        assert phase in {one.key for one in run.recipe.phases(1)}
    if cell := preset.look.get("cell"):
        tensor = getattr(traces[-1].layers[cell["layer"]], cell["tensor"])
        assert cell["row"] < tensor.shape[0]
        assert cell["col"] < tensor.shape[1]
    PresetLookSchema.model_validate(preset.look)


def test_lead_to_no_view_that_the_page_has_not() -> None:
    with pytest.raises(ValidationError):
        PresetLookSchema.model_validate({"tab": "elsewhere"})


@pytest.mark.parametrize("name", [preset.name for preset in PRESETS if preset.beside])
def test_stand_beside_another_preset(name: str) -> None:
    """A fork at the start makes it, and what is told of that preset holds there too."""
    beside = next(preset for preset in PRESETS if preset.name == name).beside
    assert beside
    twin = begin(name, **beside["changes"]).recipe.config
    assert twin in [begin(other).recipe.config for other in NAMES if other != name]


def test_have_names_of_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)


class TestSentences:
    def test_derivation(self) -> None:
        trace = run_of("derivation")[1][-1]
        assert np.allclose(trace.layers[2].dZ, trace.layers[2].A - trace.Y, rtol=0, atol=1e-15)

    def test_textbook(self) -> None:
        trace = run_of("textbook")[1][-1]
        assert trace.loss == pytest.approx(0.298371109, abs=5e-10)
        assert trace.layers[2].W[0, 0] == 0.4
        assert trace.layers[2].W_next[0, 0] == pytest.approx(0.35891648, abs=5e-9)
        assert not np.array_equal(trace.layers[2].b_next, trace.layers[2].b)

    def test_xor(self) -> None:
        run, _ = run_of("xor")
        data = run.recipe.dataset()
        assert np.abs(predict(run.network, data.X_train) - data.Y_train).max() < 0.1
        stuck = begin("xor", seed=0)
        for _ in range(100):
            stuck.advance()
        assert np.abs(predict(stuck.network, data.X_train) - data.Y_train).max() > 0.4

    def test_vanishing(self) -> None:
        dW = norms(run_of("vanishing")[1][-1], "dW")
        assert len(dW) == 9
        assert 5e3 < dW[-1] / dW[0] < 2e4

    def test_normalised(self) -> None:
        plain, trace = run_of("vanishing")[1][0], run_of("normalised")[1][0]
        for one, other in zip(plain.layers[1:], trace.layers[1:], strict=True):
            assert np.array_equal(one.W, other.W)
        dW = norms(trace, "dW")
        assert max(dW) < 5 * min(dW)
        for layer in trace.layers[1:9]:
            assert np.median(layer.more["V"]) < 0.5
            assert np.linalg.norm(layer.dZ) > np.linalg.norm(layer.more["dN"])

    def test_healthy(self) -> None:
        dW = norms(run_of("healthy")[1][-1], "dW")
        assert max(dW) < 10 * min(dW)

    def test_too_small(self) -> None:
        run, traces = run_of("too_small")
        assert max(norms(traces[0], "dW")) < 1e-4
        assert not any(norms(traces[-1], "dW"))
        assert not traces[-1].layers[8].A.any()
        A = predict(run.network, run.recipe.dataset().X_train)
        assert np.ptp(A, axis=1).max() < 1e-3  # every point is given the same
        assert traces[-1].loss == pytest.approx(np.log(2), abs=0.005)
        loss, accuracy = run.test()
        assert loss == pytest.approx(np.log(2), abs=1e-3)
        assert accuracy == 0.5

    def test_rescued(self) -> None:
        run, traces = run_of("rescued")
        plain = run_of("too_small")[1]
        for one, other in zip(plain[0].layers[1:], traces[0].layers[1:], strict=True):
            assert np.array_equal(one.W, other.W)
        assert np.array_equal(plain[-1].Y, traces[-1].Y)
        assert min(norms(traces[0], "dW")) > 1000 * max(norms(plain[0], "dW"))
        assert traces[-1].loss < 0.1 * np.log(2)
        assert run.test()[1] > 0.95

    def test_dead(self) -> None:
        run, traces = run_of("dead")

        def below() -> Any:
            return run.network.W[0] @ run.recipe.dataset().X_train + run.network.b[0] <= 0

        assert len(traces[-1].layers) == 3
        shown = traces[-1].layers[1]
        never = (shown.A == 0).all(axis=1)
        assert never.mean() > 0.5
        assert not shown.dZ[never].any()
        is_dead = below().all(axis=1)
        assert is_dead.mean() > 0.5
        W = run.network.W[0][is_dead]
        for _ in range(60):
            assert not run.advance().trace.layers[1].dW[is_dead].any()
        assert np.array_equal(run.network.W[0][is_dead], W)
        assert below()[is_dead].all()
        run_of.cache_clear()  # this run was taken further

    def test_exploding(self) -> None:
        run, traces = run_of("exploding")
        dA = [float(np.linalg.norm(layer.dA)) for layer in traces[-1].layers[1:9]]
        assert dA[0] > 2000 * dA[-1]
        assert diagnose(traces[-1], run.network, None)[0].rule.name == "exploding"
        later = [run.advance().trace for _ in range(4)]
        assert not all(np.isfinite(trace.loss) for trace in later)
        run_of.cache_clear()

    def test_zeros(self) -> None:
        run, traces = run_of("zeros")
        for trace in traces:
            assert not trace.layers[1].dW.any()
            assert not trace.layers[2].dW.any()
            assert not trace.layers[1].db.any()
            assert trace.layers[2].db.any()
        for layer in traces[-1].layers[1:]:
            assert (layer.W == layer.W[0]).all()

    def test_ravine_sgd(self) -> None:
        run, traces = run_of("ravine_sgd")
        steep = np.array([trace.layers[1].dW[0, 0] for trace in traces])
        assert (np.sign(steep[1:]) == -np.sign(steep[:-1])).all()
        assert 0 < run.network.W[0][0, 1] < 0.75

    def test_ravine_adam(self) -> None:
        run, traces = run_of("ravine_adam")
        first = traces[0].layers[1]
        assert first.W_next[0, 0] == pytest.approx(first.W_next[0, 1], rel=1e-5)
        assert np.abs(run.network.W[0] - 1).max() < 0.1
        assert next(p for p in PRESETS if p.name == "ravine_adam").config["dataset"] == run_config("ravine_sgd")["dataset"]

    def test_spiral(self) -> None:
        loss, accuracy = run_of("spiral")[0].test()
        assert accuracy > 0.95

    def test_digits(self) -> None:
        layers = run_of("digits")[1][-1].layers
        empty = (layers[0].A == 0).all(axis=1)
        assert 0 < empty.sum() < 64
        assert not layers[1].dW[:, empty].any()
        assert ((layers[1].dW == 0).all(axis=0) == empty).all()

    def test_each_has_a_test(self) -> None:
        assert {f"test_{name}" for name in NAMES} <= set(dir(TestSentences))


def run_config(name: str) -> Any:
    return next(preset.config for preset in PRESETS if preset.name == name)
