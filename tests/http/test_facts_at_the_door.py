"""What the door makes of a correction or a withdrawal: who gives it, how often, and of which event."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.application import Zeren
from tests.http.client import Api
from tests.http.test_facts import FIFTH, REASON, kept, promised

Body = Callable[[str], dict[str, Any]]


def correction(event: str) -> dict[str, Any]:
    return {"event": event, "values": {"fulfilled_at": FIFTH}, "reason": REASON}


def withdrawal(event: str) -> dict[str, Any]:
    return {"event": event, "reason": REASON}


BOTH = pytest.mark.parametrize(("command", "body"), [("correct-fact", correction), ("withdraw-fact", withdrawal)])


@pytest.fixture
def customer(api: Api) -> UUID:
    """华东机械."""
    return api.customer("华东机械")


@pytest.fixture
def fulfilment(api: Api, customer: UUID) -> str:
    """The event that says that its promise was kept on the 10th."""
    key, _ = promised(api, customer)
    return kept(api, customer, key)


@BOTH
@pytest.mark.parametrize("credentials", [None, "Basic ZGV2OmRldg==", "Dev nobody", f"Bearer {UUID(int=1)}"])
def test_nobody_unknown_puts_anything_right(
    api: Api, zeren: Zeren, customer: UUID, fulfilment: str, command: str, body: Body, credentials: str | None
) -> None:
    before = zeren.ledger.size()
    headers = {"Authorization": credentials} if credentials else {}
    answer = api.client.post(f"/v1/customers/{customer}/{command}", json=body(fulfilment), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert zeren.ledger.size() == before


@BOTH
def test_the_same_key_gets_the_first_answer_and_another_key_finds_nothing_to_do(
    api: Api, zeren: Zeren, customer: UUID, fulfilment: str, command: str, body: Body
) -> None:
    path = f"customers/{customer}/{command}"
    first = api.command(path, body(fulfilment), **{"Idempotency-Key": "first"})
    after = zeren.ledger.size()
    again = api.command(path, body(fulfilment), **{"Idempotency-Key": "first"})
    other = api.command(path, body(fulfilment), **{"Idempotency-Key": "second"})
    assert (first.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["events"]) == (200, [])
    reused = api.command(path, body(fulfilment) | {"reason": "另一个原因"}, **{"Idempotency-Key": "first"})
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency.reused")
    assert zeren.ledger.size() == after


@BOTH
def test_only_an_event_of_this_very_ledger_is_put_right(
    api: Api, zeren: Zeren, customer: UUID, fulfilment: str, command: str, body: Body
) -> None:
    other, lin = api.customer("滨海化工"), api.person("林静")
    before = zeren.ledger.size()
    for path in (f"customers/{other}", f"people/{lin}"):
        assert api.refused(f"{path}/{command}", body(fulfilment)) == (409, "fact.unknown")
    assert api.refused(f"customers/{customer}/{command}", body(str(uuid4()))) == (409, "fact.unknown")
    assert api.refused(f"customers/{uuid4()}/{command}", body(fulfilment)) == (404, "customer.not-registered")
    assert api.refused(f"customers/{customer}/{command}", body("7")) == (422, "request.invalid")
    assert zeren.ledger.size() == before


@BOTH
def test_a_correction_and_a_withdrawn_fact_are_not_put_right(
    api: Api, zeren: Zeren, customer: UUID, fulfilment: str, command: str, body: Body
) -> None:
    path = f"customers/{customer}"
    right = api.accepted(f"{path}/correct-fact", correction(fulfilment))["events"][0]["id"]
    gone = api.accepted(f"{path}/withdraw-fact", withdrawal(fulfilment))["events"][0]["id"]
    before = zeren.ledger.size()
    for event in (right, gone):
        assert api.refused(f"{path}/{command}", body(event)) == (409, "fact.correction-of-correction")
    again = api.command(f"{path}/{command}", body(fulfilment))
    if command == "correct-fact":
        assert (again.status_code, again.json()["code"]) == (409, "fact.withdrawn")
    else:
        assert (again.status_code, again.json()["events"]) == (200, [])
    assert zeren.ledger.size() == before


@pytest.mark.parametrize("reason", [None, "", "  "])
@BOTH
def test_a_reason_is_needed(
    api: Api, zeren: Zeren, customer: UUID, fulfilment: str, command: str, body: Body, reason: str | None
) -> None:
    before = zeren.ledger.size()
    answer = api.command(f"customers/{customer}/{command}", body(fulfilment) | {"reason": reason})
    assert (answer.status_code, answer.json()["field"]) == (422, "reason")
    assert zeren.ledger.size() == before


def test_the_rules_of_the_company_have_no_door_for_it(api: Api) -> None:
    for command in ("correct-fact", "withdraw-fact"):
        answer = api.command(f"policies/{UUID(int=0)}/{command}", withdrawal(str(uuid4())))
        assert answer.status_code == 404
