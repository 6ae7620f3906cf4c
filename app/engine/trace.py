"""The trace: the immutable record of one step. The engine makes it; everyone else only reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

# float32 or float64, one dtype throughout a network
Array: TypeAlias = NDArray[np.floating[Any]]
# for each cell, on which side of a kink it stands
Sides: TypeAlias = NDArray[np.int8]


class LayerTrace(NamedTuple):
    """What layer l did in one step; shapes stand in DESIGN section 1.

    Layer 0 is the input and has A and dA alone. `dA` is None at an output layer whose activation and loss are
    differentiated together. The parameters after the update are None when there was no optimizer.
    dA and dZ are gradients of the sum of the losses: m times those of the mean. dW and db are gradients of the mean.
    `more` has what an ingredient adds, by name: an optimizer's state before and after the update (vW, vW_next), clipped gradients (gW).
    A named tuple, as it is made four times as fast as a frozen dataclass, once for every layer of every step.
    """

    index: int  # type: ignore[assignment]  # nobody searches a layer, so tuple's own `index` is not missed
    activation: str | None
    A: Array  # (n_l, m)
    dA: Array | None  # (n_l, m)
    W: Array | None = None  # (n_l, n_prev), before the update
    b: Array | None = None  # (n_l, 1)
    Z: Array | None = None  # (n_l, m)
    dZ: Array | None = None  # (n_l, m)
    dW: Array | None = None  # as W
    db: Array | None = None  # as b
    W_next: Array | None = None
    b_next: Array | None = None
    more: Mapping[str, Array] = MappingProxyType({})

    @property
    def size(self) -> int:
        return int(self.A.shape[0])


@dataclass(frozen=True, slots=True)
class Trace:
    """Every tensor of one step, and what came of it.

    `loss` is the mean over the batch in nats, `losses` its m terms; `accuracy` is the share that the output calls right (its
    docstring says of what), NaN where the targets are no classes. `optimizer_state` has one (state of W, state of b) for each layer 1..L, after the update;
    `learning_rate` is that of the update, as the schedule had it.
    """

    step: int
    loss: float
    losses: Array  # (m,)
    accuracy: float
    Y: Array  # (n_L, m)
    layers: tuple[LayerTrace, ...]
    optimizer_state: tuple[tuple[Mapping[str, Array], Mapping[str, Array]], ...] | None = None
    learning_rate: float | None = None

    @property
    def X(self) -> Array:
        return self.layers[0].A

    @property
    def m(self) -> int:
        return int(self.Y.shape[1])

    @property
    def dtype(self) -> str:
        return str(self.Y.dtype)
