"""Complaints over HTTP, and golden question 6: how many working hours did each holder keep it?"""

from uuid import uuid4

from tests.http.client import Api

NEW_YEAR = "2025-01-01T00:00:00+08:00"


def test_complaint_c_breached_its_service_level_how_long_did_each_holder_keep_it(api: Api) -> None:
    lin, wang = api.person("林静"), api.person("王磊")
    customer, complaint = api.customer("华东机械"), str(uuid4())
    api.assigned(customer, "account_manager", lin, NEW_YEAR)

    def happened(command: str, at: str, **more: str) -> None:
        body = {"complaint_id": complaint, "at": f"2025-03-{at}:00+08:00", **more}
        api.accepted(f"customers/{customer}/{command}", body)

    received = {"channel": "phone", "severity": "high", "content": "设备停机"}
    api.accepted(
        f"customers/{customer}/receive-complaint",
        {"complaint_id": complaint, "received_at": "2025-03-10T09:00:00+08:00", **received},
    )
    happened("acknowledge-complaint", "10T10:00")
    happened("assign-complaint", "10T11:00", person=str(wang), department="after_sales")
    happened("start-waiting-on-customer", "10T15:00")
    happened("stop-waiting-on-customer", "12T09:00")
    happened("resolve-complaint", "19T10:00", solution="更换主板")

    found = api.ask(f"complaints/{complaint}/clocks")
    hours = [(one["person"], one["basis"], one["held_minutes"] / 60) for one in found["shares"]]
    assert hours == [(str(lin), "account_manager", 2.0), (str(wang), "assigned", 3.0 + 8 * 5 + 1)]
    clock = found["resolution"]
    assert clock["total_minutes"] == 46 * 60
    assert clock["breached"] == (clock["remaining_minutes"] < 0)
    assert clock["breached"]
    assert clock["due_at"] == api.ask(f"complaints/{complaint}")["complaint"]["resolution_due_at"]
    assert (found["first_response"]["total_minutes"], found["first_response"]["running"]) == (60.0, False)
    assert found["calendar_version"] == 1

    halfway = api.ask(f"complaints/{complaint}/clocks", effective_at="2025-03-11T12:00:00+08:00")
    assert (halfway["resolution"]["running"], halfway["resolution"]["due_at"]) == (False, None)
    assert halfway["resolution"]["total_minutes"] == 5 * 60
    far = api.ask(f"complaints/{complaint}/clocks", effective_at="9999-01-01T00:00:00+00:00")
    assert far["at"] < "9999"


def test_complaints_are_listed_by_what_they_are_and_who_keeps_them(api: Api) -> None:
    lin = api.person("林静")
    customer, complaint = api.customer("华东机械"), str(uuid4())
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    received = {"channel": "phone", "severity": "high", "content": "设备停机", "complaint_id": complaint}
    api.accepted(f"customers/{customer}/receive-complaint", {**received, "received_at": "2025-03-10T09:00:00+08:00"})
    march = {"from": "2025-03-01T00:00:00+08:00", "to": "2025-04-01T00:00:00+08:00"}
    for filters, number in (
        ({"status": "open", "severity": "high", "waiting": False, "overdue": True, "holder": lin, **march}, 1),
        ({"status": "closed"}, 0),
        ({"holder": uuid4()}, 0),
        ({"to": "2025-03-01T00:00:00+08:00"}, 0),
    ):
        for sort in ("-received_at", "resolution_due_at"):
            assert len(api.ask("complaints", customer=customer, sort=sort, **filters)["items"]) == number
    (row,) = api.ask("complaints", customer=customer)["items"]
    assert (row["holders"], row["assignments"], row["status"]) == ([str(lin)], [], "open")
