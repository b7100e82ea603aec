"""Items by key that are never changed: with one item more they share all others with the items before."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

_FEW = 128
"""So many changes are copied with every further one; after that they are settled into one copy of all."""
_GONE: Any = object()
_NONE: Mapping[Any, Any] = MappingProxyType({})


class Items(Mapping[K, V]):
    """A mapping in three layers, of which an upper one hides a lower: newest changes, settled ones, what was written.

    The lowest layer may be any mapping, such as one that reads an item from bytes when it is asked for; it is never
    copied. Keys come in no order that anything may rely on.
    """

    __slots__ = ("_newest", "_settled", "written")

    def __init__(self, written: Mapping[K, V] = _NONE) -> None:
        self.written = written
        self._settled: dict[K, V] = {}
        self._newest: dict[K, V] = {}

    def put(self, key: K, value: V) -> "Items[K, V]":
        """The items with one more, or with one changed."""
        after = Items(self.written)
        after._settled, after._newest = self._settled, {**self._newest, key: value}
        if len(after._newest) > _FEW:
            after._settled, after._newest = after._all_changes(), {}
        return after

    def without(self, key: K) -> "Items[K, V]":
        """The items without one of them."""
        return self.put(key, _GONE)

    def _all_changes(self) -> dict[K, V]:
        changes = {**self._settled, **self._newest}
        for key, value in self._newest.items():
            if value is _GONE and key not in self.written:
                del changes[key]
        return changes

    def changed(self) -> dict[K, V]:
        """What was put on top of the lowest layer."""
        return {key: value for key, value in self._all_changes().items() if value is not _GONE}

    def taken_out(self) -> set[K]:
        """The keys of the lowest layer that are no more."""
        return {key for key, value in self._all_changes().items() if value is _GONE}

    def __getitem__(self, key: K) -> V:
        for layer in (self._newest, self._settled):
            if key in layer:
                if layer[key] is _GONE:
                    raise KeyError(key)
                return layer[key]
        return self.written[key]

    @overload
    def get(self, key: K, default: None = None, /) -> V | None: ...
    @overload
    def get(self, key: K, default: V | T, /) -> V | T: ...
    def get(self, key: K, default: V | T | None = None, /) -> V | T | None:
        """The item of a key, else `default`: most ids that are looked up are new, and cost no exception."""
        for layer in (self._newest, self._settled):
            if key in layer:
                found = layer[key]
                return default if found is _GONE else found
        return self.written.get(key, default)

    def __iter__(self) -> Iterator[K]:
        gone = self.taken_out()
        yield from (key for key in self.written if key not in gone)
        yield from (key for key in self.changed() if key not in self.written)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Items({dict(self)})"
