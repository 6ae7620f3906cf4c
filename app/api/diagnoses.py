"""What goes wrong with the gradients of a step, and each of its layers in numbers."""

import math
from typing import Any

import numpy as np
from fastapi import APIRouter

from app.engine import NOT_FINITE, RULES, Cell, Finding, LayerHealth, Rule, diagnose, first_not_finite, health, traced_back
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
    there were. What is not finite is traced back to the step in which it began, however long ago that was.
    """
    taken = sessions.look(id, n)
    before = sessions.recorded(id, n, MOST_BEFORE)
    trace, network = taken.trace, taken.network
    sizes = [layer.size for layer in trace.layers]
    with np.errstate(all="ignore"):
        layers = health(trace, network, before)
        found = diagnose(trace, network, taken.optimizer, before, layers, sessions.first_loss(id) if n > 1 else None)
        if found and found[0].rule is NOT_FINITE:
            found = (_from_its_beginning(found[0], id, n, sessions),)
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


def _from_its_beginning(finding: Finding, id: str, n: int, sessions: Sessions) -> Finding:
    since = sessions.broken_since(id, n)
    if since == n:
        return finding
    broken = sessions.look(id, since)
    first = first_not_finite(broken.trace, broken.network, broken.optimizer)
    return finding if first is None else traced_back(finding, since, first)


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
        **{name: _value(getattr(layer, name)) for name in _NUMBERS},
        "dead_in_batch": _count(layer, layer.dead_in_batch),
        "dead_in_batch_first": layer.dead_in_batch[:MOST_UNITS],
        "dead_units": _count(layer, layer.dead_units),
        "dead_first": layer.dead_units[:MOST_UNITS],
    }


def _value(number: float | None) -> float | str | None:
    return None if number is None else word(number)


def _count(layer: LayerHealth, units: tuple[int, ...]) -> float | str | None:
    """As far as slopes were measured: where some are NaN, nobody can tell how many of all units are dead."""
    return len(units) if layer.stopped is not None and math.isfinite(layer.stopped) else _value(layer.stopped)


def _finding_json(finding: Finding) -> dict[str, Any]:
    began = finding.began
    return {
        "rule": _rule_json(finding.rule),
        "severity": finding.severity,
        "layer": finding.layer,
        "cell": _cell_json(finding.cell),
        "value": word(finding.value),
        "words": finding.words,
        "factor": finding.factor,
        "began": None
        if began is None
        else {
            "step": began.step,
            "cell": _cell_json(began.finding.cell),
            "value": word(began.finding.value),
            "words": began.finding.words,
            "factor": began.finding.factor,
        },
    }


def _cell_json(cell: Cell | None) -> dict[str, Any] | None:
    return None if cell is None else {"tensor": cell.tensor, "layer": cell.layer, "row": cell.row, "col": cell.col}


def _rule_json(rule: Rule) -> dict[str, str]:
    return {"name": rule.name, "title": rule.title, "bound": rule.bound, "source": rule.source}
