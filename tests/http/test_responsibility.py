"""Who was responsible, asked over HTTP."""

from uuid import uuid4

from tests.http.client import Api

MARCH_10 = "2025-03-10T12:00:00+08:00"


def test_a_correction_changes_the_answer_from_the_moment_it_is_known(api: Api) -> None:
    lin, wang = api.person("林晓"), api.person("王伟")
    customer = api.customer("华东电力集团")
    assignment = api.assigned(customer, "account_manager", lin, "2025-01-01T00:00:00+08:00")
    before = api.position
    correction = api.accepted(
        f"customers/{customer}/correct-responsibility",
        {"assignment_id": str(assignment), "person": str(wang), "reason": "录入时选错了人"},
    )

    question = {"subject": f"customer:{customer}", "role": "account_manager", "effective_at": MARCH_10}
    then = api.ask("responsibility", **question, known_position=before)
    now = api.ask("responsibility", **question)

    assert [holder["person"] for holder in then["holders"]] == [str(lin)]
    assert [holder["person"] for holder in now["holders"]] == [str(wang)]
    assert now["holders"][0]["since"] == "2024-12-31T16:00:00Z"
    assert now["holders"][0]["until"] is None
    assert correction["events"][0]["id"] in now["holders"][0]["events"]
    assert (then["known_position"], now["known_position"]) == (before, correction["position"])

    changed = api.ask("responsibility/difference", **question, known_position=before)
    assert changed["differs"]
    assert [(one["name"], one["reason"]) for one in changed["changes"]] == [
        ("responsibility.corrected", "录入时选错了人")
    ]


def test_nobody_is_an_answer(api: Api) -> None:
    customer = api.customer("华东电力集团")
    found = api.ask("responsibility", subject=f"customer:{customer}", role="account_manager", effective_at=MARCH_10)
    assert found["holders"] == []


def test_an_acting_delegate_stands_beside_the_principal(api: Api) -> None:
    lin, wang = api.person("林晓"), api.person("王伟")
    customer = api.customer("华东电力集团")
    assignment = api.assigned(customer, "account_manager", lin, "2025-01-01T00:00:00+08:00")
    api.accepted(
        f"customers/{customer}/delegate",
        {
            "delegation_id": str(uuid4()),
            "assignment_id": str(assignment),
            "to_person": str(wang),
            "since": "2025-03-01T00:00:00+08:00",
            "until": "2025-04-01T00:00:00+08:00",
        },
    )
    found = api.ask("responsibility", subject=f"customer:{customer}", effective_at=MARCH_10)
    assert [(one["kind"], one["person"]) for one in found["holders"]] == [
        ("principal", str(lin)),
        ("acting", str(wang)),
    ]
    mine = api.ask("responsibility/portfolio", person=wang, effective_at=MARCH_10)
    assert [one["subject"] for one in mine["holdings"]] == [f"customer:{customer}"]


def test_a_timeline_shows_a_handover(api: Api) -> None:
    lin, wang = api.person("林晓"), api.person("王伟")
    customer = api.customer("华东电力集团")
    assignment = api.assigned(customer, "account_manager", lin, "2025-01-01T00:00:00+08:00")
    handover = {"handover_id": str(uuid4())}
    api.accepted(
        f"customers/{customer}/propose-handover",
        {
            **handover,
            "assignment_id": str(assignment),
            "to_person": str(wang),
            "effective_at": "2025-06-01T00:00:00+08:00",
            "reason": "补录",
        },
    )
    api.accepted(f"customers/{customer}/accept-handover", handover)
    assert api.command(f"customers/{customer}/accept-handover", handover).status_code == 200
    found = api.ask("responsibility/timeline", subject=f"customer:{customer}")
    assert [(one["person"], one["until"]) for one in found["intervals"]] == [
        (str(lin), "2025-05-31T16:00:00Z"),
        (str(wang), None),
    ]


def test_times_are_strict(api: Api) -> None:
    customer = api.customer("华东电力集团")
    subject = f"customer:{customer}"
    naive = api.get("responsibility", subject=subject, effective_at="2025-03-10T12:00:00")
    assert (naive.status_code, naive.json()["code"]) == (422, "request.invalid")
    both = api.get("responsibility", subject=subject, known_at=MARCH_10, known_position=3)
    assert (both.status_code, both.json()["code"]) == (422, "query.invalid")
    beyond = api.get("responsibility", subject=subject, known_position=10**9)
    assert (beyond.status_code, beyond.json()["code"]) == (422, "position.unknown")
    ahead = api.get("responsibility", subject=subject, at_least=10**9)
    assert (ahead.status_code, ahead.json()["code"]) == (422, "position.unknown"), "nobody has seen that"
    nowhere = api.get("responsibility", subject="customer:nobody")
    assert nowhere.status_code == 422
    assert "nobody" not in nowhere.text


def test_a_timeline_comes_in_pages_and_in_part(api: Api) -> None:
    lin, customer = api.person("林晓"), api.customer("华东电力集团")
    for month in range(1, 6):
        since, until = (f"2025-0{one}-01T00:00:00Z" for one in (month, month + 1))
        api.assigned(customer, "account_manager", lin, since, until=until)
        api.assigned(customer, "technical_support", lin, since, until=until)
    asked = {"subject": f"customer:{customer}"}
    whole = api.ask("responsibility/timeline", **asked)
    assert (len(whole["intervals"]), whole["next"]) == (10, None)
    paged, page = [], api.ask("responsibility/timeline", **asked, limit=3)
    while page["next"]:
        paged += page["intervals"]
        answer = api.client.get(page["next"], headers=api.headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
    assert [*paged, *page["intervals"]] == whole["intervals"]
    part = api.ask("responsibility/timeline", **asked, **{"from": "2025-02-01T00:00:00Z", "to": "2025-03-01T00:00:01Z"})
    assert [(one["role"], one["since"][:7]) for one in part["intervals"]] == [
        (role, month) for role in ("account_manager", "technical_support") for month in ("2025-02", "2025-03")
    ]
