"""Networks are made whole or refused with field, value and bound."""

import numpy as np
import pytest

from app.engine import (
    EngineError,
    HeNormal,
    NotFinite,
    OutOfBounds,
    ShapeMismatch,
    UnknownName,
    Zeros,
    initial_network,
    make_network,
    parameter_count,
)

GOOD = {
    "layer_sizes": [2, 3, 2],
    "hidden_activations": ["relu"],
    "output_activation": "softmax",
    "loss": "cross_entropy",
    "W": [np.ones((3, 2)), np.ones((2, 3))],
    "b": [np.zeros(3), np.zeros((2, 1))],
    "dtype": "float64",
}


@pytest.mark.parametrize(
    ("change", "error", "field", "value"),
    [
        ({"layer_sizes": [2]}, EngineError, "layer_sizes", [2]),
        ({"layer_sizes": [2, 0, 2]}, EngineError, "layer_sizes[1]", 0),
        ({"layer_sizes": [2, True, 2]}, EngineError, "layer_sizes[1]", True),
        ({"dtype": "float16"}, UnknownName, "dtype", "float16"),
        ({"hidden_activations": ["nothing"]}, UnknownName, "hidden_activations[0]", "nothing"),
        ({"hidden_activations": "nothing"}, UnknownName, "hidden_activations", "nothing"),
        ({"hidden_activations": []}, ShapeMismatch, "hidden_activations", []),
        ({"output_activation": "nothing"}, UnknownName, "output_activation", "nothing"),
        ({"loss": "nothing"}, UnknownName, "loss", "nothing"),
        ({"W": [np.ones((3, 2))]}, ShapeMismatch, "W", 1),
        ({"b": []}, ShapeMismatch, "b", 0),
        ({"W": [np.ones((2, 3)), np.ones((2, 3))]}, ShapeMismatch, "W[0]", (2, 3)),
        ({"b": [np.zeros(3), np.zeros(3)]}, ShapeMismatch, "b[1]", (3,)),
        ({"b": [np.zeros(3), np.array([0, -np.inf])]}, NotFinite, "b[1][1]", -np.inf),
        ({"W": [np.full((3, 2), 1e300), np.ones((2, 3))], "dtype": "float32"}, NotFinite, "W[0][0][0]", np.inf),
    ],
)
def test_what_does_not_fit_is_refused(change, error, field, value) -> None:
    with pytest.raises(error) as refusal:
        make_network(**(GOOD | change))
    assert (refusal.value.field, refusal.value.value) == (field, value)
    assert refusal.value.bound
    assert refusal.value.bound in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "error", "field", "value"),
    [
        ({"gamma": [np.ones(3)]}, OutOfBounds, "gamma[0]", ...),  # not normalised
        ({"normalisation": "layer_norm", "beta": []}, ShapeMismatch, "beta", 0),
        (
            {"normalisation": "layer_norm", "gamma": [np.ones(3), np.ones(2)]},
            ShapeMismatch,
            "gamma",
            2,
        ),  # the output layer is never normalised
        ({"normalisation": "layer_norm", "gamma": [np.ones(2)]}, ShapeMismatch, "gamma[0]", (2,)),
        (
            {"normalisation": "layer_norm", "beta": [np.array([0, np.nan, 0])]},
            NotFinite,
            "beta[0][1]",
            pytest.approx(np.nan, nan_ok=True),
        ),
    ],
)
def test_gamma_and_beta_that_do_not_fit_are_refused(change, error, field, value) -> None:
    with pytest.raises(error) as refusal:
        make_network(**(GOOD | change))
    assert refusal.value.field == field
    assert value is ... or refusal.value.value == value


def test_gamma_and_beta_begin_as_given_and_else_at_1_and_0() -> None:
    sizes = {"layer_sizes": [2, 3, 2, 2], "hidden_activations": "relu", "W": [np.ones((3, 2)), np.ones((2, 3)), np.ones((2, 2))]}
    biases = {"b": [np.zeros(3), np.zeros(2), np.zeros(2)]}
    network = make_network(**(GOOD | sizes | biases), normalisation=["batch_norm", None], gamma=[np.array([1, 2, 3]), None])
    assert network.held[0]["gamma"].tolist() == [[1], [2], [3]]
    assert network.held[0]["beta"].tolist() == [[0]] * 3
    assert network.held[0]["rV"].tolist() == [[1]] * 3
    assert network.held[1] == {}
    assert not network.held[0]["gamma"].flags.writeable


def test_parameters_are_read_only_copies() -> None:
    network = make_network(**GOOD)
    assert network.layer_sizes == (2, 3, 2)
    assert network.b[0].shape == (3, 1)
    assert not np.shares_memory(network.W[0], GOOD["W"][0])
    assert not network.W[0].flags.writeable


def test_initial_networks_come_from_the_generator_layer_by_layer() -> None:
    single, double = (
        initial_network((4, 5, 3), "relu", "softmax", "cross_entropy", HeNormal(), np.random.default_rng(1), dtype)
        for dtype in ("float32", "float64")
    )
    assert single.dtype == np.float32
    assert (single.W[1] == double.W[1].astype("float32")).all()
    assert not double.b[0].any()
    assert not double.W[0].flags.writeable


def test_he_has_variance_2_over_n_prev_and_zeros_none() -> None:
    W = HeNormal().weights((400, 200), np.random.default_rng(0))
    assert W.var() == pytest.approx(2 / 200, rel=0.02)
    assert abs(W.mean()) < 1e-3
    assert not Zeros().weights((3, 2), np.random.default_rng(0)).any()


def test_parameter_count() -> None:
    assert parameter_count([2, 3, 2]) == 9 + 8
