"""The responsibility timeline of one subject at one moment, and what was learned about it since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from projections.handovers.questions import OF_ROLES
from services.questions import responsibility
from services.questions.responsibility import Holder
from services.questions.views import Moment
from services.review.axis import Axis
from services.review.drawing import PALETTE, DrawnLane, Pen
from services.review.knowledge import Knowledge, Lesson, knowledge
from services.review.lanes import Coverage, lanes
from services.review.proof import Line
from services.review.steps import Step, step_at, steps
from services.review.visitor import Visitor

_LEAST = timedelta(days=30)
_REACH = timedelta(days=400)
"""How far beyond all intervals the axis follows the chosen effective time."""


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

    @property
    def unknown(self) -> bool:
        """Whether nothing at all was known of the subject."""
        return self.first is None or self.first.position > self.moment.known_position

    @property
    def past(self) -> bool:
        """Whether it shows what was known at an earlier time."""
        return self.moment.known_position < self.moment.position


def timeline(
    visitor: Visitor, subject: str, moment: Moment, known_at: datetime | None, duty: Mapping[str, datetime | None]
) -> Timeline:
    """The timeline of a subject, `customer:ID`.

    Args:
        visitor: who reads it.
        subject: the subject in full.
        moment: the two times, with the positions that the views had reached.
        known_at: the known time as chosen; none for now.
        duty: role that must always be held → from when on; none for since the subject is known.
    """
    views = visitor.zeren.views
    first = visitor.proof.first(subject)
    known = knowledge(views, subject)
    intervals = responsibility.timeline(views, subject, moment).intervals
    today = responsibility.timeline(views, subject, replace(moment, known_position=moment.position)).intervals
    holders = responsibility.who(views, subject, None, moment).holders
    handovers = views.rows(OF_ROLES, {"subject": subject, "known": moment.known_position})
    lessons = {line.position: line for line in visitor.proof.at(known.positions)}
    learned = _learned(known, lessons, moment)
    events = [event for holder in (*intervals, *today) for event in holder.events]
    proof = visitor.proof.of([*events, *(event for one in handovers for event in one["events"])])
    start = min([*(one.since for one in (*intervals, *today)), *([first.recorded_at] if first else [])], default=None)
    coverage = Coverage(
        order=list(visitor.roles),
        exclusive=frozenset(code for code, role in visitor.roles.items() if role.exclusive),
        since={role: found for role, since in duty.items() if (found := since or start)},
    )
    now = datetime.now(UTC)
    axis = _axis(visitor, [*intervals, *today], [*coverage.since.values()], moment, now)
    pen = Pen(
        axis,
        _shades([*today, *intervals]),
        {line.id for line in proof.values() if line.correction},
        {one.before.events[0] for change in learned if change.line.correction for one in change.lessons if one.before},
    )
    drawn = lanes(intervals, coverage)
    notches = steps(lessons.values())
    return Timeline(
        moment=moment,
        now=now,
        axis=axis,
        lanes=[pen.draw(lane, [one for one in handovers if one["role"] == lane.role]) for lane in drawn],
        intervals=[bar.holder for lane in drawn for bar in (*lane.principals, *lane.acting)],
        at_moment=_at_moment([lane.role for lane in drawn], holders, coverage, moment.effective_at),
        handovers=handovers,
        learned=learned,
        proof=proof,
        steps=notches,
        step=step_at(notches, known_at),
        first=first,
    )


def _learned(known: Knowledge, lessons: Mapping[int, Line], moment: Moment) -> list[Learned]:
    return [
        Learned(lessons[position], changed, known.changed_answer(position, moment.effective_at))
        for position in known.positions
        if moment.known_position < position <= moment.position and (changed := known.learned(position))
    ]


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
