"""The responsibility timeline of one subject at one moment, and what was learned about it since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from projections.handovers.questions import OF_ROLES
from services.questions import responsibility
from services.questions.responsibility import Holder
from services.questions.views import Moment
from services.review.axis import Axis
from services.review.drawing import PALETTE, DrawnLane, Pen
from services.review.gone import marked, marked_handovers
from services.review.knowledge import Knowledge, Lesson, knowledge
from services.review.lanes import Coverage, Lane, Span, lanes
from services.review.proof import Line
from services.review.steps import Step, step_at, steps
from services.review.visitor import Visitor

_LEAST = timedelta(days=30)
_REACH = timedelta(days=400)
"""How far beyond all intervals the axis follows the chosen effective time."""
_NOTCHES = 200
"""So many of the moments at which something was learned have a notch; of more, every so many-th."""
_LESSONS = 100
"""So many lessons are told at most that changed the answer, and as many others."""
_PARTS = 8
"""Into so many parts the time that is shown may be cut."""


@dataclass(frozen=True, slots=True)
class Learned:
    """An event that changed what is believed, after the moment that is shown."""

    line: Line
    lessons: Sequence[Lesson]
    decisive: bool
    """Whether it changed who answers at the chosen effective time."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that the timeline part of a page shows."""

    moment: Moment
    now: datetime
    axis: Axis
    lanes: Sequence[DrawnLane]
    intervals: Sequence[Holder]
    at_moment: Mapping[str, Sequence[Holder]]
    """Role → holders at the chosen moment; every role with a lane that is held then or must be."""
    handovers: Sequence[Mapping[str, object]]
    learned: Sequence[Learned]
    proof: Mapping[UUID, Line]
    steps: Sequence[Step]
    step: int
    first: Line | None
    """The event that the subject began with."""
    untold: int
    """How many lessons were learned besides."""
    window: Span | None
    """The part of time that was chosen; none for all of it."""
    parts: Sequence[Span]
    """What the time that is shown may be cut into, where not all can be told apart."""

    @property
    def unseen(self) -> int:
        """How many bars, gaps and overlaps are too narrow to be told apart."""
        return sum(lane.unseen for lane in self.lanes)

    @property
    def unknown(self) -> bool:
        """Whether nothing at all was known of the subject."""
        return self.first is None or self.first.position > self.moment.known_position

    @property
    def past(self) -> bool:
        """Whether it shows what was known at an earlier time."""
        return self.moment.known_position < self.moment.position


def timeline(
    visitor: Visitor,
    subject: str,
    moment: Moment,
    known_at: datetime | None,
    duty: Mapping[str, datetime | None],
    window: Span | None = None,
) -> Timeline:
    """The timeline of a subject, `customer:ID`.

    Args:
        visitor: who reads it.
        subject: the subject in full.
        moment: the two times, with the positions that the views had reached.
        known_at: the known time as chosen; none for now.
        duty: role that must always be held → from when on; none for since the subject is known.
        window: the part of time that is shown; none for all of it.
    """
    views = visitor.zeren.views
    first = visitor.proof.first(subject)
    known = knowledge(views, subject)
    intervals, today = marked(views, known.at(moment.known_position), moment), known.at(moment.position)
    holders = responsibility.who(views, subject, None, moment).holders
    proposed = views.rows(OF_ROLES, {"subject": subject, "known": moment.known_position})
    handovers = marked_handovers(views, proposed, moment)
    told, untold = _told(known, moment)
    notched = known.positions[:: -(-len(known.positions) // _NOTCHES) or 1]
    lines = {line.position: line for line in visitor.proof.at(sorted({*told, *notched, *known.positions[-1:]}))}
    learned = [Learned(lines[position], known.learned(position), told[position]) for position in sorted(told)]
    start = min([*(one.since for one in (*intervals, *today)), *([first.recorded_at] if first else [])], default=None)
    coverage = Coverage(
        order=list(visitor.roles),
        exclusive=frozenset(code for code, role in visitor.roles.items() if role.exclusive),
        since={role: found for role, since in duty.items() if (found := since or start)},
    )
    now = datetime.now(UTC)
    shades = _shades([*today, *intervals])
    doubted = {
        one.before.events[0] for change in learned if change.line.correction for one in change.lessons if one.before
    }
    if window is None:
        axis = _axis(visitor, [*intervals, *today], [*coverage.since.values()], moment, now)
    else:
        axis = Axis(window.since, window.until or now, visitor.zone)
        handovers = [one for one in handovers if axis.shows(one["effective_at"])]
    drawn = [_within(lane, axis) if window else lane for lane in lanes(intervals, coverage)]
    pen = Pen(axis, shades, (), doubted)
    shown = [holder for lane in drawn for holder in pen.draw(lane, ()).holders]
    proof = visitor.proof.of(
        event for events in (*(one.events for one in shown), *_proofs(handovers)) for event in events
    )
    pen = replace(pen, corrections={line.id for line in proof.values() if line.correction})
    drawn_lanes = [pen.draw(lane, [one for one in handovers if one["role"] == lane.role]) for lane in drawn]
    notches = steps(lines[position] for position in sorted({*notched, *known.positions[-1:]}))
    return Timeline(
        moment=moment,
        now=now,
        axis=axis,
        lanes=drawn_lanes,
        intervals=shown,
        at_moment=_at_moment([lane.role for lane in drawn], holders, coverage, moment.effective_at),
        handovers=handovers,
        learned=learned,
        proof=proof,
        steps=notches,
        step=step_at(notches, known_at),
        first=first,
        untold=untold,
        window=window,
        parts=_parts(axis) if any(lane.unseen for lane in drawn_lanes) else (),
    )


def _told(known: Knowledge, moment: Moment) -> tuple[dict[int, bool], int]:
    """The positions of the lessons since the moment that are told, whether each is decisive; and how many are not."""
    since = [
        position
        for position in known.positions
        if moment.known_position < position <= moment.position and known.learned(position)
    ]
    decisive = [position for position in since if known.changed_answer(position, moment.effective_at)]
    others = sorted({*since} - {*decisive})
    told = dict.fromkeys(decisive[:_LESSONS], True) | dict.fromkeys(others[:_LESSONS], False)
    return told, len(since) - len(told)


def _within(lane: Lane, axis: Axis) -> Lane:
    """A lane with what shares time with the axis."""

    def seen(one: Span | Holder) -> bool:
        return one.since < axis.end and (one.until is None or one.until > axis.start)

    return replace(
        lane,
        principals=tuple(bar for bar in lane.principals if seen(bar.holder)),
        acting=tuple(bar for bar in lane.acting if seen(bar.holder)),
        gaps=tuple(filter(seen, lane.gaps)),
        overlaps=tuple(filter(seen, lane.overlaps)),
    )


def _parts(axis: Axis) -> list[Span]:
    """The time of an axis in parts of equal length."""
    length = (axis.end - axis.start) / _PARTS
    cuts = [axis.start + index * length for index in range(_PARTS)]
    return [Span(since, until) for since, until in zip(cuts, [*cuts[1:], axis.end], strict=True)]


def _proofs(handovers: Iterable[Mapping[str, Any]]) -> Iterable[Sequence[UUID]]:
    return (one["events"] for one in handovers)


def _shades(holders: Iterable[Holder]) -> dict[UUID, int]:
    in_order = dict.fromkeys(one.person for one in sorted(holders, key=lambda one: (one.since, str(one.person))))
    return {person: index % PALETTE for index, person in enumerate(in_order)}


def _axis(
    visitor: Visitor, holders: Sequence[Holder], duties: Sequence[datetime], moment: Moment, now: datetime
) -> Axis:
    instants = [now, *duties, *(one.since for one in holders), *(one.until for one in holders if one.until)]
    start, end = min(instants), max(instants)
    if start - _REACH <= moment.effective_at <= end + _REACH:
        start, end = min(start, moment.effective_at), max(end, moment.effective_at)
    margin = max((end - start) / 40, _LEAST / 20)
    return Axis(min(start, end - _LEAST) - margin / 2, end + margin, visitor.zone)


def _at_moment(
    roles: Sequence[str], holders: Sequence[Holder], coverage: Coverage, at: datetime
) -> dict[str, list[Holder]]:
    by_role = {role: [one for one in holders if one.role == role] for role in roles}
    return {
        role: found
        for role, found in by_role.items()
        if found or (role in coverage.since and coverage.since[role] <= at)
    }
