"""Who was responsible, as known at a time: in process and over HTTP, beside PostgreSQL and what a user would pick."""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from statistics import median

from psycopg import Connection
from psycopg.rows import TupleRow

from benchmarks.aims import Aim
from benchmarks.appending import Measured
from benchmarks.machine import new_database
from benchmarks.tables import Table
from benchmarks.who_intervals import LARGE, RECORDED, ROLES, Intervals
from benchmarks.who_peers import Ask, Asked, Plain, SimpleHistory
from benchmarks.who_server import Client, serving
from services.application import Zeren
from services.questions.responsibility import Question, WhoAnswer, ask
from services.questions.views import Views

ONE = "`SELECT 1`, prepared"
ONE_OUR_WAY = "`SELECT 1`, asked as Zeren asks"
OURS = "Zeren, as known at a position"
OURS_AT_TIME = "Zeren, as known at a time"
RANGES = "a plain range query"
HISTORY = "django-simple-history, as_of"
HTTP = "Zeren over HTTP"
CONSTANT = "the same server, a constant"
_QUESTIONS = 20_000
_COMPARED = 30
_LEAST = 10
"""Answers in a round of those who take longer than their time for them."""
_TURN = 0.02
"""Seconds before the others have their turn."""

Found = dict[tuple[str, str], list[Measured]]
"""By who answered and what about: a measurement per round."""


def tables(seconds: float, rounds: int, size: int = 1_000_000) -> Iterator[Table]:
    """All take turns; corrections are recorded in between."""
    intervals = Intervals(size)
    found: Found = {}
    columns = ["any customer", f"the one with {size // 10:,}", "that one, corrected"]
    with new_database() as url:
        intervals.fill(url)
        with closing(SimpleHistory(url)) as history:
            with _contestants(url, history) as contestants:
                for column in columns[:2]:
                    questions = _questions(intervals, large=column != columns[0])
                    _measure(contestants, questions, (seconds, rounds), found, column)
            intervals.correct(url)
            with _contestants(url, history) as contestants:
                _measure(contestants, _questions(intervals, large=True), (seconds, rounds), found, columns[2])
    at = f"at {size:,} intervals"
    names = [ONE, ONE_OUR_WAY, OURS, OURS_AT_TIME, RANGES, HISTORY]
    yield replace(_table(f"in process {at}", found, columns, names), aims=list(_aims(found, columns)))
    yield _table(f"over HTTP, one connection, {at}", found, columns, [CONSTANT, HTTP])


@contextmanager
def _contestants(url: str, history: SimpleHistory) -> Iterator[dict[str, Ask]]:
    plain = Plain(url)
    plain.fill()
    history.fill()
    with Zeren(url, projecting=False) as zeren, closing(plain.connection), ExitStack() as opened:
        views = zeren.views
        views.database.asking.rows("SELECT 1", ())
        sessions = _sessions(plain.connection)
        client = opened.enter_context(Client(opened.enter_context(serving(url))))
        opened.enter_context(_on_one_core(sessions))
        yield {
            ONE: _one(views),
            ONE_OUR_WAY: lambda _asked: views.database.asking.rows("SELECT 1", ()),
            OURS: lambda asked: ask(views, Question(asked.subject, asked.role, asked.at, known_position=asked.known)),
            OURS_AT_TIME: lambda asked: ask(
                views, Question(asked.subject, asked.role, asked.at, known_at=asked.known_at)
            ),
            RANGES: plain.ranges,
            HISTORY: history.as_of,
            CONSTANT: client.constant,
            HTTP: client.who,
        }


def _sessions(connection: Connection[TupleRow]) -> list[int]:
    """The processes that serve those who ask in process, where they are on this machine."""
    if not connection.info.host.startswith("/"):
        return []
    found = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
    return [session for (session,) in found]


@contextmanager
def _on_one_core(sessions: Iterable[int]) -> Iterator[None]:
    """This process and those of its sessions take turns on one core.

    Else it is chance who has to wake another core for every answer, which takes longer than most answers do.
    """
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    for session in sessions:
        with suppress(ProcessLookupError, PermissionError):
            os.sched_setaffinity(session, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _one(views: Views) -> Ask:
    """`SELECT 1` through psycopg's cursor, over the connection that our questions take."""
    line = views.database.asking._free.get_nowait()  # noqa: SLF001 - it is idle, as nobody else asks here
    if line is None:
        raise RuntimeError("the connection is gone")
    views.database.asking._free.put(line)  # noqa: SLF001 - given back
    connection = line.connection
    return lambda _asked: connection.execute("SELECT 1", prepare=True).fetchall()


def _measure(
    contestants: Mapping[str, Ask], questions: Sequence[Asked], times: tuple[float, int], found: Found, column: str
) -> None:
    _require_agreement(contestants, questions[:_COMPARED])
    seconds, rounds = times
    for _ in range(rounds):
        for name, measured in _round(contestants, cycle(questions), seconds).items():
            found.setdefault((name, column), []).append(measured)


def _questions(intervals: Intervals, *, large: bool) -> list[Asked]:
    """Any effective time, as known at any position of the log."""
    chance = intervals.chance
    size = intervals.recorded
    known = [chance.randrange(size // 100, size) for _ in range(_QUESTIONS)]
    return [
        Asked(
            LARGE if large else chance.choice(intervals.customers),
            ROLES[0] if large else chance.choice(ROLES),
            intervals.instant(),
            position,
            RECORDED + timedelta(milliseconds=position),
        )
        for position in known
    ]


def _round(contestants: Mapping[str, Ask], questions: Iterator[Asked], seconds: float) -> dict[str, Measured]:
    """The same time for everybody, in short turns, and a few answers of each."""
    found = {name: Measured() for name in contestants}
    while waiting := [name for name, one in found.items() if one.seconds < seconds or len(one.each) < _LEAST]:
        for name in waiting:
            contestant, measured = contestants[name], found[name]
            began = time.perf_counter()
            contestant(next(questions))  # not counted: it finds the processor's memory full of the others' data
            before = time.perf_counter()
            end = before + _TURN
            while before < end:
                question = next(questions)
                before = time.perf_counter()
                contestant(question)
                measured.each.append(time.perf_counter() - before)
            measured.seconds += time.perf_counter() - began
    return found


def _require_agreement(contestants: Mapping[str, Ask], questions: Sequence[Asked]) -> None:
    """Who answers faster, but otherwise, wins nothing."""
    for question in questions:
        answers = {name: _persons(contestants[name](question)) for name in (OURS, RANGES, HISTORY, HTTP)}
        if len(set(answers.values())) > 1:
            raise RuntimeError(f"{question} is answered differently: {answers}")


def _persons(answer: object) -> frozenset[str]:
    match answer:
        case WhoAnswer():
            return frozenset(str(holder.person) for holder in answer.holders)
        case bytes():
            return frozenset(holder["person"] for holder in json.loads(answer)["holders"])
        case list():
            return frozenset(str(row[0] if isinstance(row, tuple) else row.person) for row in answer)
        case _:
            raise TypeError(type(answer).__name__)


def _table(title: str, found: Found, columns: Sequence[str], names: Sequence[str]) -> Table:
    def cell(name: str, column: str) -> str:
        return f"{_median(found, name, column, 50):,.0f} / {_median(found, name, column, 99):,.0f}"

    return Table(
        f"Who was responsible, {title}: p50 / p99 in µs",
        ["", *columns],
        [[name, *(cell(name, column) for column in columns)] for name in names],
        [
            "any effective time, as known at any position; all answer the same questions, in turns, and agree",
            *(
                ["client and sessions share one core; `SELECT 1` takes the connection of our questions"]
                if ONE in names
                else []
            ),
            *(
                f"answers measured, {name}: {_numbers(found, columns, name)}"
                for name in names
                if name in {RANGES, HISTORY}
            ),
            *(f"{name} ÷ {names[0]}: {_ratios(found, columns, name, names[0])}" for name in names[1:]),
            *(f"{name} ÷ {OURS}: {_ratios(found, columns, name, OURS)}" for name in names if name == HISTORY),
        ],
    )


def _aims(found: Found, columns: Sequence[str]) -> Iterator[Aim]:
    for column in columns:

        def ratio(name: str, other: str, share: int, column: str = column) -> float:
            return _median(found, name, column, share) / _median(found, other, column, share)

        about = f"who was responsible, {column}"
        yield Aim(f"{about}: p50 ÷ `SELECT 1`", ratio(OURS, ONE, 50), 2, at_most=True)
        yield Aim(f"{about}: p99 ÷ `SELECT 1`", ratio(OURS, ONE, 99), 4, at_most=True)
        yield Aim(f"{about}: simple-history ÷ Zeren", ratio(HISTORY, OURS, 50), 20)


def _ratios(found: Found, columns: Sequence[str], name: str, other: str) -> str:
    def ratio(column: str, share: int) -> str:
        return f"{_median(found, name, column, share) / _median(found, other, column, share):,.1f}"

    return " · ".join(f"{ratio(column, 50)} / {ratio(column, 99)}" for column in columns)


def _numbers(found: Found, columns: Sequence[str], name: str) -> str:
    return " · ".join(f"{sum(len(measured.each) for measured in found[name, column]):,}" for column in columns)


def _median(found: Found, name: str, column: str, share: int) -> float:
    """Of the rounds, in µs."""
    return 1e6 * median(sorted(measured.each)[len(measured.each) * share // 100] for measured in found[name, column])
