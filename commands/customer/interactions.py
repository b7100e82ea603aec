"""Orders about contacts with the customer."""

from commands.base import Command
from events.vocabulary.identifiers import InteractionId, PersonId
from events.vocabulary.values import Channel, Direction, Instant, Prose


class LogInteraction(Command):
    """Log a call, meeting, mail or message with its result."""

    interaction_id: InteractionId
    at: Instant
    channel: Channel
    direction: Direction
    our_attendees: tuple[PersonId, ...]
    content: Prose
    result: Prose


InteractionCommand = LogInteraction
