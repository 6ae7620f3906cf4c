"""The names of the tensors that ingredients add to a layer, beside those that every layer has (`LayerTrace.more`)."""

from .examples import PER_EXAMPLE
from .normalisation import HELD, normalisations
from .optimizers import optimizers
from .trace import PARAMETERS, LayerTrace


def added_tensors() -> tuple[str, ...]:
    """Of any registered ingredient: dropout's mask and what it stands between, what normalisation makes and holds, optimizers' states before
    and after; gradients as edits and clipping leave them."""
    taken = [f"{letter}{name}" for letter in "hg" for name in PARAMETERS]
    states = [f"{state}{name}{end}" for one in optimizers.values() for state in one.states for name in PARAMETERS for end in ("", "_next")]
    held = [f"{name}{end}" for name in HELD for end in ("", "_next")]
    made = [name for one in normalisations.values() for name in one.equations if name not in LayerTrace._fields]
    return tuple(dict.fromkeys((*PER_EXAMPLE, *made, *held, *taken, *states)))
