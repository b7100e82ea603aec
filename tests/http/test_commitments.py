"""Commitments over HTTP: lists, pages, and one of them as it was known."""

import base64
import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.http.paging import named
from tests.http.client import Api

NEW_YEAR = "2025-01-01T00:00:00+08:00"


def promised(api: Api, customer: UUID, due: str) -> str:
    identifier = str(uuid4())
    promise = {"commitment_id": identifier, "text": "交付样机", "due_at": f"{due}T18:00:00+08:00", "by": "us"}
    api.accepted(f"customers/{customer}/make-commitment", {**promise, "occurred_at": NEW_YEAR})
    return identifier


def test_pages_hold_what_was_known_on_the_first(api: Api) -> None:
    customer = api.customer("华东机械")
    made = [promised(api, customer, f"2025-03-{day:02d}") for day in (3, 1, 2, 5, 4)]
    page = api.ask("commitments", customer=customer, limit=2)
    seen, links = [one["commitment_id"] for one in page["items"]], 0
    while page["next"]:
        promised(api, customer, "2025-03-01")
        again = {"commitment_id": made[3], "due_at": "2025-01-02T00:00:00+08:00", "agreed": True}
        api.accepted(f"customers/{customer}/reschedule-commitment", again)
        answer = api.client.get(page["next"], headers=api.headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        seen += [one["commitment_id"] for one in page["items"]]
        links += 1
    assert seen == [made[1], made[2], made[0], made[4], made[3]]
    assert links == 2
    now = api.ask("commitments", customer=customer, sort="-due_at")
    assert now["items"][0]["commitment_id"] == made[4]
    assert now["next"] is None


def test_a_commitment_shows_its_slippage_and_its_holder(api: Api) -> None:
    customer, lin = api.customer("华东机械"), api.person("林静")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    identifier = promised(api, customer, "2025-03-01")
    before = api.position
    move = {"commitment_id": identifier, "due_at": "2025-03-08T18:00:00+08:00", "agreed": False}
    api.accepted(f"customers/{customer}/reschedule-commitment", move)
    found = api.ask(f"commitments/{identifier}")["commitment"]
    assert (found["by"], found["overdue"], found["holders"]) == ("us", True, [str(lin)])
    (step,) = found["reschedules"]
    assert (step["from"], step["to"], step["agreed"]) == ("2025-03-01T10:00:00Z", "2025-03-08T10:00:00Z", False)
    assert (found["due_at"], found["binding_due_at"]) == ("2025-03-08T10:00:00Z", "2025-03-01T10:00:00Z")
    assert api.ask(f"commitments/{identifier}", known_position=before)["commitment"]["reschedules"] == []
    asked = {"customer": customer, "status": "open", "by": "us", "overdue": True}
    for filters, number in (
        ({"holder": lin}, 1),
        ({"holder": uuid4()}, 0),
        ({"due_from": "2025-03-08T00:00:00Z", "due_to": "2025-03-09T00:00:00Z"}, 0),
        ({"due_from": "2025-03-01T00:00:00Z", "due_to": "2025-03-02T00:00:00Z"}, 1),
        ({"promised_by": lin}, 0),
    ):
        assert len(api.ask("commitments", **asked, **filters)["items"]) == number


def token(**changed: Any) -> str:
    cursor = {
        "known": 1,
        "at": NEW_YEAR,
        "of": named("/v1/commitments", {}),
        "order": "due_at",
        "after": [NEW_YEAR, str(uuid4())],
        **changed,
    }
    return base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"after": ["nonsense", str(uuid4())]}, 422),
        ({"after": ["\ud800", str(uuid4())]}, 422),
        ({"after": ["\u0000", str(uuid4())]}, 422),
        ({"after": [NEW_YEAR]}, 422),
        ({"after": []}, 422),
        ({"of": ""}, 422),
        ({"known": -1}, 422),
        ({"known": 10**9}, 422),
        ({"at": "2025-01-01T00:00:00"}, 422),
        ({"at": "9999-12-31T23:59:59-12:00"}, 200),
        ({"more": 1}, 422),
    ],
)
def test_a_forged_cursor_does_no_harm(api: Api, changed: dict[str, Any], status: int) -> None:
    assert api.get("commitments", cursor=token(**changed)).status_code == status


@pytest.mark.parametrize("token", ["", "x", "!!!!", "bm9uZSBvZiBvdXJz", "eyJrbm93biI6MX0", "W1tbW1tbW1tb"])
def test_a_foreign_cursor_is_refused(api: Api, token: str) -> None:
    answer = api.get("commitments", cursor=token)
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor.invalid")


def test_a_cursor_goes_with_its_own_list_and_brings_its_times(api: Api) -> None:
    customer = api.customer("华东机械")
    for day in ("2025-03-01", "2025-03-02"):
        promised(api, customer, day)
    link = api.ask("commitments", limit=1)["next"]
    _, _, token = link.partition("cursor=")
    for path, extra, code in (
        ("commitments", {"sort": "-due_at"}, "cursor.elsewhere"),
        ("complaints", {}, "cursor.elsewhere"),
        ("commitments", {"known_position": 1}, "cursor.invalid"),
        ("commitments", {"effective_at": NEW_YEAR}, "cursor.invalid"),
    ):
        answer = api.get(path, cursor=token, **extra)
        assert (answer.status_code, answer.json()["code"]) == (422, code), (path, extra)
    assert api.get("commitments", limit=0).status_code == 422
    assert api.get("commitments", status="lost").status_code == 422
