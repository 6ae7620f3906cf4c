"""What exactly a refusal says: the field as it stands in the request, the value as it was given, and what would be right."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from app.api.csv_schemas import CsvRequest
from app.api.problems import MOST_ERRORS
from app.api.run_schemas import LookRequest, Tab
from app.api.schemas import SessionConfig
from app.main import create_app
from app.settings import Limits, Settings

from ..conftest import BLOBS
from .test_trace import request

SESSIONS = "/api/v1/sessions"
SET = {"name": "set", "tensor": "W", "layer": 1, "row": 0, "col": 0, "value": 0.5}

MANY = {f"k{i}": 1 for i in range(1000)}


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
        ({"dataset": "digit"}, "dataset", "digit", "digits"),
        ({"dataset": 3}, "dataset", 3, "a name, or an object with name and parameters"),
        ({"dataset": {}}, "dataset.name", None, "given"),
        ({"layer_sizes": [63, 10]}, "layer_sizes[0]", 63, "64, the features"),
        ({"layer_sizes": [64, 11]}, "layer_sizes[1]", 11, "10, the classes"),
        ({"layer_sizes": [64]}, "layer_sizes", [64], "at least 2"),
        ({"layer_sizes": [64, 0, 10]}, "layer_sizes[1]", 0, "at least 1"),
        ({"layer_sizes": [64, 2.5, 10]}, "layer_sizes[1]", 2.5, "a whole number"),
        ({"layer_sizes": [64, True, 10]}, "layer_sizes[1]", True, "a whole number"),
        ({"layer_sizes": [64, 10**9, 10]}, "layer_sizes", [64, 10**9, 10], "parameters"),
        ({"layer_sizes": [64, *[2] * 40, 10]}, "layer_sizes", [64, *[2] * 40, 10], "at most 32 layers"),
        ({"hidden_activations": [1] * 40}, "hidden_activations", [1] * 40, "at most 32 entries, one for each layer"),
        ({"hidden_activations": "sigmoidal"}, "hidden_activations", "sigmoidal", "relu"),
        ({"hidden_activations": ["relu", "relu"]}, "hidden_activations", ["relu", "relu"], "1 hidden layer"),
        ({"hidden_activations": ["nope"]}, "hidden_activations[0]", "nope", "relu"),
        ({"hidden_activations": 3}, "hidden_activations", 3, "a name, or an object with name and parameters, or an array"),
        ({"output_activation": "linear"}, "output_activation", "linear", "softmax"),
        ({"loss": "hinge"}, "loss", "hinge", "cross_entropy"),
        ({"initializer": {"name": "ones"}}, "initializer.name", "ones", "he_normal"),
        ({"initializer": {"name": "uniform", "low": 1, "high": -1}}, "initializer.high", -1, "above low, which is 1"),
        ({"initializer": {"name": "uniform", "low": 1}}, "initializer.high", 1, "above low, which is 1"),
        ({"optimizer": {"name": "adamw9"}}, "optimizer.name", "adamw9", "sgd"),
        ({"optimizer": {"name": "sgd", **MANY}}, "optimizer.k0", 1, "left out; the parameters are: learning_rate"),
        ({"optimizer": {"name": "sgd", "learning_rate": 12}}, "optimizer.learning_rate", 12, "at most 10"),
        ({"optimizer": {"name": "sgd", "learning_rate": True}}, "optimizer.learning_rate", True, "number"),
        ({"optimizer": {"name": "sgd", "learning_rate": "0.1"}}, "optimizer.learning_rate", "0.1", "number"),
        ({"batch_size": 0}, "batch_size", 0, "at least 1"),
        ({"batch_size": 2000}, "batch_size", 2000, "at most 1024"),
        ({"dataset": {"name": "xor", "count": 50}, "batch_size": 50}, "batch_size", 50, "at most 4"),
        ({"seed": -1}, "seed", -1, "at least 0"),
        ({"seed": 2**53}, "seed", 2**53, "at most 9007199254740991"),
        ({"seed": "0"}, "seed", "0", "a whole number"),
        ({"dtype": "float16"}, "dtype", "float16", "float64"),
        ({"learning_rate": 0.1}, "learning_rate", 0.1, "left out"),
    ],
    ids=str,
)
def test_refuses_what_does_not_fit(client, config, field, value, bound):
    assert_problem(client.post(SESSIONS, json=config), 422, field, value, bound)


@pytest.mark.parametrize(
    ("config", "field", "value", "bound"),
    [
        ({"optimizer": "sgdd"}, "optimizer", "sgdd", "one of: adagrad, "),
        ({"optimizer": [1]}, "optimizer", [1], "a name, or an object with name and parameters"),
        ({"initializer": "he"}, "initializer", "he", "he_normal"),
        ({"dropout": [0.1, 0.2]}, "dropout", [0.1, 0.2], "a rate for the 1 hidden layer"),
        ({"dropout": 1.5}, "dropout", 1.5, "at most 0.99"),
        ({"dropout": [1.5]}, "dropout[0]", 1.5, "at most 0.99"),
        ({"dropout": "much"}, "dropout", "much", "a number, or an array"),
        ({"layer_sizes": []}, "layer_sizes", [], "an array of at least 2 entries"),
        ({"layer_sizes": [64, 10**30, 10]}, "layer_sizes", [64, 10**30, 10], "at most 4,000,000 parameters"),
        ({"seed": 2**70}, "seed", 2**70, f"at most {2**53 - 1}"),
        ({"batch_size": None}, "batch_size", None, "a whole number"),
        ({"normalisation": ["layer_norm", {"name": "layer_norm"}]}, "normalisation", ..., "one for the 1 hidden layer"),
        ({"normalisation": [{"name": "layer_norm", "epsilon": 7}]}, "normalisation[0].epsilon", 7, ""),
        ({"hidden_activations": {"nam": "relu"}}, "hidden_activations.name", None, "given"),
        ({"W": [[["x"]], [[1]]]}, "W[0][0][0]", "x", "a number"),
        ({"dataset": {"name": "csv", "text": ""}}, "dataset.text", "", "a table"),
        ({"nonsense": {"a": [None, True]}}, "nonsense", {"a": [None, True]}, "left out"),
    ],
    ids=str,
)
def test_names_the_place_the_value_and_the_bound_in_the_words_of_json(client, config, field, value, bound):
    problem = assert_problem(client.post(SESSIONS, json=config), 422, field, value, bound)
    for word in ("None", "True", "instance", "valid", "Named", "validation"):
        assert word not in problem["detail"]


def test_an_ingredient_may_be_its_name_alone(client):
    short = client.post(SESSIONS, json={"dataset": "xor", "initializer": "he_normal", "optimizer": "adam"}).json()
    long = {"dataset": {"name": "xor"}, "initializer": {"name": "he_normal"}, "optimizer": {"name": "adam"}}
    assert short["config"] == client.post(SESSIONS, json=long).json()["config"]
    by_name, by_object = (client.post("/api/v1/trace", json=request(optimizer=one)).json()["layers"] for one in ("adam", {"name": "adam"}))
    assert by_name == by_object


@pytest.mark.parametrize(("body", "words"), [("[1]", "an array"), ("null", "null"), ("3", "a number"), ('"x"', "a text")])
def test_a_body_that_is_no_object_is_told_in_the_words_of_json(client, body, words):
    answer = client.post(SESSIONS, content=body, headers={"Content-Type": "application/json"})
    assert assert_problem(answer, 422, "body")["detail"] == f"the body is {words}; it must be a JSON object."


@pytest.mark.parametrize(
    ("path", "body", "field", "values"),
    [
        ("/sessions", '{"seed": 1, "seed": 2}', "seed", [1, 2]),
        ("/sessions", '{"dataset": {"name": "xor", "noise": 0, "noise": 0.1, "noise": 0}}', "dataset.noise", [0, 0.1, 0]),
        ("/sessions/none/forks", r'{"step": 1, "edits": [{"name": "freeze", "layer": 1, "l\u0061yer": 2}]}', "edits[0].layer", [1, 2]),
        (
            "/sessions/none/forks",
            '{"step": 1, "changes": {"clipping": {}}, "changes": {"a": 1, "a": 2}}',
            "changes",
            [{"clipping": {}}, {"a": 2}],
        ),
    ],
)
def test_a_name_that_is_given_twice_is_refused_and_not_the_last_taken(client, path, body, field, values):
    answer = client.post(f"/api/v1{path}", content=body, headers={"Content-Type": "application/json"})
    problem = assert_problem(answer, 422, field, values, "given once")
    assert problem["detail"] == f"{field} is given {'twice' if len(values) == 2 else '3 times'}; it must be given once."


def test_colons_in_a_text_are_no_names(client):
    table = 'at;what\n10:20;"a"\n10:30;":b"\n10:40;"a"\n10:50;":b"\n'
    assert client.post("/api/v1/csv/preview", json={"text": table, "target": "what"}).status_code == 200


@pytest.fixture(scope="module")
def stepped(client, make_session):
    """A session of two steps; nothing here changes it."""
    one = make_session(**BLOBS)
    client.post(f"{one.url}/steps", headers=one.headers, json={"count": 2})
    return one


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field", "value", "bound"),
    [
        ("PUT", "/look", {"step": 99}, 404, "step", 99, "1 to 2"),
        ("PUT", "/look", {"cell": {}}, 422, "cell.tensor", None, "given"),
        ("PUT", "/look", {"cell": {"tensor": "dW", "layer": "x", "row": 0, "col": 0}}, 422, "cell.layer", "x", "a whole number"),
        ("PUT", "/look", {"cell": {"tensor": "dW", "layer": 9, "row": 0, "col": 0}}, 422, "cell.layer", 9, "0 to "),
        ("PUT", "/look", {"cell": {"tensor": "dW", "layer": 1, "row": -5, "col": 0}}, 422, "cell.row", -5, "at least 0"),
        ("PUT", "/look", {"cell": {"tensor": "dW", "layer": 1, "row": 0, "col": 0, "foo": 1}}, 422, "cell.foo", 1, "left out"),
        ("PUT", "/look", {"cell": {"tensor": "dW", "layer": 1, "row": 0, "col": 99}}, 422, "cell.col", 99, "0 to 1: dW[1] is 8 by 2"),
        ("PUT", "/look", {"cell": {"tensor": "W", "layer": 1, "row": 0, "col": 2**64}}, 422, "cell.col", 2**64, "0 to 1: W[1] is 8 by 2"),
        ("PUT", "/look", {"cell": {"tensor": "db", "layer": 2, "row": 8, "col": 0}}, 422, "cell.row", 8, "0 to 7: db[2] is 8 by 1"),
        ("PUT", "/look", {"cell": {"tensor": "zz", "layer": 1, "row": 0, "col": 0}}, 422, "cell.tensor", "zz", "dW, "),
        ("PUT", "/look", {"cell": {"tensor": "W", "layer": 0, "row": 0, "col": 0}}, 422, "cell.tensor", "W", "one of: A, dA"),
        ("PUT", "/look", {"step": 1, "cell": {"tensor": "D", "layer": 1, "row": 0, "col": 0}}, 422, "cell.tensor", "D", "dW, "),
        # of one example alone the tensors have one column, and there is no update
        ("PUT", "/look", {"example": 3, "cell": {"tensor": "A", "layer": 1, "row": 0, "col": 3}}, 422, "cell.col", 3, "0: A[1] is 8 by 1"),
        (
            "PUT",
            "/look",
            {"example": 3, "cell": {"tensor": "W_next", "layer": 1, "row": 0, "col": 0}},
            422,
            "cell.tensor",
            "W_next",
            "dW, ",
        ),
        ("PUT", "/look", {"example": 9999}, 422, "example", 9999, "0 to "),
        ("PUT", "/look", {"phase": "xx"}, 422, "phase", "xx", "the key of a phase of step 2"),
        ("PUT", "/look", {"step": 1, "phase": "dW9"}, 422, "phase", "dW9", "of step 1"),
        ("PUT", "/look", {"tab": "zz"}, 422, "tab", "zz", "flow"),
        ("PUT", "/look", {"layer": 9}, 422, "layer", 9, "0 to "),
        ("PUT", "/look", {"scale": "mine"}, 422, "scale", "mine", "shared"),
        ("PUT", "/look", {"colors": "red"}, 422, "colors", "red", "logarithmic"),
        ("PUT", "/look", {"preset": "zz"}, 422, "preset", "zz", "vanishing"),
        ("PUT", "/look", {"what_if": {"edit": "zz"}}, 422, "what_if.edit", "zz", "set"),
        ("PUT", "/look", {"what_if": {"edit": {**SET, "row": 99}}}, 422, "what_if.edit.row", 99, "0 to "),
        ("PUT", "/look", {"what_if": {"edit": SET, "view": "zz"}}, 422, "what_if.view", "zz", "difference"),
        ("POST", "/edits", {"action": "undid"}, 422, "action", "undid", "undo"),
        ("POST", "/edits", {"action": {"name": "undid"}}, 422, "action.name", "undid", "redo, "),
        ("POST", "/edits", {"action": "set"}, 422, "action.tensor", None, "given: one of: W, b, gamma, beta"),
        ("POST", "/edits", {"action": {"name": "undo", "zz": 2**70}}, 422, "action.zz", 2**70, "left out"),
        ("POST", "/edits", {"action": {"name": "redo", "zz": [1]}}, 422, "action.zz", [1], "left out"),
        ("POST", "/edits", {"action": {"name": "freeze"}}, 422, "action.layer", None, "given: a whole number, at least 1"),
        ("POST", "/edits", {"action": {"name": "freeze", "layer": 0}}, 422, "action.layer", 0, "at least 1"),
        ("POST", "/edits", {"action": {"name": "set", "tensor": "W", "layer": 1}}, 422, "action.row", None, "given"),
        (
            "POST",
            "/edits",
            {"action": {"name": "set_all", "tensor": "b", "layer": 1, "values": [1, "x"]}},
            422,
            "action.values[1]",
            "x",
            "a row",
        ),
        ("POST", "/steps/2/what_if", {"edits": ["set"]}, 422, "edits[0].tensor", None, "given: one of: W, b, gamma, beta"),
        ("POST", "/edits", {"action": "undo", "expected_step": 9}, 409, "expected_step", 9, "2, "),
        ("POST", "/steps/2/what_if", {"edits": []}, 422, "edits", [], "an array of at least 1 entry"),
        ("POST", "/steps/2/what_if", {"edits": {}}, 422, "edits", {}, "an array"),
        ("POST", "/steps/2/what_if", {"edits": ["undo"]}, 422, "edits[0]", "undo", "ablate, "),
        ("POST", "/steps/2/gradcheck", {"cell": "dW"}, 422, "cell", "dW", "an object with tensor, layer, row and col"),
        ("POST", "/steps/2/gradcheck", {"example": 5}, 422, "example", 5, "a parameter of the query (?example=)"),
        ("POST", "/forks", {"step": 2, "config": {"seed": None}}, 422, "config", {"seed": None}, "left out"),
        ("POST", "/forks", {"step": 0, "changes": {"optimizer": "sgdd"}}, 422, "changes.optimizer", "sgdd", "sgd"),
        ("POST", "/forks", {"step": 0, "changes": {"b": [[]] * 40}}, 422, "changes.b", [[]] * 40, "at most 32 entries"),
        ("POST", "/forks", {"step": 9}, 404, "step", 9, "0 to 2"),
        ("GET", "/phases?step=99", None, 404, "step", 99, "1 to 3: a step that was taken, or the next one"),
        ("GET", "/steps/99", None, 404, "n", 99, "1 to 2, the steps taken so far"),
        ("GET", "/steps/abc", None, 422, "n", "abc", "a whole number"),
        ("GET", "/steps/1_0", None, 422, "n", "1_0", "a whole number in plain digits"),
        ("GET", "/steps/+1", None, 422, "n", "+1", "in plain digits"),
        ("GET", "/steps/%201", None, 422, "n", " 1", "in plain digits"),
        ("GET", "/steps/01/explain?tensor=W&layer=1", None, 422, "n", "01", "in plain digits"),
        ("GET", "/steps/1/tensors/W/1.0", None, 422, "layer", "1.0", "in plain digits"),
        ("GET", "/steps/-1", None, 404, "n", -1, "1 to 2"),
        ("GET", "/steps/1?include=W&include=Z", None, 422, "include", ["W", "Z"], "given once"),
        ("GET", "/steps/1/explain?tensor=W&layer=1&row=0&row=0&row=1", None, 422, "row", ["0", "0", "1"], "given once"),
        ("GET", "/steps/2/difference?other=nope", None, 404, "other", "nope", "the id of a session"),
        ("GET", "/steps/2/difference?other={id}&other_step=99", None, 404, "other_step", 99, "1 to 2"),
        ("GET", "/steps/2/spreads?tensor=dW&layer=1&other=nope", None, 404, "other", "nope", "the id of a session"),
    ],
    ids=str,
)
def test_a_request_about_a_session_is_refused_at_the_place_that_it_has(client, stepped, method, path, body, status, field, value, bound):
    answer = client.request(method, stepped.url + path.format(id=stepped.answer["id"]), json=body, headers=stepped.headers)
    problem = assert_problem(answer, status, field, value, bound)
    assert problem["detail"].startswith((field, "expected_step", "there is no session"))


def test_the_catalogue_knows_the_bounds_of_edits_and_what_else_the_log_takes(client, stepped):
    catalog = client.get("/api/v1/catalog").json()
    low = {edit["name"]: one["low"] for edit in catalog["edits"] for one in edit["parameters"] if one["name"] == "layer"}
    assert {name for name, bound in low.items() if bound == 0} == {"scale_gradient"}  # of dA[0], the gradient of the input
    assert set(low.values()) == {0, 1}
    for one in catalog["log_actions"]:
        answer = client.post(f"{stepped.url}/edits", json={"action": one["name"]}, headers=stepped.headers)
        assert_problem(answer, 409, "action.name", one["name"], f"there is nothing to {one['name']}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/{long}", 404),
        ("/api/v1/sessions/{long}", 404),
        ("{session}/steps/1?include={long}", 422),
        ("{session}/steps/1?layers={long}", 422),
        ("{session}/steps/1?{long}=1", 422),
        ("{session}/events?last_event_id={long}", 422),
        ("/api/v1/sessions/%27{long}%22", 404),
    ],
)
def test_what_is_too_long_to_read_is_cut_in_the_sentence_too(client, stepped, path, status):
    answer = client.get(path.format(session=stepped.url, long="x" * 5000))
    assert answer.status_code == status
    assert "characters)" in answer.json()["detail"]
    assert len(answer.content) < 2000


def test_a_name_too_long_to_read_is_cut(client):
    answer = client.post(SESSIONS, json={"x" * 5000: 1})
    assert "characters)" in answer.json()["detail"]
    assert len(answer.content) < 2000


def test_a_body_that_is_packed_is_refused_and_not_read_as_it_is(client):
    answer = client.post(SESSIONS, content=b"{}", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert_problem(answer, 415, "Content-Encoding", "gzip", "left out")
    plain = client.post("/api/v1/trace", json=request(), headers={"Content-Encoding": "identity"})
    assert plain.status_code == 200


def test_what_is_too_long_to_read_is_cut_once(client, stepped):
    many = [{"name": "set", "tensor": "W", "layer": 1, "row": 0, "col": 0, "value": 0}] * 2000
    problem = assert_problem(client.post(f"{stepped.url}/steps/2/what_if", json={"edits": many}), 422, "edits", ..., "at most 100 entries")
    assert problem["value"].endswith("… (2,000 entries)")
    assert problem["detail"].count("…") == 1


def test_several_mistakes_are_all_told(client):
    problem = assert_problem(client.post(SESSIONS, json={"batch_size": 0, "seed": "x", "nonsense": 1}), 422, "batch_size", 0)
    assert [one["field"] for one in problem["errors"]] == ["batch_size", "seed", "nonsense"]


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        (SessionConfig, MANY),
        (LookRequest, {"cell": {"tensor": "W", "layer": 1, "row": 0, "col": 0, **MANY}}),
        (SessionConfig, {"W": [[["x"] * 1000] * 1000] * 2}),
        (CsvRequest, {"text": "", "features": [1] * 1000}),
    ],
    ids=["names", "names of an object", "numbers", "texts"],
)
def test_no_more_mistakes_are_made_of_a_body_than_are_told(schema, body):
    # each costs microseconds and a KB, and a body has room for a million
    with pytest.raises(ValidationError) as refused:
        schema.model_validate(body)
    assert refused.value.error_count() <= MOST_ERRORS


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
            ({"layer_sizes": [64, *[2] * 100, 10]}, "layer_sizes", "at most 3 layers"),
            ({"batch_size": 33}, "layer_sizes", "units times examples are at most 2,500"),
            ({"layer_sizes": [64, 10], "batch_size": 41}, "batch_size", "at most 40"),
        ],
        ids=str,
    )
    def test_hold_for_sessions(self, small_client, config, field, bound):
        if config == {"layer_sizes": [64, 10], "batch_size": 41}:
            config = {"dataset": {"name": "xor"}, "layer_sizes": [2, 2], "batch_size": 41}
        assert_problem(small_client.post(SESSIONS, json=config), 422, field, ..., bound)

    def test_a_schedule_ends_no_higher_than_the_learning_rate(self, client):
        rising = {"schedule": {"name": "cosine", "steps": 20, "lowest": 5}, "optimizer": {"name": "sgd", "learning_rate": 0.1}}
        bound = "at most 0.1, the optimizer's learning_rate"
        assert_problem(client.post(SESSIONS, json=rising), 422, "schedule.lowest", 5, bound)
        assert_problem(client.post("/api/v1/trace", json=request(**rising)), 422, "schedule.lowest", 5, bound)

    def test_hold_for_the_stateless_trace(self, small_client):
        assert_problem(small_client.post("/api/v1/trace", json=request(steps=6)), 422, "steps", 6, "at most 5")
        long = request()
        long["X"] = [[1] * 41] * 2
        assert_problem(small_client.post("/api/v1/trace", json=long), 422, "X", [[1] * 41] * 2, "at most 40 examples")

    def test_hold_for_the_body(self, small_client):
        assert_problem(small_client.post(SESSIONS, json={"dataset": "x" * 2000}), 413, "body", ..., "at most 2,000 bytes")

    def test_a_value_too_long_to_read_is_cut(self, client):
        problem = assert_problem(client.post(SESSIONS, json={"dtype": "x" * 5000}), 422, "dtype")
        assert len(problem["value"]) < 300


@pytest.mark.parametrize(
    ("change", "field", "value", "bound"),
    [
        ({"X": [[1.0, 2.0], [1.0]]}, "X[1]", [1.0], "2 long"),
        ({"X": [[1, 2], [1, "3"]]}, "X[1][1]", "3", "finite number"),
        ({"X": [[1, 2], [1, "NaN"]]}, "X[1][1]", "NaN", "finite number"),
        ({"X": [[1, 2], [1, True]]}, "X[1][1]", True, "finite number"),
        ({"X": [[1, 2], 3]}, "X[1]", 3, "an array"),
        ({"X": [[1] * 4] * 3}, "X", [[1] * 4] * 3, "of shape (2, m)"),
        ({"Y": [[1] * 3] * 2}, "Y", [[1] * 3] * 2, "of shape (2, 4)"),
        ({"Y": [[1] * 4] * 2}, "Y", [[1] * 4] * 2, "sum to 1"),
        ({"W": [[[1, 2]] * 3]}, "W", [[[1, 2]] * 3], "2 entries"),
        ({"W": [[[1, 2]] * 3, [[1, 2]] * 2]}, "W[1]", [[1, 2]] * 2, "(2, 3)"),
        ({"b": [[0, 0, 0], [0, None]]}, "b[1][1]", None, "finite number"),
        ({"optimizer": {"name": "sgd", "momentum": 1}}, "optimizer.momentum", 1, "learning_rate"),
        ({"W": [[[0.5, "x"], [1, 2], [1, 2]], [[1, 2, 3]] * 2]}, "W[0][0][1]", "x", "finite number"),
        ({"X": [[1, 2, 3, 4], [1, 2, 3, 1e300]], "dtype": "float32"}, "X[1][3]", 1e300, "a finite float32 number"),
        ({"b": [[0, 0, 1e300], [0, 0]], "dtype": "float32"}, "b[0][2]", 1e300, "a finite float32 number"),
        ({"gamma": [[1, 1, 1]]}, "gamma[0]", [1, 1, 1], "null: layer 1 is not normalised"),
        ({"Y": [[-1, 1, 1, 1], [2, 0, 0, 0]]}, "Y[0][0]", -1, "at least 0"),
        ({"optimizer": None, "clipping": {"name": "norm"}}, "clipping", {"name": "norm"}, "left out, or given with an optimizer"),
        ({"optimizer": None, "steps": 7}, "steps", 7, "given with an optimizer"),
        ({"optimizer": None, "schedule": "cosine"}, "schedule", "cosine", "left out, or given with an optimizer"),
        ({"optimizer": None, "schedule": "cosinus"}, "schedule", "cosinus", "cosine"),
    ],
    ids=str,
)
def test_the_stateless_trace_names_the_place(client, change, field, value, bound):
    assert_problem(client.post("/api/v1/trace", json={**request(), **change}), 422, field, value, bound)


def test_one_number_is_told_in_the_singular(client):
    answer = client.post("/api/v1/trace", json=request(b=[[0], [0, 0]]))
    assert_problem(answer, 422, "b[0]", [0], "a list of 3")
    assert answer.json()["detail"].startswith("b[0] has 1 number; ")


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


def test_an_edit_that_is_too_long_is_told_to_nobody(client, stepped):
    whole = {"name": "set_all", "tensor": "W", "layer": 1, "values": [[0.5] * 1000]}
    answer = client.put(f"{stepped.url}/look", json={"what_if": {"edit": whole}}, headers=stepped.headers)
    assert_problem(answer, 422, "what_if.edit", ..., "at most 4,096 characters")


def test_a_look_may_be_at_any_tab_of_the_page():
    names = (Path(__file__).parents[2] / "static" / "lib" / "tab_names.js").read_text()
    listed = re.search(r"tabNames = .*\(\[(.*?)\]\)", names)
    assert listed
    assert tuple(re.findall(r"\w+", listed[1])) == get_args(Tab)
