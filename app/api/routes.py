"""A route that passes nothing over in silence: neither a parameter that it does not have, nor one that is given again."""

from collections.abc import Callable, Coroutine
from difflib import get_close_matches
from typing import Any, get_origin

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from .problems import RequestError, given_again


class StrictRoute(APIRoute):
    """Answers 422 for a query parameter that the operation does not have, or that is no list and comes twice.

    `query_parameters` are the names of those it has.
    """

    query_parameters: list[str]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_several = _query_parameters(self.dependant)
        known = self.query_parameters = sorted(takes_several)

        async def handle_what_is_known(request: Request) -> Response:
            for name in request.query_params:
                values = request.query_params.getlist(name)
                if name not in known:
                    alike = get_close_matches(name, known, 1)
                    choices = f"one of: {', '.join(known)}" if known else "left out: there are no parameters"
                    hint = f" Perhaps {alike[0]} was meant." if alike else ""
                    raise RequestError(
                        422,
                        f"there is no parameter {name!r} here; it must be {choices}.{hint}",
                        field=name,
                        value=values[-1],
                        bound=choices,
                    )
                if len(values) > 1 and not takes_several[name]:
                    raise given_again(name, values)
            return await handle(request)

        return handle_what_is_known


def _query_parameters(dependant: Dependant) -> dict[str, bool]:
    """The names of an operation's own query parameters and of those that its dependencies ask for, and whether each is a list."""
    names = {parameter.alias: get_origin(parameter.field_info.annotation) is list for parameter in dependant.query_params}
    for needed in dependant.dependencies:
        names |= _query_parameters(needed)
    return names
