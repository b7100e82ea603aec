"""Accepted commands per second over HTTP: ours, the same application answering a constant, and the usual pattern."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from uuid import uuid4

from benchmarks.aims import Aim
from benchmarks.http_servers import CONSTANT
from benchmarks.machine import new_database
from benchmarks.tables import Table

CONNECTIONS = 64
_START_SECONDS = 30


@dataclass
class Contestant:
    """A server on one worker, and what was measured of it, round by round."""

    label: str
    port: int
    person: str
    path: str | None = None
    """Where all requests go; each to its own customer where there is none."""
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    def measure(self, connections: int, seconds: float) -> None:
        """One round, by a client in a process of its own."""
        arguments = [str(self.port), str(connections), str(seconds), self.person, *([self.path] if self.path else [])]
        told = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.http_load", *arguments], check=False, capture_output=True, text=True
        )
        if told.returncode:
            raise RuntimeError(f"{self.label}: {told.stderr}")
        each = sorted(json.loads(told.stdout))
        self.rates.append(len(each) / seconds)
        self.p50.append(each[len(each) // 2])
        self.p99.append(each[len(each) * 99 // 100])

    @property
    def rate(self) -> float:
        """Accepted commands per second: the median of the rounds."""
        return median(self.rates)

    def row(self, limit: float) -> list[str]:
        """The row of the table; `limit` is the rate of the constant."""
        return [
            self.label,
            f"{self.rate:,.0f}",
            f"{self.rate / limit:.2f}",
            f"{median(self.p50) * 1000:.1f}",
            f"{median(self.p99) * 1000:.1f}",
        ]


def tables(seconds: float, rounds: int) -> Iterator[Table]:
    """All contestants take turns, so that whatever else the machine does meets all alike."""
    with ExitStack() as opened:
        person = str(uuid4())
        url = opened.enter_context(new_database())
        ours = Contestant("Zeren", opened.enter_context(_serving("zeren", url)), person)
        _register(ours)
        constant = Contestant(
            "The same application answering a constant",
            opened.enter_context(_serving("constant", url)),
            person,
            CONSTANT,
        )
        bare = Contestant(
            "FastAPI alone answering a constant", opened.enter_context(_serving("bare", url)), person, CONSTANT
        )
        usual = Contestant(
            "eventsourcing in a FastAPI `def` endpoint", opened.enter_context(_serving("usual", url)), person
        )
        contestants = (ours, constant, bare, usual)
        for _ in range(rounds):
            for one in contestants:
                one.measure(CONNECTIONS, seconds)
    yield Table(
        f"Accepted commands per second over HTTP, {CONNECTIONS} connections, one worker",
        ["", "per second", "÷ constant", "p50 ms", "p99 ms"],
        [one.row(constant.rate) for one in contestants],
        [
            f"medians of {rounds} rounds of {seconds:g} s, in turns; one client process, keep-alive; uvicorn, uvloop",
            "a customer is registered, then contacts with it are logged; views are kept by a process of their own",
            f"Zeren ÷ the usual pattern: {ours.rate / usual.rate:.1f}",
        ],
        [
            Aim("commands over HTTP ÷ the same application answering a constant", ours.rate / constant.rate, 0.8),
            Aim("commands over HTTP ÷ the library in a `def` endpoint", ours.rate / usual.rate, 10),
        ],
    )


def _register(contestant: Contestant) -> None:
    """Let the server know the person whom the commands name."""
    connection = HTTPConnection("127.0.0.1", contestant.port)
    path = f"/v1/people/{contestant.person}/register-person"
    connection.request("POST", path, body=b'{"name": "x"}', headers={"Authorization": "Dev system"})
    status = connection.getresponse().status
    connection.close()
    if status != 201:  # noqa: PLR2004 - "created"
        raise RuntimeError(f"the person was not registered: {status}")


@contextmanager
def _serving(name: str, url: str) -> Iterator[int]:
    """The port of a server in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.http_servers", name, url, str(port)])  # noqa: S603 - our own program
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=_START_SECONDS)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("a server did not start")
