"""The app: wiring only."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from prometheus_client import CollectorRegistry, Gauge
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.concurrency import run_in_threadpool

from app import __version__, api, pages
from app.api import csv_schemas, events, problems, proof_schemas, run_schemas, schemas
from app.api.carried import Carried
from app.api.encoded import EncodedTraces
from app.api.tagged import tagged
from app.guard import Guard, answers_of_guard
from app.packed_answers import PackedAnswers
from app.request_line import RequestLine
from app.sessions import Sessions, Store, StoreUnavailable, Watching, fresh_for
from app.settings import ROOT, Settings
from app.static_files import KeptFiles

_log = logging.getLogger("uvicorn.error")


def create_app(settings: Settings | None = None) -> FastAPI:
    """An app with settings of its own; nothing is shared between two."""
    settings = settings or Settings()
    registry = CollectorRegistry()
    watched = Gauge("backscope_watchers", "Connections that watch a session", registry=registry)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings.make_data_folder()
        expire_after = settings.retention_days * 86400 or None
        store = Store(settings.database_url, wait=settings.database_wait, fresh=fresh_for(expire_after))
        app.state.store = store
        app.state.sessions = Sessions(
            store,
            max_live=settings.max_live_sessions,
            max_live_bytes=settings.max_live_bytes,
            max_trace_bytes=settings.max_trace_cache_bytes,
            max_checkpoint_bytes=settings.max_checkpoint_bytes,
            expire_after=expire_after,
        )
        app.state.watching = watching = Watching(
            store,
            events.encode,
            max_watchers=settings.max_watchers,
            max_watchers_per_session=settings.max_watchers_per_session,
        )
        store.on_change = watching.tell
        watched.set_function(lambda: watching.count)
        app.state.encoded = EncodedTraces(settings.max_encoded_bytes)
        app.state.carried = Carried()
        ended = asyncio.Event()
        sweeping = asyncio.create_task(_sweep(app.state.sessions, watching, ended))
        try:
            yield
        finally:
            watching.close()
            ended.set()
            await sweeping  # a thread of its own, that may have a connection
            store.close()

    app = FastAPI(title="Backscope", version=__version__, lifespan=lifespan, openapi_url=None, redirect_slashes=False)
    app.state.settings = settings
    app.state.registry = registry
    app.include_router(api.health_router)
    app.include_router(api.v1)
    app.include_router(pages.router)
    app.mount("/static", KeptFiles(directory=ROOT / "static", files=pages.files), name="static")
    problems.install(app, missing=pages.missing)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    app.add_route("/openapi.json", lambda request: tagged(request, orjson.dumps(app.openapi())), include_in_schema=False)
    app.add_middleware(PackedAnswers)
    app.add_middleware(RequestLine)
    app.add_middleware(  # the last that is added stands before all others
        Guard,
        hosts=settings.host_names,
        max_body_bytes=settings.limits.max_body_bytes,
        body_timeout=settings.body_timeout,
        policy=pages.content_security_policy(),
        registry=registry,
    )
    return app


async def _sweep(sessions: Sessions, watching: Watching, ended: asyncio.Event) -> None:
    """Deletes what nobody reads or watches any more, at the start and every hour, or more often where that is much of the time to stay."""
    while not ended.is_set():
        try:
            await run_in_threadpool(sessions.expire, watching.ids)
        except StoreUnavailable as error:
            _log.warning("old sessions were not looked for: %s", error.words)
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), sessions.sweep_every)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's schema, with the bodies that are read by hand and the problems."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=_description, routes=app.routes)
        models: list[type[BaseModel]] = [
            schemas.SessionConfig,
            csv_schemas.CsvRequest,
            schemas.StepRequest,
            run_schemas.EditRequest,
            run_schemas.ForkRequest,
            run_schemas.LookRequest,
            run_schemas.WhatIfRequest,
            schemas.TraceRequest,
            proof_schemas.GradcheckRequest,
            problems.Problem,
        ]
        _, definitions = models_json_schema([(model, "validation") for model in models], ref_template="#/components/schemas/{model}")
        for of_path in schema["paths"].values():
            for method, operation in of_path.items():
                statuses = answers_of_guard(method, has_body="requestBody" in operation)
                told = {**operation["responses"], **{str(status): answer for status, answer in problems.responses(*statuses).items()}}
                operation["responses"] = dict(sorted(told.items()))
        schema.setdefault("components", {}).setdefault("schemas", {}).update(definitions["$defs"])
        app.openapi_schema = schema
    return app.openapi_schema


_description = """A microscope for the backward pass of a neural network. Errors are RFC 9457 problems with field, value and bound.

`POST /api/v1/sessions` makes a run and tells its `id` and, once, its `edit_key`: with the id anyone may read; with the key, as
`Authorization: Bearer <edit_key>`, one may step, edit, say where one looks, and delete."""
