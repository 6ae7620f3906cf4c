"""What a look far back costs: random steps of a long session, computed again from its checkpoints with nothing in memory.

    python -m benchmarks.past

A session of STEPS steps on SQLite with the settings of a server, in this process, without HTTP; of each look the best of three. Beside it a
step of the same session, as its trace is taken while stepping. The aim: any step within about 50 ms of work.
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

STEPS, LOOKS, AIM = 3000, 30, 0.050
CASES = {
    "2-8-8-3, sgd": {"dataset": {"name": "blobs"}, "layer_sizes": [2, 8, 8, 3], "optimizer": {"name": "sgd"}},
    "64-64-32-10, sgd": {"layer_sizes": [64, 64, 32, 10], "optimizer": {"name": "sgd"}},
    "64-256-128-10, adam": {"layer_sizes": [64, 256, 128, 10], "optimizer": {"name": "adam"}},
}


def bounds():
    limits = Limits()
    names = ("max_layers", "max_parameters", "max_batch_size", "max_activation_cells")
    return {**{name: getattr(limits, name) for name in names}, "data_bounds": limits.data_bounds}


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print(
        f"{'network, optimizer':<22}{'a step':>10}{'look: median':>14}{'worst':>10}{'steps':>8}{'of 50 ms':>10}{'checkpoints':>13}{'stored':>10}"
    )
    for name, config in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            report(name, config, f"sqlite:///{folder}/backscope.db")


def report(name, config, url):
    store, kept = Store(url), Settings().max_checkpoint_bytes
    sessions = Sessions(store, max_checkpoint_bytes=kept)
    made = sessions.create(normalise(config, **bounds()))
    each = []
    for _ in range(STEPS):
        began = time.perf_counter()
        sessions.take_steps(made.id, made.edit_key)
        each.append(time.perf_counter() - began)
    step, sizes = statistics.median(each), store.checkpoint_sizes(made.id)
    looks = []
    for n in random.Random(0).sample(range(1, STEPS + 1), LOOKS):
        looks.append(min(seconds_of_look(Sessions(store), made.id, n) for _ in range(3)))  # what else the machine does is not the look's
    store.close()
    worst = max(looks)
    print(
        f"{name:<22}{step * 1e3:>7.2f} ms{statistics.median(looks) * 1e3:>11.1f} ms{worst * 1e3:>7.1f} ms{worst / step:>8.0f}{worst / AIM:>10.2f}"
        f"{len(sizes):>13}{sum(size for _, size in sizes) / 1e6:>7.1f} MB",
        flush=True,
    )


def seconds_of_look(fresh, id, n):
    """By sessions that have no live network and no trace."""
    began = time.perf_counter()
    fresh.look(id, n)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
