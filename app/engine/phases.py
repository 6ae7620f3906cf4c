"""A step as its derivation: the phases in the order in which they are written, and which operation makes which tensor.

One list for everyone: the page plays it, `explain` asks it who made a number, scripts and the derivation follow it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, Protocol

from .activations import activations, explain_activation
from .clipping import clippings
from .dense import layer_kinds
from .dropout import dropouts
from .equation import Equation, renamed
from .interventions import FAMILY, Frozen, Interventions, ScaledGradient, UsedGradient
from .losses import losses
from .network import Network
from .normalisation import normalisations
from .optimizers import Optimizer, optimizers
from .outputs import Apart, output_activations, outputs
from .terms import Reader, Sum
from .trace import PARAMETERS

Lane = Literal["forward", "loss", "backward", "update"]
TensorAt = tuple[str, int]


# what a normalisation makes, in the order of its derivation, and what it reads for each
FORWARD = ("M", "V", "Zhat", "N")
BACKWARD = ("dgamma", "dbeta", "dZhat", "dV", "dM", "dZ")
READS: Mapping[str, tuple[str, ...]] = {
    "M": ("Z",),
    "V": ("Z", "M"),
    "Zhat": ("Z", "M", "V"),
    "N": ("gamma", "Zhat", "beta"),
    "dgamma": ("dN", "Zhat"),
    "dbeta": ("dN",),
    "dZhat": ("gamma", "dN"),
    "dV": ("dZhat", "Z", "M", "V"),
    "dM": ("dZhat", "V"),
    "dZ": ("dZhat", "V", "dV", "Z", "M", "dM"),
    "rM_next": ("rM", "M"),
    "rV_next": ("rV", "V"),
}


class Operation(Protocol):
    """Whatever makes a tensor: a layer, an activation, an output with its loss, an optimizer, an edit."""

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
    # what the operation calls A may be called G in this layer, where a mask makes A out of it; and Z is N, where it was normalised
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
    dense, output, edited = network.dense, network.output, network.interventions or Interventions()

    def of(lane: Lane, tensor: str, layer: int, operation: Any, family: str, name: str, l: int, *reads: TensorAt) -> Phase:
        return Phase(f"{tensor}{layer}", tensor, layer, lane, family, operation, name, l, reads)

    def hidden(lane: Lane, tensor: str, l: int, *reads: TensorAt) -> Iterator[Phase]:
        activation: Any = network.activations[l - 1]
        mask = network.mask(l)
        of_mask = FAMILY if l in edited.ablated else dropouts.family
        norm: Any = network.normalisation(l)
        if mask is None and norm is None:
            yield of(lane, tensor, l, activation, activations.family, tensor, l, *reads)
            return
        names = ({"Z": "N", "dZ": "dN"} if norm else {}) | ({"A": "G", "dA": "dG"} if mask else {})
        read = tuple((names.get(name, name), at) for name, at in reads)
        made = names.get(tensor, tensor)
        phase = Phase(f"{made}{l}", made, l, lane, activations.family, activation, tensor, l, read, names)
        if lane == "forward":
            for one in FORWARD if norm else ():
                yield of(lane, one, l, norm, normalisations.family, one, l, *((name, l) for name in READS[one]))
            yield phase
            if mask:
                yield of(lane, "A", l, mask, of_mask, "A", l, ("D", l), ("G", l))
        else:
            if mask:
                yield of(lane, "dG", l, mask, of_mask, "dG", l, ("D", l), ("dA", l))
            yield phase
            for one in BACKWARD if norm else ():
                yield of(lane, one, l, norm, normalisations.family, one, l, *((name, l) for name in READS[one]))

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
        by, family = (ScaledGradient(edited.scaled[l - 1], dense), FAMILY) if l - 1 in edited.scaled else (dense, layer_kinds.family)
        yield of("backward", "dA", l - 1, by, family, "dA_prev", l, ("W", l), ("dZ", l))
    if optimizer is not None:
        yield from _updates(network, optimizer, edited)


def _updates(network: Network, optimizer: Optimizer, edited: Interventions) -> Iterator[Phase]:
    """First what the update takes instead of the gradients, from edits and from the run's clipping; then parameters and the optimizer's state."""

    def of(tensor: str, l: int, by: Any, family: str, name: str, reads: Iterable[TensorAt], names: Mapping[str, str]) -> Phase:
        return Phase(f"{tensor}{l}", tensor, l, "update", family, by, name, l, tuple(reads), names)

    every = [(name, l) for l in range(1, len(network.W) + 1) for name in parameters_of(network, l)]
    taken = [(name, l) for name, l in every if l not in edited.frozen]
    clipping, used = optimizer.clipping, edited.used
    if clipping is not None:
        clipping = clipping.among([one for one in PARAMETERS if any(name == one for name, _ in taken)])
    between = "h" if used and clipping is not None else "d"
    for name, l in taken if used else ():
        if clipping is not None:  # which is to know all gradients by one letter
            yield of(f"h{name}", l, used.get((name, l), UsedGradient()), FAMILY, f"g{name}", [(f"d{name}", l)], {f"g{name}": f"h{name}"})
        elif (name, l) in used:
            yield of(f"g{name}", l, used[name, l], FAMILY, f"g{name}", [(f"d{name}", l)], {})
    for name, l in taken if clipping is not None else ():
        names = {f"d{one}": f"h{one}" for one in PARAMETERS} if between == "h" else {}
        yield of(f"g{name}", l, clipping, clippings.family, f"g{name}", [(f"{between}{name}", l)], names)

    keeping = Frozen(optimizer)
    for l in range(1, len(network.W) + 1):
        for name in parameters_of(network, l):
            # the optimizer's equations speak of g where the run clips
            names = {f"d{name}": f"g{name}"} if (name, l) in used and clipping is None else {}
            for made in (*(f"{state}{name}_next" for state in optimizer.states), f"{name}_next"):
                if l in edited.frozen:
                    yield of(made, l, keeping, FAMILY, made, [(made.removesuffix("_next"), l)], {})
                else:
                    reads = ((names.get(one, one), at) for one, at in _read(optimizer, made, l))
                    yield of(made, l, optimizer, optimizers.family, made, reads, names)
        norm: Any = network.normalisation(l)
        for made in ("rM_next", "rV_next") if norm is not None and norm.mixes else ():
            yield of(made, l, norm, normalisations.family, made, [(name, l) for name in READS[made]], {})


def parameters_of(network: Network, l: int) -> tuple[str, ...]:
    """The names of what an optimizer moves in layer l."""
    return PARAMETERS if network.normalisation(l) is not None else PARAMETERS[:2]


@lru_cache(maxsize=256)
def _on_the_right(whole: str) -> tuple[tuple[str, str], ...]:
    """(letter of a state, parameter) of the tensors on the right side of an update's equation, each once."""
    right = whole.partition(r"\leftarrow")[2]
    return tuple(dict.fromkeys(re.findall(r"([a-z]?)\\?(W|b|gamma|beta)\^\{\[l\]\}", right)))


def _read(optimizer: Optimizer, made: str, l: int) -> Iterator[TensorAt]:
    """What an update's equation has on its right side: the parameter reads the state as it has become, the state itself as it was."""
    is_parameter = made.removesuffix("_next") in PARAMETERS
    for state, name in _on_the_right(optimizer.equations[made].whole):
        yield (f"{state}{name}_next" if is_parameter and state in optimizer.states else f"{state}{name}"), l
