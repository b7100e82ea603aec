"""Anything recorded is put right over HTTP, by one mechanism, with a reason; what was believed stays answerable."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.http.client import Api

NEW_YEAR = "2025-01-01T09:00:00+08:00"
DUE, FIFTH, TENTH = (f"2025-04-{day}T18:00:00+08:00" for day in ("01", "05", "10"))
REASON = "核对邮件后更正"


def promised(api: Api, customer: UUID, due: str = DUE) -> tuple[str, str]:
    """Id and event of a promise."""
    key = str(uuid4())
    body = {"commitment_id": key, "text": "交付样机", "due_at": due, "by": "us", "occurred_at": NEW_YEAR}
    receipt = api.accepted(f"customers/{customer}/make-commitment", body)
    return key, receipt["events"][0]["id"]


def kept(api: Api, customer: UUID, key: str, at: str = TENTH) -> str:
    receipt = api.accepted(f"customers/{customer}/fulfil-commitment", {"commitment_id": key, "fulfilled_at": at})
    event: str = receipt["events"][0]["id"]
    return event


def correct(api: Api, stream: str, event: str, **values: Any) -> dict[str, Any]:
    return api.accepted(f"{stream}/correct-fact", {"event": event, "values": values, "reason": REASON})


def test_a_fulfilment_on_the_wrong_day_is_corrected_and_what_was_believed_stays_answerable(api: Api) -> None:
    customer, lin = api.customer("华东机械"), api.person("林静")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    key, _ = promised(api, customer)
    event = kept(api, customer, key)
    before = api.position
    receipt = correct(api, f"customers/{customer}", event, fulfilled_at="2025-03-30T18:00:00+08:00")
    assert [one["name"] for one in receipt["events"]] == ["fact.corrected"]
    now = api.ask(f"commitments/{key}", effective_at=FIFTH)["commitment"]
    then = api.ask(f"commitments/{key}", effective_at=FIFTH, known_position=before)["commitment"]
    assert (now["status"], now["overdue"]) == ("fulfilled", False)
    assert (then["status"], then["overdue"]) == ("open", True)
    figures = [
        api.ask("kpis/commitment_fulfilment", period="2025", scope=f"person:{lin}", **known)["value"]
        for known in ({}, {"known_position": before})
    ]
    assert figures == [100, 0]
    (entry,) = api.ask("audit", stream=f"customer:{customer}", name="fact.corrected")["items"]
    assert entry["item"] == f"commitment:{key}"
    assert entry["reason"] == REASON
    again = api.command(
        f"customers/{customer}/correct-fact",
        {"event": event, "values": {"fulfilled_at": "2025-03-30T18:00:00+08:00"}, "reason": REASON},
    )
    assert (again.status_code, again.json()["events"]) == (200, [])


def test_what_never_happened_is_withdrawn(api: Api) -> None:
    customer = api.customer("华东机械")
    key, _ = promised(api, customer)
    event = kept(api, customer, key)
    api.accepted(f"customers/{customer}/withdraw-fact", {"event": event, "reason": "误登记"})
    found = api.ask(f"commitments/{key}", effective_at=FIFTH)["commitment"]
    assert (found["status"], found["overdue"], found["ended_at"]) == ("open", True, None)
    assert api.refused(
        f"customers/{customer}/correct-fact", {"event": event, "values": {"fulfilled_at": DUE}, "reason": REASON}
    ) == (409, "fact.withdrawn")


def test_a_visit_that_was_never_made_is_gone_from_every_list(api: Api) -> None:
    customer, lin = api.customer("华东机械"), api.person("林静")
    visit = {
        "visit_id": str(uuid4()),
        "visited_at": "2025-03-05T14:00:00+08:00",
        "channel": "face_to_face",
        "our_attendees": [str(lin)],
        "content": "看样机",
    }
    event = api.accepted(f"customers/{customer}/record-visit", visit)["events"][0]["id"]
    before = api.position
    correct(api, f"customers/{customer}", event, content="看样机与报价")
    assert api.ask("visits", customer=customer)["items"][0]["content"] == "看样机与报价"
    api.accepted(f"customers/{customer}/withdraw-fact", {"event": event, "reason": "录错客户"})
    assert api.ask("visits", customer=customer)["items"] == []
    assert api.ask("visits", customer=customer, known_position=before)["items"][0]["content"] == "看样机"


def test_a_leaving_date_a_delegation_a_severity_and_an_answer_are_put_right(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王磊")
    assignment = api.assigned(customer, "account_manager", lin, NEW_YEAR)
    left = api.accepted(f"people/{wang}/deactivate-person", {"since": "2025-05-01T00:00:00+08:00"})
    correct(api, f"people/{wang}", left["events"][0]["id"], since="2025-06-01T00:00:00+08:00")
    assert api.ask(f"people/{wang}")["person"]["inactive_since"] == "2025-05-31T16:00:00Z"
    delegation = {
        "delegation_id": str(uuid4()),
        "assignment_id": str(assignment),
        "to_person": str(wang),
        "since": "2025-02-01T00:00:00+08:00",
        "until": "2025-03-01T00:00:00+08:00",
    }
    granted = api.accepted(f"customers/{customer}/delegate", delegation)["events"][0]["id"]
    correct(api, f"customers/{customer}", granted, until="2025-02-15T00:00:00+08:00")
    asked = {"subject": f"customer:{customer}", "role": "account_manager"}
    held = api.ask("responsibility", **asked, effective_at="2025-02-20T00:00:00+08:00")["holders"]
    assert [one["kind"] for one in held] == ["principal"]
    complaint = {
        "complaint_id": str(uuid4()),
        "received_at": "2025-03-10T09:00:00+08:00",
        "channel": "phone",
        "severity": "high",
        "content": "停机",
    }
    received = api.accepted(f"customers/{customer}/receive-complaint", complaint)["events"][0]["id"]
    before = api.ask(f"complaints/{complaint['complaint_id']}")["complaint"]["resolution_due_at"]
    correct(api, f"customers/{customer}", received, severity="low")
    after = api.ask(f"complaints/{complaint['complaint_id']}")["complaint"]
    assert (after["severity"], after["resolution_due_at"] > before) == ("low", True)
    answer = {
        "survey_id": str(uuid4()),
        "answer_id": str(uuid4()),
        "answered_at": "2025-03-01T10:00:00+08:00",
        "scores": {"response_speed": 2},
        "scale": {"min": 1, "max": 5},
    }
    given = api.accepted(f"customers/{customer}/record-survey-answer", answer)["events"][0]["id"]
    correct(api, f"customers/{customer}", given, scores={"response_speed": 5})
    score = api.ask("kpis/satisfaction", period="2025", scope=f"customer:{customer}")["value"]
    assert score == 100


def test_a_step_of_acceptance_is_put_right(api: Api) -> None:
    customer, project = api.customer("华东机械"), uuid4()
    api.accepted(f"projects/{project}/propose-project", {"customer": str(customer), "name": "七号线改造"})
    api.accepted(f"projects/{project}/pass-self-check", {"at": "2025-03-01T00:00:00Z"})
    asked = api.accepted(f"projects/{project}/request-acceptance", {"at": "2025-03-05T00:00:00Z"})
    event = asked["events"][0]["id"]
    correct(api, f"projects/{project}", event, at="2025-03-03T00:00:00Z")
    assert api.ask(f"projects/{project}", effective_at="2025-03-04T00:00:00Z")["project"]["stage"] == "requested"
    api.accepted(f"projects/{project}/withdraw-fact", {"event": event, "reason": "误登记"})
    assert api.ask(f"projects/{project}")["project"]["stage"] == "checked"


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"fulfilled_at": "2024-01-01T00:00:00Z"}, 409, "commitment.fulfilled-before-made"),
        ({"fulfilled_at": "2199-01-01T00:00:00Z"}, 409, "fact.in-the-future"),
        ({"fulfilled_at": "yesterday"}, 422, "fact.value-invalid"),
        ({"fulfilled_at": None}, 422, "fact.value-invalid"),
        ({"amount": 7}, 422, "fact.value-invalid"),
        ({"commitment_id": str(UUID(int=7))}, 409, "fact.field-fixed"),
    ],
)
def test_what_may_not_be_said_instead_is_refused_and_nothing_is_lost(
    api: Api, values: dict[str, Any], status: int, code: str
) -> None:
    customer = api.customer("华东机械")
    key, _ = promised(api, customer)
    event = kept(api, customer, key)
    before = api.ask(f"commitments/{key}")["commitment"]
    body = {"event": event, "values": values, "reason": REASON}
    answer = api.command(f"customers/{customer}/correct-fact", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "yesterday" not in answer.text
    assert api.ask(f"commitments/{key}")["commitment"] == before


def test_which_event_may_not_be_put_right(api: Api) -> None:
    customer = api.customer("华东机械")
    key, made = promised(api, customer)
    event = kept(api, customer, key)
    path = f"customers/{customer}/withdraw-fact"
    assert api.refused(path, {"event": str(uuid4()), "reason": REASON}) == (409, "fact.unknown")
    assert api.refused(path, {"event": made, "reason": REASON}) == (409, "commitment.unknown")
    assert api.refused(path, {"event": event}) == (422, "request.invalid")
    correction = correct(api, f"customers/{customer}", event, fulfilled_at=FIFTH)["events"][0]["id"]
    assert api.refused(path, {"event": correction, "reason": REASON}) == (409, "fact.correction-of-correction")
    other = api.customer("滨海化工")
    assert api.refused(f"customers/{other}/withdraw-fact", {"event": event, "reason": REASON}) == (409, "fact.unknown")


def test_a_correction_takes_keys_versions_and_the_bulk_door_like_any_command(api: Api) -> None:
    customer = api.customer("华东机械")
    key, _ = promised(api, customer)
    event = kept(api, customer, key)
    body = {"event": event, "values": {"fulfilled_at": FIFTH}, "reason": REASON}
    path = f"customers/{customer}/correct-fact"
    stale = api.command(path, body, **{"If-Match": '"1"'})
    assert stale.status_code == 412
    first = api.command(path, body, **{"Idempotency-Key": "fact-1"})
    again = api.command(path, body, **{"Idempotency-Key": "fact-1"})
    assert (first.status_code, first.json()) == (201, again.json())


def test_the_past_changes_with_a_reason_whichever_door_it_comes_through(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王磊")
    assignment = str(api.assigned(customer, "account_manager", lin, "2023-01-01T00:00:00Z"))
    proposal = {
        "handover_id": str(uuid4()),
        "assignment_id": assignment,
        "to_person": str(wang),
        "effective_at": "2025-06-01T00:00:00Z",
    }
    path = f"customers/{customer}"
    assert api.refused(f"{path}/propose-handover", proposal) == (409, "reason.required")
    end = {"assignment_id": assignment, "until": "2025-06-01T00:00:00Z", "occurred_at": "2025-05-20T00:00:00Z"}
    assert api.refused(f"{path}/end-responsibility", end) == (409, "reason.required")
    api.accepted(f"{path}/propose-handover", {**proposal, "reason": "补录交接"})
    api.accepted(f"{path}/accept-handover", {"handover_id": proposal["handover_id"]})
    asked = {"subject": f"customer:{customer}", "role": "account_manager"}
    held = api.ask("responsibility", **asked, effective_at="2025-07-01T00:00:00Z")["holders"]
    assert [one["person"] for one in held] == [str(wang)]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("fulfil-commitment", "fulfilled_at"),
        ("start-waiting-on-customer", "at"),
        ("resolve-complaint", "at"),
    ],
)
def test_a_fact_of_the_future_is_refused(api: Api, path: str, field: str) -> None:
    customer = api.customer("华东机械")
    key, _ = promised(api, customer)
    complaint = {
        "complaint_id": str(uuid4()),
        "received_at": "2025-03-10T09:00:00+08:00",
        "channel": "phone",
        "severity": "high",
        "content": "停机",
    }
    api.accepted(f"customers/{customer}/receive-complaint", complaint)
    ahead: dict[str, Any] = {field: "2199-06-01T00:00:00Z"}
    ahead |= {"commitment_id": key} if "commitment" in path else {"complaint_id": complaint["complaint_id"]}
    ahead |= {"solution": "更换"} if path == "resolve-complaint" else {}
    answer = api.command(f"customers/{customer}/{path}", ahead)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "fact.in-the-future", field)
