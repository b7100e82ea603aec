"""Orders about who answers for a customer, a project or an item inside it."""

from commands.base import Command
from events.vocabulary.identifiers import SELF, AssignmentId, DelegationId, HandoverId, PersonId, Subject
from events.vocabulary.values import Code, Instant, Involvement, Prose


class AssignResponsibility(Command):
    """Let a person hold a role for a subject over `[since, until)`."""

    assignment_id: AssignmentId
    subject: Subject = SELF
    role: Code
    person: PersonId
    involvement: Involvement
    since: Instant
    until: Instant | None = None


class EndResponsibility(Command):
    """End an assignment now or in the future, seen from `occurred_at`."""

    assignment_id: AssignmentId
    until: Instant


class CorrectResponsibility(Command):
    """Say how an assignment truly was; what is absent stays, `until: null` opens the end."""

    assignment_id: AssignmentId
    person: PersonId | None = None
    since: Instant | None = None
    until: Instant | None = None
    reason: Prose


class WithdrawResponsibility(Command):
    """Take back an assignment that should never have been recorded."""

    assignment_id: AssignmentId
    reason: Prose


class Delegate(Command):
    """Let somebody act for the holder over `[since, until)`."""

    delegation_id: DelegationId
    assignment_id: AssignmentId
    to_person: PersonId
    since: Instant
    until: Instant


class RevokeDelegation(Command):
    """End a delegation early; at once where no `until` is given."""

    delegation_id: DelegationId
    until: Instant | None = None


class ProposeHandover(Command):
    """Propose a successor for an assignment from `effective_at` on."""

    handover_id: HandoverId
    assignment_id: AssignmentId
    to_person: PersonId
    effective_at: Instant


class AcceptHandover(Command):
    """Take over as proposed."""

    handover_id: HandoverId


class DeclineHandover(Command):
    """Refuse to take over."""

    handover_id: HandoverId


class CancelHandover(Command):
    """Take a proposal back."""

    handover_id: HandoverId


ResponsibilityCommand = (
    AssignResponsibility
    | EndResponsibility
    | CorrectResponsibility
    | WithdrawResponsibility
    | Delegate
    | RevokeDelegation
    | ProposeHandover
    | AcceptHandover
    | DeclineHandover
    | CancelHandover
)
