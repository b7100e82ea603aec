"""An event of the log as a Kafka record: CloudEvents 1.0 in the binary mode of its Kafka binding."""

from datetime import UTC, datetime
from typing import NamedTuple

from events.recorded import Recorded

LOG = "zeren"
"""The name of the log, the first half of every id."""
CONTENT_TYPE = ("content-type", b"application/json")


class Record(NamedTuple):
    """What Kafka keeps of one event."""

    key: bytes
    """The stream id: all events of one stream lie in one partition."""
    value: bytes
    """The event's data as UTF-8 JSON."""
    headers: list[tuple[str, bytes]]
    """The attributes of the event, each once."""


def record(recorded: Recorded) -> Record:
    """The record of one event; attributes that nobody gave are absent."""
    event, context, stream = recorded.event, recorded.context, recorded.stream
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": f"{LOG}/{recorded.position}",
        "ce_source": f"/{LOG}/{stream.partition(':')[0]}",
        "ce_type": event.event_name,
        "ce_subject": stream,
        "ce_time": instant(recorded.occurred_at),
        "ce_recordedtime": instant(recorded.recorded_at),
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
