"""Steps spread over a run, and what a few tensors of them were.

A histogram over time needs the cells of many steps. They are recomputed from the recipe when somebody asks, and nothing more is recorded with a
step: eleven quantiles of each W, Z, A and their gradients would make a step of 64-64-32-10 cost 1.3 times what it does (3.5 ms, and 1.1 ms
for sorting), and would know no other tensor and no other bins. Recomputing 33 of its 1000 steps takes 0.4 s, gives any tensor, and
serves runs that are older than this file.
"""

import time
from collections.abc import Callable

from app.engine import Array

from .looks import Looks
from .run import Taken

# What one look over a run may take: the steps that don't fit are left out
MOST_SECONDS = 2.0
MOST_BYTES = 128 * 1024 * 1024


def spread(first: int, newest: int, most: int) -> list[int]:
    """At most `most` steps from `first` to `newest`, with both ends, evenly apart but for those.

    Between the ends stand multiples of a power of two, so that a step later most of them are the same, and still in memory.
    """
    if first > newest or most < 1:
        return []
    apart = 1
    while True:
        between = range((first // apart + 1) * apart, newest, apart)
        if len(between) + 2 <= most or len(between) == 0:
            return sorted({first, *between, newest})[-most:]
        apart *= 2


def coarse_first(steps: list[int]) -> list[int]:
    """The same steps, the newest first and then ever finer between them: wherever it is broken off, the run is covered."""
    last = len(steps) - 1
    order: dict[int, None] = {}
    apart = 1 << max(0, last).bit_length()
    while apart:
        order |= dict.fromkeys(steps[last - back] for back in range(0, len(steps), apart))
        apart //= 2
    return list(order)


def tensors_over_time(sessions: Looks, id: str, steps: list[int], choose: Callable[[Taken], Array | None]) -> dict[int, Array]:
    """What `choose` takes of each step, by step, as far as time and memory allow; without the steps where it takes nothing.

    Raises what `Looks.look` and `choose` raise.
    """
    found: dict[int, Array] = {}
    held = 0
    ends_at = time.monotonic() + MOST_SECONDS
    for step in coarse_first(steps):
        tensor = choose(sessions.look(id, step))
        if tensor is not None:
            found[step] = tensor
            held += tensor.nbytes
        if held > MOST_BYTES or time.monotonic() > ends_at:
            break
    return dict(sorted(found.items()))
