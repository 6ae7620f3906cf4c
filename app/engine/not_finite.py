"""Where a step first left the numbers: the first tensor of the derivation with a NaN or an infinity, its cell, example and factor."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .examples import PER_EXAMPLE
from .explain import explain
from .findings import NOT_FINITE, Beginning, Finding
from .network import Network
from .optimizers import Optimizer
from .phases import BACKWARD, FORWARD, phases
from .terms import Cell, Reader
from .trace import PARAMETERS, Array, Trace


def first_not_finite(trace: Trace, network: Network, optimizer: Optimizer | None) -> Finding | None:
    """In the order of the derivation, parameters first; of a tensor the first example (column), and of that the first unit (row)."""
    if trace.optimizer_state is None:
        optimizer = None
    t = Reader(trace)
    held = ((name, layer.index) for name in PARAMETERS for layer in trace.layers[1:] if name in ("W", "b") or name in layer.more)
    given = [("A", 0), *held]
    made = [(phase.tensor, phase.layer) for phase in phases(network, optimizer)]
    for tensor, l in [*given, *made]:
        cells = t.tensor(tensor, l)
        if np.isfinite(cells).all():
            continue
        col, row = (int(index) for index in np.argwhere(~np.isfinite(cells.T))[0])
        cell = Cell(tensor, l, row, col)
        value = float(cells[row, col])
        word = "NaN" if math.isnan(value) else "infinite" if value > 0 else "minus infinite"
        why, factor = _why(trace, network, optimizer, cell)
        name = "the loss" if tensor == "loss" else f"{tensor}[{l}]"
        words = f"The first that is not finite is {name}: {_place(cell, network)} {word}. {why}"
        return Finding(NOT_FINITE, "broken", l, value, words, cell, factor)
    return None


def is_finite(trace: Trace) -> bool:
    """Whether every number of a step is one: the cheap question, asked of each step that is taken."""
    parts = (
        (layer.A, layer.Z, layer.dA, layer.dZ, layer.dW, layer.db, layer.W, layer.b, layer.W_next, layer.b_next, *layer.more.values())
        for layer in trace.layers
    )
    return math.isfinite(trace.loss) and _all_finite(trace.losses) and all(part is None or _all_finite(part) for of in parts for part in of)


def pass_is_finite(trace: Trace) -> bool:
    """Whether every number of the pass is one, whatever the update made of its gradients."""
    made = {*PARAMETERS, *PER_EXAMPLE, *FORWARD, *BACKWARD}  # of what ingredients add, the rest is the optimizer's
    layers = (
        layer._replace(W_next=None, b_next=None, more={name: layer.more[name] for name in made & layer.more.keys()})
        for layer in trace.layers
    )
    return is_finite(replace(trace, layers=tuple(layers)))


def _all_finite(tensor: Array) -> bool:
    """The sum of squares carries a NaN or an infinity along, at half the price; large numbers alone overflow it too."""
    return math.isfinite(np.vdot(tensor, tensor)) or bool(np.isfinite(tensor).all())


def traced_back(finding: Finding, step: int, first: Finding) -> Finding:
    """What is not finite, with where it began: `first` was found in an earlier `step`, and every step since then was broken."""
    return replace(finding, words=f"{finding.words} It began in step {step}. {first.words}", began=Beginning(step, first))


STATISTICS = ("M", "V", "dM", "dV")  # a number for each unit where examples are mixed, and for each example where units are


def _place(cell: Cell, network: Network) -> str:
    if cell.tensor == "loss":
        return "it is"
    if cell.tensor == "losses":
        return f"that of example {cell.col} is"
    if cell.tensor in STATISTICS:
        norm = network.normalisation(cell.layer)
        return f"that of {f'unit {cell.row}' if norm is not None and norm.mixes else f'example {cell.col}'} is"
    if cell.tensor in ("A", "Z", "dA", "dZ", *PER_EXAMPLE):
        return f"{'unit' if cell.layer else 'feature'} {cell.row} of example {cell.col} is"
    return f"its cell {cell.row}, {cell.col} is"


def _why(trace: Trace, network: Network, optimizer: Optimizer | None, cell: Cell) -> tuple[str, str | None]:
    """Which factor of which term made it so, and the name of the largest factor."""
    explained = explain(trace, network, optimizer, cell)
    if explained.phase is None:
        return f"The step was given it so, by {'its data' if cell.tensor == 'A' else 'the update of the step before'}.", None
    terms = explained.terms("magnitude", 0, 1)
    if not terms:
        return "", None
    factors = [(value, _name(cells[0][0]) if cells else latex) for value, latex, cells in terms[0].factors]
    _, blamed = max(factors, key=lambda factor: math.inf if math.isnan(factor[0]) else abs(factor[0]))
    product = " times ".join(
        f"{value:.3g} (of {name if math.isfinite(value) else _made_of(cells) or name})"
        for (value, name), (_, _, cells) in zip(factors, terms[0].factors, strict=True)
    )
    if not math.isfinite(terms[0].product):
        return f"Its term {product} is beyond what {trace.dtype} can hold.", blamed
    return f"Its terms are finite, the largest is {product}; their sum is beyond what {trace.dtype} can hold.", blamed


def _name(cell: Cell) -> str:
    return f"{cell.tensor}[{cell.layer}] at {cell.row}, {cell.col}"


def _made_of(cells: Sequence[tuple[Cell, float]]) -> str:
    """What is no longer finite, though all that it was made of is: a square, or an exponential. Else nothing."""
    if not all(math.isfinite(value) for _, value in cells):
        return ""
    return ", and ".join(f"{_name(cell)}, which is {value:.3g}" for cell, value in cells)
