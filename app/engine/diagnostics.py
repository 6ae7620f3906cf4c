"""What goes wrong with gradients, found in a trace: every rule that a step breaks, with its cell and in words."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from .findings import (
    CANCELLING,
    DEAD,
    DIVERGING,
    EXPLODING,
    FEWEST_EXAMPLES,
    LARGEST_RATIO,
    MOST_CANCELLED,
    OF_CHANCE,
    RISEN,
    RISES,
    RULES,
    SATURATED,
    SATURATED_SHARE,
    SMALLEST_RATIO,
    SYMMETRIC,
    UPDATE,
    UPDATE_BAND,
    VANISHING,
    Finding,
    Severity,
)
from .layer_health import Earlier, LayerHealth, activation_of, health
from .network import Network
from .not_finite import first_not_finite
from .optimizers import Optimizer
from .terms import Cell, Numbers, Reader
from .trace import Array, LayerTrace, Trace

FACTORS = {
    "weights": "W^T dZ",
    "dropout": "the mask of dropout",
    "slope": "g'(Z), the slope of the activation",
    "normalisation": "the normalisation, which divides by the spread of Z",
}
NAMES = {"weights": "W^T dZ", "dropout": "D", "slope": "g'(Z)", "normalisation": "V"}


def diagnose(
    trace: Trace,
    network: Network,
    optimizer: Optimizer | None,
    before: Sequence[Trace | Earlier] = (),
    layers: Sequence[LayerHealth] | None = None,
    first_loss: float | None = None,
) -> tuple[Finding, ...]:
    """Every rule that the step breaks, the worst first. What is not finite hides the rest: ratios of NaN say nothing.

    Args:
        before: the steps right before this one, the latest first: their traces as far as they are at hand, else what is kept of them.
        layers: `health` of the same, where it is known already.
        first_loss: the loss of the run's first step, in nats, where that was an earlier one.
    """
    broken = first_not_finite(trace, network, optimizer)
    if broken is not None:
        return (broken,)
    layers = layers or health(trace, network, before)
    with np.errstate(all="ignore"):
        found = (
            *_diverging(trace, before, first_loss),
            *_depth(trace, network, layers),
            *_dead(trace, network, layers, before),
            *_saturated(trace, network, layers),
            *_updates(trace, layers),
            *_symmetric(trace),
            *_cancelling(trace, layers),
        )
    # of each rule its worst, before any has a second: a deep network may break one of them in every layer
    seen: Counter[str] = Counter()
    ranked = []
    for finding in sorted(found, key=lambda one: (RULES.index(one.rule), one.severity == "note", -_excess(one))):
        seen[finding.rule.name] += 1
        ranked.append((finding.severity == "note", seen[finding.rule.name], finding))
    return tuple(finding for *_, finding in sorted(ranked, key=lambda one: one[:2]))


def _excess(finding: Finding) -> float:
    """How much worse than another of the same rule: larger is worse."""
    if finding.rule is UPDATE:
        low, high = UPDATE_BAND
        return finding.value / high if finding.value > high else low / finding.value if finding.value else math.inf
    return -finding.value if finding.rule is CANCELLING else finding.value


def _diverging(trace: Trace, before: Sequence[Trace | Earlier], first_loss: float | None) -> Iterator[Finding]:
    losses = [trace.loss, *(earlier.loss for earlier in before[:RISES])]
    loss, old = losses[0], losses[-1]
    if len(losses) > RISES and all(one > other for one, other in pairwise(losses)) and old > 0 and loss > RISEN * old:
        said, value = f"rose in each of the last {RISES} steps, from {old:.3g} to {loss:.3g}", loss / old
    elif first_loss is not None and len(losses) > 1 and loss > RISEN * first_loss > 0 and loss >= min(losses[1:]):
        said, value = f"was {first_loss:.3g} in the first step and is {loss:.3g} now", loss / first_loss
    else:
        return
    L = len(trace.layers) - 1
    words = f"The loss {said}: updates overshoot, and the training diverges."
    yield Finding(DIVERGING, "warning", L, value, words, Cell("losses", L, 0, int(trace.losses.argmax())))


def _depth(trace: Trace, network: Network, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    """Between the loss and the first layer: how much is left, and which factor took most of it."""
    L = len(layers) - 1
    first, last = layers[1].dZ, layers[-1].dZ
    if L < 2 or first is None or last is None or not last > 0:
        return
    ratio = first / last
    if SMALLEST_RATIO <= ratio <= LARGEST_RATIO:
        return
    # on the way from the loss: W^T of the layer behind, the mask, the slope of the layer itself, then its normalisation
    factors = [
        (kind, l, value) for l in range(L - 1, 0, -1) for kind in FACTORS if (value := getattr(layers[l], f"through_{kind}")) is not None
    ]
    ends = next((factor for factor in factors if factor[2] == 0), None)
    if ends is not None:
        kind, at, _ = ends
        words = f"No gradient reaches the first layer: at layer {at}, {_named(kind, network, at)} makes it exactly 0."
    else:
        logs = {kind: sum(math.log(value) for one, _, value in factors if one == kind) for kind in FACTORS}
        extreme = min if ratio < 1 else max
        kind = extreme(logs, key=logs.__getitem__)
        _, at, value = extreme((factor for factor in factors if factor[0] == kind), key=lambda factor: factor[2])
        left = f"{ratio:.2g} of" if ratio < 1 else f"{ratio:.3g} times"
        most = "smallest" if ratio < 1 else "largest"
        words = (
            f"The gradient at the first layer is {left} the one that leaves the loss. Most of it is due to {_named(kind, network, at)}: "
            f"the {most} factor is at layer {at}, {value:.2g}."
        )
    rule = VANISHING if ratio < 1 else EXPLODING
    yield Finding(rule, "warning", at, ratio, words, largest_cell(trace, _made_by(kind, trace.layers[at]), at), NAMES[kind])


def _named(factor: str, network: Network, l: int) -> str:
    """A factor of the gradient of layer l in words, with what an edit has to do with it."""
    edited = network.interventions
    if edited is not None and factor == "weights" and l in edited.scaled:
        return f"W^T dZ, which an edit multiplies by {edited.scaled[l]:g},"
    if edited is not None and factor == "dropout" and l in edited.ablated:
        return "the mask D, in which units are ablated,"
    return FACTORS[factor]


def _made_by(factor: str, layer: LayerTrace) -> str:
    """The tensor that a factor of the gradient makes in its layer."""
    of_slope = "dN" if "dN" in layer.more else "dZ"
    return {"weights": "dA", "dropout": "dG", "slope": of_slope, "normalisation": "dZ"}[factor]


def _dead(trace: Trace, network: Network, layers: Sequence[LayerHealth], before: Sequence[Trace | Earlier]) -> Iterator[Finding]:
    examples = trace.m + sum(earlier.m for earlier in before)
    for layer in layers[1:]:
        size = trace.layers[layer.layer].size
        dead = layer.dead_units if examples >= FEWEST_EXAMPLES else ()
        now = layer.dead_in_batch if trace.m >= FEWEST_EXAMPLES else dead
        most = max(len(now), len(dead)) / size
        # a few that rest in one batch are none: half of a layer is
        if not dead and most < 0.5:
            continue
        severity: Severity = "warning" if most >= 0.5 else "note"
        words = f"In layer {layer.layer}, {_dead_words(layer, now, dead, size, (trace.m, examples, 1 + len(before)))}"
        words += f": {_consequence(network, layer.layer)}."
        yield Finding(DEAD, severity, layer.layer, most, words, Cell("dZ", layer.layer, (dead or now)[0], 0), NAMES["slope"])


def _dead_words(layer: LayerHealth, now: Sequence[int], dead: Sequence[int], size: int, looked_at: tuple[int, int, int]) -> str:
    """Which pass nothing in this batch, for how long, and in all. `looked_at`: examples of this batch and of all, and how many batches."""
    m, examples, batches = looked_at
    is_lasting = len(now) == len(dead)
    of = f"the {examples} examples of the last {batches} batches" if is_lasting and batches > 1 else f"the {m} examples of this batch"
    words = f"{len(now)} of {size} units ({_named_units(now)}) {'passes' if len(now) == 1 else 'pass'} no gradient for any of {of}"
    if is_lasting:
        return words
    # those that died last are half of the story: how long the longer half of them has been dead
    half = sorted(layer.dead_for, reverse=True)[(len(now) - 1) // 2]
    if 1 < half < batches:
        words += f", {sum(one >= half for one in layer.dead_for)} of them for none of the last {half} batches"
    if not dead:
        return f"{words}, though each did for some example of the last {batches} batches"
    return f"{words}, and {len(dead)} of them ({_named_units(dead)}) for none of the {examples} examples of the last {batches} batches"


def _named_units(units: Sequence[int]) -> str:
    return ", ".join(map(str, units[:5])) + (", ..." if len(units) > 5 else "")


def _consequence(network: Network, l: int) -> str:
    norm = network.normalisation(l)
    # over units, a normalisation passes some of what the others get to every unit
    is_shared = norm is not None and not norm.mixes
    return f"{'only what the normalisation takes from other units' if is_shared else 'nothing these say'} can move their weights"


def _saturated(trace: Trace, network: Network, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    for layer in layers[1:]:
        activation, Z = activation_of(network, layer.layer), trace.layers[layer.layer].Z
        if activation is None or Z is None or layer.saturated is None or not layer.saturated > SATURATED_SHARE:
            continue
        words = (
            f"In layer {layer.layer}, {100 * layer.saturated:.0f} % of the slopes of {activation.title} are nearly 0: "
            "most of its Z lie far out, where it is flat."
        )
        row, col = np.unravel_index(int(np.abs(Z).argmax()), Z.shape)
        yield Finding(
            SATURATED, "warning", layer.layer, layer.saturated, words, Cell("dZ", layer.layer, int(row), int(col)), NAMES["slope"]
        )


def _updates(trace: Trace, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    low, high = UPDATE_BAND
    for layer in layers[1:]:
        ratio = layer.update_ratio
        if ratio is None or math.isnan(ratio) or low <= ratio <= high or layer.dW == 0 or Reader(trace).is_frozen(layer.layer):
            continue
        much, hint = (
            ("more than a tenth", "the learning rate may be too large")
            if ratio > high
            else ("less than a hundred-thousandth", "it hardly learns")
        )
        words = f"The update of W[{layer.layer}] is {ratio:.2g} times W itself, {much}: {hint}."
        # an update larger than what it updates leaves nothing of what was learned
        yield Finding(UPDATE, "warning" if ratio > 1 else "note", layer.layer, ratio, words, largest_cell(trace, "dW", layer.layer))


def _symmetric(trace: Trace) -> Iterator[Finding]:
    for layer in trace.layers[1:-1]:
        behind = trace.layers[layer.index + 1]
        if layer.W is None or layer.b is None or layer.dW is None or layer.db is None or behind.W is None:
            continue
        # a unit is what comes in, what goes out, and how it is moved
        groups = _alike([layer.W, layer.b, behind.W.T], [layer.dW, layer.db])
        twins = sum(len(group) for group in groups)
        if not twins:
            continue
        distinct = layer.size - twins + len(groups)
        words = (
            f"In layer {layer.index}, {twins} of {layer.size} units have the same weights and the same gradients as another: "
            f"they are moved alike and stay copies, so that the layer counts as {distinct}."
        )
        most = max(groups, key=len)
        yield Finding(SYMMETRIC, "warning", layer.index, twins / layer.size, words, Cell("dW", layer.index, min(most), 0))


def _alike(parameters: Sequence[Array], gradients: Sequence[Array]) -> list[list[int]]:
    """Groups of two or more rows that agree to half of their digits: parameters of their own size, gradients of the layer's largest.

    Gradients may have cancelled to nothing but rounding, and that of two rows can differ.
    """
    tolerance = math.sqrt(float(np.finfo(parameters[0].dtype).eps))
    parts: list[Numbers] = [part.astype(np.float64) for part in (*parameters, *gradients)]
    largest = [float(np.abs(part).max()) or 1.0 for part in parts]
    # rows that agree have neighbouring projections, so that each is compared with one other alone
    rows = np.concatenate([part / size for part, size in zip(parts, largest, strict=True)], axis=1)
    order = np.argsort(rows @ np.random.default_rng(0).normal(size=rows.shape[1]), kind="stable")

    def agree(one: int, other: int) -> bool:
        for position, part in enumerate(parts):
            a, b = part[one], part[other]
            size = max(np.abs(a).max(), np.abs(b).max()) if position < len(parameters) else largest[position]
            if np.abs(a - b).max() > tolerance * size:
                return False
        return True

    groups: list[list[int]] = [[int(order[0])]]
    for one, other in zip(order[:-1], order[1:], strict=True):
        if not agree(one, other):
            groups.append([])
        groups[-1].append(int(other))
    return [group for group in groups if len(group) > 1]


def _cancelling(trace: Trace, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    for layer in layers[1:]:
        if trace.m > 1 and layer.cancellation is not None and layer.cancellation < min(MOST_CANCELLED, OF_CHANCE / math.sqrt(trace.m)):
            words = (
                f"The examples of the batch cancel each other in dW[{layer.layer}]: what is left is {100 * layer.cancellation:.1f} % of "
                "what they say one by one."
            )
            yield Finding(CANCELLING, "note", layer.layer, layer.cancellation, words, largest_cell(trace, "dW", layer.layer))


def largest_cell(trace: Trace, tensor: str, layer: int) -> Cell:
    """Where a tensor of finite numbers has its largest magnitude."""
    cells: Numbers = np.abs(Reader(trace).tensor(tensor, layer).astype(np.float64))
    row, col = np.unravel_index(int(cells.argmax()), cells.shape)
    return Cell(tensor, layer, int(row), int(col))
