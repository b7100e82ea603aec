"""The short way for the question asked most, who was responsible: past a hundred routes and the framework's parameters.

Only what is written in the plain form comes this way; everything else goes to the route, which is complete without it
and asks the same question.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from fastapi import Request

from services.http import identity, problems
from services.http.media import surely_takes_json
from services.questions.responsibility import Question, ask_soon

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATH = "/v1/responsibility"
_PLAIN: dict[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    "subject": (
        re.compile(r"(?:customer|project|commitment|complaint):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        str,
    ),
    "role": (re.compile(r"[a-z][a-z0-9_]{0,62}"), str),
    "known_position": (re.compile(r"0|[1-9][0-9]{0,17}"), int),
    "at_least": (re.compile(r"0|[1-9][0-9]{0,17}"), int),
    **dict.fromkeys(
        ("effective_at", "known_at"),
        (
            re.compile(
                r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
            ),
            datetime.fromisoformat,
        ),
    ),
}
"""Parameter → its plain form, and what reads it."""


class QuestionDoor:
    """ASGI middleware that takes the question out."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain question, pass everything else on."""
        question = None
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "GET":
            question = plain(scope["query_string"])
        headers: dict[bytes, bytes] = {}
        if question is not None:
            for name, value in scope["headers"]:
                headers.setdefault(name, value)
        if question is None or b"x-on-behalf-of" in headers or not surely_takes_json(headers.get(b"accept")):
            await self.app(scope, receive, send)
            return
        state = scope["app"].state
        credentials = headers.get(b"authorization")
        try:
            await identity.admit(state, None if credentials is None else credentials.decode("latin-1"), None)
            answer = (await ask_soon(state.zeren.views, question)).model_dump_json().encode()
        except problems.OURS as error:
            found = problems.describe(error, problems.language_of(Request(scope)))
            await problems.response(*found)(scope, receive, send)
            return
        sent = [(b"content-length", b"%d" % len(answer)), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": sent})
        await send({"type": "http.response.body", "body": answer})


def plain(query: bytes) -> Question | None:
    """The question of a query string; none where anything in it is unusual."""
    found: dict[str, Any] = {}
    # In a query string it stands for a space, which no plain form has.
    if b"+" in query:
        return None
    for pair in query.decode("latin-1").split("&"):
        name, _, written = pair.partition("=")
        value = unquote(written) if "%" in written else written
        form = _PLAIN.get(name)
        if form is None or name in found or not form[0].fullmatch(value):
            return None
        try:
            found[name] = form[1](value)
        except ValueError:
            return None
    if "subject" not in found or ("known_at" in found and "known_position" in found):
        return None
    return Question(**found)
