"""Reads request bodies strictly: bounded in size and depth, no duplicate keys, no NaN."""

import json
import re
from typing import Any, Never

from fastapi import Request

from services.http.problems import ProblemError

COMMAND_LIMIT = 1_048_576
BULK_LIMIT = 32 * COMMAND_LIMIT
_DEPTH = 32


async def read(request: Request, limit: int) -> bytes:
    """The body as sent.

    Raises:
        ProblemError: 413 where it has more than `limit` bytes.
    """
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise ProblemError(413, "request.too-large", details={"limit": str(limit)})
        chunks.append(chunk)
    return b"".join(chunks)


def parse(raw: bytes) -> Any:
    """The JSON value of a body.

    Raises:
        ProblemError: 400 where it is not JSON in UTF-8, repeats a key, holds NaN or nests too deeply.
    """
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    except RecursionError as deep:
        raise ProblemError(400, "request.too-deep") from deep
    except ValueError as unreadable:
        raise ProblemError(400, "request.unreadable") from unreadable
    if _depth(value) > _DEPTH:
        raise ProblemError(400, "request.too-deep")
    return value


def is_surely_sound(raw: bytes, fields: int) -> bool:
    """Whether `parse` would surely take a body that was understood as an object with so many different fields.

    A colon after a quotation mark ends a name or lies in a text, so there are no more names than that; if there are as
    many as fields, none is repeated and no object lies within. Nothing nests more deeply than it has brackets.
    """
    return (
        len(_NAME_ENDS.findall(raw)) == fields
        and raw.count(b"[") < _DEPTH
        and b"NaN" not in raw
        and b"Infinity" not in raw
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ProblemError(400, "request.duplicate-key")
    return found


def _no_constant(_name: str) -> Never:
    raise ProblemError(400, "request.unreadable")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
_NAME_ENDS = re.compile(rb'"[ \t\r\n]*:')


def _depth(value: Any) -> int:
    depth = 0
    level = [value]
    while level:
        depth += 1
        if depth > _DEPTH:
            break
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
    return depth
