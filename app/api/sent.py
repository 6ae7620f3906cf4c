"""What the client itself sent: a problem names its place in the request, and shows the value as it was written there."""

import re
from typing import Any

from fastapi import Request

_NOTHING: Any = object()
_parts = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def keep_body(request: Request, body: object) -> None:
    """So that a refusal, which may come from deep below, finds the body again."""
    request.state.body = body


def as_sent(request: Request, field: str, value: object) -> tuple[str, object]:
    """The field and its value as they stand in the request's body; as they came where it has no such place.

    An ingredient of which only the name was sent is that name: `optimizer` and not `optimizer.name`. What it lacks beside that is named
    as it would have to be sent: `action.tensor`.
    """
    here = getattr(request.state, "body", _NOTHING)
    if here is _NOTHING or not isinstance(here, dict) or "".join(match[0] for match in _parts.finditer(field)) != field:
        return field, value
    for match in _parts.finditer(field):
        name, index = match[1], match[2]
        if name is not None and isinstance(here, dict) and name in here:
            here = here[name]
        elif index is not None and isinstance(here, list) and int(index) < len(here):
            here = here[int(index)]
        elif match.start() and name in (None, "name") and not isinstance(here, dict | list) and here is not None:
            return field[: match.start()], here
        else:
            return field, value
    return field, here
