"""Ledgers with both handlers, and the customer and the person that the scenarios are about."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from commands.base import Command
from events.vocabulary.identifiers import CustomerId, PersonId, StreamId, stream_id
from services.application import Zeren
from services.handling import Outcome, Request, TaskHandler, context
from services.store.writing.saves import Key
from tests.handling.words import register_customer, register_person


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that tests of tasks run in."""
    return "asyncio"


@dataclass
class Process:
    """One process over a ledger, as far as a scenario can tell."""

    zeren: Zeren
    tasks: TaskHandler | None = None

    @asynccontextmanager
    async def taking_commands(self) -> AsyncIterator["Process"]:
        """With the handler for tasks."""
        async with self.zeren.ledger.group_commit() as writer:
            self.tasks = TaskHandler(self.zeren.handler, writer)
            yield self

    async def give(
        self, stream: StreamId, command: Command, *, expected: int | None = None, key: str | None = None
    ) -> Outcome:
        """Give a command to the handler for tasks."""
        assert self.tasks is not None
        return await self.tasks.execute(asked(stream, command, expected=expected, key=key))

    def give_by_thread(self, stream: StreamId, command: Command) -> Outcome:
        """Give a command to the handler for threads."""
        return self.zeren.handler.execute(asked(stream, command))

    def names(self, stream: StreamId) -> list[str]:
        """The names of a stream's events."""
        return [recorded.event.event_name for recorded in self.zeren.ledger.read_stream(stream)]


def asked(stream: StreamId, command: Command, *, expected: int | None = None, key: str | None = None) -> Request:
    """A request of the administrator."""
    kept = None if key is None else Key("system", key, command.model_dump_json().encode())
    return Request(stream, command, context("system"), expected, kept)


@dataclass
class Company:
    """One customer and one person, registered."""

    customer: StreamId = field(default_factory=lambda: stream_id("customer", CustomerId(uuid4())))
    lin: PersonId = field(default_factory=lambda: PersonId(uuid4()))

    @property
    def person(self) -> StreamId:
        """The person's stream."""
        return stream_id("person", self.lin)


@pytest.fixture
def processes(database_url: str) -> Iterator[Callable[[], Process]]:
    """Opens processes over one ledger."""
    with ExitStack() as opened:
        yield lambda: Process(opened.enter_context(Zeren(database_url, projecting=False)))


@pytest.fixture
def ours(processes: Callable[[], Process]) -> Process:
    """The process that the scenario is about."""
    return processes()


@pytest.fixture
def other(ours: Process, processes: Callable[[], Process]) -> Process:
    """Another process over the same ledger."""
    return processes()


@pytest.fixture
def company(ours: Process) -> Company:
    """Known to our process."""
    made = Company()
    ours.give_by_thread(made.person, register_person("林晓"))
    ours.give_by_thread(made.customer, register_customer("华东电力集团"))
    return made


def new_id() -> UUID:
    """A fresh identifier."""
    return uuid4()
