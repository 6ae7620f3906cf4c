"""Data that people bring, through the endpoints: looked at, kept with the session, told in full only when asked for."""

import random

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.sessions import UnknownSession, recipe
from app.sessions.shelf import Shelf
from app.settings import Limits, Settings

from .test_refusals import assert_problem

SESSIONS, PREVIEW = "/api/v1/sessions", "/api/v1/csv/preview"
CSV = "height;width;kind\n" + "".join(f"{i},5;{i * i % 7};{'red' if i % 3 else 'blue'}\n" for i in range(30))
XOR = {"name": "inline", "X": [[0, 0, 1, 1], [0, 1, 0, 1]], "Y": [[1, 0, 0, 1], [0, 1, 1, 0]]}


def own_csv(**more):
    return {"name": "csv", "text": CSV, "target": "kind", **more}


@pytest.mark.parametrize(("name", "number"), [("X", 2**64), ("X_test", -(2**63) - 1), ("Y", 2**70)])
def test_a_whole_number_beyond_64_bits_is_the_float64_that_it_is(client, name, number):
    dataset = {"name": "inline", "X": [[0, 2], [0, 1]], "Y": [[1, 0], [0, 1]], "X_test": [[0], [1]], "Y_test": [[1], [0]]}
    dataset |= {name: [[number, *dataset[name][0][1:]], *dataset[name][1:]]}
    made = client.post(SESSIONS, json={"dataset": dataset, "batch_size": 2})
    assert made.status_code == 201, made.text
    answer = made.json()
    assert client.get(answer["links"]["data"]).json()["dataset"][name][0][0] == float(number)
    taken = client.post(answer["links"]["steps"], headers={"Authorization": f"Bearer {answer['edit_key']}"}).json()
    trained = {"X": taken["layers"][0]["A"], "Y": taken["batch"]["Y"]}
    assert name not in trained or float(number) in trained[name]["values"][0]
    forked = client.post(answer["links"]["forks"], json={"step": 0, "changes": {"dataset": dataset}})
    assert forked.status_code == 201, forked.text


class TestPreview:
    def test_tells_what_a_session_would_take(self, client):
        told = client.post(PREVIEW, json={"text": CSV}).json()
        assert told["dialect"] == {"delimiter": ";", "quote": '"', "decimal": ",", "thousands": "none", "header": True}
        assert [column["kind"] for column in told["columns"]] == ["number", "number", "category"]
        assert (told["target"], told["features"]) == ("kind", ["height", "width"])
        assert told["first_rows"][0] == ["0,5", "0", "blue"]
        assert told["refusal"] is None
        made = client.post(SESSIONS, json={"dataset": own_csv(file="own.csv"), "batch_size": 4}).json()
        assert made["config"]["dataset"]["file"] == "own.csv"
        assert made["dataset"]["feature_names"] == told["features"]
        assert made["dataset"]["class_names"] == told["class_names"] == ["blue", "red"]
        assert made["dataset"]["train_size"] + made["dataset"]["test_size"] == told["usable_count"] == 30

    def test_takes_another_target(self, client):
        told = client.post(PREVIEW, json={"text": CSV, "target": "height"}).json()
        assert (told["targets"], told["features"], told["class_names"]) == ("numbers", ["width"], [])

    def test_tells_problems_with_their_places(self, client):
        told = client.post(PREVIEW, json={"text": "a,kind\n1,x\n?,y\n3,x,z\n4,y\n5,x\n"}).json()
        assert told["problem_count"] == 2
        assert told["problems"] == [
            {"row": 3, "column": 1, "name": "a", "value": "?", "bound": "a finite number", "missing": True},
            {"row": 4, "column": None, "name": None, "value": "3 cells", "bound": "2 cells, like the first row", "missing": False},
        ]

    def test_tells_why_it_would_be_refused_all_the_same(self, client):
        told = client.post(PREVIEW, json={"text": "a,kind\n1,x\n2,x\n3,x\n", "target": "kind"}).json()
        assert told["refusal"]["field"] == "target"
        told = client.post(PREVIEW, json={"text": "b,kind\nx,y\ny,z\nx,z\n"}).json()
        assert (told["refusal"]["field"], told["target"]) == ("features", "kind")
        wide = "a,kind\n1e308,x\n-1e308,y\n1e308,x\n1e308,y\n"
        told = client.post(PREVIEW, json={"text": wide}).json()
        assert "column 1 (a)" in told["refusal"]["found"]
        problem = client.post(SESSIONS, json={"dataset": own_csv(text=wide)}).json()
        assert (problem["field"], problem["column"], problem["row"]) == ("dataset.text", 1, None)
        assert told["refusal"]["found"] in problem["detail"]
        assert client.post(PREVIEW, json={"text": wide, "standardise": False}).json()["refusal"] is None

    def test_tells_how_many_examples_are_trained_on(self, client, make_session):
        told = client.post(PREVIEW, json={"text": CSV}).json()
        assert told["training_count"] == make_session(dataset=own_csv()).answer["dataset"]["train_size"] == 24

    @pytest.mark.parametrize(
        ("body", "field", "value", "bound"),
        [
            ({}, "text", None, "given"),
            ({"text": ""}, "text", "", "a table"),
            ({"text": 5}, "text", 5, "a text"),
            ({"text": "a,b\n1,\0\n"}, "text", "\0", "in UTF-16"),
            ({"text": "a,a\n1,2\n"}, "text", "a", "names of their own"),
            ({"text": CSV, "target": "sort"}, "target", "sort", "height"),
            ({"text": CSV, "features": ["sort"]}, "features[0]", "sort", "height"),
            ({"text": CSV, "delimiter": "x"}, "delimiter", "x", ""),
            ({"text": CSV, "encoding": "x"}, "encoding", "x", "left out"),
        ],
        ids=str,
    )
    def test_refuses_what_is_no_table(self, client, body, field, value, bound):
        assert_problem(client.post(PREVIEW, json=body), 422, field, value, bound)

    def test_brackets_in_the_text_nest_nothing(self, client):
        text = "a,kind\n" + "".join(f'{i},"[{{[{{ \\"" {i % 2}"\n' for i in range(20))
        told = client.post(PREVIEW, json={"text": text}).json()
        assert told["class_names"] == ['[{[{ \\" 0', '[{[{ \\" 1']

    def test_a_text_that_never_ends_is_refused_in_time_by_its_length(self, client):
        body = b'{"text": ' + b"[" * 20 + b'"' + b'\\"' * 1_000_000  # by its square it would be hours, and no test has them
        assert client.post(PREVIEW, content=body, headers={"Content-Type": "application/json"}).status_code == 400


class TestSessions:
    def test_learn_from_a_csv(self, client, make_session):
        one = make_session(dataset=own_csv())
        assert one.answer["dataset"]["title"] == "A CSV file of your own"
        losses = [client.post(f"{one.url}/steps", headers=one.headers).json()["loss"] for _ in range(3)]
        assert client.get(f"{one.url}/history").json()["loss"] == losses

    def test_answer_a_summary_and_the_whole_on_request(self, client, make_session):
        one = make_session(dataset=own_csv(standardise=False))
        config = one.answer["config"]["dataset"]
        assert "text" not in config
        assert config["content"]["bytes"] == len(CSV)
        assert config["features"] == ["height", "width"]
        whole = client.get(one.answer["links"]["data"]).json()["dataset"]
        assert whole["text"] == CSV
        again = make_session(dataset=whole)
        assert again.answer["config"] == one.answer["config"]

    def test_answer_arrays_on_request(self, client, make_session):
        one = make_session(dataset=XOR, batch_size=4)
        assert one.answer["config"]["dataset"]["content"]["X"] == [2, 4]
        assert client.get(f"{one.url}/data").json() == {"dataset": {**XOR, "standardise": False, "rules": 3}}
        trace = client.post(f"{one.url}/steps", headers=one.headers).json()
        columns = trace["batch"]["indices"]
        assert trace["layers"][0]["A"]["values"] == [[row[i] for i in columns] for row in XOR["X"]]
        assert not one.answer["dataset"]["held_out"]

    def test_of_other_datasets_have_their_data_too(self, client, make_session):
        one = make_session()
        assert client.get(f"{one.url}/data").json() == {"dataset": one.answer["config"]["dataset"]}

    def test_are_the_same_after_a_restart(self, settings, monkeypatch):
        body = {"dataset": own_csv(), "batch_size": 4}
        with TestClient(create_app(settings), base_url="http://127.0.0.1") as first:
            made = first.post(SESSIONS, json=body).json()
            url, headers = f"{SESSIONS}/{made['id']}", {"Authorization": f"Bearer {made['edit_key']}"}
            traces = [first.post(f"{url}/steps", headers=headers).content for _ in range(3)]
        monkeypatch.setattr(recipe, "_shelf", Shelf(max_bytes=0))  # as a new process would find it
        with TestClient(create_app(settings), base_url="http://127.0.0.1") as later:
            assert [later.get(f"{url}/steps/{n}").content for n in (1, 2, 3)] == traces
            assert later.get(f"{url}/data").json()["dataset"]["text"] == CSV

    def test_take_their_data_with_them_when_they_go(self, client, make_session):
        one = make_session(dataset=own_csv())
        assert client.delete(one.url, headers=one.headers).status_code == 204
        assert_problem(client.get(f"{one.url}/data"), 404, "id")
        with pytest.raises(UnknownSession):
            client.app.state.store.content(one.answer["id"])

    @pytest.mark.parametrize(
        ("dataset", "field", "value", "bound"),
        [
            ({"name": "csv"}, "dataset.text", None, "given"),
            ({"name": "csv", "text": CSV}, "dataset.target", None, "given"),
            (own_csv(target="sort"), "dataset.target", "sort", "height"),
            (own_csv(text="a,kind\n1,x\n2\n3,y\n", delimiter=","), "dataset.text", "1 cell", "row 3"),
            (own_csv(text=""), "dataset.text", "", "a table"),
            (own_csv(text="a,kind\n1,\0\n"), "dataset.text", "\0", "in UTF-16"),
            (own_csv(text="a,kind\n1e400,x\n1,y\n2,x\n"), "dataset.text", "1e400", "row 2, column 1 (a)"),
            (own_csv(text="a,a,kind\n1,2,x\n"), "dataset.text", "a", "names of their own"),
            (own_csv(text="a,kind\n1,x\n2,x\n"), "dataset.target", "kind", "2 to 100 classes"),
            (own_csv(text="a,kind\n1,x\n"), "dataset.text", "1 row", "at least 2 such rows"),
            (own_csv(text=["a", 1]), "dataset.text", ["a", 1], "text"),
            (own_csv(content={"sha256": "0"}), "dataset.content", ..., "left out"),
            ({"name": "digits", "text": CSV}, "dataset.text", ..., "left out"),
            ({"name": "inline", "X": [[1]]}, "dataset.Y", None, "given"),
            ({**XOR, "X": [[0, 0, 1, "x"], [0, 1, 0, 1]]}, "dataset.X[0][3]", "x", "finite number"),
            ({**XOR, "Y": [[1, 0, 0]]}, "dataset.Y", [[1, 0, 0]], "4 columns"),
        ],
        ids=lambda value: repr(value)[:40],
    )
    def test_refuse_with_field_value_and_bound(self, client, dataset, field, value, bound):
        assert_problem(client.post(SESSIONS, json={"dataset": dataset}), 422, field, value, bound)

    def test_tell_the_place_of_a_cell_as_numbers_too(self, client):
        problem = assert_problem(
            client.post(SESSIONS, json={"dataset": own_csv(text="a,kind\n1,x\noops,y\n3,x\n")}), 422, "dataset.text", "oops"
        )
        assert (problem["row"], problem["column"]) == (3, 1)

    def test_are_refused_in_few_words(self, client):
        for text in (["a"] * 100_000, {"a": "b" * 100_000}):
            answer = client.post(SESSIONS, json={"dataset": own_csv(text=text)})
            assert_problem(answer, 422, "dataset.text")
            assert len(answer.content) < 2000

    def test_are_checked_against_their_own_sizes(self, client):
        body = {"dataset": own_csv(), "layer_sizes": [3, 2]}
        assert_problem(client.post(SESSIONS, json=body), 422, "layer_sizes[0]", 3, "2, the features")
        assert_problem(client.post(SESSIONS, json={**body, "layer_sizes": [2, 3]}), 422, "layer_sizes[1]", 3, "2, the classes")
        assert_problem(client.post(SESSIONS, json={"dataset": XOR, "batch_size": 5}), 422, "batch_size", 5, "at most 4")

    def test_take_all_examples_at_once_where_they_are_few(self, client):
        made = client.post(SESSIONS, json={"dataset": XOR}).json()
        assert made["config"]["batch_size"] == 4
        assert client.post(SESSIONS, json={}).json()["config"]["batch_size"] == 32

    def test_refuse_float32_for_numbers_beyond_it(self, client):
        body = {"dataset": {**XOR, "X": [[0, 0, 1, 1e300], [0, 1, 0, 1]]}, "batch_size": 4, "dtype": "float32"}
        assert_problem(client.post(SESSIONS, json=body), 422, "dataset.X[0][3]", 1e300, "float32 holds")


class TestLosses:
    @pytest.mark.parametrize(
        "dataset",
        [
            {"name": "penguins"},
            own_csv(target="height"),
            {"name": "inline", "X": [[1, 2]], "Y": [[1.5, 2.5]]},
        ],
        ids=lambda dataset: dataset["name"],
    )
    @pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
    def test_of_probabilities_are_refused_for_numbers(self, client, dataset, loss):
        answer = client.post(SESSIONS, json={"dataset": dataset, "loss": loss, "batch_size": 2})
        assert_problem(answer, 422, "loss", loss, f"the targets of the dataset {dataset['name']}, which are numbers")

    def test_for_one_class_each_are_refused_for_labels(self, client):
        body = {"dataset": {"name": "inline", "X": [[1, 2]], "Y": [[1, 0], [1, 1]]}, "loss": "cross_entropy", "batch_size": 2}
        assert_problem(client.post(SESSIONS, json=body), 422, "loss", "cross_entropy", "shares from 0 to 1")

    @pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "mnist"])
    def test_of_classes_are_taken_when_left_out(self, client, make_session, name):
        one = make_session(dataset={"name": name})
        assert (one.answer["config"]["output_activation"], one.answer["config"]["loss"]) == ("softmax", "cross_entropy")
        assert client.post(f"{one.url}/steps", headers=one.headers).status_code == 200


class TestNumbers:
    @pytest.mark.parametrize("loss", [None, "mse", "mae", "huber"])
    @pytest.mark.parametrize("dataset", [{"name": "penguins"}, own_csv(target="height")], ids=lambda dataset: dataset["name"])
    def test_are_learned(self, client, make_session, dataset, loss):
        one = make_session(dataset=dataset, **({} if loss is None else {"loss": loss}))
        config = one.answer["config"]
        assert (config["output_activation"], config["loss"], config["layer_sizes"][-1]) == ("identity", loss or "mse", 1)
        assert one.answer["test_accuracy"] is None
        losses = [client.post(f"{one.url}/steps", json={"count": 25}, headers=one.headers).json()["loss"] for _ in range(4)]
        assert losses[-1] < losses[0]

    def test_of_a_textbook_are_taken_as_they_stand_there(self, client):
        """Mazur (2015), "A Step by Step Backpropagation Example": the total error is 0.298371109 before the first update."""
        config = {
            "dataset": {"name": "inline", "X": [[0.05], [0.1]], "Y": [[0.01], [0.99]]},
            "layer_sizes": [2, 2, 2],
            "hidden_activations": "sigmoid",
            "output_activation": "sigmoid",
            "loss": "mse",
            "W": [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]],
            "b": [[0.35, 0.35], [0.6, 0.6]],
            "optimizer": {"name": "sgd", "learning_rate": 0.5},
        }
        made = client.post(SESSIONS, json=config).json()
        assert made["test_loss"] == pytest.approx(0.298371109, abs=5e-10)
        headers = {"Authorization": f"Bearer {made['edit_key']}"}
        trace = client.post(f"{SESSIONS}/{made['id']}/steps", headers=headers).json()
        assert trace["layers"][2]["W_next"]["values"][0][0] == pytest.approx(0.35891648, abs=5e-9)

    def test_that_are_shares_have_a_loss_of_their_own(self, make_session):
        one = make_session(dataset={**XOR, "Y": [[0, 1, 1, 0]]}, batch_size=4)
        assert (one.answer["config"]["output_activation"], one.answer["config"]["loss"]) == ("sigmoid", "binary_cross_entropy")

    def test_typed_with_six_digits_are_classes_and_have_the_gradient_of_their_loss(self, client, make_session):
        thirds = {"name": "inline", "X": [[1, 2, 3, 4]], "Y": [[0.333333] * 4] * 3}
        made = make_session(dataset=thirds, layer_sizes=[1, 3], hidden_activations=[], initializer="zeros", batch_size=4)
        assert made.answer["config"]["loss"] == "cross_entropy"
        trace = client.post(f"{made.url}/steps", headers=made.headers).json()
        assert max(abs(value) for row in trace["layers"][1]["dZ"]["values"] for value in row) < 1e-15
        assert client.get(made.answer["links"]["data"]).json()["dataset"]["Y"] == thirds["Y"]


class TestCatalogue:
    def test_tells_what_a_dataset_is_brought_with(self, client):
        entries = {entry["name"]: entry for entry in client.get("/api/v1/catalog").json()["datasets"]}
        assert entries["iris"]["brings"] == []
        assert entries["penguins"]["targets"] == "numbers"
        assert entries["penguins"]["target_names"] == ["body mass (g)"]
        brought = {one["name"]: (one["type"], one["required"]) for one in entries["csv"]["brings"]}
        assert brought["text"] == ("text", True)
        assert brought["features"] == ("names", False)
        assert [one["type"] for one in entries["inline"]["brings"]] == ["matrix"] * 4
        assert [parameter["name"] for parameter in entries["csv"]["parameters"]] == ["standardise", "skip_incomplete"]

    def test_tells_the_limits_and_they_hold(self, tmp_path):
        limits = Limits(max_csv_bytes=100, max_data_cells=10)
        small = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'small.db'}", limits=limits))
        with TestClient(small, base_url="http://localhost") as client:
            told = client.get("/api/v1/catalog").json()["limits"]
            assert (told["max_csv_bytes"], told["max_data_cells"], told["max_data_examples"]) == (100, 10, 10_000)
            for url, body, field in ((PREVIEW, {"text": CSV}, "text"), (SESSIONS, {"dataset": own_csv()}, "dataset.text")):
                assert_problem(client.post(url, json=body), 422, field, f"{CSV[:200]}… ({len(CSV)} characters)", "at most 100 bytes")
            assert_problem(client.post(SESSIONS, json={"dataset": XOR}), 422, "dataset.X", XOR["X"], "at most 10 cells")


def test_hostile_files_never_end_in_a_server_error(client):
    rng = random.Random(0)
    pieces = [
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        '"',
        "'",
        "1.5",
        "1,5",
        "-",
        "e",
        "NA",
        "é",
        "\u2028",
        "[",
        "{",
        "\\",
        "1e999",
        " ",
        "kind",
        "\ufeff",
    ]
    for _ in range(150):
        text = "".join(rng.choices(pieces, k=rng.randrange(60)))
        for url, body in ((PREVIEW, {"text": text}), (SESSIONS, {"dataset": own_csv(text=text), "batch_size": 1})):
            answer = client.post(url, json=body)
            assert answer.status_code in (200, 201, 422), (text, answer.text)
            if answer.status_code == 422:
                problem = answer.json()
                assert problem["field"]
                assert problem["bound"]
                assert "value" in problem
