"""Visits to the customer."""

from events.base import Event
from events.vocabulary.identifiers import PersonId, VisitId
from events.vocabulary.values import Channel, Instant, Label, Prose


class VisitRecorded(Event, name="customer.visit-recorded"):
    """A visit took place; the promises made in it are recorded as commitments with it."""

    visit_id: VisitId
    visited_at: Instant
    channel: Channel
    our_attendees: tuple[PersonId, ...]
    customer_attendees: tuple[Label, ...]
    purpose: Prose | None
    content: Prose
    feedback: Prose | None
