"""Orders about complaints."""

from commands.base import Command
from events.vocabulary.identifiers import ComplaintId, PersonId
from events.vocabulary.values import ClockName, Code, ComplaintChannel, Instant, Label, Prose, Severity


class ReceiveComplaint(Command):
    """Take in a complaint; the service level then in force is fixed."""

    complaint_id: ComplaintId
    received_at: Instant
    channel: ComplaintChannel
    severity: Severity
    content: Prose
    contact: Label | None = None


class AcknowledgeComplaint(Command):
    """Record the first response to the customer."""

    complaint_id: ComplaintId
    at: Instant


class AssignComplaint(Command):
    """Let a person hold the complaint from `at` on."""

    complaint_id: ComplaintId
    person: PersonId
    department: Code | None = None
    at: Instant


class StartWaitingOnCustomer(Command):
    """Stop the resolution clock: the next step is the customer's."""

    complaint_id: ComplaintId
    at: Instant


class StopWaitingOnCustomer(Command):
    """Let the resolution clock go on: the next step is ours."""

    complaint_id: ComplaintId
    at: Instant


class ProposeSolution(Command):
    """Offer the customer a solution."""

    complaint_id: ComplaintId
    at: Instant
    solution: Prose


class ResolveComplaint(Command):
    """Record the complaint as resolved."""

    complaint_id: ComplaintId
    at: Instant
    solution: Prose


class CloseComplaint(Command):
    """Close the resolved complaint."""

    complaint_id: ComplaintId
    at: Instant


class ReopenComplaint(Command):
    """Take a resolved or closed complaint up again."""

    complaint_id: ComplaintId
    at: Instant


class EscalateComplaint(Command):
    """Bring the complaint to somebody higher; `clock` where a clock ran out."""

    complaint_id: ComplaintId
    at: Instant
    clock: ClockName | None = None
    to_person: PersonId | None = None


ComplaintCommand = (
    ReceiveComplaint
    | AcknowledgeComplaint
    | AssignComplaint
    | StartWaitingOnCustomer
    | StopWaitingOnCustomer
    | ProposeSolution
    | ResolveComplaint
    | CloseComplaint
    | ReopenComplaint
    | EscalateComplaint
)
