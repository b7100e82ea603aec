"""Kafka goes away, hangs, refuses or forgets: nothing is missing and nothing out of order afterwards."""

import gc
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaProducer  # type: ignore[import-untyped]
from kafka.errors import KafkaError  # type: ignore[import-untyped]

from services.store.ledger import Ledger
from services.streaming.clients import connected
from tests.streaming.broker import Broker
from tests.streaming.conftest import MakeRelay
from tests.streaming.helpers import (
    HUADONG,
    change_topic,
    delete_topic,
    logged,
    positions_by_key,
    read_with_kcat,
    set_up_topic,
    visits,
)
from tests.waiting import eventually

OUTAGE = 12.0

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def sockets_of_refused_connections_are_collected() -> Iterator[None]:
    """kafka-python leaves the socket of every refused connection to the garbage collector."""
    yield
    gc.collect()


def test_a_broker_that_was_away_gets_everything_in_order(
    ledger: Ledger, broker: Broker, topic: str, relaying: MakeRelay
) -> None:
    impatient_topic = f"{topic}.impatient"
    visits(ledger, 60)
    patient = relaying(broker.bootstrap)
    impatient = relaying(broker.bootstrap, impatient_topic, patience=2.0)
    eventually(lambda: patient.lag() == impatient.lag() == 0)

    broker.stop()
    ends = time.monotonic() + OUTAGE
    while time.monotonic() < ends:
        visits(ledger, 20)
        time.sleep(1.0)
    assert "no acknowledgement from Kafka" in str(patient.failure)
    assert impatient.failure
    assert patient.position == impatient.position == 60
    broker.start()
    visits(ledger, 60)

    eventually(lambda: patient.lag() == impatient.lag() == 0)
    assert positions_by_key(read_with_kcat(broker.bootstrap, topic)) == logged(ledger)
    assert positions_by_key(read_with_kcat(broker.bootstrap, impatient_topic)) == logged(ledger)
    assert patient.failure is None
    assert impatient.failure is None


def test_a_broker_that_hangs_gets_a_new_producer(
    ledger: Ledger, broker: Broker, topic: str, relaying: MakeRelay
) -> None:
    visits(ledger, 12)
    relay = relaying(broker.bootstrap, patience=1.0)
    eventually(lambda: relay.lag() == 0)
    broker.pause()
    try:
        visits(ledger, 24)
        eventually(lambda: "NoProgress" in str(relay.failure))
        assert relay.position == 12
    finally:
        broker.resume()
    eventually(lambda: relay.lag() == 0)
    assert positions_by_key(read_with_kcat(broker.bootstrap, topic)) == logged(ledger)


@pytest.mark.parametrize("client", [KafkaAdminClient, KafkaProducer])
def test_nothing_is_left_of_a_client_that_found_no_broker(client: Any) -> None:
    threads = threading.active_count()
    with pytest.raises(KafkaError):
        connected(client, "127.0.0.1:1", bootstrap_timeout_ms=300)
    assert threading.active_count() == threads


def test_an_event_that_is_too_large_stops_the_relay_and_says_which(
    ledger: Ledger, servers: str, topic: str, relaying: MakeRelay
) -> None:
    set_up_topic(servers, topic, max_message_bytes="3000")
    visits(ledger, 5, streams=[HUADONG], contents=["short", "short", "long " * 1000, "short", "short"])
    relay = relaying(servers)
    eventually(lambda: "position 3 (customer.visit-recorded" in str(relay.failure))
    assert "max.message.bytes" in str(relay.failure)
    assert relay.position == 2
    assert positions_by_key(read_with_kcat(servers, topic)) == {HUADONG: [1, 2]}

    change_topic(servers, topic, max_message_bytes="100000")
    eventually(lambda: relay.lag() == 0)
    assert positions_by_key(read_with_kcat(servers, topic), once=True) == {HUADONG: [1, 2, 3, 4, 5]}


def test_nothing_of_a_stream_comes_after_an_event_that_the_broker_refused(
    ledger: Ledger, servers: str, topic: str, relaying: MakeRelay
) -> None:
    set_up_topic(servers, topic)
    visits(ledger, 2, streams=[HUADONG])
    relay = relaying(servers)
    eventually(lambda: relay.lag() == 0)
    change_topic(servers, topic, max_message_bytes="3000")
    contents = ["short", "long " * 1000, *["short"] * 400]
    visits(ledger, len(contents), streams=[HUADONG], contents=contents)
    eventually(lambda: "position 4 " in str(relay.failure))
    assert positions_by_key(read_with_kcat(servers, topic))[HUADONG] in ([1, 2], [1, 2, 3])

    change_topic(servers, topic, max_message_bytes="100000")
    eventually(lambda: relay.lag() == 0)
    assert positions_by_key(read_with_kcat(servers, topic)) == logged(ledger)


def test_a_topic_that_was_deleted_is_filled_from_the_first_event(
    ledger: Ledger, servers: str, topic: str, relaying: MakeRelay
) -> None:
    visits(ledger, 30)
    first = relaying(servers)
    eventually(lambda: first.lag() == 0)
    first.stop()
    delete_topic(servers, topic)
    visits(ledger, 30)
    second = relaying(servers)
    eventually(lambda: second.lag() == 0 and len(read_with_kcat(servers, topic)) == 60)
    assert positions_by_key(read_with_kcat(servers, topic), once=True) == logged(ledger)


def test_a_compacted_topic_is_refused(ledger: Ledger, servers: str, topic: str, relaying: MakeRelay) -> None:
    set_up_topic(servers, topic, cleanup_policy="compact")
    visits(ledger, 1)
    relay = relaying(servers)
    eventually(lambda: "cleanup.policy=compact" in str(relay.failure))
    assert relay.position == 0
    assert read_with_kcat(servers, topic) == []
