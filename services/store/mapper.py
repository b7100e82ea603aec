"""How an event is written on disk and read back: a closed catalogue, step-wise upcasting, validation on read."""

import json
from functools import cache
from typing import Any, NamedTuple

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from events.base import Event
from events.catalogue import CATALOGUE, brought_up
from events.recorded import Context


class StreamEvent(NamedTuple):
    """An event at its place in a stream, as the library passes it around."""

    originator_id: str
    originator_version: int
    event: Event
    context: Context


class UnreadableEventError(Exception):
    """A stored event is not in the catalogue or does not have the shape it should have."""


class EventMapper(Mapper[str]):
    """Turns stream events into stored ones and back; the stored topic is the event's permanent name."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The row to store: `{"v": shape version, "data": …, "context": …}` as UTF-8 JSON."""
        if not isinstance(domain_event, StreamEvent):
            raise TypeError("only stream events are stored")
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.event.event_name,
            state=encode(domain_event.event, domain_event.context),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> StreamEvent:
        """The stream event of a row.

        Raises:
            UnreadableEventError: the name is not in the catalogue, or the data does not fit.
        """
        event, context = decode(stored_event.topic, stored_event.state)
        return StreamEvent(str(stored_event.originator_id), stored_event.originator_version, event, context)


def encode(event: Event, context: Context) -> bytes:
    """The written form of an event."""
    why = context.__pydantic_serializer__.to_json(context, exclude_defaults=True)
    return b"".join((opening(type(event)), event.written, b',"context":', why, b"}"))


@cache
def opening(cls: type[Event]) -> bytes:
    """What the written form of a class begins with in its present shape: everything before the data."""
    return f'{{"v":{cls.class_version},"data":'.encode()


def decode(name: str, state: bytes) -> tuple[Event, Context]:
    """The event and its context from their written form, brought to the present shape step by step.

    Raises:
        UnreadableEventError: the name is not in the catalogue, or the data does not fit.
    """
    try:
        cls = CATALOGUE[name]
        written: dict[str, Any] = json.loads(state)
        data = brought_up(cls, written["v"], written["data"])
        return cls.model_validate(data), Context.model_validate(written["context"])
    except (KeyError, ValueError, TypeError) as error:
        raise UnreadableEventError(f"{name}: {error}") from error
