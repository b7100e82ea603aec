"""Lets a story happen by the rules alone, without a store, to try many days quickly."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from aggregates.circumstances import Circumstances
from aggregates.decider import State, decide, fold, initial
from aggregates.person.state import Person
from aggregates.policy.state import Policy
from commands.base import Command
from events.base import Event
from events.vocabulary.identifiers import COMPANY_POLICY, CustomerId, PersonId, StreamId, stream_id
from services.handling.first_rules import first_rules
from services.sample.story import Entry

POLICY = stream_id("policy", COMPANY_POLICY)


@dataclass
class World:
    """Every stream's state; what is refused raises."""

    states: dict[StreamId, State] = field(default_factory=dict)
    events: dict[StreamId, list[Event]] = field(default_factory=dict)

    def state(self, stream: StreamId) -> State:
        return self.states.get(stream) or initial(stream)

    def give(self, now: datetime, stream: StreamId, command: Command) -> list[Event]:
        def person(identifier: PersonId) -> Person:
            return cast("Person", self.state(stream_id("person", identifier)))

        def customer_exists(identifier: CustomerId) -> bool:
            return stream_id("customer", identifier) in self.states

        so_far = self.events.setdefault(stream, [])
        circumstances = Circumstances(
            now,
            lambda: cast("Policy", self.state(POLICY)),
            person,
            customer_exists,
            lambda version: so_far[version - 1],
            imported=True,
        )
        events = decide(command, self.state(stream), circumstances)
        self.states[stream] = fold(self.state(stream), events)
        so_far += events
        return list(events)


def happen(beginning: datetime, entries: Iterable[Entry]) -> list[tuple[Entry, list[Event]]]:
    """What every entry leads to.

    Raises:
        Refused: a rule says no.
    """
    world = World()
    for rule in first_rules():
        world.give(beginning, POLICY, rule)
    return [
        (
            entry,
            [event for command in entry.commands(world.state) for event in world.give(entry.at, entry.stream, command)],
        )
        for entry in entries
    ]
