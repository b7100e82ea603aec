"""Orders about who answers for a customer, a project or an item inside it."""

from typing import ClassVar

from commands.base import Carried, Command
from events.vocabulary.identifiers import SELF, AssignmentId, DelegationId, HandoverId, PersonId, Subject
from events.vocabulary.moves import Moves
from events.vocabulary.values import Code, Instant, Involvement, Later, Reason


class AssignResponsibility(Command):
    """Let a person hold a role for a subject over `[since, until)`."""

    assignment_id: AssignmentId
    """Id of the assignment, made by the client."""
    subject: Subject = SELF
    """`self`, or an item inside: `commitment:ID`, `complaint:ID`."""
    role: Code
    """Code of a role in the catalogue."""
    person: PersonId
    """Id of the person who answers for it."""
    involvement: Involvement
    """Kind of involvement (RACI)."""
    since: Instant
    """Start, included."""
    until: Later | None = None
    """End, excluded."""


class EndResponsibility(Command):
    """End an assignment now or in the future, seen from `occurred_at`."""

    assignment_id: AssignmentId
    """Id of the assignment."""
    until: Later
    """End, excluded."""


class CorrectResponsibility(Command):
    """Say how an assignment truly was; what is absent stays, `until: null` opens the end."""

    clears: ClassVar[frozenset[str]] = frozenset({"until"})

    assignment_id: AssignmentId
    """Id of the assignment."""
    person: PersonId | None = None
    """Id of the person who truly answered for it."""
    since: Instant | None = None
    """Start, included."""
    until: Later | None = None
    """End, excluded; null opens it."""
    reason: Reason
    """Why, in the actor's words."""


class WithdrawResponsibility(Command):
    """Take back an assignment that should never have been recorded."""

    assignment_id: AssignmentId
    """Id of the assignment."""
    reason: Reason
    """Why, in the actor's words."""


class Delegate(Command):
    """Let somebody act for the holder over `[since, until)`."""

    delegation_id: DelegationId
    """Id of the delegation, made by the client."""
    assignment_id: AssignmentId
    """Id of the assignment."""
    to_person: PersonId
    """Id of the person who acts."""
    since: Instant
    """Start, included."""
    until: Later
    """End, excluded."""


class RevokeDelegation(Command):
    """End a delegation early; at once where no `until` is given."""

    delegation_id: DelegationId
    """Id of the delegation."""
    until: Later | None = None
    """End, excluded; at once where it is absent."""


class ProposeHandover(Command):
    """Propose a successor for an assignment from `effective_at` on."""

    handover_id: HandoverId
    """Id of the handover, made by the client."""
    assignment_id: AssignmentId
    """Id of the assignment."""
    to_person: PersonId
    """Id of the person who succeeds."""
    effective_at: Later
    """When responsibility moves, once accepted."""
    moves: Carried[Moves] = None
    """The figures that it moves where that lies in the past."""


class AcceptHandover(Command):
    """Take over as proposed."""

    handover_id: HandoverId
    """Id of the handover."""


class DeclineHandover(Command):
    """Refuse to take over."""

    handover_id: HandoverId
    """Id of the handover."""


class CancelHandover(Command):
    """Take a proposal back."""

    handover_id: HandoverId
    """Id of the handover."""


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
