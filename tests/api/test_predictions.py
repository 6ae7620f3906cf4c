"""The network's outputs over the plane, through HTTP, against a forward pass written here."""

import numpy as np
import pytest

from .test_trace import assert_problem


def forward(layers, X):
    A = X
    for layer in layers[1:]:
        Z = np.array(layer["W"]["values"]) @ A + np.array(layer["b"]["values"])
        A = np.maximum(Z, 0)
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)


def test_outputs_are_the_networks_before_the_update(client, make_session):
    one = make_session(layer_sizes=[2, 5, 3])
    client.post(f"{one.url}/steps", json={"count": 3}, headers=one.headers)
    told = client.get(f"{one.url}/steps/2/predictions?resolution=7").json()
    trace = client.get(f"{one.url}/steps/2?include=W,b").json()
    grid = np.stack([axis.ravel() for axis in np.meshgrid(told["x"], told["y"])])
    expected = forward(trace["layers"], grid).reshape(3, 7, 7)
    np.testing.assert_allclose(told["outputs"], expected, rtol=1e-12)
    assert len(told["points"]["X"][0]) == told["points"]["count"]


def test_the_grid_reaches_beyond_every_training_example(client, make_session):
    one = make_session()
    client.post(f"{one.url}/steps", headers=one.headers)
    told = client.get(f"{one.url}/steps/1/predictions").json()
    X = np.array(told["points"]["X"])
    for axis, values in zip((told["x"], told["y"]), X, strict=True):
        assert axis[0] < values.min()
        assert axis[-1] > values.max()
    assert np.shape(told["outputs"]) == (3, 60, 60)


@pytest.mark.parametrize(
    ("query", "field"), [("?resolution=1", "resolution"), ("?resolution=201", "resolution"), ("?resolution=x", "resolution")]
)
def test_refuses_a_resolution_out_of_bounds(client, make_session, query, field):
    one = make_session()
    client.post(f"{one.url}/steps", headers=one.headers)
    assert_problem(client.get(f"{one.url}/steps/1/predictions{query}"), 422, field)


def test_refuses_what_can_not_be_drawn_on_a_plane(client, make_session):
    one = make_session(dataset={"name": "digits"})
    client.post(f"{one.url}/steps", headers=one.headers)
    problem = assert_problem(client.get(f"{one.url}/steps/1/predictions"), 422, "id")
    assert "64 features" in problem["detail"]
    assert_problem(client.get(f"{one.url}/steps/9/predictions"), 404, "n")
