"""A step as its derivation: every tensor of the trace is written once, from what was written before."""

import pytest
from hypothesis import given

from app.engine import Cell, Equation, explain, phases
from app.engine.explain import GIVEN, TENSORS, maker, tensors_of
from app.engine.script import CALLS
from tests.strategies import CHOICES, Step, build_step, given_tensors, steps


@given(steps())
def test_every_tensor_is_given_or_written_once_and_read_after(step: Step) -> None:
    L = len(step.trace.layers) - 1
    there = given_tensors(step)
    for phase in phases(step.network, step.optimizer):
        assert set(phase.reads) <= there, f"{phase.key} reads what is not there yet"
        assert (phase.tensor, phase.layer) not in there, f"{phase.key} is written twice"
        there.add((phase.tensor, phase.layer))
    assert there == {(name, layer) for layer in range(L + 1) for name in tensors_of(step.trace, layer)}


def test_the_order_is_that_of_the_derivation() -> None:
    step = build_step([3, 4, 2], 5, seed=0)
    assert " ".join(phase.key for phase in phases(step.network, step.optimizer)) == (
        "Z1 A1 Z2 A2 losses2 loss2 dZ2 dW2 db2 dA1 dZ1 dW1 db1 dA0 W_next1 b_next1 W_next2 b_next2"
    )
    assert [phase.lane for phase in phases(step.network, step.optimizer)] == (
        ["forward"] * 4 + ["loss"] * 2 + ["backward"] * 8 + ["update"] * 4
    )


def test_backward_runs_from_the_last_layer_to_the_first() -> None:
    step = build_step([3, 4, 5, 4, 2], 5, seed=0)
    layers = [phase.l for phase in phases(step.network) if phase.lane == "backward"]
    assert layers == sorted(layers, reverse=True)


def test_without_an_optimizer_there_is_no_update() -> None:
    step = build_step([3, 4, 2], 5, seed=0)
    assert all(phase.lane != "update" for phase in phases(step.network))
    assert [p.key for p in phases(step.network)] == [p.key for p in phases(step.network, step.optimizer) if p.lane != "update"]


@pytest.mark.parametrize("choice", CHOICES.values(), ids=list(CHOICES))
def test_keys_are_unique_and_every_phase_has_its_equation(choice: dict[str, str]) -> None:
    step = build_step([3, 4, 5, 2], 5, seed=0, **choice)
    all_phases = phases(step.network, step.optimizer)
    assert len({phase.key for phase in all_phases}) == len(all_phases)
    for phase in all_phases:
        assert isinstance(phase.equation, Equation)
        assert phase.equation.why, f"{phase.key} does not say why"
        assert phase.lane == "update" or phase.equation_name == "loss" or (phase.family, phase.equation_name) in CALLS
    for derived in ("dZ", "dW", "db", "dA"):
        assert all(phase.equation.derivation for phase in all_phases if phase.tensor == derived and phase.lane == "backward")


@pytest.mark.parametrize(
    ("normalisation", "named"), [(None, r"\lVert dW, db \rVert"), ("batch_norm", r"\lVert dW, db, d\gamma, d\beta \rVert")]
)
def test_clipping_by_norm_names_the_gradients_that_there_are(normalisation: str | None, named: str) -> None:
    step = build_step([3, 4, 2], 5, seed=0, clipping="norm", normalisation=normalisation)
    phase = next(phase for phase in phases(step.network, step.optimizer) if phase.key == "gW1")
    (part,) = explain(step.trace, step.network, step.optimizer, Cell("gW", 1, 0, 0)).sum.parts
    for equation in (phase.equation.whole, phase.equation.cell, part.factors[0].latex):
        assert named in equation


def test_each_hidden_layer_has_its_own_activation() -> None:
    step = build_step([3, 4, 5, 2], 5, seed=0)
    for phase in phases(step.network):
        if phase.tensor in ("A", "dZ") and 0 < phase.layer < 3:
            assert phase.operation is step.network.activations[phase.layer - 1]


def test_the_maker_of_a_tensor_is_the_phase_that_writes_it() -> None:
    step = build_step([3, 4, 2], 5, seed=0)
    for layer in range(3):
        for name in tensors_of(step.trace, layer):
            phase = maker(step.network, step.optimizer, name, layer)
            if name in GIVEN or (name, layer) == ("A", 0):
                assert phase is None
            else:
                assert (phase.tensor, phase.layer) == (name, layer)
    assert {name for layer in range(3) for name in tensors_of(step.trace, layer)} == set(TENSORS)
