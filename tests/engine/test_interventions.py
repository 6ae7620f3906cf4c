"""What edits do inside a step, against truths that know nothing of edits; and that every number of such a step is still explained."""

import math
from typing import Any

import numpy as np
import pytest

from app.engine import (
    Cell,
    Interventions,
    clippings,
    diagnose,
    evaluate,
    example_alone,
    explain,
    find_optimizer,
    gradcheck,
    health,
    interventions_of,
    make_network,
    next_network,
    optimizers,
    paths,
    phases,
    predict,
    read_edit,
    take_step,
)
from app.engine.gradcheck import one_cell, plan
from app.engine.step import logits
from app.engine.terms import Reader
from app.engine.verdict import verdict, verdict_on_cell
from tests import oracles
from tests.edited import step_under, under
from tests.engine.test_equation import check_cell, check_whole
from tests.engine.test_optimizers import REFERENCES
from tests.ingredients import (
    Step,
    assert_every_gradient_is_right,
    assert_every_number_is_explained,
    assert_scripts_give_the_same_bits,
    step_on,
)

ABLATED = [{"name": "ablate", "layer": 1, "unit": 2}, {"name": "ablate", "layer": 1, "unit": 4}, {"name": "ablate", "layer": 2, "unit": 0}]
FROZEN = [{"name": "freeze", "layer": 1}]
SCALED = [
    {"name": "scale_gradient", "tensor": "dA", "layer": 1, "factor": -0.5},
    {"name": "scale_gradient", "tensor": "dA", "layer": 0, "factor": 3},
]
TAKEN = [
    {"name": "scale_gradient", "tensor": "dW", "layer": 1, "factor": 3},
    {"name": "clip_gradient", "tensor": "dW", "layer": 1, "max_abs": 0.01},
    {"name": "clip_gradient", "tensor": "db", "layer": 2, "max_abs": 0.05},
    {"name": "scale_gradient", "tensor": "db", "layer": 3, "factor": 0},
]
KINDS = {"ablated": ABLATED, "frozen": FROZEN, "scaled": SCALED, "taken": TAKEN, "all": [*ABLATED, *FROZEN, *SCALED, *TAKEN]}
CLIPPINGS = [None, *clippings]


@pytest.mark.parametrize("actions", KINDS.values(), ids=list(KINDS))
@pytest.mark.parametrize("clipping", CLIPPINGS)
def test_every_number_is_explained_its_equation_true_and_its_script_the_same_bits(actions: Any, clipping: Any) -> None:
    step = step_under(actions, find_optimizer({"name": "adam", "weight_decay": 0.1}, "constant", clipping), dropout=[0.4, 0.0])
    assert assert_every_number_is_explained(step) > 90
    assert_scripts_give_the_same_bits(step)
    of_edits = [phase for phase in phases(step.network, step.optimizer) if phase.family == "edit" or phase.tensor[0] == "g"]
    assert of_edits
    for phase in of_edits:
        check_whole(phase.equation, phase, step)
        check_cell(phase.equation, phase, step)
        assert phase.equation.why


@pytest.mark.parametrize("name", list(optimizers))
def test_so_it_is_with_normalised_layers_and_any_optimizer(name: str) -> None:
    more = [{"name": "clip_gradient", "tensor": "dgamma", "layer": 1, "max_abs": 0.01}, {"name": "freeze", "layer": 2}]
    step = step_under([*ABLATED, *SCALED, *TAKEN, *more], find_optimizer(name), normalisation=["layer_norm", "batch_norm"])
    assert_every_number_is_explained(step)
    assert_scripts_give_the_same_bits(step)
    for phase in phases(step.network, step.optimizer):
        if phase.lane == "update":
            check_cell(phase.equation, phase, step)
            read = {
                (cells.tensor, cells.layer)
                for part in phase.explain(Reader(step.trace), 0, 0).parts
                for f in part.factors
                for cells in f.of
            }
            assert read <= set(phase.reads)
    # what normalisations run by themselves, no optimizer moves
    assert (step.trace.layers[2].more["rM_next"] != step.trace.layers[2].more["rM"]).any()
    assert step.trace.layers[2].more["gamma_next"] is step.trace.layers[2].more["gamma"]


# ---- ablated units


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("normalisation", [None, "layer_norm", "batch_norm"])
def test_gradients_of_a_network_with_ablated_units_are_right(dropout: float, normalisation: str | None) -> None:
    step = step_under(ABLATED, find_optimizer("sgd"), dropout=dropout, normalisation=normalisation, steps=1)
    masks = {l: np.ones_like(step.trace.layers[l].A) for l in (1, 2)}
    if dropout:
        plain = under(step._replace(network=step.network.under(None)), [])[-1]
        masks = {l: plain.trace.layers[l].more["D"].copy() for l in (1, 2)}  # drawn for all units, as if none was ablated
    masks[1][[2, 4]] = masks[2][[0]] = 0
    for l, mask in masks.items():
        np.testing.assert_array_equal(step.trace.layers[l].more["D"], mask)
    truth = oracles.automatic(step.network, step.trace.X, step.trace.Y, masks)
    oracles.assert_gradients(oracles.analytic(step.trace), truth, rtol=1e-9, atol=1e-12)
    assert assert_every_gradient_is_right(step) > 10
    if not dropout:
        oracles.assert_gradients(oracles.analytic(step.trace), oracles.numeric(step.network, step.trace.X, step.trace.Y), atol=1e-7)


@pytest.mark.parametrize("normalisation", [None, "batch_norm"])
def test_predictions_are_those_of_a_network_in_which_nobody_listens_to_the_units(normalisation: str | None) -> None:
    step = step_under(ABLATED, find_optimizer("sgd"), normalisation=normalisation, steps=1)
    network, X, Y = step.network, step.trace.X, step.trace.Y
    W = [one.copy() for one in network.W]
    W[1][:, [2, 4]] = W[2][:, [0]] = 0
    deaf = network.under(None).with_parameters(W, network.b)
    np.testing.assert_allclose(logits(network, X), logits(deaf, X), rtol=1e-13)
    np.testing.assert_allclose(predict(network, X), predict(deaf, X), rtol=1e-13)
    assert evaluate(network, X, Y)[0] == pytest.approx(evaluate(deaf, X, Y)[0], rel=1e-13)
    assert step.trace.loss == pytest.approx(take_step(deaf, X, Y).loss, rel=1e-13)
    assert not np.allclose(logits(network, X), logits(network.under(None), X))
    if normalisation is None:
        for i in range(step.trace.m):
            alone = example_alone(step.trace, network, i)
            np.testing.assert_array_equal(alone.layers[1].A[[2, 4]], 0)
            assert_every_number_is_explained(step._replace(trace=alone))


def test_an_ablated_unit_gives_0_even_where_it_is_infinite() -> None:
    network = make_network([1, 2, 2], "relu", "softmax", "cross_entropy", [[[1e308], [1.0]], [[1.0, 2.0], [0.5, 1.0]]], [[0, 0], [0, 0]])
    network = network.under(interventions_of([read_edit({"name": "ablate", "layer": 1, "unit": 0})]))
    X, Y = np.array([[10.0]]), np.array([[1.0], [0.0]])
    trace = take_step(network, X, Y)
    assert trace.layers[1].more["G"].tolist() == [[np.inf], [10.0]]
    assert trace.layers[1].A.tolist() == [[0.0], [10.0]]
    assert math.isfinite(trace.loss)
    assert trace.loss == evaluate(network, X, Y)[0]


# ---- frozen layers


@pytest.mark.parametrize("clipping", CLIPPINGS)
@pytest.mark.parametrize("name", list(optimizers))
def test_behind_frozen_layers_the_rest_is_trained_as_a_network_of_its_own(name: str, clipping: Any) -> None:
    """On what the frozen layers hand on, without any edit: they have no part in the norm that clips the others either."""
    optimizer = find_optimizer({"name": name, "weight_decay": 0.05}, "constant", clipping)
    start = step_on("tanh", optimizer=optimizer, sizes=(2, 5, 4, 3, 2), m=4, scale=2.0)
    whole = under(start, [{"name": "freeze", "layer": 1}, {"name": "freeze", "layer": 2}], steps=6)
    own = make_network([4, 3, 2], "tanh", "softmax", "cross_entropy", start.network.W[2:], start.network.b[2:])
    rest = under(Step(take_step(own, whole[0].trace.layers[2].A, start.trace.Y), own, optimizer), [], steps=6)
    for of_whole, alone in zip(whole, rest, strict=True):
        for l in (1, 2):
            kept = of_whole.trace.layers[l]
            np.testing.assert_array_equal(kept.W_next, start.network.W[l - 1])
            np.testing.assert_array_equal(kept.b_next, start.network.b[l - 1])
            np.testing.assert_array_equal(kept.dW != 0, True)
            assert not {"gW", "gb"} & set(kept.more)
            for state in optimizer.states:
                assert not kept.more[f"{state}W_next"].any()
            np.testing.assert_allclose(of_whole.trace.layers[l + 2].W_next, alone.trace.layers[l].W_next, rtol=1e-12)
            np.testing.assert_allclose(of_whole.trace.layers[l + 2].b_next, alone.trace.layers[l].b_next, rtol=1e-12)


@pytest.mark.parametrize("name", list(optimizers))
def test_a_layer_that_is_frozen_later_keeps_what_the_optimizer_remembers_and_goes_on_from_there(name: str) -> None:
    optimizer = find_optimizer(name)
    before = step_on("tanh", optimizer=optimizer, steps=3)
    network = next_network(before.network, before.trace)
    given = {"optimizer": optimizer, "state": before.trace.optimizer_state, "step": 4}
    frozen = interventions_of([read_edit(one) for one in FROZEN])
    held = take_step(network.under(frozen), before.trace.X, before.trace.Y, **given)
    free = take_step(network, before.trace.X, before.trace.Y, **given)
    assert held.optimizer_state[0] is before.trace.optimizer_state[0]
    np.testing.assert_array_equal(held.layers[1].W_next, network.W[0])
    # of the others nothing is changed by it
    np.testing.assert_array_equal(held.layers[2].W_next, free.layers[2].W_next)
    for state in optimizer.states:
        np.testing.assert_array_equal(held.optimizer_state[1][0][state], free.optimizer_state[1][0][state])


def test_a_step_whose_layers_are_all_frozen_moves_nothing() -> None:
    for clipping in CLIPPINGS:
        step = step_under([{"name": "freeze", "layer": l} for l in (1, 2, 3)], find_optimizer("adam", "constant", clipping))
        assert all((layer.W_next == layer.W).all() for layer in step.trace.layers[1:])
        assert_every_number_is_explained(step)
        assert_scripts_give_the_same_bits(step)


# ---- scaled and clipped gradients


@pytest.mark.parametrize("name", list(optimizers))
def test_what_an_update_takes_is_the_true_gradient_scaled_and_clipped(name: str) -> None:
    """Six steps against the published algorithm, a number at a time, on gradients by autograd that are changed here by hand."""
    optimizer = find_optimizer({"name": name, "weight_decay": 0.05, "learning_rate": 0.01})
    start = step_on("tanh", optimizer=optimizer, sizes=(2, 5, 4, 2), m=4)
    actions = [*TAKEN, {"name": "scale_gradient", "tensor": "dA", "layer": 1, "factor": -0.5}]
    known = {parameter.name: getattr(optimizer, parameter.name) for parameter in optimizer.parameters}
    decay = known.pop("weight_decay")
    known.pop("decay_biases")
    theirs = {
        (letter, l): [REFERENCES[name](p, decay=decay if letter == "W" else 0.0, **known) for p in tensor.ravel().tolist()]
        for letter, tensors in (("W", start.network.W), ("b", start.network.b))
        for l, tensor in enumerate(tensors, start=1)
    }
    for of in theirs.values():
        for one in of:
            next(one)
    for step in under(start, actions, steps=6):
        truth = oracles.automatic(step.network, step.trace.X, step.trace.Y)
        taken = {at: gradient * (-0.5 if at[1] == 1 else 1) for at, gradient in truth.items() if at != ("A", 0)}
        for (letter, l), gradient in taken.items():
            np.testing.assert_allclose(getattr(step.trace.layers[l], f"d{letter}"), gradient, rtol=1e-9, atol=1e-13)
        taken["W", 1] = np.clip(3 * taken["W", 1], -0.01, 0.01)
        taken["b", 2] = np.clip(taken["b", 2], -0.05, 0.05)
        taken["b", 3] = 0 * taken["b", 3]
        for (letter, l), gradient in taken.items():
            there = [one.send(float(g)) for one, g in zip(theirs[letter, l], gradient.ravel(), strict=True)]
            np.testing.assert_allclose(getattr(step.trace.layers[l], f"{letter}_next").ravel(), there, rtol=1e-9, atol=1e-12)
        assert sorted(set(step.trace.layers[1].more) & {"gW", "gb"}) == ["gW"]


def test_a_layers_edits_come_first_and_then_the_runs_clipping_of_all() -> None:
    optimizer = find_optimizer("sgd", "constant", {"name": "norm", "max_norm": 0.1})
    step = step_under([*TAKEN, {"name": "freeze", "layer": 2}], optimizer, steps=1)
    layers = step.trace.layers
    after_edits = {
        (1, "W"): np.clip(3 * layers[1].dW, -0.01, 0.01),
        (1, "b"): layers[1].db,
        (3, "W"): layers[3].dW,
        (3, "b"): 0 * layers[3].db,
    }
    norm = math.sqrt(sum(float((one**2).sum()) for one in after_edits.values()))
    assert norm > 0.1
    for (l, name), gradient in after_edits.items():
        np.testing.assert_array_equal(layers[l].more[f"h{name}"], gradient)
        np.testing.assert_allclose(layers[l].more[f"g{name}"], gradient * 0.1 / (norm + 1e-6), rtol=1e-12)
    assert not {"hW", "gW", "hb", "gb"} & set(layers[2].more)


def test_a_factor_of_0_stops_what_is_not_finite_too() -> None:
    W = [[[1.0], [1.0]], [[1e200, 1.0], [-1e200, 1.0]], [[1e200, 1.0], [-1e200, 2.0]]]
    network = make_network([1, 2, 2, 2], "relu", "softmax", "cross_entropy", W, [[0.0, 0.0]] * 3)
    start = Step(take_step(network, np.array([[1.0]]), np.array([[0.0], [1.0]])), network, find_optimizer("sgd"))
    assert not np.isfinite(start.trace.layers[1].dA).all()
    actions = [{"name": "scale_gradient", "tensor": tensor, "layer": 1, "factor": 0} for tensor in ("dA", "dW")]
    step = under(start, actions)[0]
    assert step.trace.layers[1].dA.tolist() == [[0.0], [0.0]]
    assert step.trace.layers[1].dW.tolist() == [[0.0], [0.0]]
    assert explain(step.trace, step.network, step.optimizer, Cell("dA", 1, 0, 0)).result == 0


@pytest.mark.parametrize("factor", [0, -1, 0.25])
def test_the_check_says_that_an_edit_made_a_gradient_another_and_still_checks_it(factor: float) -> None:
    actions = [{"name": "scale_gradient", "tensor": "dA", "layer": 1, "factor": factor}]
    for dtype in ("float64", "float32"):
        step = step_under(actions, find_optimizer("sgd"), normalisation=[None, "layer_norm"], dtype=dtype)
        checks = gradcheck(step.trace, step.network, plan(step.trace))
        told = verdict(checks)
        assert told.outcome == "edited"
        assert f"by {factor:g} in layers 0, 1" in told.words
        assert {check.layer for check in checks if check.factor != 1} == {0, 1}
        (of_cell,) = gradcheck(step.trace, step.network, [one_cell(Cell("dA", 1, 2, 1))])
        assert verdict_on_cell(of_cell).outcome == "edited"
        (behind,) = gradcheck(step.trace, step.network, [one_cell(Cell("dZ", 2, 2, 1))])
        assert verdict_on_cell(behind).outcome in ("agrees", "small")
    # the same gradient with no edit to explain it is wrong, and so is one that is not what the edit makes of it
    bare = step.network.under(None)
    assert verdict(gradcheck(step.trace, bare, plan(step.trace))).outcome == "disagrees"
    other = step.network.under(Interventions(scaled={1: 0.7}))
    assert verdict(gradcheck(step.trace, other, plan(step.trace))).outcome == "disagrees"


def test_all_paths_of_an_edited_network_sum_to_the_gradient() -> None:
    step = step_under(
        [*ABLATED, {"name": "scale_gradient", "tensor": "dA", "layer": 2, "factor": -3}], find_optimizer("sgd"), dropout=[0.4, 0]
    )
    for cell in (Cell("W", 1, 1, 1), Cell("b", 2, 1, 0), Cell("W", 1, 2, 1)):
        found = paths(step.trace, step.network, cell, limit=1000)
        assert math.fsum(path.product for path in found.paths) == pytest.approx(found.gradient, rel=1e-12, abs=1e-15)
        for path in found.paths:
            assert path.product == pytest.approx(math.prod(factor.value for factor in path.factors) / step.trace.m, rel=1e-12)
            assert [factor.value for factor in path.factors if factor.kind == "scale"] == [-3]
    assert not paths(step.trace, step.network, Cell("W", 1, 2, 1)).paths  # of an ablated unit


def test_a_diagnosis_names_the_edit_and_does_not_complain_of_a_frozen_layer() -> None:
    stopped = step_under([{"name": "scale_gradient", "tensor": "dA", "layer": 1, "factor": 0}], find_optimizer("sgd"))
    found = diagnose(stopped.trace, stopped.network, stopped.optimizer)
    assert any("at layer 1, W^T dZ, which an edit multiplies by 0, makes it exactly 0" in finding.words for finding in found)
    frozen = step_under(FROZEN, find_optimizer("sgd"))
    assert health(frozen.trace, frozen.network)[1].update_ratio == 0
    assert not any("W[1]" in finding.words for finding in diagnose(frozen.trace, frozen.network, frozen.optimizer))
