"""A step as its derivation: the phases in the order in which they are written, and which operation makes which tensor.

One list for everyone: the page plays it, `explain` asks it who made a number, scripts and the derivation follow it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, Protocol

from .activations import activations, explain_activation
from .clipping import clippings
from .dense import layer_kinds
from .dropout import dropouts
from .equation import Equation, renamed
from .losses import losses
from .network import Network
from .optimizers import Optimizer, optimizers
from .outputs import Apart, output_activations, outputs
from .terms import Reader, Sum

Lane = Literal["forward", "loss", "backward", "update"]
TensorAt = tuple[str, int]


class Operation(Protocol):
    """Whatever makes a tensor: a layer, an activation, an output with its loss, an optimizer."""

    name: Any
    title: Any
    equations: Any


@dataclass(frozen=True, slots=True)
class Phase:
    """One equation of a step. `layer` is that of the tensor it writes, `l` what its equation calls l (dA[l-1] is written by layer l)."""

    key: str
    tensor: str
    layer: int
    lane: Lane
    family: str
    operation: Operation
    equation_name: str
    l: int
    reads: tuple[TensorAt, ...]
    # what the operation calls A may be called G in this layer, where dropout makes A out of it
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def equation(self) -> Equation:
        return renamed(self.operation.equations[self.equation_name], self.names)

    def explain(self, t: Reader, row: int, col: int) -> Sum:
        """The terms of one cell of the tensor that this phase writes."""
        t = t.renamed(self.names)
        if self.family == optimizers.family:
            at = self.operation.at(t.trace.step)  # type: ignore[attr-defined]  # with the learning rate of that step
            return at.explain(self.equation_name, t, self.l, row, col)  # type: ignore[no-any-return]
        if self.family == activations.family:
            return explain_activation(self.operation, self.equation_name, t, self.l, row, col)  # type: ignore[arg-type]
        explained: Sum = self.operation.explain(self.equation_name, t, self.l, row, col)  # type: ignore[attr-defined]
        return explained


def phases(network: Network, optimizer: Optimizer | None = None) -> tuple[Phase, ...]:
    """Forward for l = 1..L, each example's loss and their mean, then for l = L..1 dZ, dW, db and dA of the layer before; the update.

    Where the loss is differentiated apart from the last activation, dA[L] stands before dZ[L].
    """
    return tuple(in_order(network, optimizer))


def in_order(network: Network, optimizer: Optimizer | None) -> Iterator[Phase]:
    """`phases`, one after the other, for those who look for one of them."""
    L = len(network.W)
    dense, output = network.dense, network.output

    def of(lane: Lane, tensor: str, layer: int, operation: Any, family: str, name: str, l: int, *reads: TensorAt) -> Phase:
        return Phase(f"{tensor}{layer}", tensor, layer, lane, family, operation, name, l, reads)

    def hidden(lane: Lane, tensor: str, l: int, *reads: TensorAt) -> Iterator[Phase]:
        activation: Any = network.activations[l - 1]
        dropout = network.dropout(l)
        if dropout is None:
            yield of(lane, tensor, l, activation, activations.family, tensor, l, *reads)
            return
        names = {"A": "G", "dA": "dG"}
        read = tuple((names.get(name, name), at) for name, at in reads)
        made = names.get(tensor, tensor)
        phase = Phase(f"{made}{l}", made, l, lane, activations.family, activation, tensor, l, read, names)
        if lane == "forward":
            yield phase
            yield of(lane, "A", l, dropout, dropouts.family, "A", l, ("D", l), ("G", l))
        else:
            yield of(lane, "dG", l, dropout, dropouts.family, "dG", l, ("D", l), ("dA", l))
            yield phase

    for l in range(1, L + 1):
        yield of("forward", "Z", l, dense, layer_kinds.family, "Z", l, ("W", l), ("A", l - 1), ("b", l))
        if l < L:
            yield from hidden("forward", "A", l, ("Z", l))
    # an output differentiated as one is a single operation; taken apart, it is two
    last: Any = output.last if isinstance(output, Apart) else output
    on_it: Any = output.on_it if isinstance(output, Apart) else output
    of_last, of_loss = (outputs.family,) * 2
    if isinstance(output, Apart):
        of_last, of_loss = activations.family if last.name in activations else output_activations.family, losses.family
    yield of("forward", "A", L, last, of_last, "A", L, ("Z", L))

    yield of("loss", "losses", L, on_it, of_loss, "losses", L, ("Y", L), ("A", L))
    yield of("loss", "loss", L, on_it, of_loss, "loss", L, ("losses", L))

    for l in range(L, 0, -1):
        if l == L and isinstance(output, Apart):
            yield of("backward", "dA", L, on_it, of_loss, "dA", L, ("A", L), ("Y", L))
            yield of("backward", "dZ", L, last, of_last, "dZ", L, ("dA", L), ("Z" if of_last == activations.family else "A", L))
        elif l == L:
            yield of("backward", "dZ", L, output, outputs.family, "dZ", L, ("A", L), ("Y", L))
        else:
            yield from hidden("backward", "dZ", l, ("dA", l), ("Z", l))
        yield of("backward", "dW", l, dense, layer_kinds.family, "dW", l, ("dZ", l), ("A", l - 1))
        yield of("backward", "db", l, dense, layer_kinds.family, "db", l, ("dZ", l))
        yield of("backward", "dA", l - 1, dense, layer_kinds.family, "dA_prev", l, ("W", l), ("dZ", l))

    if optimizer is None:
        return
    if optimizer.clipping is not None:
        for l in range(1, L + 1):
            for name in ("W", "b"):
                yield of("update", f"g{name}", l, optimizer.clipping, clippings.family, f"g{name}", l, (f"d{name}", l))
    for l in range(1, L + 1):
        for name in ("W", "b"):
            for made in (*(f"{state}{name}_next" for state in optimizer.states), f"{name}_next"):
                yield of("update", made, l, optimizer, optimizers.family, made, l, *_read(optimizer, made, l))


@lru_cache(maxsize=256)
def _on_the_right(whole: str) -> tuple[str, ...]:
    """The tensors on the right side of an update's equation, each once."""
    return tuple(dict.fromkeys(re.findall(r"([a-z]?[Wb])\^\{\[l\]\}", whole.partition(r"\leftarrow")[2])))


def _read(optimizer: Optimizer, made: str, l: int) -> Iterator[TensorAt]:
    """What an update's equation has on its right side: the parameter reads the state as it has become, the state itself as it was."""
    is_parameter = made in ("W_next", "b_next")
    for name in _on_the_right(optimizer.equations[made].whole):
        is_new = is_parameter and name[:-1] in optimizer.states
        yield (f"{name}_next" if is_new else name), l
