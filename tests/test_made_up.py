"""Adding an ingredient is adding one class: three that nobody knew before are everywhere at once."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.api.catalog import entry_json
from app.engine import activations, edited, edits, losses, optimizers, read_edit, written_edit
from tests.strategies import build_case

ROOT = Path(__file__).parent.parent
FAMILIES = {"activations": activations, "optimizers": optimizers, "losses": losses}
# a session with all three of them
CHOSEN = {
    "dataset": {"name": "blobs"},
    "layer_sizes": [2, 4, 3],
    "hidden_activations": {"name": "squareplus", "beta": 2.5},
    "output_activation": "squareplus",
    "loss": "log_cosh",
    "optimizer": {"name": "averaging", "weight_decay": 0.1, "kept": 0.7},
    "batch_size": 5,
}
WRITTEN = {("squareplus", "A"), ("squareplus", "dZ"), ("log_cosh", "losses"), ("log_cosh", "loss"), ("log_cosh", "dA")} | {
    ("averaging", f"{state}{name}_next") for state in ("", "a") for name in ("W", "b")
}


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, ...]]:
    """Their names, while they are registered."""
    for register in (*FAMILIES.values(), edits):
        monkeypatch.setattr(register, "_entries", dict(register._entries))
    monkeypatch.delitem(sys.modules, "tests.made_up", raising=False)
    yield importlib.import_module("tests.made_up").NAMES
    sys.modules.pop("tests.made_up", None)


def test_it_is_in_the_catalogue_with_its_parameters_equations_and_derivation(added, client) -> None:
    told = client.get("/api/v1/catalog").json()
    for name, (family, register) in zip(added, [("activations", activations), ("optimizers", optimizers), ("losses", losses)], strict=True):
        (entry,) = (one for one in told[family] if one["name"] == name)
        assert [one["name"] for one in entry["parameters"]] == [one.name for one in register[name].parameters]
        for which, equation in register[name].equations.items():
            assert entry["equations"][which]["cell"] == equation.cell
            assert entry["equations"][which]["why"] == equation.why
            assert len(entry["equations"][which]["derivation"]) == len(equation.derivation)
    derived = next(one for one in told["activations"] if one["name"] == added[0])["equations"]["dZ"]["derivation"]
    assert any(r"\sqrt" in line["latex"] for line in derived)
    assert added[0] in [one["name"] for one in told["output_activations"]]


CHAPTERS = """
import { chaptersOf } from "./static/lib/derivation_chapters.js"
const catalog = JSON.parse(await new Promise((done) => {
  let all = ""
  process.stdin.on("data", (part) => (all += part)).on("end", () => done(all))
}))
console.log(JSON.stringify(chaptersOf(catalog)))
"""


def test_it_has_its_section_in_the_chapters_of_the_derivation(added, client) -> None:
    catalog = client.get("/api/v1/catalog").text
    told = subprocess.run(
        ["node", "--input-type=module", "-e", CHAPTERS], input=catalog, capture_output=True, text=True, cwd=ROOT, check=True
    )
    sections = {one["anchor"]: one for chapter in json.loads(told.stdout) for one in chapter["entries"]}
    for name, (family, register) in zip(added, [("activation", activations), ("optimizer", optimizers), ("loss", losses)], strict=True):
        derived = sections[f"{family}-{name}"]["derived"]
        covered = [which for one in derived for which in (one["name"], *one["alike"])]
        assert sorted(covered) == sorted(register[name].equations)
        for one in derived:
            lines = register[name].equations[one["name"]].derivation
            assert [(line["words"], line["latex"]) for line in one["equation"]["derivation"]] == [
                (line.words, line.latex) for line in lines
            ]


def test_it_is_stepped_explained_checked_and_written_as_numpy(added, make_session, client) -> None:
    made = make_session(**CHOSEN)
    trace = client.post(f"{made.url}/steps", headers=made.headers, json={"count": 3}).json()
    assert {(one["operation"], one["equation"]) for one in made.answer["phases"]} >= WRITTEN
    step = f"{made.url}/steps/3"
    for phase in made.answer["phases"]:
        told = client.get(f"{step}/explain", params={"tensor": phase["tensor"], "layer": phase["layer"]}).json()
        assert told["operation"]["name"] == phase["operation"]
        assert told["result"] == pytest.approx(told["value"], rel=1e-12)
        for factor in (one for term in told["terms"] for one in term["factors"] if "latex" in one):
            assert all(f"#{place}" in factor["latex"] for place in range(1, len(factor["of"]) + 1))
    assert client.post(f"{step}/gradcheck", json={}).json()["outcome"] == "agrees"
    script = client.get(f"{step}/script").text
    assert all(f"def {name}_" in script for name in added)
    names: dict = {"print": lambda *_, **__: None}
    exec(script, names)
    assert (names["aW2_next"] == trace["layers"][2]["aW_next"]["values"]).all()
    assert np.abs(trace["layers"][1]["aW"]["values"]).max() > 0
    assert names["loss"] == trace["loss"]


def test_an_edit_is_one_class_too(added) -> None:
    told = {one["name"]: one for one in (entry_json(edits[name]) for name in edits if name == "shrink")}["shrink"]
    assert (told["title"], [one["name"] for one in told["parameters"]]) == ("Shrink a layer", ["layer", "factor"])
    case = build_case([3, 4, 2], 5, seed=1)
    edit = read_edit({"name": "shrink", "layer": 2, "factor": 0.25})
    edit.check(case.network, 5)
    assert read_edit(written_edit(edit)) == edit
    made, _ = edited(case.network, case.X, [edit], None)
    np.testing.assert_array_equal(made.W[1], case.network.W[1] / 4)
    np.testing.assert_array_equal(made.W[0], case.network.W[0])


def test_the_tests_of_the_registers_take_it_up() -> None:
    """A pytest of its own, in which the three are registered before tests are collected."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "tests.made_up", "-p", "no:cacheprovider", "--no-header"),
            *(f"tests/engine/test_{name}.py" for name in ("registers", "phases", "equation", "explain", "gradcheck")),
            *("-k", "squareplus or averaging or log_cosh"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    passed = int(done.stdout.rpartition(" passed")[0].split()[-1])
    assert passed >= 20, done.stdout[-1000:]
