"""Contracts and obligations over HTTP: what either side is to do, who owned it, and whether it was met."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.http.client import Api

NEW_YEAR = "2025-01-01T09:00:00+08:00"
FIFTH_APRIL, TENTH_APRIL = "2025-04-05T12:00:00+08:00", "2025-04-10T12:00:00+08:00"
END_OF_MARCH = "2025-03-31T18:00:00+08:00"


def duty(due: str, *, by: str = "us", owner: UUID | None = None, clause: str = "4.2") -> dict[str, Any]:
    return {
        "obligation_id": str(uuid4()),
        "clause": clause,
        "text": "可用率达到 99.5%",
        "by": by,
        "due_at": due,
        "owner": owner and str(owner),
        "target": {"measure": "99.5", "unit": "%"},
    }


def signed(api: Api, customer: UUID, *obligations: dict[str, Any]) -> str:
    contract = str(uuid4())
    body = {
        "contract_id": contract,
        "title": "年度维保合同",
        "signed_at": NEW_YEAR,
        "starts_on": "2025-01-01",
        "rights_and_duties": "按月巡检",
        "kpis": "可用率不低于 99.5%",
        "breach_liability": "每逾期一日支付 0.1%",
        "dispute_resolution": "上海仲裁委员会",
        "obligations": list(obligations),
    }
    api.accepted(f"customers/{customer}/sign-contract", body)
    return contract


def test_a_duty_performed_late_was_open_and_overdue_before(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王磊")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    ours, theirs = duty(END_OF_MARCH, owner=wang), duty("2025-02-28T18:00:00+08:00", by="customer", clause="5.1")
    contract = signed(api, customer, ours, theirs)
    key = ours["obligation_id"]
    performed = {"obligation_id": key, "at": TENTH_APRIL, "measured": "99.7"}
    api.accepted(f"customers/{customer}/record-performance", performed)
    for at, status, overdue, measured in (
        (END_OF_MARCH, "open", False, None),
        (FIFTH_APRIL, "open", True, None),
        (TENTH_APRIL, "performed", False, "99.7"),
    ):
        one = api.ask(f"obligations/{key}", effective_at=at)["obligation"]
        assert (one["status"], one["overdue"], one["measured"]) == (status, overdue, measured), at
        assert one["holders"] == [str(wang)]
        listed = api.ask("obligations", effective_at=at, contract=contract, clause="4.2", overdue=overdue)["items"]
        assert listed == [one], at
    assert [one["by"] for one in api.ask("obligations", effective_at=FIFTH_APRIL, by="customer")["items"]] == [
        "customer"
    ]
    assert api.ask("obligations", holder=str(wang), status="performed")["items"][0]["obligation_id"] == key
    assert api.get(f"obligations/{key}", effective_at="2024-12-31T00:00:00Z").status_code == 404
    assert api.ask(f"contracts/{contract}")["contract"]["title"] == "年度维保合同"
    assert api.ask("contracts", customer=customer, status="in_force")["items"][0]["contract_id"] == contract


def test_pages_of_obligations_follow_one_another(api: Api) -> None:
    customer = api.customer("华东机械")
    duties = [duty(f"2025-03-{day:02}T18:00:00+08:00") for day in (3, 1, 2)]
    signed(api, customer, *duties)
    page = api.ask("obligations", customer=customer, limit=2)
    seen = [one["obligation_id"] for one in page["items"]]
    answer = api.client.get(page["next"], headers=api.headers).json()
    seen += [one["obligation_id"] for one in answer["items"]]
    assert seen == [duties[one]["obligation_id"] for one in (1, 2, 0)]
    assert answer["next"] is None


def test_who_owned_a_clause_in_each_month_and_was_it_met(api: Api) -> None:
    """Golden question 7."""
    customer = api.customer("华东机械")
    lin, wang, zhou = (api.person(name) for name in ("林静", "王磊", "周敏"))
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    months = [duty(f"2025-{month}T18:00:00+08:00", owner=wang) for month in ("01-31", "02-28", "03-31")]
    months.append(duty("2025-04-30T18:00:00+08:00"))
    contract = signed(api, customer, *months)
    january, february, march, _ = (one["obligation_id"] for one in months)
    path = f"customers/{customer}"
    api.accepted(
        f"{path}/assign-responsibility",
        {
            "assignment_id": str(uuid4()),
            "subject": f"obligation:{february}",
            "role": "technical_support",
            "person": str(zhou),
            "involvement": "responsible",
            "since": "2025-02-11T00:00:00+08:00",
        },
    )
    for key, at, measured in (
        (january, "2025-01-31T09:00:00+08:00", "99.7"),
        (february, "2025-02-28T09:00:00+08:00", "98.9"),
        (march, "2025-04-02T09:00:00+08:00", "99.9"),
    ):
        api.accepted(f"{path}/record-performance", {"obligation_id": key, "at": at, "measured": measured})
    answer = api.ask(f"contracts/{contract}/clauses/4.2", period="2025", effective_at="2025-04-15T00:00:00+08:00")
    assert [one["month"] for one in answer["months"]][:4] == ["2025-01", "2025-02", "2025-03", "2025-04"]
    told = {
        month["month"]: [
            (one["met"], [(owner["person"], owner["since"][:10], owner["until"][:10]) for owner in one["owners"]])
            for one in month["obligations"]
        ]
        for month in answer["months"]
    }
    assert told["2025-01"] == [(True, [(str(wang), "2025-01-01", "2025-01-31")])]
    assert told["2025-02"] == [
        (False, [(str(wang), "2025-01-31", "2025-02-10"), (str(zhou), "2025-02-10", "2025-02-28")])
    ]
    assert told["2025-03"] == [(False, [(str(wang), "2025-02-28", "2025-03-31")])]
    assert told["2025-04"] == [(None, [(str(lin), "2025-03-31", "2025-04-30")])]
    assert told["2025-05"] == []
    assert api.get(f"contracts/{contract}/clauses/4.2", period="May").status_code == 422


def test_a_breach_is_charged_to_whoever_held_it_and_the_customers_own_to_nobody(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王磊")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    ours, theirs = duty(END_OF_MARCH, owner=wang), duty(END_OF_MARCH, by="customer")
    signed(api, customer, ours, theirs)
    breach = {"obligation_id": ours["obligation_id"], "at": FIFTH_APRIL, "content": "可用率 98.9%"}
    api.accepted(f"customers/{customer}/declare-breach", breach)
    charged = api.ask("attribution", item=f"obligation:{ours['obligation_id']}", rule="at_due")
    assert [(one["person"], one["share"]) for one in charged["charges"]] == [(str(wang), 1.0)]
    own = api.ask("attribution", item=f"obligation:{theirs['obligation_id']}", rule="at_due")
    assert (own["charges"], own["uncharged"], own["unheld"]) == ([], "customers-own", 0)


@pytest.mark.parametrize("missing", ["rights_and_duties", "kpis", "breach_liability", "dispute_resolution"])
def test_a_contract_without_one_of_its_four_parts_is_refused(api: Api, missing: str) -> None:
    customer = api.customer("华东机械")
    body = {
        "contract_id": str(uuid4()),
        "title": "年度维保合同",
        "signed_at": NEW_YEAR,
        "starts_on": "2025-01-01",
        **dict.fromkeys(("rights_and_duties", "kpis", "breach_liability", "dispute_resolution"), "见附件"),
    }
    del body[missing]
    answer = api.command(f"customers/{customer}/sign-contract", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, missing)
    assert api.ask("contracts", customer=customer)["items"] == []


def test_what_is_open_is_on_the_agenda_and_moves_with_a_handover(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王磊")
    assignment = api.assigned(customer, "account_manager", lin, NEW_YEAR)
    ours = duty("2099-03-31T18:00:00+08:00")
    signed(api, customer, ours)
    until = "2100-01-01T00:00:00Z"
    listed = api.ask("agenda", customer=str(customer), kind="obligation", until=until)["items"]
    assert [(one["id"], one["holders"], one["why"]["code"]) for one in listed] == [
        (ours["obligation_id"], [str(lin)], "due")
    ]
    proposal = {
        "handover_id": str(uuid4()),
        "assignment_id": str(assignment),
        "to_person": str(wang),
        "effective_at": "2099-01-01T00:00:00Z",
    }
    api.accepted(f"customers/{customer}/propose-handover", proposal)
    (handover,) = api.ask("handovers", stream=f"customer:{customer}")["items"]
    assert [one["item"] for one in handover["inventory"]] == [f"obligation:{ours['obligation_id']}"]


def test_the_trail_says_how_an_obligation_stood_and_what_changed(api: Api) -> None:
    customer, ours = api.customer("华东机械"), duty(END_OF_MARCH)
    signed(api, customer, ours)
    key = ours["obligation_id"]
    breach = {"obligation_id": key, "at": FIFTH_APRIL, "content": "可用率仅 98.9%", "cure_due_at": TENTH_APRIL}
    api.accepted(f"customers/{customer}/declare-breach", breach)
    api.accepted(f"customers/{customer}/cure-breach", {"obligation_id": key, "at": TENTH_APRIL, "content": "已更换"})
    entries = api.ask("audit", item=f"obligation:{key}")["items"]
    told = {one["name"]: one["changes"] for one in entries}
    assert told["customer.obligation-breached"]["status"] == ["open", "breached"]
    assert told["customer.obligation-breach-cured"]["status"] == ["breached", "cured"]
    assert told["customer.obligation-breach-cured"]["cure"] == [None, "已更换"]
