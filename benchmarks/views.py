"""Events per second into views: all of ours from nothing, rebuilt, and what else brings a log into tables."""

import time
from collections.abc import Callable, Iterator
from statistics import median

from benchmarks.aims import Aim
from benchmarks.catching_up import in_processes
from benchmarks.history import History, begin
from benchmarks.library_view import library_rate
from benchmarks.machine import new_database
from benchmarks.tables import Table
from projections.registry import PROJECTIONS
from services.projector.runner import Runner
from services.projector.schema import begin_view
from services.projector.workers import rebuild_all
from services.store.database import Database
from services.store.ledger import Ledger

SIZE = 1_000_000
"""Events, unless told otherwise."""
LIBRARY_EVENTS = 5_000
"""The library's runner takes a sample: its rate does not depend on how much lies before it."""
_MANY = 200_000
"""From so many events on, one round is enough."""


def tables(_seconds: float, rounds: int, size: int = SIZE) -> Iterator[Table]:
    """All take turns over the same log."""
    rounds = rounds if size < _MANY else 1
    sample = min(size, LIBRARY_EVENTS)
    with new_database() as url:
        begin(url)
        with Database(url) as database, Ledger(database) as ledger:
            History(database).fill(size)
            contestants: dict[str, Callable[[], float]] = {
                f"Zeren, catch-up of all {len(PROJECTIONS)} views in one process": lambda: catch_up_rate(ledger),
                f"Zeren, catch-up of all {len(PROJECTIONS)} views in a process per core": lambda: _shared_rate(ledger),
                f"Zeren, rebuild of all {len(PROJECTIONS)} views": lambda: rebuild_rate(ledger),
                "eventsourcing's ProjectionRunner, one simple view": lambda: library_rate(database, sample),
                "INSERT … SELECT into one table": lambda: _plain(database, size),
            }
            rates: dict[str, list[float]] = {name: [] for name in contestants}
            for _ in range(rounds):
                for name, contestant in contestants.items():
                    rates[name].append(contestant())
    ours, shared, rebuilt, library, plain = (median(found) for found in rates.values())
    yield Table(
        f"Events per second into views, over a log of {size:,} events",
        ["", "events/s"],
        [[name, f"{median(found):,.0f}"] for name, found in rates.items()],
        [
            f"medians of {rounds} rounds, in turns; the runner takes the first {sample:,} events",
            *(
                f"÷ {name}: catch-up {ours / other:.2f} and {shared / other:.2f}, rebuild {rebuilt / other:.2f}"
                for name, other in (("ProjectionRunner", library), ("INSERT … SELECT", plain))
            ),
            "a rebuild uses a process per core where the log is long, and compares a sample with an independent fold",
            "views begin as those of a new release do: further indexes come at the end, within the time measured",
        ],
        [
            Aim("catch-up of all views", shared, 20_000, "events/s"),
            Aim("rebuild of all views", rebuilt, 40_000, "events/s"),
            Aim("catch-up of all views ÷ the library's runner with one", shared / library, 25),
        ],
    )


def forget(ledger: Ledger) -> None:
    """Let all views begin anew at the beginning of the log, as those do that a release brings."""
    with ledger.database.connection() as connection, connection.transaction():
        connection.execute("DELETE FROM zeren.checkpoint")
        connection.execute("DELETE FROM zeren.parked")
        for projection in PROJECTIONS:
            begin_view(connection, projection)


def catch_up_rate(ledger: Ledger) -> float:
    """Events per second of all views together, from nothing to the head of the log."""
    forget(ledger)
    runner = Runner(ledger, PROJECTIONS)
    began = time.perf_counter()
    size = runner.catch_up()
    ended = time.perf_counter()
    runner.close()
    require_whole(ledger)
    return size / (ended - began)


def _shared_rate(ledger: Ledger) -> float:
    forget(ledger)
    seconds = in_processes(ledger.database.url)
    require_whole(ledger)
    return ledger.size() / seconds


def rebuild_rate(ledger: Ledger) -> float:
    """Events per second of all views together, made anew beside those in use."""
    began = time.perf_counter()
    rebuild_all(ledger.database.url)
    ended = time.perf_counter()
    require_whole(ledger)
    return ledger.size() / (ended - began)


def require_whole(ledger: Ledger) -> None:
    """Nothing counts where a view parked a stream."""
    if ledger.database.rows("SELECT FROM zeren.parked"):
        raise RuntimeError("a view could not take an event")


def _plain(database: Database, size: int) -> float:
    with database.connection() as connection:
        connection.execute("DROP TABLE IF EXISTS plain_view")
        connection.execute(
            "CREATE TABLE plain_view (position bigint PRIMARY KEY, stream text NOT NULL, version bigint NOT NULL, "
            "name text NOT NULL, state bytea NOT NULL, recorded_at timestamptz NOT NULL)"
        )
        began = time.perf_counter()
        connection.execute(
            "INSERT INTO plain_view "
            "SELECT notification_id, originator_id, originator_version, topic, state, recorded_at "
            "FROM zeren.log ORDER BY notification_id"
        )
        return size / (time.perf_counter() - began)
