"""The stateless trace against the engine itself, and everything that it refuses."""

import json
from typing import Any

import numpy as np
import pytest

from app.engine import make_network, next_network, optimizers, take_step

TENSORS = ("W", "b", "Z", "A", "dA", "dZ", "dW", "db", "W_next", "b_next")


def request(sizes=(2, 3, 2), m=4, dtype="float64", **more: Any) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {
        "layer_sizes": list(sizes),
        "X": rng.standard_normal((sizes[0], m)).tolist(),
        "Y": np.eye(sizes[-1])[:, rng.integers(0, sizes[-1], m)].tolist(),
        "W": [rng.standard_normal((n, p)).tolist() for p, n in zip(sizes[:-1], sizes[1:], strict=True)],
        "b": [rng.standard_normal(n).tolist() for n in sizes[1:]],
        "dtype": dtype,
        **more,
    }


def by_engine(body):
    dtype = body["dtype"]
    network = make_network(
        body["layer_sizes"],
        "relu",
        "softmax",
        "cross_entropy",
        [np.array(W, dtype) for W in body["W"]],
        [np.array(b, dtype) for b in body["b"]],
        dtype,
    )
    X, Y = np.array(body["X"], dtype), np.array(body["Y"], dtype)
    optimizer = None
    if body.get("optimizer"):
        settings = {name: value for name, value in body["optimizer"].items() if name != "name"}
        optimizer = optimizers.make(body["optimizer"]["name"], settings, field="optimizer")
    trace = take_step(network, X, Y, optimizer=optimizer)
    for step in range(2, body.get("steps", 1) + 1):
        network = next_network(network, trace)
        trace = take_step(network, X, Y, optimizer=optimizer, state=trace.optimizer_state, step=step)
    return trace


class TestAnswer:
    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    @pytest.mark.parametrize("steps", [1, 5])
    @pytest.mark.parametrize("optimizer", ["sgd"])
    def test_is_the_engine_to_the_last_bit(self, client, dtype, steps, optimizer):
        body = request(dtype=dtype, steps=steps, optimizer={"name": optimizer, "learning_rate": 0.1})
        answer = client.post("/api/v1/trace", json=body).json()
        trace = by_engine(body)
        assert answer["step"] == steps
        assert answer["loss"] == trace.loss
        for told, layer in zip(answer["layers"], trace.layers, strict=True):
            for name in TENSORS:
                array = getattr(layer, name)
                if array is not None:
                    np.testing.assert_array_equal(np.array(told[name]["values"], dtype), array, strict=True)

    def test_has_no_update_without_an_optimizer(self, client):
        answer = client.post("/api/v1/trace", json=request()).json()
        assert "W_next" not in answer["layers"][1]

    def test_says_null_where_loss_and_activation_are_differentiated_together(self, client):
        assert client.post("/api/v1/trace", json=request()).json()["layers"][-1]["dA"] is None

    def test_writes_words_for_what_is_not_finite(self, client):
        body = request(steps=40, optimizer={"name": "sgd", "learning_rate": 10.0})
        body["X"] = [[cell * 1e150 for cell in row] for row in body["X"]]
        answer = client.post("/api/v1/trace", json=body)
        assert answer.status_code == 200
        text = answer.text
        assert any(f'"{word}"' in text for word in ("NaN", "Infinity", "-Infinity"))
        for tensor in (tensor for layer in answer.json()["layers"] for tensor in layer.values() if isinstance(tensor, dict)):
            cells = np.array([[float(cell) for cell in row] for row in tensor["values"]])
            assert tensor["stats"]["nan"] == np.isnan(cells).sum()
            assert tensor["stats"]["posinf"] == np.isposinf(cells).sum()
            assert tensor["stats"]["neginf"] == np.isneginf(cells).sum()


def without(name):
    body = request()
    del body[name]
    return body


BAD = {
    "wrong shape": (request(X=[[1.0] * 4] * 3), "X"),
    "ragged rows": (request(X=[[1.0, 2.0], [1.0]]), "X[1]"),
    "text": (request(X=[[1.0, "2", 1.0, 1.0], [1.0] * 4]), "X[0][1]"),
    "bool": (request(X=[[1.0, True, 1.0, 1.0], [1.0] * 4]), "X[0][1]"),
    "null": (request(X=[[1.0, None, 1.0, 1.0], [1.0] * 4]), "X[0][1]"),
    "no list": (request(X=3), "X"),
    "no X": (without("X"), "X"),
    "empty X": (request(X=[]), "X"),
    "wrong W": (request(W=[[[1.0]], [[1.0]]]), "W[0]"),
    "one W too few": (request(W=[[[1.0, 1.0]] * 3]), "W"),
    "wrong b": (request(b=[[0.0] * 4, [0.0] * 2]), "b[0]"),
    "no distribution": (request(Y=[[1.0] * 4] * 2), "Y"),
    "unknown activation": (request(hidden_activations="rely"), "hidden_activations"),
    "unknown loss": (request(loss="guess"), "loss"),
    "unknown optimizer": (request(optimizer={"name": "magic"}), "optimizer"),
    "learning rate out of bounds": (request(optimizer={"name": "sgd", "learning_rate": -1.0}), "optimizer.learning_rate"),
    "too many steps": (request(steps=101), "steps"),
    "steps as text": (request(steps="3"), "steps"),
    "unknown dtype": (request(dtype="float16"), "dtype"),
    "unknown field": (request(colour="red"), "colour"),
    "too many parameters": (request(layer_sizes=[10**6, 10**6, 2]), "layer_sizes"),
    "no units": (request(layer_sizes=[2, 0, 2]), "layer_sizes[1]"),
    "too large a float32": (request(dtype="float32", X=[[1e300] * 4] * 2), "X"),
}


def assert_problem(answer, status: int, field: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if field is not None:
        assert problem["field"].startswith(field)
        assert "value" in problem
        assert problem["bound"]
    return problem


class TestRefusal:
    @pytest.mark.parametrize("case", BAD)
    def test_names_field_value_and_bound(self, client, case):
        body, field = BAD[case]
        assert_problem(client.post("/api/v1/trace", json=body), 422, field)

    @pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
    def test_knows_no_literal_that_json_does_not_have(self, client, literal):
        text = json.dumps(request()).replace('"X": [[', f'"X": [[{literal}, ', 1)
        assert_problem(client.post("/api/v1/trace", content=text, headers={"Content-Type": "application/json"}), 400, "body")

    @pytest.mark.parametrize("text", ["{", '{"X": ', "[" * 10_000, '{"X":' + "[" * 10_000 + "]" * 10_000 + "}", "\x00", '{"a": 1}}'])
    def test_of_broken_or_deep_json(self, client, text):
        assert_problem(client.post("/api/v1/trace", content=text, headers={"Content-Type": "application/json"}), 400, "body")

    @pytest.mark.parametrize("text", ["[]", "3", '"x"', "null"])
    def test_of_what_is_no_object(self, client, text):
        assert_problem(client.post("/api/v1/trace", content=text, headers={"Content-Type": "application/json"}), 422, "body")

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
    def test_of_another_content_type(self, client, kind):
        assert_problem(client.post("/api/v1/trace", content="{}", headers={"Content-Type": kind}), 415, "Content-Type")

    def test_of_a_long_body(self, client, settings):
        body = b" " * (settings.limits.max_body_bytes + 1)
        assert_problem(client.post("/api/v1/trace", content=body, headers={"Content-Type": "application/json"}), 413, "body")

    def test_of_a_long_body_that_does_not_say_so(self, client, settings):
        parts = (b" " * 2**20 for _ in range(settings.limits.max_body_bytes // 2**20 + 1))
        assert_problem(client.post("/api/v1/trace", content=parts, headers={"Content-Type": "application/json"}), 413, "body")
