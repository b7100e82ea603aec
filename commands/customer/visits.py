"""Orders about visits."""

from commands.base import Command
from events.vocabulary.identifiers import CommitmentId, PersonId, VisitId
from events.vocabulary.values import Channel, Instant, Label, Prose, Side, Value


class PromiseInVisit(Value):
    """What was promised in a visit."""

    commitment_id: CommitmentId
    text: Prose
    due_at: Instant
    by: Side
    promised_by: PersonId | None = None


class RecordVisit(Command):
    """Record a visit with what was promised in it."""

    visit_id: VisitId
    visited_at: Instant
    channel: Channel
    our_attendees: tuple[PersonId, ...]
    customer_attendees: tuple[Label, ...] = ()
    purpose: Prose | None = None
    content: Prose
    feedback: Prose | None = None
    commitments: tuple[PromiseInVisit, ...] = ()


VisitCommand = RecordVisit
