"""Rows in PostgreSQL's binary COPY format, packed column by column: several times faster than value by value."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain, repeat
from operator import itemgetter
from struct import Struct
from typing import Any
from uuid import UUID

from psycopg.adapt import PyFormat, Transformer
from pydantic_core import SchemaValidator, core_schema, to_json

from projections.tables import Table, kind_of
from projections.versions import Entry, Row

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"

Fields = tuple[Iterable[bytes], ...]
"""A column: what follows on one another in each row, one value of each iterable."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_UUID, _TEXT = 2950, 25

_length = Struct(">i").pack
_length_of_document = Struct(">ib").pack
_four = Struct(">ii").pack
_eight = Struct(">iq").pack
_array = Struct(">iiiiii").pack
_NULL = _length(-1)
_EMPTY_ARRAY = 12
_ONE, _ZERO = b"\0\0\0\1\1", b"\0\0\0\1\0"
_ID = _length(16)
_LOOKED_AT, _FEW = 64, 32
"""Of so many values so few are different where most are said again and again."""

_as_ids: Callable[[Sequence[Any]], list[UUID]] = SchemaValidator(
    core_schema.list_schema(core_schema.uuid_schema())
).validate_python


class _Texts(dict[str, bytes]):
    """Packed texts; most columns say few different things."""

    def __missing__(self, text: str) -> bytes:
        written = text.encode()
        self[text] = packed = _length(len(written)) + written
        return packed


def _repeated(values: Sequence[Any]) -> bool:
    return len(set(values[:_LOOKED_AT])) <= _FEW


def _texts(values: Sequence[Any]) -> Fields:
    if _repeated(values):
        return (map(_Texts().__getitem__, values),)
    return _counted([one.encode() for one in values])


def _counted(written: Sequence[bytes]) -> Fields:
    return map(_length, map(len, written)), written


def _uuids(values: Sequence[Any]) -> Fields:
    if isinstance(values[0], bytes):
        return repeat(_ID), values
    if isinstance(values[0], str):
        values = _as_ids(values)
    return repeat(_ID), [one.int.to_bytes(16, "big") for one in values]


def _instants(values: Sequence[Any]) -> Fields:
    read = [datetime.fromisoformat(one) if isinstance(one, str) else one for one in values]
    return ([_eight(8, (one - _EPOCH) // _MICROSECOND) for one in read],)


def _days(values: Sequence[Any]) -> Fields:
    return ([_four(4, one.toordinal() - _EPOCH_DAY) for one in values],)


def _bigints(values: Sequence[Any]) -> Fields:
    return (map(_eight, repeat(8), values),)


def _integers(values: Sequence[Any]) -> Fields:
    return (map(_four, repeat(4), values),)


def _booleans(values: Sequence[Any]) -> Fields:
    return ([_ONE if one else _ZERO for one in values],)


def _documents(values: Sequence[Any]) -> Fields:
    written = _written(values)
    return [_length_of_document(len(one) + 1, 1) for one in written], written


def _documents_as_text(values: Sequence[Any]) -> Fields:
    return _counted(_written(values))


def _written(values: Sequence[Any]) -> Sequence[bytes]:
    return [one if isinstance(one, bytes) else to_json(one) for one in values]


def _uuid_arrays(values: Sequence[Any]) -> Fields:
    _, ids = _uuids([*chain.from_iterable(values)]) if any(values) else ((), ())
    members = [_ID + one for one in ids]
    begin, written = 0, []
    for length in map(len, values):
        written.append(_ID_ARRAYS[length] + b"".join(members[begin : begin + length]))
        begin += length
    return (written,)


class _Beginnings(dict[int, bytes]):
    """What arrays of ids begin with, by their length."""

    def __missing__(self, length: int) -> bytes:
        self[length] = packed = _beginning(_UUID, length, length * 20)
        return packed


_ID_ARRAYS = _Beginnings()


def _beginning(element: int, members: int, size: int) -> bytes:
    """What an array begins with: the type of its elements, how many they are, and how many bytes they take."""
    if not members:
        return _array(_EMPTY_ARRAY, 0, 0, element, 0, 0)[:16]
    return _array(20 + size, 1, 0, element, members, 1)


def _text_arrays(values: Sequence[Any]) -> Fields:
    return ([_packed_array([member.encode() for member in one]) for one in values],)


def _packed_array(members: Sequence[bytes]) -> bytes:
    body = b"".join([_length(len(member)) + member for member in members])
    return _beginning(_TEXT, len(members), len(body)) + body


def _numerics(values: Sequence[Any]) -> Fields:
    transformer = Transformer()
    return _counted(
        [bytes(transformer.get_dumper(one, PyFormat.BINARY).dump(one) or b"") for one in map(Decimal, values)]
    )


_PACKERS: Mapping[str, Callable[[Sequence[Any]], Fields]] = {
    "text": _texts,
    "uuid": _uuids,
    "timestamptz": _instants,
    "date": _days,
    "bigint": _bigints,
    "integer": _integers,
    "boolean": _booleans,
    "json": _documents_as_text,
    "jsonb": _documents,
    "uuid[]": _uuid_arrays,
    "text[]": _text_arrays,
    "numeric": _numerics,
}
"""SQL type → how values of it are packed, none of them null and at least one."""


def _column(kind: str, values: Sequence[Any]) -> Fields:
    """A column some of whose values may be null."""
    pack, nulls = _PACKERS[kind], values.count(None)
    if not nulls:
        return pack(values)
    if nulls == len(values):
        return (repeat(_NULL),)
    present = map(b"".join, zip(*pack([one for one in values if one is not None]), strict=False))
    return ([_NULL if one is None else next(present) for one in values],)


def packed(table: Table, rows: Sequence[Row]) -> bytes:
    """Rows of a table, columns as declared, then `known_from` and `known_to`; without header and trailer.

    Raises:
        KeyError: a column has a type that is not packed here, or a row lacks a column.
    """
    if not rows:
        return b""
    # Two columns at least: of one alone there would be no tuples.
    one_by_one = map(itemgetter(*table.columns), [row.values for row in rows])
    known_from, known_to = [row.known_from for row in rows], [row.known_to for row in rows]
    return _joined(table, [*zip(*one_by_one, strict=True), known_from, known_to])


def packed_entries(table: Table, entries: Sequence[Entry]) -> bytes:
    """Rows that are written once, like `packed`: known from their position on, and for good."""
    return _joined(table, [*zip(*entries, strict=True), [None] * len(entries)])


def _joined(table: Table, columns: Sequence[Sequence[Any]]) -> bytes:
    kinds = [*map(kind_of, table.columns.values()), "bigint", "bigint"]
    begin = len(columns).to_bytes(2, "big")
    fields: list[Iterable[bytes]] = [[begin] * len(columns[0])]
    for kind, column in zip(kinds, columns, strict=True):
        fields += _column(kind, column)
    # Not strict: what is the same in all rows is repeated without end.
    return b"".join(chain.from_iterable(zip(*fields, strict=False)))
