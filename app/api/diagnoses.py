"""What goes wrong with the gradients of a step, and each of its layers in numbers."""

from typing import Any

import numpy as np
from fastapi import APIRouter

from app.engine import RULES, Earlier, Finding, LayerHealth, Rule, Trace, diagnose, health
from app.sessions.history import word

from .deps import SessionId, Sessions, StepNumber
from .encoding import JsonBytes, layer_name
from .health_schemas import HealthSchema
from .problems import responses
from .routes import StrictRoute

router = APIRouter(prefix="/sessions/{id}/steps/{n}", tags=["explanations"], route_class=StrictRoute)

MOST_BEFORE = 9  # batches before this one: more would say no more of dead units, and cost as much each
MOST_UNITS = 100


@router.get(
    "/health",
    summary="What goes wrong with the gradients",
    response_class=JsonBytes,
    responses={200: {"model": HealthSchema}, **responses(404, 422, 503)},
)
def read_health(id: SessionId, n: StepNumber, sessions: Sessions) -> JsonBytes:
    """Each layer in numbers, and each rule that the step breaks with its threshold, its source and the cell to look at.

    Dead units and a diverging loss are judged over this batch and those right before it, at most ten in all; `batches` says how many
    there were.
    """
    taken = sessions.look(id, n)
    # traces that are in memory say more of numbers that are not finite, and of the rest no more than what is on record
    before: list[Trace | Earlier] = [earlier.trace for earlier in sessions.before(id, n, MOST_BEFORE)]
    before += sessions.recorded(id, n - len(before), MOST_BEFORE - len(before))
    trace, network = taken.trace, taken.network
    sizes = [layer.size for layer in trace.layers]
    with np.errstate(all="ignore"):
        layers = health(trace, network, before)
        found = diagnose(trace, network, taken.optimizer, before, layers)
    return JsonBytes(
        {
            "step": trace.step,
            "batches": 1 + len(before),
            "examples": trace.m + sum(earlier.m for earlier in before),
            "layers": [_layer_json(layer, sizes) for layer in layers],
            "findings": [_finding_json(finding) for finding in found],
            "rules": [_rule_json(rule) for rule in RULES],
        }
    )


_NUMBERS = (
    "A", "dA", "dZ", "dW", "through_weights", "through_dropout", "through_slope", "through_normalisation",
    "update_ratio", "stopped", "saturated", "cancellation",
)  # fmt: skip


def _layer_json(layer: LayerHealth, sizes: list[int]) -> dict[str, Any]:
    return {
        "index": layer.layer,
        "name": layer_name(layer.layer, len(sizes) - 1),
        "size": sizes[layer.layer],
        "activation": layer.activation,
        **{name: word(getattr(layer, name)) for name in _NUMBERS},
        "dead_units": len(layer.dead_units),
        "dead_first": layer.dead_units[:MOST_UNITS],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    cell = finding.cell
    return {
        "rule": _rule_json(finding.rule),
        "severity": finding.severity,
        "layer": finding.layer,
        "cell": None if cell is None else {"tensor": cell.tensor, "layer": cell.layer, "row": cell.row, "col": cell.col},
        "value": word(finding.value),
        "words": finding.words,
        "factor": finding.factor,
    }


def _rule_json(rule: Rule) -> dict[str, str]:
    return {"name": rule.name, "title": rule.title, "bound": rule.bound, "source": rule.source}
