"""Where a number came from and what it leads to, as the API tells it: explain, one example alone, slope, paths, cancellation, phases."""

import math
from typing import Any

import numpy as np
import pytest

import app.sessions.run as run

from .test_refusals import assert_problem

SMALL = {"layer_sizes": [2, 4, 3, 3], "batch_size": 5, "seed": 7}
DIVERGING = {"layer_sizes": [2, 3, 3], "batch_size": 4, "optimizer": {"name": "sgd", "learning_rate": 10, "weight_decay": 10}}
CELL = ("tensor", "layer", "row", "col", "value")


class Looked:
    """One step of a session, looked at through HTTP."""

    def __init__(self, client, one, n):
        self.client, self.one, self.n, self.url = client, one, n, f"{one.url}/steps/{n}"
        self._trace = None

    def get(self, path="", **query):
        return self.client.get(self.url + path, params=query)

    def told(self, path, **query):
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def explain(self, tensor, layer, row=0, col=0, **query):
        return self.told("/explain", tensor=tensor, layer=layer, row=row, col=col, **query)

    @property
    def trace(self):
        if self._trace is None:
            self._trace = self.told("")
        return self._trace

    def tensor(self, name, layer):
        """(rows, cols), as the trace has it."""
        if name in ("Y", "losses", "loss"):
            told = self.trace["batch"]["Y"]["values"] if name == "Y" else [self.trace["batch"]["losses"]]
            return np.array([[self.trace["loss"]]] if name == "loss" else told, float)
        return np.array(self.trace["layers"][layer][name]["values"], float)

    def tensors(self):
        """The name and the layer of every tensor that this step has."""
        last = len(self.trace["layers"]) - 1
        own = [(name, at["index"]) for at in self.trace["layers"] for name, told in at.items() if isinstance(told, dict)]
        return own + [("Y", last), ("losses", last), ("loss", last)]


@pytest.fixture
def take(client, make_session):
    """Makes a session, takes steps and looks at the last."""

    def take(steps=1, **config):
        one = make_session(**{**SMALL, **config})
        for at in range(0, steps, 100):
            query = {"include": "b", "layers": "0"}
            answer = client.post(f"{one.url}/steps", json={"count": min(100, steps - at)}, headers=one.headers, params=query)
            assert answer.status_code == 200, answer.text
        return Looked(client, one, steps)

    return take


def factors(explained):
    given = [explained["numerator"]] if explained["numerator"] else []
    return [factor for term in explained["terms"] for factor in term["factors"]] + given


def cells(explained):
    """All cells that a number was made of, with their values."""
    return [cell for factor in factors(explained) for cell in ([factor] if "tensor" in factor else factor["of"])]


class TestExplain:
    def test_answers_the_contract(self, take):
        step = take()
        told = step.explain("dW", 2, 1, 3)
        dZ, A = step.tensor("dZ", 2), step.tensor("A", 1)
        assert {name: told[name] for name in CELL} == {"tensor": "dW", "layer": 2, "row": 1, "col": 3, "value": step.tensor("dW", 2)[1, 3]}
        assert told["equation"] == r"dW^{[2]}_{1,3} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[2]}_{1,i}\, A^{[1]}_{3,i}"
        assert told["whole"] == r"dW^{[2]} = \frac{1}{m}\, dZ^{[2]} A^{[1]\top}"
        assert told["operation"] == {"family": "layer kind", "name": "dense", "title": "Dense", "phase": "dW2"}
        assert (told["scale"], told["scale_latex"], told["numerator"]) == (1 / 5, r"\frac{1}{m}", None)
        assert (told["order"], told["offset"], told["count"]) == ("index", 0, 5)
        for i, term in enumerate(told["terms"]):
            assert term["factors"] == [
                {"tensor": "dZ", "layer": 2, "row": 1, "col": i, "value": dZ[1, i]},
                {"tensor": "A", "layer": 1, "row": 3, "col": i, "value": A[3, i]},
            ]
            assert term["product"] == dZ[1, i] * A[3, i]
            assert (term["position"], term["index"], term["letter"]) == (i, i, "i")
        assert told["sum"] == math.fsum(dZ[1] * A[3])
        assert told["result"] == told["sum"] * told["scale"]
        assert told["rest"] == 0

    @pytest.mark.parametrize("example", [None, 2])
    def test_gives_every_cell_of_every_tensor_again(self, take, example):
        step = take(2)
        query = {} if example is None else {"example": example}
        step._trace = step.told("", **query)
        seen = set()
        for name, layer in step.tensors():
            values = step.tensor(name, layer)
            for row, col in {(0, 0), (values.shape[0] - 1, values.shape[1] - 1), (values.shape[0] // 2, values.shape[1] // 2)}:
                told = step.explain(name, layer, row, col, **query)
                assert told["value"] == values[row, col]
                size = abs(told["scale"]) * told["magnitude"] if told["numerator"] is None else abs(told["value"])
                assert told["result"] == pytest.approx(told["value"], rel=1e-12, abs=1e-12 * size)
                for cell in cells(told):
                    assert cell["value"] == step.tensor(cell["tensor"], cell["layer"])[cell["row"], cell["col"]]
            seen.add(name)
        updated = {"W_next", "b_next"} if example is None else set()
        assert seen == {"W", "b", "Z", "A", "dA", "dZ", "dW", "db", "Y", "losses", "loss"} | updated

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_gives_the_traces_number_in_either_precision(self, take, dtype):
        step = take(dtype=dtype)
        for name, layer in (("Z", 1), ("dW", 2), ("dA", 0), ("W_next", 3), ("loss", 3), ("A", 3)):
            told = step.explain(name, layer)
            assert np.dtype(dtype).type(told["value"]) == step.tensor(name, layer).astype(dtype)[0, 0]
            assert told["result"] == pytest.approx(told["value"], rel=1e-12 if dtype == "float64" else 1e-5)

    def test_of_what_a_step_is_given_says_that_nothing_made_it(self, take):
        step = take()
        for name, layer in (("A", 0), ("Y", 3), ("W", 1), ("b", 2)):
            told = step.explain(name, layer)
            assert (told["operation"], told["terms"], told["count"], told["equation"]) == (None, [], 0, "")
            assert told["value"] == told["result"]

    def test_leads_from_a_gradient_to_the_loss_and_to_what_was_given(self, take):
        step = take(layer_sizes=[2, 3, 3], batch_size=3)
        passed, ahead = set(), [("dW", 1, 1, 0)]
        while ahead:
            at = ahead.pop()
            if at not in passed:
                passed.add(at)
                told = step.explain(*at)
                made_of = [tuple(cell[name] for name in CELL[:4]) for cell in cells(told)]
                assert bool(made_of) == (told["operation"] is not None)
                ahead += made_of
        tensors = {at[:2] for at in passed}
        assert {("dZ", 1), ("dA", 1), ("W", 2), ("dZ", 2), ("A", 2), ("Y", 2), ("Z", 2), ("Z", 1), ("W", 1), ("b", 1), ("A", 0)} <= tensors
        assert {at for at in passed if at[0] == "Y"} == {("Y", 2, j, i) for j in range(3) for i in range(3)}

    def test_takes_the_last_layer_and_the_first_cell_when_they_are_left_out(self, take):
        step = take()
        assert step.told("/explain", tensor="dZ") == step.explain("dZ", 3, 0, 0)

    def test_orders_by_magnitude_with_shares_and_the_rest(self, take):
        step = take(batch_size=20)
        whole = step.explain("dW", 1, 2, 1)
        told = step.explain("dW", 1, 2, 1, order="magnitude", limit=6)
        products = sorted((term["product"] for term in whole["terms"]), key=abs, reverse=True)
        assert [term["product"] for term in told["terms"]] == products[:6]
        assert any(term["position"] != at for at, term in enumerate(told["terms"]))
        assert told["rest"] == pytest.approx(math.fsum(products[6:]), rel=1e-12)
        assert [term["share"] for term in told["terms"]] == pytest.approx([product / whole["sum"] for product in products[:6]])
        assert told["magnitude"] == pytest.approx(math.fsum(map(abs, products)))
        assert told["cancellation"] == pytest.approx(abs(told["sum"]) / told["magnitude"])

    def test_always_tells_what_stands_beside_a_sum(self, take):
        step = take(batch_size=20)
        whole = step.explain("Z", 1, 2, 1)
        assert [term for term in whole["terms"] if term["letter"] == ""] == whole["single"]
        assert step.explain("Z", 1, 2, 1, order="magnitude", limit=0)["single"] == whole["single"]
        assert [(factor["tensor"], factor["row"]) for factor in whole["single"][0]["factors"]] == [("b", 2)]
        assert step.explain("dW", 1, 2, 1)["single"] == []

    def test_answers_the_same_of_a_past_step(self, client, take):
        step = take()
        before = step.get("/explain", tensor="dW").content
        client.post(f"{step.one.url}/steps", json={"count": 3}, headers=step.one.headers)
        assert step.get("/explain", tensor="dW").content == before
        other = client.get(f"{step.one.url}/steps/4/explain", params={"tensor": "dW"})
        assert other.json()["value"] != step.tensor("dW", 3)[0, 0]


class TestPagesOfTerms:
    """Z[2] of 2-1500-3 is a sum of 1,500 products and a bias."""

    @pytest.fixture
    def wide(self, take):
        return take(layer_sizes=[2, 1500, 3], batch_size=2)

    def test_tell_a_thousand_terms_when_nothing_is_asked(self, wide):
        told = wide.explain("Z", 2)
        assert (len(told["terms"]), told["count"]) == (1000, 1501)
        assert math.fsum([*(term["product"] for term in told["terms"]), told["rest"]]) == pytest.approx(told["sum"], rel=1e-12)

    @pytest.mark.parametrize("order", ["index", "magnitude"])
    @pytest.mark.parametrize("limit", [400, 1000])
    def test_lose_no_term_and_tell_none_twice(self, wide, order, limit):
        before, seen = [], []
        while len(seen) < 1501:
            page = wide.explain("Z", 2, 1, 1, order=order, offset=len(seen), limit=limit)
            assert page["terms"], "an empty page before the end"
            seen += [term["position"] for term in page["terms"]]
            before += [term["product"] for term in page["terms"]]
            assert math.fsum([*before, page["rest"]]) == pytest.approx(page["sum"], rel=1e-12)
        assert sorted(seen) == list(range(1501))
        assert page["rest"] == 0
        if order == "index":
            assert seen == sorted(seen)
        else:
            assert [abs(product) for product in before] == sorted(map(abs, before), reverse=True)

    def test_may_be_empty_and_then_all_is_rest(self, wide):
        told = wide.explain("Z", 2, limit=0)
        assert (told["terms"], told["rest"]) == ([], told["sum"])
        assert wide.explain("Z", 2, offset=1501)["terms"] == []

    def test_follow_the_examples_of_a_batch_too(self, take):
        told = take(batch_size=6, dataset={"name": "digits"}, layer_sizes=[64, 10]).explain("dW", 1, 3, 20, offset=2, limit=3)
        assert [term["index"] for term in told["terms"]] == [2, 3, 4]

    @pytest.mark.parametrize(
        ("query", "field", "value", "bound"),
        [
            ({"offset": 1502}, "offset", 1502, "0 to 1501"),
            ({"offset": -1}, "offset", "-1", "at least 0"),
            ({"limit": 1001}, "limit", "1001", "at most 1000"),
            ({"limit": -1}, "limit", "-1", "at least 0"),
            ({"order": "size"}, "order", "size", "one of: 'index', 'magnitude'"),
        ],
        ids=str,
    )
    def test_have_their_bounds(self, wide, query, field, value, bound):
        assert_problem(wide.get("/explain", tensor="Z", layer=2, **query), 422, field, value, bound)


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "field", "value", "bound"),
        [
            ({"tensor": "dW", "layer": 1, "row": 4}, "row", 4, "0 to 3: dW[1] is 4 by 2"),
            ({"tensor": "dW", "layer": 1, "col": 2}, "col", 2, "0 to 1: dW[1] is 4 by 2"),
            ({"tensor": "dW", "layer": 1, "row": -1}, "row", -1, "0 to 3"),
            ({"tensor": "b", "layer": 2, "col": 1}, "col", 1, "0: b[2] is 3 by 1"),
            ({"tensor": "loss", "row": 1}, "row", 1, "0: loss"),
            ({"tensor": "losses", "col": 5}, "col", 5, "0 to 4"),
            ({"tensor": "Z", "layer": 1, "col": 10**30}, "col", 10**30, "0 to 4"),
            ({"tensor": "Z", "layer": 4}, "layer", 4, "0 to 3"),
            ({"tensor": "Z", "layer": -1}, "layer", -1, "0 to 3"),
            ({"tensor": "Q"}, "tensor", "Q", "dW"),
            ({"tensor": "dA"}, "tensor", "dA", "dZ"),
            ({"tensor": "Z", "layer": 0}, "tensor", "Z", "one of: A, dA"),
            ({"tensor": "loss", "layer": 1}, "tensor", "loss", "dW"),
            ({}, "tensor", None, "given"),
            ({"tensor": "dW", "row": "first"}, "row", "first", "a whole number"),
            ({"tensor": "dW", "layer": "1.5"}, "layer", "1.5", "a whole number"),
        ],
        ids=str,
    )
    def test_of_a_cell_that_is_not_there(self, take, query, field, value, bound):
        assert_problem(take().get("/explain", **query), 422, field, value, bound)

    @pytest.mark.parametrize(
        ("path", "query"),
        [("/explain", {"tensor": "dW"}), ("/paths", {"tensor": "dW"}), ("/cancellation", {}), ("/tensors/slope/1", {})],
        ids=str,
    )
    @pytest.mark.parametrize("n", [0, 2, -1, 10**30])
    def test_of_a_step_that_was_not_taken(self, client, take, path, query, n):
        one = take().one
        assert_problem(client.get(f"{one.url}/steps/{n}{path}", params=query), 404, "n", ..., "1")

    @pytest.mark.parametrize(
        ("path", "query"), [("/explain", {"tensor": "dW"}), ("/paths", {"tensor": "dW"}), ("/cancellation", {})], ids=str
    )
    def test_of_a_session_that_was_deleted(self, client, take, path, query):
        step = take()
        assert step.get(path, **query).status_code == 200
        client.delete(step.one.url, headers=step.one.headers)
        assert_problem(step.get(path, **query), 404, "id")


@pytest.fixture
def count_steps(monkeypatch):
    """How many steps the sessions have taken; it only watches."""
    taken = []

    def watched(*arguments, **options):
        taken.append(options.get("step"))
        return take_step(*arguments, **options)

    take_step = run.take_step
    monkeypatch.setattr(run, "take_step", watched)
    return taken


LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("/explain", {"tensor": "dW", "layer": 1}),
    ("/explain", {"tensor": "A"}),
    ("/explain", {"tensor": "loss"}),
    ("/explain", {"tensor": "dW", "layer": 1, "example": 2}),
    ("/paths", {"tensor": "dW", "layer": 1}),
    ("/cancellation", {}),
    ("/tensors/slope/1", {}),
    ("/update", {}),
    ("/script", {"phase": "dW1"}),
    ("", {"example": 1}),
]


class TestCost:
    def test_a_look_at_a_trace_at_hand_takes_no_step(self, client, take, count_steps):
        step = take(3)
        assert count_steps == [1, 2, 3]
        for path, query in LOOKS:
            assert step.get(path, **query).status_code == 200
        assert client.post(f"{step.url}/gradcheck", json={}).status_code == 200
        assert count_steps == [1, 2, 3]

    def test_one_that_is_not_at_hand_is_taken_again_once(self, client, settings, take, count_steps):
        from fastapi.testclient import TestClient

        from app.main import create_app

        step = take(3)
        before = [step.get(path, **query).content for path, query in LOOKS]
        del count_steps[:]
        with TestClient(create_app(settings), base_url="http://127.0.0.1") as later:  # another server, on the same database
            assert [later.get(step.url + path, params=query).content for path, query in LOOKS] == before
        assert count_steps == [1, 2, 3]


class TestNotFinite:
    @pytest.fixture(params=["float64", "float32"])
    def diverged(self, request, take):
        step = take(100, **DIVERGING, dtype=request.param)
        assert step.trace["loss"] == "NaN"
        return step

    def test_numbers_are_explained_in_words(self, diverged):
        words = set()
        for name, layer in diverged.tensors():
            for order in ("index", "magnitude"):
                told = diverged.explain(name, layer, order=order, limit=2)
                dtype = diverged.trace["dtype"]
                np.testing.assert_equal(np.dtype(dtype).type(told["value"]), diverged.tensor(name, layer).astype(dtype)[0, 0])
                np.testing.assert_equal(np.isnan(float(told["result"])), np.isnan(float(told["value"])))
                words |= {value for value in told.values() if value in ("NaN", "Infinity", "-Infinity")}
        assert words

    def test_every_step_on_the_way_there_answers(self, client, take):
        one = take(100, **DIVERGING).one
        finite = set()
        for n in range(70, 100, 3):
            step = Looked(client, one, n)
            finite.add(isinstance(step.trace["loss"], float))
            for path, query in LOOKS:
                assert step.get(path, **{**query, **({"example": 0} if "example" in query else {})}).status_code == 200
        assert finite == {True, False}

    def test_paths_and_cancellation_answer_too(self, diverged):
        told = diverged.told("/paths", tensor="W", layer=1)
        assert (told["paths"], told["rest"], told["count"]) == ([], "NaN", 4 * 3)
        layers = diverged.told("/cancellation")["layers"]
        assert layers[0]["dW"]["layer"] == "NaN"


class TestOneExample:
    def test_has_the_batchs_columns_and_its_own_gradients(self, take):
        step, alone, m = take(2), [], 5
        for i in range(m):
            told = step.told("", example=i)
            assert told["batch"]["size"] == 1
            assert told["batch"]["indices"] == [step.trace["batch"]["indices"][i]]
            assert told["batch"]["labels"] == [step.trace["batch"]["labels"][i]]
            assert told["batch"]["losses"] == [told["loss"]] == [step.trace["batch"]["losses"][i]]
            for own, layer in zip(told["layers"], step.trace["layers"], strict=True):
                for name in {"A", "Z", "dA", "dZ"} & own.keys():
                    if own[name] is not None:
                        assert own[name]["shape"] == [layer["size"], 1]
                        assert [row[0] for row in own[name]["values"]] == [row[i] for row in layer[name]["values"]]
                for name in {"W", "b"} & own.keys():
                    assert own[name] == layer[name]
                assert not {"W_next", "b_next"} & own.keys()
            alone.append(told)
        assert step.trace["loss"] == pytest.approx(np.mean([told["loss"] for told in alone]), rel=1e-14)
        assert step.trace["accuracy"] == pytest.approx(np.mean([told["accuracy"] for told in alone]))
        for layer in (1, 2, 3):
            for name in ("dW", "db"):
                each = [told["layers"][layer][name]["values"] for told in alone]
                np.testing.assert_allclose(np.mean(each, axis=0), step.tensor(name, layer), rtol=1e-12, atol=1e-15)

    def test_is_explained_with_one_term(self, take):
        step = take()
        for i in range(5):
            told = step.explain("dW", 1, 2, 1, example=i)
            assert (told["count"], told["scale"]) == (1, 1.0)
            assert told["value"] == step.tensor("dZ", 1)[2, i] * step.tensor("A", 0)[1, i]
            assert {cell["col"] for cell in cells(told)} <= {0, 1}

    @pytest.mark.parametrize("path", ["/tensors/dA/1", "/tensors/slope/2", "/tensors/A/0"])
    def test_has_the_columns_of_each_tensor(self, take, path):
        step = take()
        whole, alone = step.told(path), step.told(path, example=3)
        assert alone["values"] == [[row[3]] for row in whole["values"]]

    def test_has_paths_of_its_own(self, take):
        step = take()
        told = step.told("/paths", tensor="dW", layer=2, row=1, col=2, example=4, limit=100)
        assert told["gradient"] == step.explain("dW", 2, 1, 2, example=4)["value"]
        assert {path["example"] for path in told["paths"]} <= {0}
        assert math.fsum(path["product"] for path in told["paths"]) == pytest.approx(told["gradient"], rel=1e-12)

    @pytest.mark.parametrize("path", ["", "/tensors/A/1", "/explain?tensor=dW", "/paths?tensor=dW", "/script"])
    @pytest.mark.parametrize(("example", "value"), [(5, 5), (-1, -1), (10**30, 10**30)])
    def test_is_one_of_the_batch(self, client, take, path, example, value):
        url = take().url + path
        answer = client.get(f"{url}{'&' if '?' in path else '?'}example={example}")
        assert_problem(answer, 422, "example", value, "0 to 4, the examples of this batch")

    def test_makes_no_update_and_says_so(self, take):
        step = take()
        assert_problem(step.get("/explain", tensor="W_next", example=0), 422, "tensor", "W_next", "dW")
        assert_problem(step.get("/tensors/W_next/1", example=0), 422, "name", "W_next", "one example alone makes no update")
        assert_problem(step.get("/tensors/dA/3", example=0), 422, "name", "dA", "differentiated together")
        assert_problem(step.get("/script", example=0, phase="W_next1"), 422, "phase", "W_next1", "dW1")


class TestSlope:
    def test_is_what_dA_is_multiplied_by(self, take):
        step = take()
        for layer in (1, 2):
            slope = np.array(step.told(f"/tensors/slope/{layer}")["values"])
            np.testing.assert_array_equal(slope, step.tensor("Z", layer) > 0)
            np.testing.assert_array_equal(step.tensor("dA", layer) * slope, step.tensor("dZ", layer))

    def test_comes_as_a_window_and_as_a_view(self, take):
        step = take()
        whole = step.told("/tensors/slope/1")
        window = step.told("/tensors/slope/1", rows="1:3", cols="2:4")
        assert window["values"] == [row[2:4] for row in whole["values"][1:3]]
        assert window["stats"] == whole["stats"]
        assert step.told("/tensors/slope/1", max_rows=1, max_cols=1)["view"]["values"] == [[whole["stats"]["max"]]]

    @pytest.mark.parametrize("layer", [0, 3])
    def test_is_of_hidden_layers(self, take, layer):
        assert_problem(take().get(f"/tensors/slope/{layer}"), 422, "name", "slope", "one of: A")

    def test_is_no_part_of_a_trace(self, take):
        assert_problem(take().get("", include="slope"), 422, "include", "slope", "dZ")


class TestPaths:
    """2-4-3-3 with 5 examples: 5 x 3 x 3 paths lead from a cell of dW[1] to the loss, which 100 hold."""

    @pytest.mark.parametrize(("tensor", "layer", "row", "col"), [("dW", 1, 1, 1), ("W", 2, 2, 1), ("db", 1, 1, 0), ("b", 3, 0, 0)])
    def test_sum_to_the_gradient(self, take, tensor, layer, row, col):
        step = take()
        told = step.told("/paths", tensor=tensor, layer=layer, row=row, col=col, limit=100)
        gradient = step.tensor(f"d{tensor[-1]}", layer)[row, col]
        assert (told["tensor"], told["layer"], told["row"], told["col"]) == (tensor[-1], layer, row, col)
        assert (told["gradient"], told["scale"], told["count"]) == (gradient, 1 / 5, 5 * 3 ** (3 - layer))
        products = [path["product"] for path in told["paths"]]
        assert len(products) > 3
        assert math.fsum(products) == pytest.approx(gradient, rel=1e-12)
        assert told["rest"] == pytest.approx(0, abs=1e-14)
        assert [abs(product) for product in products] == sorted(map(abs, products), reverse=True)
        assert math.fsum(path["share"] for path in told["paths"]) == pytest.approx(1)

    def test_are_made_of_cells_that_multiply_to_them(self, take):
        step = take()
        told = step.told("/paths", tensor="dW", layer=1, row=1, col=1)
        chains = set()
        for path in told["paths"]:
            assert path["product"] == pytest.approx(told["scale"] * math.prod(one["value"] for one in path["factors"]), rel=1e-12)
            assert path["units"][0] == 1
            chains.add((path["example"], *path["units"]))
            assert [one.get("tensor", "slope") for one in path["factors"]] == ["A", "slope", "W", "slope", "W", "dZ"]
            for factor in path["factors"]:
                (cell,) = [factor] if "tensor" in factor else factor["of"]
                assert cell["value"] == step.tensor(cell["tensor"], cell["layer"])[cell["row"], cell["col"]]
                if "of" in factor:
                    assert factor["value"] == float(cell["value"] > 0)
        assert len(chains) == len(told["paths"])

    def test_leave_out_the_smaller_ones_and_say_what_they_were_worth(self, take):
        step = take()
        query = {"tensor": "dW", "layer": 1, "row": 1, "col": 1}
        whole, some = step.told("/paths", **query, limit=100), step.told("/paths", **query, limit=3)
        assert some["paths"] == whole["paths"][:3]
        assert some["rest"] == pytest.approx(math.fsum(path["product"] for path in whole["paths"][3:]), rel=1e-9)
        assert len(step.told("/paths", **query)["paths"]) == 10

    @pytest.mark.parametrize(
        ("query", "field", "value", "bound"),
        [
            ({"tensor": "Z", "layer": 1}, "tensor", "Z", "one of: W, b, dW, db"),
            ({"tensor": "dZ", "layer": 1}, "tensor", "dZ", "one of: W, b, dW, db"),
            ({"tensor": "loss"}, "tensor", "loss", "one of: W, b, dW, db"),
            ({"tensor": "W_next", "layer": 1}, "tensor", "W_next", "one of: W, b, dW, db"),
            ({"tensor": "ddW", "layer": 1}, "tensor", "ddW", "one of: W, b, dW, db"),
            ({"tensor": "W", "layer": 0}, "layer", 0, "1 to 3"),
            ({"tensor": "W", "layer": 4}, "layer", 4, "1 to 3"),
            ({"tensor": "W", "layer": 1, "row": 4}, "row", 4, "0 to 3: W[1] is 4 by 2"),
            ({"tensor": "b", "layer": 1, "col": 1}, "col", 1, "0: b[1] is 4 by 1"),
            ({"tensor": "W", "limit": 0}, "limit", "0", "at least 1"),
            ({"tensor": "W", "limit": 101}, "limit", "101", "at most 100"),
            ({}, "tensor", None, "given"),
        ],
        ids=str,
    )
    def test_refuse(self, take, query, field, value, bound):
        assert_problem(take().get("/paths", **query), 422, field, value, bound)


class TestCancellation:
    def test_is_the_share_that_the_examples_do_not_cancel(self, take):
        step = take(2)
        told = step.told("/cancellation")
        assert (told["step"], told["examples"]) == (2, 5)
        assert [layer["index"] for layer in told["layers"]] == [1, 2, 3]
        for layer in told["layers"]:
            dZ, A = step.tensor("dZ", layer["index"]), step.tensor("A", layer["index"] - 1)
            for name, terms in (("dW", dZ[:, None, :] * A[None, :, :]), ("db", dZ[:, None, :])):
                total, magnitude = np.abs(terms.sum(axis=2)), np.abs(terms).sum(axis=2)
                with np.errstate(invalid="ignore"):
                    expected = (total / magnitude, total.sum(axis=1) / magnitude.sum(axis=1), total.sum() / magnitude.sum())
                of = layer[name]
                for given, wanted in zip((of["cells"]["values"], of["units"], of["layer"]), expected, strict=True):
                    np.testing.assert_allclose(np.array(given, float), wanted, rtol=1e-9, atol=1e-12)
                finite = [float(cell) for row in of["cells"]["values"] for cell in row if cell != "NaN"]
                assert all(0 <= cell <= 1 for cell in finite)

    def test_is_that_of_explain(self, take):
        step = take()
        layer = step.told("/cancellation", layers="2")["layers"][0]
        for name, row, col in (("dW", 1, 1), ("db", 2, 0)):
            assert layer[name]["cells"]["values"][row][col] == pytest.approx(step.explain(name, 2, row, col)["cancellation"], rel=1e-9)

    def test_in_a_picture_of_blocks_shows_the_largest_index_and_none_only_where_no_example_pulls(self, take):
        step = take()
        whole, pooled = (step.told("/cancellation", layers="2", **more)["layers"][0]["dW"]["cells"] for more in ({}, {"max_cells": 6}))
        cells, view = np.array(whole["values"], float), pooled["view"]
        blocks = np.array(view["values"], float)
        assert blocks.shape == (view["rows"], view["cols"])
        row_of, col_of = (np.arange(n) * blocks.shape[axis] // n for axis, n in enumerate(cells.shape))
        for r, c in np.ndindex(blocks.shape):
            inside = cells[np.ix_(row_of == r, col_of == c)]
            expected = np.nan if np.isnan(inside).all() else np.nanmax(inside)
            np.testing.assert_allclose(blocks[r, c], expected, atol=1e-15)

    def test_of_one_example_in_a_batch_is_1_where_it_pulls(self, take):
        for layer in take(batch_size=1).told("/cancellation")["layers"]:
            assert {cell for row in layer["dW"]["cells"]["values"] for cell in row} <= {1.0, "NaN"}

    def test_takes_layers_and_max_cells(self, take):
        step = take()
        whole = step.told("/cancellation")["layers"]
        assert step.told("/cancellation", layers="1,3")["layers"] == [whole[0], whole[2]]
        (layer,) = step.told("/cancellation", layers="1", max_cells=3)["layers"]
        view = layer["dW"]["cells"]["view"]
        assert view["rows"] * view["cols"] <= 3
        assert "values" not in layer["dW"]["cells"]
        assert layer["dW"]["cells"]["stats"] == whole[0]["dW"]["cells"]["stats"]
        assert layer["dW"]["units"] == whole[0]["dW"]["units"]

    @pytest.mark.parametrize(
        ("query", "field", "value", "bound"),
        [
            ({"layers": "4"}, "layers", 4, "0 to 3"),
            ({"layers": "x"}, "layers", "x", "whole numbers"),
            ({"max_cells": 0}, "max_cells", "0", "at least 1"),
        ],
        ids=str,
    )
    def test_refuses(self, take, query, field, value, bound):
        assert_problem(take().get("/cancellation", **query), 422, field, value, bound)

    def test_offers_no_parameter_that_does_nothing(self, client):
        assert parameters(client, "get", "cancellation") == {"id", "n", "layers", "max_cells"}


def parameters(client, method, name):
    """What the schema says that an endpoint of a step takes beside the body."""
    operation = client.get("/openapi.json").json()["paths"][f"/api/v1/sessions/{{id}}/steps/{{n}}/{name}"][method]
    return {parameter["name"] for parameter in operation["parameters"]}


class TestPhases:
    @pytest.mark.parametrize("sizes", [[2, 3], [2, 4, 3], [2, 4, 4, 4, 3]], ids=str)
    def test_write_every_tensor_once_and_before_it_is_read(self, take, sizes):
        step = take(layer_sizes=sizes)
        told, last = step.one.answer["phases"], len(sizes) - 1
        keys = [phase["key"] for phase in told]
        assert len(set(keys)) == len(keys)
        given = {("A", 0), ("Y", last)} | {(name, layer) for name in ("W", "b") for layer in range(1, last + 1)}
        known = set(given)
        for phase in told:
            reads = {(at["tensor"], at["layer"]) for at in phase["reads"]}
            assert reads
            assert reads <= known, f"{phase['key']} reads what was not written yet"
            writes = (phase["tensor"], phase["layer"])
            assert writes not in known, f"{writes} is written twice"
            known.add(writes)
        assert known == set(step.tensors())

    def test_run_forward_then_to_the_loss_then_backward_then_to_the_update(self, take):
        told = take().one.answer["phases"]
        lanes = [phase["lane"] for phase in told]
        assert lanes == sorted(lanes, key=["forward", "loss", "backward", "update"].index)
        backward = [phase["key"] for phase in told if phase["lane"] == "backward"]
        assert backward == ["dZ3", "dW3", "db3", "dA2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1", "dA0"]

    def test_are_those_that_explain_names(self, client, take):
        step = take()
        told = {phase["key"]: phase for phase in client.get(step.one.url).json()["phases"]}
        for key, phase in told.items():
            explained = step.explain(phase["tensor"], phase["layer"])
            assert explained["operation"] == {
                **{name: phase[name] for name in ("family", "title")},
                "name": phase["operation"],
                "phase": key,
            }
            assert (explained["whole"], explained["why"]) == (phase["whole"], phase["why"])
            assert phase["why"]
            assert not {"[l]", "[l-1]", "[L]"} & {phase["whole"][at : at + 3] for at in range(len(phase["whole"]))}
            made_of = {(cell["tensor"], cell["layer"]) for cell in cells(explained)}
            assert made_of <= {(at["tensor"], at["layer"]) for at in phase["reads"]}

    def test_have_their_equations_in_the_catalogue(self, client, take):
        catalogue = client.get("/api/v1/catalog").json()
        families = {"layer kind": "layers", "activation": "activations", "output": "outputs", "optimizer": "optimizers"}
        for phase in take().one.answer["phases"]:
            (entry,) = [one for one in catalogue[families[phase["family"]]] if one["name"] == phase["operation"]]
            assert entry["equations"][phase["equation"]]["why"] == phase["why"]


def test_every_equation_of_the_catalogue_says_why_and_every_gradient_is_derived(client):
    catalogue = client.get("/api/v1/catalog").json()
    derived = set()
    for family in ("layers", "activations", "outputs", "optimizers"):
        for entry in catalogue[family]:
            assert entry["equations"], entry["name"]
            for name, equation in entry["equations"].items():
                assert equation["why"].endswith("."), f"{entry['name']}: {name}"
                if name.startswith("d"):
                    assert len(equation["derivation"]) >= 2, f"{entry['name']}: {name}"
                    assert all(line["words"].endswith((".", ":")) for line in equation["derivation"])
                    assert any(line["latex"] for line in equation["derivation"])
                    derived.add(name)
    assert derived == {"dZ", "dW", "db", "dA_prev"}
