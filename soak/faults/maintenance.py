"""VACUUM, ANALYZE and indexes that are built while others write."""

import threading
from pathlib import Path

import psycopg

from soak.history import Complaint
from soak.verdict import Verdict, judge
from soak.writers import Load, writing

_SLOWLY = "SET vacuum_cost_delay = 50; SET vacuum_cost_limit = 10"
_WAITING = (
    "CREATE INDEX CONCURRENTLY soak_index ON zeren.log (topic, recorded_at)",
    "REINDEX INDEX CONCURRENTLY zeren.soak_index",
    "REINDEX TABLE CONCURRENTLY zeren.log",
    "REINDEX TABLE CONCURRENTLY zeren.log_keys",
    "REINDEX TABLE CONCURRENTLY zeren.log_head",
    "DROP INDEX CONCURRENTLY zeren.soak_index",
)
"""These wait for everybody who is in a transaction: with an old one open they are surely under way."""
_PASSING = (
    "VACUUM zeren.log, zeren.log_keys, zeren.log_head",
    "VACUUM (FREEZE, ANALYZE) zeren.log, zeren.log_keys, zeren.log_head",
    "ANALYZE",
)
_INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT (indisvalid AND indisready)"
_BY_INDEX = "SELECT count(*) FROM (SELECT {0} FROM zeren.log ORDER BY {0}) AS ordered"
_ORDERS = ("notification_id", "originator_id, originator_version", "recorded_at, notification_id")


def run(url: str, folder: Path, rounds: int, *, saves: int = 20) -> list[Verdict]:
    """Do all of it in each round; during each command so many saves must be acknowledged."""
    with writing(url, folder) as load:
        load.go_on(saves)
        for _ in range(rounds):
            for command in _PASSING:
                _during(url, load, command, saves, held=False)
            for command in _WAITING:
                _during(url, load, command, saves, held=True)
        load.stop()
        verdict = judge("VACUUM, FREEZE, ANALYZE, CREATE INDEX and REINDEX CONCURRENTLY", rounds, [load.history()])
    found = (*verdict.complaints, *_wrong_indexes(url))
    return [Verdict(verdict.fault, rounds, verdict.acknowledged, found)]


def _during(url: str, load: Load, command: str, saves: int, *, held: bool) -> None:
    """Run a command, and see saves acknowledged before it has ended."""
    failed: list[BaseException] = []
    with psycopg.connect(url) as holding:
        if held:
            holding.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            holding.execute("SELECT count(*) FROM zeren.log")
        thread = threading.Thread(target=_execute, args=(url, command, failed))
        thread.start()
        try:
            load.go_on(saves)
            if held and not thread.is_alive() and not failed:
                raise RuntimeError(f"{command} did not wait for a transaction that was open")
        finally:
            holding.rollback()
            thread.join()
    if failed:
        raise failed[0]


def _execute(url: str, command: str, failed: list[BaseException]) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_SLOWLY)
            connection.execute(command.encode())
    except psycopg.Error as error:
        failed.append(error)


def _wrong_indexes(url: str) -> list[Complaint]:
    with psycopg.connect(url, autocommit=True) as connection:
        wrong = [Complaint("wrong", f"{name} is not valid") for (name,) in connection.execute(_INVALID)]
        connection.execute("SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off")
        stored = connection.execute("SELECT count(*) FROM zeren.log").fetchone()
        connection.execute("RESET ALL; SET enable_seqscan = off; SET enable_sort = off")
        return wrong + [
            Complaint("wrong", f"the index over {order} has not every event")
            for order in _ORDERS
            if connection.execute(_BY_INDEX.format(order).encode()).fetchone() != stored
        ]
