"""The deciders of all streams behind one door."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from aggregates import streams
from aggregates.circumstances import Circumstances
from aggregates.customer import decider as customer
from aggregates.customer.state import Customer
from aggregates.due import Due
from aggregates.person import decider as person
from aggregates.person.state import Person
from aggregates.policy import decider as policy
from aggregates.policy.state import Policy
from aggregates.project import decider as project
from aggregates.project.state import Project
from commands.base import Command
from events.base import Event
from events.catalogue import AnyEvent
from events.vocabulary.identifiers import StreamId, StreamKind

State = Customer | Project | Person | Policy

_INITIAL: dict[StreamKind, type[State]] = {
    "customer": Customer,
    "project": Project,
    "person": Person,
    "policy": Policy,
}
_RULES: dict[type[State], Any] = {Customer: customer, Project: project, Person: person, Policy: policy}


def initial(stream: StreamId) -> State:
    """The state of a stream in which nothing happened yet."""
    return _INITIAL[cast("StreamKind", stream.partition(":")[0])](stream)


def decide(command: Command, state: State, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command of the stream's own catalogue; none where there is nothing to do.

    Raises:
        Refused: a rule says no.
    """
    events: list[AnyEvent] = _RULES[type(state)].decide(command, state, circumstances)
    return events


def evolve(state: State, event: Event) -> State:
    """The state after an event."""
    after: State = _RULES[type(state)].evolve(state, event)
    return after


def due(state: State, now: datetime) -> list[Due]:
    """The commands whose time has come by an instant, the earliest first; they are given at their own instants."""
    if isinstance(state, Policy):
        return []
    return streams.due(state, now, _RULES[type(state)].ROUTES)


def fold(state: State, events: Iterable[Event]) -> State:
    """The state after all events, in order."""
    for event in events:
        state = evolve(state, event)
    return state
