"""A process is stopped (SIGSTOP) while it holds the head of the log: the others get on without it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.conninfo import make_conninfo

from soak.verdict import Verdict, judge
from soak.writers import Load, Writer, writing

How = Literal["tasks", "threads"]
_ONLY: dict[How, str] = {"tasks": "--threads=0", "threads": "--no-tasks"}
_ATTEMPTS = 200
_ROLES = ("soak_stopped", "soak_other")
"""By its role a session tells whose it is."""
_INSIDE = """
SELECT pid FROM pg_stat_activity
WHERE usename = %s AND state = 'active' AND xact_start < query_start AND %s = ANY (pg_blocking_pids(pid))
"""
_IDLE = "SELECT state FROM pg_stat_activity WHERE pid = %s"


@contextmanager
def _roles(url: str) -> Iterator[None]:
    with psycopg.connect(url, autocommit=True) as connection:
        for role in _ROLES:
            connection.execute(f"DROP ROLE IF EXISTS {role}".encode())
            connection.execute(f"CREATE ROLE {role} SUPERUSER LOGIN".encode())
        try:
            yield
        finally:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = ANY(%s)", (list(_ROLES),)
            )
            for role in _ROLES:
                connection.execute(f"REASSIGN OWNED BY {role} TO CURRENT_USER".encode())
                connection.execute(f"DROP ROLE {role}".encode())


def run(url: str, folder: Path, rounds: int, how: How, *, saves: int = 20) -> list[Verdict]:
    """Stop one of two processes between its statements, wait until the other gets on, let the first go on."""
    stopped_url, other_url = (make_conninfo(url, user=role) for role in _ROLES)
    with (
        _roles(url),
        writing(stopped_url, folder, _ONLY[how], count=1) as first,
        writing(other_url, folder, count=1) as other,
    ):
        for _ in range(rounds):
            other.go_on(saves)
            _stop_inside(url, first)
            try:
                other.go_on(saves)
            finally:
                first.writers[0].process.send_signal(signal.SIGCONT)
            first.go_on(saves)
        for load in (first, other):
            load.stop()
        first.writers += other.writers
        history = first.history(url)
        del first.writers[1:]
    return [judge(f"SIGSTOP of a writer that holds the head ({how})", rounds, [history])]


def _stop_inside(url: str, load: Load) -> None:
    """Stop a process that has begun a transaction and locked the head."""
    for _ in range(_ATTEMPTS):
        if _stopped(url, load.writers[0]):
            return
        load.go_on(1)
    raise TimeoutError("the process was never caught between two statements")


def _stopped(url: str, writer: Writer) -> bool:
    with psycopg.connect(url) as locking, psycopg.connect(url, autocommit=True) as looking:
        # Whoever reads or inserts waits for us; who has the head by then is in the middle of a transaction.
        locking.execute("LOCK TABLE zeren.log IN ACCESS EXCLUSIVE MODE")
        found = None
        for _ in range(50):
            found = looking.execute(_INSIDE, (_ROLES[0], locking.info.backend_pid)).fetchone()
            if found:
                break
            looking.execute("SELECT pg_sleep(0.002)")
        if not found:
            return False
        writer.process.send_signal(signal.SIGSTOP)
        locking.rollback()
        # The server finishes what it was asked; nobody tells it to append and to commit.
        for _ in range(500):
            state = looking.execute(_IDLE, found).fetchone()
            if state == ("idle in transaction",):
                return True
            if state != ("active",):
                break
            looking.execute("SELECT pg_sleep(0.01)")
    writer.process.send_signal(signal.SIGCONT)
    return False
