"""Intervals by key that are never changed, found by the time that they share with another."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from aggregates.intervals import overlap
from events.vocabulary.values import LATEST

K = TypeVar("K")

Interval = tuple[datetime, datetime | None]
_FEW = 128
"""So many intervals are looked through one by one; more are sorted."""
_NONE: Mapping[Any, Any] = MappingProxyType({})


class Timeline(Generic[K]):
    """Half-open intervals by key; an upper layer of few hides a lower one of many, which is searched as a tree."""

    __slots__ = ("_newest", "_sorted")

    def __init__(self, intervals: Mapping[K, Interval] = _NONE) -> None:
        self._newest: Mapping[K, Interval | None] = intervals
        self._sorted: _Sorted[K] = _Sorted(_NONE)
        if len(intervals) > _FEW:
            self._newest, self._sorted = _NONE, _Sorted(intervals)

    def put(self, key: K, since: datetime, until: datetime | None) -> "Timeline[K]":
        """The intervals with one more, or with one changed."""
        return self._with(key, (since, until))

    def without(self, key: K) -> "Timeline[K]":
        """The intervals without one of them."""
        return self._with(key, None)

    def _with(self, key: K, interval: Interval | None) -> "Timeline[K]":
        after: Timeline[K] = Timeline()
        after._newest, after._sorted = {**self._newest, key: interval}, self._sorted
        return Timeline(after.intervals()) if len(after._newest) > _FEW else after

    def intervals(self) -> dict[K, Interval]:
        """All of them."""
        merged = {**self._sorted.intervals, **self._newest}
        for key, interval in self._newest.items():
            if interval is None:
                del merged[key]
        return cast("dict[K, Interval]", merged)

    def at(self, instant: datetime) -> Iterator[K]:
        """The keys of the intervals that hold an instant."""
        return self.overlapping(instant, instant + timedelta.resolution)

    def overlapping(self, since: datetime, until: datetime | None) -> Iterator[K]:
        """The keys of the intervals that share an instant with `[since, until)`."""
        for key, interval in self._newest.items():
            if interval is not None and overlap(since, until, *interval):
                yield key
        for key in self._sorted.overlapping(since, until):
            if key not in self._newest:
                yield key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self.intervals() == other.intervals()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Timeline({self.intervals()})"


class _Sorted(Generic[K]):
    """Intervals in the order of their starts, under a binary tree of the latest ends; grown when it is first asked."""

    __slots__ = ("_tree", "intervals")

    def __init__(self, intervals: Mapping[K, Interval]) -> None:
        self.intervals = intervals
        self._tree: tuple[list[K], list[datetime], list[datetime | None]] | None = None

    def overlapping(self, since: datetime, until: datetime | None) -> Iterator[K]:
        """The keys of the intervals that share an instant with `[since, until)`."""
        # Threads that ask at the same time may each grow the same tree.
        self._tree = self._tree or _grown(self.intervals)
        keys, starts, ends = self._tree
        leaves = len(ends) // 2
        before = len(keys) if until is None else bisect_left(starts, until)
        waiting = [1]
        while waiting:
            node = waiting.pop()
            end = ends[node]
            first = (node << leaves.bit_length() - node.bit_length()) - leaves
            if end is None or end <= since or first >= before:
                continue
            if node < leaves:
                waiting += (2 * node + 1, 2 * node)
            elif overlap(since, until, starts[first], end):
                yield keys[first]


def _grown(intervals: Mapping[K, Interval]) -> tuple[list[K], list[datetime], list[datetime | None]]:
    """Keys and starts in the order of the starts, and the latest end below each node: node n is above 2n and 2n + 1."""
    in_order = sorted(intervals.items(), key=lambda one: one[1][0])
    leaves = 1 << max(0, len(in_order) - 1).bit_length()
    ends: list[datetime | None] = [None] * leaves + [until or LATEST for _, (_, until) in in_order]
    ends += [None] * (2 * leaves - len(ends))
    for node in range(leaves - 1, 0, -1):
        ends[node] = max((end for end in ends[2 * node : 2 * node + 2] if end is not None), default=None)
    return [key for key, _ in in_order], [since for _, (since, _) in in_order], ends
