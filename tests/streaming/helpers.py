"""Words for the streaming tests: events to send, and a foreign client that reads."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.persistence import StoredEvent
from kafka import KafkaAdminClient  # type: ignore[import-untyped]
from kafka.admin import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]

from events.customer.visits import VisitRecorded
from events.recorded import Context
from events.vocabulary.identifiers import CustomerId, PersonId, StreamId, VisitId, stream_id
from services.store.ledger import Ledger
from services.store.mapper import encode
from services.store.writing.recorder import Appended, Save
from services.streaming.cloudevents import Origin
from tests.waiting import PATIENCE

LIN = PersonId(UUID("00000000-0000-4000-8000-000000000001"))
CUSTOMERS = [stream_id("customer", CustomerId(UUID(int=number))) for number in range(1, 13)]
HUADONG = CUSTOMERS[0]
ORIGIN = Origin(b"a log", b"an incarnation", b"zeren")
CONTEXT = Context(actor=f"person:{LIN}", occurred_at=datetime(2025, 3, 10, 9, 30, tzinfo=UTC))


def visit(stream: StreamId, version: int, content: str = "要货 before autumn") -> VisitRecorded:
    """A visit by Lin."""
    return VisitRecorded(
        visit_id=VisitId(uuid5(LIN, f"{stream}/{version}")),
        visited_at=datetime(2025, 3, 10, 9, 30, tzinfo=UTC),
        channel="face_to_face",
        our_attendees=(LIN,),
        customer_attendees=("赵总",),
        purpose=None,
        content=content,
        feedback=None,
    )


def visits(
    ledger: Ledger, count: int, *, streams: Sequence[StreamId] = CUSTOMERS, contents: Sequence[str] | None = None
) -> None:
    """Record visits in one transaction, one after the other through the customers."""
    versions = {stream: len(ledger.read_stream(stream)) for stream in streams}
    saves = []
    for number in range(count):
        stream = streams[number % len(streams)]
        versions[stream] += 1
        event = visit(stream, versions[stream], contents[number]) if contents else visit(stream, versions[stream])
        saves.append(Save(stream, [StoredEvent(stream, versions[stream], event.event_name, encode(event, CONTEXT))]))
    for appended in ledger.log_recorder.append(saves):
        assert isinstance(appended, Appended), appended


def read_with_kcat(servers: str, topic: str) -> list[dict[str, Any]]:
    """All records of a topic, in order within each partition, with their headers as a dictionary."""
    command = ["kcat", "-b", servers, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-J"]
    read = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)
    records = [json.loads(line) for line in read.stdout.splitlines()]
    for record in records:
        names, values = record["headers"][::2], record["headers"][1::2]
        assert len(set(names)) == len(names)
        record["headers"] = dict(zip(names, values, strict=True))
    return sorted(records, key=lambda record: (record["partition"], record["offset"]))


def positions_by_key(records: Sequence[dict[str, Any]], *, once: bool = False) -> dict[str, list[int]]:
    """The positions of each key in the order of arrival, copies left out as consumers leave them out.

    A consumer keeps the highest position of each key and drops what is not above it.
    """
    kept: dict[str, list[int]] = defaultdict(list)
    for record in records:
        position = int(record["headers"]["ce_position"])
        positions = kept[record["key"]]
        if not positions or position > positions[-1]:
            positions.append(position)
        else:
            assert not once, f"position {position} came twice or late"
    return dict(kept)


def logged(ledger: Ledger) -> dict[str, list[int]]:
    """The positions of each stream as the log has them."""
    kept: dict[str, list[int]] = defaultdict(list)
    for recorded in ledger.read(0, 1_000_000):
        kept[recorded.stream].append(recorded.position)
    return dict(kept)


def set_up_topic(servers: str, topic: str, **settings: str) -> None:
    """Create a topic with one partition, as an administrator of Kafka does."""
    with closing(KafkaAdminClient(bootstrap_servers=servers)) as admin:
        configs = {name.replace("_", "."): value for name, value in settings.items()}
        admin.create_topics({topic: {"num_partitions": 1, "configs": configs}}, wait_for_metadata=True)


def change_topic(servers: str, topic: str, **settings: str) -> None:
    """Change settings of a topic, as an administrator of Kafka does."""
    with closing(KafkaAdminClient(bootstrap_servers=servers)) as admin:
        configs = {name.replace("_", "."): value for name, value in settings.items()}
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs)])


def delete_topic(servers: str, topic: str) -> None:
    """Delete a topic, as an administrator of Kafka does."""
    with closing(KafkaAdminClient(bootstrap_servers=servers)) as admin:
        admin.delete_topics([topic])
