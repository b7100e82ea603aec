"""The end of a topic: which events Kafka holds, read back from it."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple
from uuid import UUID

from kafka import KafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from kafka.errors import KafkaTimeoutError  # type: ignore[import-untyped]

from services.streaming.clients import connected

PATIENCE = 30.0
"""Seconds that the records at the end may take to come."""


class Held(NamedTuple):
    """What a record says of its event."""

    position: int
    stream: str
    version: int
    name: str
    recorded_at: bytes
    """As the record has it."""
    log: UUID | None
    """The id of the log; none in records of an earlier release."""
    incarnation: UUID | None
    """The id of its incarnation; none in records of an earlier release, which knew of none."""


def tail(servers: str, topic: str, count: int) -> list[Held]:
    """About `count` records at the end of a topic, as many of each partition; records of others are left out.

    Raises:
        KafkaError: Kafka is away, or does not give them.
    """
    consumer = connected(KafkaConsumer, servers, group_id=None, enable_auto_commit=False, metrics_enabled=False)
    with closing(consumer):
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        begin, end = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        wanted = [one for one in partitions if end[one] > begin[one]]
        if not wanted:
            return []
        consumer.assign(wanted)
        for one in wanted:
            consumer.seek(one, max(begin[one], end[one] - max(1, count // len(wanted))))
        return list(_held(consumer, {one: end[one] for one in wanted}))


def _held(consumer: Any, end: dict[TopicPartition, int]) -> Iterator[Held]:
    deadline = time.monotonic() + PATIENCE
    while any(consumer.position(one) < last for one, last in end.items()):
        if time.monotonic() > deadline:
            raise KafkaTimeoutError(f"the end of the topic did not come within {PATIENCE:g} s")
        for partition, records in consumer.poll(timeout_ms=500).items():
            for record in records:
                headers = dict(record.headers)
                if record.offset < end[partition] and "ce_position" in headers:
                    yield _read(headers)


def _read(headers: dict[str, bytes]) -> Held:
    log, incarnation = (headers.get(name) for name in ("ce_logid", "ce_incarnation"))
    return Held(
        int(headers["ce_position"]),
        headers["ce_subject"].decode(),
        int(headers["ce_streamversion"]),
        headers["ce_type"].decode(),
        headers["ce_recordedtime"],
        UUID(log.decode()) if log else None,
        UUID(incarnation.decode()) if incarnation else None,
    )
