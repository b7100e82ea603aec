"""Keep-alive connections that each send one request after another: HTTP/1.1 by hand, as cheap as a client can be."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

import uvloop

from benchmarks.appending import LENGTH

Requests = Iterator[bytes]


@dataclass
class Load:
    """What all connections of one run have in common."""

    until: float
    """When to stop, on the performance counter."""
    after: float
    """From when on answers count."""
    each: list[float] = field(default_factory=list)
    """Seconds from request to answer."""
    failures: list[bytes] = field(default_factory=list)
    """The beginnings of answers that did not accept the request."""


class Connection(asyncio.Protocol):
    """One connection that asks, waits for the whole answer, and asks again."""

    def __init__(self, load: Load, requests: Requests) -> None:
        self.load = load
        self.requests = requests
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = cast("asyncio.Transport", transport)
        self._send(self._transport)

    def _send(self, transport: asyncio.Transport) -> None:
        self._sent = time.perf_counter()
        transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        """Take the answer in and ask again."""
        buffer = self._buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = buffer.find(b"content-length: ", 0, end) + 16
        if len(buffer) < end + 4 + int(buffer[at : buffer.find(b"\r\n", at)]):
            return
        self._buffer = b""
        now = time.perf_counter()
        load = self.load
        if not buffer.startswith(b"HTTP/1.1 20"):
            load.failures.append(buffer[:500])
        elif now >= load.after:
            load.each.append(now - self._sent)
        if self._transport is not None and now < load.until:
            self._send(self._transport)
        elif self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, or the server's doing."""
        if exc is not None or time.perf_counter() < self.load.until:
            self.load.failures.append(f"connection lost: {exc}".encode())
        self.done.set_result(None)


def contacts(person: str, path: str | None = None) -> Requests:
    """Customers one after another: each is registered, then contacts with it are logged; all on one path if given."""
    head = f"authorization: Dev {person}\r\ncontent-type: application/json\r\nhost: localhost\r\n"
    while True:
        customer = uuid4()
        yield _post(path or f"/v1/customers/{customer}/register-customer", head, '{"name":"华东电力集团"}')
        for _ in range(LENGTH - 1):
            logged = (
                f'{{"interaction_id":"{uuid4()}","at":"2025-03-01T10:00:00+08:00","channel":"call",'
                f'"direction":"outbound","our_attendees":["{person}"],'
                '"content":"确认第二季度的交付计划，客户希望提前两周收到样品。","result":"已确认"}'
            )
            yield _post(path or f"/v1/customers/{customer}/log-interaction", head, logged)


def _post(path: str, head: str, body: str) -> bytes:
    raw = body.encode()
    return f"POST {path} HTTP/1.1\r\n{head}content-length: {len(raw)}\r\n\r\n".encode() + raw


async def load(port: int, connections: int, seconds: float, requests: Callable[[], Requests]) -> Load:
    """Answers of a server on this machine over some connections; a fifth of the time before is not counted."""
    began = time.perf_counter()
    found = Load(until=began + 1.2 * seconds, after=began + 0.2 * seconds)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(found, requests()), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*[protocol.done for _, protocol in made])
    return found


def main() -> None:
    """A process of its own: port, connections, seconds, the acting person, and a path if all go there.

    It prints the seconds of each answer as JSON.
    """
    port, connections, seconds, person = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    path = sys.argv[5] if len(sys.argv) > 5 else None  # noqa: PLR2004 - the fifth argument
    found = uvloop.run(load(port, connections, seconds, lambda: contacts(person, path)))
    if found.failures:
        sys.exit(f"{len(found.failures)} requests failed, the first: {found.failures[0].decode(errors='replace')}")
    json.dump(found.each, sys.stdout)


if __name__ == "__main__":
    main()
