"""Intervals of one customer: what is left of one, what two have in common, and where several hold at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from projections.attribution.holders import Holding, Row

Span = tuple[datetime, datetime]
"""Since, included, and until, excluded."""

LATEST = datetime.max.replace(tzinfo=UTC)
"""Later than anything: where an open interval ends."""


def without(span: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span, in order."""
    since, until = span
    for other_since, other_until in sorted(taken):
        if since < min(other_since, until):
            yield since, min(other_since, until)
        since = max(since, other_until)
    if since < until:
        yield since, until


def common(span: Span, others: Iterable[Span]) -> Iterator[Span]:
    """What a span has in common with others, in their order."""
    for since, until in others:
        shared = max(span[0], since), min(span[1], until)
        if shared[0] < shared[1]:
            yield shared


def span_of(holding: Holding) -> Span:
    """The interval of a holding; far in the future where it is open."""
    return holding.since, holding.until or LATEST


def gaps(holdings: Iterable[Holding], span: Span) -> Iterator[Span]:
    """Where nobody holds, within a span."""
    return without(span, map(span_of, holdings))


def overlaps(holdings: Sequence[Holding], span: Span) -> Iterator[tuple[Span, tuple[Holding, ...]]]:
    """Where two people or more hold at once, within a span; a new one begins whenever one comes or goes."""
    turns = set(span) | {turn for one in holdings for turn in span_of(one) if span[0] < turn < span[1]}
    for since, until in pairwise(sorted(turns)):
        holding = tuple(one for one in holdings if one.covers(since))
        if len({one.person for one in holding}) > 1:
            yield (since, until), holding


def tier_at(tiers: Sequence[Row], at: datetime) -> Row | None:
    """The row of the tier in force at an instant; `tiers` by since, of two from one instant the later recorded last."""
    in_force = [row for row in tiers if row["since"] <= at]
    return in_force[-1] if in_force else None


def in_tier(tiers: Sequence[Row], tier: str) -> Iterator[Span]:
    """When a tier was in force."""
    starts: dict[datetime, Any] = {row["since"]: row["tier"] for row in tiers}
    ordered = [*starts.items(), (LATEST, None)]
    for (since, given), (until, _) in pairwise(ordered):
        if given == tier:
            yield since, until
