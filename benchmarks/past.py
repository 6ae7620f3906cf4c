"""What a look far back costs: steps of a long session, computed again from its checkpoints with nothing in memory.

    python -m benchmarks.past

Sessions on SQLite with the settings of a server, in this process, without HTTP; 30 random steps, and those that are farthest from a
checkpoint; of each look the best of three. Beside it a step of the same session, as its trace is taken while stepping, and a look at the
steps around the worst one by whoever has just looked at it. The aim: any step within about 50 ms of work, as long as the checkpoints that
this takes fit into the 64 MiB of a session.
"""

import argparse
import os

for pool in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(pool, "1")  # before NumPy: a second thread measures the scheduler

import random  # noqa: E402
import statistics  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402

from app.sessions import Sessions, Store, normalise  # noqa: E402
from app.settings import Limits, Settings  # noqa: E402

LOOKS, FARTHEST, AROUND, AIM = 30, 3, 5, 0.050
CASES = {
    "2-8-8-3, sgd": {"dataset": {"name": "blobs"}, "layer_sizes": [2, 8, 8, 3], "optimizer": {"name": "sgd"}},
    "64-64-32-10, sgd": {"layer_sizes": [64, 64, 32, 10], "optimizer": {"name": "sgd"}},
    "64-256-128-10, adam": {"layer_sizes": [64, 256, 128, 10], "optimizer": {"name": "adam"}},
}
RUNS = [*((name, 3000) for name in CASES), ("64-256-128-10, adam", 10_000)]


def bounds():
    limits = Limits()
    names = ("max_layers", "max_parameters", "max_batch_size", "max_activation_cells")
    return {**{name: getattr(limits, name) for name in names}, "data_bounds": limits.data_bounds}


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print(
        f"{'network, optimizer':<21}{'steps':>6}{'a step':>9}{'look: median':>14}{'worst':>10}{'of 50 ms':>10}{'around it':>11}{'checkpoints':>13}{'stored':>9}"
    )
    for name, steps in RUNS:
        with tempfile.TemporaryDirectory() as folder:
            report(name, steps, f"sqlite:///{folder}/backscope.db")


def report(name, steps, url):
    store = Store(url)
    sessions = Sessions(store, max_checkpoint_bytes=Settings().max_checkpoint_bytes)
    made = sessions.create(normalise(CASES[name], **bounds()))
    each = []
    for _ in range(steps):
        began = time.perf_counter()
        sessions.take_steps(made.id, made.edit_key)
        each.append(time.perf_counter() - began)
    sizes = store.checkpoint_sizes(made.id)

    def look(n):
        return min(seconds_of_look(Sessions(store), made.id, n) for _ in range(3))  # what else the machine does is not the look's

    looks = {n: look(n) for n in random.Random(0).sample(range(1, steps + 1), LOOKS)}
    median = statistics.median(looks.values())
    looks |= {n: look(n) for n in farthest([step for step, _ in sizes], steps)}
    worst = max(looks, key=looks.__getitem__)
    print(
        f"{name:<21}{steps:>6}{statistics.median(each) * 1e3:>6.2f} ms{median * 1e3:>11.1f} ms{looks[worst] * 1e3:>7.1f} ms{looks[worst] / AIM:>10.2f}"
        f"{around(store, made.id, worst, steps) * 1e3:>8.1f} ms{len(sizes):>13}{sum(size for _, size in sizes) / 1e6:>6.1f} MB",
        flush=True,
    )
    store.close()


def farthest(checkpoints, steps):
    """The steps right before a checkpoint, or at the end, to which the way from the one before is longest."""
    places = [0, *checkpoints, steps]
    ways = sorted(((b - a, b) for a, b in zip(places, places[1:], strict=False)), reverse=True)
    return [step for way, step in ways[:FARTHEST] if way]


def around(store, id, n, steps):
    """The worst look at a step next to step n, by sessions that have just looked at that."""
    sessions = Sessions(store)
    sessions.look(id, n)
    return max(seconds_of_look(sessions, id, near) for near in range(max(1, n - AROUND), min(steps, n + AROUND) + 1) if near != n)


def seconds_of_look(sessions, id, n):
    began = time.perf_counter()
    sessions.look(id, n)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
