"""What of the sessions is in memory, all of which can be computed again: live networks and recent traces."""

import threading
from collections import OrderedDict

from app.engine import parameter_count

from .run import Run, Taken
from .store import Row


class Memory:
    """The networks and the traces used last, as many as there is room for. Any thread may ask."""

    def __init__(self, *, max_live: int, max_live_bytes: int, max_trace_bytes: int) -> None:
        self._max_live = max_live
        self._max_live_bytes = max_live_bytes
        self._max_trace_bytes = max_trace_bytes
        self._live: OrderedDict[str, tuple[Row, Run]] = OrderedDict()
        self._traces: OrderedDict[tuple[str, int], Taken] = OrderedDict()
        self._trace_bytes = 0
        self._guard = threading.Lock()

    def run(self, id: str) -> tuple[Row, Run] | None:
        """The live network with the session as it was when that was kept; None also where it has gone on since, which no row tells of."""
        with self._guard:
            found = self._live.get(id)
        return None if found is None or found[0].step != found[1].step else found

    def keep_run(self, row: Row, run: Run) -> None:
        with self._guard:
            self._live[row.id] = (row, run)
            self._live.move_to_end(row.id)
            while len(self._live) > self._max_live or sum(_held(kept) for _, kept in self._live.values()) > self._max_live_bytes:
                self._live.popitem(last=False)

    def drop_run(self, id: str) -> None:
        with self._guard:
            self._live.pop(id, None)

    def trace(self, id: str, step: int) -> Taken | None:
        with self._guard:
            kept = self._traces.get((id, step))
            if kept is not None:
                self._traces.move_to_end((id, step))
            return kept

    def nearest(self, id: str, step: int, after: int) -> Taken | None:
        """The latest step at or before `step` whose trace is here; of those above `after` alone."""
        with self._guard:
            return next((self._traces[id, n] for n in range(step, after, -1) if (id, n) in self._traces), None)

    def keep_trace(self, id: str, taken: Taken) -> None:
        key = (id, taken.trace.step)
        with self._guard:
            if key in self._traces:
                return
            self._traces[key] = taken
            self._trace_bytes += _size(taken)
            while self._trace_bytes > self._max_trace_bytes and self._traces:
                _, old = self._traces.popitem(last=False)
                self._trace_bytes -= _size(old)

    def forget(self, id: str) -> None:
        """All of a session that is gone."""
        self.drop_run(id)
        with self._guard:
            for key in [key for key in self._traces if key[0] == id]:
                self._trace_bytes -= _size(self._traces.pop(key))


def _held(run: Run) -> int:
    """Bytes of a live network's parameters."""
    return parameter_count(run.network.layer_sizes) * run.network.dtype.itemsize


def _size(taken: Taken) -> int:
    """Bytes that a trace holds on to."""
    return sum(
        tensor.nbytes
        for layer in taken.trace.layers
        for tensor in (layer.W, layer.b, layer.Z, layer.A, layer.dA, layer.dZ, layer.dW, layer.db, *layer.more.values())
        if tensor is not None
    )
