"""The fully connected layer in numbers that can be checked by hand."""

import numpy as np

from app.engine import CONVENTION, Dense

W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[10.0], [20.0]])
A_PREV = np.array([[1.0, 0.0], [0.0, 2.0]])
DZ = np.array([[2.0, 4.0], [6.0, 8.0]])


def test_Z_by_hand() -> None:
    assert Dense().forward(A_PREV, W, b).tolist() == [[11.0, 14.0], [23.0, 28.0]]


def test_backward_by_hand_with_1_over_m_in_dW_and_db_alone() -> None:
    dW, db, dA_prev = Dense().backward(DZ, A_PREV, W)
    assert dW.tolist() == [[1.0, 4.0], [3.0, 8.0]]
    assert db.tolist() == [[3.0], [7.0]]
    assert dA_prev.tolist() == [[20.0, 28.0], [28.0, 40.0]]


def test_nothing_is_changed_in_place() -> None:
    given = [array.copy() for array in (W, b, A_PREV, DZ)]
    Dense().forward(A_PREV, W, b)
    Dense().backward(DZ, A_PREV, W)
    assert all((array == kept).all() for array, kept in zip((W, b, A_PREV, DZ), given, strict=True))


def test_the_convention_says_which_gradients_carry_1_over_m() -> None:
    for word in ("dA", "dZ", "sum", "dW", "db", "mean", "1/m"):
        assert word in CONVENTION
