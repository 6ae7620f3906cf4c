"""What edits do inside a step for as long as they stand: units are ablated, layers frozen, gradients scaled or clipped.

A network carries them (`Network.interventions`), and most carry none. Each is an operation with its equations, as ingredients are, so that
phases, explanations and scripts know it; the numbers of an edit stand in its equations as numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from .clipping import of_gradients
from .dropout import Dropout
from .equation import Equation, number
from .register import Parameter
from .terms import Factor, Reader, Scale, Sum, constant, one_term
from .trace import Array

FAMILY = "edit"


class Ablation(Dropout):
    """A layer of which some units give 0, in predictions too. Where there is dropout as well, the two have one mask."""

    name = "ablate"
    title = "Ablate a unit"
    source = 'Meyes, Lu, de Puiseau and Meisen (2019), "Ablation studies in artificial neural networks"'
    parameters = ()
    equations = {
        "A": replace(
            Dropout.equations["A"],
            why=(
                "In the mask D, the row of a unit that an edit has ablated is 0, so that the next layer reads 0 from it. Elsewhere it is 1, or "
                "what dropout drew where there is dropout."
            ),
        ),
        "dG": replace(Dropout.equations["dG"], why="An ablated unit had no part in the loss, and gets no gradient."),
    }

    def __init__(self, units: Sequence[int] = (), dropout: Dropout | None = None) -> None:
        self.units, self.dropout = list(units), dropout

    def mask(self, shape: tuple[int, ...], rng: np.random.Generator, dtype: object) -> Array:
        """D, (n_l, m). Dropout draws for all units, so that the others lose what they would have lost anyway."""
        D = np.ones(shape, dtype) if self.dropout is None else self.dropout.mask(shape, rng, dtype)  # type: ignore[call-overload]
        D[self.units] = 0
        return D


def scaled(gradient: Array, factor: float) -> Array:
    # 0 zeroes an infinity too, which a product would not
    return np.zeros_like(gradient) if factor == 0 else gradient * factor


def clipped(gradient: Array, max_abs: float) -> Array:
    return np.clip(gradient, -max_abs, max_abs)


class ScaledGradient:
    """dA of the layer before, as its layer kind makes it, times a factor; everything before it follows."""

    name = "scale_gradient"
    title = "Scale a gradient"
    source = 'Ganin and Lempitsky (2015), "Unsupervised domain adaptation by backpropagation", section 3, on the factor -1'
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    def __init__(self, factor: float, layer_kind: Any) -> None:
        self.factor, self.layer_kind = factor, layer_kind

    @property
    def equations(self) -> Mapping[str, Equation]:
        made: Equation = self.layer_kind.equations["dA_prev"]

        def times(latex: str) -> str:
            left, right = latex.split(" = ", 1)
            return rf"{left} = {number(self.factor)} \left({right}\right)"

        why = "An edit multiplies this gradient by its factor on the way back, and with it all that come from it. The loss does not know of it."
        return {"dA_prev": Equation(times(made.whole), times(made.cell), why)}

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        made: Sum = self.layer_kind.explain(equation, t, l, row, col)
        return replace(made, scale=Scale(self.factor, number(self.factor)))


@dataclass(frozen=True)
class UsedGradient:
    """What an update takes instead of dW, db, dgamma or dbeta: scaled first, then clipped. The gradient itself stays in the trace as it is."""

    factor: float = 1.0
    max_abs: float | None = None

    source: ClassVar[str] = "Goodfellow, Bengio and Courville (2016), Deep Learning, section 10.11.1, on clipping gradients"
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    @property
    def name(self) -> str:
        return "clip_gradient" if self._only_clips else ScaledGradient.name

    @property
    def title(self) -> str:
        return "Clip a gradient" if self._only_clips else ScaledGradient.title

    @property
    def _only_clips(self) -> bool:
        return self.factor == 1 and self.max_abs is not None

    @property
    def equations(self) -> Mapping[str, Equation]:
        of = r"d?^{[l]}@" if self.factor == 1 else rf"{number(self.factor)}\, d?^{{[l]}}@"
        if self.max_abs is None:
            why = "No edit is on this gradient." if self.factor == 1 else "An edit multiplies what the update takes by its factor."
            return of_gradients(rf"g?^{{[l]}} = {of}", why)
        c = number(self.max_abs)
        why = "An edit bounds what the update takes: each number that is beyond the bound either way becomes the bound."
        return of_gradients(rf"g?^{{[l]}} = \max(-{c}, \min({c}, {of}))", why)

    def act(self, gradient: Array) -> Array:
        """What was handed in stays as it is."""
        if self.factor != 1:
            gradient = scaled(gradient, self.factor)
        return gradient if self.max_abs is None else clipped(gradient, self.max_abs)

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        cell = t.cells(f"d{equation[1:]}", l, row, col)
        if self.max_abs is None:
            factors = [] if self.factor == 1 else [constant(self.factor, number(self.factor))]
            return Sum((one_term(*factors, Factor(cell.values, (cell,)), given=0.0 if self.factor == 0 else None),))
        c, of = number(self.max_abs), "#1" if self.factor == 1 else rf"{number(self.factor)} \cdot #1"
        return Sum((one_term(Factor(np.asarray(self.act(cell.values), np.float64), (cell,), rf"\max(-{c}, \min({c}, {of}))")),))


class Frozen:
    """A layer that an update leaves as it is, and what the optimizer remembers of it too."""

    name = "freeze"
    title = "Freeze a layer"
    source = 'Yosinski, Clune, Bengio and Lipson (2014), "How transferable are features in deep neural networks?"'
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    def __init__(self, optimizer: Any) -> None:
        self.optimizer = optimizer

    @property
    def equations(self) -> Mapping[str, Equation]:
        def kept(latex: str) -> str:
            left = latex.partition(r"\leftarrow")[0].strip()
            return rf"{left} \leftarrow {left}"

        why = "An edit has frozen this layer: it stays as it is, whatever its gradient says."
        return {name: Equation(kept(one.whole), kept(one.cell), why) for name, one in self.optimizer.equations.items()}

    def explain(self, equation: str, t: Reader, l: int, row: int, col: int) -> Sum:
        return Sum((one_term(t.cell(equation.removesuffix("_next"), l, row, col)),))


@dataclass(frozen=True, slots=True)
class Interventions:
    """By layer: the units that are ablated, the factor of dA; by parameter and layer what an update takes; and the layers that are frozen.

    Ablated layers are hidden ones, 1..L-1; dA is scaled in layers 0..L-1; the others are layers of weights, 1..L.
    """

    ablated: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    scaled: Mapping[int, float] = field(default_factory=dict)
    used: Mapping[tuple[str, int], UsedGradient] = field(default_factory=dict)
    frozen: frozenset[int] = frozenset()

    def mask(self, l: int, dropout: Dropout | None) -> Dropout | None:
        """What masks a hidden layer that has this dropout."""
        return Ablation(self.ablated[l], dropout) if l in self.ablated else dropout

    def silenced(self, l: int, A: Array) -> Array:
        """A of a hidden layer where nothing is trained: dropout drops nothing, but an ablated unit stays ablated."""
        if l not in self.ablated:
            return A
        A = A.copy()
        A[list(self.ablated[l])] = 0
        return A

    def factor(self, l: int) -> float:
        """By how much the gradients of layer l differ from those of the loss: the product of the factors from there to the loss."""
        return float(np.prod([factor for layer, factor in self.scaled.items() if layer >= l]))
