"""Programs are killed under load: what they acknowledged is there once, and the rest goes on."""

from pathlib import Path

from soak.faults import alternating, killed_postgres, killed_server, killed_writers
from tests.store.verdicts import kept


def test_the_server_is_killed(database_url: str, tmp_path: Path) -> None:
    kept(killed_server.run(database_url, tmp_path, 1))


def test_postgres_is_killed_and_the_server_heals(tmp_path: Path) -> None:
    kept(killed_postgres.run(tmp_path, 1))


def test_a_process_that_appends_is_killed(database_url: str, tmp_path: Path) -> None:
    kept(killed_writers.run(database_url, tmp_path, 1))


def test_sessions_are_ended_in_the_middle_of_a_save(database_url: str, tmp_path: Path) -> None:
    kept(killed_writers.cut_sessions(database_url, tmp_path, 5))


def test_writers_take_turns_whose_memory_is_behind(database_url: str) -> None:
    kept(alternating.run(database_url, 150))
