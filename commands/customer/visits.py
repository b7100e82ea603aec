"""Orders about visits."""

from pydantic import Field

from commands.base import Command, Short
from events.vocabulary.identifiers import CommitmentId, PersonId, VisitId
from events.vocabulary.values import Channel, Instant, Later, PersonalLabel, PersonalProse, Side, Value


class PromiseInVisit(Value):
    """What was promised in a visit."""

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


class RecordVisit(Command):
    """Record a visit with what was promised in it."""

    visit_id: VisitId
    """Id of the visit, made by the client."""
    visited_at: Instant
    """When the visit took place."""
    channel: Channel
    """How the contact took place."""
    our_attendees: Short[tuple[PersonId, ...]]
    """Ids of our people who took part."""
    customer_attendees: Short[tuple[PersonalLabel, ...]] = ()
    """Who of the customer took part."""
    purpose: PersonalProse | None = Field(default=None, examples=["季度回访"])
    """What the visit was for."""
    content: PersonalProse = Field(examples=["检查三号线控制柜"])
    """What it is about."""
    feedback: PersonalProse | None = Field(default=None, examples=["总体满意"])
    """What the customer said."""
    commitments: Short[tuple[PromiseInVisit, ...]] = ()
    """What was promised in the visit; each becomes a commitment."""


VisitCommand = RecordVisit
