"""Datasets are shared while they are in use, and go when the shelf is full."""

from app.data import examples_of, find_kind
from app.sessions.shelf import Shelf


def blobs(seed):
    kind = find_kind({"name": "blobs", "count": 50})
    return kind, examples_of(kind, seed=seed, dtype="float64")


def key(seed):
    return b"blobs", seed, "float64"


def test_keeps_the_last_ones_within_its_bytes():
    one = blobs(0)
    size = 2 * sum(array.nbytes for array in (one[1].X_train, one[1].Y_train, one[1].X_test, one[1].Y_test))
    shelf, loaded = Shelf(max_bytes=2 * size), []

    def take(seed):
        return shelf.take(key(seed), lambda: loaded.append(seed) or blobs(seed))

    first = take(1)
    take(2)
    assert take(1) is first
    take(3)  # 2 is the one not taken for longest
    assert take(1) is first
    take(2)
    assert loaded == [1, 2, 3, 2]


def test_keeps_what_is_larger_than_itself_until_the_next():
    shelf = Shelf(max_bytes=0)
    first = shelf.take(key(1), lambda: blobs(1))
    assert shelf.take(key(1), lambda: blobs(1)) is first
    shelf.take(key(2), lambda: blobs(2))
    assert shelf.take(key(1), lambda: blobs(1)) is not first
