"""Processes, threads and tasks append at the same time while connections are cut: the history keeps every promise."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.store.history import Attempt, Entry, Reading, complaints

PROCESSES = 2
SECONDS = 3.0


def happened(lines: Sequence[str]) -> tuple[list[Attempt], list[Reading]]:
    """What the writers said."""
    attempts, readings = [], []
    for kind, *said in map(json.loads, lines):
        if kind == "attempt":
            began, ended, stream, first, tokens, positions = said
            at = tuple(positions) if positions is not None else None
            attempts.append(Attempt(began, ended, stream, first, tuple(tokens), at))
        elif kind == "reading":
            readings.append(Reading(said[0], tuple(said[1])))
    return attempts, readings


def stored(url: str) -> list[Entry]:
    """The log as it is."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT notification_id, originator_id, originator_version, state FROM zeren.log ORDER BY notification_id"
        ).fetchall()
    return [
        Entry(position, stream, version, f"{json.loads(state)['data']['name']} {version}")
        for position, stream, version, state in rows
    ]


def test_writers_of_all_kinds_keep_every_promise(database_url: str, repository_root: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.store.writing", database_url, str(SECONDS)],
            cwd=repository_root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for writer in writers:
        assert writer.stdout
        assert json.loads(writer.stdout.readline()) == ["ready"]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    cuts = 0
    with psycopg.connect(database_url, autocommit=True) as connection:
        end = time.monotonic() + SECONDS - 0.5
        while time.monotonic() < end:
            cut = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND application_name IN ('zeren-log', 'zeren-writer') AND state = 'active'"
            ).rowcount
            cuts += cut
            # On a quiet machine a statement is over in no time: look until one is caught at it.
            time.sleep(0.4 if cut else 0.002)
    lines = [line for writer in writers for line in writer.communicate(timeout=30)[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0] * PROCESSES
    attempts, readings = happened(lines)
    assert complaints(attempts, readings, stored(database_url)) == []
    assert cuts
    assert len(readings) > PROCESSES
    assert sum(attempt.positions is not None for attempt in attempts) > 50
    assert sum(attempt.positions is None for attempt in attempts) > 10


LOG = [Entry(1, "a", 1, "a1"), Entry(2, "b", 1, "b1"), Entry(3, "a", 2, "a2"), Entry(4, "a", 3, "a3")]
ATTEMPTS = [
    Attempt(0, 10, "a", 1, ("a1",), (1,)),
    Attempt(5, 15, "b", 1, ("b1",), (2,)),
    Attempt(20, 30, "a", 2, ("a2", "a3"), (3, 4)),
    Attempt(20, 31, "a", 2, ("lost",), None),
]
READINGS = [Reading(0, ()), Reading(12, (1,)), Reading(31, (1, 2, 3, 4))]


def test_a_history_without_fault_has_no_complaint() -> None:
    assert complaints(ATTEMPTS, READINGS, LOG) == []


@pytest.mark.parametrize(
    ("attempts", "readings", "log", "complaint"),
    [
        (ATTEMPTS, READINGS, [*LOG[:3], replace(LOG[3], position=5)], "not 1, 2, 3"),
        (ATTEMPTS, READINGS, LOG[:3], "a3 was acknowledged at 4 and is not there"),
        (ATTEMPTS, READINGS, [*LOG, Entry(5, "a", 4, "a3")], "a3 is in the log 2 times"),
        (ATTEMPTS, READINGS, [*LOG, Entry(5, "a", 5, "a5")], "version 5 at place 4"),
        (ATTEMPTS, READINGS, [*LOG, Entry(5, "a", 3, "x")], "version 3 at place 4"),
        (ATTEMPTS, READINGS, [*LOG, Entry(5, "a", 4, "lost")], "lost was refused and is in the log"),
        (ATTEMPTS, READINGS, [*LOG, Entry(5, "a", 4, "x")], "x was never acknowledged"),
        ([*ATTEMPTS[:2], replace(ATTEMPTS[2], positions=(4, 3))], READINGS, LOG, "a2 was acknowledged at 4"),
        ([replace(ATTEMPTS[0], began=16), *ATTEMPTS[1:]], READINGS, LOG, "a1 began after position 2"),
        (ATTEMPTS, [Reading(12, (1, 3))], LOG, "a hole below 3"),
        (ATTEMPTS, [Reading(31, (1, 2, 3))], LOG, "saw 3 events after 4"),
    ],
)
def test_each_planted_fault_is_found(
    attempts: list[Attempt], readings: list[Reading], log: list[Entry], complaint: str
) -> None:
    assert any(complaint in found for found in complaints(attempts, readings, log))
