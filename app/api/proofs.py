"""Proof beside every number: gradients against differences, an update against its prediction, a script that computes it all again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.engine import Array, Cell, OutOfBounds, TensorCheck, Trace, UnknownName, gradcheck, numpy_script, update_effect
from app.engine.explain import check_cell, tensors_of
from app.engine.gradcheck import OF_THE_SUM, H, Plan, one_cell, plan, work
from app.engine.not_finite import pass_is_finite
from app.engine.verdict import disagreeing, not_finite, verdict, verdict_on_cell, worst
from app.sessions import Sessions as SessionsOfApp
from app.sessions.history import word
from app.settings import Limits as LimitsOfApp

from .body import read_model, request_body
from .deps import Example, Limits, MaxCells, SessionId, Sessions, StepNumber, looked
from .encoding import JsonBytes, numbers_json, tensor_json
from .explanation_schemas import CellSchema
from .pooling import pool, view_shape
from .problems import RequestError, responses
from .proof_schemas import GradcheckRequest, GradcheckSchema, UpdateSchema
from .routes import StrictRoute

router = APIRouter(prefix="/sessions/{id}/steps/{n}", tags=["proofs"], route_class=StrictRoute)

CHECKED = ("dW", "db", "dgamma", "dbeta", "dA", "dZ", "dN")


@router.post(
    "/gradcheck",
    summary="The analytic gradients against central differences",
    response_class=JsonBytes,
    responses={200: {"model": GradcheckSchema}, **responses(400, 404, 413, 415, 422, 503)},
    openapi_extra=request_body("GradcheckRequest"),
)
async def check_gradients(
    id: SessionId, n: StepNumber, request: Request, sessions: Sessions, limits: Limits, example: Example, max_cells: MaxCells = None
) -> JsonBytes:
    """In float64, with the network's own forward pass. Nothing is changed, so it takes no key.

    Every parameter and the input, as many cells of each as `limits.max_gradcheck_work` allows (`checked` says how many);
    with `cells_per_tensor`, that many; with `cell`, one cell of any gradient of the pass, dA and dZ included.
    """
    asked = await read_model(request, GradcheckRequest)
    return await run_in_threadpool(_check, sessions, id, n, example, asked, limits, max_cells)


def _check(
    sessions: SessionsOfApp, id: str, n: int, example: int | None, asked: GradcheckRequest, limits: LimitsOfApp, max_cells: int | None
) -> JsonBytes:
    taken = looked(sessions, id, n, example)
    plans = _plans(taken.trace, asked, limits.max_gradcheck_work)
    is_light = asked.cell is not None and work(taken.trace, plans) <= LIGHT
    with nullcontext() if is_light else _one_at_a_time():
        checks = gradcheck(taken.trace, taken.network, plans, asked.h, limits.max_gradcheck_work)
    is_finite = pass_is_finite(taken.trace)
    judged = verdict(checks, is_finite=is_finite) if asked.cell is None else verdict_on_cell(checks[0], is_finite=is_finite)
    coarse = f" With h = {asked.h:g} the two points are far apart: ask again with {H:g}."
    is_unresolved = any(check.unresolved.any() for check in checks)
    return JsonBytes(
        {
            "step": taken.trace.step,
            "h": asked.h,
            "tolerance": checks[0].tolerance,
            "outcome": judged.outcome,
            "words": judged.words + (coarse if is_unresolved and asked.h > H else ""),
            "checked": sum(int(check.checked.sum()) for check in checks),
            "cells": sum(check.analytic.size for check in checks),
            "tensors": [_tensor_json(check, max_cells, with_errors=asked.cell is None) for check in checks],
            "cell": None if asked.cell is None else _cell_json(checks[0], asked.cell, taken.trace.m),
        }
    )


_checking = threading.Lock()
LIGHT = 1_000_000_000  # multiplications of a cell's check that needs not wait for another: a few tenths of a second
PATIENCE = 30.0  # seconds that a check waits for the one before it


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Checks of whole steps, and of a cell of a large one, take no key and much work: one runs at a time, so that they can't take the server
    from everyone else."""
    if not _checking.acquire(timeout=PATIENCE):
        raise RequestError(
            503, "another check of gradients is still running; try again in a moment.", field="gradcheck", bound="one at a time"
        )
    try:
        yield
    finally:
        _checking.release()


def _plans(trace: Trace, asked: GradcheckRequest, most: int) -> list[Plan]:
    if asked.cell is not None:
        if asked.cells_per_tensor is not None:
            raise OutOfBounds("cells_per_tensor", asked.cells_per_tensor, "left out with cell")
        cell = Cell(asked.cell.tensor, asked.cell.layer, asked.cell.row, asked.cell.col)
        of = tensors_of(trace, cell.layer) if 0 <= cell.layer < len(trace.layers) else CHECKED
        if cell.tensor not in (choices := [name for name in CHECKED if name in of]):
            raise UnknownName("cell.tensor", cell.tensor, choices)
        check_cell(trace, cell, field="cell.{}")
        return [one_cell(cell)]
    allowed = _affordable(trace, most)
    wanted = asked.cells_per_tensor
    if wanted is not None and allowed is not None and wanted > allowed:
        raise OutOfBounds("cells_per_tensor", wanted, f"at most {allowed} for this network and batch, as limits.max_gradcheck_work says")
    return plan(trace, allowed if wanted is None else wanted)


def _affordable(trace: Trace, most: int) -> int | None:
    """The largest number of cells of each tensor whose check takes at most so many multiplications; None is all of them."""
    whole = plan(trace)
    if work(trace, whole) <= most:
        return None
    low, high = 1, max(one.rows.size for one in whole)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if work(trace, plan(trace, middle)) <= most else (low, middle - 1)
    return low


def _tensor_json(check: TensorCheck, max_cells: int | None, *, with_errors: bool) -> dict[str, Any]:
    # where the difference is no derivative there is no error either
    errors = np.where(check.kinks | check.unresolved | not_finite(check), np.nan, check.relative_errors)
    at = worst(check)
    if max_cells is not None and errors.size > max_cells:
        errors = np.where(check.small, 0.0, errors)  # what says nothing must not stand for a block of numbers that do
    return {
        "tensor": check.tensor,
        "layer": check.layer,
        "cells": check.analytic.size,
        "checked": int(check.checked.sum()),
        "kinks": int((check.kinks & check.checked).sum()),
        "small": int(check.small.sum()),
        "unresolved": int(check.unresolved.sum()),
        "not_finite": int(not_finite(check).sum()),
        "wrong": int(disagreeing(check).sum()),
        "noise": word(check.noise),
        "factor": check.factor,
        "worst": None if at is None else _difference_json(check, *at),
        "errors": tensor_json(errors, max_cells) if with_errors and check.checked.all() else None,
        "small_cells": _small_json(check, max_cells) if with_errors and check.checked.all() else None,
        "sample": _sample_json(check, errors, max_cells) if with_errors and not check.checked.all() else None,
    }


def _small_json(check: TensorCheck, max_cells: int | None) -> Array:
    """Which cells of `errors` are too small; of a block, whether nothing but such cells, and others without an error, is in it."""
    R, C = check.analytic.shape
    height, width = (R, C) if max_cells is None or R * C <= max_cells else view_shape(R, C, max_cells)
    # a block's largest: 2 where a number counts, 1 where one is too small, 0 of a kink and of what is not resolved
    rank = np.where(check.small, 1, np.where(check.kinks | check.unresolved, 0, 2))
    told: Array = pool(rank, height, width, "absmax") == 1
    return told


def _sample_json(check: TensorCheck, errors: Array, max_cells: int | None) -> dict[str, Any]:
    R, C = check.checked.shape
    rows, cols = np.divmod(np.flatnonzero(check.checked), C)
    if max_cells is not None and rows.size > max_cells:
        # one of each block, as a pooled picture would show it: what has no error at all first; what is too small, a kink and what is not
        # resolved last
        height, width = view_shape(R, C, max_cells)
        found, has_none = errors[rows, cols], (check.kinks | check.unresolved)[rows, cols]
        says_nothing = has_none | check.small[rows, cols]
        size = np.where(says_nothing, np.where(has_none, -2.0, -1.0), np.where(np.isnan(found), np.inf, found))
        block = (rows * height // R) * width + cols * width // C
        order = np.lexsort((-size, block))
        kept = np.sort(order[np.diff(block[order], prepend=-1) > 0])
        rows, cols = rows[kept], cols[kept]
    masks = {name: mask[rows, cols] for name, mask in (("kinks", check.kinks), ("small", check.small), ("unresolved", check.unresolved))}
    return {"rows": rows, "cols": cols, "errors": numbers_json(errors[rows, cols]), **masks}


def _difference_json(check: TensorCheck, row: int, col: int) -> dict[str, Any]:
    return {
        "row": row,
        "col": col,
        "analytic": word(float(check.analytic[row, col])),
        "numeric": word(float(check.numeric[row, col])),
        "relative_error": word(float(check.relative_errors[row, col])),
    }


def _cell_json(check: TensorCheck, cell: CellSchema, m: int) -> dict[str, Any]:
    told = _difference_json(check, cell.row, cell.col)
    analytic, numeric = float(check.analytic[cell.row, cell.col]), float(check.numeric[cell.row, cell.col])
    to_mean, to_sum = (1 / m, 1.0) if check.tensor in OF_THE_SUM else (1.0, float(m))
    return {
        **told,
        "tensor": check.tensor,
        "layer": check.layer,
        "of_mean": {"analytic": word(analytic * to_mean), "numeric": word(numeric * to_mean)},
        "of_sum": {"analytic": word(analytic * to_sum), "numeric": word(numeric * to_sum)},
        "carries": "sum" if check.tensor in OF_THE_SUM else "mean",
    }


@router.get(
    "/update",
    summary="The update against its prediction",
    response_class=JsonBytes,
    responses={200: {"model": UpdateSchema}, **responses(404, 422, 503)},
)
def read_update(id: SessionId, n: StepNumber, sessions: Sessions) -> JsonBytes:
    """The change of the loss of the same batch that the gradient predicted, to first order, beside the change that happened.

    It is the gradient that the loss has: where edits scale gradients on their way back (`edited`), the pass is taken again without that.
    """
    taken = looked(sessions, id, n, None)
    effect = update_effect(taken.trace, taken.network)
    return JsonBytes(
        {
            "step": taken.trace.step,
            "loss_before": word(effect.before),
            "loss_after": word(effect.after),
            "predicted": word(effect.predicted),
            "actual": word(effect.actual),
            "edited": effect.is_edited,
            "layers": [{"index": l, "predicted": word(part)} for l, part in enumerate(effect.by_layer, start=1)],
        }
    )


@router.get(
    "/script",
    summary="The step, or one phase of it, as NumPy",
    response_class=Response,
    responses={200: {"content": {"text/x-python": {"schema": {"type": "string"}}}}, **responses(404, 422, 503)},
)
def read_script(
    id: SessionId,
    n: StepNumber,
    sessions: Sessions,
    limits: Limits,
    example: Example,
    phase: Annotated[
        str | None,
        Query(max_length=32, description="the key of a phase, as dW2, or loss or update for all of them; the whole step when left out"),
    ] = None,
) -> Response:
    """A short script, NumPy alone, that holds what the phase reads and computes exactly the trace's numbers from it.

    With `example`, within rounding: the trace has the columns of a product of whole matrices.
    """
    taken = looked(sessions, id, n, example)
    title = f"Backscope: session {id}, step {n}" + (f", example {example} alone" if example is not None else "")
    text = numpy_script(
        taken.trace, taken.network, taken.optimizer, phase, title=title + (f", {phase}" if phase else ""), max_cells=limits.max_script_cells
    )
    return Response(text, media_type="text/x-python")
