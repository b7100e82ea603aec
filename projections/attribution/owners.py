"""Who held an item over a stretch of time: one after another, the closest of its layers first."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from projections.attribution.holders import Holding, Layers, held_at
from projections.coverage.spans import Span


def owners(by_closeness: Layers, span: Span) -> Iterator[tuple[Holding, datetime, datetime]]:
    """Each holder within a span, principals and who acted for them, with the part of it over which they held it."""
    turns = {turn for layer in by_closeness for one in layer for turn in (one.since, one.until) if turn is not None}
    cuts = [span[0], *sorted(turn for turn in turns if span[0] < turn < span[1]), span[1]]
    running: dict[Holding, datetime] = {}
    for since, until in pairwise(cuts):
        held = held_at(by_closeness, since)
        present = (*held.principals, *held.acting)
        for holding in present:
            running.setdefault(holding, since)
        ending = [one for one in running if one not in present]
        yield from ((one, running.pop(one), since) for one in ending)
        if until == span[1]:
            yield from ((one, begun, until) for one, begun in running.items())
