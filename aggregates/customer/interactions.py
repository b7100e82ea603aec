"""The rules of contacts with the customer."""

from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.customer.interactions import InteractionCommand
from events.customer.interactions import InteractionEvent, InteractionLogged
from events.vocabulary.identifiers import InteractionId

Interactions = Items[InteractionId, Fingerprint]


def decide(
    command: InteractionCommand, mine: Interactions, customer: Account, circumstances: Circumstances
) -> list[InteractionEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event = InteractionLogged(
        interaction_id=command.interaction_id,
        at=command.at,
        channel=command.channel,
        direction=command.direction,
        our_attendees=command.our_attendees,
        content=command.content,
        result=command.result,
    )
    known = mine.get(command.interaction_id)
    if known is not None:
        if known == fingerprint(event):
            return []
        raise Refused("interaction.id-taken", "interaction_id")
    admit(event, event, customer, circumstances)
    return [event]


def admit(event: InteractionEvent, _before: InteractionEvent, _customer: Account, circumstances: Circumstances) -> None:
    """Refuse strangers."""
    for attendee in event.our_attendees:
        circumstances.require_person(attendee, "our_attendees")


def evolve(mine: Interactions, event: InteractionEvent, _version: int) -> Interactions:
    """The contacts after an event."""
    return mine.put(event.interaction_id, fingerprint(event))


SLICE = Slice("interactions", InteractionCommand, InteractionEvent, decide, evolve, admit=admit)
