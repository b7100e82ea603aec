"""Orders about complaints."""

from pydantic import Field

from commands.base import Command
from events.vocabulary.identifiers import ComplaintId, PersonId
from events.vocabulary.values import ClockName, Code, ComplaintChannel, Instant, PersonalLabel, PersonalProse, Severity


class ReceiveComplaint(Command):
    """Take in a complaint; the service level then in force is fixed."""

    complaint_id: ComplaintId
    """Id of the complaint, made by the client."""
    received_at: Instant
    """When the complaint came in; the service level of this instant applies."""
    channel: ComplaintChannel
    """How the complaint came in."""
    severity: Severity
    """How bad it is."""
    content: PersonalProse
    """What the customer complained about."""
    contact: PersonalLabel | None = None
    """Who of the customer complained."""


class AcknowledgeComplaint(Command):
    """Record the first response to the customer."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""


class AssignComplaint(Command):
    """Let a person hold the complaint from `at` on."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    person: PersonId
    """Id of the person who holds it."""
    department: Code | None = Field(default=None, examples=["east_team"])
    """Code of the department."""
    at: Instant
    """From when on."""


class StartWaitingOnCustomer(Command):
    """Stop the resolution clock: the next step is the customer's."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""


class StopWaitingOnCustomer(Command):
    """Let the resolution clock go on: the next step is ours."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""


class ProposeSolution(Command):
    """Offer the customer a solution."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""
    solution: PersonalProse = Field(examples=["更换电源模块并加装滤波器"])
    """What the customer was offered."""


class ResolveComplaint(Command):
    """Record the complaint as resolved."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""
    solution: PersonalProse = Field(examples=["更换电源模块并加装滤波器"])
    """What solved it."""


class CloseComplaint(Command):
    """Close the resolved complaint."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""


class ReopenComplaint(Command):
    """Take a resolved or closed complaint up again."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""


class EscalateComplaint(Command):
    """Bring the complaint to somebody higher; `clock` where a clock ran out."""

    complaint_id: ComplaintId
    """Id of the complaint."""
    at: Instant
    """When it happened."""
    clock: ClockName | None = None
    """The clock that ran out; absent where a person decided."""
    to_person: PersonId | None = None
    """Id of the person it is brought to."""


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
