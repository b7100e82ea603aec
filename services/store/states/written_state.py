"""A state as bytes: a head with all but its items, and the lines of its items, read one by one when asked for."""

import json
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, partial
from itertools import accumulate, pairwise
from typing import Any, cast, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from aggregates.decider import State, initial
from aggregates.items import Items
from aggregates.timeline import Interval, Timeline
from events.vocabulary.identifiers import StreamId
from services.store.states.written_items import NUMBER, ItemForm, Lines, NewLines, WrittenItems, numbers, write_items


class UnreadableStateError(Exception):
    """The bytes are not those that a state was written to."""


@dataclass(frozen=True, slots=True)
class WrittenState:
    """The bytes of a state."""

    head: bytes
    """A checksum, the number of parts, their lengths, the parts: all but the items, then an index for each kind."""
    lines: Lines
    kept: int = 0
    """So many of the lines' bytes were there before."""


def write(state: State) -> WrittenState:
    """The bytes of a state; lines that it was read from are kept, until a quarter of them is stale."""
    before = next(_lines(state), None)
    if before is None or before.stale > len(before.whole) // 4:
        before = Lines(uuid4())
    new = NewLines(before)
    indexes: list[bytes] = []
    plain = _plain(state, indexes, new)
    lines = new.all()
    about_lines = [str(lines.name), lines.stale, zlib.crc32(lines.whole)]
    parts = [json.dumps({"stream": state.stream, "state": plain, "lines": about_lines}).encode(), *indexes]
    body = b"".join((numbers([len(parts), *map(len, parts)]), *parts))
    return WrittenState(numbers([zlib.crc32(body)]) + body, lines, len(before.whole))


def read(head: bytes, whole: bytes) -> State:
    """The state that was written, from its head and its lines; its items are not looked at.

    Raises:
        UnreadableStateError: a byte is missing or is not what it was.
    """
    view = memoryview(head)
    if len(head) < 2 * NUMBER or int.from_bytes(view[:NUMBER], sys.byteorder) != zlib.crc32(view[NUMBER:]):
        raise UnreadableStateError
    count = int.from_bytes(view[NUMBER : 2 * NUMBER], sys.byteorder)
    first = (2 + count) * NUMBER
    bounds = list(accumulate(view[2 * NUMBER : first].cast("Q"), initial=first))
    about = json.loads(head[bounds[0] : bounds[1]])
    name, stale, checksum = about["lines"]
    if zlib.crc32(whole) != checksum:
        raise UnreadableStateError
    lines = Lines(UUID(name), whole, stale)
    cls = type(initial(StreamId(about["stream"])))
    return cast("State", _whole(cls, about["state"], [(head, *each, lines) for each in pairwise(bounds[1:])]))


def _lines(part: Any) -> Iterator[Lines]:
    """The lines that the items of a state were read from."""
    cls: Any = type(part)
    for name, form in _forms(cls).items():
        value = getattr(part, name)
        if isinstance(value, Items) and isinstance(value.written, WrittenItems):
            yield value.written.lines
        elif isinstance(form, type):
            yield from _lines(value)


def _plain(part: Any, indexes: list[bytes], lines: NewLines) -> dict[str, Any]:
    """A part of a state as JSON knows it; instead of items there is the number of their index."""
    plain: dict[str, Any] = {}
    cls: Any = type(part)
    for name, form in _forms(cls).items():
        value = getattr(part, name)
        if isinstance(form, ItemForm):
            plain[name] = len(indexes)
            indexes.append(write_items(value, form, lines))
        elif isinstance(form, TypeAdapter):
            plain[name] = form.dump_python(value, mode="json")
        else:
            plain[name] = _plain(value, indexes, lines)
    return plain


def _whole(cls: Any, plain: dict[str, Any], indexes: Sequence[tuple[bytes, int, int, Lines]]) -> Any:
    given: dict[str, Any] = {}
    for name, form in _forms(cls).items():
        if isinstance(form, ItemForm):
            given[name] = Items(WrittenItems(form, *indexes[plain[name]]))
        elif isinstance(form, TypeAdapter):
            given[name] = form.validate_python(plain[name])
        else:
            given[name] = _whole(form, plain[name], indexes)
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
