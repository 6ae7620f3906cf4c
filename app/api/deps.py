"""What endpoints ask for, as types.

All `async`, though they await nothing: FastAPI would send each `def` through its thread pool, a third of a millisecond a request.
"""

import re
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator

from app.engine import added_tensors
from app.sessions import Sessions as SessionsOfApp
from app.sessions import Taken
from app.sessions import Watching as WatchingOfApp
from app.settings import Limits as LimitsOfApp

from .carried import Carried as CarriedOfApp
from .encoded import EncodedTraces
from .encoding import TENSORS, Look
from .problems import RequestError


async def _sessions(request: Request) -> SessionsOfApp:
    sessions: SessionsOfApp = request.app.state.sessions
    return sessions


async def _watching(request: Request) -> WatchingOfApp:
    watching: WatchingOfApp = request.app.state.watching
    return watching


async def _encoded(request: Request) -> EncodedTraces:
    encoded: EncodedTraces = request.app.state.encoded
    return encoded


async def _carried(request: Request) -> CarriedOfApp:
    carried: CarriedOfApp = request.app.state.carried
    return carried


async def _limits(request: Request) -> LimitsOfApp:
    limits: LimitsOfApp = request.app.state.settings.limits
    return limits


# not a header parameter: OpenAPI ignores one of this name, and /docs could not send it
_bearer = HTTPBearer(auto_error=False, scheme_name="edit_key", description="the session's edit_key, which was told once, when it was made")


async def _edit_key(authorization: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str | None:
    """The key of `Authorization: Bearer <edit_key>`; None when there is none."""
    return (authorization and authorization.credentials.strip()) or None


SessionId = Annotated[str, Path(description="the session's id, as `POST /sessions` told it")]


def _in_plain_digits(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch("0|-?[1-9][0-9]*", text):
        raise ValueError("a whole number in plain digits, such as 12")
    return text


# of a path: what it is about has one address, and int() would read 01, 1.0 and 1_0 as well
PlainInt = Annotated[int, BeforeValidator(_in_plain_digits)]
StepNumber = Annotated[PlainInt, Path(description="a step that was taken, from 1", json_schema_extra={"example": 1})]


MaxCells = Annotated[int | None, Query(ge=1, description="a tensor above this comes as a view")]
_Layers = Annotated[str | None, Query(description="indices of layers: 0,2; all when left out")]


async def _look(
    include: Annotated[str | None, Query(description="names of tensors: A,Z,dZ; all when left out")] = None,
    layers: _Layers = None,
    max_cells: MaxCells = None,
) -> Look:
    names = None
    if include is not None:
        names = frozenset(name.strip() for name in include.split(",") if name.strip())
        known = (*TENSORS, *added_tensors())
        for name in sorted(names):
            if name not in known:
                raise RequestError(
                    422,
                    f"include has {name!r}; it must be names out of: {', '.join(known)}.",
                    field="include",
                    value=name,
                    bound=f"one of: {', '.join(known)}",
                )
    return Look(names, _indices(layers), max_cells)


async def _layers_look(layers: _Layers = None, max_cells: MaxCells = None) -> Look:
    return Look(None, _indices(layers), max_cells)


def _indices(layers: str | None) -> frozenset[int] | None:
    if layers is None:
        return None
    parts = [part.strip() for part in layers.split(",") if part.strip()]
    for part in parts:
        if not re.fullmatch(r"[0-9]{1,4}", part):
            raise RequestError(
                422,
                f"layers has {part!r}; it must be indices of layers.",
                field="layers",
                value=part,
                bound="whole numbers from 0, with commas",
            )
    return frozenset(int(part) for part in parts)


async def _example(
    example: Annotated[
        int | None, Query(description="one example of the batch, from 0: everything then is of its pass alone, with m = 1")
    ] = None,
) -> int | None:
    return example


def check_layers(look: Look, last: int) -> None:
    """Refuses a layer that the network does not have."""
    for layer in sorted(look.layers or ()):
        if layer > last:
            raise RequestError(422, f"layers has {layer}; it must be at most {last}.", field="layers", value=layer, bound=f"0 to {last}")


def looked(sessions: SessionsOfApp, id: str, n: int, example: int | None) -> Taken:
    """The step that is looked at, or the pass of one of its examples alone. Raises UnknownSession, StepOutOfRange, OutOfBounds."""
    taken = sessions.look(id, n)
    return taken if example is None else taken.alone(example)


Sessions = Annotated[SessionsOfApp, Depends(_sessions)]
Watching = Annotated[WatchingOfApp, Depends(_watching)]
Encoded = Annotated[EncodedTraces, Depends(_encoded)]
Carried = Annotated[CarriedOfApp, Depends(_carried)]
Limits = Annotated[LimitsOfApp, Depends(_limits)]
EditKey = Annotated[str | None, Depends(_edit_key)]
TraceLook = Annotated[Look, Depends(_look)]
LayersLook = Annotated[Look, Depends(_layers_look)]
Example = Annotated[int | None, Depends(_example)]
