"""Query parameters are taken as they are meant, or refused: one that nobody knows may have been a filter."""

import re
from typing import Any

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query

from services.http.identity import Caller
from services.http.problems import ProblemError

_NUMBER = re.compile(r"-?[0-9]{1,19}")


async def strictly(request: Request, _caller: Caller) -> None:
    """Refuse what a route does not know, what is given twice, and numbers that are not written plainly.

    Raises:
        ProblemError: 422, one is not; with its name.
    """
    if not request.url.query:
        return
    known = _parameters(request.scope["route"])
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise ProblemError(422, "query.unknown", field=name)
        if name in seen:
            raise ProblemError(422, "query.repeated", field=name)
        if known[name] and not _NUMBER.fullmatch(value):
            raise ProblemError(422, "query.no-number", field=name)
        seen.add(name)


_KNOWN: dict[str, dict[str, bool]] = {}
"""Operation → the names of its query parameters, and whether each is a number."""


def _parameters(route: Any) -> dict[str, bool]:
    known = _KNOWN.get(route.unique_id)
    if known is None:
        fields = [field for field in get_flat_params(route.dependant) if isinstance(field.field_info, Query)]
        known = {field.alias: "int" in str(field.field_info.annotation) for field in fields}
        _KNOWN[route.unique_id] = known
    return known
