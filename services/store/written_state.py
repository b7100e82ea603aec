"""A state as bytes: a head with all but its items, and tables of items that are read one by one when asked for."""

import json
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, partial
from itertools import accumulate, pairwise
from typing import Any, cast, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from aggregates.decider import State, initial
from aggregates.items import Items
from aggregates.timeline import Interval, Timeline
from events.vocabulary.identifiers import StreamId
from services.store.written_items import NUMBER, ItemForm, WrittenItems, numbers, write_items


class UnreadableStateError(Exception):
    """The bytes are not those that a state was written to."""


def write(state: State) -> bytes:
    """The bytes of a state: a checksum, the number of parts, their lengths, the parts, of which the first is the head.

    Items that were read from such bytes before and have not changed since are copied, not written again.
    """
    tables: list[bytes] = []
    plain = _plain(state, tables)
    parts = [json.dumps({"stream": state.stream, "state": plain}).encode(), *tables]
    body = b"".join((numbers([len(parts), *map(len, parts)]), *parts))
    return numbers([zlib.crc32(body)]) + body


def read(data: bytes) -> State:
    """The state that was written; its items are not looked at.

    Raises:
        UnreadableStateError: a byte is missing or is not what it was.
    """
    view = memoryview(data)
    if len(data) < 2 * NUMBER or int.from_bytes(view[:NUMBER], sys.byteorder) != zlib.crc32(view[NUMBER:]):
        raise UnreadableStateError
    count = int.from_bytes(view[NUMBER : 2 * NUMBER], sys.byteorder)
    first = (2 + count) * NUMBER
    bounds = list(accumulate(view[2 * NUMBER : first].cast("Q"), initial=first))
    head = json.loads(data[bounds[0] : bounds[1]])
    cls = type(initial(StreamId(head["stream"])))
    tables = [(data, start, end) for start, end in pairwise(bounds[1:])]
    return cast("State", _whole(cls, head["state"], tables))


def _plain(part: Any, tables: list[bytes]) -> dict[str, Any]:
    """A part of a state as JSON knows it; instead of items there is the number of their table."""
    plain: dict[str, Any] = {}
    cls: Any = type(part)
    for name, form in _forms(cls).items():
        value = getattr(part, name)
        if isinstance(form, ItemForm):
            plain[name] = len(tables)
            tables.append(write_items(value, form))
        elif isinstance(form, TypeAdapter):
            plain[name] = form.dump_python(value, mode="json")
        else:
            plain[name] = _plain(value, tables)
    return plain


def _whole(cls: Any, plain: dict[str, Any], tables: Sequence[tuple[bytes, int, int]]) -> Any:
    given: dict[str, Any] = {}
    for name, form in _forms(cls).items():
        if isinstance(form, ItemForm):
            given[name] = Items(WrittenItems(form, *tables[plain[name]]))
        elif isinstance(form, TypeAdapter):
            given[name] = form.validate_python(plain[name])
        else:
            given[name] = _whole(form, plain[name], tables)
    return cls(**given)


@cache
def _forms(cls: Any) -> dict[str, ItemForm | TypeAdapter[Any] | type[Any]]:
    """How each field is written: as items, as a part of its own, or whole."""
    hints = get_type_hints(cls, include_extras=True)
    return {field.name: _form(hints[field.name]) for field in fields(cls)}


def _form(hint: Any) -> ItemForm | TypeAdapter[Any] | type[Any]:
    if get_origin(hint) is Items:
        key, value = get_args(hint)
        keys = TypeAdapter(key)
        return ItemForm(keys.dump_json, keys.validate_json, *_value_form(value))
    return hint if isinstance(hint, type) and is_dataclass(hint) else TypeAdapter(hint)


def _value_form(hint: Any) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    if get_origin(hint) is not Timeline:
        values = TypeAdapter(hint)
        return partial(values.dump_json, exclude_defaults=True), values.validate_json
    by_key: Any = dict[get_args(hint)[0], Interval]  # type: ignore[misc]
    intervals = TypeAdapter(by_key)
    return (
        lambda timeline: intervals.dump_json(timeline.intervals()),
        lambda written: Timeline(intervals.validate_json(written)),
    )
