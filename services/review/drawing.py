"""Lanes as shapes on a time axis: places in percent of the width, heights in pixels."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.questions.responsibility import Holder
from services.review.axis import Axis
from services.review.lanes import Bar, Lane, Span

PALETTE = 8
_MARGIN = 6
_ROW = 34
_ACTING_ROW = 26
_BETWEEN = 4
_LEAST = 0.5
"""Percent: an hour without anybody is still seen."""
_TEXT = 14.0
"""Percent: the room that a name needs."""
_MOST = 200
"""So many bars of a lane, gaps or overlaps are drawn whatever they look like; of more, those that can be told apart."""
_MOST_ROWS = 12
_SIZES = ((3.0, "tiny"), (9.0, "short"), (20.0, "medium"), (101.0, "long"))

Kind = Literal["principal", "acting", "gap", "overlap"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar, a gap or an overlap."""

    kind: Kind
    left: float
    width: float
    top: int
    height: int
    size: str
    """Whether its text has room: tiny, short, medium or long."""
    span: Span
    holder: Holder | None = None
    shade: int = 0
    """Which colour of the palette its person has."""
    corrected: bool = False
    """Whether a correction is part of its proof."""
    doubted: bool = False
    """Whether a later correction says otherwise."""
    aside: bool = False
    """Whether its text stands to its right, where it has no room for it and the lane has."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A handover on a lane."""

    place: float
    handover: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """One lane, ready to be drawn."""

    role: str
    height: int
    acting_top: int | None
    shapes: Sequence[Shape]
    marks: Sequence[Mark]
    unseen: int = 0
    """How many bars, gaps and overlaps are too narrow to be told apart: whoever chooses a shorter time sees them."""

    @property
    def holders(self) -> list[Holder]:
        """The intervals that are drawn."""
        return [shape.holder for shape in self.shapes if shape.holder]


@dataclass(frozen=True)
class Pen:
    """What all lanes of a drawing share."""

    axis: Axis
    shades: Mapping[UUID, int]
    corrections: Collection[UUID]
    """The events that are corrections."""
    doubted: Collection[UUID]
    """First events of the holdings that a later correction is about."""

    def draw(self, lane: Lane, handovers: Sequence[Mapping[str, object]]) -> DrawnLane:
        """A lane as shapes, with the handovers that are inside of the axis."""
        principals, acting = self._seen(lane.principals), self._seen(lane.acting)
        gaps, overlaps = self._seen_spans(lane.gaps), self._seen_spans(lane.overlaps)
        rows, acting_rows = min(lane.rows, _MOST_ROWS), min(lane.acting_rows, _MOST_ROWS)
        principals_end = _MARGIN + rows * (_ROW + _BETWEEN)
        height = principals_end + acting_rows * (_ACTING_ROW + _BETWEEN) + _MARGIN - _BETWEEN
        shapes = [
            *(self._bar(bar, _MARGIN + bar.row * (_ROW + _BETWEEN), _ROW) for bar in principals),
            *self._acting(acting, principals_end),
            *self._spans("gap", gaps, _MARGIN, _ROW),
            *self._spans("overlap", overlaps, 2, principals_end - _BETWEEN),
        ]
        all_there = len(lane.principals) + len(lane.acting) + len(lane.gaps) + len(lane.overlaps)
        marks = [
            Mark(self.axis.place(at), one)
            for one in handovers
            if isinstance(at := one["effective_at"], datetime) and self.axis.shows(at)
        ]
        acting_top = principals_end if lane.acting else None
        return DrawnLane(lane.role, height, acting_top, shapes, marks, all_there - len(shapes))

    def _seen(self, bars: Sequence[Bar]) -> Sequence[Bar]:
        """The bars that can be told apart: all where they are few, of many the first one at each place."""
        if len(bars) <= _MOST:
            return bars
        found: dict[object, Bar] = {}
        for bar in bars:
            if bar.row < _MOST_ROWS:
                found.setdefault((bar.row, self._place(Span(bar.holder.since, bar.holder.until))), bar)
        return list(found.values())

    def _seen_spans(self, spans: Sequence[Span]) -> Sequence[Span]:
        if len(spans) <= _MOST:
            return spans
        found: dict[object, Span] = {}
        for span in spans:
            found.setdefault(self._place(span), span)
        return list(found.values())

    def _place(self, span: Span) -> object:
        """What two that look alike have in common: the place of a narrow one; a wide one has its own."""
        left, width = self.axis.stretch(span.since, span.until)
        return int(left / _LEAST) if width < _LEAST else span

    def _spans(self, kind: Kind, spans: Sequence[Span], top: int, height: int) -> list[Shape]:
        found = []
        for span in spans:
            left, width = self._stretch(span)
            found.append(Shape(kind, left, width, top, height, _size(width), span))
        return found

    def _acting(self, bars: Sequence[Bar], top: int) -> list[Shape]:
        shapes = []
        follows: dict[int, float] = {}
        for bar in reversed(bars):
            shape = self._bar(bar, top + bar.row * (_ACTING_ROW + _BETWEEN), _ACTING_ROW)
            end = shape.left + shape.width
            cramped = shape.size in {"tiny", "short"}
            shapes.append(replace(shape, aside=cramped and follows.get(bar.row, 100.0) - end >= _TEXT))
            follows[bar.row] = self.axis.place(bar.holder.since)
        return shapes[::-1]

    def _stretch(self, span: Span) -> tuple[float, float]:
        left, width = self.axis.stretch(span.since, span.until)
        return min(left, 100 - _LEAST), max(width, _LEAST)

    def _bar(self, bar: Bar, top: int, height: int) -> Shape:
        holder = bar.holder
        span = Span(holder.since, holder.until)
        left, width = self._stretch(span)
        return Shape(
            holder.kind,
            left,
            width,
            top,
            height,
            _size(width),
            span,
            holder,
            self.shades[holder.person],
            any(event in self.corrections for event in holder.events),
            holder.events[0] in self.doubted,
        )


def _size(width: float) -> str:
    return next(name for most, name in _SIZES if width < most)
