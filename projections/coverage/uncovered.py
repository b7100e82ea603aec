"""Which open items nobody held during a gap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from projections.attribution.holders import Row
from projections.attribution.items import Item
from projections.coverage.leaving import Left, present
from projections.coverage.spans import LATEST, Span, common, span_of, without


@dataclass(frozen=True, slots=True)
class Open:
    """An item with the intervals over which it was open."""

    item: Item
    spans: tuple[Span, ...]


def open_spans(rows: Iterable[Row]) -> tuple[Span, ...]:
    """The parts of a life in which an item was open, those that follow on one another as one."""
    found: list[Span] = []
    for row in rows:
        since, until = row["since"], row["until"] or LATEST
        if found and found[-1][1] == since:
            found[-1] = found[-1][0], until
        else:
            found.append((since, until))
    return tuple(found)


def uncovered(items: Iterable[Open], gap: Span, left: Left) -> Iterator[tuple[str, Span]]:
    """Name and interval of each item that was open during a gap while nobody held it who had not left."""
    for one in items:
        principals = (holding for layer in one.item.layers for holding in layer if holding.kind == "principal")
        held = [span_of(holding) for holding in present(principals, left)]
        for span in common(gap, one.spans):
            for remaining in without(span, held):
                yield one.item.name, remaining
