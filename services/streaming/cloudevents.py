"""An event of the log as a Kafka record: CloudEvents 1.0 in the binary mode of its Kafka binding."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from events.recorded import Recorded
from services.store.identity.lineage import Lineage

LOG = "zeren"
"""The name of the log, the first part of every id."""
CONTENT_TYPE = ("content-type", b"application/json")


class Record(NamedTuple):
    """What Kafka keeps of one event."""

    key: bytes
    """The stream id: all events of one stream lie in one partition."""
    value: bytes
    """The event's data as UTF-8 JSON."""
    headers: list[tuple[str, bytes]]
    """The attributes of the event, each once."""


class Origin(NamedTuple):
    """What a record says of the log that its event was recorded in."""

    log: bytes
    """The id of the log."""
    incarnation: bytes
    """The id of its incarnation."""
    prefix: bytes
    """What the event's own id begins with."""


def origin(lineage: Lineage, position: int) -> Origin:
    """The origin of the event at a position.

    Its id is the same in every copy, and after every restore: what was recorded in the first incarnation of a log keeps
    the id that it has always had, and what was recorded later names its incarnation.
    """
    one = lineage.of(position)
    return _origin(lineage.id, one.id, one.number == 1)


@lru_cache(maxsize=64)
def _origin(log: UUID, incarnation: UUID, first: bool) -> Origin:
    return Origin(str(log).encode(), str(incarnation).encode(), (LOG if first else f"{LOG}/{incarnation}").encode())


def record(recorded: Recorded, of: Origin) -> Record:
    """The record of one event; attributes that nobody gave are absent."""
    event, context, stream = recorded.event, recorded.context, recorded.stream
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": f"{of.prefix.decode()}/{recorded.position}",
        "ce_source": f"/{LOG}/{stream.partition(':')[0]}",
        "ce_type": event.event_name,
        "ce_subject": stream,
        "ce_time": instant(recorded.occurred_at),
        "ce_recordedtime": instant(recorded.recorded_at),
        "ce_logid": of.log.decode(),
        "ce_incarnation": of.incarnation.decode(),
        "ce_position": str(recorded.position),
        "ce_streamversion": str(recorded.version),
        "ce_dataversion": str(event.class_version),
        "ce_eventid": str(recorded.id),
        "ce_actor": context.actor,
        "ce_trust": context.trust,
        "ce_onbehalfof": context.on_behalf_of,
        "ce_correlationid": context.correlation_id,
        "ce_causationid": context.causation_id,
    }
    headers = [(name, str(value).encode()) for name, value in attributes.items() if value is not None]
    headers.append(CONTENT_TYPE)
    return Record(stream.encode(), event.model_dump_json().encode(), headers)


def instant(at: datetime) -> str:
    """An instant in UTC as RFC 3339 writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
