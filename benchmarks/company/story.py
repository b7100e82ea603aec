"""Lets commands happen in order of time by the real rules, and keeps what they lead to as it is written in the log."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from typing import cast
from uuid import UUID

from aggregates.circumstances import Circumstances
from aggregates.decider import State, decide, fold, initial
from aggregates.person.state import Person
from commands.base import Command
from events.catalogue import AnyEvent
from events.recorded import Actor, Context
from events.vocabulary.identifiers import COMPANY_POLICY, CustomerId, EventId, PersonId, StreamId, event_id, stream_id
from services.handling.first_rules import first_rules
from services.store.mapper import encode

MARK = "fedcba98-7654"
"""The beginning of every id in the story; whoever copies the story puts another one in its place."""
BEGINNING = datetime(2020, 1, 6, 1, tzinfo=UTC)
"""A Monday, nine o'clock in Shanghai."""

_POLICY = stream_id("policy", COMPANY_POLICY)


@dataclass(frozen=True, slots=True)
class Written:
    """One event as the log keeps it."""

    stream: StreamId
    version: int
    topic: str
    state: bytes
    claim: str | None
    """The key by which the id of the item that it opens stays unique; none where it opens none."""


@dataclass
class Story:
    """What happens, by instant; every command goes through the rules and is refused as loudly as anywhere."""

    chance: random.Random = field(default_factory=lambda: random.Random(20))  # noqa: S311 - no secret
    written: list[Written] = field(default_factory=list)
    states: dict[StreamId, State] = field(default_factory=dict)
    recorded: dict[EventId, AnyEvent] = field(default_factory=dict)
    _made: int = 0
    _agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for rule in first_rules():
            self._decide(BEGINNING, _POLICY, rule)

    def new_id(self) -> UUID:
        """An id that nobody has."""
        self._made += 1
        return UUID(f"{MARK}-4000-8000-{self._made:012x}")

    def state(self, stream: StreamId) -> State:
        """How a stream stands."""
        return self.states.get(stream) or initial(stream)

    def plan(self, at: datetime, what: Callable[[datetime], None]) -> None:
        """Let something happen at an instant."""
        self._made += 1
        heappush(self._agenda, (at, self._made, what))

    def happen(self) -> None:
        """Let everything happen, in order of time, with all that is planned meanwhile."""
        while self._agenda:
            at, _, what = heappop(self._agenda)
            what(at)

    def give(self, at: datetime, stream: StreamId, actor: Actor, command: Command) -> None:
        """Give a command.

        Raises:
            Refused: a rule says no.
        """
        version = self.state(stream).version
        events = self._decide(at, stream, command)
        why = Context(actor=actor, occurred_at=at, reason=command.reason, correlation_id=self.new_id())
        for place, event in enumerate(events, version + 1):
            claim = None
            if event.opens and event.about:
                claim = f"{event.about.ids}:{getattr(event, event.about.field)}"
            self.written.append(Written(stream, place, event.event_name, encode(event, why), claim))

    def _decide(self, at: datetime, stream: StreamId, command: Command) -> list[AnyEvent]:
        def person(identifier: PersonId) -> Person:
            return cast("Person", self.state(stream_id("person", identifier)))

        def customer_exists(identifier: CustomerId) -> bool:
            return stream_id("customer", identifier) in self.states

        def recorded(version: int) -> AnyEvent:
            return self.recorded[event_id(stream, version)]

        now = at + timedelta(minutes=1)
        policy = partial(cast, "Policy", self.state(_POLICY))
        circumstances = Circumstances(now, policy, person, customer_exists, recorded)
        before = self.state(stream).version
        events = decide(command, self.state(stream), circumstances)
        self.recorded.update({event_id(stream, version): event for version, event in enumerate(events, before + 1)})
        self.states[stream] = fold(self.state(stream), events)
        return events
