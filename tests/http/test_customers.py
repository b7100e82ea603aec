"""Customers, people and projects over HTTP."""

from uuid import uuid4

from tests.http.client import Api

MARCH_10 = "2025-03-10T12:00:00+08:00"
NEW_YEAR = "2025-01-01T00:00:00+08:00"


def test_a_customer_shows_its_tier_its_holders_and_how_things_stand(api: Api) -> None:
    lin = api.person("林静", department="east")
    customer = api.customer("华东机械", region="华东")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    api.accepted(f"customers/{customer}/assign-tier", {"tier": "first", "since": NEW_YEAR})
    api.accepted(f"customers/{customer}/assign-tier", {"tier": "vip", "since": "2025-06-01T00:00:00+08:00"})
    fact = {"topic": "market", "content": "份额约三成", "source": "拜访", "collected_on": "2025-02-01"}
    api.accepted(f"customers/{customer}/record-profile-fact", fact)
    promise = {"commitment_id": str(uuid4()), "text": "样机", "due_at": MARCH_10, "by": "us", "occurred_at": NEW_YEAR}
    api.accepted(f"customers/{customer}/make-commitment", promise)

    found = api.ask(f"customers/{customer}", effective_at=MARCH_10)
    assert (found["customer"]["name"], found["customer"]["tier"]) == ("华东机械", "first")
    assert found["customer"]["facts"]["market"]["content"] == "份额约三成"
    assert [one["tier"] for one in found["tiers"]] == ["first", "vip"]
    assert [(one["role"], one["person"]) for one in found["holders"]] == [("account_manager", str(lin))]
    assert (found["overview"]["open_commitments"], found["overview"]["overdue_commitments"]) == (1, 0), "due, not late"
    after = api.ask(f"customers/{customer}", effective_at=MARCH_10.replace("00:00+08:00", "00:00.000001+08:00"))
    assert (after["overview"]["open_commitments"], after["overview"]["overdue_commitments"]) == (1, 1)
    assert found["position"] >= found["known_position"] == api.position

    for filters, number in (
        ({"tier": "first", "holder": lin, "search": "华东", "region": "华东"}, 1),
        ({"tier": "vip"}, 0),
        ({"reviewed_before": "2025-01-01"}, 1),
    ):
        assert len(api.ask("customers", effective_at=MARCH_10, **filters)["items"]) == number


def test_what_is_not_there_is_a_problem_and_so_is_what_was_not_known_yet(api: Api) -> None:
    before = api.ask("customers")["position"]
    customer = api.customer("华东机械")
    for kind in ("customers", "people", "projects", "commitments", "complaints"):
        missing = api.get(f"{kind}/{uuid4()}")
        assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    assert api.get(f"complaints/{uuid4()}/clocks").status_code == 404
    assert api.ask(f"customers/{customer}")["customer"]["name"] == "华东机械"
    assert api.get(f"customers/{customer}", known_position=before).status_code == 404


def test_a_person_belongs_to_the_department_of_the_time(api: Api) -> None:
    lin = api.person("林静", department="east")
    move = {"department": "south", "since": "2025-06-01T00:00:00+08:00"}
    api.accepted(f"people/{lin}/move-department", move)
    found = api.ask(f"people/{lin}", effective_at=MARCH_10)
    assert (found["person"]["department"], found["person"]["active"]) == ("east", True)
    assert [one["department"] for one in found["memberships"]] == ["east", "south"]
    assert api.ask("people", effective_at=MARCH_10, department="south")["items"] == []
    (now,) = api.ask("people", department="south", active=True)["items"]
    assert now["person_id"] == str(lin)


def test_a_project_shows_its_step_of_acceptance_and_who_answers_for_it(api: Api) -> None:
    customer, lin, project = api.customer("华东机械"), api.person("林静"), uuid4()
    proposal = {"customer": str(customer), "name": "七号线改造", "budget": "1200000.00"}
    api.accepted(f"projects/{project}/propose-project", proposal)
    api.accepted(f"projects/{project}/approve-project", {"at": NEW_YEAR})
    api.accepted(f"projects/{project}/pass-self-check", {"at": MARCH_10})
    holder = {"assignment_id": str(uuid4()), "role": "project_manager", "person": str(lin)}
    api.accepted(
        f"projects/{project}/assign-responsibility", {**holder, "involvement": "accountable", "since": NEW_YEAR}
    )
    found = api.ask(f"projects/{project}")
    assert (found["project"]["stage"], found["project"]["budget"]) == ("checked", "1200000.00")
    assert [one["person"] for one in found["holders"]] == [str(lin)]
    assert len(api.ask("projects", customer=customer, stage="checked", decision="approved")["items"]) == 1
    assert api.ask("projects", undecided=True)["items"] == []


def test_the_rules_are_there_in_full(api: Api) -> None:
    found = api.ask("policies", in_force=True)
    assert [one["edition_id"] for one in found["items"]] == [
        "cadence/1",
        "role-catalogue/1",
        "service-levels/1",
        "working-calendar/1",
    ]
    (calendar,) = api.ask("policies", policy="working-calendar")["items"]
    assert calendar["content"]["calendar"]["time_zone"] == "Asia/Shanghai"
    assert calendar["since"] is None
