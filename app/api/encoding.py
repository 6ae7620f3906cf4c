"""A trace as JSON bytes, straight from NumPy memory by orjson; NaN and infinities as words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import orjson
from fastapi.responses import JSONResponse

from app.engine import Array, LayerTrace, Stats, Trace, stats
from app.sessions.history import word

from .pooling import pool, view_shape

TENSORS = ("W", "b", "Z", "A", "dA", "dZ", "dW", "db", "W_next", "b_next")
INPUT_TENSORS = ("A", "dA")


@dataclass(frozen=True, slots=True)
class Look:
    """What of a trace was asked for; None is all of it."""

    include: frozenset[str] | None = None
    layers: frozenset[int] | None = None
    max_cells: int | None = None


class JsonBytes(JSONResponse):
    # a JSONResponse, or FastAPI's schema would call its content a string
    def render(self, content: Any) -> bytes:
        return to_bytes(content)


def to_bytes(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


# a tensor of a layer, by its name in the trace, at most so many cells: what orjson can write of it
Encode: TypeAlias = Callable[[str, Array, int | None], Any]


def encode(name: str, tensor: Array, max_cells: int | None) -> Any:
    return tensor_json(tensor, max_cells)


def trace_json(trace: Trace, look: Look, indices: Any = None, edits: int | None = None, encode: Encode = encode) -> dict[str, Any]:
    """The trace as orjson can write it: arrays stay arrays. `edits` is how long its run's log was before it."""
    last = len(trace.layers) - 1
    return {
        **({} if edits is None else {"edits": edits}),
        "step": trace.step,
        "loss": word(trace.loss),
        "accuracy": trace.accuracy,
        "learning_rate": trace.learning_rate,
        "dtype": trace.dtype,
        "batch": {
            "size": trace.m,
            "Y": tensor_json(trace.Y),
            "labels": trace.Y.argmax(axis=0),
            "losses": _values(trace.losses, bool(np.isfinite(trace.losses).all())),
            "indices": indices,
        },
        "layers": [layer_json(layer, last, look, encode) for layer in trace.layers if look.layers is None or layer.index in look.layers],
    }


def layer_json(layer: LayerTrace, last: int, look: Look, encode: Encode = encode) -> dict[str, Any]:
    encoded: dict[str, Any] = {"index": layer.index, "name": layer_name(layer.index, last), "size": layer.size}
    if layer.index:
        encoded["activation"] = layer.activation
    for tensor in names_of(layer):
        if look.include is not None and tensor not in look.include:
            continue
        array = tensor_of(layer, tensor)
        if array is not None:
            encoded[tensor] = encode(tensor, array, look.max_cells)
        elif tensor == "dA":
            encoded[tensor] = None  # differentiated together with the loss
    return encoded


def names_of(layer: LayerTrace) -> tuple[str, ...]:
    """What a layer may be asked for: the tensors of every layer, and what its ingredients add."""
    return INPUT_TENSORS if layer.index == 0 else (*TENSORS, *layer.more)


def tensor_of(layer: LayerTrace, name: str) -> Array | None:
    """One of `names_of`; None where this step did not make it."""
    if name in layer.more:
        return layer.more[name]
    found: Array | None = getattr(layer, name)
    return found


def layer_name(index: int, last: int) -> str:
    return "input" if index == 0 else "output" if index == last else f"hidden {index}"


def tensor_json(tensor: Array, max_cells: int | None = None) -> dict[str, Any]:
    """{"shape", "values" or "view", "stats"} of a (rows, cols) array."""
    summary = stats(tensor)
    if max_cells is not None and tensor.size > max_cells:
        rows, cols = view_shape(tensor.shape[0], tensor.shape[1], max_cells)
        return view_json(tensor, rows, cols, "absmax", summary)
    return {"shape": tensor.shape, "values": _values(tensor, _all_finite(summary)), "stats": _stats_json(summary)}


def view_json(
    tensor: Array, rows: int, cols: int, reduce: Literal["absmax", "mean"], summary: Stats | None = None, pooled: Array | None = None
) -> dict[str, Any]:
    """A tensor reduced to rows by cols blocks; `pooled` where the caller has done so already."""
    summary = summary or stats(tensor)
    pooled = pool(tensor, rows, cols, reduce) if pooled is None else pooled
    # where the largest magnitude stands (a NaN before all): a picture of blocks can't say
    sizes = np.abs(tensor)
    largest = np.unravel_index(int(sizes.argmax()), tensor.shape)
    view = {
        "rows": rows,
        "cols": cols,
        "reduce": reduce,
        "values": _values(pooled, bool(np.isfinite(pooled).all())),
        "largest": [int(index) for index in largest],
    }
    return {"shape": tensor.shape, "view": view, "stats": _stats_json(summary)}


def window_json(tensor: Array, rows: tuple[int, int], cols: tuple[int, int]) -> dict[str, Any]:
    """A part of a tensor; its shape and stats stay those of the whole."""
    summary = stats(tensor)
    part = tensor[slice(*rows), slice(*cols)]
    return {
        "shape": tensor.shape,
        "window": {"rows": rows, "cols": cols},
        "values": _values(part, _all_finite(summary)),
        "stats": _stats_json(summary),
    }


def numbers_json(numbers: Array) -> Array | Sequence[Any]:
    """Some numbers of a tensor in a row, as `values` has them."""
    return _values(numbers, bool(np.isfinite(numbers).all()))


def _values(array: Array, is_finite: bool) -> Array | Sequence[Any]:
    if is_finite:
        return np.ascontiguousarray(array)
    # the rare case may be slow: orjson would write null for every number that is not finite
    listed: Sequence[Any] = array.tolist()
    if array.dtype == np.float32:  # tolist widens to float64, whose shortest text is longer
        listed = [[float(str(cell)) for cell in row] for row in array] if array.ndim == 2 else [float(str(cell)) for cell in array]
    return [[word(cell) for cell in row] for row in listed] if array.ndim == 2 else [word(cell) for cell in listed]


def _all_finite(summary: Stats) -> bool:
    return not (summary.nan or summary.posinf or summary.neginf)


def _stats_json(summary: Stats) -> dict[str, Any]:
    # spelt out: `asdict` copies every value, which costs as much as the numbers did
    return {
        "min": word(summary.min),
        "max": word(summary.max),
        "mean": word(summary.mean),
        "std": word(summary.std),
        "l2": word(summary.l2),
        "zeros": summary.zeros,
        "nan": summary.nan,
        "posinf": summary.posinf,
        "neginf": summary.neginf,
    }
