"""A route that refuses what it does not know: a misspelt parameter must not pass for one that was left out."""

from collections.abc import Callable, Coroutine
from difflib import get_close_matches
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from .problems import RequestError


class StrictRoute(APIRoute):
    """Answers 422 for a query parameter that the operation does not have. `query_parameters` are the names of those it has."""

    query_parameters: list[str]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = self.query_parameters = sorted(_query_parameters(self.dependant))

        async def handle_what_is_known(request: Request) -> Response:
            for name, value in request.query_params.items():
                if name not in known:
                    alike = get_close_matches(name, known, 1)
                    choices = f"one of: {', '.join(known)}" if known else "left out: there are no parameters"
                    hint = f" Perhaps {alike[0]} was meant." if alike else ""
                    raise RequestError(
                        422, f"there is no parameter {name!r} here; it must be {choices}.{hint}", field=name, value=value, bound=choices
                    )
            return await handle(request)

        return handle_what_is_known


def _query_parameters(dependant: Dependant) -> set[str]:
    """The names of an operation's own query parameters and of those that its dependencies ask for."""
    names = {parameter.alias for parameter in dependant.query_params}
    return names.union(*map(_query_parameters, dependant.dependencies))
