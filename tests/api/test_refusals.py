"""What exactly a refusal says: the field as it stands in the request, the value as it was given, and what would be right."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Limits, Settings

from .test_trace import request

SESSIONS = "/api/v1/sessions"


def assert_problem(answer: Any, status: int, field: str, value: Any = ..., bound: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["detail"].endswith(".")
    assert problem["field"] == field
    if value is not ...:
        assert problem["value"] == value
    assert bound in problem["bound"], problem
    return problem


@pytest.mark.parametrize(
    ("config", "field", "value", "bound"),
    [
        ({"dataset": {"name": "imagenet"}}, "dataset.name", "imagenet", "digits"),
        ({"dataset": {"name": "xor", "count": 3}}, "dataset.count", 3, "at least 50"),
        ({"dataset": {"name": "xor", "size": 3}}, "dataset.size", 3, "left out"),
        ({"dataset": "digits"}, "dataset", "digits", ""),
        ({"dataset": {}}, "dataset.name", None, "given"),
        ({"layer_sizes": [63, 10]}, "layer_sizes[0]", 63, "64, the features"),
        ({"layer_sizes": [64, 11]}, "layer_sizes[1]", 11, "10, the classes"),
        ({"layer_sizes": [64]}, "layer_sizes", [64], "at least 2"),
        ({"layer_sizes": [64, 0, 10]}, "layer_sizes[1]", 0, "greater than or equal to 1"),
        ({"layer_sizes": [64, 2.5, 10]}, "layer_sizes[1]", 2.5, "integer"),
        ({"layer_sizes": [64, True, 10]}, "layer_sizes[1]", True, "integer"),
        ({"layer_sizes": [64, 10**9, 10]}, "layer_sizes", [64, 10**9, 10], "parameters"),
        ({"layer_sizes": [64, *[2] * 40, 10]}, "layer_sizes", 41, "at most 32 layers"),
        ({"hidden_activations": "sigmoidal"}, "hidden_activations", "sigmoidal", "relu"),
        ({"hidden_activations": ["relu", "relu"]}, "hidden_activations", 2, "1 hidden layer"),
        ({"hidden_activations": ["nope"]}, "hidden_activations[0]", "nope", "relu"),
        ({"hidden_activations": 3}, "hidden_activations", 3, "string"),
        ({"output_activation": "linear"}, "output_activation", "linear", "softmax"),
        ({"loss": "hinge"}, "loss", "hinge", "cross_entropy"),
        ({"initializer": {"name": "ones"}}, "initializer.name", "ones", "he_normal"),
        ({"optimizer": {"name": "adamw9"}}, "optimizer.name", "adamw9", "sgd"),
        ({"optimizer": {"name": "sgd", "learning_rate": 12}}, "optimizer.learning_rate", 12, "at most 10"),
        ({"optimizer": {"name": "sgd", "learning_rate": True}}, "optimizer.learning_rate", True, "number"),
        ({"optimizer": {"name": "sgd", "learning_rate": "0.1"}}, "optimizer.learning_rate", "0.1", "number"),
        ({"batch_size": 0}, "batch_size", 0, "greater than or equal to 1"),
        ({"batch_size": 2000}, "batch_size", 2000, "at most 1024"),
        ({"dataset": {"name": "xor", "count": 50}, "batch_size": 50}, "batch_size", 50, "at most 4"),
        ({"seed": -1}, "seed", -1, "greater than or equal to 0"),
        ({"seed": 2**53}, "seed", 2**53, "less than or equal to"),
        ({"seed": "0"}, "seed", "0", "integer"),
        ({"dtype": "float16"}, "dtype", "float16", "float64"),
        ({"learning_rate": 0.1}, "learning_rate", 0.1, "left out"),
    ],
    ids=str,
)
def test_refuses_what_does_not_fit(client, config, field, value, bound):
    assert_problem(client.post(SESSIONS, json=config), 422, field, value, bound)


def test_several_mistakes_are_all_told(client):
    problem = assert_problem(client.post(SESSIONS, json={"batch_size": 0, "seed": "x", "nonsense": 1}), 422, "batch_size", 0)
    assert [one["field"] for one in problem["errors"]] == ["batch_size", "seed", "nonsense"]


@pytest.fixture
def small_client(tmp_path):
    """A server with limits so low that a test can reach them."""
    limits = Limits(
        max_body_bytes=2000, max_layers=3, max_parameters=3000, max_batch_size=40, max_activation_cells=2500, max_steps_per_request=5
    )
    small = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'small.db'}", limits=limits))
    with TestClient(small, base_url="http://localhost") as client:
        yield client


class TestLimits:
    def test_stand_in_the_catalogue(self, small_client):
        limits = small_client.get("/api/v1/catalog").json()["limits"]
        assert limits["max_parameters"] == 3000
        assert limits["max_body_bytes"] == 2000

    @pytest.mark.parametrize(
        ("config", "field", "bound"),
        [
            ({"layer_sizes": [64, 40, 10]}, "layer_sizes", "at most 3,000 parameters; this one has 3,010"),
            ({"layer_sizes": [64, 2, 2, 2, 10]}, "layer_sizes", "at most 3 layers"),
            ({"batch_size": 33}, "layer_sizes", "units times examples are at most 2,500"),
            ({"layer_sizes": [64, 10], "batch_size": 41}, "batch_size", "at most 40"),
        ],
        ids=str,
    )
    def test_hold_for_sessions(self, small_client, config, field, bound):
        if config == {"layer_sizes": [64, 10], "batch_size": 41}:
            config = {"dataset": {"name": "xor"}, "layer_sizes": [2, 2], "batch_size": 41}
        assert_problem(small_client.post(SESSIONS, json=config), 422, field, ..., bound)

    def test_hold_for_the_stateless_trace(self, small_client):
        assert_problem(small_client.post("/api/v1/trace", json=request(steps=6)), 422, "steps", 6, "at most 5")
        long = request()
        long["X"] = [[1] * 41] * 2
        assert_problem(small_client.post("/api/v1/trace", json=long), 422, "X", 41, "at most 40 examples")

    def test_hold_for_the_body(self, small_client):
        assert_problem(small_client.post(SESSIONS, json={"dataset": "x" * 2000}), 413, "body", ..., "at most 2,000 bytes")

    def test_a_value_too_long_to_read_is_cut(self, client):
        problem = assert_problem(client.post(SESSIONS, json={"dtype": "x" * 5000}), 422, "dtype")
        assert len(problem["value"]) < 300


@pytest.mark.parametrize(
    ("change", "field", "value", "bound"),
    [
        ({"X": [[1.0, 2.0], [1.0]]}, "X[1]", "1 long", "2 long"),
        ({"X": [[1, 2], [1, "3"]]}, "X[1][1]", "3", "finite number"),
        ({"X": [[1, 2], [1, "NaN"]]}, "X[1][1]", "NaN", "finite number"),
        ({"X": [[1, 2], [1, True]]}, "X[1][1]", True, "finite number"),
        ({"X": [[1, 2], 3]}, "X[1]", 3, "a list"),
        ({"X": [[1] * 4] * 3}, "X", [3, 4], "of shape (2, m)"),
        ({"Y": [[1] * 3] * 2}, "Y", [2, 3], "of shape (2, 4)"),
        ({"Y": [[1] * 4] * 2}, "Y[:, 0]", 2.0, "sum to 1"),
        ({"W": [[[1, 2]] * 3]}, "W", 1, "2 entries"),
        ({"W": [[[1, 2]] * 3, [[1, 2]] * 2]}, "W[2]", [2, 2], "(2, 3)"),
        ({"b": [[0, 0, 0], [0, None]]}, "b[2][1]", None, "finite number"),
        ({"optimizer": {"name": "sgd", "momentum": 1}}, "optimizer.momentum", 1, "learning_rate"),
    ],
    ids=str,
)
def test_the_stateless_trace_names_the_place(client, change, field, value, bound):
    assert_problem(client.post("/api/v1/trace", json={**request(), **change}), 422, field, value, bound)


@pytest.mark.parametrize("name", ["X", "Y", "W", "b", "layer_sizes"])
def test_a_field_that_is_missing_is_named(client, name):
    body = request()
    del body[name]
    assert_problem(client.post("/api/v1/trace", json=body), 422, name, None, "given")


@pytest.mark.parametrize(
    ("path", "field", "bound"),
    [
        ("/steps/1?inclde=A", "inclde", "include"),
        ("/steps/1/explain?tensor=dW&layer=1&limt=3", "limt", "limit"),
        ("/steps/1/update?example=0", "example", "no parameters"),
        ("/history?sicne=1", "sicne", "since"),
        ("?verbose=1", "verbose", "no parameters"),
    ],
)
def test_a_parameter_that_is_not_there_is_refused_and_not_passed_over(client, make_session, path, field, bound):
    one = make_session()
    client.post(f"{one.url}/steps", headers=one.headers)
    assert_problem(client.get(one.url + path), 422, field, ..., bound)
