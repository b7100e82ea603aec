"""The rules of contacts with the customer."""

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Customer
from aggregates.fingerprint import fingerprint
from aggregates.refusal import Refused
from commands.customer.interactions import InteractionCommand
from events.catalogue import AnyEvent
from events.customer.interactions import InteractionEvent, InteractionLogged


def decide(command: InteractionCommand, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
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
    known = state.interactions.get(command.interaction_id)
    if known is not None:
        if known == fingerprint(event):
            return []
        raise Refused("interaction.id-taken", "interaction_id")
    for attendee in command.our_attendees:
        circumstances.require_person(attendee, "our_attendees")
    return [event]


def evolve(state: Customer, event: InteractionEvent) -> Customer:
    """The state after an event."""
    return replace(
        state, version=state.version + 1, interactions=state.interactions.put(event.interaction_id, fingerprint(event))
    )
