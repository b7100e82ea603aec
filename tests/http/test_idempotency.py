"""What an idempotency key stands for: a command, however it is written."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from commands.base import Command
from commands.catalogue import CATALOGUE, INTERNAL
from commands.customer.profile import RegisterCustomer
from commands.customer.tier import AssignTier
from events.vocabulary.identifiers import CustomerId, stream_id
from services.application import Zeren
from services.handling import Request, context
from services.http.meaning import canonical
from services.store.writing.saves import Key
from tests.http.client import Api
from tests.making import instances

KEY = {"Idempotency-Key": "once"}
A, B = "0195e7a2-aaaa-7000-8000-000000000001", "0195e7a2-aaaa-7000-8000-000000000002"
AT = "2025-03-01T09:00:00+08:00"
COMMANDS = [one for by_path in CATALOGUE.values() for one in by_path.values() if one not in INTERNAL]


def answer(scores: str = '{"attitude": 5, "speed": 4}', at: str = AT, scale: str = '{"min": 1, "max": 5}') -> str:
    ids = f'"survey_id": "{A}", "answer_id": "{B}"'
    return f'{{{ids}, "answered_at": "{at}", "scores": {scores}, "scale": {scale}}}'


SAME = {
    "order, white space and escapes": (
        "assign-tier",
        f'{{"tier": "vip", "since": "{AT}", "reason": "大客户"}}',
        '{"reason":"\\u5927客户",\n\t"since":"2025-03-01T09:00:00+08:00","tier":"vip"}',
    ),
    "an instant with another offset": (
        "assign-tier",
        f'{{"tier": "vip", "since": "{AT}"}}',
        '{"tier": "vip", "since": "2025-03-01T01:00:00.000Z"}',
    ),
    "null where it says no more than absence": (
        "assign-tier",
        f'{{"tier": "vip", "since": "{AT}"}}',
        f'{{"tier": "vip", "since": "{AT}", "reason": null}}',
    ),
    "a number with superfluous digits": (
        "record-survey-answer",
        answer(),
        answer('{"attitude": 5.0, "speed": "4.00"}', scale='{"min": 1.0, "max": 5}'),
    ),
    "names in a table in another order": (
        "record-survey-answer",
        answer(),
        answer('{"speed": 4, "attitude": 5}', scale='{"max": 5, "min": 1}'),
    ),
}
OTHER = {
    "another value": ("assign-tier", f'{{"tier": "vip", "since": "{AT}"}}', f'{{"tier": "first", "since": "{AT}"}}'),
    "another instant": (
        "assign-tier",
        f'{{"tier": "vip", "since": "{AT}"}}',
        '{"tier": "vip", "since": "2025-03-01T09:00:00+09:00"}',
    ),
    "something more": (
        "assign-tier",
        f'{{"tier": "vip", "since": "{AT}"}}',
        f'{{"tier": "vip", "since": "{AT}", "reason": "大客户"}}',
    ),
    "another number": ("record-survey-answer", answer(), answer('{"attitude": 5, "speed": 4.001}')),
}


@pytest.mark.parametrize(("path", "first", "again"), SAME.values(), ids=SAME)
def test_another_way_to_write_the_same_gets_the_first_answer(
    api: Api, zeren: Zeren, path: str, first: str, again: str
) -> None:
    customer = api.customer("华东电力集团")
    once = post(api, f"customers/{customer}/{path}", first)
    size = zeren.ledger.size()
    assert post(api, f"customers/{customer}/{path}", again) == once
    assert once[0] == 201
    assert zeren.ledger.size() == size


@pytest.mark.parametrize(("path", "first", "other"), OTHER.values(), ids=OTHER)
def test_something_else_under_the_same_key_is_refused(
    api: Api, zeren: Zeren, path: str, first: str, other: str
) -> None:
    customer = api.customer("华东电力集团")
    assert post(api, f"customers/{customer}/{path}", first)[0] == 201
    size = zeren.ledger.size()
    status, refused = post(api, f"customers/{customer}/{path}", other)
    assert (status, refused["code"]) == (422, "idempotency.reused")
    assert zeren.ledger.size() == size


def test_null_that_clears_is_not_absence(api: Api) -> None:
    customer, lin = api.customer("华东电力集团"), api.person("林晓")
    end = "2026-01-01T00:00:00+08:00"
    assignment = api.assigned(customer, "account_manager", lin, "2025-01-01T00:00:00+08:00", end)
    path = f"customers/{customer}/correct-responsibility"
    kept: dict[str, Any] = {"assignment_id": str(assignment), "since": AT, "reason": "日期有误"}
    assert api.accepted(path, kept, **KEY) == api.accepted(path, kept | {"person": None}, **KEY)
    assert api.refused(path, kept | {"until": None}, **KEY) == (422, "idempotency.reused")


def test_every_door_takes_a_key_alike(api: Api, client: TestClient) -> None:
    customer = api.customer("华东电力集团")
    first = api.accepted(f"customers/{customer}/assign-tier", {"tier": "vip", "since": AT}, **KEY)
    line = {
        "stream": f"customer:{customer}",
        "command": "assign-tier",
        "body": {"since": "2025-03-01T01:00:00Z", "tier": "vip"},
        "idempotency_key": "once",
    }
    sent = client.post("/v1/commands", content=json.dumps(line), headers=api.headers)
    assert first["version"] == 2
    assert sent.json()[0]["receipt"] == first


def test_a_key_of_an_earlier_release_stays_valid_for_the_same_bytes(api: Api, zeren: Zeren) -> None:
    customer = uuid4()
    raw = f'{{"tier":"vip", "since": "{AT}"}}'
    earlier = recorded_by_an_earlier_release(zeren, customer, raw)
    api.accepted(f"customers/{customer}/assign-tier", {"tier": "first", "since": AT})
    size = zeren.ledger.size()
    status, again = post(api, f"customers/{customer}/assign-tier", raw)
    assert (status, again["version"], again["position"]) == (201, 2, earlier)
    assert post(api, f"customers/{customer}/assign-tier", raw.replace("vip", "second"))[0] == 422
    assert zeren.ledger.size() == size


@given(st.data())
def test_whatever_can_be_said_reads_again_to_the_same_meaning(data: st.DataObject) -> None:
    command = data.draw(st.sampled_from(COMMANDS).flatmap(instances))
    said: dict[str, Any] = json.loads(command.model_dump_json(exclude_unset=True))
    turned = dict(reversed(said.items()))
    assert canonical(read(command, turned)) == canonical(read(command, said))


def read(command: Command, said: dict[str, Any]) -> Command:
    return type(command).model_validate_json(json.dumps(said), strict=True)


def post(api: Api, path: str, raw: str) -> tuple[int, dict[str, Any]]:
    sent = api.client.post(f"/v1/{path}", content=raw.encode(), headers=api.headers | KEY)
    return sent.status_code, sent.json()


def recorded_by_an_earlier_release(zeren: Zeren, customer: UUID, raw: str) -> int:
    """Record a tier as releases did whose keys stood for the bytes that were sent; its position."""
    stream = stream_id("customer", CustomerId(customer))
    stood_for = hashlib.sha256(f"{stream}\nassign-tier\n{raw}".encode()).digest()
    tier = AssignTier.model_validate_json(raw, strict=True)
    zeren.handler.execute(Request(stream, RegisterCustomer(name="华东电力集团"), context("system")))
    request = Request(stream, tier, context("system"), key=Key("system", "once", stood_for))
    return zeren.handler.execute(request).position
