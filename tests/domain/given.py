"""Scenarios as sentences: `given_customer(assigned(LIN)).when(end(1, ...)).then(ended(1, ...))`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from aggregates import decider
from aggregates.circumstances import Circumstances
from aggregates.person.state import Person
from aggregates.refusal import Refused
from commands.base import Command
from commands.facts import FactCommand
from commands.person.directory import DeactivatePerson
from events.base import Event
from events.catalogue import PolicyEvent
from events.customer.profile import CustomerRegistered
from events.person.directory import PersonDeactivated, PersonRegistered
from events.project.initiation import ProjectProposed
from events.vocabulary.identifiers import (
    COMPANY_POLICY,
    CustomerId,
    EventId,
    PersonId,
    StreamId,
    event_id,
    stream_id,
)
from tests.domain.company import POLICY, policy
from tests.domain.people import BINHAI, HUADONG, LINE_SEVEN, NAMES, NOW, QIAN, QIAN_LEFT

REGISTERED = CustomerRegistered(name="华东机械", industry="装备制造", region="华东", registered_on=None)
PROPOSED = ProjectProposed(customer=HUADONG, name="七号线改造", goal=None, budget=None, starts_on=None, ends_on=None)


def registered(person: PersonId) -> PersonRegistered:
    """How one of the named people came into the directory."""
    return PersonRegistered(
        name=NAMES[person], department="key_accounts", manager=None, skills=(), email=None, phone=None
    )


def person(identifier: PersonId) -> Person:
    """The remembered state of one of the named people; an empty one for a stranger."""
    history: list[Event] = [registered(identifier)] if identifier in NAMES else []
    if identifier == QIAN:
        history.append(PersonDeactivated(since=QIAN_LEFT))
    state = decider.fold(Person(stream_id("person", identifier)), history)
    assert isinstance(state, Person)
    return state


def customer_exists(customer: CustomerId) -> bool:
    """Whether it is one of the named customers."""
    return customer in {HUADONG, BINHAI}


def unread(version: int) -> Event:
    """Nothing can be put right where there is no history."""
    raise LookupError(version)


CIRCUMSTANCES = Circumstances(
    now=NOW, policy=lambda: POLICY, person=person, customer_exists=customer_exists, recorded=unread
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to: events, or a refusal."""

    scenario: "Scenario"
    command: Command
    events: tuple[Event, ...] = ()
    refusal: Refused | None = None

    def then(self, *expected: Event) -> "Scenario":
        """The command is accepted with exactly these events, and given again it records nothing."""
        assert self.refusal is None, f"refused: {self.refusal} at {self.refusal.field if self.refusal else None}"
        assert self.events == expected
        after = replace(self.scenario, history=(*self.scenario.history, *self.events))
        again = after.when(self.command)
        assert again.refusal is None, f"the same command again is refused: {again.refusal}"
        assert again.events == (), "the same command again records more"
        return after

    def nothing(self) -> "Scenario":
        """There is nothing to do."""
        return self.then()

    def refused(self, code: str, field: str | None = None, **details: str) -> None:
        """The command is refused with this code, at a field that the command has."""
        assert self.refusal is not None, f"accepted: {self.events}"
        assert (self.refusal.code, self.refusal.field) == (code, field)
        assert self.refusal.details == details
        assert field is None or field.partition(".")[0] in type(self.command).model_fields


@dataclass(frozen=True, slots=True)
class Scenario:
    """A stream with its history, and the world around it."""

    stream: StreamId
    history: tuple[Event, ...] = ()
    circumstances: Circumstances = CIRCUMSTANCES
    timed: bool = False
    """Whether the scenario says what time it is; otherwise it is whenever the facts that it tells of have happened."""

    def at(self, now: datetime) -> "Scenario":
        """The same at another time."""
        return replace(self, circumstances=replace(self.circumstances, now=now), timed=True)

    def imported(self) -> "Scenario":
        """The same with a command that comes from a file, and brings its provenance."""
        return replace(self, circumstances=replace(self.circumstances, imported=True))

    def by(self, person: PersonId | None, on_behalf_of: PersonId | None = None) -> "Scenario":
        """The same with a command that somebody gives; nobody is a process of ours."""
        return replace(self, circumstances=replace(self.circumstances, actor=person, on_behalf_of=on_behalf_of))

    def under(self, *editions: PolicyEvent) -> "Scenario":
        """The same under other rules of the company."""
        rules = policy(*editions)
        return replace(self, circumstances=replace(self.circumstances, policy=lambda: rules))

    def event(self, version: int) -> EventId:
        """The identity of an event of the history (1, 2, …)."""
        return event_id(self.stream, version)

    def state(self) -> decider.State:
        """What is remembered of the history."""
        return decider.fold(decider.initial(self.stream), self.history)

    def world(self, command: Command) -> Circumstances:
        """The world in which a command is given."""
        now = (
            self.circumstances.now
            if self.timed
            else max(self.circumstances.now, *_told_of(command), *self._happened(command))
        )
        return replace(self.circumstances, now=now, recorded=lambda version: self.history[version - 1])

    def _happened(self, command: Command) -> Iterator[datetime]:
        """When what is put right had happened."""
        if isinstance(command, FactCommand):
            yield from (event.instant for event in self.history if event.instant and not event.planned)

    def when(self, command: Command) -> Outcome:
        """Give a command."""
        try:
            events: Sequence[Event] = decider.decide(command, self.state(), self.world(command))
        except Refused as refusal:
            return Outcome(self, command, refusal=refusal)
        return Outcome(self, command, tuple(events))


def _told_of(command: Command) -> Iterator[datetime]:
    """When what a command reports had happened."""
    yield NOW
    for name in ("at", "occurred_at", "visited_at", "answered_at", "received_at", "fulfilled_at"):
        if isinstance(happened := getattr(command, name, None), datetime):
            yield happened
    for name in ("reviewed_on", "collected_on", "registered_on"):
        if isinstance(day := getattr(command, name, None), date):
            yield datetime.combine(day, time(), UTC)
    if isinstance(command, DeactivatePerson):
        yield command.since


def given_customer(*history: Event) -> Scenario:
    """华东机械, registered (event 1) and then as told."""
    return Scenario(stream_id("customer", HUADONG), (REGISTERED, *history))


def given_customer_before_registration() -> Scenario:
    """华东机械, of whom nothing is known."""
    return Scenario(stream_id("customer", HUADONG))


def given_project(*history: Event) -> Scenario:
    """七号线改造, proposed (event 1) and then as told."""
    return Scenario(stream_id("project", LINE_SEVEN), (PROPOSED, *history))


def given_project_before_proposal() -> Scenario:
    """七号线改造, of which nothing is known."""
    return Scenario(stream_id("project", LINE_SEVEN))


def given_person(identifier: PersonId, *history: Event) -> Scenario:
    """The directory entry of one person, as told."""
    return Scenario(stream_id("person", identifier), history)


def given_policy(*history: Event) -> Scenario:
    """The company's rules, as told."""
    return Scenario(stream_id("policy", COMPANY_POLICY), history)
