"""The clocks of a complaint: how much working time they ran, and how much of it each holder kept the complaint."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal
from uuid import UUID

from events.vocabulary.items import COMPLAINT, FIRST_RESPONSE
from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution.holders import Held, Holding, Layers, handed, held_at, layers

Row = Mapping[str, Any]
Stretch = tuple[datetime, datetime]
"""Since and until."""

Basis = Literal["responsible", "assigned", "account_manager", "nobody"]
"""Why somebody held the complaint: they had a responsibility for it, it was assigned to them, they were the customer's
account manager while nobody else had it, or nobody held it at all."""

_NONE = timedelta()


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
    until: datetime | None
    """Until when they may act; none without end."""
    events: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """The working time of the resolution clock that one holder kept the complaint."""

    person: UUID | None
    basis: Basis
    held: timedelta
    until: datetime | None
    """Until when they hold what made them the holder; none without end."""
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
class Kept:
    """A stretch over which the resolution clock ran while nobody came and nobody went."""

    since: datetime
    until: datetime
    worked: timedelta
    """The working time in it."""
    basis: Basis
    held: Held


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who kept a complaint while its resolution clock ran."""

    complaint: Row
    calendar: WorkingCalendar
    """The edition that the complaint was received under."""
    by_basis: tuple[tuple[Basis, Layers], ...]

    def kept(self, at: datetime) -> list[Kept]:
        """The stretches up to an instant, in order."""
        found = []
        for since, until in _undivided(_running(self.complaint, at), self.by_basis):
            basis, held = _held(self.by_basis, since)
            found.append(Kept(since, until, self.calendar.between(since, until), basis, held))
        return found


def keeping(complaint: Row, calendar: WorkingCalendar, closest: Layers, managers: Layers) -> Keeping:
    """Who kept a complaint; `closest` are assigned to it, `managers` are the account managers of its customer."""
    return Keeping(
        complaint,
        calendar,
        (("responsible", closest), ("assigned", (handed(complaint["holders"]),)), ("account_manager", managers)),
    )


def clocks(
    complaint: Row, calendar: WorkingCalendar, held: Sequence[Row], parts: Sequence[Row], at: datetime
) -> Clocks:
    """The clocks of a complaint at an instant.

    `complaint` is a row of the complaints view, `calendar` the edition it was received under, `held` the rows of the
    responsibility view for the complaint itself and for the account managers of its customer, and `parts` those of the
    lives of the complaint and of its first response: whether a clock ran out is whether they were late.
    """
    running = list(_running(complaint, at))
    closest = layers(row for row in held if row["subject"].startswith("complaint:"))
    managers = layers(row for row in held if not row["subject"].startswith("complaint:"))
    response = [part for part in parts if part["kind"] == FIRST_RESPONSE.name]
    solution = [part for part in parts if part["kind"] == COMPLAINT.name]
    return Clocks(
        _first_response(complaint, calendar, response, at),
        _resolution(complaint, calendar, running, solution, at),
        tuple(_shares(keeping(complaint, calendar, closest, managers).kept(at))),
    )


def _ran_out(parts: Iterable[Row], at: datetime) -> bool:
    """Whether a clock ran past its limit by an instant, by the parts of the life that it runs in: it was late."""
    return any(
        part["open"]
        and part["due_at"] is not None
        and part["since"] <= at
        and part["due_at"] < min(part["until"] or at, at)
        for part in parts
    )


def _first_response(complaint: Row, calendar: WorkingCalendar, parts: Sequence[Row], at: datetime) -> Clock:
    received = complaint["received_at"]
    answered = next((part["since"] for part in parts if not part["open"]), None)
    end = at if answered is None else min(at, answered)
    return Clock(
        limit=timedelta(minutes=complaint["first_response_minutes"]),
        total=calendar.between(received, end) if received < end else _NONE,
        due_at=complaint["first_response_due_at"],
        breached=_ran_out(parts, at),
        running=received <= at and (answered is None or at < answered),
    )


def _resolution(
    complaint: Row, calendar: WorkingCalendar, running: Sequence[Stretch], parts: Sequence[Row], at: datetime
) -> Clock:
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
        breached=_ran_out(parts, at),
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


def _shares(kept: Sequence[Kept]) -> Iterator[Share]:
    """One share for each person and basis, in the order in which they first held the complaint."""
    stretches: dict[tuple[UUID | None, Basis], list[Kept]] = {}
    for one in kept:
        persons: list[UUID | None] = [holding.person for holding in one.held.principals]
        for person in persons or [None]:
            stretches.setdefault((person, one.basis), []).append(one)
    for (person, basis), mine in stretches.items():
        worked = _worked(mine)
        if worked == _NONE:
            continue
        held = [holding for one in mine for holding in one.held.principals if holding.person == person]
        yield Share(person, basis, worked, _until(held), tuple(_acting(person, mine)), _proof(held))


def _undivided(running: Iterable[Stretch], by_basis: Sequence[tuple[Basis, Layers]]) -> Iterator[Stretch]:
    """The running time in stretches during which nobody comes and nobody goes."""
    holdings = [holding for _, by_closeness in by_basis for layer in by_closeness for holding in layer]
    turns = sorted({turn for holding in holdings for turn in (holding.since, holding.until) if turn is not None})
    for since, until in running:
        cuts = [since, *(turn for turn in turns if since < turn < until), until]
        yield from pairwise(cuts)


def _held(by_basis: Sequence[tuple[Basis, Layers]], at: datetime) -> tuple[Basis, Held]:
    for basis, by_closeness in by_basis:
        held = held_at(by_closeness, at)
        if held.principals:
            return basis, held
    return "nobody", Held()


def _acting(person: UUID | None, kept: Sequence[Kept]) -> Iterator[Acting]:
    """Who acted for somebody, in the order in which they first did."""
    stretches: dict[UUID, list[tuple[Kept, Holding]]] = {}
    for one in kept:
        own = {holding.assignment for holding in one.held.principals if holding.person == person}
        for delegate in one.held.acting:
            if delegate.assignment in own:
                stretches.setdefault(delegate.person, []).append((one, delegate))
    for delegate_id, acted in stretches.items():
        worked = _worked(one for one, _ in acted)
        if worked > _NONE:
            delegations = [delegate for _, delegate in acted]
            yield Acting(delegate_id, worked, _until(delegations), _proof(delegations))


def _until(holdings: Sequence[Holding]) -> datetime | None:
    ends = [holding.until for holding in holdings if holding.until is not None]
    return max(ends, default=None) if len(ends) == len(holdings) else None


def _proof(holdings: Iterable[Holding]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(event for holding in holdings for event in holding.events))


def _worked(kept: Iterable[Kept]) -> timedelta:
    return sum((one.worked for one in kept), _NONE)
