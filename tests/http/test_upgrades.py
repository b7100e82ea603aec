"""A request that offers another protocol is answered as any other, whole and in its order."""

import json
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from services.application import Zeren
from tests.http.serving import listening
from tests.waiting import PATIENCE

OFFER = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"


@pytest.fixture
def port(zeren: Zeren) -> Iterator[int]:
    """Where the application listens, as the server lets it."""
    with listening(zeren) as found:
        yield found


def register(name: str, offer: str = OFFER, *, chunked: bool = False, last: bool = False) -> bytes:
    body = json.dumps({"name": name}).encode()
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    closing = "Connection: close\r\n" if last else ""
    head = f"POST /v1/people HTTP/1.1\r\nHost: x\r\nAuthorization: Dev system\r\n{offer}{closing}{length}\r\n\r\n"
    return head.encode() + (b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body)


def answers(port: int, *parts: bytes) -> list[int]:
    """The statuses of all answers on one connection, to what is sent in these parts."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        for part in parts:
            connection.sendall(part)
            threading.Event().wait(0.05)
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", said)]


@pytest.mark.parametrize("offer", ["", OFFER, "Connection: upgrade\r\nUpgrade: websocket\r\n"])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("cut", [None, 30, -30, -3])
def test_the_body_arrives(port: int, zeren: Zeren, offer: str, *, chunked: bool, cut: int | None) -> None:
    size = zeren.ledger.size()
    raw = register("林静", offer, chunked=chunked)
    parts = (raw,) if cut is None else (raw[:cut], raw[cut:])
    assert answers(port, *parts, register("王磊", "", last=True)) == [201, 201]
    assert zeren.ledger.size() == size + 2


def test_requests_may_follow_one_another_at_once(port: int, zeren: Zeren) -> None:
    size = zeren.ledger.size()
    raw = register("林静") + register("王磊", chunked=True) + register("周敏", "") + register("陈晨", last=True)
    assert answers(port, raw) == [201, 201, 201, 201]
    assert zeren.ledger.size() == size + 4


def test_what_is_no_http_stays_refused(port: int, zeren: Zeren) -> None:
    size = zeren.ledger.size()
    head = register("林静", chunked=True).partition(b"\r\n\r\n")[0]
    assert answers(port, head + b"\r\n\r\nzz\r\n") == [400]
    assert zeren.ledger.size() == size
