"""`kill -9` of processes that append, and cuts of single sessions, while others append to the same streams."""

import random
from pathlib import Path

import psycopg

from soak.verdict import Verdict, judge
from soak.writers import writing

_CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name IN ('zeren-log', 'zeren-writer') AND state <> 'idle' ORDER BY random() LIMIT 1"
)


def run(url: str, folder: Path, rounds: int, *, saves: int = 60) -> list[Verdict]:
    """Kill one of two processes after so many saves, and let another take its place."""
    with writing(url, folder) as load:
        for _ in range(rounds):
            load.go_on(saves)
            load.kill(random.choice([one for one in load.writers if one.process.poll() is None]))  # noqa: S311 - no secret
            load.start()
        load.go_on(saves)
        load.stop()
        return [judge("kill -9 of appending processes", rounds, [load.history()])]


def cut_sessions(url: str, folder: Path, rounds: int, *, saves: int = 10) -> list[Verdict]:
    """End single sessions in the middle of what they do: one lane of a process goes on, the other looks up."""
    cuts = 0
    with writing(url, folder) as load, psycopg.connect(url, autocommit=True) as connection:
        while cuts < rounds:
            load.go_on(saves)

            def cut() -> bool:
                return bool(connection.execute(_CUT).rowcount)

            load.until(cut, "a session is caught at work")
            cuts += 1
        load.go_on(saves)
        load.stop()
        return [judge("sessions ended in the middle of a save", cuts, [load.history()])]
