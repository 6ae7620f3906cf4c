"""What rounding to float32 makes of the gradients of a step, measured: the step is taken again in both precisions.

An analysis of rounding errors would follow each operation; this holds for any ingredient, and sees what cancels: dZ behind a normalisation
is a small difference of large terms. The trace's own gradients have no part in it, so that a wrong one
excuses neither itself nor another.

Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, 2nd ed., section 1.5 (an error estimated by a higher precision) and
section 26.1 (by perturbed runs).
"""

from collections.abc import Sequence

import numpy as np

from .network import Network
from .step import masks_of, take_step
from .terms import Numbers, Reader
from .trace import Array, Trace

EPS = float(np.finfo(np.float32).eps)
NEARBY = 3  # passes with weights moved by their last digit: in one pass a cell may be right by luck
MARGIN = 4.0  # of what the few passes show
PASSES = 2 * (1 + NEARBY)  # forward and back, in both precisions
LEAST = 32.0  # roundings of a tensor's largest number that any of its cells may be off by


def rounded_away(trace: Trace, network: Network, tensors: Sequence[tuple[str, int]]) -> list[Numbers]:
    """How far rounding can put each cell of some gradients of a float32 trace off, (rows, cols) each.

    Args:
        tensors: (name, layer) of each.
    """
    rng = np.random.Generator(np.random.Philox(0))
    bounds: list[Numbers] = []
    with np.errstate(all="ignore"):
        for number in range(1 + NEARBY):  # one pass after the other: no two are held at once
            W = network.W if number == 0 else [_nearby(one, rng) for one in network.W]
            narrow, wide = (Reader(_pass(trace, _as(network, W, dtype), dtype)) for dtype in ("float32", "float64"))
            pairs = [(narrow.tensor(*one).astype(np.float64), wide.tensor(*one)) for one in tensors]
            if number == 0:
                bounds = [np.full(right.shape, LEAST * EPS * _largest(right)) for _, right in pairs]
            gaps = [MARGIN * np.abs(rough - right) for rough, right in pairs]
            bounds = [np.fmax(bound, np.where(np.isfinite(gap), gap, 0.0)) for bound, gap in zip(bounds, gaps, strict=True)]
    return bounds


def _largest(numbers: Array) -> float:
    finite = numbers[np.isfinite(numbers)]
    return float(np.abs(finite).max()) if finite.size else 0.0


def _nearby(W: Array, rng: np.random.Generator) -> Array:
    return (W * (1 + EPS * rng.choice([-1.0, 1.0], W.shape))).astype(np.float32)


def _as(network: Network, W: Sequence[Array], dtype: str) -> Network:
    held = [{name: one.astype(dtype) for name, one in of.items()} for of in network.held]
    return network.with_parameters([one.astype(dtype) for one in W], [one.astype(dtype) for one in network.b], held)


def _pass(trace: Trace, network: Network, dtype: str) -> Trace:
    return take_step(network, trace.X.astype(dtype), trace.Y.astype(dtype), step=trace.step, masks=masks_of(trace, dtype))
