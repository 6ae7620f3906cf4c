"""Whether the server lives, is ready, and how it fares."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from .encoding import JsonBytes
from .problems import responses

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Alive", response_class=JsonBytes)
def alive() -> JsonBytes:
    return JsonBytes({"status": "alive"})


@router.get("/readyz", summary="Ready: the store answers", response_class=JsonBytes, responses=responses(503))
def ready(request: Request) -> JsonBytes:
    request.app.state.store.ping()
    return JsonBytes({"status": "ready"})


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
def metrics(request: Request) -> Response:
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
