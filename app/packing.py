"""Answers by gzip, for whoever can read them: on a slow line their length is the time that they take."""

import gzip
import re
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.responses import Response

LEAST = 1024  # bytes that are worth packing
LEVEL = 6  # 9 takes twice as long over the style sheet, for a fortieth less, and leaves the modules as they are


def takes_gzip(asked: Headers) -> bool:
    """Whether the client said that it can read gzip, and not that it must not be sent."""
    for one in asked.get("accept-encoding", "").split(","):
        name, _, quality = one.partition(";")
        if name.strip().lower() == "gzip":
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", quality)
    return False


def pack(body: bytes) -> bytes:
    """The same bytes each time, for the same."""
    return gzip.compress(body, LEVEL, mtime=0)


def packed(answer: Response, asked: Headers, body: bytes | None = None) -> Response:
    """The same answer as `asked`, the request's headers, allows; `answer` has its whole body, and `body` is that by gzip, where it is at hand."""
    answer.headers.add_vary_header("Accept-Encoding")
    if len(answer.body) >= LEAST and takes_gzip(asked):
        answer.body = body or _pack_again(bytes(answer.body))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer


_pack_again = lru_cache(maxsize=8)(pack)  # the pages, which are the same each time
