"""What is asked of the log and what it answers: saves, idempotency keys, positions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from eventsourcing.persistence import IntegrityError, StoredEvent


@dataclass(frozen=True, slots=True)
class Answer:
    """What was recorded under an idempotency key."""

    fingerprint: bytes
    """SHA-256 of the request."""
    stream: str
    first_version: int
    last_version: int
    """Lower than `first_version` where there was nothing to do."""
    position: int


class Key(NamedTuple):
    """An idempotency key with the request that it stands for."""

    owner: str
    """Who may use the key again: keys of different owners never meet."""
    key: str
    fingerprint: bytes
    """SHA-256 of the request."""
    former: bytes | None = None
    """SHA-256 of the request as earlier releases took it, where they did so in another way."""

    def stands_for(self, answer: Answer) -> bool:
        """Whether what was recorded under the key is the answer to this request."""
        return answer.fingerprint in (self.fingerprint, self.former)


class KeyedVersions(NamedTuple):
    """The versions that a keyed request recorded; `last` is below `first` where there was nothing to do."""

    key: Key
    first: int
    last: int
    stream: str | None = None
    """The stream that the versions are of; that of the save where none is given."""


class Save(NamedTuple):
    """Events that are recorded together or not at all, of one stream or of several.

    The first event of a stream expects the stream to be at the version before; the others follow one by one.
    A save without events and keys records nothing: it asks whether its streams still stand where they stood.
    """

    stream: str
    """The stream that keys without one of their own are about."""
    events: Sequence[StoredEvent]
    keys: Sequence[KeyedVersions] = ()
    stands: Sequence[tuple[str, int]] = ()
    """Other streams with the version that each must stand at, 0 where it must not have begun."""


class Appended(NamedTuple):
    """The positions that a save got; the head of the log where it had no events."""

    positions: tuple[int, ...]
    position: int
    recorded_at: datetime


class KeyTakenError(Exception):
    """The idempotency key was used before."""


Result = Appended | IntegrityError | KeyTakenError
"""What a save came to; one that conflicts loses alone."""

Clock = Callable[[], datetime | None]
"""The store's clock; none means the database's own."""
