"""What is asked of the handlers and what they answer."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid4

from aggregates.refusal import Refused
from commands.base import Command
from events.recorded import Actor, Context
from events.vocabulary.identifiers import EventId, PersonId, StreamId
from services.store.saves import Key

ATTEMPTS = 30
"""How often a command is decided anew after others changed what it was decided on."""


class VersionMismatchError(Exception):
    """The stream is not at the version that the sender expected."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the stream is at version {version}")
        self.version = version


class KeyReusedError(Exception):
    """The idempotency key was used before, for another request."""


class BusyError(Exception):
    """Too many others changed the stream at the same time."""


Error = Refused | VersionMismatchError | KeyReusedError | BusyError
"""Why a command was not recorded."""


@dataclass(frozen=True, slots=True)
class Request:
    """One command for one stream, with who gives it and under which conditions."""

    stream: StreamId
    command: Command
    context: Context
    expected_version: int | None = None
    key: Key | None = None
    further_keys: tuple[Key, ...] = ()
    """Keys to record with the first: of requests to which there was nothing to do."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event that a command led to."""

    id: EventId
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to; no events where there was nothing to do."""

    stream: StreamId
    version: int
    """The stream's version after the command."""
    position: int
    """The log position by which a view shows the outcome."""
    events: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a group of commands was not recorded: the index of the command at fault, and what is wrong."""

    index: int
    error: Error


GroupResult = list[Outcome] | Failure


def context(actor: Actor, on_behalf_of: PersonId | None = None) -> Context:
    """The context of a command that somebody gives now, with a correlation id of its own."""
    return _of_somebody(actor, on_behalf_of).model_copy(update={"correlation_id": uuid4()})


@lru_cache(4096)
def _of_somebody(actor: Actor, on_behalf_of: PersonId | None) -> Context:
    return Context(actor=actor, on_behalf_of=on_behalf_of)
