"""The eight equations of the derivation by name, each computed again by loops over the examples, and by autograd."""

import numpy as np
import pytest
from hypothesis import given

from app.engine import take_step
from tests import oracles
from tests.oracles import assert_close
from tests.strategies import Case, build_case, cases


@pytest.fixture(params=[False, True], ids=["hard", "soft"])
def case(request: pytest.FixtureRequest) -> Case:
    return build_case([4, 5, 3, 3], m=6, seed=7, soft=request.param)


def layers(case: Case):
    trace = take_step(*case)
    return trace.layers, trace.m, len(trace.layers) - 1


def mean_outer(dZ: np.ndarray, A_prev: np.ndarray, m: int) -> np.ndarray:
    total = np.zeros((dZ.shape[0], A_prev.shape[0]))
    for i in range(m):
        for j in range(dZ.shape[0]):
            for k in range(A_prev.shape[0]):
                total[j, k] += dZ[j, i] * A_prev[k, i]
    return total / m


def mean_column(dZ: np.ndarray, m: int) -> np.ndarray:
    total = np.zeros((dZ.shape[0], 1))
    for i in range(m):
        for j in range(dZ.shape[0]):
            total[j, 0] += dZ[j, i]
    return total / m


def carried_back(W: np.ndarray, dZ: np.ndarray, m: int) -> np.ndarray:
    dA = np.zeros((W.shape[1], m))
    for i in range(m):
        for k in range(W.shape[1]):
            for j in range(W.shape[0]):
                dA[k, i] += W[j, k] * dZ[j, i]
    return dA


def test_1_dZ_L_is_A_minus_Y(case: Case) -> None:
    layer, m, L = layers(case)
    expected = np.empty_like(case.Y)
    for i in range(m):
        e = np.exp(layer[L].Z[:, i])
        expected[:, i] = e / e.sum() - case.Y[:, i]
    assert_close(layer[L].dZ, expected, "dZ[L]", rtol=1e-12, atol=1e-14)


def test_2_dW_L(case: Case) -> None:
    layer, m, L = layers(case)
    assert_close(layer[L].dW, mean_outer(layer[L].dZ, layer[L - 1].A, m), "dW[L]", rtol=1e-12, atol=1e-14)


def test_3_db_L(case: Case) -> None:
    layer, m, L = layers(case)
    assert_close(layer[L].db, mean_column(layer[L].dZ, m), "db[L]", rtol=1e-12, atol=1e-14)


def test_4_dA_before_L(case: Case) -> None:
    layer, m, L = layers(case)
    assert_close(layer[L - 1].dA, carried_back(layer[L].W, layer[L].dZ, m), "dA[L-1]", rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("l", [1, 2])
def test_5_dZ_l_passes_where_Z_is_positive(case: Case, l: int) -> None:
    layer, m, _ = layers(case)
    expected = np.zeros_like(layer[l].Z)
    for i in range(m):
        for j in range(expected.shape[0]):
            expected[j, i] = layer[l].dA[j, i] if layer[l].Z[j, i] > 0 else 0
    assert_close(layer[l].dZ, expected, f"dZ[{l}]", rtol=0, atol=0)


@pytest.mark.parametrize("l", [1, 2])
def test_6_dW_l(case: Case, l: int) -> None:
    layer, m, _ = layers(case)
    assert_close(layer[l].dW, mean_outer(layer[l].dZ, layer[l - 1].A, m), f"dW[{l}]", rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("l", [1, 2])
def test_7_db_l(case: Case, l: int) -> None:
    layer, m, _ = layers(case)
    assert_close(layer[l].db, mean_column(layer[l].dZ, m), f"db[{l}]", rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("l", [1, 2])
def test_8_dA_before_l(case: Case, l: int) -> None:
    layer, m, _ = layers(case)
    assert_close(layer[l - 1].dA, carried_back(layer[l].W, layer[l].dZ, m), f"dA[{l - 1}]", rtol=1e-12, atol=1e-14)


@given(cases())
def test_every_gradient_agrees_with_autograd(case: Case) -> None:
    oracles.assert_gradients(oracles.analytic(take_step(*case)), oracles.automatic(*case), rtol=1e-9, atol=1e-12)


@given(cases())
def test_every_gradient_agrees_with_central_differences(case: Case) -> None:
    oracles.assert_gradients(oracles.analytic(take_step(*case)), oracles.numeric(*case), rtol=1e-5, atol=1e-7)
