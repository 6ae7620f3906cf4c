"""A check that never fails checks nothing: wrong gradients have to be caught."""

import pytest

from app.engine import take_step
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


def test_the_two_oracles_agree() -> None:
    oracles.assert_gradients(oracles.numeric(*CASE), oracles.automatic(*CASE), rtol=1e-5, atol=1e-8)
