"""Every error becomes one problem (RFC 9457), in one table: class, status, title."""

import http
import json
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import Scope

from app.data import BadTable
from app.engine import EngineError
from app.sessions import (
    LogConflict,
    LogOutOfRange,
    MissingKey,
    NoSuchPlace,
    NotChangeable,
    NothingToUndo,
    OtherVersion,
    SessionError,
    StepConflict,
    StepOutOfRange,
    StoreUnavailable,
    TooManyWatchers,
    UnknownSession,
    WrongKey,
)

from .bounds import told
from .sent import as_sent

_log = logging.getLogger("uvicorn.error")

MEDIA_TYPE = "application/problem+json"
LONGEST_VALUE = 200
MOST_ERRORS = 20


class Problem(BaseModel):
    """An error, after RFC 9457: `field` is what it is about, `value` what was given, `bound` what would be right."""

    model_config = ConfigDict(extra="allow")

    type: str = Field("about:blank", description="of no kind beyond its status")
    title: str = Field(description="the status in words")
    status: int = Field(description="of the answer")
    detail: str = Field(description="the error in a sentence, with field, value and bound")
    field: str | None = Field(None, description="the name as it stands in the request, such as optimizer.learning_rate or X[0][2]")
    value: Any = Field(None, description="as it was given; cut where it is too long to read")
    bound: str | None = Field(None, description="what would be right")
    errors: list["FieldError"] | None = Field(None, description="of a body or a query: this error and those beside it")
    current_step: int | None = Field(None, description="where the run stands, when expected_step was another")
    current_edits: int | None = Field(None, description="how many entries the log has, when expected_edits was another")
    row: int | None = Field(None, description="of a cell of a CSV file, from 1, the header too; null for a whole column")
    column: int | None = Field(None, description="of a cell of a CSV file, from 1; null for a whole row")


class FieldError(BaseModel):
    """One of several errors."""

    field: str = Field(description="the name as it stands in the request")
    value: Any = Field(description="as it was given")
    bound: str = Field(description="what would be right")


class RequestError(Exception):
    """What is wrong with a request before anything is done with it."""

    def __init__(self, status: int, detail: str, *, field: str | None = None, value: object = None, bound: str | None = None) -> None:
        self.status, self.detail, self.field, self.value, self.bound = status, detail, field, value, bound
        super().__init__(detail)


def given_again(field: str, values: list[Any]) -> RequestError:
    """The refusal of what is given several times, of which all but one would be lost."""
    times = "twice" if len(values) == 2 else f"{len(values)} times"
    return RequestError(422, f"{field} is given {times}; it must be given once.", field=field, value=values, bound="given once")


_statuses: Mapping[type[Exception], int] = {
    EngineError: 422,
    UnknownSession: 404,
    StepOutOfRange: 404,
    MissingKey: 401,
    WrongKey: 403,
    StepConflict: 409,
    LogConflict: 409,
    NothingToUndo: 409,
    LogOutOfRange: 422,
    NotChangeable: 422,
    NoSuchPlace: 422,
    OtherVersion: 501,  # no fault of whoever asks, and no matter of time
    TooManyWatchers: 503,
    StoreUnavailable: 503,
}


def problem_response(
    status: int, detail: str, *, field: str | None = None, value: object = None, bound: str | None = None, **more: Any
) -> Response:
    """One problem as its bytes; a value too long to read is cut, in the sentence too, and says so."""
    for long in (field, value):
        if isinstance(long, str) and len(long) > LONGEST_VALUE:
            for written in (long, repr(long)[1:-1]):
                detail = detail.replace(written, _cut(written))
    body = {"type": "about:blank", "title": http.HTTPStatus(status).phrase, "status": status, "detail": detail}
    if field is not None:
        body |= {"field": _cut(field), "value": _shown(value), "bound": bound}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {"Retry-After": "1"} if status == 503 else {}
    return Response(
        orjson.dumps(body | more),
        status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


class _Failures:
    """Says in the log what the database's driver said, which is not told to those who ask: once in a while, for while it lasts all of them ask."""

    EVERY = 10.0  # seconds

    def __init__(self) -> None:
        self._words = ""
        self._said_at = 0.0

    def __call__(self, error: StoreUnavailable) -> None:
        now = time.monotonic()
        if error.words != self._words or now >= self._said_at + self.EVERY:
            self._words, self._said_at = error.words, now
            _log.warning("the session store is not available: %s", error.words)


METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def _possible(request: Request) -> list[str]:
    """The methods of a path: several routes may share it, of which the framework names the first alone, and HEAD is had by GET."""
    scope = {**request.scope, "root_path": request.scope.get("app_root_path", "")}  # as before a mount took its part of the path
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    answered = {method: "GET" if method == "HEAD" else method for method in METHODS}
    possible = [method for method, by in answered.items() if _is_matched(routes, {**scope, "method": by})]
    return possible or ["GET", "HEAD"]  # of files, whose mount is no route


def _is_matched(routes: Iterable[BaseRoute], scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


def install(app: FastAPI, *, missing: Callable[[Request], Response | None] = lambda _: None) -> None:
    """Hands every error of the app to this table.

    Args:
        missing: what a request for nothing is answered with; None for the problem that it is.
    """

    async def known(request: Request, error: Exception) -> Response:
        status = next(_statuses[kind] for kind in type(error).__mro__ if kind in _statuses)
        assert isinstance(error, EngineError | SessionError)
        more: dict[str, Any] = {}
        if isinstance(error, StoreUnavailable):
            log_failure(error)
        if isinstance(error, StepConflict):
            more = {"current_step": error.current}
        if isinstance(error, LogConflict):
            more = {"current_edits": error.current}
        if isinstance(error, BadTable):
            more = {"row": error.row, "column": error.column}
        if isinstance(error, StepOutOfRange) and error.field == "step" and "n" in request.path_params:
            error = error.given_as("n")  # as the path's own name for it is
        if isinstance(error, SessionError):
            return problem_response(status, str(error), field=error.field, value=error.value, bound=error.bound, **more)
        # of a table the value is the cell at fault, and not the file as it was sent
        field, value = (error.field, error.value) if isinstance(error, BadTable) else as_sent(request, error.field, error.value)
        detail = f"{field} {error.found or f'is {in_json(value)}'}; it must be {error.bound}."
        return problem_response(status, detail, field=field, value=value, bound=error.bound, **more)

    log_failure = _Failures()

    async def request_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestError)
        return problem_response(error.status, error.detail, field=error.field, value=error.value, bound=error.bound)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return missing(request) or problem_response(
                404, f"there is nothing at {request.url.path}.", field="path", value=request.url.path, bound="a path of /docs"
            )
        if error.status_code == 405:
            allowed, asked = ", ".join(_possible(request)), request.scope.get("asked_method", request.method)
            response = problem_response(
                405,
                f"{asked} is not possible at {_cut(request.url.path)}.",
                field="method",
                value=asked,
                bound=f"one of: {allowed}",
            )
            response.headers["Allow"] = allowed
            return response
        return problem_response(error.status_code, str(error.detail))

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _from_pydantic([{**one, "loc": one["loc"][1:]} for one in error.errors()])

    async def model_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, ValidationError)
        parameters = getattr(request.scope.get("route"), "query_parameters", ())
        return _from_pydantic(list(error.errors(include_url=False)), parameters)  # type: ignore[arg-type]

    app.add_exception_handler(EngineError, known)
    app.add_exception_handler(SessionError, known)
    app.add_exception_handler(RequestError, request_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(ValidationError, model_invalid)


def _from_pydantic(errors: list[dict[str, Any]], parameters: Collection[str] = ()) -> Response:
    """The first error stands at the top, all of them in `errors`. `parameters` are what the operation takes in the query."""
    listed = told(errors[: 10 * MOST_ERRORS], parameters)[:MOST_ERRORS]
    first = listed[0]
    shown = [{**one, "field": _cut(one["field"]), "value": _shown(one["value"])} for one in listed]
    given = "missing" if errors[0]["type"] == "missing" else in_json(first["value"])
    return problem_response(422, f"{first['field']} is {given}; it must be {first['bound']}.", **first, errors=shown)


def _shown(value: object) -> Any:
    """A value as the JSON that it was sent as, where that is short enough to read; what is longer is cut, and so a text."""
    if isinstance(value, str):
        return _cut(value)
    text = in_json(value)
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return text  # cut, or a NaN, for which JSON has no word
    return orjson.Fragment(text)


def in_json(value: object) -> str:
    """A value as it stands in a request: null, true, "text", [1,2]. Cut where it is too long to read."""
    if isinstance(value, str):
        return json.dumps(_cut(value), ensure_ascii=False)
    text = ""
    for piece in _encoder.iterencode(value):  # no further than it is shown: a matrix may have a million numbers
        text += piece
        if len(text) > LONGEST_VALUE:
            size = f" ({len(value):,} entries)" if isinstance(value, list) else ""
            return f"{text[:LONGEST_VALUE]}…{size}"
    return text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… ({len(text):,} characters)"


def _plain(value: Any) -> Any:
    """What JSON has no word for: an array as its numbers, else as Python writes it."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


_encoder = json.JSONEncoder(ensure_ascii=False, default=_plain, separators=(",", ":"))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an endpoint may answer, for OpenAPI."""
    if {404, 503} <= {*statuses}:  # it asks for a session, which may be one of another version
        statuses = tuple(sorted((*statuses, 501)))
    return {
        status: {
            "description": http.HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }
