"""What a start notices of restores, copies and promotions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from services.application import Zeren
from services.store.database import Database
from services.store.identity.keeping import BeyondLogError, begin_new
from services.store.identity.lineage import Noticed
from soak.cluster import Cluster, cluster
from tests.store.identity.restoring import Picture, another, base_backup, dump, lineage, opened, record, recover
from tests.store.people import register
from tests.waiting import eventually


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server of its own."""
    with cluster() as made:
        yield made


@pytest.fixture
def url(server: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of that server."""
    name = f"zeren_{abs(hash(request.node.name))}"
    server.execute(f"CREATE DATABASE {name}")
    yield make_conninfo(server.url, dbname=name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_log_has_one_id_from_start_to_start(url: str) -> None:
    first = record(url, 3)
    assert [(one.number, one.since, one.noticed) for one in first.incarnations] == [(1, 0, Noticed.BEGUN)]
    assert record(url, 2) == lineage(url) == first


def test_a_log_of_an_earlier_release_gets_an_id_and_keeps_everything(url: str) -> None:
    record(url, 3)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE zeren.log_incarnation")
        connection.execute("COMMENT ON TABLE zeren.log_head IS 'of an older release'")
    with opened(url) as ledger:
        assert [one.position for one in ledger.read(0, 10)] == [1, 2, 3]
        found = ledger.identity.lineage
    assert [(one.number, one.since) for one in found.incarnations] == [(1, 0)]
    assert "no identity" in found.present.reason
    assert lineage(url) == found


def test_a_restore_to_a_point_in_time_begins_an_incarnation_there(server: Cluster, url: str) -> None:
    before = record(url, 3)
    with another() as restored:
        base_backup(server, restored)
        record(url, 5)
        recover(restored)
        there = make_conninfo(url, host=str(restored.sockets))
        found = record(there, 4)
        assert lineage(there) == found, "it is noticed once"
    assert found.id == before.id
    assert [(one.number, one.since) for one in found.incarnations] == [(1, 0), (2, 3)]
    assert (found.present.noticed, "timeline" in found.present.reason) == (Noticed.PROMOTED, True)
    assert found.parted(before.present.id, 8) == 3
    assert lineage(url) == before, "the log that goes on where it was is what it was"


def test_a_standby_that_takes_over_without_a_loss_parts_from_nobody(server: Cluster, url: str) -> None:
    before = record(url, 3)
    with another() as standby:
        base_backup(server, standby, "--write-recovery-conf")
        standby.start()
        record(url, 2)
        end = server.execute("SELECT pg_current_wal_lsn()")
        there = f"SELECT pg_last_wal_replay_lsn() >= '{end}'"
        eventually(lambda: standby.execute(there) == "True", "what was recorded last")
        standby.execute("SELECT pg_promote()")
        found = record(make_conninfo(url, host=str(standby.sockets)), 1)
    assert [(one.number, one.since, one.noticed) for one in found.incarnations[1:]] == [(2, 5, Noticed.PROMOTED)]
    assert found.parted(before.present.id, 5) is None


def test_a_dump_in_another_cluster_or_another_database_is_another_incarnation(
    url: str, new_database: Callable[[], str]
) -> None:
    before = record(url, 3)
    elsewhere = new_database()
    dump(url, elsewhere)
    found = record(elsewhere, 1)
    assert found.id == before.id
    assert [(one.since, one.noticed) for one in found.incarnations[1:]] == [(3, Noticed.MOVED)]
    beside = new_database()
    dump(elsewhere, beside)
    assert [one.since for one in lineage(beside).incarnations] == [0, 3, 4]
    assert "another database" in lineage(beside).present.reason


def test_a_copy_of_an_empty_log_is_a_log_of_its_own(url: str, new_database: Callable[[], str]) -> None:
    before = lineage(url)
    elsewhere = new_database()
    dump(url, elsewhere)
    found = lineage(elsewhere)
    assert [one.number for one in found.incarnations] == [1]
    assert found.id != before.id
    assert lineage(elsewhere) == found


def test_nothing_inside_tells_of_files_that_were_put_back_and_an_operator_may_say_so(tmp_path: Path) -> None:
    with cluster() as server:
        before = record(server.url, 3)
        picture = Picture(server, tmp_path)
        record(server.url, 5)
        picture.put_back()
        assert lineage(server.url) == before
        with Database(server.url) as database:
            with pytest.raises(BeyondLogError, match="position 3"):
                begin_new(database, Noticed.SAID, "of yesterday", since=4)
            said = begin_new(database, Noticed.SAID, "the volume of yesterday")
        assert lineage(server.url) == said
    assert [(one.number, one.since, one.reason) for one in said.incarnations[1:]] == [(2, 3, "the volume of yesterday")]


def test_a_view_that_has_seen_more_than_there_is_tells_and_is_made_anew(database_url: str) -> None:
    with Zeren(database_url) as zeren:
        position = register(zeren)
        zeren.views.moment(at_least=position)
    with psycopg.connect(database_url, autocommit=True) as connection:
        # As after somebody has put the tables of the log back, and not those of a view.
        connection.execute("UPDATE zeren.checkpoint SET position = position + 5 WHERE projection = 'people'")
    with Zeren(database_url) as zeren:
        noticed = zeren.ledger.identity.lineage.present
        assert (noticed.since, noticed.noticed) == (position, Noticed.WENT_BACK)
        assert f"the view people has taken in position {position + 5}" in noticed.reason
        zeren.views.moment("people", at_least=register(zeren))
        assert len(zeren.views.rows("SELECT person_id FROM view_people.people", {})) == 2
    with Zeren(database_url) as zeren:
        assert zeren.ledger.identity.lineage.present == noticed


def test_views_that_went_further_than_an_operator_says_are_made_anew(database_url: str) -> None:
    made = "SELECT projection FROM zeren.checkpoint WHERE made > 0"
    with Zeren(database_url) as zeren:
        zeren.views.moment(at_least=register(zeren))
        begin_new(zeren.database, Noticed.SAID, "the volume of yesterday", since=zeren.ledger.size())
    with Zeren(database_url, projecting=False) as zeren:
        assert zeren.views.rows(made, {}) == []
        begin_new(zeren.database, Noticed.SAID, "of the day before", since=zeren.ledger.size() - 1)
    with Zeren(database_url, projecting=False) as zeren:
        assert len(zeren.views.rows(made, {})) == len(zeren.projections)
