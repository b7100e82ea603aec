"""What bodies may come as, and what answers may be given as: asked before anything is read or recorded."""

from typing import Any

from fastapi import Request
from sse_starlette import EventSourceResponse

from services.http.exports import JSON, NDJSON, wanted_type
from services.http.identity import Caller
from services.http.problems import ProblemError

BULK = "/v1/commands"
PLAIN_TYPES = frozenset(
    {None, b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8"}
)
"""What nearly everybody says of a body, as it is sent."""

_LINES = frozenset({NDJSON, "application/ndjson", "application/jsonl", "application/json-lines"})
_UNSAID = "application/x-www-form-urlencoded"
"""What curl and other clients say of a body where nobody told them what it is."""
_BEGINNINGS = frozenset({b"", b"{", b"["})
_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii"})


def surely_takes_json(accept: bytes | None) -> bool:
    """Whether an `Accept` header surely wants JSON; where it says more, it has to be weighed."""
    return accept is None or ((b"*/*" in accept or b"application/json" in accept) and b"q=" not in accept)


async def answerable(request: Request, _caller: Caller) -> None:
    """Refuse whoever wants an answer in a form that there is not, before anything is done.

    Raises:
        ProblemError: 406.
    """
    accept = request.headers.get("accept")
    if accept:
        offered = _offered(request)
        if wanted_type(accept, offered) is None:
            raise ProblemError(406, "request.not-acceptable", details={"available": ", ".join(offered)})


def _offered(request: Request) -> list[str]:
    route: Any = request.scope["route"]
    if route.response_class is EventSourceResponse:
        # Where it cannot begin, what comes is a problem.
        return ["text/event-stream", JSON]
    declared = route.responses.get(200, {}).get("content", {})
    return list(dict.fromkeys([JSON, *declared, *([NDJSON] if request.url.path == BULK else [])]))


def require_json(content_type: str | None) -> bool:
    """Refuse a body that is said to be no JSON; whether nobody said what it is, so that it has to look like it.

    Raises:
        ProblemError: 415.
    """
    if content_type is None:
        return False
    kind, _, parameters = content_type.lower().partition(";")
    kind = kind.strip()
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
    if charset in _UTF8 and (kind in {JSON, _UNSAID} or kind in _LINES or _is_kind_of_json(kind)):
        return kind == _UNSAID
    raise unreadable_type()


def _is_kind_of_json(kind: str) -> bool:
    return kind.startswith("application/") and kind.endswith("+json")


def require_look_of_json(raw: bytes) -> None:
    """Refuse a form.

    Raises:
        ProblemError: 415.
    """
    if raw.lstrip()[:1] not in _BEGINNINGS:
        raise unreadable_type()


def unreadable_type() -> ProblemError:
    """The problem of a body of another media type."""
    return ProblemError(415, "request.type-unknown", field="Content-Type", headers={"Accept": JSON})
