"""What goes wrong with the gradients of a step, through HTTP, against NumPy on the trace's own numbers."""

import numpy as np
import pytest
from fastapi.testclient import TestClient

import app.sessions.run as run
from app.main import create_app
from app.sessions.presets import PRESETS
from tests.conftest import BLOBS

from .test_refusals import assert_problem

SIGMOIDS = {"layer_sizes": [2, *[8] * 8, 3], "hidden_activations": "sigmoid", "initializer": {"name": "xavier_normal"}}


def rms(tensor):
    return np.sqrt(np.mean(np.square(np.array(tensor["values"], dtype=float))))


def stepped(client, one, count=1):
    assert client.post(f"{one.url}/steps", json={"count": count}, headers=one.headers).status_code == 200


def told(client, one, n=1):
    answer = client.get(f"{one.url}/steps/{n}/health")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_numbers_are_those_of_the_trace(client, make_session):
    one = make_session(layer_sizes=[2, 5, 4, 3])
    stepped(client, one)
    trace, answer = client.get(f"{one.url}/steps/1").json(), told(client, one)
    assert [layer["name"] for layer in answer["layers"]] == ["input", "hidden 1", "hidden 2", "output"]
    for layer, of in zip(answer["layers"], trace["layers"], strict=True):
        for name in ("A", "dA", "dZ", "dW"):
            if of.get(name) is None:
                assert layer[name] is None
            else:
                np.testing.assert_allclose(layer[name], rms(of[name]), rtol=1e-12)
        if layer["index"]:
            moved = np.array(of["W_next"]["values"]) - np.array(of["W"]["values"])
            np.testing.assert_allclose(layer["update_ratio"], np.sqrt(np.mean(moved**2)) / rms(of["W"]), rtol=1e-12)
    Z = np.array(trace["layers"][1]["Z"]["values"])
    assert answer["layers"][1]["stopped"] == np.mean(Z <= 0)
    assert answer["layers"][1]["dead_first"] == np.flatnonzero((Z <= 0).all(axis=1)).tolist()


def test_sigmoids_are_told_to_vanish_with_rule_factor_and_cell(client, make_session):
    one = make_session(**SIGMOIDS)
    stepped(client, one)
    answer = told(client, one)
    finding = next(finding for finding in answer["findings"] if finding["rule"]["name"] == "vanishing")
    assert finding["severity"] == "warning"
    assert finding["factor"] == "g'(Z)"
    assert finding["rule"]["bound"]
    assert finding["rule"]["source"]
    np.testing.assert_allclose(finding["value"], answer["layers"][1]["dZ"] / answer["layers"][-1]["dZ"], rtol=1e-12)
    cell = finding["cell"]
    assert client.get(f"{one.url}/steps/1/explain", params=cell).status_code == 200
    assert finding["rule"] in answer["rules"]


def test_the_batches_looked_at_are_counted(client, make_session):
    one = make_session(batch_size=8)
    for _ in range(12):
        stepped(client, one)
    assert (told(client, one, 1)["batches"], told(client, one, 3)["batches"]) == (1, 3)
    assert (told(client, one, 12)["batches"], told(client, one, 12)["examples"]) == (10, 80)


DYING = {"layer_sizes": [2, 12, 9, 3], "batch_size": 8, "optimizer": {"name": "sgd", "learning_rate": 3}}


def test_what_is_not_in_memory_is_on_record_and_not_replayed_for_it(client, make_session, monkeypatch):
    one, other = make_session(**DYING), make_session(**DYING)
    for _ in range(12):
        stepped(client, one)
    stepped(client, other, 12)  # of several steps at once the trace of the last alone is kept
    taken = []
    advance = run.Run.advance
    monkeypatch.setattr(run.Run, "advance", lambda self: taken.append(1) or advance(self))
    answer = told(client, one, 12)
    assert answer == told(client, other, 12)
    assert taken == []
    assert answer["batches"] == 10
    dead = [layer["dead_first"] for layer in answer["layers"]]
    assert any(dead)
    # the traces themselves say the same
    for l in (1, 2):
        Z = np.concatenate([client.get(f"{one.url}/steps/{n}").json()["layers"][l]["Z"]["values"] for n in range(3, 13)], axis=1)
        assert dead[l] == np.flatnonzero((Z <= 0).all(axis=1)).tolist()
    assert "stopped_units" not in str(client.get(f"{one.url}/history").json())
    assert "stopped_units" not in client.get(one.url).json()


def test_the_findings_are_the_same_after_a_restart(settings):
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        made = client.post("/api/v1/sessions", json={**BLOBS, **DYING}).json()
        url, headers = f"/api/v1/sessions/{made['id']}", {"Authorization": f"Bearer {made['edit_key']}"}
        for _ in range(5):
            client.post(f"{url}/steps", headers=headers)
        before = client.get(f"{url}/steps/5/health").json()
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get(f"{url}/steps/5/health").json() == before
        assert before["batches"] == 5


def test_what_is_not_finite_is_told_in_words_and_as_it_is(client, make_session):
    one = make_session(layer_sizes=[2, 4, 4, 3], optimizer={"name": "sgd", "learning_rate": 10, "weight_decay": 10}, batch_size=4)
    for n in range(1, 200):
        stepped(client, one)
        answer = told(client, one, n)
        if answer["findings"] and answer["findings"][0]["severity"] == "broken":
            break
    [finding] = answer["findings"]
    assert finding["rule"]["name"] == "not_finite"
    assert finding["value"] in ("NaN", "Infinity", "-Infinity")
    cell = finding["cell"]
    tensor = client.get(f"{one.url}/steps/{n}/tensors/{cell['tensor']}/{cell['layer']}").json()
    assert tensor["values"][cell["row"]][cell["col"]] == finding["value"]
    assert told(client, one, n - 1)["findings"] == [] or told(client, one, n - 1)["findings"][0]["severity"] != "broken"


def test_what_is_not_finite_is_traced_back_to_where_it_began_however_long_ago(client, make_session):
    one = make_session(**next(preset.config for preset in PRESETS if preset.name == "exploding"), batch_size=32)
    stepped(client, one, 30)
    losses = client.get(f"{one.url}/history").json()["loss"]
    since = next(n for n, loss in enumerate(losses, start=1) if loss == "NaN")
    [first] = told(client, one, since)["findings"]
    assert first["began"] is None
    for n in (30, since + 1, 20):
        [finding] = told(client, one, n)["findings"]
        assert finding["began"] == {"step": since, **{key: first[key] for key in ("cell", "value", "words", "factor")}}
        assert finding["words"].endswith(f"It began in step {since}. {first['words']}")
    # what is no number is not told as 0, and the loss was diverging before
    assert "diverging" in [found["rule"]["name"] for found in told(client, one, since - 1)["findings"]]
    history = client.get(f"{one.url}/history").json()
    assert [layer["dead_units"][29] for layer in history["layers"]] == ["NaN"] * 9
    assert {layer["stopped"] for layer in told(client, one, 30)["layers"][1:-1]} == {"NaN"}
    assert {layer["dead_units"] for layer in told(client, one, 30)["layers"][1:-1]} == {"NaN"}
    assert "is_finite" not in history
    assert "is_finite" not in client.get(one.url).json()


@pytest.mark.parametrize("config", [{}, {"dropout": 0.5, "layer_sizes": [2, 8, 3]}, {"optimizer": {"name": "adam"}}])
def test_every_session_has_its_health(client, make_session, config):
    one = make_session(**config)
    stepped(client, one)
    assert told(client, one)["step"] == 1


def test_refuses_a_step_that_was_not_taken(client, make_session):
    one = make_session()
    assert_problem(client.get(f"{one.url}/steps/1/health"), 404, "n")
    assert client.get("/api/v1/sessions/none/steps/1/health").status_code == 404


@pytest.mark.parametrize(
    ("norm", "words"), [("batch_norm", "nothing these say can move"), ("layer_norm", "only what the normalisation takes from other units")]
)
def test_a_dead_unit_of_a_normalised_layer_says_what_still_moves_its_weights(client, make_session, norm, words):
    one = make_session(layer_sizes=[2, 4, 3], batch_size=16, normalisation=norm, beta=[[-9, 0, 0, 0]])
    stepped(client, one)
    [dead] = [finding for finding in told(client, one)["findings"] if finding["rule"]["name"] == "dead_units"]
    assert words in dead["words"]
    # the words are true of the gradient itself
    dW = client.get(f"{one.url}/steps/1").json()["layers"][1]["dW"]["values"][0]
    assert (max(map(abs, dW)) > 0) == (norm == "layer_norm")
