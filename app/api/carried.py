"""The JSON of what one step leaves to the next: `W_next` of a step is `W` of the one after it, the same array, and need not be written twice."""

import threading
from collections import OrderedDict
from typing import Any

import orjson

from app.engine import Array

from .encoding import tensor_json, to_bytes

MOST_BYTES = 32 * 1024 * 1024

# The array that is meant, which must stay alive for its id to be its own, and its JSON
Kept = tuple[Array, bytes]


class Carried:
    """What was written of each `..._next`, until the step after it asks for it, the latest `most_bytes`. Any thread may ask.

    An array of a trace never changes, so whichever array is asked for again has the same JSON. Where an edit puts another
    in its place, that is not found, and written as any tensor is.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[int, int | None], Kept] = OrderedDict()
        self._guard = threading.Lock()

    def encode(self, name: str, tensor: Array, max_cells: int | None) -> Any:
        """As `encoding.encode`."""
        key = (id(tensor), max_cells)
        if not name.endswith("_next"):
            kept = self._taken(key)
            return tensor_json(tensor, max_cells) if kept is None else orjson.Fragment(kept[1])
        written = to_bytes(tensor_json(tensor, max_cells))
        self._keep(key, (tensor, written))
        return orjson.Fragment(written)

    def _taken(self, key: tuple[int, int | None]) -> Kept | None:
        with self._guard:
            return self._popped(key)

    def _popped(self, key: tuple[int, int | None]) -> Kept | None:
        """For whoever holds the guard."""
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= _size(kept)
        return kept

    def _keep(self, key: tuple[int, int | None], kept: Kept) -> None:
        with self._guard:
            self._popped(key)  # what another thread kept of it meanwhile is counted no more
            self._kept[key] = kept
            self._bytes += _size(kept)
            while self._bytes > self._most_bytes:
                self._bytes -= _size(self._kept.popitem(last=False)[1])


def _size(kept: Kept) -> int:
    return kept[0].nbytes + len(kept[1])
