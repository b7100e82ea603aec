"""The short way for commands: a dictionary instead of a hundred routes, before the framework does anything.

Only what is written in the plain form comes this way; everything else, and every question, goes to the routes, which
are complete without it. Both read, decide and answer with the same functions, and pass the same middleware of ours.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from fastapi import FastAPI, Request

from services.handling import TaskHandler
from services.http import body, conditions, identity, problems
from services.http.commands import ON_COLLECTION, ON_STREAM, Target, answer_body
from services.http.media import PLAIN_TYPES, surely_takes_json
from services.http.safety import KEPT_TO_ITSELF

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_PLAIN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PLAIN = "zeren.plain"
_LISTS = (b"if-match", b"if-none-match")
"""Headers that may come in several lines."""
_ON_STREAM, _ON_COLLECTION = 5, 3
"""How many parts a path has that begins with a slash."""


class Application(FastAPI):
    """FastAPI with the short way for commands."""

    _commands: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain command, leave everything else to the routes."""
        found = plain(scope) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None:
            await super().__call__(scope, receive, send)
            return
        if self._commands is None:
            self._commands = self._short_way()
        scope["app"] = self
        scope[_PLAIN] = found
        await self._commands(scope, receive, send)

    def _short_way(self) -> App:
        app: App = _answer
        for cls, args, kwargs in reversed(self.user_middleware):
            if getattr(cls, "for_routes", False):
                continue
            app = cast("App", cls(cast("Any", app), *args, **kwargs))
        return app


@dataclass(slots=True)
class Plain:
    """A command as far as it can be told before its body is read."""

    target: Target
    identifier: str | None
    """The id in the path; none where the server is to make one."""
    headers: dict[bytes, bytes]
    principal: UUID | None

    def header(self, name: bytes) -> str | None:
        """The first value of a header."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


def plain(scope: Scope) -> Plain | None:
    """The command that a request gives; none where it is anything else or not in the plain form."""
    parts = scope["path"].split("/")
    if len(parts) == _ON_STREAM:
        target = ON_STREAM.get((parts[2], parts[4])) if _PLAIN_ID.fullmatch(parts[3]) else None
        identifier = parts[3]
    else:
        target = ON_COLLECTION.get(parts[2]) if len(parts) == _ON_COLLECTION else None
        identifier = None
    if target is None or parts[0] or parts[1] != "v1" or scope.get("root_path") or scope["query_string"]:
        return None
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if headers.setdefault(name, value) is not value and name in _LISTS:
            return None
    if (
        headers.get(b"content-type") not in PLAIN_TYPES
        or b"content-encoding" in headers
        or not surely_takes_json(headers.get(b"accept"))
    ):
        return None
    principal = headers.get(b"x-on-behalf-of")
    if principal is None:
        return Plain(target, identifier, headers, None)
    written = principal.decode("latin-1")
    return Plain(target, identifier, headers, UUID(written)) if _PLAIN_ID.fullmatch(written) else None


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    asked_for: Plain = scope[_PLAIN]
    state = scope["app"].state
    try:
        caller = await identity.admit(state, asked_for.header(b"authorization"), asked_for.principal)
        raw = await _read(receive)
        if raw is None:
            return
        expected = conditions.condition(asked_for.header(b"if-match"), asked_for.header(b"if-none-match"))
        asked = asked_for.target.read(raw, asked_for.identifier, caller, asked_for.header(b"idempotency-key"), expected)
        outcome = await cast("TaskHandler", state.tasks).execute(asked)
    except problems.OURS as error:
        language = problems.language_of(Request(scope))
        await problems.response(*problems.describe(error, language))(scope, receive, send)
        return
    except Exception as error:
        # As the framework does: the reader gets a problem, whoever runs the server the error.
        unexpected = scope["app"].exception_handlers[Exception]
        await (await unexpected(Request(scope), error))(scope, receive, send)
        raise
    answer = answer_body(outcome)
    headers = [
        (b"content-length", b"%d" % len(answer)),
        (b"content-type", b"application/json"),
        (b"etag", b'"%d"' % outcome.version),
        *KEPT_TO_ITSELF,
    ]
    await send({"type": "http.response.start", "status": 201 if outcome.events else 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


async def _read(receive: Receive) -> bytes | None:
    """The body as sent; none where the client is gone before it said everything.

    Raises:
        ProblemError: 413 where it is too large.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > body.COMMAND_LIMIT:
            raise problems.ProblemError(413, "request.too-large", details={"limit": str(body.COMMAND_LIMIT)})
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)
