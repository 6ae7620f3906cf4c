"""Proof beside every number: gradients against differences, an update against its prediction, scripts that compute it all again."""

import re
import subprocess
import sys

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.api import proofs
from app.main import create_app
from app.settings import Limits, Settings

from . import test_explanations
from .test_explanations import DIVERGING, SMALL, Looked
from .test_refusals import assert_problem

take = test_explanations.take  # the fixture

GRADIENTS = [("dA", 0), ("dW", 1), ("db", 1), ("dW", 2), ("db", 2), ("dW", 3), ("db", 3)]
COUNT = 10 + 8 + 4 + 12 + 3 + 9 + 3

CURVED = {
    "dataset": "iris",
    "layer_sizes": [4, 3, 3, 3],
    "batch_size": 2,
    "hidden_activations": "sigmoid",
    "normalisation": "batch_norm",
    "seed": 6,
}
FLOAT32 = {"dtype": "float32", "loss": "mse", "output_activation": "elu", "optimizer": {"name": "adam", "learning_rate": 1.0}}
ROUNDED = (
    (10, {**FLOAT32, "layer_sizes": [4, 2, 3, 2, 4, 3], "batch_size": 3, "hidden_activations": "tanh", "seed": 751}),
    (
        1,
        {
            **FLOAT32,
            "dataset": "wine",
            "layer_sizes": [13, 2, 2, 4, 3],
            "batch_size": 4,
            "hidden_activations": "relu",
            "normalisation": "layer_norm",
            "seed": 681,
        },
    ),
)


def check(step, query=None, **body):
    answer = step.client.post(f"{step.url}/gradcheck", json=body, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestGradcheck:
    def test_checks_every_parameter_and_the_input(self, take):
        step = take()
        told = check(step)
        assert (told["step"], told["outcome"], told["cell"]) == (1, "agrees", None)
        assert told["checked"] == told["cells"] == COUNT
        assert told["words"].startswith(f"{COUNT} gradients agree with central differences; the largest relative error is ")
        assert [(one["tensor"], one["layer"]) for one in told["tensors"]] == GRADIENTS
        for one in told["tensors"]:
            analytic = step.tensor(one["tensor"], one["layer"])
            assert one["cells"] == one["checked"] == analytic.size
            assert one["errors"]["shape"] == list(analytic.shape)
            assert one["wrong"] == one["kinks"] == one["not_finite"] == 0
            worst = one["worst"]
            assert worst["analytic"] == analytic[worst["row"], worst["col"]]
            assert worst["numeric"] == pytest.approx(worst["analytic"], rel=told["tolerance"])
            assert worst["relative_error"] == one["errors"]["values"][worst["row"]][worst["col"]] < told["tolerance"]

    @pytest.mark.parametrize(("tensor", "place"), [("dW", "W"), ("db", "b"), ("dA", "X")])
    @pytest.mark.parametrize("h", [1e-5, 1e-3])
    def test_takes_the_difference_that_two_traces_give(self, client, take, tensor, place, h):
        """Two stateless traces, one number moved by h up and down."""
        step = take()
        given = {
            "layer_sizes": SMALL["layer_sizes"],
            "X": step.tensor("A", 0).tolist(),
            "Y": step.tensor("Y", 3).tolist(),
            "W": [step.tensor("W", layer).tolist() for layer in (1, 2, 3)],
            "b": [step.tensor("b", layer).ravel().tolist() for layer in (1, 2, 3)],
        }
        row = {"W": given["W"][1][1], "b": given["b"][1], "X": given["X"][1]}[place]
        col = {"W": 2, "b": 1, "X": 3}[place]
        at, losses = row[col], []
        for moved in (at - h, at + h):
            row[col] = moved
            losses.append(client.post("/api/v1/trace", json=given).json()["loss"])
        difference = (losses[1] - losses[0]) / (2 * h)
        cell = {"tensor": tensor, "layer": 0 if tensor == "dA" else 2, "row": 1, "col": 0 if tensor == "db" else col}
        told = check(step, cell=cell, h=h)
        assert told["h"] == h
        assert told["cell"]["of_mean"]["numeric"] == pytest.approx(difference, rel=1e-6)

    @pytest.mark.parametrize(
        ("tensor", "layer"), [("dW", 1), ("dW", 3), ("db", 2), ("dA", 0), ("dA", 1), ("dA", 2), ("dZ", 1), ("dZ", 2), ("dZ", 3)], ids=str
    )
    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_checks_one_cell_of_any_gradient(self, take, tensor, layer, dtype):
        step = take(dtype=dtype)
        values = step.tensor(tensor, layer)
        row, col = (int(at) for at in np.unravel_index(np.abs(values).argmax(), values.shape))
        told = check(step, cell={"tensor": tensor, "layer": layer, "row": row, "col": col})
        cell = told["cell"]
        assert (told["outcome"], told["checked"], told["cells"]) == ("agrees", 1, values.size)
        assert told["tolerance"] == {"float64": 1e-5, "float32": 1e-3}[dtype]
        assert (cell["tensor"], cell["layer"], cell["row"], cell["col"]) == (tensor, layer, row, col)
        assert np.dtype(dtype).type(cell["analytic"]) == values.astype(dtype)[row, col]
        assert cell["numeric"] == pytest.approx(cell["analytic"], rel=told["tolerance"])
        assert cell["carries"] == ("mean" if tensor in ("dW", "db") else "sum")
        assert cell[f"of_{cell['carries']}"] == {"analytic": cell["analytic"], "numeric": cell["numeric"]}
        for side in ("analytic", "numeric"):
            assert cell["of_sum"][side] == pytest.approx(5 * cell["of_mean"][side], rel=1e-15)

    def test_says_that_a_stopped_gradient_is_0_to_the_last_digit(self, take):
        step = take()
        row, col = (int(at) for at in np.argwhere(step.tensor("Z", 1) < 0)[0])
        told = check(step, cell={"tensor": "dZ", "layer": 1, "row": row, "col": col})
        assert (told["cell"]["analytic"], told["cell"]["numeric"], told["cell"]["relative_error"]) == (0, 0, 0)
        assert told["words"] == "The gradient and the central difference are equal to the last digit."

    def test_tells_kinks_from_errors(self, take):
        step = take(layer_sizes=[2, 16, 3], batch_size=100)
        told = check(step, h=1e-2)
        kinks = sum(one["kinks"] for one in told["tensors"])
        assert kinks > 0
        assert sum(one["errors"]["stats"]["nan"] for one in told["tensors"]) == kinks
        assert f"at {kinks:,} of them a kink lies between the two points" in told["words"]
        one = next(one for one in told["tensors"] if one["kinks"])
        row, col = (int(at) for at in np.argwhere(np.array(one["errors"]["values"]) == "NaN")[0])
        alone = check(step, cell={"tensor": one["tensor"], "layer": one["layer"], "row": row, "col": col}, h=1e-2)
        assert alone["outcome"] == "kinks"
        assert "says nothing about the gradient" in alone["words"]

    def test_of_a_coarse_step_extrapolates_and_asks_again_where_that_does_not_settle(self, take):
        assert check(take(), h=1e-2)["outcome"] == "agrees"
        step = take(6, **CURVED)
        told = check(step, h=1e-2)
        assert told["outcome"] != "disagrees"
        assert told["words"].endswith(" With h = 0.01 the two points are far apart: ask again with 1e-05.")
        one = next(one for one in told["tensors"] if one["unresolved"])
        row, col = (int(at) for at in np.argwhere(np.array(one["errors"]["values"]) == "NaN")[0])
        cell = {"tensor": one["tensor"], "layer": one["layer"], "row": row, "col": col}
        assert check(step, cell=cell, h=1e-2)["outcome"] == "unresolved"
        assert check(step, cell=cell)["outcome"] in ("agrees", "small")
        sample = check(step, cells_per_tensor=8, h=1e-2)["tensors"]
        assert sum(sum(one["sample"]["unresolved"]) for one in sample if one["sample"]) > 0

    @pytest.mark.parametrize(
        ("steps", "config"),
        [(6, {}), (6, {"hidden_activations": "tanh"}), (3, {"seed": 31}), *((steps, rounded) for steps, rounded in ROUNDED)],
        ids=str,
    )
    def test_calls_no_right_gradient_wrong(self, take, steps, config):
        """Where the loss is strongly curved, a unit's variance being almost 0; and where float32 leaves hardly a digit."""
        told = check(take(steps, **{**CURVED, **config}))
        assert told["outcome"] in ("agrees", "partly"), told["words"]
        assert sum(one["unresolved"] for one in told["tensors"]) == 0
        assert ("extrapolated" in told["words"]) == ("dtype" not in config)

    @pytest.mark.parametrize("wanted", [1, 4, 10**9])
    def test_takes_so_many_cells_of_each_tensor_the_same_each_time(self, take, wanted):
        step = take()
        told = check(step, cells_per_tensor=wanted)
        assert told == check(step, cells_per_tensor=wanted)
        for one in told["tensors"]:
            assert one["checked"] == min(wanted, one["cells"])
            assert (one["errors"] is None) == (one["checked"] < one["cells"])
            assert (one["sample"] is None) == (one["errors"] is not None)
        assert told["checked"] == sum(one["checked"] for one in told["tensors"])
        if wanted < 10:
            assert told["words"].startswith(f"{told['checked']} of {COUNT} gradients agree")

    def test_has_the_cells_of_a_sample_with_their_errors(self, take):
        """They are those of a check of all cells."""
        step = take(layer_sizes=[2, 16, 3], batch_size=100)
        whole, told = check(step, h=1e-2), check(step, cells_per_tensor=20, h=1e-2)
        thinned = check(step, {"max_cells": 6}, cells_per_tensor=20, h=1e-2)
        all_errors = [np.array(one["errors"]["values"], float) for one in whole["tensors"]]
        assert any(any(one["sample"]["kinks"]) for one in told["tensors"] if one["sample"])
        for one, few, errors in zip(told["tensors"], thinned["tensors"], all_errors, strict=True):
            if one["checked"] == one["cells"]:
                assert one["sample"] is None
                continue
            sample = one["sample"]
            places = list(zip(sample["rows"], sample["cols"], strict=True))
            assert places == sorted(set(places))
            assert len(places) == one["checked"] == 20
            # other columns beside them in a product may add in another order
            np.testing.assert_allclose(np.array(sample["errors"], float), errors[tuple(np.transpose(places))], rtol=1e-6, atol=1e-10)
            assert sum(sample["kinks"]) == one["kinks"] == np.isnan(np.array(sample["errors"], float)).sum()
            # of more than may be shown, the largest error of each block
            thin = few["sample"]
            kept = list(zip(thin["rows"], thin["cols"], strict=True))
            assert kept == sorted(set(kept) & set(places))
            assert 1 <= len(kept) <= 6
            assert np.nanmax(np.array(thin["errors"], float)) == pytest.approx(
                np.nanmax(np.array(sample["errors"], float)), rel=1e-6, abs=1e-10
            )

    def test_shows_the_errors_within_max_cells(self, take):
        told = check(take(), {"max_cells": 4})
        for one in told["tensors"]:
            shown = one["errors"].get("view")
            assert (shown is not None) == (one["cells"] > 4)
            assert shown is None or shown["rows"] * shown["cols"] <= 4

    def test_tells_errors_that_say_nothing(self, take):
        """db of a batch-normalised layer is 0 but for rounding: each of its differences is another rounding, and no error of 100 %."""
        step = take(normalisation="batch_norm")
        told, thinned = check(step), check(step, {"max_cells": 2})
        whole = {(one["tensor"], one["layer"]): one for one in told["tensors"]}
        assert whole["db", 1]["small"] > 0
        for one in told["tensors"]:
            assert np.sum(one["small_cells"]) == one["small"]
        for one in thinned["tensors"]:
            view = one["errors"]["view"]
            assert np.shape(one["small_cells"]) == (view["rows"], view["cols"])
            if not one["wrong"] and not one["kinks"]:
                assert np.max(view["values"]) <= told["tolerance"]  # no block shows what says nothing
        sample = check(step, cells_per_tensor=2)["tensors"]
        for one in sample:
            cells = np.array(whole[one["tensor"], one["layer"]]["small_cells"])
            assert one["sample"]["small"] == cells[one["sample"]["rows"], one["sample"]["cols"]].tolist()

    def test_proves_nothing_on_a_step_that_is_not_finite(self, take):
        config = {"dataset": {"name": "inline", "X": [[1e200, -1e200]], "Y": [[1, 0]]}, "layer_sizes": [1, 3, 1], "batch_size": 2}
        step = take(1, **config, normalisation="batch_norm")
        assert not np.isfinite(step.tensor("V", 1)).any()
        told = check(step)
        assert told["outcome"] == "not_finite", told["words"]
        assert sum(one["wrong"] for one in told["tensors"]) == 0
        assert check(step, cell={"tensor": "dW", "layer": 1, "row": 0, "col": 0})["outcome"] == "not_finite"
        # an update that overflows comes after the gradients, and takes nothing from them
        data, optimizer = {"name": "inline", "X": [[1.5e308]], "Y": [[1]]}, {"name": "sgd", "learning_rate": 10}
        apart = {"output_activation": "identity", "loss": "mae"}
        step = take(1, dataset=data, layer_sizes=[1, 1], batch_size=1, W=[[[0]]], optimizer=optimizer, **apart)
        assert not np.isfinite(step.tensor("W_next", 1)).any()
        assert check(step)["outcome"] == "partly"  # of dW alone: with such an input a small step leaps over the kink of the loss

    def test_of_one_example_alone(self, take):
        step = take()
        told = check(step, {"example": 2})
        assert told["outcome"] == "agrees"
        assert told["tensors"][0]["cells"] == 2
        cell = check(step, {"example": 2}, cell={"tensor": "dW", "layer": 1, "row": 2, "col": 1})["cell"]
        assert cell["of_mean"] == cell["of_sum"]
        assert cell["analytic"] == step.explain("dW", 1, 2, 1, example=2)["value"]

    def test_needs_no_key_and_changes_nothing(self, client, take):
        step = take(2)
        before = [client.get(path).content for path in (step.url, step.one.url, f"{step.one.url}/history")]
        check(step)
        assert client.post(f"{step.url}/gradcheck").status_code == 200
        assert [client.get(path).content for path in (step.url, step.one.url, f"{step.one.url}/history")] == before
        after = client.post(f"{step.one.url}/steps", headers=step.one.headers).json()
        assert after["layers"][1]["W"] == step.trace["layers"][1]["W_next"]

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_has_a_word_for_a_loss_that_is_not_finite(self, take, dtype):
        step = take(120, **DIVERGING, dtype=dtype)
        told = check(step)
        assert told["outcome"] == "not_finite"
        assert "the loss is not finite" in told["words"]
        assert sum(one["not_finite"] for one in told["tensors"]) + sum(one["kinks"] for one in told["tensors"]) == told["checked"]
        for one in told["tensors"]:
            assert one["wrong"] == 0
            assert one["worst"] is None
            assert one["errors"]["stats"]["nan"] == one["cells"]
        alone = check(step, cell={"tensor": "dZ", "layer": 2})
        assert (alone["outcome"], alone["cell"]["numeric"]) == ("not_finite", "NaN")

    @pytest.mark.parametrize(
        ("body", "field", "value", "bound"),
        [
            ({"colour": "red"}, "colour", "red", "left out"),
            ({"h": 1e-9}, "h", 1e-9, "at least 1e-08"),
            ({"h": 0.1}, "h", 0.1, "at most 0.01"),
            ({"h": "1e-5"}, "h", "1e-5", "number"),
            ({"h": True}, "h", True, "number"),
            ({"h": None}, "h", None, "number"),
            ({"cells_per_tensor": 0}, "cells_per_tensor", 0, "at least 1"),
            ({"cells_per_tensor": "3"}, "cells_per_tensor", "3", "a whole number"),
            ({"cells_per_tensor": 2.5}, "cells_per_tensor", 2.5, "a whole number"),
            ({"cell": "dW"}, "cell", "dW", ""),
            ({"cell": {}}, "cell.tensor", None, "given"),
            ({"cell": {"tensor": "dW"}}, "cell.layer", None, "given"),
            ({"cell": {"tensor": "dW", "layer": 1, "unit": 0}}, "cell.unit", 0, "left out"),
            ({"cell": {"tensor": "dW", "layer": "1"}}, "cell.layer", "1", "a whole number"),
            ({"cell": {"tensor": "dW", "layer": 10**30}}, "cell.layer", 10**30, "0 to "),
            ({"cell": {"tensor": "dW", "layer": 10**18}}, "cell.layer", 10**18, "0 to 3"),
            ({"cell": {"tensor": "dW", "layer": -1}}, "cell.layer", -1, "0 to 3"),
            ({"cell": {"tensor": "dW", "layer": 1, "row": 4}}, "cell.row", 4, "0 to 3: dW[1] is 4 by 2"),
            ({"cell": {"tensor": "dA", "layer": 1, "col": 5}}, "cell.col", 5, "0 to 4: dA[1] is 4 by 5"),
            ({"cell": {"tensor": "W", "layer": 1}}, "cell.tensor", "W", "one of: dA, dW, dZ, db"),
            ({"cell": {"tensor": "Q" * 17, "layer": 1}}, "cell.tensor", "Q" * 17, "at most 16 characters"),
            ({"cell": {"tensor": "dW", "layer": 1}, "cells_per_tensor": 2}, "cells_per_tensor", 2, "left out with cell"),
        ],
        ids=str,
    )
    def test_refuses_what_does_not_fit(self, take, body, field, value, bound):
        step = take()
        assert_problem(step.client.post(f"{step.url}/gradcheck", json=body), 422, field, value, bound)

    @pytest.mark.parametrize(
        ("tensor", "layer", "choices"), [("dA", 3, "dW, dZ, db"), ("dW", 0, "dA"), ("dZ", 0, "dA"), ("loss", 3, "dW, dZ, db")]
    )
    def test_names_the_gradients_that_the_layer_has(self, take, tensor, layer, choices):
        step = take()
        problem = assert_problem(
            step.client.post(f"{step.url}/gradcheck", json={"cell": {"tensor": tensor, "layer": layer}}), 422, "cell.tensor", tensor
        )
        assert problem["bound"] == f"one of: {choices}"
        for name in choices.split(", "):
            assert check(step, cell={"tensor": name, "layer": layer})["checked"] == 1

    def test_refuses_a_broken_body_and_another_type(self, take):
        step, json_type = take(), {"Content-Type": "application/json"}
        assert_problem(step.client.post(f"{step.url}/gradcheck", content="{", headers=json_type), 400, "body")
        assert_problem(step.client.post(f"{step.url}/gradcheck", content="[]", headers=json_type), 422, "body")
        assert_problem(step.client.post(f"{step.url}/gradcheck", content="{}", headers={"Content-Type": "text/plain"}), 415, "Content-Type")

    def test_refuses_a_step_and_a_session_that_are_not_there(self, client, take):
        one = take().one
        assert_problem(client.post(f"{one.url}/steps/2/gradcheck", json={}), 404, "n", 2)
        assert_problem(client.post("/api/v1/sessions/nobody/steps/1/gradcheck", json={}), 404, "id", "nobody")

    def test_offers_no_parameter_that_does_nothing(self, client):
        assert test_explanations.parameters(client, "post", "gradcheck") == {"id", "n", "example", "max_cells"}


class TestLimits:
    @pytest.fixture
    def limited(self, tmp_path):
        """Makes a step on a server with limits of its own."""
        clients = []

        def limited(config, **limits):
            settings = Settings(database_url=f"sqlite:///{tmp_path / f'{len(clients)}.db'}", limits=Limits(**limits))
            clients.append(TestClient(create_app(settings), base_url="http://localhost"))
            client = clients[-1].__enter__()
            made = client.post("/api/v1/sessions", json={"dataset": {"name": "blobs"}, **config}).json()
            assert client.post(f"{made['links']['steps']}", headers={"Authorization": f"Bearer {made['edit_key']}"}).status_code == 200
            return Looked(client, Made(made["links"]["self"]), 1)

        yield limited
        for client in clients:
            client.__exit__(None, None, None)

    def test_of_the_work_make_a_sample_and_the_answer_says_so(self, limited):
        step = limited(SMALL, max_gradcheck_work=3000)
        told = check(step)
        assert told["outcome"] == "agrees"
        assert 0 < told["checked"] < told["cells"] == COUNT
        assert told["words"].startswith(f"{told['checked']} of {COUNT} gradients agree")
        most = max(one["checked"] for one in told["tensors"])
        assert all(one["checked"] == min(most, one["cells"]) for one in told["tensors"])
        assert check(step, cells_per_tensor=most) == told
        problem = assert_problem(
            step.client.post(f"{step.url}/gradcheck", json={"cells_per_tensor": most + 1}),
            422,
            "cells_per_tensor",
            most + 1,
            f"at most {most} for this network and batch, as limits.max_gradcheck_work says",
        )
        assert problem["detail"] == f"cells_per_tensor is {most + 1}; it must be {problem['bound']}."

    def test_of_the_work_are_used_up_where_the_input_is_the_largest_tensor(self, limited):
        """2-3 with 40 examples: 80 cells of dA[0], and 6 and 3 of the parameters."""
        config = {"layer_sizes": [2, 3], "batch_size": 40}
        whole = 40 * 6 + 2 * 80 * 6 + 2 * 40 * (6 * 2 + 3 * 2)  # a forward pass; 80 columns; 40 columns for each of 6 and 3, of one row
        step = limited(config, max_gradcheck_work=whole - 60)
        assert [one["checked"] for one in check(step)["tensors"]] == [75, 6, 3]
        assert check(limited(config, max_gradcheck_work=whole))["checked"] == 89

    def test_of_the_work_still_let_one_cell_be_checked(self, limited):
        step = limited(SMALL, max_gradcheck_work=1)
        assert check(step, cell={"tensor": "dW", "layer": 1})["checked"] == 1
        assert {one["checked"] for one in check(step)["tensors"]} == {1}

    def test_of_one_heavy_check_at_a_time_hold_for_a_cell_too(self, limited, monkeypatch):
        step = limited(SMALL, max_gradcheck_work=3000)
        monkeypatch.setattr(proofs, "PATIENCE", 0.01)
        cell = {"cell": {"tensor": "dW", "layer": 1}}
        with proofs._checking:
            assert check(step, **cell)["checked"] == 1
            monkeypatch.setattr(proofs, "LIGHT", 0)
            assert_problem(step.client.post(f"{step.url}/gradcheck", json=cell), 503, "gradcheck", ..., "one at a time")
        assert check(step, **cell)["checked"] == 1

    def test_of_a_script_are_told_with_what_it_would_hold(self, limited):
        step = limited(SMALL, max_script_cells=60)
        given = 10 + 15 + 8 + 4 + 12 + 3 + 9 + 3
        problem = assert_problem(step.get("/script"), 422, "phase", ..., f"at most 60 numbers; this one would hold {given}")
        assert "whole step" in problem["detail"]
        assert step.get("/script", phase="dW1").status_code == 200

    def test_stand_in_the_catalogue(self, limited):
        told = limited(SMALL, max_gradcheck_work=3000, max_script_cells=60).client.get("/api/v1/catalog").json()["limits"]
        assert (told["max_gradcheck_work"], told["max_script_cells"]) == (3000, 60)


class Made:
    def __init__(self, url):
        self.url = url


class TestUpdate:
    def test_predicts_by_the_gradient_and_tells_what_happened(self, client, take):
        step = take(3)
        told = step.told("/update")
        parts = []
        for layer in (1, 2, 3):
            moved = [(step.tensor(f"{name}_next", layer) - step.tensor(name, layer)) * step.tensor(f"d{name}", layer) for name in "Wb"]
            parts.append(sum(one.sum() for one in moved))
        assert [layer["index"] for layer in told["layers"]] == [1, 2, 3]
        assert [layer["predicted"] for layer in told["layers"]] == pytest.approx(parts, rel=1e-12)
        assert told["predicted"] == pytest.approx(sum(parts), rel=1e-12)
        assert (told["step"], told["loss_before"]) == (3, step.trace["loss"])
        after = {
            "layer_sizes": SMALL["layer_sizes"],
            "X": step.tensor("A", 0).tolist(),
            "Y": step.tensor("Y", 3).tolist(),
            "W": [step.tensor("W_next", layer).tolist() for layer in (1, 2, 3)],
            "b": [step.tensor("b_next", layer).ravel().tolist() for layer in (1, 2, 3)],
        }
        assert told["loss_after"] == client.post("/api/v1/trace", json=after).json()["loss"]
        assert told["actual"] == told["loss_after"] - told["loss_before"]

    def test_of_the_whole_set_is_the_change_between_two_traces(self, client, take):
        step = take(2, dataset={"name": "xor", "count": 50}, layer_sizes=[2, 4, 2], batch_size=40)
        first = Looked(client, step.one, 1)
        assert first.told("/update")["loss_after"] == pytest.approx(step.trace["loss"], rel=1e-12)

    def test_is_foreseen_the_better_the_smaller_the_step(self, take):
        missed = []
        for rate in (1e-2, 1e-3, 1e-4):
            told = take(optimizer={"name": "sgd", "learning_rate": rate}).told("/update")
            assert told["predicted"] < 0
            missed.append(abs(told["actual"] - told["predicted"]) / abs(told["predicted"]))
        # what first order leaves out is of second order: a tenth of the step, a tenth of the miss
        assert missed[1] == pytest.approx(missed[0] / 10, rel=0.2)
        assert missed[2] == pytest.approx(missed[1] / 10, rel=0.2)

    @pytest.mark.parametrize("factor", [-10, 0])
    def test_is_foreseen_by_the_losss_own_gradient_where_an_edit_scales_it(self, client, make_session, factor):
        config = {"dataset": {"name": "iris"}, "layer_sizes": [4, 8, 3], "hidden_activations": "tanh", "dropout": 0.3}
        one = make_session(**config, optimizer={"name": "sgd", "learning_rate": 1e-4})
        client.post(f"{one.url}/steps", json={"count": 3}, headers=one.headers)
        assert client.get(f"{one.url}/steps/3/update").json()["edited"] is False
        edit = {"name": "scale_gradient", "tensor": "dA", "layer": 1, "factor": factor}
        assert client.post(f"{one.url}/edits", json={"action": edit}, headers=one.headers).status_code == 201
        client.post(f"{one.url}/steps", headers=one.headers)
        told = client.get(f"{one.url}/steps/4/update").json()
        assert told["edited"] is True
        assert told["predicted"] == pytest.approx(told["actual"], rel=1e-2)
        assert (told["predicted"] > 0) == (factor < 0), "up the slope of layer 1"

    def test_is_told_in_words_where_it_is_not_finite(self, take):
        told = take(120, **DIVERGING).told("/update")
        assert (told["loss_before"], told["loss_after"], told["actual"]) == ("NaN", "NaN", "NaN")

    def test_refuses_a_step_that_was_not_taken(self, client, take):
        assert_problem(client.get(f"{take().one.url}/steps/2/update"), 404, "n", 2)


def printed(tmp_path, *scripts):
    """What scripts print, run one after another by a Python of their own, each in a namespace of its own: {name: numbers}."""
    files = [tmp_path / f"script_{at}.py" for at in range(len(scripts))]
    for file, script in zip(files, scripts, strict=True):
        file.write_text(script)
    runner = "import runpy, sys\nfor file in sys.argv[1:]:\n    runpy.run_path(file)"
    ran = subprocess.run([sys.executable, "-I", "-c", runner, *files], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    blocks = re.split(r"^(\w+) =$", ran.stdout, flags=re.MULTILINE)
    return {
        name: [float(text) for text in re.findall(r"[^\s\[\]]+", block)] for name, block in zip(blocks[1::2], blocks[2::2], strict=True)
    }


def name_of(phase):
    if phase["tensor"] in ("losses", "loss"):
        return phase["tensor"]
    stem, _, next_ = phase["tensor"].partition("_")
    return f"{stem}{phase['layer']}{'_next' if next_ else ''}"


class TestScript:
    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_of_each_phase_prints_the_traces_numbers_to_the_last_bit(self, take, tmp_path, dtype):
        step = take(2, layer_sizes=[2, 4, 3], dtype=dtype, optimizer={"name": "sgd", "weight_decay": 0.01})
        phases = step.one.answer["phases"]
        assert len(phases) == 4 + 2 + 8 + 4
        answers = [step.get("/script", phase=phase["key"]) for phase in phases]
        assert {answer.headers["content-type"].partition(";")[0] for answer in answers} == {"text/x-python"}
        told = printed(tmp_path, *(answer.text for answer in answers))
        assert list(told) == [name_of(phase) for phase in phases]
        for phase in phases:
            wanted = step.tensor(phase["tensor"], phase["layer"]).ravel().astype(dtype)
            np.testing.assert_array_equal(np.array(told[name_of(phase)], dtype), wanted, err_msg=phase["key"])

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    @pytest.mark.parametrize("query", [{}, {"example": 3}], ids=str)
    def test_of_the_whole_step_prints_all_of_them(self, take, tmp_path, dtype, query):
        step = take(2, dtype=dtype)
        step._trace = step.told("", **query)
        told = printed(tmp_path, step.get("/script", **query).text)
        phases = [one for one in step.one.answer["phases"] if not query or one["lane"] != "update"]
        assert list(told) == [name_of(phase) for phase in phases]
        for phase in phases:
            wanted = step.tensor(phase["tensor"], phase["layer"]).ravel().astype(dtype)
            # the columns of one example are the batch's: of a product of matrices, which may round otherwise than one of a matrix and a vector
            off = 64 * np.finfo(dtype).eps if query else 0
            np.testing.assert_allclose(np.array(told[name_of(phase)], dtype), wanted, rtol=off, atol=off, err_msg=phase["key"])

    def test_of_a_step_on_the_digits_has_its_numbers_too(self, take, tmp_path):
        step = take(dataset={"name": "digits"}, layer_sizes=[64, 32, 10], batch_size=32)
        file, saved = tmp_path / "script.py", tmp_path / "numbers.npz"
        file.write_text(step.get("/script").text + f"np.savez({str(saved)!r}, dW1=dW1, dA0=dA0, A2=A2, W2_next=W2_next)\n")
        subprocess.run([sys.executable, "-I", str(file)], capture_output=True, check=True, timeout=60)
        with np.load(saved) as numbers:
            for name, layer in (("dW", 1), ("dA", 0), ("A", 2), ("W_next", 2)):
                np.testing.assert_array_equal(numbers[name_of({"tensor": name, "layer": layer})], step.tensor(name, layer))

    def test_of_a_run_that_diverged_has_its_words(self, take, tmp_path):
        step = take(120, **DIVERGING)
        told = printed(tmp_path, step.get("/script").text)
        np.testing.assert_array_equal(told["W1_next"], step.tensor("W_next", 1).ravel())
        np.testing.assert_array_equal(told["loss"], [float("nan")])

    def test_needs_numpy_alone_and_says_what_it_is_of(self, take):
        step = take(2)
        text = step.get("/script", phase="dW2", example=1).text
        assert text.startswith(f"# Backscope: session {step.one.answer['id']}, step 2, example 1 alone, dW2\n")
        imported = re.findall(r"^\s*(?:import|from) (\w+)", step.get("/script").text, flags=re.MULTILINE)
        assert imported == ["numpy"]

    @pytest.mark.parametrize("phase", ["dW9", "dW", "", "dw2", "dA3", "W_next", "x" * 32])
    def test_refuses_a_phase_that_the_step_does_not_have(self, take, phase):
        problem = assert_problem(take().get("/script", phase=phase), 422, "phase", phase, "one of: ")
        assert {"dW2", "loss3", "W_next1"} <= set(problem["bound"].removeprefix("one of: ").split(", "))

    def test_refuses_a_step_and_a_session_that_are_not_there(self, client, take):
        one = take().one
        assert_problem(client.get(f"{one.url}/steps/2/script"), 404, "n", 2)
        assert_problem(client.get("/api/v1/sessions/nobody/steps/1/script"), 404, "id", "nobody")
