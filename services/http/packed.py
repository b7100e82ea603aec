"""Unpacks request bodies that were sent with `Content-Encoding: gzip`, a little at a time."""

import asyncio
import zlib
from collections.abc import AsyncIterator

from fastapi import Request

from services.http.problems import ProblemError

_STEP = 262_144
"""Bytes that are unpacked at a time; whoever packed a thousand times as many is refused before there are more."""
_GZIP = 16 + zlib.MAX_WBITS
_TAKEN = {"Accept-Encoding": "gzip, identity"}


async def unpacking(request: Request) -> AsyncIterator[bytes]:
    """The parts of a body; whoever takes them stops where there are too many.

    Raises:
        ProblemError: 415, it is packed in another way; 400, it is damaged or ends too early.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        async for chunk in request.stream():
            yield chunk
        return
    if encoding not in {"gzip", "x-gzip"}:
        raise ProblemError(415, "request.encoding-unknown", field="Content-Encoding", headers=_TAKEN)
    unpacker = zlib.decompressobj(_GZIP)
    async for chunk in request.stream():
        waiting, full = chunk, False
        while waiting or full:
            try:
                part = unpacker.decompress(waiting, _STEP)
            except zlib.error as damaged:
                raise ProblemError(400, "request.unreadable") from damaged
            waiting, full = unpacker.unconsumed_tail, len(part) == _STEP
            yield part
            await asyncio.sleep(0)
        if unpacker.unused_data:
            # What follows a whole body is not ours to guess at.
            raise ProblemError(400, "request.unreadable")
    if not unpacker.eof:
        raise ProblemError(400, "request.unreadable")
