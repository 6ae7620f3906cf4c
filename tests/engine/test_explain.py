"""Where a number came from: the terms of every cell of every tensor give it again, and every factor leads on."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings

from app.engine import (
    SGD,
    Cell,
    Explanation,
    OutOfBounds,
    UnknownName,
    check_batch,
    example_alone,
    explain,
    layer_kinds,
    make_network,
    outputs,
    take_step,
)
from app.engine.explain import TENSORS, check_cell, tensors_of
from app.engine.terms import Reader
from tests.latex import Place, evaluate, letters_of_settings
from tests.strategies import CHOICES, Step, build_step, equations_of, given_tensors, steps


def every_cell(step: Step) -> Iterator[Cell]:
    reader = Reader(step.trace)
    for layer in range(len(step.trace.layers)):
        for name in tensors_of(step.trace, layer):
            for row, col in np.ndindex(reader.tensor(name, layer).shape):
                yield Cell(name, layer, row, col)


def asked(step: Step, cell: Cell) -> Explanation:
    return explain(step.trace, step.network, step.optimizer, cell)


def check_result(explained: Explanation, rtol: float = 1e-12, absolute: float = 0.0, strictly: float = 1e-12) -> None:
    """The terms give the number again.

    The trace's own sum is off by rounding in proportion to its terms, not to their sum: where terms cancel, few of the sum's digits are
    known to anyone, so the bound follows the terms. Where they don't cancel (|sum| is 1e-3 of them or more) the number itself is the bound.
    """
    value, result = explained.value, explained.result
    size = abs(explained.sum.scale.value) * explained.magnitude if explained.sum.numerator is None else abs(value)
    error = abs(result - value)
    assert error <= rtol * max(abs(value), size) + absolute, f"{explained.cell}: {result!r} for {value!r}"
    if explained.cancellation > 1e-3:
        assert error <= strictly * abs(value) + absolute, f"{explained.cell} strictly: {result!r} for {value!r}"


@given(steps())
@settings(max_examples=12)
def test_every_cell_of_every_tensor_is_what_its_terms_give(step: Step) -> None:
    seen = set()
    for cell in every_cell(step):
        explained = asked(step, cell)
        assert explained.value == Reader(step.trace).tensor(cell.tensor, cell.layer)[cell.row, cell.col]
        check_result(explained)
        assert (explained.phase is None) == (explained.count == 0) == (explained.equation == "")
        seen.add(cell.tensor)
    assert seen >= set(TENSORS)


EPS = {dtype: float(np.finfo(dtype).eps) for dtype in ("float32", "float64")}


@given(steps(dtype="float32"))
@settings(max_examples=10)
def test_in_float32_too_as_far_as_its_digits_go(step: Step) -> None:
    # a softmax magnifies the rounding of its logits by their size
    spread = max(1.0, float(np.ptp(step.trace.layers[-1].Z)))
    for cell in every_cell(step):
        of_softmax = cell.tensor in ("losses", "loss") or (cell.tensor == "A" and cell.layer == len(step.trace.layers) - 1)
        # the smallest numbers of float32 have few digits, and the logarithm of a number near 1 is known to eps and no better
        floor = 4 * EPS["float32"] if cell.tensor in ("losses", "loss") else 4 * float(np.finfo(np.float32).tiny)
        # 1e-12 is 4,500 eps of float64; as many of float32
        rtol, strictly = 16 * EPS["float32"] * (spread if of_softmax else 1), 1e-12 * EPS["float32"] / EPS["float64"]
        check_result(asked(step, cell), rtol, floor, max(rtol, strictly))


@pytest.mark.parametrize("classes", [2, 10, 40])
@pytest.mark.parametrize("scale", [3.0, 30.0])
def test_a_network_that_is_almost_certain_has_losses_near_0_and_they_are_explained_too(classes: int, scale: float) -> None:
    for seed in range(2):
        step = build_step([4, 7, classes], 12, seed=seed, scale=scale, soft=False)
        L = len(step.trace.layers) - 1
        for i in range(step.trace.m):
            # a loss near 0 is the logarithm of a probability near 1: one rounding in another order would be seen
            check_result(asked(step, Cell("losses", L, 0, i)))
            for j in range(classes):
                check_result(asked(step, Cell("A", L, j, i)))
        check_result(asked(step, Cell("loss", L, 0, 0)))


def test_a_wide_layer_and_a_large_batch() -> None:
    step = build_step([300, 200, 10], 130, seed=4, scale=0.1)
    rng = np.random.default_rng(0)
    cells = list(every_cell(step))
    for at in rng.integers(0, len(cells), 150):
        check_result(asked(step, cells[at]))


def test_the_pass_of_one_example_is_explained_too() -> None:
    whole = build_step([3, 4, 5, 2], 6, seed=2)
    alone = Step(example_alone(whole.trace, whole.network, 3), whole.network, whole.optimizer)
    for cell in every_cell(alone):
        check_result(asked(alone, cell))


@pytest.mark.parametrize("choice", CHOICES.values(), ids=list(CHOICES))
def test_no_ingredient_is_left_out(choice: dict[str, str]) -> None:
    step = build_step([2, 3, 2], 3, seed=9, **choice)
    names = set()
    for cell in every_cell(step):
        explained = asked(step, cell)
        check_result(explained)
        if explained.phase:
            names.add((explained.phase.operation.name, explained.phase.equation_name))
    assert equations_of(step) <= names
    assert {step.network.dense.name} == set(layer_kinds)


# ---- the factors, and the walk


def factors_of(explained: Explanation):
    for term in explained.terms():
        yield from term.factors
    if explained.sum.numerator is not None:
        numerator = explained.sum.numerator
        yield type(term.factors[0])(float(numerator.values[0]), numerator.latex, tuple(cells.at(0) for cells in numerator.of))


@given(steps())
@settings(max_examples=6)
def test_a_factors_cell_has_the_traces_own_value_and_its_latex_gives_the_factor(step: Step) -> None:
    reader = Reader(step.trace)
    for cell in every_cell(step):
        explained = asked(step, cell)
        for factor in factors_of(explained) if explained.phase else ():
            for (name, layer, row, col), value in factor.cells:
                assert value == reader.tensor(name, layer)[row, col]
            if factor.latex == "#1":
                assert factor.value == factor.cells[0][1]
            check_latex(factor, explained, step)


def check_latex(factor, explained: Explanation, step: Step) -> None:
    """What is set in type, with its cells' values in their places, is the factor."""
    text = factor.latex
    for place, (_, value) in enumerate(factor.cells, start=1):
        assert f"#{place}" in text, f"{text} doesn't show its cell {place}"
        text = text.replace(f"#{place}", f"({value:.17f})" if 1e-3 < abs(value) < 1e3 else f"({value:.340f})")
    operation = explained.phase.operation
    letters = letters_of_settings(operation, step.trace.step)
    with np.errstate(all="ignore"):
        shown = float(evaluate(text, Place(step.trace, step.network, explained.phase.l, letters)))
    if math.isinf(shown) and factor.latex.startswith(r"\log"):
        return  # the logarithm of a probability that has become 0 is taken from the logits, and stays finite
    # a logarithm near 0 is known to the rounding of its number
    assert shown == pytest.approx(factor.value, rel=1e-12, abs=1e-15), f"{factor.latex} of {explained.cell}"


@given(steps())
@settings(max_examples=6)
def test_every_walk_from_a_gradient_reaches_A_minus_Y_and_what_was_given(step: Step) -> None:
    L = len(step.trace.layers) - 1
    given_to_it = given_tensors(step)
    ends: dict[Cell, frozenset[Cell]] = {}

    def walk(cell: Cell, trail: tuple[Cell, ...] = ()) -> frozenset[Cell]:
        """Every cell that the walk passes."""
        assert cell not in trail, f"the walk runs in a circle: {trail}"
        check_cell(step.trace, cell)
        if cell not in ends:
            explained = asked(step, cell)
            if explained.phase is None:
                assert (cell.tensor, cell.layer) in given_to_it, f"a dead end at {cell}"
                ends[cell] = frozenset([cell])
            else:
                found = {next_cell for factor in factors_of(explained) for next_cell, _ in factor.cells}
                assert found, f"a dead end at {cell}"
                allowed = set(explained.phase.reads)
                assert {(one.tensor, one.layer) for one in found} <= allowed, f"{cell} is made of what its phase doesn't read"
                ends[cell] = frozenset([cell]).union(*(walk(one, (*trail, cell)) for one in found))
        return ends[cell]

    for cell in every_cell(step):
        passed = walk(cell)
        assert any((one.tensor, one.layer) in given_to_it for one in passed)
        if cell.tensor in ("dA", "dZ", "dW", "db"):
            examples = range(step.trace.m) if cell.tensor in ("dW", "db") else [cell.col]
            if (cell.tensor, cell.layer) == ("dA", L):
                assert {Cell("A", L, cell.row, cell.col), Cell("Y", L, cell.row, cell.col)} <= passed
                continue
            for i in examples:
                reached = {one for one in passed if (one.tensor, one.layer) == ("dZ", L) and one.col == i}
                assert reached, f"{cell} does not reach the loss of example {i}"
                for one in reached:
                    assert {Cell("A", L, one.row, i), Cell("Y", L, one.row, i)} <= passed
        elif cell.tensor == "loss":
            assert {Cell("A", L, j, i) for j in range(step.trace.Y.shape[0]) for i in range(step.trace.m)} <= passed


# ---- terms, in order and in part


@pytest.fixture
def many() -> Explanation:
    step = build_step([3, 4, 2], 2500, seed=1)
    return asked(step, Cell("dW", 1, 2, 1))


def test_terms_come_in_their_own_order(many: Explanation) -> None:
    terms = many.terms()
    assert many.count == len(terms) == 2500
    assert [term.position for term in terms] == [term.index for term in terms] == list(range(2500))
    assert {term.letter for term in terms} == {"i"}
    for term in terms[::100]:
        dZ, A = term.factors
        assert dZ.cells[0][0] == Cell("dZ", 1, 2, term.index)
        assert A.cells[0][0] == Cell("A", 0, 1, term.index)
        assert term.product == dZ.value * A.value


def test_the_largest_come_first_when_asked(many: Explanation) -> None:
    terms = many.terms("magnitude")
    sizes = [abs(term.product) for term in terms]
    assert sizes == sorted(sizes, reverse=True)
    assert sorted(term.position for term in terms) == list(range(2500))


@pytest.mark.parametrize("order", ["index", "magnitude"])
def test_pages_follow_one_another(many: Explanation, order) -> None:
    pages = [many.terms(order, offset, 700) for offset in range(0, 2800, 700)]
    assert [len(page) for page in pages] == [700, 700, 700, 400]
    assert sum(pages, []) == many.terms(order)
    assert many.terms(order, 2500, 10) == many.terms(order, 9999, 10) == many.terms(order, 0, 0) == []


@pytest.mark.parametrize("order", ["index", "magnitude"])
@pytest.mark.parametrize("shown", [0, 1, 10, 2499, 2500, 3000])
def test_what_is_shown_and_the_rest_are_the_whole(many: Explanation, order, shown: int) -> None:
    terms, rest = many.terms(order, 0, shown), many.rest(order, shown)
    assert math.fsum([*(term.product for term in terms), rest]) == pytest.approx(many.total, abs=1e-15 * many.magnitude)
    if shown >= 2500:
        assert rest == 0


def test_shares_add_up_to_1_and_have_the_sign_of_pulling_with_or_against(many: Explanation) -> None:
    terms = many.terms()
    assert math.fsum(term.share for term in terms) == pytest.approx(1, abs=1e-12 * many.magnitude / abs(many.total))
    assert all(
        math.copysign(1, term.share) == math.copysign(1, term.product) * math.copysign(1, many.total) for term in terms if term.product
    )


def test_equal_terms_keep_their_own_order() -> None:
    network = make_network([4, 1], [], *pair(), [[[1.0, -1.0, 1.0, 2.0]]], [[0.0]])
    step = taken(network, [[1.0], [1.0], [1.0], [0.0]], [[1.0]])
    assert [term.position for term in asked(step, Cell("Z", 1, 0, 0)).terms("magnitude")] == [0, 1, 2, 3, 4]


def test_parts_have_terms_of_their_own_kinds() -> None:
    step = build_step([3, 2], 2, seed=1)
    terms = asked(step, Cell("Z", 1, 1, 0)).terms()
    assert [(term.index, term.letter, len(term.factors)) for term in terms] == [(0, "k", 2), (1, "k", 2), (2, "k", 2), (None, "", 1)]
    assert terms[3].factors[0].cells[0][0] == Cell("b", 1, 1, 0)


def test_the_cancellation_index_by_hand() -> None:
    network = make_network([3, 1], [], *pair(), [[[3.0, -1.0, 0.0]]], [[0.0]])
    step = taken(network, [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]], [[1.0, 1.0]])
    assert asked(step, Cell("Z", 1, 0, 0)).cancellation == 0.5
    assert math.isnan(asked(step, Cell("Z", 1, 0, 1)).cancellation)
    assert [term.share for term in asked(step, Cell("Z", 1, 0, 0)).terms()] == [1.5, -0.5, 0.0, 0.0]


# ---- what is not finite


def pair() -> tuple[str, str]:
    output = outputs[next(iter(outputs))]
    return output.activation, output.loss


def taken(network, X, Y) -> Step:
    optimizer = SGD(0.1, weight_decay=0.2)
    return Step(take_step(network, *check_batch(network, X, Y), optimizer=optimizer), network, optimizer)


def diverged() -> list[Step]:
    """Traces with infinities of both signs and NaN in their tensors."""
    one = make_network([2, 2, 2], "relu", *pair(), [[[1e200, 1.0], [-1e200, 1.0]], [[1e200, 1.0], [-1e200, 2.0]]], [[0.0, 0.0], [0.0, 0.0]])
    two = make_network([1, 2], [], *pair(), [[[1e308], [-1e308]]], [[0.0, 0.0]])
    three = make_network(
        [1, 2, 2, 2],
        "relu",
        *pair(),
        [[[1e160], [-1e160]], [[1e160, 0.0], [-1e160, 0.0]], [[0.0, 1.0], [0.0, -1.0]]],
        [[0.0] * 2] * 3,
    )
    return [
        taken(one, [[1.0, -1e150, 0.0], [1.0, 1.0, 2.0]], [[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]]),
        taken(two, [[10.0, -10.0]], [[1.0, 0.0], [0.0, 1.0]]),
        taken(three, [[1.0, -1.0]], [[1.0, 0.0], [0.0, 1.0]]),
    ]


def test_what_is_not_finite_is_explained_as_it_is() -> None:
    kinds = set()
    for step in diverged():
        for cell in every_cell(step):
            explained = asked(step, cell)
            value, result = explained.value, explained.result
            kinds.add("nan" if math.isnan(value) else "inf" if math.isinf(value) else "finite")
            assert np.isnan(result) == np.isnan(value), f"{cell}: {result} for {value}"
            if math.isinf(value):
                assert result == value, f"{cell}: {result} for {value}"
            elif math.isfinite(value) and math.isfinite(explained.magnitude):
                check_result(explained, absolute=1e-300)
            for order in ("index", "magnitude"):
                terms = explained.terms(order)
                assert len(terms) == explained.count
                explained.rest(order, 1)
            assert isinstance(explained.cancellation, float)
    assert kinds == {"nan", "inf", "finite"}


def test_a_product_is_ieees_own_but_where_nothing_passes() -> None:
    step = diverged()[0]
    L = len(step.trace.layers) - 1
    stopped = passed = 0
    for cell in every_cell(step):
        explained = asked(step, cell)
        for term in explained.terms() if explained.phase else ():
            with np.errstate(all="ignore"):
                plain = np.prod([np.float64(factor.value) for factor in term.factors])
            if cell.tensor == "dZ" and cell.layer < L and step.trace.layers[cell.layer].Z[cell.row, cell.col] <= 0:
                stopped += not math.isfinite(term.factors[0].value)
                assert term.product == 0
            elif cell.tensor != "losses":
                passed += not math.isfinite(plain)
                assert term.product == plain or (math.isnan(term.product) and math.isnan(plain))
    assert stopped, "no gradient that is not finite is stopped here"
    assert passed


def test_what_is_not_finite_comes_before_all_by_magnitude() -> None:
    step = diverged()[0]
    for cell in every_cell(step):
        terms = asked(step, cell).terms("magnitude")
        finite = [math.isfinite(term.product) for term in terms]
        assert finite == sorted(finite)


# ---- refusals


@pytest.fixture
def small() -> Step:
    return build_step([3, 4, 2], 5, seed=0)


@pytest.mark.parametrize(
    ("cell", "field", "bound"),
    [
        (Cell("dW", 1, 4, 0), "row", "0 to 3"),
        (Cell("dW", 1, -1, 0), "row", "0 to 3"),
        (Cell("dW", 1, 0, 3), "col", "0 to 2"),
        (Cell("db", 1, 0, 1), "col", "0: "),
        (Cell("A", 0, 3, 0), "row", "0 to 2"),
        (Cell("A", 2, 0, 5), "col", "0 to 4"),
        (Cell("Y", 2, 2, 0), "row", "0 to 1"),
        (Cell("losses", 2, 1, 0), "row", "0: "),
        (Cell("losses", 2, 0, 5), "col", "0 to 4"),
        (Cell("loss", 2, 0, 1), "col", "0: "),
        (Cell("dW", 3, 0, 0), "layer", "0 to 2"),
        (Cell("dW", -1, 0, 0), "layer", "0 to 2"),
    ],
)
def test_an_index_out_of_range_is_told_the_range(small: Step, cell: Cell, field: str, bound: str) -> None:
    with pytest.raises(OutOfBounds) as refusal:
        asked(small, cell)
    assert (refusal.value.field, refusal.value.value) == (field, getattr(cell, field))
    assert refusal.value.bound.startswith(bound)


@pytest.mark.parametrize(
    "cell",
    [
        Cell("dX", 1, 0, 0),
        Cell("", 1, 0, 0),
        Cell("index", 1, 0, 0),
        Cell("dA", 2, 0, 0),  # the output's activation and loss are differentiated together
        Cell("W", 0, 0, 0),
        Cell("Z", 0, 0, 0),
        Cell("Y", 1, 0, 0),
        Cell("loss", 0, 0, 0),
    ],
)
def test_a_tensor_that_is_not_there_is_answered_with_those_that_are(small: Step, cell: Cell) -> None:
    with pytest.raises(UnknownName) as refusal:
        asked(small, cell)
    assert (refusal.value.field, refusal.value.value) == ("tensor", cell.tensor)
    choices = refusal.value.bound.removeprefix("one of: ").split(", ")
    assert cell.tensor not in choices
    assert set(choices) <= set(TENSORS)
    assert "A" in choices


@pytest.mark.parametrize("tensor", ["W_next", "b_next"])
def test_without_an_update_there_are_no_next_parameters(tensor: str) -> None:
    step = build_step([3, 4, 2], 5, seed=0, optimizer=None)
    with pytest.raises(UnknownName):
        asked(step, Cell(tensor, 1, 0, 0))


@pytest.mark.parametrize("tensor", ["W_next", "b_next"])
def test_an_update_is_not_explained_without_its_optimizer(small: Step, tensor: str) -> None:
    with pytest.raises(ValueError, match="optimizer"):
        explain(small.trace, small.network, None, Cell(tensor, 1, 0, 0))


def test_nothing_of_the_step_is_computed_again(small: Step) -> None:
    """Only operations are asked of the network; its parameters could be anyone's."""
    other = small.network.with_parameters([W + 1 for W in small.network.W], [b + 1 for b in small.network.b])
    for cell in every_cell(small):
        assert explain(small.trace, other, small.optimizer, cell).result == asked(small, cell).result
