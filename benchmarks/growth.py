"""What becomes of every rate while the log grows to a million events, or to as many as asked for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median
from time import perf_counter

from benchmarks import grown, imports
from benchmarks.aims import Aim
from benchmarks.broker import missing, new_broker
from benchmarks.history import History, begin
from benchmarks.machine import new_database, settle
from benchmarks.relay import relayed
from benchmarks.tables import Table
from benchmarks.views import require_whole
from services.application import Zeren
from services.projector.workers import rebuild_all
from services.store.database import Database

SIZE = 1_000_000
"""Events of the largest log, unless told otherwise."""
SMALLEST = 10_000
_SLICE = 20_000
_RELAYED = 10_000
_ROWS = 1_000
_IMPORTED = "ServiceNow incidents"

Column = dict[str, float]


def tables(seconds: float, rounds: int, size: int = SIZE) -> Iterator[Table]:
    """One database is filled further and further; what appends is measured on a copy of it."""
    sizes = [least for least in (SMALLEST * 10**power for power in range(10)) if least <= size] or [size]
    columns: list[Column] = []
    with ExitStack() as stack:
        servers = None if missing() else stack.enter_context(new_broker())
        url = stack.enter_context(new_database())
        begin(url)
        events = 0
        for reached in sizes:
            column, events = _grown(url, events, reached, servers)
            with ExitStack() as copy:
                own = url if reached == sizes[-1] else copy.enter_context(new_database(copied=url))
                column |= _appended(own, seconds, rounds)
            columns.append(column)
    yield Table(
        "Growth: the same measurements on a longer and longer log",
        ["", *(f"{reached:,} events" for reached in sizes)],
        [[name, *(_shown(column.get(name)) for column in columns)] for name in columns[0]],
        [
            f"saves and commands: {grown.CALLERS} callers, medians of {rounds} rounds of {seconds:g} s",
            "÷ 10,000: beside a log that had 10,000 events, in turns; both were appended to for 15 s before",
            "rebuild: all views from the whole log, in a process per core, compared with an independent fold",
            f"catch-up: the last {_SLICE:,} events (half of the log where it is shorter), all views",
            f"relay: the first {_RELAYED:,} events; import: {_ROWS:,} rows of {_IMPORTED}",
            f"lag: at {grown.PACE} commands/s, API and views in one process, once nothing was overdue",
            "who was responsible, and reading and folding a stream: p50 of many customers, each asked for once",
        ],
        [
            Aim(f"{name} at {sizes[-1]:,} events", columns[-1][name], 0.9)
            for name in columns[-1]
            if name.endswith(" ÷ 10,000")
        ],
    )


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"  # noqa: PLR2004 - ratios are small, rates are not


def _grown(url: str, events: int, size: int, servers: str | None) -> tuple[Column, int]:
    """Fill the log up to a size, and measure what leaves it as it is; how many events of the history it then has."""
    column: Column = {}
    with Zeren(url, projecting=False) as zeren:
        history = History(zeren.database)
        history.events = events
        history.fill(size - min(_SLICE, size // 2))
        began = perf_counter()
        rebuild_all(url)
        column["rebuild, events/s"] = zeren.ledger.size() / (perf_counter() - began)
        history.fill(size)
        began, before = perf_counter(), zeren.views.position()
        zeren.runner.catch_up()
        column["catch-up, events/s"] = (size - before) / (perf_counter() - began)
        require_whole(zeren.ledger)
        settle(url)
        column["who was responsible, µs"] = grown.who_was_responsible(zeren)
        column[f"{grown.LOADED} events of a stream, µs"] = grown.stream_beginnings(zeren)
        if servers:
            column["relay, events/s"] = relayed(zeren.database, servers, _RELAYED)
    return column, history.events


def _appended(url: str, seconds: float, rounds: int) -> Column:
    """Measure what makes the log longer."""
    column: Column = {
        "accepted commands/s": median(grown.commands(url, seconds) for _ in range(rounds)),
        "p99 of the lag to all views, ms": grown.lag_of_views(url, seconds * rounds),
    }
    if imports.available(_IMPORTED):
        with Zeren(url, projecting=False) as zeren:
            column["import, rows/s"] = imports.imported(zeren, _IMPORTED, _ROWS)[0]
    measured: dict[str, Callable[[str], float]] = {
        "saves/s": lambda where: grown.saves(where, seconds, keyed=False),
        "saves with keys/s": lambda where: grown.saves(where, seconds, keyed=True),
    }
    found: dict[str, list[float]] = {}
    with new_database() as small:
        begin(small)
        with Database(small) as database:
            History(database).fill(SMALLEST)
        for log in (url, small):
            settle(log)
        for log in (url, small):
            grown.warm_up(log)
        for turn in range(rounds):
            for name, save in measured.items():
                rates = {log: save(log) for log in ((url, small) if turn % 2 else (small, url))}
                found.setdefault(name, []).append(rates[url])
                found.setdefault(f"{name[:-2]} ÷ 10,000", []).append(rates[url] / rates[small])
    return column | {name: median(each) for name, each in found.items()}
