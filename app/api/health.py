"""Whether the server lives, is ready, and how it fares."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from .catalog_schemas import StatusSchema
from .encoding import JsonBytes
from .problems import responses

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Alive", response_class=JsonBytes, responses={200: {"model": StatusSchema}})
async def alive() -> JsonBytes:
    """That the process answers; it asks nothing of the database, and waits for no thread that does."""
    return JsonBytes({"status": "alive"})


@router.get(
    "/readyz",
    summary="Ready: sessions can be read and changed",
    response_class=JsonBytes,
    responses={200: {"model": StatusSchema}, **responses(503)},
)
def ready(request: Request) -> JsonBytes:
    """That the database takes changes too: whoever sends requests to several servers sends them to those that are ready.

    It is tried at most once a second, however many ask.
    """
    request.app.state.store.check_ready()
    return JsonBytes({"status": "ready"})


@router.get(
    "/metrics",
    summary="Prometheus metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Requests by method and status, their time, and how many connections watch a session, of this process."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
