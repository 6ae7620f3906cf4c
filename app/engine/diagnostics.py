"""What goes wrong with gradients, found in a trace: every rule that a step breaks, with its cell and in words."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

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
) -> tuple[Finding, ...]:
    """Every rule that the step breaks, the worst first. What is not finite hides the rest: ratios of NaN say nothing.

    Args:
        before: the steps right before this one, the latest first: their traces as far as they are at hand, else what is kept of them.
        layers: `health` of the same, where it is known already.
    """
    broken = first_not_finite(trace, network, optimizer)
    if broken is not None:
        return (replace(broken, words=broken.words + _earlier(network, optimizer, before)),)
    layers = layers or health(trace, network, before)
    with np.errstate(all="ignore"):
        found = (
            *_diverging(trace, before),
            *_depth(trace, network, layers),
            *_dead(trace, network, layers, before),
            *_saturated(trace, network, layers),
            *_updates(trace, layers),
            *_symmetric(trace),
            *_cancelling(trace, layers),
        )
    # of each rule one, before any has a second: a deep network may break one of them in every layer
    seen: Counter[str] = Counter()
    ranked = []
    for finding in found:
        seen[finding.rule.name] += 1
        ranked.append((finding.severity == "note", seen[finding.rule.name], finding))
    return tuple(finding for *_, finding in sorted(ranked, key=lambda one: one[:2]))


def _earlier(network: Network, optimizer: Optimizer | None, before: Sequence[Trace | Earlier]) -> str:
    """Of the steps right before a broken one, the first that was broken too: there it began."""
    words = ""
    for trace in before:
        found = first_not_finite(trace, network, optimizer) if isinstance(trace, Trace) else None
        if found is None:
            break
        words = f" Of the steps before it that are at hand, the first is step {trace.step}. {found.words}"
    return words


def _diverging(trace: Trace, before: Sequence[Trace | Earlier]) -> Iterator[Finding]:
    losses = [trace.loss, *(earlier.loss for earlier in before[:RISES])]
    if len(losses) <= RISES or not all(new > old for new, old in zip(losses[:-1], losses[1:], strict=True)):
        return
    if losses[-1] > 0 and losses[0] > RISEN * losses[-1]:
        L = len(trace.layers) - 1
        words = f"The loss rose in each of the last {RISES} steps, from {losses[-1]:.3g} to {losses[0]:.3g}: updates overshoot, and the training diverges."
        yield Finding(DIVERGING, "warning", L, losses[0] / losses[-1], words, Cell("losses", L, 0, int(trace.losses.argmax())))


def _depth(trace: Trace, network: Network, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    """Between the loss and the first layer: how much is left, and which factor took most of it."""
    L = len(layers) - 1
    if L < 2 or not layers[L].dZ > 0:
        return
    ratio = layers[1].dZ / layers[L].dZ
    if SMALLEST_RATIO <= ratio <= LARGEST_RATIO:
        return
    # on the way from the loss: W^T of the layer behind, the mask, the slope of the layer itself, then its normalisation
    factors = [
        (kind, l, value) for l in range(L - 1, 0, -1) for kind in FACTORS if not math.isnan(value := getattr(layers[l], f"through_{kind}"))
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
    if examples < FEWEST_EXAMPLES:
        return
    for layer in layers[1:]:
        if not layer.dead_units:
            continue
        size = trace.layers[layer.layer].size
        share = len(layer.dead_units) / size
        batches = f"the last {1 + len(before)} batches" if before else "this batch"
        norm = network.normalisation(layer.layer)
        # over units, a normalisation passes some of what the others get to every unit
        is_shared = norm is not None and not norm.mixes
        consequence = "only what the normalisation takes from other units" if is_shared else "nothing these say"
        consequence += " can move their weights"
        named = ", ".join(map(str, layer.dead_units[:5])) + (", ..." if len(layer.dead_units) > 5 else "")
        units = f"{len(layer.dead_units)} of {size} units ({named}) {'passes' if len(layer.dead_units) == 1 else 'pass'}"
        words = f"In layer {layer.layer}, {units} no gradient for any of the {examples} examples of {batches}: {consequence}."
        severity: Severity = "warning" if share >= 0.5 else "note"
        yield Finding(DEAD, severity, layer.layer, share, words, Cell("dZ", layer.layer, layer.dead_units[0], 0), NAMES["slope"])


def _saturated(trace: Trace, network: Network, layers: Sequence[LayerHealth]) -> Iterator[Finding]:
    for layer in layers[1:]:
        activation, Z = activation_of(network, layer.layer), trace.layers[layer.layer].Z
        if activation is None or Z is None or not layer.saturated > SATURATED_SHARE:
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
        if math.isnan(ratio) or low <= ratio <= high or layer.dW == 0 or Reader(trace).is_frozen(layer.layer):
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
        if trace.m > 1 and layer.cancellation < min(MOST_CANCELLED, OF_CHANCE / math.sqrt(trace.m)):
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
