"""What an edit changed, tensor by tensor: forward, then backward, then the update."""

import dataclasses
import math

import numpy as np
import pytest

from app.engine import ShapeMismatch, difference, find_optimizer
from app.engine.explain import tensors_of
from app.engine.phases import phases
from app.engine.terms import Reader
from tests.edited import step_under, under
from tests.ingredients import Step, step_on

ADAM = find_optimizer("adam", "constant", "norm")


def taken(**more) -> Step:
    return under(step_on("tanh", optimizer=ADAM, sizes=(2, 4, 3, 2), m=3, **more), [])[0]


def changed(one: Step, other: Step) -> dict[tuple[str, int], tuple[int, float]]:
    return {(each.tensor, each.layer): (each.cells, each.max_abs) for each in difference(one.trace, other.trace) if each.cells}


@pytest.mark.parametrize("normalisation", [None, "batch_norm"])
def test_every_tensor_is_there_once_in_the_order_of_the_derivation(normalisation) -> None:
    step = taken(normalisation=normalisation, dropout=0.4)
    told = difference(step.trace, step.trace)
    assert all((each.cells, each.max_abs, each.only) == (0, 0.0, None) for each in told)
    places = [(each.tensor, each.layer) for each in told]
    assert len(set(places)) == len(places)
    assert set(places) == {(name, l) for l in range(4) for name in tensors_of(step.trace, l)}
    order = [places.index((phase.tensor, phase.layer)) for phase in phases(step.network, step.optimizer) if phase.lane != "update"]
    assert order == sorted(order)
    update = {(phase.tensor, phase.layer): phase for phase in phases(step.network, step.optimizer) if phase.lane == "update"}
    for at, phase in update.items():
        assert all(places.index(read) < places.index(at) for read in phase.reads), at


def test_a_weight_of_layer_2_changes_what_is_behind_it_and_all_gradients_but_no_forward_tensor_before_it() -> None:
    one = taken()
    (other,) = under(one, [{"name": "set", "tensor": "W", "layer": 2, "row": 1, "col": 0, "value": 9.0}])
    told = changed(one, other)
    assert told["W", 2] == (1, abs(9.0 - one.network.W[1][1, 0]))
    assert told["Z", 2][0] == 3  # one row, three examples
    assert told["loss", 3] == (1, abs(one.trace.loss - other.trace.loss))
    assert {("Z", 1), ("A", 1), ("A", 0), ("Y", 3)}.isdisjoint(told)
    assert {("dZ", 1), ("dA", 0), ("W_next", 1), ("W_next", 3)} <= set(told)
    for (name, l), (cells, largest) in told.items():
        before, after = (Reader(step.trace).tensor(name, l) for step in (one, other))
        assert cells == sum(a != b for a, b in zip(before.ravel(), after.ravel(), strict=True))
        assert largest == max(abs(a - b) for a, b in zip(before.ravel().tolist(), after.ravel().tolist(), strict=True))


def test_a_tensor_that_one_step_alone_has_is_named_as_such() -> None:
    one = taken()
    (other,) = under(one, [{"name": "ablate", "layer": 1, "unit": 2}, {"name": "freeze", "layer": 3}])
    only = {(each.tensor, each.layer): each for each in difference(one.trace, other.trace) if each.only}
    assert {(at, each.only) for at, each in only.items()} == {
        *(((name, 1), "after") for name in ("D", "G", "dG")),
        *(((name, 3), "before") for name in ("gW", "gb")),
    }
    assert only["D", 1].cells == 12
    assert math.isnan(only["D", 1].max_abs)
    assert {(each.tensor, each.layer, each.only) for each in difference(other.trace, one.trace) if each.only == "before"} == {
        (name, 1, "before") for name in ("D", "G", "dG")
    }


@pytest.mark.parametrize("clipping", [None, "norm"])
def test_a_bound_that_bounds_nothing_changes_nothing_and_any_other_what_it_bounds(clipping) -> None:
    optimizer = find_optimizer("sgd", "constant", clipping)
    one = under(step_on("tanh", optimizer=optimizer, sizes=(2, 4, 3, 2), m=3), [])[0]
    sizes = np.sort(np.abs(one.trace.layers[1].dW).ravel())

    def clip(max_abs: float) -> dict[str, object]:
        return {"name": "clip_gradient", "tensor": "dW", "layer": 1, "max_abs": max_abs}

    (wide,) = under(one, [clip(float(sizes[-1]))])
    assert changed(one, wide) == changed(wide, one) == {}
    (tight,) = under(one, [clip(float(sizes[-3]))])
    cells, largest = changed(one, tight)["hW" if clipping else "gW", 1]
    assert cells == np.count_nonzero(sizes > sizes[-3])
    assert largest == sizes[-1] - sizes[-3]


def test_what_is_not_finite_is_told_as_it_is() -> None:
    step = taken()

    def with_dZ(*numbers: float) -> Step:
        dZ = step.trace.layers[1].dZ.copy()
        dZ.ravel()[: len(numbers)] = numbers
        layers = list(step.trace.layers)
        layers[1] = layers[1]._replace(dZ=dZ)
        return step._replace(trace=dataclasses.replace(step.trace, layers=tuple(layers)))

    nan, inf = math.nan, math.inf
    assert changed(with_dZ(nan, inf, -inf), with_dZ(nan, inf, -inf)) == {}
    assert changed(with_dZ(nan, inf, 1.0), with_dZ(nan, inf, -inf)) == {("dZ", 1): (1, inf)}
    assert changed(with_dZ(inf, 2.0), with_dZ(-inf, 2.5)) == {("dZ", 1): (2, inf)}
    (nans,) = changed(with_dZ(nan, inf), with_dZ(1.0, 3.0)).values()
    assert nans[0] == 2
    assert math.isnan(nans[1])
    with np.errstate(all="raise"):
        assert changed(with_dZ(1e308), with_dZ(-1e308)) == {("dZ", 1): (1, inf)}


def test_networks_of_other_shapes_have_no_difference() -> None:
    step = taken()
    for other, field in ((step_on("tanh", sizes=(2, 4, 2)), "layers"), (step_on("tanh", sizes=(2, 4, 3, 2), m=5), "A[0]")):
        with pytest.raises(ShapeMismatch) as refusal:
            difference(step.trace, other.trace)
        assert refusal.value.field == field


def test_a_step_with_edits_of_every_kind_is_compared_too() -> None:
    actions = [
        {"name": "scale_gradient", "tensor": "dW", "layer": 1, "factor": 2},
        {"name": "clip_gradient", "tensor": "db", "layer": 2, "max_abs": 1e-3},
    ]
    step = step_under(actions, ADAM)
    names = [each.tensor for each in difference(step.trace, step.trace)]
    assert max(at for at, name in enumerate(names) if name[0] == "h") < min(
        at for at, name in enumerate(names) if name[0] == "g" and name != "gamma"
    )
