"""Orders about promises."""

from commands.base import Command
from events.vocabulary.identifiers import CommitmentId, PersonId
from events.vocabulary.values import Instant, Label, Prose, Side


class MakeCommitment(Command):
    """Record a promise; it was made at `occurred_at`, else now."""

    commitment_id: CommitmentId
    text: Prose
    due_at: Instant
    by: Side
    promised_by: PersonId | None = None
    promised_to: Label | None = None
    origin: Label | None = None


class RescheduleCommitment(Command):
    """Give a promise a new due time."""

    commitment_id: CommitmentId
    due_at: Instant
    agreed: bool


class FulfilCommitment(Command):
    """Record that a promise was kept."""

    commitment_id: CommitmentId
    fulfilled_at: Instant


class WaiveCommitment(Command):
    """Record that the other side released the promise at `occurred_at`, else now."""

    commitment_id: CommitmentId
    excused_because: Prose | None = None


class CorrectCommitment(Command):
    """Say how a promise truly was; what is absent stays, null clears."""

    commitment_id: CommitmentId
    text: Prose | None = None
    due_at: Instant | None = None
    by: Side | None = None
    promised_by: PersonId | None = None
    promised_to: Label | None = None
    reason: Prose


class RecordCommitmentFellDue(Command):
    """Record that an open promise reached its due time (given by the deadline process)."""

    commitment_id: CommitmentId
    due_at: Instant
