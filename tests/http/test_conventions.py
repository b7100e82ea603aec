"""What HTTP asks of every address: HEAD, OPTIONS, Allow, media types, packed answers, private headers."""

import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import Response
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.app import create_app
from services.settings import Settings
from tests.http.client import Api
from tests.http.serving import listening
from tests.waiting import PATIENCE

SYSTEM = {"Authorization": "Dev system"}
CUSTOMER = "0190b2c4-7a10-7cc0-8000-00000000d001"
SHORT, ROUTE = f"/v1/customers/{CUSTOMER}/register-customer", f"/v1/customers/{CUSTOMER.upper()}/register-customer"
BODY = json.dumps({"name": "华东电力集团"}).encode()


def asked_without_parameters(client: TestClient) -> list[str]:
    """The addresses that answer GET as they stand."""
    document = client.get("/openapi.json").json()
    return [
        path
        for path, methods in document["paths"].items()
        if "get" in methods and "{" not in path and not path.endswith("/stream")
    ]


def without_time(headers: httpx2.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in {"date", "content-length"}}


def test_head_is_get_without_the_body(client: TestClient, api: Api) -> None:
    api.customer("华东电力集团")
    paths = [*asked_without_parameters(client), "/docs", "/docs/start.js", "/openapi.json", "/nothing"]
    assert len(paths) > 20
    for path in paths:
        got, head = [client.request(method, path, headers=SYSTEM) for method in ("GET", "HEAD")]
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert without_time(head.headers) == without_time(got.headers), path
        if path != "/metrics":
            assert head.headers["content-length"] == str(len(got.content)) or "content-encoding" in got.headers, path


def test_head_of_who_was_responsible_comes_by_the_short_way_too(client: TestClient) -> None:
    path = f"/v1/responsibility?subject=customer:{CUSTOMER}"
    got, head = [client.request(method, path, headers=SYSTEM) for method in ("GET", "HEAD")]
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(got.content)))
    assert client.head(path).status_code == 401


def test_head_of_a_stream_ends(zeren: Zeren) -> None:
    with listening(zeren) as port:
        for after, status, kind in ((0, 200, "text/event-stream"), (10**6, 422, "application/problem+json")):
            head = httpx2.head(f"http://127.0.0.1:{port}/v1/events/stream?after={after}", headers=SYSTEM, timeout=10)
            assert (head.status_code, head.content) == (status, b"")
            assert head.headers["content-type"].startswith(kind)
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
            ask = "HEAD {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Dev system\r\n{}\r\n"
            client.sendall(
                ask.format("/v1/events/stream", "").encode() + ask.format("/healthz", "Connection: close\r\n").encode()
            )
            heard = b""
            while part := client.recv(65_536):
                heard += part
    assert heard.count(b"HTTP/1.1 200") == 2
    assert heard.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/customers", "GET, HEAD, POST, OPTIONS"),
        ("/v1/responsibility", "GET, HEAD, OPTIONS"),
        ("/v1/events/stream", "GET, HEAD, OPTIONS"),
        ("/v1/commands", "POST, OPTIONS"),
        (SHORT, "POST, OPTIONS"),
        ("/healthz", "GET, HEAD, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_an_address_says_which_methods_it_answers(client: TestClient, path: str, methods: str) -> None:
    options = client.options(path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, methods, b"")
    refused = client.delete(path, headers=SYSTEM)
    assert (refused.status_code, refused.json()["code"], refused.headers["allow"]) == (
        405,
        "method.not-allowed",
        methods,
    )
    assert methods in refused.json()["detail"]
    for method in {"GET", "POST", "HEAD"} - set(methods.split(", ")):
        assert client.request(method, path, headers=SYSTEM).status_code == 405


def test_of_nothing_there_are_no_methods(client: TestClient) -> None:
    assert client.options("/v1/nothing").status_code == 404
    assert client.options(f"/v1/customers/{CUSTOMER}/record-commitment-fell-due").status_code == 404


TAKEN = [
    "application/json",
    "Application/JSON; charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/merge-patch+json",
    "application/x-ndjson",
    # curl -d, and clients that were not told what they send.
    "application/x-www-form-urlencoded",
]
OTHERS = [
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/json; charset=gbk",
    "json",
    "",
]


@pytest.mark.parametrize("path", [SHORT, ROUTE, "/v1/customers", "/v1/commands"])
@pytest.mark.parametrize("kind", TAKEN)
def test_json_is_taken_under_its_names(client: TestClient, path: str, kind: str) -> None:
    answer = client.post(path, content=BODY, headers=SYSTEM | {"Content-Type": kind})
    assert answer.is_success, answer.text


@pytest.mark.parametrize("path", [SHORT, ROUTE, "/v1/customers", "/v1/commands"])
@pytest.mark.parametrize("kind", OTHERS)
def test_another_media_type_is_refused(client: TestClient, zeren: Zeren, path: str, kind: str) -> None:
    size = zeren.ledger.size()
    answer = client.post(path, content=BODY, headers=SYSTEM | {"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "request.type-unknown")
    assert (answer.json()["field"], answer.headers["accept"]) == ("Content-Type", "application/json")
    assert zeren.ledger.size() == size


def test_a_form_is_no_json(client: TestClient) -> None:
    for path in (SHORT, ROUTE, "/v1/commands"):
        answer = client.post(path, data={"name": "华东电力集团"}, headers=SYSTEM)
        assert (answer.status_code, answer.json()["code"]) == (415, "request.type-unknown")


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=0.9", "application/json;q=0", "image/*"])
def test_a_form_of_answer_that_there_is_not_is_refused_before_anything_is_done(
    client: TestClient, zeren: Zeren, accept: str
) -> None:
    size = zeren.ledger.size()
    ways: list[tuple[str, str]] = [("POST", path) for path in (SHORT, ROUTE, "/v1/customers", "/v1/commands")]
    ways += [("GET", path) for path in asked_without_parameters(client) if path.startswith("/v1/")]
    ways += [("GET", f"/v1/responsibility?subject=customer:{CUSTOMER}"), ("GET", "/v1/events/stream")]
    for method, path in ways:
        answer = client.request(method, path, content=BODY, headers=SYSTEM | {"Accept": accept})
        assert (answer.status_code, answer.json()["code"]) == (406, "request.not-acceptable"), (method, path)
        assert "application/json" in answer.json()["detail"]
    assert zeren.ledger.size() == size


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/*;q=0.1", "text/html, */*;q=0.1", "application/problem+json, application/json"]
)
def test_json_is_given_to_whoever_takes_it(client: TestClient, accept: str) -> None:
    for path in (SHORT, ROUTE, "/v1/commands"):
        assert client.post(path, content=BODY, headers=SYSTEM | {"Accept": accept}).is_success
    assert client.get("/v1/events", headers=SYSTEM | {"Accept": accept}).is_success


def test_each_of_its_forms_may_be_asked_for(client: TestClient) -> None:
    for path, accept in (("audit", "text/csv"), ("audit", "application/x-ndjson")):
        assert client.get(f"/v1/{path}", headers=SYSTEM | {"Accept": accept}).status_code == 200
    ndjson = client.post("/v1/commands", content=b"", headers=SYSTEM | {"Accept": "application/x-ndjson"})
    assert ndjson.status_code == 200


def test_who_may_not_come_in_is_told_nothing_else(client: TestClient) -> None:
    wrong = {"Accept": "image/png", "Content-Type": "text/plain", "Content-Encoding": "br"}
    for path in (SHORT, ROUTE, "/v1/commands"):
        assert client.post(path, content=b"x", headers=wrong).status_code == 401


@pytest.fixture
def filled(client: TestClient, api: Api) -> TestClient:
    for number in range(30):
        api.customer(f"华东电力集团 {number}")
    return client


def raw(client: TestClient, method: str, path: str, **more: Any) -> tuple[httpx2.Headers, bytes]:
    with client.stream(method, path, **more) as answer:
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize("asked", ["gzip", "deflate, gzip;q=0.5", "GZIP , br"])
def test_a_large_answer_is_packed_for_whoever_can_unpack_it(filled: TestClient, asked: str) -> None:
    for path in ("/v1/events", "/openapi.json", "/docs/swagger-ui.css"):
        plain_headers, plain = raw(filled, "GET", path, headers=SYSTEM | {"Accept-Encoding": "identity"})
        headers, packed = raw(filled, "GET", path, headers=SYSTEM | {"Accept-Encoding": asked})
        assert "content-encoding" not in plain_headers
        assert (headers["content-encoding"], headers["content-length"]) == ("gzip", str(len(packed)))
        assert "Accept-Encoding" in headers["vary"]
        assert gzip.decompress(packed) == plain
        assert len(packed) < len(plain) / 2


def test_an_export_is_packed_as_it_is_written(filled: TestClient) -> None:
    for accept in ("text/csv", "application/x-ndjson"):
        headers, packed = raw(
            filled, "GET", "/v1/audit", headers=SYSTEM | {"Accept": accept, "Accept-Encoding": "gzip"}
        )
        assert headers["content-encoding"] == "gzip"
        plain = raw(filled, "GET", "/v1/audit", headers=SYSTEM | {"Accept": accept, "Accept-Encoding": "identity"})[1]
        assert gzip.decompress(packed) == plain


def test_the_answer_to_a_bulk_is_packed(client: TestClient) -> None:
    said = {"command": "register-customer", "body": {"name": "甲"}}
    lines = [json.dumps({"stream": f"customer:{uuid4()}", **said}) for _ in range(20)]
    answer = client.post("/v1/commands", content="\n".join(lines), headers=SYSTEM | {"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert [one["status"] for one in answer.json()] == [201] * 20


@pytest.mark.parametrize("asked", ["", "identity", "gzip;q=0", "br, deflate", "xgzip"])
def test_nobody_gets_it_packed_who_does_not_ask(filled: TestClient, asked: str) -> None:
    assert "content-encoding" not in raw(filled, "GET", "/v1/events", headers=SYSTEM | {"Accept-Encoding": asked})[0]


def test_small_answers_and_those_with_an_etag_are_as_they_are(client: TestClient, zeren: Zeren) -> None:
    app = create_app(zeren, Settings(dev_auth=True))

    @app.get("/large")
    def large() -> Any:
        return Response(b"x" * 10_000, headers={"ETag": '"7"'})

    with TestClient(app) as other:
        headers, body = raw(other, "GET", "/large", headers={"Accept-Encoding": "gzip"})
    assert (headers["etag"], "content-encoding" in headers, len(body)) == ('"7"', False, 10_000)
    assert "content-encoding" not in client.get("/healthz").headers


def test_a_stream_is_never_held_back(zeren: Zeren) -> None:
    with listening(zeren) as port:
        url = f"http://127.0.0.1:{port}/v1/events/stream"
        asked = SYSTEM | {"Accept-Encoding": "gzip", "Accept": "text/event-stream"}
        with httpx2.stream("GET", url, headers=asked, timeout=PATIENCE) as answer:
            assert "content-encoding" not in answer.headers
            lines = answer.iter_lines()
            assert next(lines).startswith("id: 1@")
            made = httpx2.post(f"http://127.0.0.1:{port}/v1/customers", json={"name": "甲"}, headers=SYSTEM)
            position = made.json()["position"]
            assert any(line.startswith(f"id: {position}@") for line in lines)


def test_every_answer_is_kept_to_its_reader(client: TestClient) -> None:
    ways: Iterator[tuple[str, str, bytes]] = iter(
        [
            *[("GET", path, b"") for path in asked_without_parameters(client)],
            *[("POST", path, body) for path in (SHORT, ROUTE, "/v1/commands") for body in (BODY, b"{", b"{}")],
            ("GET", f"/v1/responsibility?subject=customer:{CUSTOMER}", b""),
            ("GET", "/nothing", b""),
            ("DELETE", "/v1/events", b""),
            ("OPTIONS", "/v1/events", b""),
        ]
    )
    for method, path, body in ways:
        for headers in (SYSTEM, {}):
            answer = client.request(method, path, content=body, headers=headers)
            assert answer.headers.get_list("cache-control") == ["no-store"], (method, path)
            assert answer.headers.get_list("x-content-type-options") == ["nosniff"], (method, path)
            assert "Accept-Language" in answer.headers["vary"], (method, path)


def test_the_reference_page_runs_nothing_inline(client: TestClient) -> None:
    page = client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert all(part.startswith((" src=", ">")) for part in page.text.split("<script")[1:])
    assert "<style" not in page.text
    assert client.get("/docs/start.js").headers["cache-control"] == "public, max-age=86400"
