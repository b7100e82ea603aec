"""An operator says that the log was put back, and asks when it was."""

import pytest

from services.application import Zeren
from tests.cli.running import run
from tests.store.people import register


@pytest.fixture
def position(database_url: str) -> int:
    """The end of a log."""
    with Zeren(database_url) as zeren:
        return register(zeren)


def test_an_operator_begins_an_incarnation_and_everybody_can_read_why(database_url: str, position: int) -> None:
    said = run("incarnation", "new", "--reason", "the volume of yesterday", ZEREN_DATABASE_URL=database_url)
    assert said.exit_code == 0, said.output
    assert "incarnation 2" in said.stdout
    assert f"since position {position}" in said.stdout
    run("incarnation", "new", "--reason", "一号备份", "--since", "1", ZEREN_DATABASE_URL=database_url)
    listed = run("incarnation", "list", ZEREN_DATABASE_URL=database_url)
    with Zeren(database_url) as zeren:
        lineage = zeren.ledger.identity.lineage
    assert [(one.number, one.since, one.reason) for one in lineage.incarnations] == [
        (1, 0, ""),
        (2, position, "the volume of yesterday"),
        (3, 1, "一号备份"),
    ]
    assert all(str(one.id) in listed.stdout and one.reason in listed.stdout for one in lineage.incarnations)


def test_an_incarnation_needs_a_reason_and_a_position_that_there_is(database_url: str, position: int) -> None:
    assert run("incarnation", "new", ZEREN_DATABASE_URL=database_url).exit_code == 2
    beyond = run("incarnation", "new", "--reason", "?", "--since", str(position + 1), ZEREN_DATABASE_URL=database_url)
    assert (beyond.exit_code, f"ends at position {position}" in beyond.output) == (2, True), beyond.output
    with Zeren(database_url) as zeren:
        assert len(zeren.ledger.identity.lineage.incarnations) == 1
