"""Who has left holds nothing any more, whatever is written down: what a gap of that kind is made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from projections.attribution.holders import Holding, Row
from projections.coverage.spans import LATEST, Span, common, span_of, without


@dataclass(frozen=True, slots=True)
class Absence:
    """The time from which on somebody has left."""

    since: datetime
    until: datetime | None
    events: tuple[UUID, ...]

    @property
    def span(self) -> Span:
        """The same as a span."""
        return self.since, self.until or LATEST


Left = Mapping[UUID, Sequence[Absence]]
"""Person → the times over which that person had left."""


def left_of(rows: Iterable[Row]) -> Left:
    """Rows of the lives of people who left."""
    found: dict[UUID, list[Absence]] = {}
    for row in rows:
        found.setdefault(row["person"], []).append(Absence(row["since"], row["until"], tuple(row["events"])))
    return found


def present(holdings: Iterable[Holding], left: Left) -> Iterator[Holding]:
    """Holdings without the time over which their holders had left."""
    for holding in holdings:
        absent = left.get(holding.person)
        if not absent:
            yield holding
            continue
        for since, until in without(span_of(holding), [one.span for one in absent]):
            yield replace(holding, since=since, until=None if until == LATEST else until)


def divided(
    gap: Span, holdings: Iterable[Holding], left: Left
) -> Iterator[tuple[Span, Holding | None, Absence | None]]:
    """A gap in parts: each with the holding of somebody who had left, or vacant."""
    held = [
        (span, holding, absence)
        for holding in holdings
        for absence in left.get(holding.person, ())
        for span in common(gap, [(max(holding.since, absence.since), min(span_of(holding)[1], absence.span[1]))])
    ]
    turns = sorted({*gap, *(turn for span, _, _ in held for turn in span)})
    parts: list[tuple[Span, Holding | None, Absence | None]] = []
    for since, until in pairwise(turns):
        _, holding, absence = next((one for one in held if one[0][0] <= since < one[0][1]), (None, None, None))
        if parts and parts[-1][1] is holding:
            parts[-1] = (parts[-1][0][0], until), holding, absence
        else:
            parts.append(((since, until), holding, absence))
    yield from parts
