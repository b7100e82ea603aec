"""Contacts with the customer other than visits."""

from events.base import Event
from events.vocabulary.identifiers import InteractionId, PersonId
from events.vocabulary.items import INTERACTION
from events.vocabulary.values import Channel, Direction, Instant, PersonalProse


class InteractionLogged(Event, name="customer.interaction-logged", opens=INTERACTION, occurs="at"):
    """A call, meeting, mail or message took place."""

    interaction_id: InteractionId
    at: Instant
    channel: Channel
    direction: Direction
    our_attendees: tuple[PersonId, ...]
    content: PersonalProse
    result: PersonalProse


InteractionEvent = InteractionLogged
