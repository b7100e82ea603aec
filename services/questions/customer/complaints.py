"""The complaints, their clocks, and who kept them for how long."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.values import ClockName, ComplaintChannel, Severity, Tier
from events.vocabulary.working_calendar import WorkingCalendar
from projections.customer.complaints import clocks
from projections.customer.complaints.clocks import Basis
from projections.customer.complaints.effective import complaint_at
from projections.customer.complaints.questions import HELD, ONE, ROW
from projections.lives.questions import PARTS
from projections.policy.rules.questions import CALENDAR
from services.questions.asked import Asked, Single, Versioned, asked, single
from services.questions.leavers import DESCRIPTION as LEFT
from services.questions.leavers import Leavers, leavers
from services.questions.views import Moment, Views

VIEWS = ("complaints", "responsibility", "policies", "lives", "handed")
ComplaintStatus = Literal["open", "resolved", "closed"]
_MINUTE = timedelta(minutes=1)


class HandedTo(BaseModel):
    """Somebody the complaint was handed to, until the next one."""

    person: UUID = Field(description="Id of the person")
    department: str | None = Field(description="Code of the department")
    at: datetime = Field(description="From when on")
    event: UUID = Field(description="The event that says so")


class Pause(BaseModel):
    """A stretch over which the resolution clock stood still, and that has ended."""

    since: datetime = Field(description="Start, included")
    until: datetime = Field(description="End, excluded")
    why: Literal["customer", "resolved"] = Field(description="Waiting on the `customer`, or `resolved` until reopened")


class Escalation(BaseModel):
    """The complaint was brought to somebody higher."""

    at: datetime = Field(description="When")
    clock: ClockName | None = Field(description="The clock that ran out; null where a person decided")
    to_person: UUID | None = Field(description="To whom")
    event: UUID = Field(description="The event that says so")


class Complaint(Versioned):
    """A complaint with the service level it runs under."""

    complaint_id: UUID = Field(description="Id of the complaint")
    customer_id: UUID = Field(description="The customer")
    received_at: datetime = Field(description="When it came in")
    channel: ComplaintChannel = Field(description="How it came in")
    severity: Severity = Field(description="How bad it is")
    content: str = Field(description="What it is about")
    contact: str | None = Field(description="Who of the customer complained")
    tier: Tier | None = Field(description="The customer's tier at receipt")
    policy_version: int = Field(description="Edition of the service levels, fixed at receipt")
    calendar_version: int = Field(description="Edition of the working calendar, fixed at receipt")
    first_response_minutes: int = Field(description="Working minutes allowed until the first response")
    resolution_minutes: int = Field(description="Working minutes allowed until the resolution")
    first_response_due_at: datetime = Field(description="When the first response is due")
    resolution_due_at: datetime = Field(description="When the resolution is due, after all waiting so far")
    binding_due_at: datetime | None = Field(
        description="When the resolution is due at `effective_at`; null while the clock stands still"
    )
    provisional: bool = Field(description="Whether public holidays of a year involved were not known yet")
    status: ComplaintStatus = Field(
        description="`open`, also while it waits on the customer, `resolved` or `closed`, at `effective_at`"
    )
    acknowledged_at: datetime | None = Field(description="When the customer got a first response")
    resolved_at: datetime | None = Field(description="When it was resolved; null again once it is reopened")
    closed_at: datetime | None = Field(description="When it was closed; null again once it is reopened")
    waiting_since: datetime | None = Field(description="Since when the next step is the customer's")
    overdue: bool = Field(
        description="Whether it is late at `effective_at`: open, and its due time before it; at the very instant of "
        "its due time it is due, not yet late"
    )
    assignments: list[HandedTo] = Field(description="Whom it was handed to, the oldest first")
    pauses: list[Pause] = Field(description="When the resolution clock stood still, the oldest first")
    escalations: list[Escalation] = Field(description="Every escalation, the oldest first")
    solution: str | None = Field(description="The solution offered last")
    reopened: int = Field(description="How often it came back")
    holders: list[UUID] = Field(
        description="Who keeps it at `effective_at`: whoever is responsible, else whom it was handed to, "
        "else the account manager"
    )
    events: list[UUID] = Field(description="Ids of the events that prove it")


class ComplaintPage(Asked):
    """One page of complaints."""

    items: list[Complaint] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


class ComplaintAnswer(Single):
    """One complaint."""

    complaint: Complaint = Field(description="The complaint as it was known")


class ComplaintClock(BaseModel):
    """One clock, in working minutes up to `effective_at`."""

    limit_minutes: int = Field(description="Working minutes allowed")
    total_minutes: float = Field(description="Working minutes it ran, waiting on the customer not counted")
    remaining_minutes: float = Field(description="Working minutes left; negative past the limit")
    due_at: datetime | None = Field(description="When it runs out or ran out; null while it stands still")
    breached: bool = Field(description="Whether it ran past its limit: whether the complaint was late by then")
    running: bool = Field(description="Whether it is running")


class ActingShare(BaseModel):
    """Somebody who acted for a holder."""

    person: UUID = Field(description="Id of the delegate")
    held_minutes: float = Field(description="Working minutes of the resolution clock")
    left: bool = Field(default=False, description=LEFT)
    events: list[UUID] = Field(description="Ids of the events that prove it")


class HolderShare(BaseModel):
    """How much of the resolution clock one holder kept the complaint."""

    person: UUID | None = Field(description="Id of the holder; null where nobody held it")
    basis: Basis = Field(
        description="Why: `responsible` for the complaint, `assigned` it, `account_manager` while nobody else had it, "
        "or `nobody`"
    )
    held_minutes: float = Field(description="Working minutes, waiting on the customer not counted")
    left: bool = Field(default=False, description=LEFT)
    acting: list[ActingShare] = Field(description="Who acted for the holder meanwhile; the holder stays accountable")
    events: list[UUID] = Field(description="Ids of the events that made the person the holder")


class ComplaintClocks(Asked):
    """The clocks of a complaint, and who kept it for how long."""

    complaint_id: UUID = Field(description="Id of the complaint")
    at: datetime = Field(description="The instant up to which the clocks ran: `effective_at`, but never the future")
    calendar_version: int = Field(description="Edition of the working calendar, fixed at receipt")
    policy_version: int = Field(description="Edition of the service levels, fixed at receipt")
    provisional: bool = Field(description="Whether public holidays of a year involved were not known yet")
    first_response: ComplaintClock = Field(description="Until the first response; waiting does not stop it")
    resolution: ComplaintClock = Field(description="Until the resolution")
    shares: list[HolderShare] = Field(
        description="Each holder's part of the resolution clock, by who held it first; they add up to its total unless "
        "several held it at once"
    )


def complaint(views: Views, identifier: UUID, moment: Moment) -> ComplaintAnswer | None:
    """One complaint as known at the moment; none where it was not known, or not received by then."""
    rows = views.rows(ONE, {"id": identifier, "at": moment.effective_at, "known": moment.known_position})
    if not rows:
        return None
    stream = f"customer:{rows[0]['customer_id']}"
    return ComplaintAnswer(complaint=shown(rows[0], moment), **single(stream, rows[0], moment))


def shown(row: Mapping[str, Any], moment: Moment) -> Complaint:
    """A row of the list as it was at the moment."""
    return Complaint.model_validate(complaint_at(row, moment.effective_at))


def complaint_clocks(views: Views, identifier: UUID, moment: Moment) -> ComplaintClocks | None:
    """The clocks of a complaint as known at the moment; none where it was not known."""
    rows = views.rows(ROW, {"id": identifier, "known": moment.known_position})
    if not rows:
        return None
    row = rows[0]
    known = {"known": moment.known_position}
    held = views.rows(HELD, {"id": identifier, "customer": row["customer_id"], **known})
    (edition,) = views.rows(CALENDAR, {"edition": row["calendar_version"], **known})
    calendar = WorkingCalendar.model_validate(edition["calendar"])
    at = min(moment.effective_at, datetime.now(UTC))
    parts = views.rows(PARTS, {"id": identifier, "kinds": ["complaint", "first-response"], **known})
    found = clocks.clocks(row, calendar, held, parts, at)
    named = {person for share in found.shares for person in (share.person, *(one.person for one in share.acting))}
    gone = leavers(views, named, moment)
    return ComplaintClocks(
        complaint_id=identifier,
        at=at,
        calendar_version=row["calendar_version"],
        policy_version=row["policy_version"],
        provisional=row["provisional"],
        first_response=_clock(found.first_response),
        resolution=_clock(found.resolution),
        shares=[_share(share, gone) for share in found.shares],
        **asked(moment),
    )


def _clock(clock: clocks.Clock) -> ComplaintClock:
    return ComplaintClock(
        limit_minutes=clock.limit // _MINUTE,
        total_minutes=clock.total / _MINUTE,
        remaining_minutes=clock.remaining / _MINUTE,
        due_at=clock.due_at,
        breached=clock.breached,
        running=clock.running,
    )


def _share(share: clocks.Share, gone: Leavers) -> HolderShare:
    return HolderShare(
        person=share.person,
        basis=share.basis,
        held_minutes=share.held / _MINUTE,
        left=gone.keep(share.person, share.until),
        acting=[
            ActingShare(
                person=one.person,
                held_minutes=one.held / _MINUTE,
                left=gone.keep(one.person, one.until),
                events=list(one.events),
            )
            for one in share.acting
        ],
        events=list(share.events),
    )
