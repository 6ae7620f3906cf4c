"""Batch n as a pure function of (seed, n): any step can be taken again without taking the ones before."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# Streams of one seed that never meet
INITIAL, SHUFFLE, DROPOUT = 0, 1, 2


def generator(seed: int, stream: int, index: int = 0) -> np.random.Generator:
    """The generator of one stream of a seed.

    Counter-based (Philox: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): the stream is half of the
    key and the index a part of the counter, so no draw depends on how many came before.
    """
    key = np.array([seed, stream], dtype=np.uint64)
    counter = np.array([0, 0, 0, index], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


@lru_cache(maxsize=256)
def _epoch(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    order = generator(seed, SHUFFLE, epoch).permutation(count)
    order.flags.writeable = False
    return order


def batch_indices(seed: int, first: int, batch_size: int, count: int) -> NDArray[np.int64]:
    """Which of `count` training examples are in the batch that comes after `first` examples: in batch n, after those of n - 1 batches.

    Every example comes once an epoch, in an order that is new each epoch; a batch may reach over the end of one.
    """
    parts = []
    while batch_size:
        epoch, offset = divmod(first, count)
        part = _epoch(seed, epoch, count)[offset : offset + batch_size]
        parts.append(part)
        first += len(part)
        batch_size -= len(part)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
