"""The names of the tensors that ingredients add to a layer, beside those that every layer has (`LayerTrace.more`)."""

from .clipping import clippings
from .examples import PER_EXAMPLE
from .optimizers import optimizers


def added_tensors() -> tuple[str, ...]:
    """Of any registered ingredient: dropout's mask and what it stands between, clipped gradients, optimizers' states before and after."""
    clipped = [name for clipping in clippings.values() for name in clipping.equations]
    states = [f"{state}{name}{end}" for one in optimizers.values() for state in one.states for name in ("W", "b") for end in ("", "_next")]
    return tuple(dict.fromkeys((*PER_EXAMPLE, *clipped, *states)))
