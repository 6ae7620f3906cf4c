"""X and Y given in full: taken as they are, and refused with the place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data import DEFAULT_BOUNDS, Bounds, load_dataset, settle
from app.engine import NotFinite, OutOfBounds, ShapeMismatch, UnknownParameter, WrongType

XOR = {"X": [[0, 0, 1, 1], [0, 1, 0, 1]], "Y": [[1, 0, 0, 1], [0, 1, 1, 0]]}


def load(dtype="float64", **config):
    found, content = settle({"name": "inline", **config}, DEFAULT_BOUNDS)
    return load_dataset(found, seed=0, dtype=dtype, content=content)


cells = st.floats(allow_nan=False, allow_infinity=False, width=64)


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 5), st.data())
def test_every_number_comes_back(n_0, n_L, N, data):
    def draw(rows):
        return data.draw(st.lists(st.lists(cells, min_size=N, max_size=N), min_size=rows, max_size=rows))

    X, Y = draw(n_0), draw(n_L)
    made = load(X=X, Y=Y)
    np.testing.assert_array_equal(made.X_train, np.array(X))
    np.testing.assert_array_equal(made.Y_train, np.array(Y))
    assert not made.held_out
    assert made.X_test is not None
    np.testing.assert_array_equal(made.X_test, made.X_train)


def test_examples_for_the_test_are_never_trained_on():
    made = load(**XOR, X_test=[[0.5], [0.25]], Y_test=[[1], [0]])
    assert made.held_out
    assert made.X_train.tolist() == XOR["X"]
    assert made.X_test.tolist() == [[0.5], [0.25]]
    assert made.Y_test.tolist() == [[1], [0]]


def test_standardised_if_wished_by_the_training_examples():
    made = load(X=[[1, 2, 3]], Y=[[10, 20, 60]], X_test=[[2]], Y_test=[[30]], standardise=True)
    np.testing.assert_allclose(made.X_train, [[-(1.5**0.5), 0, 1.5**0.5]])
    assert made.X_test.tolist() == made.Y_test.tolist() == [[0.0]]
    assert made.target_scale.mean == (30.0,)
    assert load(**XOR, standardise=True).Y_train.tolist() == XOR["Y"]  # classes stay what they are


@pytest.mark.parametrize(
    ("Y", "targets"),
    [
        ([[1, 0], [0, 1]], "classes"),
        ([[0.01, 0.3], [0.99, 0.7]], "classes"),
        ([[1, 0], [1, 1]], "labels"),
        ([[1, 0]], "labels"),
        ([[0.5, 1.5]], "numbers"),
        ([[-0.5, 0.5], [1.5, 0.5]], "numbers"),
    ],
)
def test_targets_are_seen_by_their_values(Y, targets):
    made = load(X=[[1, 2]], Y=Y)
    assert made.targets == targets
    assert len(made.target_names) == len(Y)
    word = {"classes": "class", "labels": "label"}.get(targets)
    assert made.class_names == (() if word is None else tuple(f"{word} {row}" for row in range(1, len(Y) + 1)))


def test_the_configuration_holds_a_summary():
    found, content = settle({"name": "inline", **XOR}, DEFAULT_BOUNDS)
    assert found["content"]["X"] == [2, 4]
    assert found["content"]["bytes"] == len(content)
    assert "X" not in found


@pytest.mark.parametrize(
    ("change", "error", "field", "value", "bound"),
    [
        ({"X": None}, OutOfBounds, "X", None, "given"),
        ({"Y": None}, OutOfBounds, "Y", None, "given"),
        ({"X": "abc"}, WrongType, "X", "abc", "an array"),
        ({"X": [[0, 0, 1, "1"], [0, 1, 0, 1]]}, WrongType, "X[0][3]", "1", "finite number"),
        ({"X": [[0, 0, 1, True], [0, 1, 0, 1]]}, WrongType, "X[0][3]", True, "finite number"),
        ({"X": [[0, 0, 1, 1], [0, 1, 0]]}, ShapeMismatch, "X[1]", [0, 1, 0], "4 long, like X[0]"),
        ({"X": [[0, 0, 1, float("inf")], [0, 1, 0, 1]]}, NotFinite, "X[0][3]", "inf", "finite number"),
        ({"Y": [[0, 0, float("nan"), 1]]}, NotFinite, "Y[0][2]", "nan", "finite number"),
        ({"X": []}, ShapeMismatch, "X", (0, 0), "at least one row"),
        ({"X": [[]], "Y": [[]]}, ShapeMismatch, "X", (1, 0), "at least one row"),
        ({"Y": [[1, 0, 0]]}, ShapeMismatch, "Y", (1, 3), "4 columns"),
        ({"X_test": [[1], [1]]}, OutOfBounds, "Y_test", None, "given, with X_test"),
        ({"Y_test": [[1], [1]]}, OutOfBounds, "X_test", None, "given, with Y_test"),
        ({"X_test": [[1]], "Y_test": [[1], [0]]}, ShapeMismatch, "X_test", (1, 1), "2 rows, like X"),
        ({"X_test": [[1], [1]], "Y_test": [[1]]}, ShapeMismatch, "Y_test", (1, 1), "2 rows, like Y"),
        ({"X_test": [[1], [1]], "Y_test": [[1, 0], [0, 1]]}, ShapeMismatch, "Y_test", (2, 2), "1 column, one for each example"),
        ({"Z": [[1]]}, UnknownParameter, "Z", [[1]], "left out"),
        ({"standardise": "yes"}, WrongType, "standardise", "yes", "true or false"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_refuses_with_the_place(change, error, field, value, bound):
    with pytest.raises(error) as refusal:
        load(**{**XOR, **change})
    assert refusal.value.field == f"dataset.{field}"
    assert refusal.value.value == value
    assert bound in refusal.value.bound


def test_numbers_beyond_the_dtype_are_refused():
    assert load(X=[[1e300]], Y=[[1]]).X_train[0, 0] == 1e300
    with pytest.raises(NotFinite) as refusal:
        load("float32", X=[[1e300]], Y=[[1]])
    assert refusal.value.field == "dataset.X[0][0]"
    assert "float32" in refusal.value.bound
    # an example for the test is counted by itself, as it was given
    with pytest.raises(NotFinite) as refusal:
        load("float32", X=[[1, 2]], Y=[[1, 0]], X_test=[[3, 1e300]], Y_test=[[1, 0]], standardise=True)
    assert refusal.value.field == "dataset.X_test[0][1]"
    assert "once it is standardised" in refusal.value.bound


@pytest.mark.parametrize(
    ("row", "found"), [([1e308, -1e308, 1e308, 1e308], "from -1e+308 to 1e+308"), ([1e-320, 0, 0, 2e-320], "from 0.0 to 2e-320")]
)
def test_a_spread_beyond_float64_is_refused_when_it_is_to_be_standardised(row, found):
    with pytest.raises(NotFinite) as refusal:
        load(X=[[0, 1, 2, 3], row], Y=[[0, 1, 1, 0]], standardise=True)
    assert refusal.value.field == "dataset.X[1]"
    assert refusal.value.found == f"has numbers {found}, a spread that is beyond float64 when it is standardised"
    assert load(X=[row], Y=[[0, 1, 1, 0]]).X_train.tolist() == [row]


@pytest.mark.parametrize(
    ("bounds", "found"), [({"max_data_cells": 15}, "X and the other arrays have 16 cells"), ({"max_data_examples": 3}, "X has 4 examples")]
)
def test_holds_the_bounds(bounds, found):
    limit = next(iter(bounds))
    settle({"name": "inline", **XOR}, Bounds(**{limit: bounds[limit] + 1}))
    with pytest.raises(OutOfBounds) as refusal:
        settle({"name": "inline", **XOR}, Bounds(**bounds))
    assert refusal.value.field == "dataset.X"
    assert str(refusal.value).startswith(f"dataset.{found}; ")
