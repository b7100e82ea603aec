"""Complaints from receipt to closing, with the clocks they run under."""

from events.base import Event
from events.vocabulary.identifiers import ComplaintId, PersonId
from events.vocabulary.items import COMPLAINT, FIRST_RESPONSE, Turn
from events.vocabulary.values import (
    ClockName,
    Code,
    ComplaintChannel,
    Instant,
    Minutes,
    PersonalLabel,
    PersonalProse,
    Severity,
    Tier,
    Value,
)

_ANSWERED = Turn("answered", of=FIRST_RESPONSE)


class ServiceLevel(Value):
    """The promise a complaint runs under, fixed at receipt."""

    policy_version: int
    calendar_version: int
    tier: Tier | None
    first_response_minutes: Minutes
    """Working minutes until the first response."""
    resolution_minutes: Minutes
    """Working minutes until the resolution, waiting on the customer not counted."""


class ComplaintReceived(
    Event,
    name="customer.complaint-received",
    opens=COMPLAINT,
    occurs="received_at",
    turns=(
        Turn("open", due="resolution_due_at"),
        Turn("open", due="first_response_due_at", of=FIRST_RESPONSE),
    ),
    derived=("service_level", "first_response_due_at", "resolution_due_at", "provisional"),
):
    """The customer complained."""

    complaint_id: ComplaintId
    received_at: Instant
    channel: ComplaintChannel
    severity: Severity
    content: PersonalProse
    contact: PersonalLabel | None
    service_level: ServiceLevel
    first_response_due_at: Instant
    resolution_due_at: Instant
    provisional: bool
    """Whether the due times reach past the last year whose public holidays are known."""


class ComplaintAcknowledged(
    Event, name="customer.complaint-acknowledged", about=COMPLAINT, occurs="at", turns=(_ANSWERED,)
):
    """The customer got a first response."""

    complaint_id: ComplaintId
    at: Instant


class ComplaintAssigned(
    Event, name="customer.complaint-assigned", about=COMPLAINT, occurs="at", planned=True, hands="person"
):
    """A person holds the complaint from `at` on."""

    complaint_id: ComplaintId
    person: PersonId
    department: Code | None
    at: Instant


class WaitingOnCustomerStarted(
    Event,
    name="customer.complaint-waiting-started",
    about=COMPLAINT,
    occurs="at",
    turns=(Turn("waiting", pauses=True),),
):
    """The next step is the customer's: the resolution clock stands still."""

    complaint_id: ComplaintId
    at: Instant


class WaitingOnCustomerStopped(
    Event,
    name="customer.complaint-waiting-stopped",
    about=COMPLAINT,
    occurs="at",
    turns=(Turn("open", due="resolution_due_at"),),
    derived=("resolution_due_at",),
):
    """The next step is ours again: the resolution clock runs to a later due time."""

    complaint_id: ComplaintId
    at: Instant
    resolution_due_at: Instant


class SolutionProposed(Event, name="customer.complaint-solution-proposed", about=COMPLAINT, occurs="at"):
    """The customer was offered a solution."""

    complaint_id: ComplaintId
    at: Instant
    solution: PersonalProse


class ComplaintResolved(
    Event,
    name="customer.complaint-resolved",
    about=COMPLAINT,
    occurs="at",
    turns=(Turn("resolved", due="resolution_due_at"), _ANSWERED),
    derived=("resolution_due_at",),
):
    """The complaint was resolved."""

    complaint_id: ComplaintId
    at: Instant
    solution: PersonalProse
    resolution_due_at: Instant
    """The due time it is measured against, after all waiting."""


class ComplaintClosed(Event, name="customer.complaint-closed", about=COMPLAINT, occurs="at", turns=(Turn("closed"),)):
    """The resolved complaint was closed."""

    complaint_id: ComplaintId
    at: Instant


class ComplaintReopened(
    Event,
    name="customer.complaint-reopened",
    about=COMPLAINT,
    occurs="at",
    turns=(Turn("open", due="resolution_due_at"),),
    derived=("resolution_due_at",),
):
    """The complaint came back: the clock goes on with what was left of it."""

    complaint_id: ComplaintId
    at: Instant
    resolution_due_at: Instant


class ComplaintEscalated(
    Event,
    name="customer.complaint-escalated",
    about=COMPLAINT,
    occurs="at",
    turns=(
        Turn(noted="at", through=True, only=("clock", "resolution")),
        Turn(noted="at", through=True, only=("clock", "first_response"), of=FIRST_RESPONSE),
    ),
    noted="clock",
):
    """The complaint was brought to somebody higher, by a person or because a clock ran out."""

    complaint_id: ComplaintId
    at: Instant
    clock: ClockName | None
    """The clock that ran out; none where a person decided."""
    to_person: PersonId | None


ComplaintEvent = (
    ComplaintReceived
    | ComplaintAcknowledged
    | ComplaintAssigned
    | WaitingOnCustomerStarted
    | WaitingOnCustomerStopped
    | SolutionProposed
    | ComplaintResolved
    | ComplaintClosed
    | ComplaintReopened
    | ComplaintEscalated
)
