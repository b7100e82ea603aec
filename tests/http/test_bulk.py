"""The bulk door: one answer per command in order, each stream all or nothing."""

import json
import signal
import socket
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.bulk_parts import LARGEST
from tests.cli.test_processes import get, serving
from tests.http.client import Api
from tests.waiting import PATIENCE, eventually


def post(client: TestClient, raw: bytes) -> list[dict[str, Any]]:
    answer = client.post("/v1/commands", content=raw, headers={"Authorization": "Dev system"})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def tier(customer: UUID, value: str, **more: Any) -> dict[str, Any]:
    body = {"tier": value, "since": "2025-01-01T00:00:00+08:00"}
    return {"stream": f"customer:{customer}", "command": "assign-tier", "body": body, **more}


def register(customer: UUID, name: str) -> dict[str, Any]:
    return {"stream": f"customer:{customer}", "command": "register-customer", "body": {"name": name}}


def lines(*commands: object) -> bytes:
    return b"\n".join(json.dumps(command).encode() for command in commands)


def test_lines_are_answered_in_order(client: TestClient) -> None:
    a, b = uuid4(), uuid4()
    found = post(client, lines(register(a, "甲"), register(b, "乙"), tier(a, "vip"), tier(a, "vip")))
    assert [(one["line"], one["status"]) for one in found] == [(1, 201), (2, 201), (3, 201), (4, 200)]
    assert [one["receipt"]["version"] for one in found] == [1, 1, 2, 2]


def test_an_array_will_do_as_well(client: TestClient) -> None:
    a = uuid4()
    found = post(client, json.dumps([register(a, "甲"), tier(a, "first")]).encode())
    assert [one["status"] for one in found] == [201, 201]


@pytest.mark.parametrize("sent_as", [lines, lambda *commands: json.dumps(commands).encode()], ids=["lines", "array"])
def test_the_answer_comes_as_it_is_asked_for(client: TestClient, sent_as: Callable[..., bytes]) -> None:
    raw, headers = sent_as(register(uuid4(), "甲"), {}), {"Authorization": "Dev system"}
    kinds: dict[str | None, Callable[[str], list[dict[str, Any]]]] = {
        None: json.loads,
        "*/*": json.loads,
        "application/json": json.loads,
        "application/json, application/x-ndjson;q=0.5": json.loads,
        "application/x-ndjson": lambda text: [json.loads(line) for line in text.splitlines()],
        "application/json;q=0.1, application/x-ndjson": lambda text: [json.loads(line) for line in text.splitlines()],
    }
    client.headers.pop("Accept")
    for accept, read in kinds.items():
        answer = client.post("/v1/commands", content=raw, headers=headers | ({"Accept": accept} if accept else {}))
        lined = accept is not None and accept.endswith("x-ndjson")
        assert answer.headers["content-type"] == ("application/x-ndjson" if lined else "application/json")
        assert [one["line"] for one in read(answer.text)] == [1, 2]
        assert read(answer.text)[0]["status"] in {200, 201}
        assert read(answer.text)[1]["problem"]["code"] == "request.invalid"


def test_what_cannot_be_answered_as_asked_is_not_done(client: TestClient, zeren: Zeren) -> None:
    size = zeren.ledger.size()
    headers = {"Authorization": "Dev system", "Accept": "text/csv"}
    answer = client.post("/v1/commands", content=lines(register(uuid4(), "甲")), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (406, "request.not-acceptable")
    assert zeren.ledger.size() == size


def test_one_bad_command_stops_its_stream_and_no_other(client: TestClient, zeren: Zeren) -> None:
    a, b = uuid4(), uuid4()
    size = zeren.ledger.size()
    found = post(client, lines(register(a, "甲"), register(b, "乙"), tier(a, "gold"), tier(b, "vip")))
    assert [one["status"] for one in found] == [424, 201, 422, 201]
    refused = post(client, lines(register(a, "甲"), register(a, "另一个名字"), tier(a, "vip")))
    assert [(one["status"], one["problem"]["code"]) for one in refused] == [
        (424, "bulk.stream-refused"),
        (409, "customer.already-registered"),
        (424, "bulk.stream-refused"),
    ]
    assert zeren.ledger.size() == size + 2


def test_conditions_and_keys_go_with_each_command(client: TestClient) -> None:
    a = uuid4()
    once = lines(register(a, "甲"), tier(a, "vip", idempotency_key="bulk-1", expected_version=1))
    assert [one["status"] for one in post(client, once)] == [201, 201]
    assert [one["status"] for one in post(client, once)] == [200, 201]
    late = post(client, lines(tier(a, "first", expected_version=1)))
    assert (late[0]["status"], late[0]["problem"]["version"]) == (412, 2)


def test_unreadable_lines_are_named(client: TestClient) -> None:
    a = uuid4()
    raw = b"\n".join(
        [
            lines(register(a, "甲")),
            b"{",
            lines({"stream": "moon:1", "command": "x", "body": {}}),
            lines({"stream": f"customer:{a}", "command": "fly", "body": {}}),
        ]
    )
    assert [(one["status"], one["problem"]["code"]) for one in post(client, raw)] == [
        (424, "bulk.stream-refused"),
        (400, "request.unreadable"),
        (422, "request.invalid"),
        (422, "command.unknown"),
    ]


def test_the_outcome_of_a_bulk_is_seen_at_its_position(client: TestClient, api: Api) -> None:
    a = uuid4()
    found = post(client, lines(register(a, "甲"), tier(a, "vip")))
    api.position = found[-1]["receipt"]["position"]
    assert api.ask("responsibility", subject=f"customer:{a}")["position"] >= api.position


@pytest.mark.parametrize("raw", [b"[" + b"0," * LARGEST + b"0]", b"0\n" * (LARGEST + 1)], ids=["array", "lines"])
def test_more_than_can_be_answered_at_once_is_refused_whole(client: TestClient, raw: bytes) -> None:
    answer = client.post("/v1/commands", content=raw, headers={"Authorization": "Dev system"})
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


def test_a_repeated_command_has_the_position_of_the_first_time(client: TestClient) -> None:
    a = uuid4()
    asked = lines(
        {**register(a, "甲"), "idempotency_key": "one"},
        tier(a, "vip", idempotency_key="two"),
        tier(a, "vip", idempotency_key="three"),
        tier(a, "first", idempotency_key="four"),
    )
    assert post(client, asked) == post(client, asked)


def test_one_key_or_id_twice_for_one_stream_is_refused_at_once(client: TestClient) -> None:
    a = uuid4()
    twice = lines(register(a, "甲"), tier(a, "vip", idempotency_key="k"), tier(a, "first", idempotency_key="k"))
    assert [one["problem"]["code"] for one in post(client, twice)] == [
        "bulk.stream-refused",
        "bulk.stream-refused",
        "idempotency.reused",
    ]


# Of the three ways that a command may come, the last is not the plain one.
@pytest.mark.parametrize(
    "path", ["commands", "customers", "customers/0190B2C4-7A10-7CC0-8000-00000000D001/assign-tier"]
)
def test_a_client_that_leaves_in_the_middle_is_no_error(database_url: str, path: str) -> None:
    with serving("serve", "--port", "0", ZEREN_DATABASE_URL=database_url, ZEREN_AUTH="dev") as (url, process):
        _, _, port = url.rpartition(":")
        with socket.create_connection(("127.0.0.1", int(port))) as leaving:
            head = (f"POST /v1/{path} HTTP/1.1", "Host: localhost", "Authorization: Dev system", "Content-Length: 99")
            leaving.sendall("\r\n".join((*head, "", "{")).encode())
            # It has begun to read before the client leaves.
            assert get(f"{url}/healthz").status_code == 200
        if path == "commands":
            eventually(lambda: 'status="499"' in get(f"{url}/metrics").text)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
