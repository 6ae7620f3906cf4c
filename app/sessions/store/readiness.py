"""Whether the database takes changes, for those who ask every few seconds."""

import threading
import time
from collections.abc import Callable

from ..errors import StoreUnavailable

KEPT = 1.0  # seconds in which it is found out once, however many ask


class Readiness:
    """What trying to write came to last. Any thread may ask."""

    def __init__(self, try_to_write: Callable[[], None]) -> None:
        self._try_to_write = try_to_write
        self._failed: StoreUnavailable | None = None
        self.known_until = 0.0
        self._guard = threading.Lock()

    def check(self) -> None:
        """Raises StoreUnavailable where nothing can be changed."""
        with self._guard:  # whoever asks meanwhile is answered the same
            if time.monotonic() >= self.known_until:
                try:
                    self._try_to_write()
                    self._failed = None
                except StoreUnavailable as error:
                    self._failed = error
                self.known_until = time.monotonic() + KEPT
            failed = self._failed
        if failed is not None:
            raise StoreUnavailable(failed.reason, failed.words)
