"""What serving costs: a step through HTTP against the same step and `orjson.dumps` of the same arrays, side by side.

    python -m benchmarks.service

A real server process on a SQLite file, one kept-alive connection on loopback; the bare side runs here, in turns with it. Medians.
The aim: at most 1.25 times the bare side plus 2 ms.
"""

import argparse
import os

for pool in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(pool, "1")  # before NumPy, and for the server too: a second thread measures the scheduler

import http.client  # noqa: E402
import json  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402
import orjson  # noqa: E402

from app.engine import SGD, HeNormal, initial_network, next_network, take_step  # noqa: E402
from benchmarks.engine import bare_step  # noqa: E402
from benchmarks.serving import post, served  # noqa: E402

CASES = ((64, 64, 32, 10), (64, 256, 128, 10))
BATCH, ROUNDS = 32, 300
RATIO, FIXED = 1.25, 0.002


class BareSide:
    """A hand-written step that keeps nothing, then the JSON of a step's arrays, as nested in the server's answer."""

    def __init__(self, sizes):
        rng = np.random.default_rng(0)
        self._network = initial_network(sizes, "relu", "softmax", "cross_entropy", HeNormal(), rng)
        self._bare = [W.copy() for W in self._network.W], [b.copy() for b in self._network.b]
        self._X = rng.random((sizes[0], BATCH))
        self._Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], BATCH)].T.copy()
        self._optimizer = SGD(0.1)

    def arrays(self):
        """The same arrays as the server's answer carries; making them is not timed."""
        trace = take_step(self._network, self._X, self._Y, optimizer=self._optimizer)
        self._network = next_network(self._network, trace)
        names = ("W", "b", "Z", "A", "dA", "dZ", "dW", "db", "W_next", "b_next")
        return {"Y": trace.Y, "layers": [{name: getattr(layer, name) for name in names} for layer in trace.layers]}

    def seconds(self):
        arrays = self.arrays()
        began = time.perf_counter()
        bare_step(*self._bare, self._X, self._Y, 0.1)
        size = len(orjson.dumps(arrays, option=orjson.OPT_SERIALIZE_NUMPY))
        return time.perf_counter() - began, size


class Client:
    """One kept-alive connection to a session of its own."""

    def __init__(self, address, sizes):
        self._connection = http.client.HTTPConnection(address)
        made = json.loads(post(self._connection, "/api/v1/sessions", {"layer_sizes": sizes, "batch_size": BATCH}))
        self._path = f"/api/v1/sessions/{made['id']}/steps"
        self._key = {"Authorization": f"Bearer {made['edit_key']}"}

    def seconds(self):
        began = time.perf_counter()
        size = len(post(self._connection, self._path, {"count": 1}, self._key))
        return time.perf_counter() - began, size


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with served() as address:
        print(f"{'network (batch)':<22}{'POST steps':>12}{'bare + dumps':>14}{'ratio':>8}{'allowed':>11}{'of allowed':>12}{'answer':>12}")
        for sizes in CASES:
            report(sizes, Client(address, sizes), BareSide(sizes))


def report(sizes, client, bare):
    pairs = [(client.seconds(), bare.seconds()) for _ in range(ROUNDS + ROUNDS // 10)][ROUNDS // 10 :]  # the first tenth warms up
    served = statistics.median(one[0] for one, _ in pairs)
    barely = statistics.median(one[0] for _, one in pairs)
    allowed = RATIO * barely + FIXED
    name = f"{'-'.join(map(str, sizes))} ({BATCH})"
    print(
        f"{name:<22}{served * 1e3:>9.2f} ms{barely * 1e3:>11.2f} ms{served / barely:>8.2f}{allowed * 1e3:>8.2f} ms"
        f"{served / allowed:>12.2f}{pairs[-1][0][1] / 1e6:>9.2f} MB"
    )


if __name__ == "__main__":
    main()
