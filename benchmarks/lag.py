"""How long after its acknowledgement a command is visible in every view, and in Kafka, while commands keep coming."""

import json
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import psycopg

from benchmarks.aims import Aim
from benchmarks.broker import missing, new_broker
from benchmarks.history import History, begin
from benchmarks.machine import new_database
from benchmarks.processes import registered_person, running
from benchmarks.tables import Table
from events.vocabulary.identifiers import PersonId
from services.application import Zeren

SIZE = 10_000
"""Events that the log begins with, unless told otherwise."""
RATES = (200, 1_000)
"""Commands per second."""
TOPIC = "zeren.benchmark"
_TOGETHER = ("serve --port PORT",)
_APART = ("project", "relay", "serve --port PORT --no-projector --no-relay")
_PROCESSES = {"one process": _TOGETHER, "API, views and relay apart": _APART}
_AIMED_AT = RATES[0]
_POLL = 0.002
_ARRIVING = 30.0
_VIEWS = b"SELECT min(position) FROM zeren.checkpoint"
_AND_RELAY = (
    b"SELECT min(position), coalesce((SELECT position FROM zeren.relay WHERE topic = %s), 0) FROM zeren.checkpoint"
)

Lags = tuple[Sequence[float], Sequence[float], Sequence[float]]
"""Seconds: until acknowledged, then until visible in all views, then until in Kafka, if there is one."""


def tables(seconds: float, rounds: int, size: int = SIZE) -> Iterator[Table]:
    """Every arrangement of processes at every rate."""
    absent = missing()
    rows = []
    aims = []
    with ExitStack() as stack:
        kafka = {}
        if not absent:
            kafka = {"ZEREN_KAFKA_BOOTSTRAP_SERVERS": stack.enter_context(new_broker()), "ZEREN_KAFKA_TOPIC": TOPIC}
        for name, commands in _PROCESSES.items():
            wanted = [command for command in commands if kafka or command != "relay"]
            for rate in RATES:
                reached, lags = _measured(wanted, kafka, rate, seconds * rounds, size)
                rows.append([name, f"{rate:,}", f"{reached:,.0f}", *map(_percentiles, lags)])
                if rate == _AIMED_AT:
                    aims += _aims(name, lags)
    yield Table(
        "Lag behind the acknowledgement of a command, p50 / p99 in ms",
        ["", "commands/s asked", "reached", "until acknowledged", "then visible in all views", "then in Kafka"],
        rows,
        [
            f"over HTTP for {seconds * rounds:g} s each, one event per command, into a log of {size:,} events",
            f"visible: what the checkpoint of the slowest view says; looked at every {_POLL * 1000:g} ms",
            "in Kafka: what the relay has stored as acknowledged by the broker"
            if not absent
            else f"Kafka was not measured: needs {', '.join(absent)}",
        ],
        aims,
    )


def _aims(name: str, lags: Lags) -> list[Aim]:
    return [
        Aim(f"p99 of the lag to {where}, {name}", milliseconds(lag, 99), 100, "ms", at_most=True)
        for where, lag in zip(("all views", "Kafka"), lags[1:], strict=True)
        if lag
    ]


def _measured(
    commands: Sequence[str], kafka: dict[str, str], rate: int, seconds: float, size: int
) -> tuple[float, Lags]:
    with new_database() as url:
        begin(url)
        with Zeren(url, projecting=False) as zeren:
            History(zeren.database).fill(size)
            person = registered_person(zeren)
            zeren.runner.catch_up()
            size = zeren.ledger.size()
        topic = f"{TOPIC}.{time.time_ns()}"
        with (
            running(url, *commands, kafka=kafka | {"ZEREN_KAFKA_TOPIC": topic} if kafka else None) as port,
            watching(url, topic if kafka else None, size) as watched,
        ):
            return lags(port, watched, rate, seconds, person)


@contextmanager
def watching(url: str, topic: str | None, position: int) -> Iterator["Watched"]:
    """What has been reached, from the moment on that everything up to a position has."""
    watched = Watched(url, topic)
    try:
        watched.until(position)
        yield watched
    finally:
        watched.stop()


def lags(port: int, watched: "Watched", rate: int, seconds: float, person: PersonId) -> tuple[float, Lags]:
    """Commands per second that were reached, and the lags behind them."""
    given = _give(port, rate, seconds, str(person))
    watched.until(max(position for _, _, position in given))
    acknowledged = [waited for waited, _, _ in given]
    span = max(at for _, at, _ in given) - min(at for _, at, _ in given)
    views = [watched.lag(watched.views, at, position) for _, at, position in given]
    sent = [watched.lag(watched.sent, at, position) for _, at, position in given] if watched.relaying else []
    return len(given) / span, (acknowledged, views, sent)


class Watched:
    """When views, and the relay where it has a topic, had reached which position: one connection keeps looking."""

    def __init__(self, url: str, topic: str | None) -> None:
        self.views: list[tuple[int, float]] = [(0, 0.0)]
        self.sent: list[tuple[int, float]] = [(0, 0.0)]
        self._url = url
        self._topic = topic
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            reached = (_AND_RELAY, (self._topic,)) if self._topic else (_VIEWS, ())
            while not self._stopped.wait(_POLL):
                row = connection.execute(*reached, prepare=True).fetchone()
                now = time.perf_counter()
                for seen, position in zip((self.views, self.sent), row or (), strict=False):
                    if position > seen[-1][0]:
                        seen.append((position, now))

    def until(self, position: int) -> None:
        """Wait until everything has arrived."""
        deadline = time.perf_counter() + _ARRIVING
        while self.views[-1][0] < position or (self._topic and self.sent[-1][0] < position):
            if time.perf_counter() > deadline or not self._thread.is_alive():
                raise RuntimeError(f"position {position} did not arrive: {self.views[-1][0]}, {self.sent[-1][0]}")
            time.sleep(0.05)

    @property
    def relaying(self) -> bool:
        """Whether there is a relay."""
        return self._topic is not None

    @staticmethod
    def lag(seen: Sequence[tuple[int, float]], acknowledged: float, position: int) -> float:
        """Seconds from an acknowledgement until a position was reached; 0 where it was reached before."""
        return max(0.0, seen[bisect_left(seen, (position, 0.0))][1] - acknowledged)

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()
        self._thread.join()


def _give(port: int, rate: int, seconds: float, person: str) -> list[tuple[float, float, int]]:
    client = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.paced", str(port), str(rate), str(seconds), person],
        check=True,
        stdout=subprocess.PIPE,
    )
    found: list[tuple[float, float, int]] = [tuple(one) for one in json.loads(client.stdout)]
    return found


def _percentiles(each: Sequence[float]) -> str:
    if not each:
        return "-"
    return f"{milliseconds(each, 50):.0f} / {milliseconds(each, 99):.0f}"


def milliseconds(each: Sequence[float], share: int) -> float:
    """What so many of a hundred stay below."""
    return 1000 * sorted(each)[len(each) * share // 100]
