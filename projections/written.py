"""Values of columns in the form in which events write them: rows that are written once need not be read for it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from projections.tables import kind_of


def _ids(written: Iterable[Any]) -> list[UUID]:
    return [_id(one) for one in written]


def _id(written: Any) -> UUID:
    if isinstance(written, bytes):
        return UUID(bytes=written)
    return UUID(written) if isinstance(written, str) else written


def _instant(written: Any) -> datetime:
    return datetime.fromisoformat(written) if isinstance(written, str) else written


_READ: Mapping[str, Callable[[Any], Any]] = {
    "uuid": _id,
    "uuid[]": _ids,
    "text[]": list,
    "timestamptz": _instant,
    "numeric": Decimal,
}


def read(columns: Mapping[str, str], values: Iterable[Any]) -> dict[str, Any]:
    """The columns of a row whose ids and instants may be text, and ids bytes; JSON as bytes stays as it is."""
    found = {}
    for (name, kind), value in zip(columns.items(), values, strict=True):
        reading = _READ.get(kind_of(kind))
        found[name] = value if reading is None or value is None else reading(value)
    return found
