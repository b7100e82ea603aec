"""Records commands through the one door, and asks the views when they have seen them."""

from typing import Any
from uuid import UUID

from commands.base import Command
from commands.customer.profile import RegisterCustomer
from commands.person.directory import RegisterPerson
from events.base import Event
from events.recorded import Actor
from events.vocabulary.identifiers import CustomerId, PersonId, StreamId, StreamKind, stream_id
from projections.pages import Listing
from services.application import Zeren
from services.handling import Failure, Outcome, Request, context
from services.questions.views import Moment
from services.store.mapper import EventMapper, StreamEvent
from services.store.writing.saves import Appended, Save
from tests.domain.people import NAMES


class Book:
    """A ledger to write in and its views to read from."""

    def __init__(self, zeren: Zeren) -> None:
        self.zeren = zeren
        self.position = zeren.ledger.size()

    def record(self, kind: StreamKind, identifier: UUID, *commands: Command, actor: Actor = "system") -> int:
        """Record commands for one stream, all or nothing; the position after them."""
        stream: StreamId = stream_id(kind, identifier)
        requests = [Request(stream, command, context(actor)) for command in commands]
        result = self.zeren.handler.execute_groups([requests])[0]
        if isinstance(result, Failure):
            raise result.error
        outcomes: list[Outcome] = result
        self.position = max(outcome.position for outcome in outcomes)
        return self.position

    def last_event(self) -> Event:
        """The event that was recorded last."""
        return self.zeren.ledger.read(self.position - 1, 1)[0].event

    def plant(self, kind: StreamKind, identifier: UUID, event: Event) -> None:
        """Append an event past all rules."""
        stream = stream_id(kind, identifier)
        version = self.zeren.ledger.state(stream).version + 1
        stored = EventMapper().to_stored_event(StreamEvent(stream, version, event, context("system")))
        (result,) = self.zeren.ledger.log_recorder.append([Save(stream, [stored])])
        assert isinstance(result, Appended)
        self.position = result.position

    def everybody(self) -> None:
        """Enter the people that the scenarios speak of."""
        for person, name in NAMES.items():
            self.record("person", person, RegisterPerson(name=name, department="east"))

    def customer(self, customer: CustomerId, name: str = "华东机械") -> None:
        """Open the ledger of a customer."""
        self.record("customer", customer, RegisterCustomer(name=name))

    def moment(self, **times: Any) -> Moment:
        """Now, or the given times, no older than what was recorded last."""
        return self.zeren.views.moment(at_least=self.position, **times)

    def rows(self, query: str, moment: Moment | None = None, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a question at a moment."""
        asked = moment or self.moment()
        return self.zeren.views.rows(query, {"at": asked.effective_at, "known": asked.known_position, **parameters})

    def listed(self, listing: Listing, moment: Moment | None = None, **filters: Any) -> list[dict[str, Any]]:
        """The first hundred rows of a list in its usual order."""
        return self.rows(listing.query(filters), moment, limit=100, **filters)


def person_actor(person: PersonId) -> Actor:
    """Somebody as an actor."""
    return f"person:{person}"
