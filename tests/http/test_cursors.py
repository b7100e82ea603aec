"""A cursor goes on with the list that gave it out, and with no other."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from tests.http.client import Api

NEW_YEAR = "2025-01-01T00:00:00+08:00"
LISTS = (
    "agenda",
    "audit",
    "commitments",
    "complaints",
    "contracts",
    "customers",
    "handovers",
    "interactions",
    "lives",
    "obligations",
    "people",
    "policies",
    "projects",
    "responsibility/gaps",
    "responsibility/leavers",
    "responsibility/overlaps",
    "responsibility/timeline",
    "surveys",
    "visits",
)


@pytest.fixture
def customer(api: Api) -> UUID:
    """A customer with two of much."""
    customer, lin = api.customer("华东机械"), api.person("林静")
    api.customer("华东水务")
    api.person("王磊")
    for day in ("2025-03-01", "2025-03-02"):
        promise = {"commitment_id": str(uuid4()), "text": "交付", "due_at": f"{day}T18:00:00+08:00", "by": "us"}
        api.accepted(f"customers/{customer}/make-commitment", promise)
        api.assigned(customer, "account_manager", lin, f"{day}T00:00:00+08:00", f"{day}T12:00:00+08:00")
    return customer


def cursor_of(api: Api, path: str, **filters: Any) -> str:
    link: str = api.ask(path, limit=1, **filters)["next"]
    return link.partition("cursor=")[2]


def refusal(api: Api, path: str, cursor: str, **filters: Any) -> tuple[int, str | None]:
    answer = api.get(path, cursor=cursor, **filters)
    return answer.status_code, answer.json().get("code")


def test_every_list_with_a_cursor_is_known_here(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    with_cursor = {
        path.removeprefix("/v1/")
        for path, methods in paths.items()
        for parameter in methods.get("get", {}).get("parameters", [])
        if parameter["name"] == "cursor"
    }
    assert with_cursor == set(LISTS)


@pytest.mark.parametrize("path", LISTS)
def test_another_list_refuses_it_by_name(api: Api, customer: UUID, path: str) -> None:
    needed = {"subject": f"customer:{customer}"} if path.endswith("timeline") else {}
    given_by = "people" if path != "people" else "customers"
    assert refusal(api, path, cursor_of(api, given_by), **needed) == (422, "cursor.elsewhere")


@pytest.mark.parametrize(
    ("path", "filters", "others"),
    [
        ("commitments", {"status": "open"}, [{}, {"status": "waived"}, {"status": "open", "by": "us"}]),
        ("commitments", {}, [{"status": "open"}, {"sort": "-due_at"}]),
        ("people", {"active": "true"}, [{}, {"active": "false"}, {"active": "true", "search": "林"}]),
        ("customers", {"search": "华东"}, [{}, {"search": "东"}]),
        ("audit", {"actor": "system"}, [{}, {"actor": "system", "name": "customer.registered"}]),
        ("lives", {"kind": "commitment"}, [{}, {"kind": "complaint"}, {"kind": "commitment", "open": "true"}]),
        ("responsibility/gaps", {"from": NEW_YEAR, "to": "2025-06-01T00:00:00Z"}, [{}, {"from": NEW_YEAR}]),
    ],
)
def test_other_filters_refuse_it_by_name(
    api: Api, customer: UUID, path: str, filters: dict[str, Any], others: list[dict[str, Any]]
) -> None:
    cursor = cursor_of(api, path, **filters)
    assert customer
    assert refusal(api, path, cursor, **filters)[0] == 200
    for other in others:
        assert refusal(api, path, cursor, **other) == (422, "cursor.elsewhere"), other


def test_filters_may_be_written_otherwise(api: Api, customer: UUID) -> None:
    given = {"customer": str(customer), "due_from": NEW_YEAR}
    cursor = cursor_of(api, "commitments", **given)
    same = {"customer": str(customer).upper(), "due_from": "2024-12-31T16:00:00Z", "sort": "due_at", "limit": 7}
    assert refusal(api, "commitments", cursor, **same)[0] == 200
    assert refusal(api, "commitments", cursor, **given, at_least=1)[0] == 200


def test_a_page_of_evidence_goes_with_its_own_figure(api: Api, customer: UUID) -> None:
    path = "kpis/commitment_fulfilment/evidence"
    question = {"period": "2025", "scope": f"customer:{customer}"}
    after = api.ask(path, limit=1, **question)["next"]
    assert api.get(path, after=after, **question).status_code == 200
    for where, other in (
        (path, question | {"period": "2025Q1"}),
        (path, question | {"scope": "company"}),
        (path, question | {"attribution": "time_weighted"}),
        ("kpis/complaints_resolved_in_time/evidence", question),
    ):
        refused = api.get(where, after=after, **other)
        assert (refused.status_code, refused.json()["code"]) == (422, "cursor.elsewhere"), other
