"""A request's JSON body: read once, by orjson, with its own clear errors."""

import json
import re
from typing import Any, TypeVar

import numpy as np
import orjson
from fastapi import Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from .examples import EXAMPLES
from .given_twice import TEXTS, given_twice
from .problems import RequestError, given_again
from .sent import keep_body

DEEPEST = 16
LONG = 64 * 1024

Model = TypeVar("Model", bound=BaseModel)


async def read_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty object.

    Raises:
        RequestError: 415 for another content type or coding, 400 for broken or absurdly nested JSON, 422 for what is no object, or says one name twice.
    """
    body = await request.body()
    if not body:
        return {}
    coding = request.headers.get("content-encoding", "identity").strip()
    if coding.lower() not in ("identity", ""):
        raise RequestError(
            415,
            f"Content-Encoding is {coding!r}; it must be left out: the body is read as it is sent.",
            field="Content-Encoding",
            value=coding,
            bound="left out, or identity",
        )
    # also what keeps other sites out: a form can't send this type, and a script of theirs may not
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise RequestError(
            415, "the body must be sent as application/json.", field="Content-Type", value=content_type, bound="application/json"
        )
    # a long body is read beside the event loop, not on it
    parsed = _parse(body) if len(body) < LONG else await run_in_threadpool(_parse, body)
    keep_body(request, parsed)
    return parsed


def _parse(body: bytes) -> dict[str, Any]:
    depth = _depth(body)
    if depth > DEEPEST:
        depth = _depth(TEXTS.sub(b"", body))  # brackets in a text nest nothing
    if depth > DEEPEST:
        raise RequestError(
            400, f"the body is nested more than {DEEPEST} deep.", field="body", value=f"{depth} deep", bound=f"at most {DEEPEST} deep"
        )
    try:
        parsed: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RequestError(
            400,
            f"the body is not JSON: {error}.",
            field="body",
            value=_around(body, error.pos),
            bound="JSON (RFC 8259; no NaN, no infinities)",
        ) from error
    if not isinstance(parsed, dict):
        raise RequestError(
            422, f"the body is {_kind(parsed)}; it must be a JSON object.", field="body", value=parsed, bound="a JSON object"
        )
    if twice := given_twice(body, parsed):
        raise given_again(*twice)
    if _long_whole_number.search(body):
        # orjson rounds whole numbers beyond 64 bits; a refusal has to name the one that was sent
        parsed = json.loads(body)
    whole: dict[str, Any] = parsed
    return whole


def _kind(parsed: object) -> str:
    """What a value is called in JSON."""
    match parsed:
        case None | bool():
            return json.dumps(parsed)
        case str():
            return "a text"
        case list():
            return "an array"
        case _:
            return "a number"


async def read_model(request: Request, model: type[Model]) -> Model:
    """The body as one of the small schemas.

    Raises:
        RequestError: as `read_object`. ValidationError: a field that does not fit.
    """
    given = await read_object(request)
    is_long = len(await request.body()) >= LONG
    return await run_in_threadpool(model.model_validate, given) if is_long else model.model_validate(given)


def _depth(body: bytes) -> int:
    """An upper bound of the nesting, at the speed of bytes: brackets inside strings count too."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return 0
    brackets = np.frombuffer(body.translate(None, _not_brackets), np.uint8)
    is_open = (brackets == ord("[")) | (brackets == ord("{"))
    return int(np.cumsum(np.where(is_open, np.int8(1), np.int8(-1)), dtype=np.int32).max())


# of so many digits that 64 bits may not hold it, and of few enough that Python reads it at once
_long_whole_number = re.compile(rb"[\[:,\s]-?[1-9][0-9]{18,300}[\],}\s]")
_not_brackets = bytes(set(range(256)) - set(b"[]{}"))


def _around(body: bytes, position: int) -> str:
    return body[max(0, position - 20) : position + 20].decode(errors="replace")


def request_body(schema: str) -> dict[str, Any]:
    """What `openapi_extra` says of a body that is read by hand."""
    examples = {words: {"summary": words, "value": value} for words, value in EXAMPLES[schema].items()}
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "examples": examples}
    return {"requestBody": {"required": False, "content": {"application/json": content}}}
