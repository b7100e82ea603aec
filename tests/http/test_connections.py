"""Nobody stays for ever: half of a request, one that never ends, an answer that nobody reads, too many connections."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from services.application import Zeren
from services.http.connections import BoundedProtocol
from tests.http.client import Api
from tests.http.serving import listening
from tests.waiting import PATIENCE, eventually

AUTH = "Authorization: Dev system"
Connect = Callable[[], socket.socket]


class Quick(BoundedProtocol):
    """Limits that a test can wait for."""

    most = 5
    arrival = 1.0
    reading = 0.6
    farewell = 0.6
    ended = 0
    """How many connections have ended."""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        Quick.ended += 1


@pytest.fixture
def port(zeren: Zeren) -> Iterator[int]:
    with listening(zeren, Quick) as found:
        # The routes are made when the first request comes.
        httpx2.get(f"http://127.0.0.1:{found}/healthz", timeout=PATIENCE)
        yield found


@pytest.fixture
def connect(port: int) -> Iterator[Connect]:
    opened: list[socket.socket] = []

    def connect() -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def lines(*said: str) -> bytes:
    return "\r\n".join((*said, "", "")).encode()


def heard(client: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    parts = []
    while part := client.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def problem(answer: bytes) -> tuple[int, str]:
    """Status and code of an answer that is a problem and the end."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    assert f"content-length: {len(body)}".encode() in head
    found: dict[str, Any] = json.loads(body)
    assert head.startswith(f"HTTP/1.1 {found['status']} ".encode())
    return found["status"], found["code"]


POST = ("POST /v1/customers HTTP/1.1", "Host: localhost", AUTH, "Content-Length: 99")
HALVES = {
    "line": b"GET /heal",
    "head": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: b",
    "command": lines(*POST) + b'{"name":',
    "bulk": lines("POST /v1/commands HTTP/1.1", *POST[1:]) + b"[",
    "route": lines("POST /v1/customers/0190B2C4-7A10-7CC0-8000-00000000D001/assign-tier HTTP/1.1", *POST[1:]) + b"{",
    "chunks": lines("POST /v1/commands HTTP/1.1", "Host: localhost", AUTH, "Transfer-Encoding: chunked") + b"ff\r\n[",
}


@pytest.mark.parametrize("half", HALVES)
def test_half_of_a_request_is_told_that_it_took_too_long(connect: Connect, half: str) -> None:
    client = connect()
    client.sendall(HALVES[half])
    assert problem(heard(client)) == (408, "request.too-slow")


@pytest.mark.parametrize("half", HALVES)
def test_a_byte_now_and_then_buys_no_time(connect: Connect, half: str) -> None:
    client = connect()
    began = time.monotonic()
    client.sendall(HALVES[half])
    client.settimeout(0.1)
    answer = b""
    while not answer:
        assert time.monotonic() - began < PATIENCE
        try:
            answer = client.recv(65_536)
        except TimeoutError:
            client.sendall(b"x" if half == "line" else b" ")
    assert problem(answer) == (408, "request.too-slow")


def test_the_second_request_of_a_connection_has_no_more_time(connect: Connect) -> None:
    client = connect()
    client.sendall(lines("GET /healthz HTTP/1.1", "Host: localhost"))
    assert client.recv(65_536).startswith(b"HTTP/1.1 200")
    client.sendall(HALVES["head"])
    assert problem(heard(client)) == (408, "request.too-slow")


def test_the_language_of_the_reader_is_known_once_the_head_is_there(connect: Connect) -> None:
    client = connect()
    client.sendall(lines(*POST, "Accept-Language: zh") + b"{")
    assert "请求发送超时" in heard(client).decode()


def test_who_says_nothing_is_not_answered(connect: Connect) -> None:
    assert heard(connect()) == b""


def test_a_large_body_has_time_as_long_as_much_of_it_arrives(zeren: Zeren) -> None:
    class Slow(Quick):
        rate = 1_000

    with listening(zeren, Slow) as port, socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        body = json.dumps({"name": "甲"}).encode().ljust(1_600)
        client.sendall(lines(*POST[:3], f"Content-Length: {len(body)}", "Connection: close"))
        for start in range(0, len(body), 100):
            client.sendall(body[start : start + 100])
            time.sleep(0.12)
        assert heard(client).startswith(b"HTTP/1.1 201")


def test_what_was_only_half_said_is_not_recorded(zeren: Zeren, connect: Connect) -> None:
    size = zeren.ledger.size()
    client = connect()
    whole = json.dumps({"name": "甲"}).encode()
    client.sendall(lines(*POST[:3], f"Content-Length: {len(whole) + 1}") + whole)
    assert problem(heard(client)) == (408, "request.too-slow")
    assert zeren.ledger.size() == size


def test_a_request_that_was_answered_before_its_end_does_not_stay(connect: Connect) -> None:
    client = connect()
    client.sendall(lines("GET /healthz HTTP/1.1", "Host: localhost", "Content-Length: 99"))
    assert heard(client).startswith(b"HTTP/1.1 200")


def test_a_stream_goes_on_whatever_half_of_a_request_comes_after_it(connect: Connect, api: Api) -> None:
    client = connect()
    client.sendall(lines("GET /v1/events/stream HTTP/1.1", "Host: localhost", AUTH) + HALVES["head"])
    time.sleep(2 * Quick.arrival)
    api.customer("甲")
    seen = b""
    while b"customer.registered" not in seen:
        part = client.recv(65_536)
        assert part, seen
        seen += part
    assert b"request.too-slow" not in seen


def test_headers_without_end_are_refused(connect: Connect) -> None:
    client = connect()
    client.sendall(HALVES["head"])
    try:
        while True:
            client.sendall(b"x" * 8_192)
            time.sleep(0.001)
    except OSError:
        pass
    client = connect()
    client.sendall(HALVES["head"])
    time.sleep(0.1)
    client.sendall(b"x" * (Quick.head + 1))
    assert problem(heard(client)) == (431, "request.headers-too-large")


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nA B: c\r\n\r\n",
        lines(*POST[:3], "Content-Length: 1", "Transfer-Encoding: chunked"),
        lines(*POST[:3], "Content-Length: x"),
        lines(*POST[:3], "Transfer-Encoding: chunked") + b"zz\r\n",
    ],
)
def test_what_is_no_http_is_a_problem(connect: Connect, said: bytes) -> None:
    client = connect()
    client.sendall(said)
    assert problem(heard(client)) == (400, "request.malformed")


def test_one_connection_too_many_is_told_so(connect: Connect, port: int) -> None:
    kept: list[socket.socket] = []
    while len(kept) < Quick.most:
        kept.append(one := connect())
        one.sendall(lines("GET /healthz HTTP/1.1", "Host: localhost"))
        assert one.recv(65_536).startswith(b"HTTP/1.1 200")
    more = connect()
    more.sendall(lines("GET /healthz HTTP/1.1", "Host: localhost"))
    answer = heard(more)
    assert problem(answer) == (503, "server.full")
    assert b"Retry-After: 1\r\n" in answer
    kept[0].sendall(lines("GET /healthz HTTP/1.1", "Host: localhost"))
    assert kept[0].recv(65_536).startswith(b"HTTP/1.1 200")
    silent = connect()
    assert heard(silent) == b""
    kept.pop().close()
    eventually(lambda: httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200)


def test_an_answer_that_nobody_reads_is_not_kept(port: int) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect(("127.0.0.1", port))
        client.settimeout(PATIENCE)
        before = Quick.ended
        client.sendall(lines("GET /openapi.json HTTP/1.1", "Host: localhost") * 40)
        eventually(lambda: Quick.ended > before, "the end of the connection")
        got = 0
        with suppress(ConnectionResetError):
            while part := client.recv(1_048_576):
                got += len(part)
    size = len(httpx2.get(f"http://127.0.0.1:{port}/openapi.json").content)
    assert got < 20 * size


def test_an_answer_that_is_read_slowly_comes_whole(connect: Connect) -> None:
    client = connect()
    client.sendall(lines("GET /openapi.json HTTP/1.1", "Host: localhost", "Connection: close"))
    head, _, body = client.recv(65_536).partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while part := client.recv(65_536):
        body += part
        time.sleep(0.05)
    assert len(body) == length


def test_commands_are_answered_as_before(connect: Connect) -> None:
    client = connect()
    path, body = f"/v1/customers/{uuid4()}/register-customer", json.dumps({"name": "甲"}).encode()
    said = lines(f"POST {path} HTTP/1.1", *POST[1:3], f"Content-Length: {len(body)}")
    client.sendall((said + body) * 2 + said)
    client.sendall(body)
    answers = b""
    while answers.count(b"HTTP/1.1") < 3:
        answers += client.recv(65_536)
    assert [part[:4] for part in answers.split(b"HTTP/1.1")[1:]] == [b" 201", b" 200", b" 200"]
