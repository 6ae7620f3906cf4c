"""A CSV file, looked at before a session takes it; nothing is kept."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from app.data import preview

from .body import read_model, request_body
from .csv_schemas import CsvPreview, CsvRequest
from .deps import Limits
from .encoding import JsonBytes
from .problems import responses
from .routes import StrictRoute

router = APIRouter(prefix="/csv", tags=["data"], route_class=StrictRoute)


@router.post(
    "/preview",
    summary="How a CSV file reads",
    response_class=JsonBytes,
    responses={200: {"model": CsvPreview}, **responses(400, 413, 415, 422)},
    openapi_extra=request_body("CsvRequest"),
)
async def preview_csv(request: Request, limits: Limits) -> JsonBytes:
    """Dialect, header, columns and their kinds, first rows, and what is wrong with which cell, for a target and features."""
    asked = await read_model(request, CsvRequest)
    given = asked.model_dump(exclude={"text"}, exclude_none=True)
    return JsonBytes(await run_in_threadpool(preview, asked.text, given, limits.data_bounds))
