"""Somebody leaves a transaction open: an old snapshot, a lock on a view's table, the head of the log itself."""

import contextlib
from pathlib import Path

import psycopg

from soak.clients import sending
from soak.serving import serving
from soak.verdict import Verdict, judge

_SNAPSHOT = ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM zeren.log")
_TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname LIKE 'view\\_%'"
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"


def run(url: str, folder: Path, rounds: int, *, requests: int = 30) -> list[Verdict]:
    """Open each kind of transaction under load; what it does not concern goes on, the rest goes on after it."""
    with serving(url, folder) as server:
        with sending(url, lambda: server.address) as clients, psycopg.connect(url, autocommit=True) as looking:
            for _ in range(rounds):
                clients.go_on(requests)
                tables = [str(table) for (table,) in looking.execute(_TABLES)]
                views = f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE"
                for statements in (_SNAPSHOT, (views,)):
                    with psycopg.connect(url) as idle:
                        for statement in statements:
                            idle.execute(statement.encode())
                        clients.go_on(requests)
                _take_the_head(url, looking)
            clients.go_on(requests)
        return [judge("sessions idle in transaction", rounds, [clients.history()])]


def _take_the_head(url: str, looking: psycopg.Connection) -> None:
    """Lock the head until saves wait for it; then an administrator ends the session."""
    with contextlib.closing(psycopg.connect(url)) as idle:
        idle.execute("SELECT size FROM zeren.log_head FOR UPDATE")
        while looking.execute(_WAITING, (idle.info.backend_pid,)).fetchone() == (0,):
            looking.execute("SELECT pg_sleep(0.01)")
        looking.execute("SELECT pg_terminate_backend(%s, 5000)", (idle.info.backend_pid,))
