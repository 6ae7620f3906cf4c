"""A derivative from central differences at ever smaller steps, extrapolated to none at all, with an estimate of how far it may be off.

Sources: Richardson (1911); Ridders (1982), "Accurate computation of F'(x) and F'(x)F''(x)"; Press, Teukolsky, Vetterling and Flannery
(2007), Numerical Recipes, 3rd ed., section 5.7 (dfridr).
"""

import numpy as np

from .terms import Numbers

SAFETY = 2.0  # how many times its own estimate an extrapolation may be off


def extrapolate(differences: Numbers, shrink: float, noise: float) -> tuple[Numbers, Numbers]:
    """Derivatives, and for each how far it may be off beyond `noise`; both (n,).

    A central difference is off by a series in the square of its step, so that two of them cancel the first term of it, three the second.
    What is taken is the one with the smallest estimate of its error: how far it is from the ones that it was made of and from its like at
    the step before, and what rounding made of it. One that only the coarser steps agree on is not trusted: what finer ones say otherwise
    counts as error.

    Args:
        differences: (k, n), of n cells at k steps, two or more; each step is the one before over `shrink`.
        noise: what rounding can make of a difference at the first step; at each further one it is `shrink` times as much.
    """
    k = len(differences)
    noises = np.array([noise * shrink**at for at in range(k)])
    with np.errstate(all="ignore"):
        # the first as it is: best where no smaller step says otherwise
        best = differences[0].copy()
        doubt = np.maximum(np.abs(differences[1] - best), _unsettled(best, differences[2:], noises[2:]))
        row = list(differences)
        for order in range(1, k):
            gain = shrink ** (2 * order) - 1
            higher = [finer + (finer - coarser) / gain for coarser, finer in zip(row[:-1], row[1:], strict=True)]
            for at, one in enumerate(higher):
                finest = at + order  # of the steps that it was made of
                error = np.abs(one - row[at + 1])
                if at > 0 or order > 1:  # else there is only the first difference to hold it against, which is what is in doubt
                    error = np.maximum(error, np.abs(one - (higher[at - 1] if at > 0 else row[at])))
                off = SAFETY * error + noises[finest] - noise
                off += _unsettled(one, differences[finest + 1 :], noises[finest + 1 :])
                is_better = off < doubt
                best, doubt = np.where(is_better, one, best), np.where(is_better, off, doubt)
            row = higher
    return best, np.where(np.isnan(doubt), np.inf, doubt)


def _unsettled(values: Numbers, finer: Numbers, noises: Numbers) -> Numbers:
    """How far off values may be by what differences at finer steps say otherwise, beyond the rounding of these; (n,)."""
    if len(finer) == 0:
        return np.zeros_like(values)
    beyond: Numbers = SAFETY * np.maximum(0.0, np.abs(finer - values) - noises[:, np.newaxis]).max(axis=0)
    return beyond
