"""A run over time: scalars as JSON and CSV, and histograms of recomputed steps."""

import csv
import io

import numpy as np
import pytest

from .test_explanations import DIVERGING
from .test_trace import assert_problem

SMALL = {"dataset": {"name": "moons"}, "layer_sizes": [2, 5, 3, 2], "batch_size": 8}


@pytest.fixture
def run(client, make_session):
    """A session after seven steps."""
    one = make_session(**SMALL)
    client.post(f"{one.url}/steps", json={"count": 7}, headers=one.headers)
    return one


def test_history_has_the_norms_of_the_trace_and_their_ratio(client, run):
    told = client.get(f"{run.url}/history").json()
    for position in range(7):
        trace = client.get(f"{run.url}/steps/{position + 1}").json()
        for layer in (1, 2, 3):
            of_layer = told["layers"][layer - 1]
            W, W_next, dW = (np.array(trace["layers"][layer][name]["values"]) for name in ("W", "W_next", "dW"))
            assert of_layer["W_l2"][position] == pytest.approx(np.linalg.norm(W), rel=1e-14)
            assert of_layer["dW_l2"][position] == pytest.approx(np.linalg.norm(dW), rel=1e-14)
            assert of_layer["update_to_weight"][position] == pytest.approx(np.linalg.norm(W_next - W) / np.linalg.norm(W), rel=1e-12)


@pytest.mark.parametrize(("query", "accept"), [("?format=csv", "application/json"), ("", "text/csv"), ("", "text/csv;q=0.9, text/plain")])
def test_history_as_csv_has_every_digit_of_the_json(client, run, query, accept):
    told = client.get(f"{run.url}/history").json()
    answer = client.get(f"{run.url}/history{query}", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    before, *rows = csv.DictReader(io.StringIO(answer.text))
    assert (before["step"], before["loss"], before["dW_l2[1]"]) == ("0", "", "")
    assert float(before["test_loss"]) == told["initial"]["test_loss"]
    assert [int(row["step"]) for row in rows] == told["steps"]
    for name in ("loss", "accuracy", "test_loss", "test_accuracy"):
        assert [float(row[name]) for row in rows] == told[name]
    for layer in told["layers"]:
        for name, values in layer.items():
            if name != "index":
                assert [float(row[f"{name}[{layer['index']}]"]) for row in rows] == values


def test_json_is_what_whoever_names_both_or_neither_gets(client, run):
    for accept in ("*/*", "text/csv, application/json", ""):
        assert client.get(f"{run.url}/history", headers={"Accept": accept}).headers["content-type"] == "application/json"
    assert client.get(f"{run.url}/history?format=json", headers={"Accept": "text/csv"}).json()["steps"] == list(range(1, 8))
    assert_problem(client.get(f"{run.url}/history?format=xls"), 422, "format")


@pytest.mark.parametrize(
    ("tensor", "layer", "scale"), [("dW", 1, "symlog"), ("A", 2, "linear"), ("slope", 1, "linear"), ("dA", 0, "symlog")]
)
def test_distributions_count_the_cells_of_the_traces(client, run, tensor, layer, scale):
    told = client.get(f"{run.url}/distributions?tensor={tensor}&layer={layer}&bins=12").json()
    assert told["steps"] == list(range(1, 8))
    assert told["wanted"] == 7
    assert told["scale"] == scale
    for position, step in enumerate(told["steps"]):
        cells = np.array(client.get(f"{run.url}/steps/{step}/tensors/{tensor}/{layer}").json()["values"])
        assert told["cells"][position] == cells.size
        assert told["zeros"][position] == (cells == 0).sum()
        assert told["bins"][position] == np.histogram(cells[cells != 0], told["edges"])[0].tolist()


def test_distributions_take_as_many_steps_as_are_asked_for(client, run):
    told = client.get(f"{run.url}/distributions?tensor=W&layer=1&most=3&since=2&scale=symlog").json()
    assert told["scale"] == "symlog"
    assert told["threshold"] > 0
    assert len(told["steps"]) <= 3
    assert (told["steps"][0], told["steps"][-1]) == (3, 7)


def test_distributions_tell_what_is_not_finite_apart(client, make_session):
    one = make_session(**DIVERGING)
    client.post(f"{one.url}/steps", json={"count": 100}, headers=one.headers)
    told = client.get(f"{one.url}/distributions?tensor=dW&layer=2").json()
    whole = [
        sum(told["bins"][at]) + sum(told[name][at] for name in ("zeros", "nan", "posinf", "neginf")) for at in range(len(told["steps"]))
    ]
    assert whole == told["cells"]
    assert sum(told["nan"]) > 0


def test_before_the_first_step_there_is_nothing_to_spread(client, make_session):
    told = client.get(f"{make_session(**SMALL).url}/distributions?tensor=W&layer=1").json()
    assert (told["steps"], told["wanted"]) == ([], 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("tensor=Q&layer=1", "tensor"),
        ("tensor=dA&layer=3", "tensor"),
        ("tensor=W&layer=4", "layer"),
        ("tensor=W&layer=-1", "layer"),
        ("tensor=W&layer=1&bins=1", "bins"),
        ("tensor=W&layer=1&most=0", "most"),
        ("tensor=W&layer=1&since=-1", "since"),
        ("tensor=W&layer=1&scale=log", "scale"),
        ("layer=1", "tensor"),
    ],
)
def test_distributions_refuse(client, run, query, field):
    assert_problem(client.get(f"{run.url}/distributions?{query}"), 422, field)
