"""What stands at the end of a network: the last activation and the loss on it.

The two are differentiated as one where that is one subtraction (a `Fused` pair, registered here); else one after the other (`Apart`).
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

import numpy as np

from .activations import Activation, activations
from .errors import UnfitPair, UnknownName
from .losses import Loss, losses
from .register import Choice, Ingredient, Register, parted
from .terms import Reader, Sum
from .trace import Array, Sides


class Fused(Ingredient, Protocol):
    """The last activation and the loss on it, differentiated as one. `activation` and `loss` are the public names of the two.

    The parameters are those of the loss.
    """

    activation: str
    loss: str

    def targets(self, Y: Array) -> Array:
        """Y, (n_L, m), as the loss takes it; refuses targets on which it has no meaning."""

    def activate(self, Z: Array) -> Array:
        """A[L], (n_L, m), from the logits alone: for predictions."""

    def forward(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        """A[L], (n_L, m), and the loss of each example in nats, (m,)."""

    def backward(self, A: Array, Y: Array) -> Array:
        """dZ[L], (n_L, m): gradient of the sum of the losses."""

    def sides(self, Z: Array, Y: Array) -> list[Sides]:
        """On which side of its kinks each cell stands, for the gradient check; nothing where there are none."""

    def accuracy(self, A: Array, Y: Array) -> float:
        """The share of what is right, NaN where the targets are no classes."""

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of A, dZ, of one example's loss or of the loss."""


class OutputActivation(Ingredient, Protocol):
    """An activation that makes each output from all of them, and so stands at the end alone."""

    def forward(self, Z: Array) -> Array:
        """A, (n_L, m)."""

    def backward(self, dA: Array, Z: Array, A: Array) -> Array:
        """dZ, (n_L, m)."""

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        """The terms of one cell of A or dZ."""


outputs: Register[Fused] = Register("output")
output_activations: Register[OutputActivation] = Register("output activation")


class Apart:
    """Any activation with a loss that looks at A[L] alone: dA[L] by the loss, then dZ[L] by the activation."""

    def __init__(self, last: Activation | OutputActivation, on_it: Loss) -> None:
        self.last, self.on_it = last, on_it
        self.activation, self.loss = last.name, on_it.name

    def targets(self, Y: Array) -> Array:
        return self.on_it.targets(Y)

    def activate(self, Z: Array) -> Array:
        return self.last.forward(Z)

    def forward(self, Z: Array, Y: Array) -> tuple[Array, Array]:
        A = self.last.forward(Z)
        return A, self.on_it.forward(A, Y)

    def sides(self, Z: Array, Y: Array) -> list[Sides]:
        return sides_of_kinks(getattr(self.last, "kinks", ()), Z) + self.on_it.sides(self.last.forward(Z), Y)

    def accuracy(self, A: Array, Y: Array) -> float:
        return self.on_it.accuracy(A, Y)


Output: TypeAlias = Fused | Apart


def sides_of_kinks(kinks: tuple[float, ...], Z: Array) -> list[Sides]:
    """For each cell a number that changes at every kink; nothing where there are none."""
    return [sum((np.sign(Z - kink).astype(np.int8) for kink in kinks), np.zeros(Z.shape, np.int8))] if kinks else []


def find_output(activation: Choice, loss: Choice) -> Output:
    """The registered pair; or the two, taken apart.

    Raises:
        UnknownName: no activation or no loss has that name.
        UnfitPair: both are known, but not together.
        UnknownParameter, WrongType, OutOfBounds: of the one or the other.
    """
    (a, _), (on_it, of_loss) = parted(activation), parted(loss)
    pairs = {(entry.activation, entry.loss): entry for entry in outputs.values()}
    last: Register[Any] | None = output_activations if a in output_activations else activations if a in activations else None
    if last is None and a not in {name for name, _ in pairs}:
        known = {*activations, *output_activations, *(name for name, _ in pairs)}
        raise UnknownName(_field("output_activation", activation), a, known)
    if on_it not in losses and on_it not in {name for _, name in pairs}:
        raise UnknownName(_field("loss", loss), on_it, {*losses, *(name for _, name in pairs)})
    made = last.choose(activation, field="output_activation") if last is not None else None
    if (pair := pairs.get((str(a), str(on_it)))) is not None:
        return outputs.make(pair.name, of_loss, field="loss")
    if made is None or on_it not in losses:
        fitting = {name for known, name in pairs if known == a} | (set(losses) if made is not None else set())
        raise UnfitPair("loss", on_it, f"one that fits {a}: {', '.join(sorted(fitting))}")
    return Apart(made, losses.choose(loss, field="loss"))


def written_output(activation: Choice, loss: Choice) -> tuple[Choice, Choice]:
    """Activation and loss in the one form in which choices are kept. Raises as `find_output` does."""
    find_output(activation, loss)
    a, on_it = parted(activation)[0], parted(loss)[0]
    register: Register[Any] = output_activations if a in output_activations else activations
    kept = register.written(activation, field="output_activation")
    if on_it in losses:
        return kept, losses.written(loss, field="loss")
    name = next(entry.name for entry in outputs.values() if (entry.activation, entry.loss) == (a, on_it))
    of_pair = outputs.written({"name": name, **(parted(loss)[1] or {})}, field="loss")
    return kept, str(on_it) if isinstance(of_pair, str) else {**of_pair, "name": on_it}


def _field(field: str, given: Choice) -> str:
    return f"{field}.name" if isinstance(given, Mapping) else field
