"""Small facts to store."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from events.person.directory import PersonRegistered
from events.recorded import Context
from events.vocabulary.identifiers import StreamId, stream_id
from services.store.mapper import EventMapper, StreamEvent
from services.store.writing.saves import Key, KeyedVersions, Save

_MAPPER = EventMapper()


def new_stream() -> StreamId:
    """A stream in which nothing happened yet."""
    return stream_id("person", uuid4())


def new_token() -> str:
    """A text that nobody wrote before."""
    return f"token {uuid4()}"


def stored(stream: StreamId, version: int, name: str = "林晓") -> StoredEvent:
    """One stored event."""
    event = PersonRegistered(name=name, department=None, manager=None, skills=(), email=None, phone=None)
    return _MAPPER.to_stored_event(StreamEvent(stream, version, event, Context(actor="system")))


def save(stream: StreamId, *versions: int, name: str = "林晓", key: str | None = None) -> Save:
    """A save of some versions, under an idempotency key if one is given."""
    keys = [KeyedVersions(Key("system", key, b"request"), versions[0], versions[-1])] if key else []
    return Save(stream, [stored(stream, version, name) for version in versions], keys)


def told_apart(
    stream: StreamId,
    first: int,
    tokens: Sequence[str],
    key: str | None = None,
    stands: Sequence[tuple[str, int]] = (),
) -> Save:
    """A save of events that each carry a token of their own, and a key that stands for these tokens."""
    fingerprint = sha256("\n".join(tokens).encode()).digest()
    keys = [KeyedVersions(Key("system", key, fingerprint), first, first + len(tokens) - 1)] if key else []
    return Save(stream, [stored(stream, version, token) for version, token in enumerate(tokens, first)], keys, stands)
