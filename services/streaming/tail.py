"""The end of a topic: which events Kafka holds, read back from it."""

import time
from collections.abc import Callable, Iterator
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
    with closing(_consumer(servers)) as consumer:
        begin, end = _range(consumer, topic)
        for one in end:
            consumer.seek(one, max(begin[one], end[one] - max(1, count // len(end))))
        return list(_held(consumer, end))


def turning(servers: str, topic: str, same: Callable[[Held], bool]) -> list[Held]:
    """Of each partition the last record that is the `same` as in the log, and the first one that is not.

    From some record on none is, so half of what is left is ruled out with each look.

    Raises:
        KafkaError: as `tail`.
    """
    found: list[Held] = []
    with closing(_consumer(servers)) as consumer:
        begin, end = _range(consumer, topic)
        for one in end:
            low, high = begin[one], end[one]
            while low < high:
                middle = (low + high) // 2
                held = _one(consumer, one, middle)
                if held is None or same(held):
                    low = middle + 1
                else:
                    high = middle
            looked = (_one(consumer, one, at) for at in (low - 1, low) if begin[one] <= at < end[one])
            found += [held for held in looked if held is not None]
    return found


def _consumer(servers: str) -> Any:
    return connected(KafkaConsumer, servers, group_id=None, enable_auto_commit=False, metrics_enabled=False)


def _range(consumer: Any, topic: str) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    """Where the partitions that hold something begin and end; the consumer is to read these."""
    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    begin, end = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    end = {one: end[one] for one in partitions if end[one] > begin[one]}
    if end:
        consumer.assign([*end])
    return begin, end


def _one(consumer: Any, partition: TopicPartition, offset: int) -> Held | None:
    """The record at an offset; none where it is of somebody else."""
    others = [one for one in consumer.assignment() if one != partition]
    consumer.pause(*others)
    consumer.resume(partition)
    consumer.seek(partition, offset)
    return next(_held(consumer, {partition: offset + 1}), None)


def _held(consumer: Any, end: dict[TopicPartition, int]) -> Iterator[Held]:
    deadline = time.monotonic() + PATIENCE
    while any(consumer.position(one) < last for one, last in end.items()):
        if time.monotonic() > deadline:
            raise KafkaTimeoutError(f"the end of the topic did not come within {PATIENCE:g} s")
        for partition, records in consumer.poll(timeout_ms=500).items():
            for record in records:
                headers = dict(record.headers)
                if record.offset < end.get(partition, 0) and "ce_position" in headers:
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
