"""What an item was at a time: the same in lists, single answers, overviews, clocks, gaps and on the agenda."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.http.client import Api

NEW_YEAR = "2025-01-01T00:00:00+08:00"
DUE = "2025-04-01T18:00:00+08:00"
JUST_AFTER = "2025-04-01T18:00:00.000001+08:00"
FIFTH, TENTH, TWENTIETH = (f"2025-04-{day}T12:00:00+08:00" for day in ("05", "10", "20"))


def promised(api: Api, customer: UUID, due: str = DUE) -> str:
    identifier = str(uuid4())
    promise = {"commitment_id": identifier, "text": "交付样机", "due_at": due, "by": "us", "occurred_at": NEW_YEAR}
    api.accepted(f"customers/{customer}/make-commitment", promise)
    return identifier


def complained(api: Api, customer: UUID, at: str) -> str:
    identifier = str(uuid4())
    complaint = {
        "complaint_id": identifier,
        "received_at": at,
        "channel": "phone",
        "severity": "high",
        "content": "停机",
    }
    api.accepted(f"customers/{customer}/receive-complaint", complaint)
    return identifier


def overview(api: Api, customer: UUID, at: str) -> dict[str, Any]:
    found: dict[str, Any] = api.ask(f"customers/{customer}", effective_at=at)["overview"]
    return found


def test_a_promise_kept_on_the_10th_was_open_and_overdue_on_the_5th(api: Api) -> None:
    customer, lin = api.customer("华东机械"), api.person("林静")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    identifier = promised(api, customer)
    api.accepted(f"customers/{customer}/fulfil-commitment", {"commitment_id": identifier, "fulfilled_at": TENTH})
    for at, status, late, ended in (
        (DUE, "open", False, None),
        (JUST_AFTER, "open", True, None),
        (FIFTH, "open", True, None),
        (TENTH, "fulfilled", False, "2025-04-10T04:00:00Z"),
    ):
        one = api.ask(f"commitments/{identifier}", effective_at=at)["commitment"]
        assert (one["status"], one["overdue"], one["ended_at"]) == (status, late, ended), at
        listed = api.ask("commitments", effective_at=at, customer=customer, status=status, overdue=late)["items"]
        assert listed == [one], at
        (life,) = api.ask("lives", effective_at=at, customer=customer, kind="commitment", late=late)["items"]
        assert (life["status"], life["open"], life["holders"]) == (status, status == "open", [str(lin)])
        counts = overview(api, customer, at)
        assert (counts["open_commitments"], counts["overdue_commitments"]) == (status == "open", late), at
    before = "2024-12-31T00:00:00+08:00"
    assert api.ask("commitments", effective_at=before, customer=customer)["items"] == []
    assert api.get(f"commitments/{identifier}", effective_at=before).status_code == 404


def test_what_lies_after_the_effective_time_is_not_shown(api: Api) -> None:
    customer = api.customer("华东机械")
    identifier = promised(api, customer)
    move = {"commitment_id": identifier, "due_at": TWENTIETH, "agreed": True, "occurred_at": FIFTH}
    api.accepted(f"customers/{customer}/reschedule-commitment", move)
    now = api.ask(f"commitments/{identifier}")["commitment"]
    then = api.ask(f"commitments/{identifier}", effective_at="2025-03-01T00:00:00Z")["commitment"]
    assert (len(now["reschedules"]), now["due_at"], now["binding_due_at"]) == (1, "2025-04-20T04:00:00Z", now["due_at"])
    assert (then["reschedules"], then["due_at"], then["overdue"]) == ([], "2025-04-01T10:00:00Z", False)
    assert then["binding_due_at"] == then["due_at"]


def test_a_complaint_was_what_it_was(api: Api) -> None:
    customer = api.customer("华东机械")
    key = complained(api, customer, "2025-03-10T09:00:00+08:00")
    due = api.ask(f"complaints/{key}")["complaint"]["resolution_due_at"]
    for step, body in (
        ("acknowledge-complaint", {"at": "2025-03-10T10:00:00+08:00"}),
        ("start-waiting-on-customer", {"at": "2025-03-10T11:00:00+08:00"}),
        ("stop-waiting-on-customer", {"at": "2025-03-10T15:00:00+08:00"}),
        ("resolve-complaint", {"at": "2025-04-10T10:00:00+08:00", "solution": "更换主板"}),
        ("close-complaint", {"at": "2025-04-11T10:00:00+08:00"}),
        ("reopen-complaint", {"at": "2025-05-12T10:00:00+08:00"}),
    ):
        api.accepted(f"customers/{customer}/{step}", {"complaint_id": key, **body})
    seen = []
    for at in ("10T09:30", "10T12:00", "10T16:00"):
        one = api.ask(f"complaints/{key}", effective_at=f"2025-03-{at}:00+08:00")["complaint"]
        seen.append((one["status"], one["acknowledged_at"], one["waiting_since"], len(one["pauses"])))
        assert (one["resolved_at"], one["solution"], one["reopened"], one["overdue"]) == (None, None, 0, False)
        assert (one["binding_due_at"] is None) == (one["waiting_since"] is not None)
    answered = "2025-03-10T02:00:00Z"
    assert seen == [
        ("open", None, None, 0),
        ("open", answered, "2025-03-10T03:00:00Z", 0),
        ("open", answered, None, 1),
    ]
    later = api.ask(f"complaints/{key}", effective_at="2025-04-01T10:00:00+08:00")["complaint"]
    assert (later["overdue"], later["resolution_due_at"] > due) == (True, True)
    closed = api.ask(f"complaints/{key}", effective_at="2025-04-12T10:00:00+08:00")["complaint"]
    assert (closed["status"], closed["resolved_at"], closed["closed_at"], closed["solution"]) == (
        "closed",
        "2025-04-10T02:00:00Z",
        "2025-04-11T02:00:00Z",
        "更换主板",
    )
    back = api.ask(f"complaints/{key}")["complaint"]
    assert (back["status"], back["resolved_at"], back["reopened"]) == ("open", None, 1)
    for at, number in (("2025-04-12T10:00:00+08:00", 0), ("2025-04-01T10:00:00+08:00", 1)):
        assert overview(api, customer, at)["overdue_complaints"] == number
        assert len(api.ask("complaints", customer=customer, effective_at=at, overdue=True)["items"]) == number


@pytest.mark.parametrize("clock", ["first_response", "resolution"])
def test_record_and_clocks_agree_at_the_due_instant(api: Api, clock: str) -> None:
    customer = api.customer("华东机械")
    key = complained(api, customer, "2025-03-10T09:00:00+08:00")
    due = api.ask(f"complaints/{key}")["complaint"][f"{clock}_due_at"]
    for at, late in ((due, False), (due.replace("00Z", "00.000001Z"), True)):
        assert api.ask(f"complaints/{key}/clocks", effective_at=at)[clock]["breached"] is late
        kind = {"first_response": "first-response", "resolution": "complaint"}[clock]
        assert len(api.ask("lives", customer=customer, kind=kind, late=True, effective_at=at)["items"]) == late


def test_a_project_was_at_its_stage(api: Api) -> None:
    customer, project = api.customer("华东机械"), uuid4()
    api.accepted(
        f"projects/{project}/propose-project", {"customer": str(customer), "name": "产线", "occurred_at": NEW_YEAR}
    )
    for step, at in (("approve-project", "03-01"), ("pass-self-check", "04-01"), ("request-acceptance", "05-01")):
        api.accepted(f"projects/{project}/{step}", {"at": f"2025-{at}T10:00:00+08:00"})
    for month, stage, decision in (("02", "none", None), ("03", "none", "approved"), ("04", "checked", "approved")):
        asked = {"effective_at": f"2025-{month}-15T00:00:00+08:00"}
        one = api.ask(f"projects/{project}", **asked)["project"]
        assert (one["stage"], one["decision"]) == (stage, decision)
        filters = {"customer": customer, "stage": stage, "undecided": decision is None}
        assert api.ask("projects", **filters, **asked)["items"] == [one]
        assert overview(api, customer, asked["effective_at"])["running_projects"] == 1
    assert overview(api, customer, "2024-12-01T00:00:00+08:00")["running_projects"] == 0


def test_who_has_left_leaves_a_gap_of_that_kind(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王芳")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    promised(api, customer)
    api.accepted(f"people/{lin}/deactivate-person", {"since": "2025-03-01T00:00:00+08:00"})
    april = {"from": "2025-02-01T00:00:00+08:00", "to": "2025-05-01T00:00:00+08:00", "customer": customer}
    (gap,) = api.ask("responsibility/gaps", **april)["gaps"]
    assert (gap["kind"], gap["leaver"], gap["since"]) == ("left", str(lin), "2025-02-28T16:00:00Z")
    assert len(gap["events"]) == 4, "the customer and Lin registered, Lin assigned and gone"
    assert len(gap["uncovered"]) == 1, "nobody else holds what is open"
    for at, left in (("2025-02-01T00:00:00+08:00", False), (FIFTH, True)):
        asked = {"subject": f"customer:{customer}", "effective_at": at}
        assert [one["left"] for one in api.ask("responsibility", **asked, role="account_manager")["holders"]] == [left]
        assert [one["left"] for one in api.ask("responsibility", **asked)["holders"]] == [left]
        assert [one["left"] for one in api.ask("responsibility/timeline", **asked)["intervals"]] == [left]
        assert [one["left"] for one in api.ask(f"customers/{customer}", effective_at=at)["holders"]] == [left]
        found = api.ask("responsibility/leavers", effective_at=at)["items"]
        assert [(one["person"], one["subject"]) for one in found] == [(str(lin), f"customer:{customer}")] * left
    assert found[0]["left_since"] == "2025-02-28T16:00:00Z"
    assert api.ask("responsibility/leavers", effective_at=FIFTH, person=wang)["items"] == []


def test_the_agenda_says_what_is_due_and_why(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静", department="east"), api.person("王芳")
    assignment = api.assigned(customer, "account_manager", lin, NEW_YEAR)
    overdue, due, later = (promised(api, customer, f"2025-04-{day}T18:00:00+08:00") for day in ("01", "08", "30"))
    handover = {
        "handover_id": str(uuid4()),
        "assignment_id": str(assignment),
        "to_person": str(wang),
        "effective_at": "2025-04-07T00:00:00+08:00",
        "occurred_at": "2025-04-02T00:00:00+08:00",
        "reason": "补录",
    }
    api.accepted(f"customers/{customer}/propose-handover", handover)
    page = api.ask("agenda", customer=customer, effective_at=FIFTH)
    assert [(one["id"], one["why"]["code"]) for one in page["items"]] == [
        (overdue, "overdue"),
        (handover["handover_id"], "waiting"),
        (due, "due"),
    ]
    assert [one["holders"] for one in page["items"]] == [[str(lin)], [str(wang)], [str(lin)]]
    assert page["items"][0]["why"]["label"] == "overdue"
    chinese = api.client.get(
        "/v1/agenda",
        params={"customer": str(customer), "effective_at": FIFTH},
        headers={**api.headers, "Accept-Language": "zh"},
    )
    assert chinese.json()["items"][0]["why"]["label"] == "已逾期"
    for filters, number in (
        ({"holder": lin}, 2),
        ({"holder": wang}, 1),
        ({"holder": uuid4()}, 0),
        ({"team": "east"}, 2),
        ({"team": "south"}, 0),
        ({"kind": "handover"}, 1),
        ({"until": "2025-05-01T00:00:00+08:00"}, 4),
    ):
        found = api.ask("agenda", customer=customer, effective_at=FIFTH, **filters)["items"]
        assert len(found) == number, filters
    first = api.ask("agenda", customer=customer, effective_at=FIFTH, limit=2)
    rest = api.client.get(first["next"], headers=api.headers).json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == [one["id"] for one in page["items"]]
    (waits,) = api.ask("handovers", stream=f"customer:{customer}", effective_at=FIFTH)["items"]
    assert waits["status"] == "proposed"
    assert api.ask("handovers", stream=f"customer:{customer}", effective_at=DUE)["items"] == []
    assert later not in {one["id"] for one in page["items"]}
