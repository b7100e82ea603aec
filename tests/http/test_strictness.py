"""What is asked or said in a way that may mean something else is refused, and nothing is recorded."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from commands.customer.profile import RegisterCustomer
from events.vocabulary.identifiers import CustomerId, stream_id
from services.application import Zeren
from services.handling import Request, context
from tests.http.client import Api

SUBJECT = "customer:0190b2c4-7a10-7cc0-8000-000000000001"
NOT_INSTANTS = ("20250310", "2025", "-1", "5.0", "1735689600", "2025-03-10", "2025-03-10T09:00:00", "2025-02-30T09:00Z")
INSTANTS = ("2025-03-10T09:00:00+0800", "2025-03-10t01:00:00z", "2025-03-10 09:00:00+08:00", "2025-03-10T09:00+08:00")
ASKED: tuple[tuple[str, dict[str, str], str], ...] = (
    ("responsibility", {"subject": SUBJECT}, "effective_at"),
    ("responsibility", {"subject": SUBJECT}, "known_at"),
    ("responsibility/gaps", {}, "from"),
    ("responsibility/timeline", {"subject": SUBJECT}, "to"),
    ("responsibility/difference", {"subject": SUBJECT}, "compare_known_at"),
    ("commitments", {}, "effective_at"),
    ("commitments", {}, "due_from"),
    ("complaints", {}, "known_at"),
    ("agenda", {}, "until"),
    ("audit", {}, "from"),
)
UNCLEAR = (
    ("responsibility", f"subject={SUBJECT}&rol=account_manager", "query.unknown", "rol"),
    ("commitments", "stauts=open", "query.unknown", "stauts"),
    ("customers", f"{'x' * 300}=1", "query.unknown", "x" * 80),
    ("commitments", "status=open&status=fulfilled", "query.repeated", "status"),
    ("responsibility", f"subject={SUBJECT}&subject={SUBJECT}", "query.repeated", "subject"),
    ("events", "limit=1_0", "query.no-number", "limit"),
    ("events", "after=%201", "query.no-number", "after"),
    ("commitments", "limit=5.0", "query.no-number", "limit"),
    ("audit", "limit=%EF%BC%95", "query.no-number", "limit"),
    ("contracts", "limit=%2B5", "query.no-number", "limit"),
)


def registered(api: Api, field: str, value: Any) -> tuple[int, Any]:
    customer = uuid4()
    answer = api.command(f"customers/{customer}/register-customer", {"name": "华东机械", field: value})
    return answer.status_code, answer.json()


def test_a_number_is_no_instant_of_a_command(api: Api, zeren: Zeren) -> None:
    before = zeren.ledger.size()
    for value in (*NOT_INSTANTS, 1735689600, 20250310.5, True, ["2025-03-10T09:00:00Z"]):
        status, problem = registered(api, "occurred_at", value)
        assert (status, problem["errors"][0]["field"]) == (422, "occurred_at"), value
    assert zeren.ledger.size() == before


def test_an_instant_may_be_written_in_a_few_ways(api: Api) -> None:
    for value in INSTANTS:
        assert registered(api, "occurred_at", value)[0] == 201
        (event,) = api.get("events", after=api.position - 1, limit=1).json()["events"]
        assert event["occurred_at"] == "2025-03-10T01:00:00Z"


def test_a_number_is_no_instant_of_a_question(api: Api) -> None:
    for path, given, name in ASKED:
        for value in NOT_INSTANTS:
            answer = api.get(path, **given, **{name: value})
            assert (answer.status_code, answer.json()["field"]) == (422, name), (path, value)


def test_a_day_is_one_of_three_centuries(api: Api) -> None:
    for value in ("0001-01-01", "1899-12-31", "2200-01-01", "20250310", "2025-02-30", 20250310):
        status, problem = registered(api, "registered_on", value)
        assert (status, problem["errors"][0]["field"]) == (422, "registered_on"), value
    for first_or_last in ("1900-01-01", "2199-12-31"):
        assert registered(api, "registered_on", first_or_last)[0] == 201


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_that_an_earlier_release_took_breaks_no_answer(api: Api, zeren: Zeren, day: date) -> None:
    customer = CustomerId(uuid4())
    command = RegisterCustomer.model_construct(name="古树茶业", registered_on=day)
    api.position = zeren.handler.execute(Request(stream_id("customer", customer), command, context("system"))).position
    assert api.ask("responsibility/gaps")["gaps"] is not None
    assert api.ask(f"customers/{customer}")["customer"]["registered_on"] == day.isoformat()
    for kpi in ("weekly_call_compliance", "face_to_face_compliance"):
        assert api.get(f"kpis/{kpi}", scope="company", period="2025-03", at_least=api.position).status_code == 200


def test_a_day_is_not_corrected_to_another(api: Api) -> None:
    customer = api.customer("华东机械", registered_on="2025-03-01")
    (event,) = api.ask("audit", stream=f"customer:{customer}")["items"]
    for value in ("0001-01-01", "2200-01-01"):
        correction = {"event": event["event_id"], "values": {"registered_on": value}, "reason": "核对"}
        assert api.refused(f"customers/{customer}/correct-fact", correction) == (422, "fact.value-invalid")


def test_what_a_question_does_not_know_is_refused(api: Api) -> None:
    for path, query, code, field in UNCLEAR:
        answer = api.client.get(f"/v1/{path}?{query}", headers=api.headers)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field), query


def test_a_command_has_no_query(api: Api, zeren: Zeren) -> None:
    before = zeren.ledger.size()
    path = f"customers/{uuid4()}/register-customer?dry_run=true"
    assert api.refused(path, {"name": "华东机械"}) == (422, "query.unknown")
    assert zeren.ledger.size() == before


def test_whoever_is_unknown_learns_nothing_of_parameters(api: Api) -> None:
    assert api.client.get("/v1/commitments?stauts=open").status_code == 401


LONG = "x" * 300


def test_names_are_said_again_in_part_only(api: Api) -> None:
    _, unknown = registered(api, LONG, 1)
    _, nested = registered(api, "occurred_at", {LONG: 1})
    assert [error["field"] for error in unknown["errors"]] == [unknown["field"]] == ["x" * 80]
    customer = uuid4()
    event = api.accepted(f"customers/{customer}/register-customer", {"name": "华东机械"})["events"][0]["id"]
    wrong = {"event": event, "values": {LONG: 1}, "reason": "核对"}
    refused = api.command(f"customers/{customer}/correct-fact", wrong).json()
    assert refused["field"] == f"values.{'x' * 73}"
    assert LONG not in str((unknown, nested, refused))


UNREADABLE = ("\u202e华东", "华东\u2066", "\ue000", "A\U000e0041", "\u200b", "\ufeff \u2060", "\u3164")


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_a_name_says_is_what_can_be_read_of_it(api: Api, zeren: Zeren, name: str) -> None:
    before = zeren.ledger.size()
    status, problem = registered(api, "name", name)
    assert (status, problem["field"], problem["errors"][0]["code"]) == (422, "name", "value_error")
    assert "remove" in problem["errors"][0]["message"] or "blank" in problem["errors"][0]["message"]
    assert zeren.ledger.size() == before


def test_names_of_any_writing_are_recorded(api: Api) -> None:
    for name in ("شركة النور", "חברת אור", "नमस्ते\u200dका", "👩🏽‍🔧 服务"):
        assert registered(api, "name", name)[0] == 201
