"""What is wrong with the head of a request, where a parser of HTTP refuses it or one more lenient lets it through: a problem like any other."""

import http
import re
from collections.abc import Iterable, Sequence

from fastapi import Response
from starlette.types import Scope

from app.api.problems import METHODS, problem_response

LONGEST_URL = 16 * 1024  # bytes, with the query
LONGEST_HEAD = 64 * 1024  # bytes of the request line and all headers

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_VERSION = re.compile(r"HTTP/[0-9]+(\.[0-9]+)?")


def head_refused(scope: Scope) -> Response | None:
    """What is wrong with a head that a parser has let through; the others would not have, or would have if it had come in pieces."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    size = sum(len(name) + len(value) for name, value in scope["headers"])
    headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return (
        _of_size(f"{path}?{query}" if query else path, size)
        or _of_request(path, f"HTTP/{scope['http_version']}")
        or _of_headers(headers, is_whole=True)
    )


def head_unreadable(head: bytes, words: str) -> Response:
    """What is wrong with a head that a parser has refused.

    Args:
        head: from its first byte on, as far as it came; empty where that is not known.
        words: the parser's own, for what is not found here.
    """
    first, *lines = (line.removesuffix("\r") for line in head.lstrip(b"\r\n").decode("latin-1").split("\n"))
    whole, is_whole = (lines[: lines.index("")], True) if "" in lines[:-1] else (lines[:-1], False)  # the last line may have come in part
    target = first.split(" ")[1] if " " in first else first
    wrong = _of_size(target, len(head)) or (_of_request_line(first) if lines else None)
    wrong = wrong or _of_lines(whole) or _of_headers(map(_name_and_value, whole), is_whole=is_whole)
    return wrong or problem_response(400, f"the request can't be read: {words}.")


def head_too_slow(head: bytes, seconds: float) -> Response:
    """A head that did not come whole in its time."""
    came, bound = f"{len(head):,} bytes", f"sent whole within {seconds:g} seconds"
    detail = f"the headers did not come whole: after {seconds:g} seconds there were {came}."
    return problem_response(408, detail, field="headers", value=came, bound=bound)


def body_unreadable(words: str) -> Response:
    """A body whose end can't be found; `words` are the parser's."""
    bound = "as many bytes as Content-Length says, or chunks as in RFC 9112, section 7.1"
    return problem_response(400, f"the body can't be read: {words}. It must be {bound}.", field="body", bound=bound)


def _of_size(url: str, head: int) -> Response | None:
    if len(url) > LONGEST_URL:
        bound = f"at most {LONGEST_URL:,} bytes with its query"
        return problem_response(414, f"path has {len(url):,} bytes or more; it must have {bound}.", field="path", value=url, bound=bound)
    if head > LONGEST_HEAD:
        size, bound = f"{head:,} bytes or more", f"at most {LONGEST_HEAD:,} bytes together"
        return problem_response(431, f"headers have {size}; they must have {bound}.", field="headers", value=size, bound=bound)
    return None


def _of_request_line(line: str) -> Response | None:
    method, *targets, version = line.split(" ") if " " in line else ("", line)
    if not targets or not _TOKEN.fullmatch(method) or not _VERSION.fullmatch(version):
        return _wrong("request line", line, "a method, a path and HTTP/1.1, such as GET /healthz HTTP/1.1")
    if method not in http.HTTPMethod.__members__:  # the others are told what their path has instead
        return _wrong("method", method, f"one of: {', '.join(METHODS)}", status=501)
    return _of_request(" ".join(targets), version)


def _of_request(target: str, version: str) -> Response | None:
    if not version.startswith("HTTP/1."):
        return _wrong("version", version, "HTTP/1.1", status=505)
    if " " in target:
        return _wrong("path", target, "without spaces, which are written as %20")
    if not target.isascii() or not target.isprintable():
        sent = target.encode("latin-1").decode(errors="replace")
        return _wrong("path", sent, "in ASCII, with the bytes of other letters in UTF-8 as %C3%A9")
    if not target.startswith(("/", "http://", "https://")):
        return _wrong("path", target, "a path that begins with /")
    return None


def _of_lines(lines: Iterable[str]) -> Response | None:
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            return _wrong("header", line, "a name, a colon and a value")
        if not _TOKEN.fullmatch(name):
            return _wrong("header", line, "a name of letters, digits and hyphens, with a colon right behind it")
        if any(ord(letter) < 32 and letter != "\t" or ord(letter) == 127 for letter in value):
            return _wrong(name, value.strip(), "without control characters")
    return None


def _of_headers(headers: Iterable[tuple[str, str]], *, is_whole: bool) -> Response | None:
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.lower(), []).append(value)
    codings, lengths, hosts = (given.get(name, []) for name in ("transfer-encoding", "content-length", "host"))
    if codings and [coding.lower() for coding in codings] != ["chunked"]:
        return _wrong("Transfer-Encoding", _joined(codings), "chunked", status=501)
    if codings and lengths:
        return _wrong("Content-Length", _joined(lengths), "left out, since Transfer-Encoding says where the body ends")
    if len(set(lengths)) > 1:
        return _wrong("Content-Length", _joined(lengths), "given once")
    if lengths and not re.fullmatch("[0-9]{1,18}", lengths[0]):
        return _wrong("Content-Length", lengths[0], "a whole number of bytes, of at most 18 digits")
    if is_whole and len(hosts) != 1:  # RFC 9112, section 3.2
        return _wrong("Host", _joined(hosts) if hosts else None, "given once")
    return None


def _name_and_value(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.strip(" \t")


def _joined(values: Sequence[str]) -> str:
    return ", ".join(values)


def _wrong(field: str, value: str | None, bound: str, *, status: int = 400) -> Response:
    given = "missing" if value is None else repr(value)
    return problem_response(status, f"{field} is {given}; it must be {bound}.", field=field, value=value, bound=bound)
