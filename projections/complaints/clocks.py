"""The clocks of a complaint: how much working time they ran, and how much of it each holder kept the complaint."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from events.vocabulary.working_calendar import WorkingCalendar

Row = Mapping[str, Any]
Stretch = tuple[datetime, datetime]
"""Since and until."""

Basis = Literal["assigned", "responsible", "account_manager", "nobody"]
"""Why somebody held the complaint: it was assigned to them, they had a responsibility for it, they were the customer's
account manager while nobody else had it, or nobody held it at all."""

_NONE = timedelta()
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock in working time up to the asked instant."""

    limit: timedelta
    total: timedelta
    """The working time it ran, waiting on the customer not counted."""
    due_at: datetime | None
    """When it runs out or ran out; none while it stands still or where it never will."""
    breached: bool
    """Whether it ran past its limit."""
    running: bool

    @property
    def remaining(self) -> timedelta:
        """The working time that is left; negative once the limit is passed."""
        return self.limit - self.total


@dataclass(frozen=True, slots=True)
class Acting:
    """A delegate who acted for the holder of a share."""

    person: UUID
    held: timedelta
    events: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """The working time of the resolution clock that one holder kept the complaint."""

    person: UUID | None
    basis: Basis
    held: timedelta
    acting: tuple[Acting, ...]
    events: tuple[UUID, ...]
    """The events that made the person the holder."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks of a complaint, and who kept it for how much of the resolution clock.

    Shares add up to the resolution clock's total, unless several people held the complaint at the same time.
    """

    first_response: Clock
    resolution: Clock
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class _Holding:
    person: UUID | None
    basis: Basis
    since: datetime
    until: datetime
    events: tuple[UUID, ...]
    assignment: UUID | None = None


def clocks(complaint: Row, calendar: WorkingCalendar, held: Sequence[Row], at: datetime) -> Clocks:
    """The clocks of a complaint at an instant.

    `complaint` is a row of the complaints view, `calendar` the edition it was received under, and `held` the rows of
    the responsibility view for the complaint itself and for the account managers of its customer.
    """
    running = list(_running(complaint, at))
    principals = [_holding(row) for row in held if row["kind"] == "principal"]
    delegates = [_holding(row) for row in held if row["kind"] == "acting"]
    on_complaint = {one.assignment: one.person for one in principals if one.basis == "responsible"}
    shares = tuple(
        Share(person, basis, worked, tuple(_acting(kept, delegates, on_complaint, calendar)), _proof(kept))
        for person, basis, kept in _kept(list(_holdings(complaint, principals, at)), running)
        if (worked := _worked((stretch for _, stretch in kept), calendar)) > _NONE
    )
    return Clocks(_first_response(complaint, calendar, at), _resolution(complaint, calendar, running, at), shares)


def _first_response(complaint: Row, calendar: WorkingCalendar, at: datetime) -> Clock:
    received, answered = complaint["received_at"], complaint["acknowledged_at"]
    end = at if answered is None else min(at, answered)
    return Clock(
        limit=timedelta(minutes=complaint["first_response_minutes"]),
        total=calendar.between(received, end),
        due_at=complaint["first_response_due_at"],
        breached=complaint["first_response_due_at"] < end,
        running=received <= at and (answered is None or at < answered),
    )


def _resolution(complaint: Row, calendar: WorkingCalendar, running: Sequence[Stretch], at: datetime) -> Clock:
    limit = timedelta(minutes=complaint["resolution_minutes"])
    total, ran_out_at = _NONE, None
    for since, until in running:
        worked = calendar.between(since, until)
        if ran_out_at is None and total + worked >= limit:
            ran_out_at = calendar.add(since, limit - total)
        total += worked
    runs = _runs(complaint, at)
    due_at = ran_out_at
    if due_at is None and runs:
        due_at = _runs_out(calendar, at, limit - total)
    return Clock(
        limit=limit,
        total=total,
        due_at=due_at,
        breached=ran_out_at is not None and ran_out_at < running[-1][1],
        running=runs,
    )


def _runs_out(calendar: WorkingCalendar, at: datetime, left: timedelta) -> datetime | None:
    try:
        return calendar.add(at, left)
    except ValueError:
        # Ten years without enough working time: it never runs out.
        return None


def _pauses(complaint: Row) -> Iterator[tuple[datetime, datetime | None]]:
    for pause in complaint["pauses"]:
        yield datetime.fromisoformat(pause["since"]), datetime.fromisoformat(pause["until"])
    stopped_at = complaint["resolved_at"] or complaint["waiting_since"]
    if stopped_at is not None:
        yield stopped_at, None


def _running(complaint: Row, at: datetime) -> Iterator[Stretch]:
    """When the resolution clock ran, up to an instant."""
    since: datetime = complaint["received_at"]
    for stopped_at, resumed_at in _pauses(complaint):
        if since < min(stopped_at, at):
            yield since, min(stopped_at, at)
        if resumed_at is None:
            return
        since = max(since, resumed_at)
    if since < at:
        yield since, at


def _runs(complaint: Row, at: datetime) -> bool:
    stands = any(since <= at and (until is None or at < until) for since, until in _pauses(complaint))
    return bool(complaint["received_at"] <= at) and not stands


def _holding(row: Row) -> _Holding:
    basis: Basis = "responsible" if row["subject"].startswith("complaint:") else "account_manager"
    until = row["until"] or _LATEST
    return _Holding(row["person"], basis, row["since"], until, tuple(row["events"]), row["assignment_id"])


def _holdings(complaint: Row, principals: Sequence[_Holding], at: datetime) -> Iterator[_Holding]:
    """Who held the complaint when: whoever it was assigned to, else who was responsible, else the account manager."""
    assigned = list(_assigned(complaint, at))
    yield from assigned
    taken: list[Stretch] = [(one.since, one.until) for one in assigned]
    for basis in ("responsible", "account_manager"):
        wide = [one for one in principals if one.basis == basis]
        for one in wide:
            for since, until in _without((one.since, one.until), taken):
                yield _Holding(one.person, one.basis, since, until, one.events, one.assignment)
        taken += [(one.since, one.until) for one in wide]
    for since, until in _without((complaint["received_at"], at), taken):
        yield _Holding(None, "nobody", since, until, ())


def _assigned(complaint: Row, at: datetime) -> Iterator[_Holding]:
    entries = complaint["holders"]
    for index, entry in enumerate(entries):
        since = datetime.fromisoformat(entry["at"])
        until = datetime.fromisoformat(entries[index + 1]["at"]) if index + 1 < len(entries) else at
        yield _Holding(UUID(entry["person"]), "assigned", since, until, (UUID(entry["event"]),))


def _without(stretch: Stretch, taken: Iterable[Stretch]) -> Iterator[Stretch]:
    since, until = stretch
    for other_since, other_until in sorted(taken):
        if since < min(other_since, until):
            yield since, min(other_since, until)
        since = max(since, other_until)
    if since < until:
        yield since, until


_Kept = list[tuple[_Holding, Stretch]]


def _kept(holdings: Sequence[_Holding], running: Sequence[Stretch]) -> Iterator[tuple[UUID | None, Basis, _Kept]]:
    """Each holder with the stretches in which the clock ran while they held the complaint."""
    for person, basis in dict.fromkeys((one.person, one.basis) for one in sorted(holdings, key=lambda one: one.since)):
        mine = [one for one in holdings if (one.person, one.basis) == (person, basis)]
        yield person, basis, [(one, stretch) for one in mine for stretch in _common(one, running)]


def _proof(kept: _Kept) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(event for holding, _ in kept for event in holding.events))


def _acting(
    kept: _Kept,
    delegates: Sequence[_Holding],
    on_complaint: Mapping[UUID | None, UUID | None],
    calendar: WorkingCalendar,
) -> Iterator[Acting]:
    """Who acted for the holder, by delegation of what made them that or of a responsibility for the complaint."""
    for delegate in delegates:
        stretches = [
            common
            for holding, stretch in kept
            if delegate.assignment == holding.assignment
            or (holding.basis == "assigned" and on_complaint.get(delegate.assignment) == holding.person)
            for common in _common(delegate, [stretch])
        ]
        worked = _worked(stretches, calendar)
        if worked > _NONE and delegate.person is not None:
            yield Acting(delegate.person, worked, delegate.events)


def _common(holding: _Holding, stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    for since, until in stretches:
        common = max(since, holding.since), min(until, holding.until)
        if common[0] < common[1]:
            yield common


def _worked(stretches: Iterable[Stretch], calendar: WorkingCalendar) -> timedelta:
    """The working time of stretches, what they have in common counted once."""
    total, counted_to = _NONE, None
    for since, until in sorted(stretches):
        begin = since if counted_to is None else max(since, counted_to)
        if begin < until:
            total += calendar.between(begin, until)
            counted_to = until
    return total
