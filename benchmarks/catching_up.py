"""Several processes that take views to the head of the log, each some of them, as `zeren project --only` does."""

import os
import subprocess
import sys
import time

from projections.registry import PROJECTIONS
from services.projector.groups import groups
from services.projector.runner import Runner
from services.store.database import Database
from services.store.ledger import Ledger


def in_processes(url: str) -> float:
    """Seconds until all views are at the head of the log, by one process per core."""
    shares = groups(PROJECTIONS, os.cpu_count() or 1)
    processes = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.catching_up", url, *(one.name for one in share)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in shares
    ]
    _hear(processes, "ready\n")
    began = time.perf_counter()
    for process in processes:
        if process.stdin:
            process.stdin.write("go\n")
            process.stdin.flush()
    _hear(processes, "done\n")
    ended = time.perf_counter()
    for process in processes:
        process.communicate()
    return ended - began


def _hear(processes: "list[subprocess.Popen[str]]", word: str) -> None:
    for process in processes:
        if process.stdout is None or process.stdout.readline() != word:
            raise RuntimeError(f"a process did not say {word.strip()}")


def main() -> None:
    """One of them: the URL and the names of its views are its arguments; it starts when it is told to."""
    url, *names = sys.argv[1:]
    chosen = [projection for projection in PROJECTIONS if projection.name in names]
    with Database(url) as database, Ledger(database) as ledger:
        runner = Runner(ledger, chosen)
        _say("ready\n")
        sys.stdin.readline()
        runner.catch_up()
        _say("done\n")
        runner.close()


def _say(word: str) -> None:
    sys.stdout.write(word)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
