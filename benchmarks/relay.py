"""Events per second from the log into a real Kafka broker: our relay, and kafka-python alone with the same bytes."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from statistics import median
from typing import Any

from kafka import KafkaProducer  # type: ignore[import-untyped]
from kafka.partitioner import DefaultPartitioner  # type: ignore[import-untyped]

from benchmarks.aims import Aim
from benchmarks.broker import missing, new_broker
from benchmarks.history import History, begin
from benchmarks.machine import new_database
from benchmarks.tables import Table
from services.store.database import Database
from services.store.identity.keeping import lineage_of
from services.store.identity.known import Identity
from services.streaming.clients import connected
from services.streaming.cloudevents import Record
from services.streaming.log import read
from services.streaming.ordered_producer import settings
from services.streaming.progress import Progress
from services.streaming.topic import open_topic

SIZE = 40_000
"""Events, unless told otherwise."""
_TITLE = "Events per second into Kafka"
_PROGRAM = (
    "from services.settings import Settings; from services.streaming.process import relay_until_stopped; "
    "relay_until_stopped(Settings.from_environment())"
)
_PATIENCE = 600.0


def tables(_seconds: float, rounds: int, size: int = SIZE) -> Iterator[Table]:
    """Relay and bare producer take turns on one broker, each time into a topic of its own."""
    absent = missing()
    if absent:
        yield Table(_TITLE, ["", ""], [["not measured", f"needs {', '.join(absent)}"]])
        return
    rates: dict[str, list[float]] = {"Zeren's relay": [], "kafka-python alone": []}
    with new_database() as url, new_broker() as servers:
        begin(url)
        with Database(url) as database:
            History(database).fill(size)
            records = [record for _, record in read(database, Identity(database, lineage_of(database)), 0, size)]
            for _ in range(rounds):
                rates["Zeren's relay"].append(relayed(database, servers, size))
                rates["kafka-python alone"].append(_alone(servers, records))
    ratio = median(rates["Zeren's relay"]) / median(rates["kafka-python alone"])
    yield Table(
        _TITLE,
        ["", "events/s", "least", "most"],
        [[name, f"{median(found):,.0f}", f"{min(found):,.0f}", f"{max(found):,.0f}"] for name, found in rates.items()],
        [
            f"medians of {rounds} rounds of {size:,} events, in turns; one broker, 6 partitions, `acks=all`, crc32c",
            "the relay is a process of its own and reads from PostgreSQL; alone: the same records, ready in memory",
            f"Zeren's relay ÷ kafka-python alone: {ratio:.2f}",
        ],
        [Aim("relay ÷ kafka-python alone", ratio, 0.7)],
    )


def relayed(database: Database, servers: str, size: int) -> float:
    """Events per second of a relay process, from its first stored position to the last one."""
    topic = f"zeren.benchmark.{secrets.token_hex(6)}"
    progress = Progress(database, topic)
    environment = {
        **os.environ,
        "ZEREN_DATABASE_URL": database.url,
        "ZEREN_KAFKA_BOOTSTRAP_SERVERS": servers,
        "ZEREN_KAFKA_TOPIC": topic,
    }
    with subprocess.Popen([sys.executable, "-c", _PROGRAM], env=environment) as process:  # noqa: S603 - our own program
        try:
            first, began = _wait(process, progress, 1)
            last, ended = _wait(process, progress, size)
        finally:
            process.terminate()
    return (last - first) / (ended - began)


def _wait(process: "subprocess.Popen[bytes]", progress: Progress, position: int) -> tuple[int, float]:
    deadline = time.perf_counter() + _PATIENCE
    while (reached := progress.position) < position:
        if process.poll() is not None or time.perf_counter() > deadline:
            raise RuntimeError(f"the relay stopped at position {reached}")
        time.sleep(0.005)
    return reached, time.perf_counter()


def _alone(servers: str, records: Sequence[Record]) -> float:
    """Events per second of a producer set up like that of the relay, which sends all and waits for the last."""
    topic = open_topic(servers, f"zeren.benchmark.{secrets.token_hex(6)}")
    alone = settings(topic) | {"partitioner": DefaultPartitioner()}
    with closing(connected(KafkaProducer, servers, **alone)) as producer:
        began = time.perf_counter()
        sent: list[Any] = [
            producer.send(topic.name, key=record.key, value=record.value, headers=record.headers) for record in records
        ]
        producer.flush()
        ended = time.perf_counter()
    if not all(one.succeeded() for one in sent):
        raise RuntimeError("some records did not arrive")
    return len(records) / (ended - began)
