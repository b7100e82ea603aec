"""Items side by side in bytes, each read when a decision asks for it: many cost no more to open than few."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID

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


class Lines:
    """The lines of all items of a state: each a key, a tab, a value and a line feed."""

    __slots__ = ("name", "stale", "whole")

    def __init__(self, name: UUID, whole: bytes = b"", stale: int = 0) -> None:
        self.name = name
        """Lines that begin with those of another time have the same name."""
        self.whole = whole
        self.stale = stale
        """How many bytes are of lines that no item has any more."""

    def begins(self, place: int, beginning: bytes) -> bool:
        """Whether the line at a place begins so."""
        return self.whole.startswith(beginning, place)

    def at(self, place: int) -> bytes:
        """The line at a place, without its line feed."""
        return self.whole[place : self.whole.index(b"\n", place)]


class NewLines:
    """Lines that are written after those of an earlier time, which are not written again."""

    def __init__(self, before: Lines) -> None:
        self.before = before
        self.stale = before.stale
        self._added: list[bytes] = []
        self._size = len(before.whole)

    def add(self, line: bytes) -> int:
        """Write a line; its place."""
        place = self._size
        self._added.append(line + b"\n")
        self._size += len(line) + 1
        return place

    def drop(self, place: int) -> None:
        """No item has the earlier line at a place any more."""
        self.stale += len(self.before.at(place)) + 1

    def all(self) -> Lines:
        """All lines, the earlier ones first."""
        return Lines(self.before.name, b"".join((self.before.whole, *self._added)), self.stale)


class WrittenItems(Mapping[K, V]):
    """The mapping behind an index in `data[start:end]`: the sorted hashes of the keys, then the place of each line."""

    __slots__ = ("_form", "_hashes", "_places", "lines")

    def __init__(self, form: ItemForm, data: bytes, start: int, end: int, lines: Lines) -> None:
        index = memoryview(data)[start:end].cast("Q")
        self._form, self.lines = form, lines
        self._hashes, self._places = index[: len(index) // 2], index[len(index) // 2 :]

    def _found(self, key: bytes) -> int | None:
        """Which entry of the index is of a key."""
        wanted = _hash(key)
        for entry in range(bisect_left(self._hashes, wanted), len(self._hashes)):
            if self._hashes[entry] != wanted:
                break
            if self.lines.begins(self._places[entry], key + b"\t"):
                return entry
        return None

    def __getitem__(self, key: K) -> V:
        written = self._form.write_key(key)
        entry = self._found(written)
        if entry is None:
            raise KeyError(key)
        value: V = self._form.read_value(self.lines.at(self._places[entry])[len(written) + 1 :])
        return value

    def __iter__(self) -> Iterator[K]:
        for place in sorted(self._places):
            yield self._form.read_key(self.lines.at(place).partition(b"\t")[0])

    def __len__(self) -> int:
        return len(self._hashes)

    def changed(self, changes: Mapping[K, V], taken_out: set[K], lines: NewLines) -> bytes:
        """The index of these items with some changed, added or taken out."""
        hashes, places = array("Q", self._hashes.tobytes()), array("Q", self._places.tobytes())
        added: list[tuple[int, int]] = []
        for key, value in changes.items():
            written = self._form.write_key(key)
            entry, place = self._found(written), lines.add(_line(self._form, key, value))
            if entry is None:
                added.append((_hash(written), place))
            else:
                lines.drop(places[entry])
                places[entry] = place
        gone = (self._found(self._form.write_key(key)) for key in taken_out)
        for entry in sorted((entry for entry in gone if entry is not None), reverse=True):
            lines.drop(places.pop(entry))
            del hashes[entry]
        for hashed, place in added:
            entry = bisect_left(hashes, hashed)
            hashes.insert(entry, hashed)
            places.insert(entry, place)
        return hashes.tobytes() + places.tobytes()


def write_items(items: Items[Any, Any], form: ItemForm, lines: NewLines) -> bytes:
    """The index of items; what was written before and has not changed since is not written again."""
    written = items.written
    if isinstance(written, WrittenItems) and written.lines is lines.before:
        return written.changed(items.changed(), items.taken_out(), lines)
    by_hash = sorted((_hash(form.write_key(key)), lines.add(_line(form, key, value))) for key, value in items.items())
    return numbers([hashed for hashed, _ in by_hash]) + numbers([place for _, place in by_hash])


def _line(form: ItemForm, key: Any, value: Any) -> bytes:
    return b"%b\t%b" % (form.write_key(key), form.write_value(value))


def _hash(key: bytes) -> int:
    return int.from_bytes(blake2b(key, digest_size=NUMBER).digest(), "little")
