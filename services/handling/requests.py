"""What is asked of the handlers and what they answer."""

import random
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from aggregates.refusal import Refused
from commands.base import Command
from events.recorded import Actor, Context
from events.vocabulary.identifiers import EventId, PersonId, StreamId
from services.store.writing.saves import Key

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


class NotAnsweredError(Exception):
    """What is asked to complete a command was too far behind."""


Error = Refused | VersionMismatchError | KeyReusedError | BusyError | NotAnsweredError
"""Why a command was not recorded."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of a stream's version before a command is decided."""

    begun: bool = False
    """Something was recorded."""
    fresh: bool = False
    """Nothing was recorded yet."""
    some: frozenset[int] | None = None
    """The version is one of these."""
    none: frozenset[int] = frozenset()
    """The version is none of these."""

    def holds(self, version: int) -> bool:
        """Whether it holds of a version, 0 for a stream that has not begun."""
        return (
            (version > 0 or not self.begun)
            and (version == 0 or not self.fresh)
            and (self.some is None or version in self.some)
            and version not in self.none
        )


class Request(NamedTuple):
    """One command for one stream, with who gives it and under which conditions."""

    stream: StreamId
    command: Command
    context: Context
    expected_version: int | Condition | None = None
    key: Key | None = None
    further_keys: tuple[Key, ...] = ()
    """Keys to record with the first: of requests to which there was nothing to do."""


class RecordedEvent(NamedTuple):
    """An event that a command led to."""

    id: EventId
    name: str
    version: int


class Outcome(NamedTuple):
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


def context(actor: Actor, on_behalf_of: PersonId | None = None, command: Command | None = None) -> Context:
    """The context of a command that somebody gives now, with a correlation id of its own.

    Without the command, what it says of itself is added when it is decided.
    """
    return Context(
        actor=actor,
        on_behalf_of=on_behalf_of,
        reason=command and command.reason,
        occurred_at=command and command.occurred_at,
        # It tells commands apart, and need not be secret.
        correlation_id=UUID(int=random.getrandbits(128), version=4),
    )
