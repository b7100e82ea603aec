"""What an idempotency key stands for: the meaning of a command, however it was written."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from commands.base import Command

_MANY_FORMS = (dict, frozenset, set, Decimal, float)
"""Types whose values pydantic may write in more than one way."""


def fingerprint(stream: str, path: str, command: Command) -> bytes:
    """SHA-256 of what is asked: equal for every way to write it, and over releases that add fields."""
    return _hashed(stream, path, canonical(command))


def former_fingerprint(stream: str, path: str, raw: bytes) -> bytes:
    """SHA-256 of the bytes that were sent: so earlier releases told requests apart, and their keys stay valid."""
    return _hashed(stream, path, raw)


def canonical(command: Command) -> bytes:
    """The one written form of a command."""
    if _has_many_forms(type(command)):
        written = _written(command.model_dump(exclude_defaults=True)).encode()
    else:
        written = command.model_dump_json(exclude_defaults=True).encode()
    if not command.clears:
        return written
    # Null clears these; absent they stay as they were.
    cleared = sorted(name for name in command.clears if command.gives(name) and getattr(command, name) is None)
    return b"\n".join((written, *(name.encode() for name in cleared)))


def _hashed(stream: str, path: str, written: bytes) -> bytes:
    return hashlib.sha256(b"\n".join((stream.encode(), path.encode(), written))).digest()


@cache
def _has_many_forms(type_: Any) -> bool:
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        annotations: list[Any] = [field.annotation for field in type_.model_fields.values()]
        return any(map(_has_many_forms, annotations))
    if hasattr(type_, "__supertype__"):
        return _has_many_forms(type_.__supertype__)
    plain = getattr(type_, "__origin__", type_)
    return (isinstance(plain, type) and issubclass(plain, _MANY_FORMS)) or any(map(_has_many_forms, get_args(type_)))


def _written(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value)
        case int():
            return str(value)
        case float() | Decimal():
            return _number(value)
        case Mapping():
            return "{" + ",".join(sorted(f"{json.dumps(name)}:{_written(one)}" for name, one in value.items())) + "}"
        case AbstractSet():
            return "[" + ",".join(sorted(map(_written, value))) + "]"
        case Sequence():
            return "[" + ",".join(map(_written, value)) + "]"
        case _:
            return json.dumps(str(value))


def _number(value: float | Decimal) -> str:
    """A number without superfluous digits: 1.0 is 1."""
    if value == value.__floor__():
        return str(value.__floor__())
    return f"{Decimal(str(value)):f}".rstrip("0")
