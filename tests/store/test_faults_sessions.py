"""Sessions that stand in the way: stopped, idle, at maintenance, too many; saves wait or go on, none is lost."""

from pathlib import Path

import pytest

from soak.faults import cut_connections, exhausted, idle_sessions, maintenance, stopped_writer
from tests.store.verdicts import kept


@pytest.mark.parametrize("how", ["tasks", "threads"])
def test_a_stopped_process_that_holds_the_head_is_passed_by(
    database_url: str, tmp_path: Path, how: stopped_writer.How
) -> None:
    kept(stopped_writer.run(database_url, tmp_path, 1, how))


def test_connections_are_cut_around_a_commit(database_url: str) -> None:
    kept(cut_connections.run(database_url, 4))


def test_maintenance_stops_no_save(database_url: str, tmp_path: Path) -> None:
    kept(maintenance.run(database_url, tmp_path, 1))


def test_transactions_that_somebody_left_open_lose_nothing(database_url: str, tmp_path: Path) -> None:
    kept(idle_sessions.run(database_url, tmp_path, 1))


def test_many_threads_share_few_connections(database_url: str) -> None:
    kept(exhausted.few_connections(database_url, 5))


def test_a_server_without_free_connections_is_waited_for(tmp_path: Path) -> None:
    kept(exhausted.full_server(tmp_path, 1))
