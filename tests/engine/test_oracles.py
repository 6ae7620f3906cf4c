"""A check that never fails checks nothing: wrong gradients have to be caught."""

import numpy as np
import pytest

from app.engine import Dense, ReLU, take_step
from tests import oracles
from tests.strategies import build_case

CASE = build_case([3, 4, 4, 4], m=5, seed=3)

WRONG = {
    "lost 1/m": lambda dW: dW * 5,
    "transposed": lambda dW: dW.T,
    "2% off": lambda dW: dW * 1.02,
    "a sign": lambda dW: -dW,
}


@pytest.mark.parametrize("mistake", WRONG)
@pytest.mark.parametrize("truth", [oracles.numeric, oracles.automatic])
def test_a_wrong_dW_is_caught_and_named(mistake, truth) -> None:
    gradients = oracles.analytic(take_step(*CASE))
    gradients["W", 2] = WRONG[mistake](gradients["W", 2])
    with pytest.raises(AssertionError, match=r"dW\[2\] at cell \(\d+, \d+\): analytic .+, numeric "):
        oracles.assert_gradients(gradients, truth(*CASE))


def test_dA_0_is_of_the_sum_so_without_dividing_by_m_it_is_caught() -> None:
    trace = take_step(*CASE)
    gradients = oracles.analytic(trace) | {("A", 0): trace.layers[0].dA}
    with pytest.raises(AssertionError, match=r"dA\[0\]"):
        oracles.assert_gradients(gradients, oracles.numeric(*CASE))


@pytest.mark.parametrize("truth", [oracles.numeric, oracles.automatic])
@pytest.mark.parametrize(
    "wrong",
    [
        lambda dW, db, dA_prev, m: (dW * m, db, dA_prev),
        lambda dW, db, dA_prev, m: (dW, db * m, dA_prev),
        lambda dW, db, dA_prev, m: (dW, db, dA_prev / m),
        lambda dW, db, dA_prev, m: (dW, db, dA_prev * 1.02),
    ],
    ids=["dW without 1/m", "db without 1/m", "dA with 1/m", "dA 2% off"],
)
def test_an_engine_with_a_wrong_layer_is_caught(monkeypatch, truth, wrong) -> None:
    right = Dense.backward
    monkeypatch.setattr(Dense, "backward", lambda self, dZ, A_prev, W: wrong(*right(self, dZ, A_prev, W), dZ.shape[1]))
    with pytest.raises(AssertionError, match=r"d[WAb]\[\d\] at cell"):
        oracles.assert_gradients(oracles.analytic(take_step(*CASE)), truth(*CASE))


@pytest.mark.parametrize(
    "wrong", [lambda dA, Z, A: dA, lambda dA, Z, A: np.where(Z > 1, dA, 0)], ids=["passes everything", "kink in the wrong place"]
)
def test_an_engine_with_a_wrong_activation_is_caught(monkeypatch, wrong) -> None:
    monkeypatch.setattr(ReLU, "backward", lambda self, dA, Z, A: wrong(dA, Z, A))
    with pytest.raises(AssertionError, match=r"d[WAb]\[\d\] at cell"):
        oracles.assert_gradients(oracles.analytic(take_step(*CASE)), oracles.numeric(*CASE))


def test_a_gradient_that_is_not_a_number_is_caught() -> None:
    gradients = oracles.analytic(take_step(*CASE))
    gradients["b", 1] = np.full_like(gradients["b", 1], np.nan)
    with pytest.raises(AssertionError, match=r"db\[1\] at cell \(0, 0\): analytic .*nan"):
        oracles.assert_gradients(gradients, oracles.automatic(*CASE))


def test_the_two_oracles_agree() -> None:
    oracles.assert_gradients(oracles.numeric(*CASE), oracles.automatic(*CASE), rtol=1e-5, atol=1e-8)
