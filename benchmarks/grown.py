"""What is measured again and again while a log grows, each in a second or so."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

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
_TIMES = 400
_STREAMS = (
    "SELECT DISTINCT originator_id AS stream FROM zeren.log "
    "WHERE topic = 'customer.visit-recorded' AND notification_id BETWEEN %(after)s AND %(after)s + 2000"
)


def saves(url: str, seconds: float, *, keyed: bool) -> float:
    """Durable saves per second of 64 callers."""
    with Database(url, connections=4) as database, Ledger(database) as ledger:
        return by_tasks(ledger, CALLERS, seconds, keyed=keyed).rate


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
        size = zeren.ledger.size()
    with running(url, "serve --port PORT --no-relay") as port, watching(url, None, size) as watched:
        _, (_, views, _) = lags(port, watched, PACE, seconds, person)
    return milliseconds(views, 99)


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
