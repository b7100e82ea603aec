"""朔风's complaint broke its service level: how many working hours did each holder keep it, less the waiting?"""

from typing import Any

import pytest

from tests.golden.asking import Asking, Names, local

CONTENT = "变流器机组一周内三次跳闸，损失发电量，要求两个工作日内彻底解决。"
RECEIVED = "2025-06-10 09:30"

HELD = [
    # Tuesday 9:30-12 and 13-18, Wednesday 9-12 and 13-13:30, but waiting from Tuesday 14:00 to Wednesday 10:00.
    ("曹丽娟", 2.5 + 1 + 2 + 0.5),
    # Wednesday 13:30-18, Thursday 9-12 and 13-15.
    ("蒋涛", 4.5 + 3 + 2),
    # Thursday 15-18, Friday 9-12 and 13-16:30.
    ("彭程", 3 + 3 + 3.5),
]
"""Working hours by the story; a working day is 9-12 and 13-18."""
TWO_WORKING_DAYS = 16


@pytest.fixture(scope="module")
def complaint(ask: Asking) -> str:
    (received,) = [one for one in ask.log("customer.complaint-received") if one["data"]["content"] == CONTENT]
    assert local(received["data"]["received_at"]) == RECEIVED
    return str(received["data"]["complaint_id"])


@pytest.fixture(scope="module")
def clocks(ask: Asking, complaint: str) -> dict[str, Any]:
    return ask.get(f"/v1/complaints/{complaint}/clocks")


def test_how_many_working_hours_each_holder_kept_it(clocks: dict[str, Any], names: Names) -> None:
    shares = [(names.of(one["person"]), one["held_minutes"] / 60) for one in clocks["shares"]]
    assert shares == HELD
    assert {one["basis"] for one in clocks["shares"]} == {"assigned"}


def test_it_took_twenty_five_of_sixteen_hours(clocks: dict[str, Any]) -> None:
    resolution = clocks["resolution"]
    assert resolution["breached"]
    assert resolution["limit_minutes"] == TWO_WORKING_DAYS * 60
    assert resolution["total_minutes"] == sum(hours for _, hours in HELD) * 60 == 25 * 60
    assert local(resolution["due_at"]) == "2025-06-12 15:30"


def test_the_first_response_came_in_time(clocks: dict[str, Any]) -> None:
    first_response = clocks["first_response"]
    assert not first_response["breached"]
    assert (first_response["limit_minutes"], first_response["total_minutes"]) == (60, 40)


def test_the_events_that_made_each_the_holder_prove_it(ask: Asking, clocks: dict[str, Any], names: Names) -> None:
    assigned = {one["id"]: one for one in ask.log("customer.complaint-assigned")}
    proof = [assigned[event] for share in clocks["shares"] for event in share["events"]]
    assert [(names.of(one["data"]["person"]), local(one["data"]["at"])) for one in proof] == [
        ("曹丽娟", "2025-06-10 09:30"),
        ("蒋涛", "2025-06-11 13:30"),
        ("彭程", "2025-06-12 15:00"),
    ]


def test_the_deadline_process_escalated_it_when_the_clock_ran_out(ask: Asking, complaint: str) -> None:
    escalated = [one for one in ask.log("customer.complaint-escalated") if one["data"]["complaint_id"] == complaint]
    assert [(one["data"]["clock"], local(one["recorded_at"])) for one in escalated] == [
        ("resolution", "2025-06-12 15:30")
    ]
    assert escalated[0]["actor"].startswith("system:when-complaint-clock-runs-out-then-escalate@")
