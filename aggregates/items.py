"""Items by key that are never changed: with one item more they share all others with the items before."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

_FEW = 8
"""So many changes are copied with every further one. A layer below takes so many times as many, and is copied as often
less: to copy an entry is to touch it, and whatever was not touched for a while is far away."""
_GONE: Any = object()
_NONE: Mapping[Any, Any] = MappingProxyType({})
_Layers = tuple[dict[K, V], ...]


class Items(Mapping[K, V]):
    """A mapping in layers, of which an upper one hides a lower: the newest changes, earlier ones, what was written.

    The lowest layer may be any mapping, such as one that reads an item from bytes when it is asked for; it is never
    copied. Keys come in no order that anything may rely on.
    """

    __slots__ = ("_layers", "written")

    def __init__(self, written: Mapping[K, V] = _NONE) -> None:
        self.written = written
        self._layers: _Layers[K, V] = ()

    def put(self, key: K, value: V) -> "Items[K, V]":
        """The items with one more, or with one changed."""
        after: Items[K, V] = Items(self.written)
        layers = self._layers
        if not layers:
            after._layers = ({key: value},)
            return after
        newest = {**layers[0], key: value}
        after._layers = (newest, *layers[1:]) if len(newest) <= _FEW else self._settled(newest)
        return after

    def without(self, key: K) -> "Items[K, V]":
        """The items without one of them."""
        return self.put(key, _GONE)

    def _settled(self, newest: dict[K, V]) -> _Layers[K, V]:
        """The layers with the newest changes in the first one below that has room for them."""
        carried, room = newest, _FEW
        for index, layer in enumerate(self._layers[1:], 1):
            carried, room = {**layer, **carried}, room * _FEW
            if len(carried) <= room:
                return ({},) * index + (carried, *self._layers[index + 1 :])
        kept = {key: value for key, value in carried.items() if value is not _GONE or key in self.written}
        return ({},) * max(len(self._layers), 1) + (kept,)

    def _all_changes(self) -> dict[K, V]:
        changes: dict[K, V] = {}
        for layer in reversed(self._layers):
            changes.update(layer)
        return changes

    def changed(self) -> dict[K, V]:
        """What was put on top of the lowest layer."""
        return {key: value for key, value in self._all_changes().items() if value is not _GONE}

    def taken_out(self) -> set[K]:
        """The keys of the lowest layer that are no more."""
        return {key for key, value in self._all_changes().items() if value is _GONE and key in self.written}

    def __getitem__(self, key: K) -> V:
        for layer in self._layers:
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
        for layer in self._layers:
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
