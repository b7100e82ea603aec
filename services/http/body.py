"""Reads request bodies strictly: bounded in size, depth and number of values, no duplicate keys, no NaN."""

import json
import re
from typing import Any, Never

from fastapi import Request

from services.http.media import require_json, require_look_of_json
from services.http.packed import unpacking
from services.http.problems import ProblemError

COMMAND_LIMIT = 1_048_576
BULK_LIMIT = 32 * COMMAND_LIMIT
VALUES = 5_000
"""How many values a command has at most; the longest lists that a command may have need half as many."""
_GLANCE = 65_536
"""So far it is looked whether what has too many values nests too deeply as well."""
DEPTH = 32
"""How deeply values may nest."""
_QUOTES = 20 * VALUES
"""Up to here it takes no time worth naming to leave texts out."""


async def read(request: Request, limit: int) -> bytes:
    """The body as sent, unpacked.

    Raises:
        ProblemError: 413 where it has more than `limit` bytes; 415 where it is no JSON, or packed in a way that is
            not read here; 400 where it cannot be unpacked.
    """
    unsaid = require_json(request.headers.get("content-type"))
    chunks: list[bytes] = []
    size = 0
    async for chunk in unpacking(request):
        size += len(chunk)
        if size > limit:
            raise ProblemError(413, "request.too-large", details={"limit": str(limit)})
        chunks.append(chunk)
    raw = b"".join(chunks)
    if unsaid:
        require_look_of_json(raw)
    return raw


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
    if _depth(value) > DEPTH:
        raise ProblemError(400, "request.too-deep")
    return value


def values_in(raw: bytes) -> int:
    """How many values a command's body has, a few more at most: counted before anything is made of it."""
    values = _marks(raw)
    if values <= VALUES or raw.count(b'"') > _QUOTES:
        return values
    # There are such marks in texts too.
    return _marks(_TEXT.sub(b"", raw))


def require_few(raw: bytes) -> None:
    """Refuse a command's body that is more than a command can be.

    Raises:
        ProblemError: 413, it has too many bytes or values; 400, they nest too deeply.
    """
    if len(raw) > COMMAND_LIMIT:
        raise ProblemError(413, "request.too-large", details={"limit": str(COMMAND_LIMIT)})
    if len(raw) > VALUES and values_in(raw) > VALUES:
        if _DEEP.search(_TEXT.sub(b"", raw), 0, _GLANCE):
            raise ProblemError(400, "request.too-deep")
        raise ProblemError(413, "request.too-large", details={"values": str(VALUES)})


def _marks(raw: bytes) -> int:
    return raw.count(b",") + raw.count(b"{") + raw.count(b"[")


def is_surely_sound(raw: bytes, fields: int) -> bool:
    """Whether `parse` would surely take a body that was understood as an object with so many different fields.

    A colon after a quotation mark ends a name or lies in a text, so there are no more names than that; if there are as
    many as fields, none is repeated and no object lies within. Nothing nests more deeply than it has brackets.
    """
    return (
        len(_NAME_ENDS.findall(raw)) == fields
        and raw.count(b"[") < DEPTH
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
_DEEP = re.compile(rb"(?:[\[{][^\[{\]}]*+){%d}" % (DEPTH + 1))
_NAME_ENDS = re.compile(rb'"[ \t\r\n]*:')
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A text, be it that nothing ends it: whatever follows a quotation mark is looked at once."""


def _depth(value: Any) -> int:
    depth = 0
    level = [value]
    while level:
        depth += 1
        if depth > DEPTH:
            break
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
    return depth
