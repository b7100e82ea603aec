"""Clients that send commands over HTTP through every fault, and remember what was acknowledged."""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from soak.facts import new_token
from soak.history import Attempt, History, Reading, of_before
from soak.log import stored
from soak.watching import watch

SETTLING = 60.0
"""Seconds that a keyed request is repeated after the run."""
_HALF = 0.5
_AGAIN = 0.1
"""How many acknowledged requests are sent once more with their key."""
_ACCEPTED = frozenset({200, 201})
_UNKNOWN = 500
_FEW = 4
"""Customers that all clients write to."""

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Order:
    """A request that carries a token."""

    stream: str
    path: str
    body: bytes
    token: str
    key: str | None


def _register() -> Order:
    customer, token = uuid4(), new_token()
    body = json.dumps({"name": token}).encode()
    key = f"soak-{uuid4()}" if random.random() < _HALF else None  # noqa: S311 - no secret
    return Order(f"customer:{customer}", f"/v1/customers/{customer}/register-customer", body, token, key)


def _find_out(stream: str) -> Order:
    """A fact about a customer that others write to as well: always keyed, since its version is not known before."""
    token = new_token()
    fact = {"topic": f"topic_{random.randrange(10**9)}", "content": token, "source": "soak"}  # noqa: S311 - no secret
    body = json.dumps({**fact, "collected_on": "2026-01-05"}).encode()
    path = f"/v1/customers/{stream.partition(':')[2]}/record-profile-fact"
    return Order(stream, path, body, token, f"soak-{uuid4()}")


class Clients:
    """Threads that send one request after another to wherever the server is."""

    def __init__(self, url: str, address: Callable[[], Address | None], threads: int) -> None:
        self._url = url
        self._address = address
        self._stopped = threading.Event()
        self._shared: list[str] = []
        self._before = of_before(stored(url)[0])
        self.attempts: list[Attempt] = []
        self.readings: list[Reading] = []
        self.statuses: set[int] = set()
        self._threads = [threading.Thread(target=self._send_on) for _ in range(threads)]
        self._threads.append(threading.Thread(target=watch, args=(url, self.readings.append, self._stopped)))

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every client learn what came of its last request."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> int:
        """How many requests were accepted."""
        return sum(attempt.positions is not None for attempt in self.attempts)

    def go_on(self, requests: int = 30, *, seconds: float = 120) -> None:
        """Wait until so many more requests were accepted.

        Raises:
            TimeoutError: they are not.
        """
        wanted, deadline = self.acknowledged + requests, time.monotonic() + seconds
        while self.acknowledged < wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{wanted - self.acknowledged} of {requests} requests wait; seen: {self.statuses}")
            time.sleep(0.02)

    def history(self) -> History:
        """What the clients know, beside the log and keys as they stand."""
        return History([*self._before, *self.attempts], self.readings, *stored(self._url))

    def _send_on(self) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self._stopped.is_set():
            shared = list(self._shared)
            order = _find_out(random.choice(shared)) if shared and random.random() < _HALF else _register()  # noqa: S311 - no secret
            again = order.key is not None and random.random() < _AGAIN  # noqa: S311 - no secret
            for _ in range(1 + again):
                connection, attempt = self._settled(connection, order)
                self.attempts.append(attempt)
                if attempt.positions and attempt.first == 1 and len(self._shared) < _FEW:
                    self._shared.append(order.stream)
        if connection is not None:
            connection.close()

    def _settled(
        self, connection: http.client.HTTPConnection | None, order: Order
    ) -> tuple[http.client.HTTPConnection | None, Attempt]:
        """Send an order until its outcome is known; without a key once only."""
        first = 1 if order.path.endswith("register-customer") else None
        attempt = Attempt(time.monotonic_ns(), None, order.stream, first, (order.token,), None, order.key)
        deadline: float | None = None
        while True:
            try:
                connection = connection or self._connected()
                status, answer = self._sent(connection, order)
            except (OSError, http.client.HTTPException):
                status, answer = 0, {}
                if connection is not None:
                    connection.close()
                connection = None
            self.statuses.add(status)
            ended = time.monotonic_ns()
            if status in _ACCEPTED and answer["events"]:
                version = answer["events"][-1]["version"]
                return connection, replace(attempt, ended=ended, first=version, positions=(answer["position"],))
            if 0 < status < _UNKNOWN:
                return connection, replace(attempt, ended=ended, first=None)
            time.sleep(0.05)
            if self._stopped.is_set() and deadline is None:
                deadline = time.monotonic() + SETTLING
            if order.key is None or (deadline is not None and time.monotonic() > deadline):
                return connection, attempt

    def _connected(self) -> http.client.HTTPConnection:
        address = self._address()
        if address is None:
            raise ConnectionRefusedError
        return http.client.HTTPConnection(*address, timeout=60)

    @staticmethod
    def _sent(connection: http.client.HTTPConnection, order: Order) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": "Dev system", "Content-Type": "application/json"}
        if order.key is not None:
            headers["Idempotency-Key"] = order.key
        connection.request("POST", order.path, order.body, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())


@contextmanager
def sending(url: str, address: Callable[[], Address | None], threads: int = 8) -> Iterator[Clients]:
    """Clients that have begun; they have stopped at the end."""
    clients = Clients(url, address, threads)
    clients.start()
    try:
        yield clients
    finally:
        clients.stop()
