"""Where numbers come from and what they lead to: explain, paths, cancellation. Everything here only looks."""

from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Query

from app.engine import Cell, Explanation, OutOfBounds, Trace, cancellation, explain, paths
from app.engine.equation import number, set_layer
from app.engine.explain import FactorAt, TermAt
from app.engine.paths import Path
from app.engine.terms import Reader
from app.sessions.history import word

from .deps import Example, LayersLook, SessionId, Sessions, StepNumber, check_layers, looked
from .encoding import JsonBytes, tensor_json, view_json
from .explanation_schemas import CancellationSchema, ExplanationSchema, PathsSchema
from .pooling import pool, view_shape
from .problems import responses
from .routes import StrictRoute

router = APIRouter(prefix="/sessions/{id}/steps/{n}", tags=["explanations"], route_class=StrictRoute)

MOST_TERMS = 1000

TensorQuery = Annotated[
    str,
    Query(
        max_length=16,
        description="A, Z, dA, dZ, dW, db, W, b, W_next, b_next, Y, losses, loss, or what an ingredient adds: vW, gW, D ...",
        json_schema_extra={"example": "dW"},
    ),
]
LayerQuery = Annotated[int | None, Query(description="the last layer when left out")]
IndexQuery = Annotated[int, Query(description="counted from 0")]


@router.get(
    "/explain",
    summary="Where a number came from",
    response_class=JsonBytes,
    responses={200: {"model": ExplanationSchema}, **responses(404, 422, 503)},
)
def explain_cell(
    id: SessionId,
    n: StepNumber,
    sessions: Sessions,
    example: Example,
    tensor: TensorQuery,
    layer: LayerQuery = None,
    row: IndexQuery = 0,
    col: IndexQuery = 0,
    order: Annotated[Literal["index", "magnitude"], Query(description="as the sum runs, or the largest magnitudes first")] = "index",
    offset: Annotated[int, Query(ge=0, description="how many terms to leave out")] = 0,
    limit: Annotated[int, Query(ge=0, le=MOST_TERMS, description="how many terms to tell at most")] = MOST_TERMS,
) -> JsonBytes:
    """The operation, its equation, the terms with the cells they are made of (each can be asked again), and the result.

    `result` is `scale` times `sum`, or `numerator` over `sum`; it equals `value`, the trace's own number, within rounding.
    """
    taken = looked(sessions, id, n, example)
    last = len(taken.trace.layers) - 1
    cell = Cell(tensor, last if layer is None else layer, row, col)
    explained = explain(taken.trace, taken.network, taken.optimizer, cell)
    if offset > explained.count:
        raise OutOfBounds("offset", offset, f"0 to {explained.count}, the number of terms")
    return JsonBytes(explanation_json(explained, last, order, offset, limit))


@router.get(
    "/paths",
    summary="What a weight influences",
    response_class=JsonBytes,
    responses={200: {"model": PathsSchema}, **responses(404, 422, 503)},
)
def read_paths(
    id: SessionId,
    n: StepNumber,
    sessions: Sessions,
    example: Example,
    tensor: Annotated[str, Query(max_length=16, description="W, b, dW or db", json_schema_extra={"example": "W"})],
    layer: LayerQuery = None,
    row: IndexQuery = 0,
    col: IndexQuery = 0,
    limit: Annotated[int, Query(ge=1, le=100, description="how many paths to tell at most")] = 10,
) -> JsonBytes:
    """The largest paths by which a weight or a bias moves the mean loss: one example and one chain of units each.
    Under batch normalisation there are none, as it mixes the examples; layer normalisation has two units of its layer in each chain.

    The products of all `count` paths sum to the gradient; `rest` is the sum of those that are not shown.
    """
    taken = looked(sessions, id, n, example)
    cell = Cell(tensor, len(taken.trace.layers) - 1 if layer is None else layer, row, col)
    found = paths(taken.trace, taken.network, cell, limit)
    return JsonBytes(
        {
            "tensor": tensor.removeprefix("d"),
            "layer": cell.layer,
            "row": row,
            "col": col,
            "gradient": word(found.gradient),
            "count": found.count,
            "rest": word(found.rest),
            "scale": 1 / taken.trace.m,
            "paths": [_path_json(path, taken.trace) for path in found.paths],
        }
    )


@router.get(
    "/cancellation",
    summary="How much the examples disagree",
    response_class=JsonBytes,
    responses={200: {"model": CancellationSchema}, **responses(404, 422, 503)},
)
def read_cancellation(id: SessionId, n: StepNumber, sessions: Sessions, look: LayersLook) -> JsonBytes:
    """|sum| / sum of magnitudes over the examples, for each cell of dW and db, each unit and each layer.

    1: all examples pull the same way; 0: they cancel; NaN: none pulls.
    """
    trace = looked(sessions, id, n, None).trace
    check_layers(look, len(trace.layers) - 1)
    layers = []
    for layer in trace.layers[1:]:
        if look.layers is not None and layer.index not in look.layers:
            continue
        of = cancellation(trace, layer.index)
        layers.append(
            {
                "index": layer.index,
                "dW": {"cells": _index_json(of.dW, layer.dW, look.max_cells), "units": _words(of.dW_units), "layer": word(of.dW_layer)},
                "db": {"cells": _index_json(of.db, layer.db, look.max_cells), "units": _words(of.db_units), "layer": word(of.db_layer)},
            }
        )
    return JsonBytes({"step": trace.step, "examples": trace.m, "layers": layers})


def explanation_json(explained: Explanation, last: int, order: Literal["index", "magnitude"], offset: int, limit: int) -> dict[str, Any]:
    phase, made = explained.phase, explained.sum
    terms = explained.terms(order, offset, limit)
    return {
        **_cell_json(explained.cell, explained.value),
        "operation": None
        if phase is None
        else {"family": phase.family, "name": phase.operation.name, "title": phase.operation.title, "phase": phase.key},
        "equation": explained.equation,
        "whole": "" if phase is None else set_layer(phase.equation.whole, layer=phase.l, last=last),
        "why": "" if phase is None else phase.equation.why,
        "scale": made.scale.value,
        "scale_latex": made.scale.latex,
        "numerator": None if explained.numerator is None else _factor_json(explained.numerator),
        "order": order,
        "offset": offset,
        "count": explained.count,
        "terms": [_term_json(term) for term in terms],
        "single": [_term_json(term) for term in explained.single],
        "rest": word(explained.rest(order, offset + len(terms))),
        "sum": word(explained.total),
        "magnitude": word(explained.magnitude),
        "cancellation": word(explained.cancellation),
        "result": word(explained.result),
    }


def _cell_json(cell: Cell, value: float) -> dict[str, Any]:
    return {"tensor": cell.tensor, "layer": cell.layer, "row": cell.row, "col": cell.col, "value": word(value)}


def _factor_json(factor: FactorAt) -> dict[str, Any]:
    if factor.latex == "#1":
        return _cell_json(*factor.cells[0])
    return {"latex": factor.latex, "value": word(factor.value), "of": [_cell_json(*cell) for cell in factor.cells]}


def _term_json(term: TermAt) -> dict[str, Any]:
    return {
        "position": term.position,
        "index": term.index,
        "letter": term.letter,
        "factors": [_factor_json(factor) for factor in term.factors],
        "product": word(term.product),
        "share": word(term.share),
    }


def _path_json(path: Path, trace: Trace) -> dict[str, Any]:
    t, factors = Reader(trace), []

    def told(cell: Cell) -> dict[str, Any]:
        return _cell_json(cell, float(t.tensor(cell.tensor, cell.layer)[cell.row, cell.col]))

    for kind, at, value, of in path.factors:
        if kind == "cell":
            factors.append(_cell_json(at, value))
        elif kind == "scale":
            factors.append({"latex": number(value), "value": word(value), "of": []})
        elif of is None:
            factors.append({"latex": "g'(#1)", "value": word(value), "of": [told(at)]})
        else:
            factors.append({"latex": r"\frac{\partial #1}{\partial #2}", "value": word(value), "of": [told(at), told(of)]})
    return {
        "example": path.example,
        "units": path.units,
        "layers": path.layers,
        "factors": factors,
        "product": word(path.product),
        "share": word(path.share),
    }


def _index_json(index: Any, gradient: Any, max_cells: int | None) -> dict[str, Any]:
    """The index as a tensor; pooled, a block shows the largest index in it, and none only where no example pulls at any of its cells."""
    if max_cells is None or index.size <= max_cells:
        return tensor_json(index, max_cells)
    is_idle = np.isnan(index) & (gradient == 0)  # a NaN of numbers that are not finite stays one
    raised = np.where(is_idle, 0.0, index + 1)  # so that what pulls is above what does not, also where it cancels to 0
    rows, cols = view_shape(index.shape[0], index.shape[1], max_cells)
    pooled = pool(raised, rows, cols, "absmax")
    return view_json(index, rows, cols, "absmax", pooled=np.where(pooled == 0, np.nan, pooled - 1))


def _words(values: Any) -> list[float | str]:
    return [word(float(value)) for value in values]
