"""Sums of products of cells, and how they are read out of a trace."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine import Cell, take_step
from app.engine.terms import Factor, Products, Reader, Scale, Sum, constant, exact_sum, one_term, parts_of
from tests.strategies import build_case

finite = st.floats(-1e300, 1e300, allow_subnormal=False)


@given(st.lists(finite, max_size=30))
def test_a_sum_is_rounded_once(terms: list[float]) -> None:
    exact = sum((Fraction(term) for term in terms), Fraction(0))
    assert exact_sum(np.array(terms)) == float(exact)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([1e16, 1.0, -1e16], 1.0),
        ([], 0.0),
        ([math.inf, 1.0], math.inf),
        ([-math.inf, 1e308], -math.inf),
        ([math.inf, -math.inf], math.nan),
        ([math.nan, 1.0], math.nan),
        ([1e308, 1e308], math.inf),
        ([-1e308, -1e308, -1e308], -math.inf),
    ],
)
def test_what_is_not_finite_is_added_as_ieee_has_it(terms: list[float], expected: float) -> None:
    np.testing.assert_equal(exact_sum(np.array(terms, dtype=np.float64)), expected)


@pytest.fixture
def reader() -> Reader:
    return Reader(take_step(*build_case([3, 4, 2], 5, seed=1)))


def test_rows_columns_and_cells_know_where_they_stand(reader: Reader) -> None:
    dW = reader.trace.layers[1].dW
    row, col, cell = reader.row("dW", 1, 2), reader.col("dW", 1, 1), reader.cell("dW", 1, 2, 1)
    assert row.values.tolist() == dW[2].tolist()
    assert col.values.tolist() == dW[:, 1].tolist()
    assert cell.values.tolist() == [dW[2, 1]]
    assert [row.of[0].at(k) for k in range(3)] == [(Cell("dW", 1, 2, k), dW[2, k]) for k in range(3)]
    assert [col.of[0].at(j) for j in range(4)] == [(Cell("dW", 1, j, 1), dW[j, 1]) for j in range(4)]
    assert all(factor.is_cell for factor in (row, col, cell))


def test_the_loss_the_losses_and_the_targets_are_tensors_too(reader: Reader) -> None:
    trace = reader.trace
    assert reader.tensor("loss", 2).tolist() == [[trace.loss]]
    assert reader.tensor("losses", 2).tolist() == [trace.losses.tolist()]
    assert reader.tensor("Y", 2) is trace.Y
    assert reader.mean().value == 1 / 5


@pytest.mark.parametrize(("name", "layer"), [("W", 0), ("dA", 2), ("W_next", 1)])
def test_a_tensor_that_the_trace_lacks_is_a_key_error(reader: Reader, name: str, layer: int) -> None:
    with pytest.raises(KeyError, match=name):
        reader.tensor(name, layer)


def test_values_are_float64_whatever_the_traces_dtype() -> None:
    reader = Reader(take_step(*build_case([3, 4, 2], 5, seed=1, dtype="float32")))
    factor = reader.row("Z", 1, 0)
    assert factor.values.dtype == np.float64
    assert (factor.values == reader.trace.layers[1].Z[0]).all()


def test_products_multiply_all_their_factors_unless_the_product_is_given() -> None:
    factors = tuple(Factor(np.array(values)) for values in ([1.0, 2.0], [3.0, 4.0], [5.0, -6.0]))
    assert Products(factors).values.tolist() == [15.0, -48.0]
    assert Products(factors, given=np.array([7.0, 8.0])).values.tolist() == [7.0, 8.0]
    assert one_term(constant(2.0, "2"), constant(-3.0, "-3")).values.tolist() == [-6.0]
    assert one_term(constant(math.inf, "x"), constant(0.0, "0"), given=0.0).values.tolist() == [0.0]


def test_a_product_beyond_the_largest_float_is_an_infinity_without_a_warning() -> None:
    values = Products((Factor(np.array([1e200, math.inf])), Factor(np.array([1e200, 0.0])))).values
    np.testing.assert_equal(values, [math.inf, math.nan])


def test_a_sum_is_scaled_or_divides_its_numerator() -> None:
    parts = (Products((constant(2.0, "2", n=3),), "i"), one_term(constant(4.0, "4")))
    assert Sum(parts).products.tolist() == [2.0, 2.0, 2.0, 4.0]
    assert Sum(parts).result(10.0) == 10.0
    assert Sum(parts, Scale(-0.5, "-")).result(10.0) == -5.0
    assert Sum(parts, numerator=constant(4.0, "4")).result(10.0) == 0.4
    assert parts_of(parts).tolist() == [0, 3, 4]
    assert Sum(()).products.size == 0
    assert parts_of(()).tolist() == [0]
