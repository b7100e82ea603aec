"""What is measured again and again while a log grows, each in a second or so."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from aggregates.decider import fold, initial
from benchmarks.appending import by_tasks
from benchmarks.lag import lags, milliseconds, watching
from benchmarks.processes import registered_person, running
from events.vocabulary.identifiers import StreamId
from services.application import Zeren
from services.questions.responsibility import Question, ask
from services.store.database import Database
from services.store.ledger import Ledger

CALLERS = 64
LOADED = 50
PACE = 200
_WARM_SECONDS = 15.0
_AT_REST = 3.0
"""Seconds without a new event: due times are looked at once a second."""
_TIMES = 400
_STREAMS = (
    "SELECT DISTINCT originator_id AS stream FROM zeren.log "
    "WHERE topic = 'customer.visit-recorded' AND notification_id BETWEEN %(after)s AND %(after)s + 2000"
)


def saves(url: str, seconds: float, *, keyed: bool) -> float:
    """Durable saves per second of 64 callers."""
    with Database(url, connections=4) as database, Ledger(database) as ledger:
        return by_tasks(ledger, CALLERS, seconds, keyed=keyed).rate


def warm_up(url: str) -> None:
    """Append until most pages were written once since the last checkpoint: the first time they go to disk whole.

    Checkpoints are a quarter of an hour apart; right after one, a longer log only has more pages to write whole.
    """
    saves(url, _WARM_SECONDS, keyed=True)


def commands(url: str, seconds: float) -> float:
    """Accepted commands per second over 64 connections of a server process, whose views are up to date."""
    with Zeren(url, projecting=False) as zeren:
        person = registered_person(zeren)
        zeren.runner.catch_up()
    with running(url, "serve --port PORT --no-projector --no-relay") as port:
        client = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.http_load", str(port), str(CALLERS), str(seconds), str(person)],
            check=True,
            stdout=subprocess.PIPE,
        )
    return len(json.loads(client.stdout)) / seconds


def lag_of_views(url: str, seconds: float) -> float:
    """Milliseconds (p99) from the acknowledgement of a command until all views show it, while commands keep coming."""
    with Zeren(url, projecting=False) as zeren:
        person = registered_person(zeren)
        zeren.runner.catch_up()
    with running(url, "serve --port PORT --no-relay") as port, watching(url, None, _at_rest(url)) as watched:
        _, (_, views, _) = lags(port, watched, PACE, seconds, person)
    return milliseconds(views, 99)


def _at_rest(url: str) -> int:
    """The size of the log, once what had fallen due in its history was recorded."""
    with psycopg.connect(url, autocommit=True) as connection:
        size, before = _size(connection), -1
        while size > before:
            time.sleep(_AT_REST)
            size, before = _size(connection), size
    return size


def _size(connection: Connection[TupleRow]) -> int:
    row = connection.execute("SELECT size FROM zeren.log_head").fetchone()
    return int(row[0]) if row else 0


def who_was_responsible(zeren: Zeren) -> float:
    """Microseconds (p50) of the question who was account manager of one of many customers at a time, as known then."""
    chance = random.Random(4)  # noqa: S311 - no secret
    size = zeren.ledger.size()

    def ask_once(stream: StreamId) -> None:
        at = datetime(2021, chance.randint(1, 12), 15, tzinfo=UTC)
        known = chance.randint(size // 2, size)
        ask(zeren.views, Question(stream, "account_manager", effective_at=at, known_position=known))

    return 1e6 * _p50(ask_once, _customers(zeren))


def stream_beginnings(zeren: Zeren) -> float:
    """Microseconds (p50) of reading and folding the first events of a customer: as many whatever the log's size."""

    def load(stream: StreamId) -> None:
        fold(initial(stream), (one.event for one in zeren.ledger.read_stream(stream, limit=LOADED)))

    return 1e6 * _p50(load, _customers(zeren))


def _customers(zeren: Zeren) -> list[StreamId]:
    """Some customers from all over the log, each once."""
    size = zeren.ledger.size()
    found = {
        StreamId(row["stream"])
        for part in range(5)
        for row in zeren.database.rows(_STREAMS, {"after": part * size // 5})[: _TIMES // 5]
    }
    return sorted(found)


def _p50(what: Callable[[StreamId], object], streams: Iterable[StreamId]) -> float:
    taken = []
    for stream in streams:
        began = time.perf_counter()
        what(stream)
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2]
