"""Datasets that are in use, so that sessions on the same data share one copy of it."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from app.data import Dataset, DatasetKind

Loaded = tuple[DatasetKind, Dataset]
Key = tuple[bytes, int, str]


class Shelf:
    """The datasets used last, at most `max_bytes` of them but always the last one; anything else is loaded again when it is wanted."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Key, Loaded] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, key: Key, load: Callable[[], Loaded]) -> Loaded:
        """What is kept under `key`, else what `load` makes. Two that load the same at once do it twice, and no one waits."""
        with self._guard:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        loaded = load()
        with self._guard:
            self._kept[key] = loaded
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(_size(data) for _, data in self._kept.values()) > self._max_bytes:
                self._kept.popitem(last=False)
        return loaded


def _size(data: Dataset) -> int:
    """Bytes of its arrays, twice: a kind that holds what somebody brought holds as much again."""
    return 2 * sum(array.nbytes for array in (data.X_train, data.Y_train, data.X_test, data.Y_test))
