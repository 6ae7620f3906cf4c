"""What a weight influences: the paths found are the largest, and all of them together are the gradient.

Every path of a small network is enumerated here once more, by itertools and nothing of the search.
"""

import itertools
import math
import sys
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import Cell, OutOfBounds, Trace, UnknownName, activations, check_batch, make_network, paths, take_step
from app.engine.terms import Reader
from tests.strategies import Step, build_step, steps


class Chain(NamedTuple):
    example: int
    units: tuple[int, ...]
    product: float


def slope(activation, Z: float) -> float:
    """g'(Z) of one number, by the activation's own backward."""
    at = np.array([[Z]])
    with np.errstate(all="ignore"):
        return float(activation.backward(np.ones_like(at), at, activation.forward(at))[0, 0])


def every_path(step: Step, cell: Cell) -> list[Chain]:
    trace, L, l = step.trace, len(step.trace.layers) - 1, cell.layer
    layers, found = trace.layers, []
    for i in range(trace.m):
        for onward in itertools.product(*(range(layers[r].size) for r in range(l + 1, L + 1))):
            units = (cell.row, *onward)
            product = (1.0 if cell.tensor.endswith("b") else float(layers[l - 1].A[cell.col, i])) / trace.m
            for r, unit in enumerate(units, start=l):
                if r > l:
                    product *= float(layers[r].W[unit, units[r - l - 1]])
                product *= float(layers[r].more["D"][unit, i]) if "D" in layers[r].more else 1.0
                product *= float(layers[L].dZ[unit, i]) if r == L else slope(step.network.activations[r - 1], float(layers[r].Z[unit, i]))
            found.append(Chain(i, units, product))
    return sorted(found, key=lambda chain: -abs(chain.product))


def gradient_of(trace: Trace, cell: Cell) -> float:
    return float(getattr(trace.layers[cell.layer], f"d{cell.tensor.removeprefix('d')}")[cell.row, cell.col])


@st.composite
def weights(draw: st.DrawFn) -> tuple[Step, Cell]:
    """A small network of 1 to 4 layers of any activations, and a weight or a bias in it."""
    step = draw(steps(normalised=False))
    layer = draw(st.integers(1, len(step.trace.layers) - 1))
    tensor = draw(st.sampled_from(["W", "b", "dW", "db"]))
    rows, cols = getattr(step.trace.layers[layer], tensor).shape
    return step, Cell(tensor, layer, draw(st.integers(0, rows - 1)), draw(st.integers(0, cols - 1)))


@given(weights())
@settings(max_examples=25)
def test_all_paths_together_are_the_gradient(given_: tuple[Step, Cell]) -> None:
    step, cell = given_
    everything = every_path(step, cell)
    found = paths(step.trace, step.network, cell, limit=10**6)
    assert found.count == len(everything)
    assert found.gradient == gradient_of(step.trace, cell)
    magnitude = math.fsum(abs(chain.product) for chain in everything)
    assert math.fsum(path.product for path in found.paths) == pytest.approx(found.gradient, abs=1e-12 * magnitude)
    assert found.rest == pytest.approx(0, abs=1e-12 * magnitude)
    # those of product 0 are no influence, and all others are there, each once
    alive = {(chain.example, chain.units): chain.product for chain in everything if chain.product}
    assert {(path.example, path.units) for path in found.paths} == set(alive)
    assert len(found.paths) == len(alive)
    for path in found.paths:
        assert path.product == pytest.approx(alive[path.example, path.units], rel=1e-12)


@given(weights(), st.integers(0, 12))
@settings(max_examples=25)
def test_the_largest_come_first_and_none_is_missed(given_: tuple[Step, Cell], limit: int) -> None:
    step, cell = given_
    everything = every_path(step, cell)
    found = paths(step.trace, step.network, cell, limit=limit)
    sizes = [abs(path.product) for path in found.paths]
    best = [abs(chain.product) for chain in everything if chain.product][:limit]
    # two products that differ by rounding may stand either way
    np.testing.assert_allclose(sizes, best, rtol=1e-12)
    assert all(one >= other * (1 - 1e-12) for one, other in itertools.pairwise(sizes))
    magnitude = math.fsum(abs(chain.product) for chain in everything)
    left = math.fsum([found.gradient, *(-path.product for path in found.paths)])
    assert found.rest == pytest.approx(left, abs=1e-13 * magnitude)


@given(weights())
@settings(max_examples=25)
def test_a_paths_factors_are_numbers_of_the_trace_and_multiply_to_its_product(given_: tuple[Step, Cell]) -> None:
    step, cell = given_
    L = len(step.trace.layers) - 1
    for path in paths(step.trace, step.network, cell, limit=5).paths:
        product = 1 / step.trace.m
        for kind, at, value, of in path.factors:
            number = float(Reader(step.trace).tensor(at.tensor, at.layer)[at.row, at.col])
            assert kind in ("cell", "slope")
            assert value == (number if kind == "cell" else slope(step.network.activations[at.layer - 1], number))
            assert kind == "cell" or at.tensor == "Z"
            assert of is None
            product *= value
        assert path.product == pytest.approx(product, rel=1e-12)
        assert path.share == pytest.approx(path.product / found_gradient) if (found_gradient := gradient_of(step.trace, cell)) else True
        assert (len(path.units), path.units[0]) == (L - cell.layer + 1, cell.row)
        assert path.factors[-1][1] == Cell("dZ", L, path.units[-1], path.example)
        first = path.factors[0][1]
        if cell.tensor in ("W", "dW"):
            assert first == Cell("A", cell.layer - 1, cell.col, path.example)
        else:
            assert first.tensor != "A"
        weights_passed = [at for _, at, *_ in path.factors if at.tensor == "W"]
        assert [(at.layer, at.row, at.col) for at in weights_passed] == [
            (cell.layer + r, path.units[r], path.units[r - 1]) for r in range(1, len(path.units))
        ]


def every_path_through_norms(step: Step, cell: Cell) -> list[Chain]:
    """The same where layers are normalised over their units: a chain has a unit of Z and one of N there, and every pair of them counts."""
    layers, L, found = step.trace.layers, len(step.trace.layers) - 1, []
    norms = [step.network.normalisation(r) for r in range(L + 1)]
    stations = [r for r in range(cell.layer, L + 1) for _ in range(1 if norms[r] is None else 2)]

    def derivative(r: int, v: int, u: int, i: int) -> float:
        """dN_v / dZ_u by the layer's own backward, of a gradient of 1 at v."""
        of = {name: layers[r].more[name][:, i : i + 1] for name in ("M", "V", "Zhat")}
        dN = np.eye(layers[r].size)[:, v : v + 1]
        dZ = norms[r].backward(dN, layers[r].Z[:, i : i + 1], of["M"], of["V"], of["Zhat"], layers[r].more["gamma"])[-1]
        return float(dZ[u, 0])

    for i in range(step.trace.m):
        for onward in itertools.product(*(range(layers[r].size) for r in stations[1:])):
            units = (cell.row, *onward)
            product = (1.0 if cell.tensor.endswith("b") else float(layers[cell.layer - 1].A[cell.col, i])) / step.trace.m
            for at, (r, unit) in enumerate(zip(stations, units, strict=True)):
                if at:
                    product *= derivative(r, unit, units[at - 1], i) if stations[at - 1] == r else float(layers[r].W[unit, units[at - 1]])
                if r == L:
                    product *= float(layers[L].dZ[unit, i])
                elif stations[at + 1] != r:
                    read = layers[r].more.get("N", layers[r].Z)
                    product *= slope(step.network.activations[r - 1], float(read[unit, i]))
                    product *= float(layers[r].more["D"][unit, i]) if "D" in layers[r].more else 1.0
            found.append(Chain(i, units, product))
    return sorted(found, key=lambda chain: -abs(chain.product))


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("norms", [["layer_norm"] * 2, ["layer_norm", None], [None, "layer_norm"]], ids=repr)
@pytest.mark.parametrize("hidden", ["relu", "tanh"])
def test_paths_lead_through_every_pair_of_units_of_a_layer_normalised_over_them(
    hidden: str, norms: list[str | None], dropout: float
) -> None:
    # of 4 and more units: of two, a derivative is a difference of nearly equal numbers
    step = build_step([2, 4, 5, 2], 3, seed=4, hidden=hidden, normalisation=norms, dropout=dropout)
    for cell in (Cell("W", 1, 2, 1), Cell("db", 1, 0, 0), Cell("dW", 2, 3, 1), Cell("W", 3, 0, 4)):
        everything = every_path_through_norms(step, cell)
        found = paths(step.trace, step.network, cell, limit=10**6)
        assert found.count == len(everything)
        magnitude = math.fsum(abs(chain.product) for chain in everything)
        assert math.fsum(path.product for path in found.paths) == pytest.approx(gradient_of(step.trace, cell), abs=1e-12 * magnitude)
        alive = {(chain.example, chain.units): chain.product for chain in everything if chain.product}
        assert {(path.example, path.units) for path in found.paths} == set(alive)
        for path in found.paths:
            assert path.product == pytest.approx(alive[path.example, path.units], rel=1e-9)
        few = paths(step.trace, step.network, cell, limit=6)
        np.testing.assert_allclose(
            [abs(path.product) for path in few.paths], [abs(chain.product) for chain in everything if chain.product][:6], rtol=1e-9
        )
        for path in few.paths:
            assert math.prod(value for _, _, value, _ in path.factors) / step.trace.m == pytest.approx(path.product, rel=1e-12)
            assert len(path.units) == len(path.layers)
            for kind, at, _, of in path.factors:
                assert (kind == "derivative") == (of is not None)
                assert of is None or (at.tensor, of.tensor, at.layer, at.col) == ("N", "Z", of.layer, of.col)


def test_a_wide_normalised_network_is_searched_and_not_enumerated() -> None:
    step = build_step([20, 256, 256, 10], 32, seed=1, scale=0.1, normalisation="layer_norm")
    found = paths(step.trace, step.network, Cell("W", 1, 5, 3), limit=20)
    assert found.count == 32 * 256 * 256 * 256 * 10
    sizes = [abs(path.product) for path in found.paths]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 20


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize("tensor", ["dW", "db"])
@pytest.mark.parametrize("name", list(activations))
def test_at_every_depth_for_every_weight(depth: int, tensor: str, name: str) -> None:
    step = build_step([3, *[4, 3, 4][: depth - 1], 3], 3, seed=depth, hidden=name)
    for layer in range(1, depth + 1):
        for row, col in np.ndindex(getattr(step.trace.layers[layer], tensor).shape):
            cell = Cell(tensor, layer, row, col)
            everything = every_path(step, cell)
            found = paths(step.trace, step.network, cell, limit=7)
            best = [abs(chain.product) for chain in everything if chain.product][:7]
            np.testing.assert_allclose([abs(path.product) for path in found.paths], best, rtol=1e-12)
            assert found.count == len(everything) == step.trace.m * math.prod(s for s in step.network.layer_sizes[layer + 1 :])


def test_all_of_the_largest_may_lead_through_one_unit() -> None:
    step = build_step([2, 3, 5], 1, seed=1)
    alive = int(np.argmax(step.trace.layers[1].Z[:, 0]))
    for limit in range(1, 7):
        found = paths(step.trace, step.network, Cell("b", 1, alive, 0), limit=limit)
        assert len(found.paths) == min(limit, 5)


def test_a_layer_searched_in_many_blocks_is_the_same_search(monkeypatch: pytest.MonkeyPatch) -> None:
    step = build_step([3, 4, 9, 7, 3], 3, seed=2)
    cells = [Cell("W", 1, row, 1) for row in range(4)]
    whole = [paths(step.trace, step.network, cell, limit=8) for cell in cells]
    for block in (1, 40, 60):
        monkeypatch.setattr(sys.modules["app.engine.paths"], "BLOCK", block)  # the package has the function by that name
        assert [paths(step.trace, step.network, cell, limit=8) for cell in cells] == whole


def dead() -> Step:
    """A network whose hidden unit 0 is stopped for every example, and whose unit 1 of the next layer for the first."""
    W = [[[-1.0, -1.0], [1.0, 2.0], [0.5, 0.5]], [[1.0, 1.0, 1.0], [0.0, -1.0, 2.0]], [[1.0, -1.0], [0.5, 2.0]]]
    network = make_network([2, 3, 2, 2], "relu", "softmax", "cross_entropy", W, [[0.0] * 3, [0.0] * 2, [0.0] * 2])
    X, Y = [[1.0, 2.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]
    return Step(take_step(network, *check_batch(network, X, Y)), network, None)


def test_no_path_leads_through_a_dead_unit() -> None:
    step = dead()
    assert step.trace.layers[1].Z[0].max() < 0
    for tensor, col in (("W", 0), ("W", 1), ("b", 0)):
        found = paths(step.trace, step.network, Cell(tensor, 1, 0, col))
        assert (found.paths, found.gradient, found.rest) == ((), 0.0, 0.0)
        assert found.count == 2 * 2 * 2  # they are there, and carry nothing
    assert paths(step.trace, step.network, Cell("W", 2, 0, 0)).paths == ()  # its input is dead
    alive = paths(step.trace, step.network, Cell("W", 1, 1, 0), limit=100)
    assert alive.paths
    assert all(step.trace.layers[2].Z[path.units[1], path.example] > 0 for path in alive.paths)


def test_a_gradient_of_0_has_no_shares() -> None:
    # both classes of the one example pull alike against the other example's
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1.0]], [[1.0], [1.0]]], [[0.0], [0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]]))
    found = paths(trace, network, Cell("W", 1, 0, 0))
    assert found.gradient == 0.0
    assert [path.product for path in found.paths] == [-0.5, 0.5]
    assert all(math.isnan(path.share) for path in found.paths)


def test_the_path_of_the_last_layer_is_an_example() -> None:
    step = build_step([3, 2], 4, seed=1)
    found = paths(step.trace, step.network, Cell("W", 1, 1, 2), limit=2)
    assert found.count == 4
    terms = step.trace.layers[1].dZ[1] * step.trace.X[2] / 4
    order = np.argsort(-np.abs(terms))[:2]
    assert [path.example for path in found.paths] == order.tolist()
    assert [path.units for path in found.paths] == [(1,), (1,)]
    np.testing.assert_allclose([path.product for path in found.paths], terms[order], rtol=1e-15)


def test_float32_too() -> None:
    step = build_step([3, 4, 3, 2], 3, seed=2, dtype="float32")
    for cell in (Cell("W", 1, 2, 1), Cell("b", 2, 0, 0), Cell("W", 3, 1, 2)):
        everything = every_path(step, cell)
        found = paths(step.trace, step.network, cell, limit=8)
        best = [abs(chain.product) for chain in everything if chain.product][:8]
        np.testing.assert_allclose([abs(path.product) for path in found.paths], best, rtol=1e-6)


def test_a_wide_network_is_searched_and_not_enumerated() -> None:
    step = build_step([20, 256, 256, 256, 10], 32, seed=1, scale=0.1)
    found = paths(step.trace, step.network, Cell("W", 1, 5, 3), limit=20)
    assert found.count == 32 * 256 * 256 * 10
    sizes = [abs(path.product) for path in found.paths]
    assert len(sizes) == 20
    assert sizes == sorted(sizes, reverse=True)
    # against one step of brute force for the best: the largest product over all examples and chains, layer by layer in NumPy
    trace = step.trace
    best = np.abs(trace.layers[4].dZ)
    for l in (3, 2):
        best = (np.abs(trace.layers[l + 1].W)[:, :, None] * best[:, None, :]).max(axis=0) * (trace.layers[l].Z > 0)
    best = (np.abs(trace.layers[2].W)[:, 5, None] * best).max(axis=0) * (trace.layers[1].Z[5] > 0) * np.abs(trace.X[3]) / 32
    assert sizes[0] == pytest.approx(best.max(), rel=1e-12)


def overflowing() -> Step:
    """Finite parameters and a finite forward pass, whose paths have products of both signs beyond the largest float."""
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1e-200]], [[1e200], [1e200]]], [[0.0], [0.0, 0.0]])
    step = take_step(network, *check_batch(network, [[1e200]], [[1.0], [0.0]]))
    return Step(step, network, None)


def test_products_beyond_the_largest_float_leave_no_rest_and_no_crash() -> None:
    for limit in (1, 10):
        found = paths(overflowing().trace, overflowing().network, Cell("W", 1, 0, 0), limit=limit)
        assert found.paths
        assert all(math.isinf(path.product) for path in found.paths)
        assert not math.isfinite(found.rest)


def test_a_diverged_network_has_paths_without_numbers_and_no_crash() -> None:
    network = make_network([1, 1, 2], "relu", "softmax", "cross_entropy", [[[1e200]], [[1e200], [1.0]]], [[0.0], [0.0, 0.0]])
    trace = take_step(network, *check_batch(network, [[1.0]], [[1.0], [0.0]]))
    for cell in (Cell("W", 1, 0, 0), Cell("b", 1, 0, 0), Cell("W", 2, 1, 0), Cell("b", 2, 0, 0)):
        found = paths(trace, network, cell)
        assert math.isnan(found.gradient)
        assert math.isnan(found.rest)


@pytest.mark.parametrize("tensor", ["A", "Z", "dZ", "loss", "W_next", ""])
def test_only_a_parameter_has_paths(tensor: str) -> None:
    step = build_step([3, 4, 2], 5, seed=0)
    with pytest.raises(UnknownName) as refusal:
        paths(step.trace, step.network, Cell(tensor, 1, 0, 0))
    assert (refusal.value.field, refusal.value.value, refusal.value.bound) == ("tensor", tensor, "one of: W, b, dW, db")


@pytest.mark.parametrize(
    ("cell", "field", "bound"),
    [
        (Cell("W", 0, 0, 0), "layer", "1 to 2"),
        (Cell("W", 3, 0, 0), "layer", "1 to 2"),
        (Cell("W", 1, 4, 0), "row", "0 to 3"),
        (Cell("dW", 1, 0, -1), "col", "0 to 2"),
        (Cell("db", 1, 0, 1), "col", "0: b[1] is 4 by 1"),
    ],
)
def test_a_cell_outside_is_told_the_range(cell: Cell, field: str, bound: str) -> None:
    step = build_step([3, 4, 2], 5, seed=0)
    with pytest.raises(OutOfBounds) as refusal:
        paths(step.trace, step.network, cell)
    assert (refusal.value.field, refusal.value.value) == (field, getattr(cell, field))
    assert refusal.value.bound.startswith(bound)
