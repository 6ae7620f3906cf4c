"""What a click costs: `explain` of one cell of each kind, its trace at hand, against the bare NumPy dot product of the same terms.

    python -m benchmarks.explain

784-1024-1024-10 on MNIST with a batch of 256, over HTTP on loopback: a real server process and one kept-alive connection. Medians, from the
request to the last byte of the answer. The aim: at most 50 ms.
"""

import argparse
import os

for pool in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(pool, "1")  # before NumPy, and for the server too: a second thread measures the scheduler

import http.client  # noqa: E402
import json  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402
from urllib.parse import urlencode  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks.serving import post, served  # noqa: E402

SIZES, BATCH, ROUNDS, AIM = (784, 1024, 1024, 10), 256, 40, 0.050
KINDS = (
    ("Z", 2), ("A", 1), ("A", 3), ("losses", 3), ("loss", 3),
    ("dZ", 3), ("dZ", 2), ("dA", 1), ("dA", 0), ("dW", 2), ("db", 2), ("W_next", 2), ("b_next", 2),
)  # fmt: skip
VARIANTS = (
    ("Z", 2, {"order": "magnitude", "limit": 10}),
    ("dW", 2, {"order": "magnitude", "limit": 10}),
    ("Z", 2, {"example": 3}),
    ("dW", 2, {"example": 3}),
)


class Client:
    """One kept-alive connection to a session that has taken one step."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address)
        config = {"dataset": {"name": "mnist"}, "layer_sizes": SIZES, "batch_size": BATCH}
        made = json.loads(post(self._connection, "/api/v1/sessions", config))
        key = {"Authorization": f"Bearer {made['edit_key']}"}
        post(self._connection, f"{made['links']['steps']}?include=b&layers=0", {}, key)
        self._path = f"{made['links']['steps']}/1/explain?"

    def explain(self, **query):
        """(seconds, the answer)."""
        path = self._path + urlencode(query)
        began = time.perf_counter()
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        answer = response.read()
        taken = time.perf_counter() - began
        if response.status != 200:
            raise SystemExit(f"GET {path} answered {response.status}: {answer[:300]!r}")
        return taken, answer


def columns(terms):
    """Two factors of every term, a column each; 1 where a term has fewer."""
    values = [[float(factor["value"]) for factor in term["factors"]] + [1.0, 1.0] for term in terms]
    return tuple(np.ascontiguousarray(np.array(values_of)) for values_of in zip(*((row[0], row[1]) for row in values), strict=True))


def report(client, tensor, layer, more):
    query = {"tensor": tensor, "layer": layer, **more}
    told = json.loads(client.explain(**query)[1])
    terms = told["terms"]
    if len(terms) < told["count"] and "limit" not in more:  # what did not fit into one answer
        terms = terms + json.loads(client.explain(**query, offset=len(terms))[1])["terms"]
    left, right = columns(terms)
    seconds, barely = [], []
    for _ in range(ROUNDS):
        taken, answer = client.explain(**query)
        began = time.perf_counter()
        np.dot(left, right)
        seconds.append(taken)
        barely.append(time.perf_counter() - began)
    whole, bare = statistics.median(seconds), statistics.median(barely)
    name = f"{tensor}[{layer}]" + "".join(f" {key}={value}" for key, value in more.items())
    print(
        f"{name:<36}{len(told['terms']):>7}{whole * 1e3:>9.2f} ms{bare * 1e6:>9.1f} us{whole / bare:>9.0f}"
        f"{whole / AIM:>11.2f}{len(answer) / 1e3:>10.1f} kB"
    )


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print(
        f"{'cell of ' + '-'.join(map(str, SIZES)) + f' ({BATCH})':<36}{'terms':>7}{'explain':>12}{'np.dot':>12}{'ratio':>9}{'of 50 ms':>11}{'answer':>13}"
    )
    with served() as address:
        client = Client(address)
        for tensor, layer, more in (*((*kind, {}) for kind in KINDS), *VARIANTS):
            report(client, tensor, layer, more)


if __name__ == "__main__":
    main()
