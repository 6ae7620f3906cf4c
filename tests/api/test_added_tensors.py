"""The tensors that ingredients add to a layer, through HTTP: optimizers' states, clipped gradients, dropout's mask."""

import numpy as np
import pytest

from app.engine import added_tensors, schedules
from tests.strategies import settings_of

from ..strategies import CHOICES
from .test_explanations import Looked
from .test_refusals import assert_problem

SMALL = {"layer_sizes": [2, 4, 5, 3], "batch_size": 6, "seed": 3}


def config_of(choice):
    """A choice of one ingredient as a session takes it."""
    config = {}
    if "hidden" in choice:
        config["hidden_activations"] = choice["hidden"]
    if "optimizer" in choice:
        config["optimizer"] = {"name": choice["optimizer"], "weight_decay": 0.03}
    for name in ("schedule", "clipping", "dropout"):
        if name in choice:
            config[name] = choice[name]
    return config


CONFIGS = {name: config for name, choice in CHOICES.items() if (config := config_of(choice))}


@pytest.fixture
def take(client, make_session):
    def take(steps=2, **config):
        one = make_session(**{**SMALL, **config})
        assert client.post(f"{one.url}/steps", json={"count": steps}, headers=one.headers).status_code == 200
        return Looked(client, one, steps)

    return take


@pytest.mark.parametrize("config", CONFIGS.values(), ids=list(CONFIGS))
def test_every_tensor_of_every_phase_is_in_the_trace_and_explained(take, config) -> None:
    step = take(**config)
    there = set(step.tensors())
    rng = np.random.default_rng(0)
    for phase in step.one.answer["phases"]:
        at = (phase["tensor"], phase["layer"])
        assert at in there
        assert {(one["tensor"], one["layer"]) for one in phase["reads"]} <= there
        tensor = step.tensor(*at)
        row, col = (int(rng.integers(n)) for n in tensor.shape)
        told = step.explain(*at, row, col)
        assert told["value"] == tensor[row, col]
        assert told["operation"] == {
            **{name: phase[name] for name in ("family", "title")},
            "name": phase["operation"],
            "phase": phase["key"],
        }
        size = abs(told["scale"]) * told["magnitude"] if told["numerator"] is None else abs(told["value"])
        assert abs(told["result"] - told["value"]) <= 1e-12 * max(size, abs(told["value"]))
        for cell in (one for term in told["terms"] for factor in term["factors"] for one in factor.get("of", [factor])):
            assert step.tensor(cell["tensor"], cell["layer"])[cell["row"], cell["col"]] == cell["value"]


@pytest.mark.parametrize("config", CONFIGS.values(), ids=list(CONFIGS))
def test_each_is_told_alone_and_left_out_and_reduced(take, client, config) -> None:
    step = take(**config)
    for layer in step.trace["layers"][1:]:
        for name in [name for name in layer if name in added_tensors()]:
            told = step.told(f"/tensors/{name}/{layer['index']}")
            assert told == layer[name]
            rows, cols = told["shape"]
            assert step.told(f"/tensors/{name}/{layer['index']}", rows="0:1", cols=f"{cols - 1}:{cols}")["values"] == [
                [told["values"][0][-1]]
            ]
            only = step.told("", include=name, layers=str(layer["index"]))["layers"]
            assert [set(one) & ({"W", "A"} | set(added_tensors())) for one in only] == [{name}]
            if rows * cols > 1:
                assert "view" in step.told("", include=name, max_cells=1)["layers"][layer["index"]][name]


def test_a_name_is_known_whether_or_not_this_session_has_it(take) -> None:
    step = take()
    for name in added_tensors():
        assert all(name not in layer for layer in step.told("", include=name)["layers"])
        assert_problem(step.get(f"/tensors/{name}/1"), 422, "name")
    assert_problem(step.get(include="xW"), 422, "include")
    assert "vW" in step.get(include="xW").json()["bound"]


def test_a_state_is_that_of_the_step_before(take) -> None:
    for config in CONFIGS.values():
        step = take(steps=3, **config)
        before = step.told("").copy()
        earlier = step.client.get(f"{step.one.url}/steps/2").json()
        for now, then in zip(before["layers"][1:], earlier["layers"][1:], strict=True):
            for name in [name for name in now if name.endswith("_next")]:
                assert now[name.removesuffix("_next")] == then[name]


@pytest.mark.parametrize("name", list(schedules))
def test_the_trace_tells_the_learning_rate_of_its_step(take, name) -> None:
    given = {"name": name, **settings_of(schedules[name], np.random.default_rng(0))}
    schedule = schedules.choose(given, field="it")
    step = take(steps=4, optimizer={"name": "sgd", "learning_rate": 0.25}, schedule=given)
    for n in range(1, 5):
        told = step.client.get(f"{step.one.url}/steps/{n}").json()
        assert told["learning_rate"] == schedule.rate(0.25, n)
        layer = told["layers"][2]
        moved = np.array(layer["W"]["values"]) - told["learning_rate"] * np.array(layer["dW"]["values"])
        np.testing.assert_allclose(moved, layer["W_next"]["values"], rtol=1e-13, atol=1e-15)


def test_one_example_alone_has_its_column_of_the_mask_and_no_state(take) -> None:
    step = take(dropout=0.4, optimizer={"name": "adam"}, clipping="norm")
    alone = step.told("", example=2)
    assert alone["learning_rate"] is None
    for whole, part in zip(step.trace["layers"][1:-1], alone["layers"][1:-1], strict=True):
        assert [name for name in part if name in added_tensors()] == ["D", "G", "dG"]
        for name in ("D", "G", "dG"):
            assert part[name]["values"] == [[row[2]] for row in whole[name]["values"]]
    assert_problem(step.get("/tensors/mW/1", example=2), 422, "name")
    assert step.told("/explain", tensor="A", layer=1, example=2)["operation"]["family"] == "dropout"


def test_a_dropped_unit_is_not_counted_as_dead(take, client) -> None:
    step = take(steps=6, batch_size=1, hidden_activations="sigmoid", dropout=0.6)
    told = client.get(f"{step.one.url}/history").json()
    assert [layer["dead_units"] for layer in told["layers"][:2]] == [[0] * 6] * 2
    assert min(step.told("/tensors/A/1")["stats"]["zeros"], 1) == 1


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({}, []),
        ({"dropout": 0.5}, ["D", "G", "dG"]),
        ({"optimizer": {"name": "momentum"}}, ["vW", "vW_next", "vb", "vb_next"]),
        ({"optimizer": {"name": "sgd"}, "clipping": "value"}, ["gW", "gb"]),
    ],
)
def test_the_stateless_trace_has_them_too(client, more, names) -> None:
    asked = {
        "layer_sizes": [2, 3, 2],
        "X": [[1, 2], [3, 4]],
        "Y": [[1, 0], [0, 1]],
        "W": [[[0.5, 0.1], [0.2, -0.3], [0.7, 0.1]], [[1, 2, 3], [3, 2, 1]]],
        "b": [[0.1, 0.2, 0.3], [0, 0]],
        **more,
    }
    told = client.post("/api/v1/trace", json=asked).json()
    assert sorted(name for name in told["layers"][1] if name in added_tensors()) == sorted(names)
    assert (told["learning_rate"] is None) == ("optimizer" not in more)


def test_a_regression_has_a_history_of_numbers_and_no_accuracy(client, make_session) -> None:
    X, Y = [[float(i) for i in range(20)]], [[2.0 * i + 1 for i in range(20)]]
    made = make_session(dataset={"name": "inline", "X": X, "Y": Y}, layer_sizes=[1, 3, 1])
    trace = client.post(f"{made.url}/steps", headers=made.headers, json={"count": 2}).json()
    told = client.get(f"{made.url}/history").json()
    assert trace["accuracy"] is None
    assert told["accuracy"] == told["test_accuracy"] == [None, None]
    assert all(isinstance(number, float) for number in (*told["loss"], *told["test_loss"]))
    assert client.get(made.url).json()["accuracy"] is None
