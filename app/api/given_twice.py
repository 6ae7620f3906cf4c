"""A name that stands twice in one object of a body: readers of JSON take the last without a word, and what came before is lost."""

import json
import re
from collections import Counter
from typing import Any

# possessive, and to the end where it is not closed, so that no quote can make it try again
TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def given_twice(body: bytes, parsed: object) -> tuple[str, list[Any]] | None:
    """(field, everything it was given as) of the first such name; None where there is none. `parsed` is the body as JSON, as it was read.

    Every name has its colon, so where names and colons are as many none was lost: that costs next to nothing. Else, and only then, it is
    read again.
    """
    names = _names(parsed)
    if body.count(b":") == names or TEXTS.sub(b"", body).count(b":") == names:
        return None
    return _first(json.loads(body, object_pairs_hook=_Object), "")


def _names(parsed: object) -> int:
    """How many names all objects have; a list that begins with a number is one of numbers, and not looked through."""
    if isinstance(parsed, dict):
        return len(parsed) + sum(map(_names, parsed.values()))
    if isinstance(parsed, list) and parsed and isinstance(parsed[0], dict | list):
        return sum(map(_names, parsed))
    return 0


class _Object(dict[str, Any]):
    """An object that still knows of the first name that came twice, and its values."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice: tuple[str, list[Any]] | None = None
        if len(self) < len(pairs):
            twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
            self.twice = twice, [value for name, value in pairs if name == twice]


def _first(value: object, field: str) -> tuple[str, list[Any]] | None:
    """The outermost of the first place that has one."""
    if isinstance(value, _Object):
        under = f"{field}." if field else ""
        if value.twice:
            name, values = value.twice
            return f"{under}{name}", values
        inner = [(f"{under}{name}", one) for name, one in value.items()]
    elif isinstance(value, list):
        inner = [(f"{field}[{i}]", one) for i, one in enumerate(value) if isinstance(one, dict | list)]
    else:
        return None
    return next(filter(None, (_first(one, place) for place, one in inner)), None)
