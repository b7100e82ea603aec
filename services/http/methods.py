"""Which methods an address answers."""

from collections.abc import MutableMapping
from typing import Any

from starlette.routing import Match


def allowed(scope: MutableMapping[str, Any]) -> list[str]:
    """The methods of whatever routes there are for the address; none where there is nothing."""
    routes = scope["app"].routes
    # A match writes down what it found.
    found = [
        method
        for method in ("GET", "POST")
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    if "GET" in found:
        found.insert(1, "HEAD")
    return [*found, "OPTIONS"] if found else []
