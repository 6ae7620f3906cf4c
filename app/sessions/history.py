"""The scalars that are kept for each step."""

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine import Array, Earlier, Network, Trace, is_finite, norm, stopped_units

Scalar = float | int | str | None


def word(value: float) -> float | str:
    """JSON has no NaN and no infinities: they are written as words that Python's float and JavaScript's Number read."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def scalars(trace: Trace, test: tuple[float, float], network: Network) -> dict[str, Any]:
    """One step in numbers. `test` is the held-out (loss, accuracy) after its update, `network` what the step was taken on."""
    layers = trace.layers[1:]
    with np.errstate(all="ignore"):
        return {
            "loss": word(trace.loss),
            "accuracy": trace.accuracy,
            "test_loss": word(test[0]),
            "test_accuracy": test[1],
            "W_l2": [_norm(layer.W) for layer in layers],
            "dW_l2": [_norm(layer.dW) for layer in layers],
            "db_l2": [_norm(layer.db) for layer in layers],
            "update_l2": [_norm(layer.W_next - layer.W) for layer in layers],  # type: ignore[operator]
            # a unit is dead in this batch when its activation is 0 for every example; to be dropped is not to be dead
            "dead_units": [_dead_count(layer.more.get("G", layer.A)) for layer in layers],
            # which had no slope for any example, for the health of later steps: a unit is a bit, and history does not show them
            "stopped_units": [_packed(units) for units in stopped_units(trace, network)],
            # not shown either: from it a broken step finds the first that was broken
            "is_finite": is_finite(trace),
        }


def _norm(tensor: Any) -> float | str:
    return word(norm(tensor))


def _dead_count(A: Array) -> int | str:
    """How many rows are all 0; where some numbers are NaN nobody can tell, and 0 would be a lie."""
    return "NaN" if np.isnan(A).any() else int(np.count_nonzero(~A.any(axis=1)))


def was_finite(row: Mapping[str, Any]) -> bool:
    """Whether every number of a step was one; of steps that were taken before that was kept, as far as their scalars tell."""
    told = [row["loss"], *(norm for name in ("W_l2", "dW_l2", "db_l2", "update_l2") for norm in row.get(name, ()))]
    return bool(row.get("is_finite", all(math.isfinite(float(value)) for value in told)))


def _packed(units: NDArray[np.bool_]) -> str:
    return base64.b64encode(np.packbits(units).tobytes()).decode() if units.any() else ""


def _unpacked(text: str, size: int) -> NDArray[np.bool_]:
    if not text:
        return np.zeros(size, bool)
    return np.unpackbits(np.frombuffer(base64.b64decode(text), np.uint8), count=size).astype(bool)


def earlier(step: int, row: Mapping[str, Any], layer_sizes: Sequence[int], m: int) -> Earlier | None:
    """What the health of a later step asks of this one; None where it was taken before that was kept."""
    if "stopped_units" not in row:
        return None
    stopped = tuple(_unpacked(text, size) for text, size in zip(row["stopped_units"], layer_sizes, strict=True))
    return Earlier(step, float(row["loss"]), m, stopped)


def _ratio(update: Scalar, weight: Scalar) -> float | str | None:
    """One norm over another, as IEEE 754 divides: 0 / 0 is NaN, all else over 0 infinite. None where either was not kept."""
    if update is None or weight is None:
        return None
    with np.errstate(all="ignore"):
        return word(float(np.divide(float(update), float(weight))))


PER_STEP = ("loss", "accuracy", "test_loss", "test_accuracy")
PER_LAYER = ("W_l2", "dW_l2", "db_l2", "update_l2", "dead_units")
COLUMNS_OF_LAYER = (*PER_LAYER, "update_to_weight")  # as told: the last is computed when it is asked for


def history(initial: Mapping[str, Any], rows: Iterable[tuple[int, Mapping[str, Any]]], layer_count: int) -> dict[str, Any]:
    """Columns from rows of (step, scalars). None stands where a number was not kept yet when its step was taken."""
    rows = list(rows)
    nothing = [None] * layer_count
    # (step, layer) for each name, turned to one column for each layer
    kept = {name: [row.get(name, nothing) for _, row in rows] for name in PER_LAYER}
    layers = []
    for layer in range(layer_count):
        columns = {name: [of_step[layer] for of_step in of_steps] for name, of_steps in kept.items()}
        columns["update_to_weight"] = list(map(_ratio, columns["update_l2"], columns["W_l2"]))
        layers.append({"index": layer + 1, **columns})
    return {
        "initial": dict(initial),
        "steps": [step for step, _ in rows],
        **{name: [row[name] for _, row in rows] for name in PER_STEP},
        "layers": layers,
    }


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """The scalars of one step under the names that `history` gives them; those of layers are lists, from the first on."""
    columns = history({}, [(0, row)], len(row["dW_l2"]))
    return {
        **{name: columns[name][0] for name in PER_STEP},
        **{name: [layer[name][0] for layer in columns["layers"]] for name in COLUMNS_OF_LAYER},
    }
