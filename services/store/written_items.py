"""Items side by side in bytes, each read when a decision asks for it: many cost no more to open than few."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from typing import Any, TypeVar

from aggregates.items import Items

K = TypeVar("K")
V = TypeVar("V")

NUMBER = 8
"""Bytes of a number; numbers are unsigned, in the order of the machine."""


@dataclass(frozen=True, slots=True)
class ItemForm:
    """How keys and values are written: as JSON without line breaks or tabs."""

    write_key: Callable[[Any], bytes]
    read_key: Callable[[bytes], Any]
    write_value: Callable[[Any], bytes]
    read_value: Callable[[bytes], Any]


def numbers(values: Sequence[int]) -> bytes:
    """Numbers as bytes."""
    return array("Q", values).tobytes()


class WrittenItems(Mapping[K, V]):
    """The mapping in `data[start:end]`: the number of items, the sorted hashes of their keys, where each lies, lines.

    A line is a key, a tab, a value and a line feed; lines are in the order of the items.
    """

    __slots__ = ("_data", "_end", "_first", "_form", "_hashes", "_places", "_start")

    def __init__(self, form: ItemForm, data: bytes, start: int, end: int) -> None:
        view = memoryview(data)
        table = start + NUMBER
        width = view[start:table].cast("Q")[0] * NUMBER
        self._form, self._data, self._start, self._end = form, data, start, end
        self._hashes = view[table : table + width].cast("Q")
        self._places = view[table + width : table + 2 * width].cast("Q")
        self._first = table + 2 * width

    def _found(self, key: bytes) -> int | None:
        """Where the line of a key begins."""
        wanted = _hash(key)
        line = key + b"\t"
        for index in range(bisect_left(self._hashes, wanted), len(self._hashes)):
            if self._hashes[index] != wanted:
                break
            if self._data.startswith(line, self._first + self._places[index]):
                return self._places[index]
        return None

    def __getitem__(self, key: K) -> V:
        written = self._form.write_key(key)
        place = self._found(written)
        if place is None:
            raise KeyError(key)
        start = self._first + place
        line = self._data[start : self._data.index(b"\n", start)]
        value: V = self._form.read_value(line[len(written) + 1 :])
        return value

    def __iter__(self) -> Iterator[K]:
        for line in self._lines():
            yield self._form.read_key(line.partition(b"\t")[0])

    def __len__(self) -> int:
        return len(self._hashes)

    def _lines(self) -> list[bytes]:
        return self._data[self._first : self._end].splitlines(keepends=True)

    def copied(self) -> bytes:
        """The bytes of these items."""
        return self._data[self._start : self._end]

    def changed_to(self, changed: Mapping[K, V], taken_out: set[K]) -> bytes:
        """The bytes of these items with others changed, added or taken out; all other lines are copied."""
        hash_at = dict(zip(self._places, self._hashes, strict=True))
        kept = dict(zip(sorted(hash_at), self._lines(), strict=True))
        new: list[tuple[int, bytes]] = []
        for key, value in changed.items():
            place, line = self._found(written := self._form.write_key(key)), _line(self._form, key, value)
            if place is None:
                new.append((_hash(written), line))
            else:
                kept[place] = line
        gone = {self._found(self._form.write_key(key)) for key in taken_out}
        return _table([*((hash_at[place], line) for place, line in kept.items() if place not in gone), *new])


def write_items(items: Items[Any, Any], form: ItemForm) -> bytes:
    """The bytes of items; what was read from bytes before and has not changed since is copied."""
    changed, taken_out = items.changed(), items.taken_out()
    if not isinstance(items.written, WrittenItems):
        return _table([(_hash(form.write_key(key)), _line(form, key, value)) for key, value in items.items()])
    return items.written.changed_to(changed, taken_out) if changed or taken_out else items.written.copied()


def _line(form: ItemForm, key: Any, value: Any) -> bytes:
    return b"%b\t%b\n" % (form.write_key(key), form.write_value(value))


def _hash(key: bytes) -> int:
    return int.from_bytes(blake2b(key, digest_size=NUMBER).digest(), "little")


def _table(lines: Sequence[tuple[int, bytes]]) -> bytes:
    """The bytes of lines with the hashes of their keys."""
    places = list(accumulate((len(line) for _, line in lines[:-1]), initial=0)) if lines else []
    by_hash = sorted((hashed, place) for (hashed, _), place in zip(lines, places, strict=True))
    return b"".join(
        (
            numbers([len(lines)]),
            numbers([hashed for hashed, _ in by_hash]),
            numbers([place for _, place in by_hash]),
            *(line for _, line in lines),
        )
    )
