"""Answers by gzip, for whoever can read them: on a slow line their length is the time that they take."""

import gzip
import re
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.responses import Response

LEAST = 1024  # bytes that are worth packing


def takes_gzip(asked: Headers) -> bool:
    """Whether the client said that it can read gzip, and not that it must not be sent."""
    for one in asked.get("accept-encoding", "").split(","):
        name, _, quality = one.partition(";")
        if name.strip().lower() == "gzip":
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", quality)
    return False


def packed(answer: Response, asked: Headers, *, level: int = 6) -> Response:
    """The same answer as `asked`, the request's headers, allows; `answer` has its whole body."""
    answer.headers.add_vary_header("Accept-Encoding")
    if len(answer.body) >= LEAST and takes_gzip(asked):
        answer.body = _pack(bytes(answer.body), level)
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer


@lru_cache(maxsize=8)  # the catalogue and the pages, which are the same each time
def _pack(body: bytes, level: int) -> bytes:
    return gzip.compress(body, level, mtime=0)
