"""When a checkpoint is due, and which go when there are too many. They are a cache: what goes is computed again."""

from collections.abc import Sequence

# Work in seconds between two checkpoints, so that any step of the past is at most that far from one
WORK = 0.04


def to_drop(kept: Sequence[tuple[int, int]], most: int) -> list[int]:
    """Which of the checkpoints (step, bytes), oldest first, go so that the rest is at most `most` bytes; never the newest.

    Each time the one goes whose absence is felt least: the way from its neighbour before to its neighbour behind is the shortest, measured
    by how long ago that is. So a run keeps few checkpoints of its early days and many of late.
    """
    rest = list(kept)
    size = sum(of for _, of in rest)
    dropped = []
    while size > most and len(rest) > 1:
        newest = rest[-1][0]
        before = [0, *(step for step, _ in rest)]

        def gap(i: int, before: list[int] = before, newest: int = newest) -> float:
            return (rest[i + 1][0] - before[i]) / (newest - before[i])

        at = min(range(len(rest) - 1), key=gap)
        step, of = rest.pop(at)
        size -= of
        dropped.append(step)
    return dropped
