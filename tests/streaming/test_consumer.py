"""What a foreign consumer reads while nothing is broken."""

import json
from datetime import UTC, datetime

from kafka.partitioner.default import murmur2  # type: ignore[import-untyped]

from services.store.ledger import Ledger
from services.streaming.topic import PARTITIONS
from tests.streaming.conftest import MakeRelay
from tests.streaming.helpers import HUADONG, LIN, logged, positions_by_key, read_with_kcat, visits
from tests.waiting import eventually


def partition_by_other_clients(key: str) -> int:
    """Where Kafka's own clients put the records of a key."""
    return int(murmur2(key.encode()) & 0x7FFF_FFFF) % PARTITIONS


def test_every_event_comes_once_in_order_per_key_also_across_a_restart(
    ledger: Ledger, servers: str, topic: str, relaying: MakeRelay
) -> None:
    visits(ledger, 150)
    first = relaying(servers)
    eventually(lambda: first.lag() == 0)
    visits(ledger, 75)
    first.stop()
    visits(ledger, 75)
    second = relaying(servers)
    eventually(lambda: second.lag() == 0)
    assert second.failure is None

    records = read_with_kcat(servers, topic)
    assert len(records) == 300
    assert all(record["partition"] == partition_by_other_clients(record["key"]) for record in records)
    assert positions_by_key(records, once=True) == logged(ledger)


def test_records_are_cloudevents_with_the_event_as_the_log_has_it(
    ledger: Ledger, servers: str, topic: str, relaying: MakeRelay
) -> None:
    visits(ledger, 3, streams=[HUADONG])
    relay = relaying(servers)
    eventually(lambda: relay.lag() == 0)

    records = read_with_kcat(servers, topic)
    for record, recorded in zip(records, ledger.read(0, 10), strict=True):
        headers = record["headers"]
        recorded_at = headers.pop("ce_recordedtime")
        assert datetime.fromisoformat(recorded_at) == recorded.recorded_at
        assert headers == {
            "ce_specversion": "1.0",
            "ce_id": f"zeren/{recorded.position}",
            "ce_source": "/zeren/customer",
            "ce_type": "customer.visit-recorded",
            "ce_subject": HUADONG,
            "ce_time": datetime(2025, 3, 10, 9, 30, tzinfo=UTC).isoformat().replace("+00:00", "Z"),
            "ce_logid": str(ledger.identity.lineage.id),
            "ce_incarnation": str(ledger.identity.lineage.present.id),
            "ce_position": str(recorded.position),
            "ce_streamversion": str(recorded.version),
            "ce_dataversion": "1",
            "ce_eventid": str(recorded.id),
            "ce_actor": f"person:{LIN}",
            "ce_trust": "verified",
            "content-type": "application/json",
        }
        assert record["key"] == HUADONG
        assert record["payload"] == recorded.event.model_dump_json()
        assert json.loads(record["payload"])["customer_attendees"] == ["赵总"]
