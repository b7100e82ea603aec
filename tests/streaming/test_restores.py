"""The log is put back below a topic: nothing is sent that consumers would drop, and they are told where it parted."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from services.store.identity.keeping import begin_new
from services.store.identity.lineage import Noticed
from services.store.ledger import Ledger
from services.streaming.comparing import PartedTopicError, require_same
from services.streaming.relay import Relay
from services.streaming.tail import Held, tail, turning
from soak.cluster import Cluster, cluster
from tests.store.identity.restoring import Picture, another, base_backup, opened, recover
from tests.streaming.helpers import HUADONG, delete_topic, logged, positions_by_key, read_with_kcat, visits
from tests.waiting import eventually

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def server() -> Iterator[Cluster]:
    """A server that a test may put back."""
    with cluster() as made:
        yield made


@pytest.fixture
def relaying_from(servers: str, topic: str) -> Iterator[Callable[[Ledger], Relay]]:
    """Starts relays of any ledger to the topic, and stops them at the end."""
    with ExitStack() as stack:

        def start(ledger: Ledger) -> Relay:
            relay = Relay(ledger, servers, topic)
            stack.callback(relay.stop)
            relay.start()
            return relay

        yield start


def filled(url: str, servers: str, topic: str, count: int) -> None:
    """Record visits to one customer, and have them all sent."""
    with opened(url) as ledger:
        visits(ledger, count, streams=[HUADONG])
        relay = Relay(ledger, servers, topic)
        relay.start()
        eventually(lambda: relay.lag() == 0)
        relay.stop()


def refused(relay: Relay) -> str:
    """What a relay says that does not send."""
    return eventually(lambda: (relay.failure or "") if "PartedTopicError" in str(relay.failure) else "", "a refusal")


@pytest.mark.parametrize("later", [0, 1, 9], ids=["at once", "after an event", "when the log is as long again"])
def test_kafka_holds_more_than_a_log_whose_files_were_put_back(
    server: Cluster, servers: str, topic: str, tmp_path: Path, relaying_from: Callable[[Ledger], Relay], later: int
) -> None:
    filled(server.url, servers, topic, 3)
    picture = Picture(server, tmp_path)
    filled(server.url, servers, topic, 5)
    picture.put_back()
    with opened(server.url) as ledger:
        first = ledger.identity.lineage.id
        visits(ledger, later, streams=[HUADONG])
        said = refused(relaying_from(ledger))
        assert f"topic {topic} holds position 8" in said
        assert "parted from this one after position 3" in said
        assert "ZEREN_KAFKA_TOPIC" in said
        assert positions_by_key(read_with_kcat(servers, topic), once=True) == {HUADONG: [1, 2, 3, 4, 5, 6, 7, 8]}
        size, lineage = ledger.identity.now()
        assert (size, lineage.id) == (3 + later, first)
        assert [(one.since, one.noticed) for one in lineage.incarnations[1:]] == [(3, Noticed.WENT_BACK)]
    with opened(server.url) as ledger:
        assert "after position 3" in refused(relaying_from(ledger))
        assert len(ledger.identity.now()[1].incarnations) == 2, "it is noticed once"


def test_a_topic_that_is_deleted_after_a_restore_is_filled_anew(
    server: Cluster, servers: str, topic: str, tmp_path: Path, relaying_from: Callable[[Ledger], Relay]
) -> None:
    filled(server.url, servers, topic, 3)
    picture = Picture(server, tmp_path)
    filled(server.url, servers, topic, 5)
    picture.put_back()
    with opened(server.url) as ledger:
        visits(ledger, 2, streams=[HUADONG])
        relay = relaying_from(ledger)
        refused(relay)
        delete_topic(servers, topic)
        eventually(lambda: relay.failure is None and relay.lag() == 0)
        records = read_with_kcat(servers, topic)
        assert positions_by_key(records, once=True) == logged(ledger) == {HUADONG: [1, 2, 3, 4, 5]}
        first, second = (str(one.id) for one in ledger.identity.now()[1].incarnations)
    read = [(one["headers"]["ce_id"], one["headers"]["ce_incarnation"]) for one in records]
    assert read[:3] == [("zeren/1", first), ("zeren/2", first), ("zeren/3", first)]
    assert read[3:] == [(f"zeren/{second}/{position}", second) for position in (4, 5)]


def test_a_restore_to_a_point_in_time_is_refused_as_what_it_is(
    server: Cluster, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay]
) -> None:
    filled(server.url, servers, topic, 3)
    with another() as restored:
        base_backup(server, restored)
        filled(server.url, servers, topic, 5)
        recover(restored)
        with opened(restored.url) as ledger:
            visits(ledger, 9, streams=[HUADONG])
            assert "after position 3" in refused(relaying_from(ledger))
            assert [one.noticed for one in ledger.identity.now()[1].incarnations[1:]] == [Noticed.PROMOTED]
        assert len(read_with_kcat(servers, topic)) == 8
    with opened(server.url) as ledger:
        relay = relaying_from(ledger)
        visits(ledger, 2, streams=[HUADONG])
        eventually(lambda: relay.lag() == 0)


def test_a_standby_that_takes_over_without_a_loss_goes_on_with_the_topic(
    server: Cluster, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay]
) -> None:
    filled(server.url, servers, topic, 3)
    with another() as standby:
        base_backup(server, standby)
        recover(standby)
        with opened(standby.url) as ledger:
            relay = relaying_from(ledger)
            visits(ledger, 2, streams=[HUADONG])
            eventually(lambda: relay.lag() == 0)
            records = read_with_kcat(servers, topic)
            assert positions_by_key(records, once=True) == {HUADONG: [1, 2, 3, 4, 5]}
            first, second = (str(one.id) for one in ledger.identity.lineage.incarnations)
    assert [one["headers"]["ce_incarnation"] for one in records] == [first] * 3 + [second] * 2


def test_a_relay_below_which_the_files_are_put_back_stops(
    server: Cluster, servers: str, topic: str, tmp_path: Path, relaying_from: Callable[[Ledger], Relay]
) -> None:
    filled(server.url, servers, topic, 3)
    picture = Picture(server, tmp_path)
    with opened(server.url) as ledger:
        relay = relaying_from(ledger)
        visits(ledger, 5, streams=[HUADONG])
        eventually(lambda: relay.lag() == 0)
        picture.put_back()
        assert "after position 3" in refused(relay)
    with opened(server.url) as ledger:
        visits(ledger, 9, streams=[HUADONG])
    assert len(read_with_kcat(servers, topic)) == 8


def test_an_incarnation_that_an_operator_says_is_in_what_is_sent_from_then_on(
    ledger: Ledger, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay]
) -> None:
    relay = relaying_from(ledger)
    visits(ledger, 2, streams=[HUADONG])
    eventually(lambda: relay.lag() == 0)
    said = begin_new(ledger.database, Noticed.SAID, "the volume of yesterday").present
    visits(ledger, 1, streams=[HUADONG])
    eventually(lambda: relay.lag() == 0 and relay.failure is None)
    assert read_with_kcat(servers, topic)[-1]["headers"]["ce_id"] == f"zeren/{said.id}/3"
    stored = "SELECT position, incarnation FROM zeren.relay"
    eventually(lambda: ledger.database.rows(stored) == [{"position": 3, "incarnation": said.id}])


def test_a_topic_of_another_log_is_left_alone(
    ledger: Ledger, server: Cluster, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay]
) -> None:
    filled(server.url, servers, topic, 3)
    visits(ledger, 5)
    said = refused(relaying_from(ledger))
    assert str(ledger.identity.lineage.id) in said
    assert "another log" in said
    assert len(ledger.identity.now()[1].incarnations) == 1
    assert len(read_with_kcat(servers, topic)) == 3


def test_records_of_an_earlier_release_are_compared_too(
    ledger: Ledger, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay]
) -> None:
    visits(ledger, 30)
    relay = relaying_from(ledger)
    eventually(lambda: relay.lag() == 0)
    held = [one._replace(log=None, incarnation=None) for one in tail(servers, topic, 10_000)]
    assert sorted(one.position for one in held) == list(range(1, 31))
    require_same(ledger.database, ledger.identity.lineage, topic, held, nowhere)
    beyond = held[0]._replace(position=31)
    with pytest.raises(PartedTopicError, match="after position 30"):
        require_same(ledger.database, ledger.identity.lineage, topic, [*held, beyond], lambda _: [*held, beyond])
    changed = [one._replace(recorded_at=b"?") if one.position == 30 else one for one in held]
    said = begin_new(ledger.database, Noticed.SAID, "", since=29)
    with pytest.raises(PartedTopicError, match="after position 29"):
        require_same(ledger.database, said, topic, changed, nowhere)


def nowhere(_same: Callable[[Held], bool]) -> list[Held]:
    """Where nobody has to look: an incarnation tells where the log has parted."""
    raise AssertionError("nobody has to look")


def test_where_the_topic_turns_is_found_however_far_back(
    ledger: Ledger, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.streaming.relay.BATCH", 6)
    for _ in range(4):
        visits(ledger, 100)
    relay = relaying_from(ledger)
    eventually(lambda: relay.lag() == 0)
    relay.stop()
    for last in (400, 399, 137, 1, 0):
        found = turning(servers, topic, lambda one, last=last: one.position <= last)  # type: ignore[misc]
        right, wrong = ([one.position for one in found if (one.position <= last) is same] for same in (True, False))
        assert max(right, default=0) == last
        assert min(wrong, default=401) == last + 1
    with ledger.database.connection() as connection, connection.transaction():
        connection.execute("ALTER TABLE zeren.log DISABLE TRIGGER append_only")
        connection.execute("DELETE FROM zeren.log WHERE notification_id > 137")
        connection.execute("UPDATE zeren.log_head SET size = 137")
        connection.execute("UPDATE zeren.relay SET position = 137")
    assert "after position 137" in refused(relaying_from(ledger))
    assert ledger.identity.now()[1].present.since == 137


def test_of_each_partition_only_the_end_is_read(
    ledger: Ledger, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay]
) -> None:
    visits(ledger, 120)
    relay = relaying_from(ledger)
    eventually(lambda: relay.lag() == 0)
    held: list[Held] = tail(servers, topic, 12)
    assert 2 <= len(held) <= 12
    lasts = {records[-1] for records in logged(ledger).values()}
    assert {one.position for one in held} & lasts
    assert max(one.position for one in held) == 120


def test_a_position_stored_by_an_earlier_release_is_gone_on_from(
    ledger: Ledger, servers: str, topic: str, relaying_from: Callable[[Ledger], Relay], database_url: str
) -> None:
    visits(ledger, 5)
    first = relaying_from(ledger)
    eventually(lambda: first.lag() == 0)
    first.stop()
    with psycopg.connect(make_conninfo(database_url), autocommit=True) as connection:
        connection.execute("ALTER TABLE zeren.relay DROP COLUMN incarnation")
    visits(ledger, 5)
    second = relaying_from(ledger)
    eventually(lambda: second.lag() == 0)
    assert positions_by_key(read_with_kcat(servers, topic), once=True) == logged(ledger)
