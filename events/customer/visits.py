"""Visits to the customer."""

from events.base import Event
from events.vocabulary.identifiers import PersonId, VisitId
from events.vocabulary.items import VISIT
from events.vocabulary.values import Channel, Instant, PersonalLabel, PersonalProse


class VisitRecorded(Event, name="customer.visit-recorded", opens=VISIT, occurs="visited_at"):
    """A visit took place; the promises made in it are recorded as commitments with it."""

    visit_id: VisitId
    visited_at: Instant
    channel: Channel
    our_attendees: tuple[PersonId, ...]
    customer_attendees: tuple[PersonalLabel, ...]
    purpose: PersonalProse | None
    content: PersonalProse
    feedback: PersonalProse | None


VisitEvent = VisitRecorded
