"""`zeren verify` over whole and changed logs."""

import pytest

from events.vocabulary.identifiers import StreamId
from services.application import Zeren
from services.store.ledger import Ledger
from services.store.merkle import Tree
from services.store.reading.verifying import verify
from tests.cli.running import run
from tests.store.facts import new_stream, save


@pytest.fixture
def recorded(zeren: Zeren) -> StreamId:
    """A stream of three events."""
    stream = new_stream()
    zeren.ledger.log_recorder.append([save(stream, 1), save(stream, 2)])
    zeren.ledger.log_recorder.append([save(stream, 3)])
    return stream


def tamper(zeren: Zeren, statement: str, *values: object) -> None:
    """What somebody could do who owns the database."""
    with zeren.database.connection() as connection, connection.transaction():
        connection.execute("ALTER TABLE zeren.log DISABLE TRIGGER append_only")
        connection.execute(statement.encode(), values)
        connection.execute("ALTER TABLE zeren.log ENABLE TRIGGER append_only")


@pytest.mark.usefixtures("recorded")
def test_a_whole_log_has_the_root_of_its_head(zeren: Zeren, database_url: str) -> None:
    ended = run("verify", ZEREN_DATABASE_URL=database_url)
    assert ended.exit_code == 0
    assert f"{zeren.ledger.size()} events, none changed; root " in ended.output
    verdict = verify(zeren.database)
    assert verdict.holds
    assert verdict.claimed.root.hex() in ended.output


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE zeren.log SET state = state || ' ' WHERE originator_id = %s AND originator_version = 2",
        "UPDATE zeren.log SET topic = topic || 'x' WHERE originator_id = %s AND originator_version = 2",
        "UPDATE zeren.log SET recorded_at = recorded_at - interval '1 us' WHERE originator_id = %s",
        "UPDATE zeren.log SET originator_id = originator_id || 'x' WHERE originator_id = %s",
    ],
)
def test_a_changed_event_is_noticed(zeren: Zeren, recorded: StreamId, database_url: str, change: str) -> None:
    tamper(zeren, change, recorded)
    ended = run("verify", ZEREN_DATABASE_URL=database_url)
    assert ended.exit_code == 1
    assert "the log was changed" in ended.output


@pytest.mark.parametrize("version", [2, 3])
def test_an_event_that_was_taken_out_is_noticed(
    zeren: Zeren, recorded: StreamId, database_url: str, version: int
) -> None:
    tamper(zeren, "DELETE FROM zeren.log WHERE originator_id = %s AND originator_version = %s", recorded, version)
    ended = run("verify", ZEREN_DATABASE_URL=database_url)
    assert ended.exit_code == 1
    assert "is missing" in ended.output


@pytest.mark.usefixtures("recorded")
def test_a_log_from_before_there_was_a_tree_gets_the_one_of_its_events(zeren: Zeren) -> None:
    with zeren.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.log_head DROP COLUMN frontier")
        connection.execute("ALTER TABLE zeren.log DROP COLUMN last_of_batch")
        connection.execute("COMMENT ON TABLE zeren.log_head IS NULL")
    with Ledger(zeren.database) as opened:
        assert verify(zeren.database).holds
        opened.log_recorder.append([save(new_stream(), 1)])
    verdict = verify(zeren.database)
    assert verdict.holds
    assert verdict.claimed != Tree()
