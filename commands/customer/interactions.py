"""Orders about contacts with the customer."""

from pydantic import Field

from commands.base import Command, Short
from events.vocabulary.identifiers import InteractionId, PersonId
from events.vocabulary.values import Channel, Direction, Instant, PersonalProse


class LogInteraction(Command):
    """Log a call, meeting, mail or message with its result."""

    interaction_id: InteractionId
    """Id of the interaction, made by the client."""
    at: Instant
    """When it happened."""
    channel: Channel
    """How the contact took place."""
    direction: Direction
    """Who began the contact: `inbound` is the customer."""
    our_attendees: Short[tuple[PersonId, ...]]
    """Ids of our people who took part."""
    content: PersonalProse = Field(examples=["约定下次到访"])
    """What it is about."""
    result: PersonalProse = Field(examples=["客户确认下周到访"])
    """What came of it."""


InteractionCommand = LogInteraction
