"""The short way for commands answers as the routes do, byte for byte."""

import itertools
import json
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.requests import Request

from commands.catalogue import CATALOGUE, INTERNAL
from commands.customer.tier import AssignTier
from services.application import Zeren
from services.handling import Outcome, RecordedEvent
from services.http import body, door
from services.http.app import create_app
from services.http.commands import PLURALS, Receipt, answer_body, read_command, receipt
from services.http.problems import InvalidError, ProblemError, validation_error
from services.settings import Settings
from tests.http.client import Api

SYSTEM = {"Authorization": "Dev system"}
TIER = {"tier": "vip", "since": "2025-01-01T00:00:00+08:00"}


def essence(answer: Response) -> tuple[int, dict[str, str], Any]:
    """What of an answer must be the same."""
    return answer.status_code, dict(answer.headers), answer.json()


def both_ways(client: TestClient, path: str, raw: bytes, **headers: str) -> tuple[Response, Response]:
    """The answers by the short way and by the routes, which take ids in capitals, too."""
    identifier = str(uuid4())
    sent = {**SYSTEM, **headers}
    short = client.post(f"/v1/{path.format(id=identifier)}", content=raw, headers=sent)
    routed = client.post(f"/v1/{path.format(id=identifier.upper())}", content=raw, headers=sent)
    return short, routed


def test_plain_commands_come_by_the_short_way_and_others_by_the_routes() -> None:
    def plain(path: str, **headers: str) -> bool:
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "path": path, "headers": sent, "query_string": b"", "root_path": ""}
        return door.plain(scope) is not None

    identifier = uuid4()
    for kind, by_path in CATALOGUE.items():
        for path, command in by_path.items():
            assert plain(f"/v1/{PLURALS[kind]}/{identifier}/{path}") == (command not in INTERNAL)
    assert plain("/v1/customers")
    assert plain("/v1/customers", **{"x-on-behalf-of": str(identifier)})
    for other in (
        f"/v1/customers/{str(identifier).upper()}/assign-tier",
        f"/v1/customers/{identifier.hex}/assign-tier",
        f"/v1/customers/{identifier}/assign-tier/",
        f"/v1/customers/{identifier}/fly",
        f"/v1/projects/{identifier}/assign-tier",
        f"/v2/customers/{identifier}/assign-tier",
        f"/customers/{identifier}/assign-tier",
        f"x/v1/customers/{identifier}",
        "/v1/policies",
        "/v1/customers/",
        "/",
        "",
    ):
        assert not plain(other), other
    for principal in ("", "nobody", str(identifier).upper(), f"{identifier}\n"):
        assert not plain("/v1/customers", **{"x-on-behalf-of": principal})


HEADERS: list[dict[str, str]] = [
    {},
    {"Authorization": ""},
    {"Authorization": "Dev"},
    {"Authorization": "Dev nobody"},
    {"Authorization": "Bearer abc"},
    {"Authorization": f"dev {uuid4()}"},
    {"Idempotency-Key": "a b"},
    {"Idempotency-Key": ""},
    {"If-Match": "7"},
    {"If-Match": '"7"'},
    {"If-Match": ""},
    {"Accept-Language": "zh"},
    {"X-On-Behalf-Of": ""},
    {"X-On-Behalf-Of": "nobody"},
    {"X-On-Behalf-Of": str(uuid4())},
]
BODIES = [b"", b"{}", b"[]", b'{"tier": "vip"}', json.dumps(TIER).encode()]


def test_what_is_refused_is_refused_alike(client: TestClient) -> None:
    for headers, raw in itertools.product(HEADERS, BODIES):
        short, routed = both_ways(client, "customers/{id}/assign-tier", raw, **headers)
        assert essence(short) == essence(routed), (headers, raw)
        assert short.is_client_error


def test_what_is_accepted_is_answered_alike(client: TestClient, api: Api) -> None:
    for path, sent in (("register-customer", {"name": "华东电力集团"}), ("assign-tier", TIER), ("assign-tier", TIER)):
        if path == "register-customer":
            one, two = uuid4(), uuid4()
        short = client.post(f"/v1/customers/{one}/{path}", json=sent, headers=SYSTEM)
        routed = client.post(f"/v1/customers/{str(two).upper()}/{path}", json=sent, headers=SYSTEM)
        assert short.is_success
        assert _without_ids(short, one) == _without_ids(routed, two)
    kept, capitals = {**SYSTEM, "Idempotency-Key": "1"}, str(api.person("林静")).upper()
    by_short = client.post("/v1/customers", json={"name": "华东水务"}, headers=kept)
    by_route = client.post("/v1/customers", json={"name": "华东水务"}, headers={**kept, "X-On-Behalf-Of": capitals})
    assert essence(by_short) == essence(by_route)


def _without_ids(answer: Response, customer: UUID) -> Any:
    found = answer.json()
    del found["position"]
    for one in found["events"]:
        del one["id"]
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return answer.status_code, headers, json.dumps(found).replace(str(customer), "customer")


def test_both_ways_are_counted_and_nothing_else_is(client: TestClient) -> None:
    both_ways(client, "customers/{id}/assign-tier", b"{}")
    both_ways(client, "customers/{id}/assign-tier", b"{")
    text = client.get("/metrics").text
    assert 'zeren_http_requests_total{method="POST",status="422"} 2.0' in text
    assert 'zeren_http_requests_total{method="POST",status="400"} 2.0' in text
    assert 'zeren_http_request_seconds_count{method="POST"} 4.0' in text


def test_an_error_of_ours_that_nobody_expected_is_a_problem_without_details(zeren: Zeren) -> None:
    app = create_app(zeren, Settings(dev_auth=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        app.state.tasks = None
        for answer in both_ways(client, "customers/{id}/assign-tier", json.dumps(TIER).encode()):
            assert (answer.status_code, answer.json()["code"]) == (500, "internal")


def test_a_receipt_is_written_as_its_schema_says() -> None:
    for names in ([], ["customer.registered"], ["customer.visit-recorded", "customer.commitment-made"]):
        events = tuple(RecordedEvent(uuid4(), name, at) for at, name in enumerate(names, 3))  # type: ignore[arg-type]
        outcome = Outcome(f"customer:{uuid4()}", 4, 17, events)  # type: ignore[arg-type]
        assert answer_body(outcome) == receipt(outcome).model_dump_json().encode()
        assert Receipt.model_validate_json(answer_body(outcome)) == receipt(outcome)


_SPACE = st.sampled_from(["", "", " ", "\n", "\t \r"])
_NAMES = st.sampled_from(['"tier"', '"since"', '"reason"', '"ti\\u0065r"', '"occurred_at"', '"x"'])
_VALUES = st.sampled_from(
    [
        '"vip"',
        '"first"',
        '"2025-01-01T00:00:00+08:00"',
        "null",
        '"a\\":b"',
        '"\\ud800"',
        "NaN",
        "-Infinity",
        "[]",
        "{}",
        '{"a":1,"a":2}',
        "[" * 31 + "]" * 31,
        "[" * 40 + "]" * 40,
        "1" * 5000,
        '"\x07"',
        '"\ufeff"',
    ]
)
_MEMBERS = st.tuples(_NAMES, _SPACE, _SPACE, _VALUES).map(lambda one: f"{one[0]}{one[1]}:{one[2]}{one[3]}")
_OBJECTS = st.lists(_MEMBERS, max_size=5).map(lambda members: "{" + ",".join(members) + "}")
_GOOD = st.permutations(['"tier":"vip"', '"since" :"2025-01-01T00:00:00+08:00"', '"reason":"a\\":b"']).flatmap(
    lambda members: st.sampled_from([members, [*members, members[0]], members[:2], [*members[:2], members[1]]])
)


@settings(max_examples=300, deadline=None)
@given(raw=_OBJECTS | _GOOD.map(lambda members: "{" + ",".join(members) + "}") | st.text(max_size=20))
def test_a_body_is_read_as_if_it_were_read_twice(raw: str) -> None:
    assert _read(raw.encode("utf-8", "surrogatepass")) == _read_twice(raw.encode("utf-8", "surrogatepass"))


def test_nothing_is_said_of_bodies_with_objects_inside() -> None:
    assert not body.is_surely_sound(b'{"a": {"b": 1}}', 1)
    assert body.is_surely_sound(b'{"a": [1]}', 1)
    assert not body.is_surely_sound(b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}", 1)


def _read(raw: bytes) -> Any:
    try:
        return read_command(AssignTier, raw)
    except (ProblemError, InvalidError) as error:
        return type(error), str(error), str(getattr(error, "errors", None))


def _read_twice(raw: bytes) -> Any:
    try:
        body.parse(raw)
        return AssignTier.model_validate_json(raw, strict=True)
    except ValidationError as error:
        invalid = validation_error(error)
        return type(invalid), str(invalid), str(invalid.errors)
    except ProblemError as error:
        return type(error), str(error), "None"


def test_somebody_who_leaves_while_speaking_is_not_answered(zeren: Zeren) -> None:
    app = create_app(zeren, Settings(dev_auth=True))
    sent: list[Any] = []

    async def leave() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    with TestClient(app) as client:
        scope = {
            "type": "http",
            "method": "POST",
            "path": f"/v1/customers/{uuid4()}/assign-tier",
            "query_string": b"",
            "headers": [(b"authorization", b"Dev system")],
        }
        assert client.portal is not None
        client.portal.call(app, Request(scope).scope, leave, send)
    assert sent == []
