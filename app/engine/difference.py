"""What is different between two traces of one step, such as one taken without an edit and one with it, in the order of computation."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from .errors import ShapeMismatch
from .explain import tensors_of
from .terms import Reader
from .trace import PARAMETERS, Array, Trace

# of a layer, in the order in which they come to be; what a step is given stands before what is made of it
FORWARD = ("W", "b", "Z", "M", "V", "Zhat", "gamma", "beta", "N", "G", "D", "A")
LOSS = ("Y", "losses", "loss")
BACKWARD = ("dA", "dG", "dN", "dgamma", "dbeta", "dZhat", "dV", "dM", "dZ", "dW", "db")


class Difference(NamedTuple):
    """Of one tensor: how many of its cells differ, and the largest magnitude of a difference, NaN where a number meets a NaN.

    `only` names the trace that alone has the tensor; then all its cells differ, and `max_abs` is NaN, as there is nothing to subtract. But a
    gradient as an update takes it (hW, gW) differs only where the update without it took another number.
    """

    tensor: str
    layer: int
    cells: int
    max_abs: float
    only: Literal["before", "after"] | None = None


def difference(before: Trace, after: Trace) -> tuple[Difference, ...]:
    """Of every tensor of either trace: forward 1..L, the loss, backward L..1, the update. What is the same is there with 0 cells.

    A NaN where there was a NaN is no difference, nor an infinity where there was the same.

    Raises:
        ShapeMismatch: the two networks have other layers, or the two batches other sizes.
    """
    if len(before.layers) != len(after.layers):
        raise ShapeMismatch("layers", len(after.layers) - 1, f"{len(before.layers) - 1}, as many as the other step has")
    return tuple(_of_tensor(before, after, tensor, layer) for tensor, layer in _in_order(before, after))


def _in_order(before: Trace, after: Trace) -> Iterator[tuple[str, int]]:
    L = len(before.layers) - 1
    there = [dict.fromkeys((*tensors_of(before, l), *tensors_of(after, l))) for l in range(L + 1)]
    yield "A", 0
    for l in range(1, L + 1):
        yield from ((name, l) for name in FORWARD if name in there[l])
    yield from ((name, L) for name in LOSS)
    for l in range(L, -1, -1):
        yield from ((name, l) for name in BACKWARD if name in there[l])
    made = [(name, l) for l in range(L + 1) for name in there[l] if name not in (*FORWARD, *LOSS, *BACKWARD)]
    # gradients as the update takes them are made in all layers before a parameter is moved, and that by the states anew
    taken = [(name, l) for letter in "hg" for name, l in made if name in [f"{letter}{one}" for one in PARAMETERS]]
    yield from taken
    moved = [f"{one}_next" for one in PARAMETERS]
    yield from sorted((at for at in made if at not in taken), key=lambda at: (at[1], at[0] in moved))


def _of_tensor(before: Trace, after: Trace, tensor: str, layer: int) -> Difference:
    one, other = _find(before, tensor, layer), _find(after, tensor, layer)
    only: Literal["before", "after"] | None = None
    if one is None or other is None:
        only = "after" if one is None else "before"
        there = other if one is None else one
        assert there is not None
        one, other = (_taken(trace, tensor, layer) if found is None else found for trace, found in ((before, one), (after, other)))
        if one is None or other is None:
            return Difference(tensor, layer, there.size, float("nan"), only)
    if one.shape != other.shape:
        raise ShapeMismatch(f"{tensor}[{layer}]", other.shape, f"of shape {one.shape}, as in the other step")
    a, b = one.astype(np.float64, copy=False), other.astype(np.float64, copy=False)
    differ = (a != b) & ~(np.isnan(a) & np.isnan(b))
    cells = int(np.count_nonzero(differ))
    with np.errstate(all="ignore"):
        largest = float(np.abs(b[differ] - a[differ]).max()) if cells else 0.0
    return Difference(tensor, layer, cells, largest, only)


def _taken(trace: Trace, tensor: str, layer: int) -> Array | None:
    """What stands for hW or gW in a step that has none: the gradient that its update took; None for another tensor, or of a frozen layer."""
    mark, parameter = tensor[:1], tensor[1:]
    if mark not in "hg" or parameter not in PARAMETERS or Reader(trace).is_frozen(layer):
        return None
    return _find(trace, f"d{parameter}", layer)


def _find(trace: Trace, tensor: str, layer: int) -> Array | None:
    try:
        return Reader(trace).tensor(tensor, layer)
    except KeyError:
        return None
