"""What the record costs: a step with a full trace against a bare hand-written NumPy step that records nothing.

    python benchmarks/engine.py

Both take the same batch from the same parameters in one process, in turns, so that a busy machine slows both alike. Medians.
"""

import argparse
import os

for pool in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(pool, "1")  # before NumPy: a second thread measures the scheduler

import statistics  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent.parent))  # run as a file, Python looks beside it and not in the checkout

from app.engine import SGD, HeNormal, initial_network, next_network, take_step  # noqa: E402

# layer sizes, batch, rounds, and how many times the bare step's time is the aim
CASES = (
    ((2, 8, 8, 3), 32, 4000, 1.6),
    ((64, 64, 32, 10), 32, 3000, 1.15),
    ((784, 128, 64, 10), 64, 800, 1.15),
    ((784, 1024, 1024, 10), 256, 25, 1.15),
)


def bare_step(W, b, X, Y, rate, with_input_gradient=True):
    """The same mathematics as anyone would write it: nothing kept, parameters changed in place. The mean loss."""
    m, L = X.shape[1], len(W)
    A = [X]
    for l in range(L - 1):
        A.append(np.maximum(W[l] @ A[l] + b[l], 0))
    Z = W[-1] @ A[-1] + b[-1]
    Z -= Z.max(axis=0, keepdims=True)
    e = np.exp(Z)
    total = e.sum(axis=0, keepdims=True)
    loss = -(Y * (Z - np.log(total))).sum() / m
    dZ = e / total - Y
    for l in range(L - 1, -1, -1):
        dW, db = dZ @ A[l].T / m, dZ.sum(axis=1, keepdims=True) / m
        if l or with_input_gradient:
            dA = W[l].T @ dZ
        if l:
            dZ = dA * (A[l] > 0)
        W[l] -= rate * dW
        b[l] -= rate * db
    return loss


def measure(sizes, m, rounds):
    """Median seconds of: a traced step, a bare step, a bare step without dA[0]."""
    rng = np.random.default_rng(0)
    network = initial_network(sizes, "relu", "softmax", "cross_entropy", HeNormal(), rng)
    X = rng.random((sizes[0], m))
    Y = np.eye(sizes[-1])[:, rng.integers(0, sizes[-1], m)]
    bare, lean = (([W.copy() for W in network.W], [b.copy() for b in network.b]) for _ in range(2))
    optimizer = SGD(0.01)
    seconds = ([], [], [])
    for round_ in range(rounds + rounds // 10 + 1):
        at = time.perf_counter()
        trace = take_step(network, X, Y, optimizer=optimizer)
        network = next_network(network, trace)
        traced = time.perf_counter()
        loss = bare_step(*bare, X, Y, 0.01)
        barely = time.perf_counter()
        bare_step(*lean, X, Y, 0.01, with_input_gradient=False)
        leanly = time.perf_counter()
        if abs(loss - trace.loss) > 1e-6:
            raise SystemExit(f"the two do not compute the same: {trace.loss} and {loss}")
        if round_ > rounds // 10:  # the first tenth warms up
            for kept, value in zip(seconds, (traced - at, barely - traced, leanly - barely), strict=True):
                kept.append(value)
    return [statistics.median(kept) for kept in seconds]


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print(f"{'network (batch)':<26}{'traced':>11}{'bare':>11}{'ratio':>8}{'aim':>7}{'bare, no dA[0]':>17}{'ratio':>8}")
    for sizes, m, rounds, aim in CASES:
        traced, bare, lean = measure(sizes, m, rounds)
        name = f"{'-'.join(map(str, sizes))} ({m})"
        print(
            f"{name:<26}{traced * 1e6:>8.0f} us{bare * 1e6:>8.0f} us{traced / bare:>8.2f}{aim:>7.2f}"
            f"{lean * 1e6:>14.0f} us{traced / lean:>8.2f}"
        )


if __name__ == "__main__":
    main()
