"""Complaints from receipt to closing, with the clocks they run under."""

from events.base import Event
from events.vocabulary.identifiers import ComplaintId, PersonId
from events.vocabulary.values import (
    ClockName,
    Code,
    ComplaintChannel,
    Instant,
    Label,
    Minutes,
    Prose,
    Severity,
    Tier,
    Value,
)


class ServiceLevel(Value):
    """The promise a complaint runs under, fixed at receipt."""

    policy_version: int
    calendar_version: int
    tier: Tier | None
    first_response_minutes: Minutes
    """Working minutes until the first response."""
    resolution_minutes: Minutes
    """Working minutes until the resolution, waiting on the customer not counted."""


class ComplaintReceived(Event, name="customer.complaint-received"):
    """The customer complained."""

    complaint_id: ComplaintId
    received_at: Instant
    channel: ComplaintChannel
    severity: Severity
    content: Prose
    contact: Label | None
    service_level: ServiceLevel
    first_response_due_at: Instant
    resolution_due_at: Instant
    provisional: bool
    """Whether the due times reach past the last year whose public holidays are known."""


class ComplaintAcknowledged(Event, name="customer.complaint-acknowledged"):
    """The customer got a first response."""

    complaint_id: ComplaintId
    at: Instant


class ComplaintAssigned(Event, name="customer.complaint-assigned"):
    """A person holds the complaint from `at` on."""

    complaint_id: ComplaintId
    person: PersonId
    department: Code | None
    at: Instant


class WaitingOnCustomerStarted(Event, name="customer.complaint-waiting-started"):
    """The next step is the customer's: the resolution clock stands still."""

    complaint_id: ComplaintId
    at: Instant


class WaitingOnCustomerStopped(Event, name="customer.complaint-waiting-stopped"):
    """The next step is ours again: the resolution clock runs to a later due time."""

    complaint_id: ComplaintId
    at: Instant
    resolution_due_at: Instant


class SolutionProposed(Event, name="customer.complaint-solution-proposed"):
    """The customer was offered a solution."""

    complaint_id: ComplaintId
    at: Instant
    solution: Prose


class ComplaintResolved(Event, name="customer.complaint-resolved"):
    """The complaint was resolved."""

    complaint_id: ComplaintId
    at: Instant
    solution: Prose
    resolution_due_at: Instant
    """The due time it is measured against, after all waiting."""


class ComplaintClosed(Event, name="customer.complaint-closed"):
    """The resolved complaint was closed."""

    complaint_id: ComplaintId
    at: Instant


class ComplaintReopened(Event, name="customer.complaint-reopened"):
    """The complaint came back: the clock goes on with what was left of it."""

    complaint_id: ComplaintId
    at: Instant
    resolution_due_at: Instant


class ComplaintEscalated(Event, name="customer.complaint-escalated"):
    """The complaint was brought to somebody higher, by a person or because a clock ran out."""

    complaint_id: ComplaintId
    at: Instant
    clock: ClockName | None
    """The clock that ran out; none where a person decided."""
    to_person: PersonId | None
