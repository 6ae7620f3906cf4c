"""Every error becomes one problem (RFC 9457), in one table: class, status, title."""

import http
from collections.abc import Iterable, Mapping
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
    SessionError,
    StepConflict,
    StepOutOfRange,
    StoreUnavailable,
    TooManyWatchers,
    UnknownSession,
    WrongKey,
)

MEDIA_TYPE = "application/problem+json"
LONGEST_VALUE = 200
MOST_ERRORS = 20


class Problem(BaseModel):
    """An error, after RFC 9457: `field` is what it is about, `value` what was given, `bound` what would be right."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="the name as it stands in the request, such as optimizer.learning_rate or X[0][2]")
    value: Any = None
    bound: str | None = None


class RequestError(Exception):
    """What is wrong with a request before anything is done with it."""

    def __init__(self, status: int, detail: str, *, field: str | None = None, value: object = None, bound: str | None = None) -> None:
        self.status, self.detail, self.field, self.value, self.bound = status, detail, field, value, bound
        super().__init__(detail)


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
    TooManyWatchers: 503,
    StoreUnavailable: 503,
}


def problem_response(
    status: int, detail: str, *, field: str | None = None, value: object = None, bound: str | None = None, **more: Any
) -> Response:
    """One problem as its bytes; a value too long to read is cut, and says so."""
    body = {"type": "about:blank", "title": http.HTTPStatus(status).phrase, "status": status, "detail": detail}
    if field is not None:
        body |= {"field": field, "value": _short(value), "bound": bound}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {"Retry-After": "1"} if status == 503 else {}
    return Response(
        orjson.dumps(body | more, default=str, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY),
        status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def _is_matched(routes: Iterable[BaseRoute], scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in routes)


def install(app: FastAPI) -> None:
    """Hands every error of the app to this table."""

    async def known(_: Request, error: Exception) -> Response:
        status = next(_statuses[kind] for kind in type(error).__mro__ if kind in _statuses)
        assert isinstance(error, EngineError | SessionError)
        more: dict[str, Any] = {}
        if isinstance(error, StepConflict):
            more = {"current_step": error.current}
        if isinstance(error, LogConflict):
            more = {"current_edits": error.current}
        if isinstance(error, BadTable):
            more = {"row": error.row, "column": error.column}
        # an engine's error says its value in full, which may be a file
        detail = (
            str(error) if isinstance(error, SessionError) else f"{error.field} is {_quoted(_short(error.value))}; it must be {error.bound}."
        )
        return problem_response(status, detail, field=error.field, value=error.value, bound=error.bound, **more)

    async def request_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestError)
        return problem_response(error.status, error.detail, field=error.field, value=error.value, bound=error.bound)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return problem_response(
                404, f"there is nothing at {request.url.path}.", field="path", value=request.url.path, bound="a path of /docs"
            )
        if error.status_code == 405:
            # the framework names the methods of one route alone, and a path may have several
            routes = [route for route in request.app.routes if not isinstance(route, Mount)]
            possible = [method for method in METHODS if _is_matched(routes, {**request.scope, "method": method})]
            allowed = ", ".join(possible) or (error.headers or {}).get("Allow", "")
            response = problem_response(
                405,
                f"{request.method} is not possible at {request.url.path}.",
                field="method",
                value=request.method,
                bound=f"one of: {allowed}",
            )
            response.headers["Allow"] = allowed
            return response
        return problem_response(error.status_code, str(error.detail))

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _from_pydantic([{**one, "loc": one["loc"][1:]} for one in error.errors()])

    async def model_invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, ValidationError)
        return _from_pydantic(list(error.errors(include_url=False)))  # type: ignore[arg-type]

    app.add_exception_handler(EngineError, known)
    app.add_exception_handler(SessionError, known)
    app.add_exception_handler(RequestError, request_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(ValidationError, model_invalid)


def _from_pydantic(errors: list[dict[str, Any]]) -> Response:
    """The first error stands at the top, all of them in `errors`."""
    listed = [
        {"field": field_name(one["loc"]), "value": _short(None if one["type"] == "missing" else one.get("input")), "bound": _bound(one)}
        for one in errors[:MOST_ERRORS]
    ]
    first = listed[0]
    given = "missing" if errors[0]["type"] == "missing" else _quoted(first["value"])
    return problem_response(422, f"{first['field']} is {given}; it must be {first['bound']}.", **first, errors=listed)


def field_name(location: tuple[int | str, ...]) -> str:
    """`("layer_sizes", 1)` as people write it: `layer_sizes[1]`."""
    name = ""
    for part in location:
        if isinstance(part, int):
            name += f"[{part}]"
        elif not name or part not in _union_branches:
            name += f".{part}" if name else part
    return name or "body"


# pydantic names the branch of a union it tried; nobody wrote that in a request
_union_branches = frozenset(
    {
        "str",
        "int",
        "float",
        "bool",
        "list[str]",
        "list[int]",
        "constrained-str",
        "function-after",
        "Named",
        "list[union[str,Named]]",
        "list[constrained-float]",
        "constrained-float",
    }
)


def _bound(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "left out: there is no such field"
    if error["type"] == "missing":
        return "given"
    text = str(error["msg"])
    for start in ("Input should be ", "Value error, ", "Input should "):
        text = text.removeprefix(start)
    return text[:1].lower() + text[1:]


def _short(value: object) -> Any:
    """A value that can be shown: NaN in words, long ones cut."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else _short(str(value))  # JSON writers stop at 64 bits
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    text = value if isinstance(value, str) else repr(value)
    if len(text) > LONGEST_VALUE:
        return f"{text[:LONGEST_VALUE]}… ({len(text):,} characters)"
    return value if isinstance(value, str | list | tuple) else text


def _quoted(value: object) -> str:
    return repr(value)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that an endpoint may answer, for OpenAPI."""
    return {
        status: {
            "description": http.HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }
