"""The person's rules: the slices, and what opens the record."""

from aggregates import streams
from aggregates.circumstances import Circumstances
from aggregates.person import directory
from aggregates.person.state import Person
from aggregates.refusal import Refused
from aggregates.slices import routes
from commands.base import Command
from commands.person.directory import RegisterPerson
from events.base import Event
from events.catalogue import AnyEvent
from events.person.directory import PersonRegistered

ROUTES = routes(PersonRegistered, directory.SLICE)


def decide(command: Command, state: Person, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if not state.registered and not isinstance(command, RegisterPerson):
        raise Refused("person.not-registered")
    return streams.decide(command, state, circumstances, ROUTES)


def evolve(state: Person, event: Event) -> Person:
    """The state after an event."""
    after: Person = streams.evolve(state, event, ROUTES)
    return after
