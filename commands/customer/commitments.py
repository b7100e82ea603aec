"""Orders about promises."""

from typing import ClassVar

from pydantic import Field

from commands.base import Command
from events.vocabulary.identifiers import CommitmentId, PersonId
from events.vocabulary.values import Later, PersonalLabel, PersonalProse, PlainLabel, Reason, Side


class MakeCommitment(Command):
    """Record a promise; it was made at `occurred_at`, else now."""

    commitment_id: CommitmentId
    """Id of the commitment, made by the client."""
    text: PersonalProse = Field(examples=["两周内交付备件"])
    """What was promised."""
    due_at: Later
    """By when."""
    by: Side
    """Who promised: `us` or the `customer`."""
    promised_by: PersonId | None = None
    """Who of ours said it."""
    promised_to: PersonalLabel | None = None
    """Who of the customer heard it."""
    origin: PlainLabel | None = Field(default=None, examples=["meeting"])
    """Where it was promised, for example `visit:ID`."""


class RescheduleCommitment(Command):
    """Give a promise a new due time at `occurred_at`, else now."""

    commitment_id: CommitmentId
    """Id of the commitment."""
    due_at: Later
    """The new due time."""
    agreed: bool
    """Whether the customer agreed to the new due time."""


class FulfilCommitment(Command):
    """Record that a promise was kept."""

    commitment_id: CommitmentId
    """Id of the commitment."""
    fulfilled_at: Later
    """When the promise was kept."""


class WaiveCommitment(Command):
    """Record that the other side released the promise at `occurred_at`, else now."""

    commitment_id: CommitmentId
    """Id of the commitment."""
    excused_because: PersonalProse | None = Field(default=None, examples=["客户停产，无法接收"])
    """Why a miss that came before the waiver is excused."""


class CorrectCommitment(Command):
    """Say how a promise truly was; what is absent stays."""

    clears: ClassVar[frozenset[str]] = frozenset({"promised_by", "promised_to"})

    commitment_id: CommitmentId
    """Id of the commitment."""
    text: PersonalProse | None = Field(default=None, examples=["两周内交付备件"])
    """What was promised."""
    due_at: Later | None = None
    """By when."""
    by: Side | None = None
    """Who promised: `us` or the `customer`."""
    promised_by: PersonId | None = None
    """Who of ours said it; null: nobody knows."""
    promised_to: PersonalLabel | None = None
    """Who of the customer heard it; null: nobody knows."""
    reason: Reason
    """Why, in the actor's words."""


class RecordCommitmentFellDue(Command):
    """Record that an open promise reached its due time (given by the deadline process)."""

    internal: ClassVar[bool] = True

    commitment_id: CommitmentId
    """Id of the commitment."""
    due_at: Later
    """The due time that was reached."""


CommitmentCommand = (
    MakeCommitment
    | RescheduleCommitment
    | FulfilCommitment
    | WaiveCommitment
    | CorrectCommitment
    | RecordCommitmentFellDue
)
