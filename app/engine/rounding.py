"""What rounding to float32 makes of the gradients of a step, measured: the step is taken again in both precisions.

An analysis of rounding errors would follow each operation; this holds for any ingredient, and sees what cancels: dZ behind a normalisation
is a small difference of large terms. The trace's own gradients have no part in it, so that a wrong one is not excused by being wrong.

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
LEAST = 32.0  # roundings of a tensor's largest number that any of its cells may be off by


class Rounding:
    """Of the gradients of a float32 trace, tensor by tensor."""

    def __init__(self, trace: Trace, network: Network) -> None:
        rng = np.random.Generator(np.random.Philox(0))
        self._t = Reader(trace)
        self._passes: list[tuple[Reader, Reader]] = []
        for number in range(1 + NEARBY):
            W = network.W if number == 0 else [_nearby(one, rng) for one in network.W]
            as_it_is, wide = (_as(network, W, dtype) for dtype in ("float32", "float64"))
            self._passes.append((Reader(_pass(trace, as_it_is, "float32")), Reader(_pass(trace, wide, "float64"))))

    def of(self, tensor: str, layer: int) -> Numbers:
        """How far rounding can put each cell off, (rows, cols)."""
        with np.errstate(all="ignore"):
            gaps = [np.abs(narrow.tensor(tensor, layer).astype(np.float64) - wide.tensor(tensor, layer)) for narrow, wide in self._passes]
            own = np.abs(self._t.tensor(tensor, layer).astype(np.float64))
            finite = own[np.isfinite(own)]
            least = LEAST * EPS * float(finite.max()) if finite.size else 0.0
            measured = MARGIN * np.max([np.where(np.isfinite(gap), gap, 0.0) for gap in gaps], axis=0)
        bound: Numbers = np.maximum(measured, least)
        return bound


def _nearby(W: Array, rng: np.random.Generator) -> Array:
    return (W * (1 + EPS * rng.choice([-1.0, 1.0], W.shape))).astype(np.float32)


def _as(network: Network, W: Sequence[Array], dtype: str) -> Network:
    held = [{name: one.astype(dtype) for name, one in of.items()} for of in network.held]
    return network.with_parameters([one.astype(dtype) for one in W], [one.astype(dtype) for one in network.b], held)


def _pass(trace: Trace, network: Network, dtype: str) -> Trace:
    return take_step(network, trace.X.astype(dtype), trace.Y.astype(dtype), step=trace.step, masks=masks_of(trace, dtype))
