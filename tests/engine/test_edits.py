"""Edits as they are written: what is refused and why, which of them stand, and that without them a step is what it was."""

from typing import Any

import numpy as np
import pytest

from app.engine import (
    EngineError,
    added_tensors,
    edited,
    edits,
    find_optimizer,
    interventions_of,
    make_network,
    optimizers,
    read_edit,
    standing,
    take_step,
    written_edit,
)
from app.engine.explain import tensors_of
from app.engine.interventions import FAMILY
from app.engine.phases import phases
from app.engine.terms import Reader
from tests.edited import step_under, under
from tests.ingredients import step_on

WRITTEN: list[dict[str, Any]] = [
    {"name": "set", "tensor": "W", "layer": 2, "row": 3, "col": 1, "value": 0.5},
    {"name": "set_all", "tensor": "b", "layer": 1, "values": [[0.5], [-1.0], [2.0], [0.0], [3.0]]},
    {"name": "set_input", "row": 1, "col": 2, "value": -4.0},
    {"name": "ablate", "layer": 1, "unit": 4, "on": True},
    {"name": "freeze", "layer": 1, "on": False},
    {"name": "scale_gradient", "tensor": "dA", "layer": 0, "factor": -1.0},
    {"name": "clip_gradient", "tensor": "dW", "layer": 1, "max_abs": 0.1},
    {"name": "clip_gradient", "tensor": "dgamma", "layer": 1, "max_abs": None},
    {"name": "optimizer", "changes": {"learning_rate": 0.01}},
]
OPTIMIZER = find_optimizer("momentum")


def network(dtype: str = "float64"):
    """Layers 2-5-4-3, of which the first is normalised."""
    rng = np.random.default_rng(0)
    W = [rng.standard_normal(shape) for shape in ((5, 2), (4, 5), (3, 4))]
    return make_network(
        [2, 5, 4, 3], "tanh", "softmax", "cross_entropy", W, [np.zeros(n) for n in (5, 4, 3)], dtype, 0.0, ["layer_norm", None]
    )


@pytest.mark.parametrize("name", list(edits))
def test_an_edit_says_what_it_is(name: str) -> None:
    entry = edits[name]
    assert entry.title
    assert entry.help
    assert entry.source
    assert entry.__doc__
    assert isinstance(entry.stands, bool)
    for parameter in entry.parameters:
        assert parameter.help
        assert parameter.bound
        assert parameter.name in entry.__dataclass_fields__
        if parameter.type is not dict:
            assert parameter.check(parameter.default, "it") == parameter.default
    assert {one["name"] for one in WRITTEN} == set(edits)


@pytest.mark.parametrize("written", WRITTEN, ids=lambda one: one["name"])
def test_what_is_written_reads_back(written: dict[str, Any]) -> None:
    edit = read_edit(written)
    edit.check(network(), 6, OPTIMIZER)
    assert written_edit(edit) == written
    assert read_edit(written_edit(edit)) == edit
    for missing in set(written) - {"name", "on"}:
        with pytest.raises(EngineError) as refusal:
            read_edit({name: value for name, value in written.items() if name != missing})
        assert refusal.value.field == missing
    with pytest.raises(EngineError) as refusal:
        read_edit({**written, "colour": 1})
    assert refusal.value.field == "colour"


@pytest.mark.parametrize(
    ("name", "changes", "field", "bound"),
    [
        ("set", {"name": "paint"}, "name", "one of: ablate, "),
        ("set", {"name": None}, "name", "one of: ablate, "),
        ("set", {"tensor": "Z"}, "tensor", "one of: W, b, beta, gamma"),
        ("set", {"tensor": "gamma"}, "tensor", "one of: W, b"),
        ("set", {"layer": 4}, "layer", "1 to 3: layers of weights"),
        ("set", {"layer": 0}, "layer", "a whole number, at least 1"),
        ("set", {"layer": 1.5}, "layer", "a whole number, at least 1"),
        ("set", {"row": 4}, "row", "0 to 3: W[2] is 4 by 5"),
        ("set", {"col": 5}, "col", "0 to 4: W[2] is 4 by 5"),
        ("set", {"col": -1}, "col", "a whole number, at least 0"),
        ("set", {"value": float("nan")}, "value", "a finite number"),
        ("set", {"value": "0.5"}, "value", "a finite number"),
        ("set", {"value": 10**400}, "value", "a finite number"),
        ("set_all", {"values": [[1.0]] * 4}, "values", "of shape (5, 1), as b[1] is"),
        ("set_all", {"values": [[1.0, 2.0], [3.0]]}, "values[1]", "a row of 2 numbers, as the first is"),
        ("set_all", {"values": []}, "values", "a matrix: a list of rows, each a list of as many finite numbers"),
        ("set_all", {"values": "abc"}, "values", "a matrix: a list of rows, each a list of as many finite numbers"),
        ("set_all", {"values": [[1.0], ["x"], [2], [3], [4]]}, "values[1][0]", "a finite number"),
        ("set_all", {"values": [[1.0], [True], [2], [3], [4]]}, "values[1][0]", "a finite number"),
        ("set_all", {"values": [[1.0], [2], [2], [float("inf")], [4]]}, "values[3][0]", "a finite number"),
        ("set_all", {"values": [[1.0], [2], [2], [10**400], [4]]}, "values[3][0]", "a finite number"),
        ("set_input", {"row": 2}, "row", "0 to 1: the batch is 2 features by 6 examples"),
        ("set_input", {"col": 6}, "col", "0 to 5: the batch is 2 features by 6 examples"),
        ("ablate", {"layer": 3}, "layer", "1 to 2: hidden layers"),
        ("ablate", {"unit": 5}, "unit", "0 to 4: layer 1 has 5 units"),
        ("ablate", {"on": 1}, "on", "true or false"),
        ("freeze", {"layer": 4}, "layer", "1 to 3: layers of weights"),
        ("scale_gradient", {"layer": 3}, "layer", "0 to 2: layers before the last"),
        ("scale_gradient", {"tensor": "dZ"}, "tensor", "one of: dA, dW, db, dbeta, dgamma"),
        ("scale_gradient", {"tensor": "dbeta", "layer": 2}, "tensor", "one of: dW, db"),
        ("scale_gradient", {"factor": 1e7}, "factor", "a finite number, at least -1e+06 and at most 1e+06"),
        ("clip_gradient", {"tensor": "dA"}, "tensor", "one of: dW, db, dbeta, dgamma"),
        ("clip_gradient", {"max_abs": 0}, "max_abs", "a finite number, above 0 and at most 1e+06, or null"),
        ("clip_gradient", {"max_abs": "1"}, "max_abs", "a finite number, above 0 and at most 1e+06, or null"),
        ("optimizer", {"changes": {}}, "changes", "an object of parameters with their new values, at least one"),
        ("optimizer", {"changes": [1]}, "changes", "an object of parameters with their new values, at least one"),
        ("optimizer", {"changes": {"beta1": 0.5}}, "changes.beta1", "left out; the parameters are: learning_rate, momentum, "),
        ("optimizer", {"changes": {"learning_rate": 11}}, "changes.learning_rate", "a finite number, above 0 and at most 10"),
    ],
)
def test_what_does_not_fit_is_refused_with_field_value_and_bound(name: str, changes: dict[str, Any], field: str, bound: str) -> None:
    written = next(one for one in WRITTEN if one["name"] == name) | changes
    with pytest.raises(EngineError) as refusal:
        read_edit(written).check(network(), 6, OPTIMIZER)
    assert refusal.value.field == field
    assert refusal.value.bound.startswith(bound)
    assert refusal.value.bound == bound or bound.endswith((" ", ", "))


def test_what_float32_can_not_hold_is_refused() -> None:
    for written, field in (
        (WRITTEN[0] | {"value": 1e300}, "value"),
        (WRITTEN[1] | {"values": [[0.0], [1e300], [0], [0], [0]]}, "values[1][0]"),
    ):
        read_edit(written).check(network(), 6)
        with pytest.raises(EngineError) as refusal:
            read_edit(written).check(network("float32"), 6)
        assert refusal.value.field == field
        assert refusal.value.bound == "a finite float32 number"


def test_a_network_without_hidden_layers_has_no_unit_to_ablate() -> None:
    bare = make_network([2, 2], [], "softmax", "cross_entropy", [np.eye(2)], [[0, 0]])
    with pytest.raises(EngineError) as refusal:
        read_edit({"name": "ablate", "layer": 1, "unit": 0}).check(bare, 1)
    assert refusal.value.bound == "left out: this network has no hidden layers"
    read_edit({"name": "scale_gradient", "tensor": "dA", "layer": 0, "factor": 2}).check(bare, 1)


# ---- what acts once


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_numbers_are_set_and_what_was_handed_in_stays_as_it_is(dtype: str) -> None:
    given, X = network(dtype), np.ones((2, 6), dtype)
    for array in (*given.W, *given.b, X):
        array.flags.writeable = False
    gamma = {"name": "set", "tensor": "gamma", "layer": 1, "row": 2, "col": 0, "value": 7}
    network_made, X_made = edited(given, X, [read_edit(one) for one in (*WRITTEN[:3], gamma)], None)
    assert network_made.W[1][3, 1] == 0.5
    assert np.count_nonzero(network_made.W[1] != given.W[1]) == 1
    assert network_made.b[0].ravel().tolist() == [0.5, -1.0, 2.0, 0.0, 3.0]
    assert network_made.held[0]["gamma"].ravel().tolist() == [1, 1, 7, 1, 1]
    assert X_made[1, 2] == -4
    assert np.count_nonzero(X_made != X) == 1
    assert {array.dtype for array in (*network_made.W, *network_made.b, X_made)} == {np.dtype(dtype)}
    assert not any(array.flags.writeable for array in (network_made.W[1], network_made.b[0], network_made.held[0]["gamma"]))
    assert not given.b[0].any()
    assert (given.held[0]["gamma"] == 1).all()
    assert network_made.interventions is None
    flat = read_edit({"name": "set_all", "tensor": "b", "layer": 1, "values": [0.5, -1, 2, 0, 3]})
    np.testing.assert_array_equal(flat.on_network(given).b[0], network_made.b[0])
    assert standing([read_edit(one) for one in WRITTEN[:3]]) == ()


# ---- what stands


def stand(*written: dict[str, Any]) -> list[dict[str, Any]]:
    return [written_edit(one) for one in standing(read_edit(one) for one in written)]


def test_what_comes_later_takes_the_place_of_what_was_before_it() -> None:
    ablate, freeze, scale = WRITTEN[3], {"name": "freeze", "layer": 1, "on": True}, WRITTEN[5]
    clip, other = WRITTEN[6], {"name": "ablate", "layer": 1, "unit": 3, "on": True}
    assert stand(ablate, freeze, WRITTEN[0], scale, clip) == [ablate, freeze, scale, clip]
    assert stand(ablate, other, ablate) == [other, ablate]
    assert stand(ablate, other, ablate | {"on": False}) == [other]
    assert stand(freeze, freeze | {"on": False}, freeze | {"layer": 2}) == [freeze | {"layer": 2}]
    assert stand(scale, scale | {"factor": 2.0}, scale | {"layer": 1}) == [scale | {"factor": 2.0}, scale | {"layer": 1}]
    assert stand(scale, scale | {"factor": 1.0}) == []
    assert stand(clip, clip | {"max_abs": None}, clip | {"max_abs": 3.0}) == [clip | {"max_abs": 3.0}]
    assert stand(ablate | {"on": False}) == []
    both = [
        {"name": "optimizer", "changes": {"learning_rate": 0.1}},
        {"name": "optimizer", "changes": {"momentum": 0.5, "learning_rate": 0.2}},
    ]
    assert stand(*both) == [{"name": "optimizer", "changes": {"learning_rate": 0.2, "momentum": 0.5}}]


# ---- without edits


def same_bits(one: Any, other: Any) -> bool:
    return all(
        list(one.layers[l].more) == list(other.layers[l].more)
        and tensors_of(one, l) == tensors_of(other, l)
        and all(np.array_equal(Reader(one).tensor(name, l), Reader(other).tensor(name, l), equal_nan=True) for name in tensors_of(one, l))
        for l in range(len(one.layers))
    )


@pytest.mark.parametrize("clipping", [None, "norm"])
@pytest.mark.parametrize("name", list(optimizers))
def test_no_edit_and_edits_undone_leave_every_bit_as_it_was(name: str, clipping: str | None) -> None:
    optimizer = find_optimizer(name, "constant", clipping)
    step = step_on("relu", optimizer=optimizer, sizes=(2, 5, 4, 3), m=6, dropout=0.4, normalisation=["layer_norm", None])
    ends = [
        *({**WRITTEN[3], "on": on} for on in (True, False)),
        *({**WRITTEN[4], "on": on} for on in (True, False)),
        *({**WRITTEN[5], "factor": factor} for factor in (0, 1)),
        *({**WRITTEN[6], "max_abs": bound} for bound in (0.1, None)),
    ]
    bare = take_step(step.network, step.trace.X, step.trace.Y, optimizer=optimizer)
    for actions in ([], ends):
        (again,) = under(step, actions)
        assert again.network.interventions is None
        assert same_bits(again.trace, bare)
    # one that acts on no tensor of the step is as good as none: what stood on a network before is taken off it
    frozen = interventions_of([read_edit({"name": "freeze", "layer": 1})])
    (again,) = under(step._replace(network=step.network.under(frozen)), [])
    assert same_bits(again.trace, bare)
    assert not any(phase.family == FAMILY for phase in phases(again.network, optimizer))


def test_tensors_that_edits_add_are_among_those_that_a_layer_may_have() -> None:
    actions = [WRITTEN[3] | {"unit": 1}, {"name": "scale_gradient", "tensor": "dW", "layer": 1, "factor": 2}]
    trace = step_under(actions, find_optimizer("adam", "constant", "norm"), normalisation="batch_norm").trace
    for layer in trace.layers:
        assert set(layer.more) <= set(added_tensors())


def test_the_learning_rate_stays_above_the_lowest_of_the_schedule() -> None:
    falling = find_optimizer({"name": "sgd", "learning_rate": 0.1}, {"name": "cosine", "steps": 20, "lowest": 0.05})
    read_edit({"name": "optimizer", "changes": {"learning_rate": 0.05}}).check(network(), 6, falling)
    with pytest.raises(EngineError) as refusal:
        read_edit({"name": "optimizer", "changes": {"learning_rate": 0.01}}).check(network(), 6, falling)
    assert (refusal.value.field, refusal.value.value) == ("changes.learning_rate", 0.01)
    assert refusal.value.bound == "at least 0.05, the lowest rate of the run's schedule"
