"""The short way for commands: a dictionary instead of a hundred routes, before the framework does anything.

Only what is written in the plain form comes this way; everything else, and every question, goes to the routes, which
are complete without it. Both read, decide and answer with the same functions.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast
from uuid import UUID

from fastapi import FastAPI, Request

from services.handling import TaskHandler
from services.http import body, problems
from services.http.commands import ON_COLLECTION, ON_STREAM, Target, answer_body
from services.http.identity import accept

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_PLAIN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ON_STREAM, _ON_COLLECTION = 5, 3
"""How many parts a path has that begins with a slash."""


class _GoneError(Exception):
    """The client is gone before it said everything."""


class Door:
    """ASGI middleware that takes the commands out."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain command, pass everything else on."""
        found = _target(scope) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, value)
        principal = _text(headers, b"x-on-behalf-of")
        if principal is not None and not _PLAIN_ID.fullmatch(principal):
            await self.app(scope, receive, send)
            return
        target, identifier = found
        try:
            app = cast("FastAPI", scope["app"])
            on_behalf_of = UUID(principal) if principal else None
            caller = accept(app.state.settings, _text(headers, b"authorization"), on_behalf_of)
            raw = await _read(receive)
            match = _text(headers, b"if-match") if identifier else None
            asked = target.read(raw, identifier, caller, _text(headers, b"idempotency-key"), match)
            outcome = await cast("TaskHandler", app.state.tasks).execute(asked)
        except problems.OURS as error:
            language = problems.language_of(Request(scope))
            await problems.response(*problems.describe(error, language))(scope, receive, send)
        except _GoneError:
            return
        else:
            answer = answer_body(outcome)
            await send(
                {
                    "type": "http.response.start",
                    "status": 201 if outcome.events else 200,
                    "headers": [
                        (b"content-length", b"%d" % len(answer)),
                        (b"content-type", b"application/json"),
                        (b"etag", b'"%d"' % outcome.version),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": answer})


def _target(scope: Scope) -> tuple[Target, str | None] | None:
    """What a path asks for and the id in it; none where it is not the plain path of a command."""
    parts = scope["path"].split("/")
    if parts[:2] != ["", "v1"] or scope.get("root_path"):
        return None
    if len(parts) == _ON_STREAM:
        target = ON_STREAM.get((parts[2], parts[4]))
        return (target, parts[3]) if target is not None and _PLAIN_ID.fullmatch(parts[3]) else None
    target = ON_COLLECTION.get(parts[2]) if len(parts) == _ON_COLLECTION else None
    return (target, None) if target is not None else None


def _text(headers: dict[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


async def _read(receive: Receive) -> bytes:
    """The body as sent.

    Raises:
        ProblemError: 413 where it is too large.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > body.COMMAND_LIMIT:
            raise problems.ProblemError(413, "request.too-large", details={"limit": str(body.COMMAND_LIMIT)})
        chunks.append(chunk)
        if not message.get("more_body"):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)
