"""Sessions through their endpoints: made, stepped, looked at, deleted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.pooling import pool, view_shape

from .test_trace import assert_problem

MISSING = "/api/v1/sessions/nobody"


class TestMaking:
    def test_takes_defaults_for_everything(self, client):
        answer = client.post("/api/v1/sessions", json={})
        assert answer.status_code == 201
        made = answer.json()
        assert answer.headers["location"] == f"/api/v1/sessions/{made['id']}"
        assert made["step"] == 0
        assert made["config"]["dataset"]["name"] == "digits"
        assert len(made["edit_key"]) >= 22

    def test_tells_the_key_once(self, client, make_session):
        assert "edit_key" not in client.get(make_session().url).json()

    @pytest.mark.parametrize(
        ("config", "field"),
        [
            ({"dataset": {"name": "nothing"}}, "dataset"),
            ({"layer_sizes": [63, 10]}, "layer_sizes[0]"),
            ({"layer_sizes": [64, 9]}, "layer_sizes[1]"),
            ({"layer_sizes": [64, 10**9, 10]}, "layer_sizes"),
            ({"layer_sizes": [64, "5", 10]}, "layer_sizes[1]"),
            ({"layer_sizes": [64, True, 10]}, "layer_sizes[1]"),
            ({"layer_sizes": [64]}, "layer_sizes"),
            ({"batch_size": 10**4}, "batch_size"),
            ({"dataset": {"name": "blobs"}, "batch_size": 1000}, "batch_size"),
            ({"batch_size": 0}, "batch_size"),
            ({"batch_size": 10**30}, "batch_size"),
            ({"seed": -1}, "seed"),
            ({"seed": 2**53}, "seed"),
            ({"dtype": "int8"}, "dtype"),
            ({"optimizer": {"name": "sgd", "learning_rate": 1e9}}, "optimizer.learning_rate"),
            ({"optimizer": {"name": "sgd", "learning_rate": "fast"}}, "optimizer.learning_rate"),
            ({"optimizer": {"name": "sgd", "speed": 1}}, "optimizer.speed"),
            ({"initializer": {"name": "he"}}, "initializer"),
            ({"hidden_activations": ["relu"] * 9}, "hidden_activations"),
            ({"hidden_activations": "rely"}, "hidden_activations"),
            ({"loss": "guess"}, "loss"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_refuses_with_field_value_and_bound(self, client, config, field):
        assert_problem(client.post("/api/v1/sessions", json=config), 422, field)


class TestStepping:
    def test_takes_the_next_batches(self, client, make_session):
        one = make_session()
        assert client.post(f"{one.url}/steps", headers=one.headers).json()["step"] == 1
        assert client.post(f"{one.url}/steps", json={"count": 5}, headers=one.headers).json()["step"] == 6
        assert client.get(one.url).json()["step"] == 6

    def test_says_of_each_step_what_a_look_at_it_says(self, client, make_session):
        one = make_session(optimizer={"name": "adam"}, normalisation="batch_norm")
        for step, query in enumerate(["", "", "?max_cells=4", "?max_cells=4", "?include=W,vW_next", ""], start=1):
            if step == 2:  # so that its W is not what step 1 left
                edit = {"name": "set", "tensor": "W", "layer": 1, "row": 0, "col": 0, "value": 0.5}
                assert client.post(f"{one.url}/edits", json={"action": edit}, headers=one.headers).status_code == 201
            taken = client.post(f"{one.url}/steps{query}", headers=one.headers)
            assert taken.content == client.get(f"{one.url}/steps/{step}{query}").content

    def test_at_an_unexpected_step_steps_nothing(self, client, make_session):
        one = make_session()
        first = client.post(f"{one.url}/steps", json={"expected_step": 0}, headers=one.headers)
        assert first.status_code == 200
        problem = assert_problem(client.post(f"{one.url}/steps", json={"expected_step": 0}, headers=one.headers), 409, "expected_step")
        assert problem["current_step"] == 1
        assert client.get(one.url).json()["step"] == 1

    def test_takes_the_key(self, client, make_session):
        one = make_session()
        answer = client.post(f"{one.url}/steps")
        assert_problem(answer, 401, "Authorization")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert_problem(client.post(f"{one.url}/steps", headers={"Authorization": "Bearer wrong"}), 403, "Authorization")
        assert client.get(one.url).json()["step"] == 0

    @pytest.mark.parametrize("body", [{"count": 0}, {"count": 101}, {"count": True}, {"count": "1"}, {"expected_step": -1}, {"steps": 1}])
    def test_refuses(self, client, make_session, body):
        one = make_session()
        assert_problem(client.post(f"{one.url}/steps", json=body, headers=one.headers), 422, next(iter(body)))

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", ""), ("GET", "/history"), ("GET", "/steps/1"), ("POST", "/steps"), ("DELETE", "")]
    )
    def test_of_a_session_that_is_not_there(self, client, method, path):
        assert_problem(client.request(method, MISSING + path, headers={"Authorization": "Bearer x"}), 404, "id")


class TestLooking:
    def test_back_gives_the_same_bytes(self, client, make_session):
        one = make_session()
        taken = [client.post(f"{one.url}/steps", headers=one.headers).content for _ in range(3)]
        assert [client.get(f"{one.url}/steps/{n}").content for n in (1, 2, 3)] == taken

    @pytest.mark.parametrize("n", [0, -1, 2, 10**30])
    def test_at_a_step_not_taken(self, client, make_session, n):
        one = make_session()
        client.post(f"{one.url}/steps", headers=one.headers)
        assert_problem(client.get(f"{one.url}/steps/{n}"), 404, "n")

    def test_at_a_window_and_at_a_view(self, client, make_session):
        one = make_session()
        client.post(f"{one.url}/steps", headers=one.headers)
        url = f"{one.url}/steps/1/tensors/A/0"
        whole = np.array(client.get(url).json()["values"])
        window = client.get(url, params={"rows": "1:2", "cols": "2:5"}).json()
        np.testing.assert_array_equal(window["values"], whole[1:2, 2:5])
        view = client.get(url, params={"max_cols": 1}).json()["view"]
        np.testing.assert_array_equal(np.array(view["values"])[:, 0], [row[np.abs(row).argmax()] for row in whole])

    @pytest.mark.parametrize(
        "query",
        ["rows=2:1", "rows=a", "rows=0:99", "rows=0:1&max_rows=1", "max_rows=0", "reduce=sum", "rows=-1:2"],
    )
    def test_refuses_a_window_that_is_none(self, client, make_session, query):
        one = make_session()
        client.post(f"{one.url}/steps", headers=one.headers)
        assert_problem(client.get(f"{one.url}/steps/1/tensors/A/0?{query}"), 422)

    def test_at_some_tensors_of_some_layers(self, client, make_session):
        one = make_session()
        client.post(f"{one.url}/steps", headers=one.headers)
        layers = client.get(f"{one.url}/steps/1?include=dW&layers=1&max_cells=1").json()["layers"]
        assert [layer["index"] for layer in layers] == [1]
        assert "W" not in layers[0]
        assert layers[0]["dW"]["view"]["reduce"] == "absmax"
        assert "values" not in layers[0]["dW"]

    @pytest.mark.parametrize("query", ["include=Q", "layers=99", "layers=x", "max_cells=0"])
    def test_refuses_what_is_not_there(self, client, make_session, query):
        one = make_session()
        client.post(f"{one.url}/steps", headers=one.headers)
        assert_problem(client.get(f"{one.url}/steps/1?{query}"), 422, query.partition("=")[0])

    @given(st.integers(1, 9), st.integers(1, 9), st.data())
    def test_never_loses_an_extreme(self, height, width, data):
        rows, cols = data.draw(st.integers(1, height)), data.draw(st.integers(1, width))
        cells = data.draw(st.lists(st.floats(-1e9, 1e9), min_size=height * width, max_size=height * width))
        tensor = np.array(cells).reshape(height, width)
        pooled = pool(tensor, rows, cols, "absmax")
        assert pooled.shape == (rows, cols)
        assert set(pooled.ravel()) <= set(cells)
        assert np.abs(pooled).max() == np.abs(tensor).max()

    @given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 5000))
    def test_keeps_a_view_within_its_cells(self, height, width, most):
        rows, cols = view_shape(height, width, most)
        assert 1 <= rows <= height
        assert 1 <= cols <= width
        assert rows * cols <= most


class TestHistory:
    def test_has_an_entry_a_step(self, client, make_session):
        one = make_session()
        losses = [client.post(f"{one.url}/steps", headers=one.headers).json()["loss"] for _ in range(4)]
        history = client.get(f"{one.url}/history").json()
        assert history["steps"] == [1, 2, 3, 4]
        assert history["loss"] == losses
        assert client.get(f"{one.url}/history?since=2").json()["loss"] == losses[2:]

    @pytest.mark.parametrize("since", ["-1", "x", str(10**30)])
    def test_refuses(self, client, make_session, since):
        assert_problem(client.get(f"{make_session().url}/history?since={since}"), 422, "since")


class TestDeleting:
    def test_takes_the_key_and_leaves_nothing(self, client, make_session):
        one = make_session()
        client.post(f"{one.url}/steps", headers=one.headers)
        assert_problem(client.delete(one.url), 401, "Authorization")
        assert client.delete(one.url, headers=one.headers).status_code == 204
        assert_problem(client.get(f"{one.url}/steps/1"), 404, "id")


def test_ingredients_with_parameters_are_kept_as_they_were_chosen(make_session, client) -> None:
    chosen = {
        "hidden_activations": [{"name": "leaky_relu", "negative_slope": 0.2}, "tanh"],
        "output_activation": "identity",
        "loss": {"name": "huber", "delta": 2.0},
        "layer_sizes": [2, 4, 3, 3],
    }
    made = make_session(**chosen)
    assert {name: made.answer["config"][name] for name in chosen} == chosen
    trace = client.post(f"{made.url}/steps", headers=made.headers).json()
    assert trace["layers"][-1]["dA"]["shape"] == trace["layers"][-1]["dZ"]["shape"]
    assert 0 <= trace["accuracy"] <= 1
    assert made.answer["config"]["hidden_activations"] == client.get(made.url).json()["config"]["hidden_activations"]


def test_where_targets_are_no_classes_there_is_no_accuracy(client) -> None:
    asked = {
        "layer_sizes": [1, 1], "hidden_activations": [], "output_activation": "identity", "loss": "mse",
        "X": [[1, 2]], "Y": [[3, 5]], "W": [[[1]]], "b": [[0]],
    }  # fmt: skip
    answer = client.post("/api/v1/trace", json=asked).json()
    assert answer["accuracy"] is None
    assert answer["loss"] == (2**2 + 3**2) / 2 / 2
    assert answer["layers"][1]["dA"]["values"] == [[-2, -3]]


def test_a_parameter_of_an_activation_out_of_bounds_is_named(client) -> None:
    problem = client.post("/api/v1/sessions", json={"hidden_activations": [{"name": "leaky_relu", "negative_slope": 7}]}).json()
    assert problem["field"] == "hidden_activations[0].negative_slope"
    problem = client.post("/api/v1/sessions", json={"loss": {"name": "cross_entropy", "label_smoothing": -1}}).json()
    assert problem["field"] == "loss.label_smoothing"


def test_schedule_and_clipping_are_part_of_a_session(make_session, client) -> None:
    chosen = {
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "schedule": {"name": "cosine", "steps": 50},
        "clipping": {"name": "norm", "max_norm": 1},
    }
    made = make_session(**chosen)
    assert made.answer["config"]["schedule"] == {"name": "cosine", "steps": 50, "lowest": 0.0}
    assert made.answer["config"]["clipping"] == "norm"
    assert client.post(f"{made.url}/steps", headers=made.headers, json={"count": 3}).json()["step"] == 3
    problem = client.post("/api/v1/sessions", json={"schedule": {"name": "cosine", "steps": 0}}).json()
    assert problem["field"] == "schedule.steps"


def test_a_session_may_begin_with_weights_of_ones_own(make_session, client) -> None:
    W, b = [[[0.5, -0.25], [1, 2], [0, 0.125]]], [[0.5, 0, -1]]
    made = make_session(layer_sizes=[2, 3], W=W, b=b)
    trace = client.post(f"{made.url}/steps", headers=made.headers).json()
    assert trace["layers"][1]["W"]["values"] == W[0]
    assert trace["layers"][1]["b"]["values"] == [[0.5], [0], [-1]]
    drawn = make_session(layer_sizes=[2, 3], b=b)
    trace = client.post(f"{drawn.url}/steps", headers=drawn.headers).json()
    assert trace["layers"][1]["b"]["values"] == [[0.5], [0], [-1]]
    assert trace["layers"][1]["W"]["stats"]["zeros"] == 0


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"W": [[[1, 2], [3, 4]]]}, "W[0]"),
        ({"W": [[[1, 2], [3, 4], [5]]]}, "W[0]"),
        ({"W": []}, "W"),
        ({"b": [[1, 2]]}, "b[0]"),
        ({"b": [[1, 2, 3], [1]]}, "b"),
    ],
)
def test_weights_that_do_not_fit_are_refused(config, field, client) -> None:
    answer = client.post("/api/v1/sessions", json={"dataset": {"name": "blobs"}, "layer_sizes": [2, 3], "batch_size": 8, **config})
    assert_problem(answer, 422, field)


def test_dropout_in_a_session_comes_back_as_it_was_and_is_refused_out_of_bounds(make_session, client) -> None:
    made = make_session(layer_sizes=[2, 6, 3], dropout=0.5)
    traces = [client.post(f"{made.url}/steps", headers=made.headers).json() for _ in range(3)]
    zeros = [trace["layers"][1]["A"]["stats"]["zeros"] for trace in traces]
    assert min(zeros) > 0
    assert client.get(f"{made.url}/steps/2").json() == traces[1]
    problem = client.post("/api/v1/sessions", json={"dropout": 1}).json()
    assert problem["field"] == "dropout"


def test_normalisation_in_a_session_comes_back_as_it_was_and_refuses_what_has_no_answer(make_session, client) -> None:
    made = make_session(layer_sizes=[2, 6, 3], normalisation="batch_norm")
    traces = [client.post(f"{made.url}/steps", headers=made.headers).json() for _ in range(3)]
    assert {"gamma", "dgamma", "Zhat", "rV", "rV_next"} <= traces[0]["layers"][1].keys()
    assert traces[1]["layers"][1]["rV"] == traces[0]["layers"][1]["rV_next"]
    assert client.get(f"{made.url}/steps/2").json() == traces[1]
    session = client.get(made.url).json()
    assert session["parameter_count"] == 2 * 6 + 6 + 2 * 6 + 6 * 3 + 3
    checked = client.post(f"{made.url}/steps/3/gradcheck", json={}).json()
    assert "dgamma" in {tensor["tensor"] for tensor in checked["tensors"]}
    assert sum(tensor["wrong"] for tensor in checked["tensors"]) == 0
    one = {"cell": {"tensor": "dN", "layer": 1, "row": 0, "col": 1}}
    assert client.post(f"{made.url}/steps/3/gradcheck", json=one).json()["outcome"] in ("agrees", "small")
    assert_problem(client.get(f"{made.url}/steps/2?example=1"), 422, "example")
    assert_problem(client.get(f"{made.url}/steps/2/paths?tensor=W&layer=1&row=0&col=0"), 422, "layer")
    refused = client.post("/api/v1/sessions", json={"normalisation": "batch_norm", "batch_size": 1})
    assert_problem(refused, 422, "batch_size")


def test_normalisation_in_one_step_alone(client) -> None:
    body = {
        "layer_sizes": [2, 2, 2],
        "X": [[1.0, 2.0], [0.5, -1.0]],
        "Y": [[1.0, 0.0], [0.0, 1.0]],
        "W": [[[1.0, 0.5], [-1.0, 0.3]], [[1.0, -1.0], [0.5, 0.2]]],
        "b": [[0.0, 0.0], [0.0, 0.0]],
        "normalisation": ["batch_norm"],
    }
    hidden = client.post("/api/v1/trace", json=body).json()["layers"][1]
    assert hidden["gamma"]["values"] == [[1.0], [1.0]]
    assert {"M", "V", "Zhat", "N", "dN", "dgamma", "dbeta", "dZhat", "dV", "dM", "rM", "rV"} <= hidden.keys()
    given = client.post("/api/v1/trace", json=body | {"gamma": [[2.0, 0.5]], "beta": [[0.1, -0.1]]}).json()["layers"][1]
    assert given["gamma"]["values"] == [[2.0], [0.5]]
    for j, (gamma, beta) in enumerate(((2.0, 0.1), (0.5, -0.1))):
        assert given["N"]["values"][j] == [gamma * z + beta for z in hidden["Zhat"]["values"][j]]
    assert client.post("/api/v1/trace", json=body | {"gamma": [None], "beta": None}).json()["layers"][1] == hidden
    for change, field, bound in (
        ({"gamma": [[1.0]]}, "gamma[0]", "a list of 2, as layer_sizes says of layer 1"),
        ({"gamma": [[1.0, "a"]]}, "gamma[0][1]", "a finite number"),
        ({"gamma": [[1.0, 1.0], [1.0, 1.0]]}, "gamma", "an entry for the 1 hidden layer"),
        ({"beta": 3}, "beta", "an array with an entry for each hidden layer"),
        ({"beta": [[0.0, 0.0]], "normalisation": None}, "beta[0]", "null: layer 1 is not normalised"),
    ):
        refused = client.post("/api/v1/trace", json=body | change)
        assert_problem(refused, 422, field)
        assert bound in refused.json()["bound"]
    one = body | {"X": [[1.0], [0.5]], "Y": [[1.0], [0.0]]}
    assert_problem(client.post("/api/v1/trace", json=one), 422, "X")


def test_layer_normalisation_leaves_examples_alone_and_has_paths_of_pairs_of_units(make_session, client) -> None:
    made = make_session(layer_sizes=[2, 4, 3], hidden_activations="tanh", normalisation="layer_norm")
    trace = client.post(f"{made.url}/steps", headers=made.headers).json()
    alone = client.get(f"{made.url}/steps/1?example=2").json()
    assert alone["layers"][1]["dZ"]["values"] == [row[2:3] for row in trace["layers"][1]["dZ"]["values"]]
    told = client.get(f"{made.url}/steps/1/paths?tensor=dW&layer=1&row=0&col=1&limit=100&example=2").json()
    assert told["count"] == len(told["paths"]) == 4 * 3
    for path in told["paths"]:
        assert path["layers"] == [1, 1, 2]
        (through,) = [factor for factor in path["factors"] if "partial" in factor.get("latex", "")]
        assert [(of["tensor"], of["row"]) for of in through["of"]] == [("N", path["units"][1]), ("Z", path["units"][0])]
    assert sum(path["product"] for path in told["paths"]) == pytest.approx(told["gradient"], abs=1e-12)


def test_a_session_begins_with_the_gamma_and_beta_that_it_is_given(make_session, client) -> None:
    gamma, beta = [[0.5, 1.5, 2.0], None], [[0.0, 0.25, -1.0], None]
    made = make_session(layer_sizes=[2, 3, 4, 3], normalisation=["layer_norm", None], gamma=gamma, beta=beta)
    first, second = (client.post(f"{made.url}/steps", headers=made.headers).json()["layers"][1] for _ in range(2))
    assert first["gamma"]["values"] == [[value] for value in gamma[0]]
    assert first["beta"]["values"] == [[value] for value in beta[0]]
    assert second["gamma"] == first["gamma_next"]
    assert client.get(made.url).json()["config"]["gamma"] == gamma
    # the other parameters are those that the same seed draws without them
    plain = make_session(layer_sizes=[2, 3, 4, 3], normalisation=["layer_norm", None])
    assert client.post(f"{plain.url}/steps", headers=plain.headers).json()["layers"][1]["W"] == first["W"]
    for config, field in (
        ({"gamma": [[1.0] * 32]}, "gamma[0]"),
        ({"normalisation": "batch_norm", "gamma": [[1.0] * 31]}, "gamma[0]"),
        ({"normalisation": "batch_norm", "beta": [None, None]}, "beta"),
        ({"normalisation": "batch_norm", "beta": [["0"] * 32]}, "beta[0][0]"),
    ):
        assert_problem(client.post("/api/v1/sessions", json=config), 422, field)
