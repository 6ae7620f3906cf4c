"""When a checkpoint is due, and which go when there are too many. They are a cache: what goes is computed again."""

from collections.abc import Sequence

# Work in seconds between two checkpoints, so that any step of the past is at most that far from one
WORK = 0.04


def to_drop(kept: Sequence[tuple[int, int]], most: int) -> list[int]:
    """Which of the checkpoints (step, bytes), oldest first, go so that the rest is at most `most` bytes; never the newest.

    Each time the one goes whose absence is felt least: the way from its neighbour before to its neighbour behind is the shortest. So they
    stay spread over the whole run, however long it grows: the longest way between two is about 1.5 times what it would be with as many
    placed evenly afterwards, and never above 2 times. No rule that has to decide while the run goes on stays below 1.3 (Bringmann, Doerr,
    Neumann and Sliacan (2013), Online checkpointing with improved worst-case guarantees).
    """
    rest = list(kept)
    size = sum(of for _, of in rest)
    dropped = []
    while size > most and len(rest) > 1:
        before = [0, *(step for step, _ in rest)]
        ways = [rest[i + 1][0] - before[i] for i in range(len(rest) - 1)]
        step, of = rest.pop(ways.index(min(ways)))
        size -= of
        dropped.append(step)
    return dropped
