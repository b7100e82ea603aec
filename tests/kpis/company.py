"""A company with a ledger whose clock a test sets, and the client that asks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from fastapi.testclient import TestClient

from commands.base import Command
from commands.customer.profile import RegisterCustomer
from commands.person.directory import RegisterPerson
from commands.policy.rules import PublishCadence, PublishRoleCatalogue, PublishServiceLevels, PublishWorkingCalendar
from events.base import Event
from events.recorded import Context
from events.vocabulary.identifiers import COMPANY_POLICY, CustomerId, EventId, StreamId, stream_id
from services.application import Zeren
from services.handling import Outcome, Request, context
from services.http.app import create_app
from services.settings import Settings
from services.store.mapper import encode
from services.store.writing.saves import Appended, Save
from tests.domain.company import CADENCE, CALENDAR, LEVELS, ROLES
from tests.domain.people import NAMES, on
from tests.http.client import Api

POLICY = stream_id("policy", COMPANY_POLICY)


class Clock:
    """The recorded time."""

    def __init__(self) -> None:
        self.now: datetime = on("2025-01-01")

    def __call__(self) -> datetime:
        return self.now


class Company:
    """Gives commands at the instants that a test says, and asks over HTTP."""

    def __init__(self, zeren: Zeren, client: TestClient, clock: Clock) -> None:
        self.zeren = zeren
        self.api = Api(client)
        self.clock = clock

    def give(self, stream: StreamId, command: Command) -> Outcome:
        """Record a command for a stream; what changes the past is given a reason."""
        reasoned = command if command.reason else command.model_copy(update={"reason": "补录"})
        outcome = self.zeren.handler.execute(Request(stream, reasoned, context("system")))
        self.api.position = max(self.api.position, outcome.position)
        return outcome

    def planted(self, customer: UUID, event: Event) -> None:
        """An event that no rule looked at, as an older release may have recorded it."""
        stream = stream_id("customer", customer)
        version = len(self.zeren.ledger.read_stream(stream)) + 1
        stored = StoredEvent(stream, version, event.event_name, encode(event, Context(actor="system")))
        (appended,) = self.zeren.ledger.log_recorder.append([Save(stream, [stored])])
        assert isinstance(appended, Appended)
        self.api.position = self.zeren.ledger.size()

    def customer(self, customer: UUID, command: Command) -> Outcome:
        """Record a command for a customer."""
        return self.give(stream_id("customer", customer), command)

    def person(self, person: UUID, command: Command) -> Outcome:
        """Record a command for a person."""
        return self.give(stream_id("person", person), command)

    def registered(self, customer: CustomerId, name: str = "华东机械", **fields: Any) -> EventId:
        """Register a customer; the event that says so."""
        return self.customer(customer, RegisterCustomer(name=name, **fields)).events[0].id

    def at(self, moment: str) -> "Company":
        """What follows is recorded at this instant."""
        self.clock.now = on(moment)
        return self

    def figure(self, code: str, period: str, scope: str = "company", **parameters: Any) -> dict[str, Any]:
        """A figure, over HTTP."""
        return self.api.ask(f"kpis/{code}", period=period, scope=scope, **parameters)

    def evidence(self, code: str, period: str, scope: str = "company", **parameters: Any) -> list[dict[str, Any]]:
        """Every event behind a figure, page by page over HTTP."""
        found: list[dict[str, Any]] = []
        page: dict[str, Any] = {"next": ""}
        while page["next"] is not None:
            after = {"after": page["next"]} if page["next"] else parameters
            page = self.api.ask(
                f"kpis/{code}/evidence", **{"period": period, "scope": scope, "limit": 7, **parameters, **after}
            )
            found += page["events"]
        return found


@contextmanager
def company(database_url: str) -> Iterator[Company]:
    """An open company with the people and rules of the scenarios, everything recorded on 2025-01-01."""
    clock = Clock()
    with (
        Zeren(database_url, clock=clock) as zeren,
        TestClient(create_app(zeren, Settings(dev_auth=True))) as client,
    ):
        opened = Company(zeren, client, clock)
        for rule in (
            PublishRoleCatalogue(roles=ROLES),
            PublishServiceLevels(since=on("2024-01-01"), levels=LEVELS),
            PublishWorkingCalendar(calendar=CALENDAR),
            PublishCadence(since=on("2024-01-01"), rules=CADENCE),
        ):
            opened.give(POLICY, rule)
        for person, name in NAMES.items():
            opened.person(person, RegisterPerson(name=name, department="east"))
        yield opened
