"""Which open items nobody held during a gap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from projections.attribution.holders import Row
from projections.attribution.items import Item
from projections.coverage.spans import Span, common, span_of, without

_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Open:
    """An item with the intervals over which it was open."""

    item: Item
    spans: tuple[Span, ...]


def open_commitment(item: Item) -> Open:
    """A promise is open from when it was made until it ended."""
    return Open(item, ((item.occurred_at, item.ended_at or _LATEST),))


def open_complaint(item: Item, row: Row) -> Open:
    """A complaint is open from receipt until it is resolved, and again from when it comes back."""
    resolved = [
        (datetime.fromisoformat(pause["since"]), datetime.fromisoformat(pause["until"]))
        for pause in row["pauses"]
        if pause["why"] == "resolved"
    ]
    return Open(item, tuple(without((item.occurred_at, item.ended_at or _LATEST), resolved)))


def uncovered(items: Iterable[Open], gap: Span) -> Iterator[tuple[str, Span]]:
    """Name and interval of each item that was open during a gap while nobody held it."""
    for one in items:
        held = [span_of(holding) for layer in one.item.layers for holding in layer if holding.kind == "principal"]
        for span in common(gap, one.spans):
            for left in without(span, held):
                yield one.item.name, left
