"""What HTTP asks of every address: HEAD, OPTIONS, headers that keep answers private, large answers packed."""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.middleware.gzip import GZipResponder

from services.http.media import BULK
from services.http.methods import allowed
from services.http.safety import KEPT_TO_ITSELF

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_SMALLEST = 1_000
"""Bytes of an answer that is worth packing."""
_LEVEL = 4
"""Half as much work as the default, and nearly as small."""
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?:1|0\.\d*[1-9])[\d.]*\s*)?(?:,|$)", re.IGNORECASE)


class Conventions:
    """ASGI middleware around the routes."""

    for_routes = True
    """The short way for commands is without it: its answers are small, and have the headers already."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS; pass everything else on, and its answer back as it should be."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        methods = allowed(scope) if method == "OPTIONS" else None
        if methods:
            headers = [(b"allow", ", ".join(methods).encode()), *KEPT_TO_ITSELF]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        if method == "HEAD":
            scope, receive, send = _without_body(scope, send)
        packing = (scope["method"] == "GET" or scope["path"] == BULK) and _wants_gzip(scope)
        app = _Packing(self._kept_to_itself, _SMALLEST, _LEVEL) if packing else self._kept_to_itself
        await app(scope, receive, send)

    async def _kept_to_itself(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def completing(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in KEPT_TO_ITSELF if header[0] not in said),
                ]
            await send(message)

        await self.app(scope, receive, completing)


def _without_body(scope: Scope, send: Send) -> tuple[Scope, Receive, Send]:
    """What makes of the answer to GET the answer to HEAD; a stream is left as soon as it has begun."""
    heard = False
    begun = asyncio.Event()

    async def receive() -> Message:
        nonlocal heard
        if not heard:
            heard = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await begun.wait()
        return {"type": "http.disconnect"}

    async def head_only(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b""})
            begun.set()

    return {**scope, "method": "GET"}, receive, head_only


def _wants_gzip(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            return _GZIP.search(value.decode("latin-1")) is not None
    return False


class _Packing(GZipResponder):
    """Packs an answer that has no ETag; that names these very bytes, and a client gives it back as it is."""

    _as_is = False

    async def send_with_compression(self, message: Message) -> None:
        """One part of the answer."""
        if message["type"] == "http.response.start":
            self._as_is = any(name.lower() == b"etag" for name, _ in message["headers"])
        if self._as_is:
            await self.send(message)
        else:
            await super().send_with_compression(message)
