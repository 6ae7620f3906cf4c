"""What a step left is written once, and is what the answer of the step after it says."""

import numpy as np
import orjson

from app.api.carried import Carried
from app.api.encoding import tensor_json, to_bytes

ROW = np.array([[0.1, np.nan, -0.0, 1e-300]])


def is_carried(told: object) -> bool:
    return isinstance(told, orjson.Fragment)


def test_the_next_step_reads_it_as_it_would_be_written() -> None:
    carried = Carried()
    left = carried.encode("W_next", ROW, None)
    found = carried.encode("W", ROW, None)
    assert is_carried(found)
    assert to_bytes(left) == to_bytes(found) == to_bytes(tensor_json(ROW))


def test_an_array_of_the_same_numbers_is_another() -> None:
    carried = Carried()
    carried.encode("W_next", ROW, None)
    assert not is_carried(carried.encode("W", ROW.copy(), None))


def test_a_view_of_it_is_another() -> None:
    carried = Carried()
    carried.encode("W_next", ROW, None)
    view = carried.encode("W", ROW, 2)
    assert not is_carried(view)
    assert view["view"]["cols"] == 2


def test_the_latest_are_kept_and_none_longer_than_until_it_is_asked_for() -> None:
    rows = [np.full((1, 100), float(n)) for n in range(5)]
    of_each = rows[0].nbytes + len(to_bytes(tensor_json(rows[0])))
    carried = Carried(most_bytes=3 * of_each)
    for row in rows:
        carried.encode("W_next", row, None)
    assert [is_carried(carried.encode("W", row, None)) for row in rows] == [False, False, True, True, True]
    assert not any(is_carried(carried.encode("W", row, None)) for row in rows)


class Between:
    """A lock that lets something else happen right after it was given back for the first time."""

    def __init__(self, happens):
        self.happens = happens

    def __enter__(self):
        pass

    def __exit__(self, *_):
        happens, self.happens = self.happens, lambda: None
        happens()


def test_what_two_keep_at_once_counts_once() -> None:
    carried = Carried()
    carried._guard = Between(lambda: carried.encode("W_next", ROW, None))  # type: ignore[assignment]
    carried.encode("W_next", ROW, None)
    assert carried._bytes == ROW.nbytes + len(to_bytes(tensor_json(ROW)))
