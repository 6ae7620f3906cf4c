"""One after the other, for each session by itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Locks by the session that they are of, which last as long as somebody holds or awaits them."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()

    @contextmanager
    def alone(self, id: str) -> Iterator[None]:
        """One change of a session at a time in this process; the store decides between processes."""
        with self._guard:
            lock, users = self._locks.get(id, (threading.Lock(), 0))
            self._locks[id] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._locks[id]
                if users == 1:
                    del self._locks[id]
                else:
                    self._locks[id] = (lock, users - 1)
