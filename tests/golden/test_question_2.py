"""瀚海's promise fell due while 周敏 was on leave, 陈晨 acting, and 王磊 took over two days later: who is charged?"""

from typing import Any

import pytest

from tests.golden.asking import Asking, Names, local

PROMISE = "提交储能变流柜温控整改方案与第三方测试报告"
LEDGER_BEGAN, LEAVE_BEGAN = "2024-11-23 00:00", "2025-04-01 00:00"
PROMISED, DUE, TAKEN_OVER, KEPT = "2025-03-19 14:30", "2025-05-14 18:00", "2025-05-16 18:00", "2025-05-22 16:00"

ZHOU = ("周敏", "principal", 1.0, LEDGER_BEGAN, TAKEN_OVER)
CHEN_ACTING = ("陈晨", "acting", 0.0, LEAVE_BEGAN, TAKEN_OVER)
WANG = ("王磊", "principal", 1.0, TAKEN_OVER, None)

HOURS_OF_ZHOU = 58 * 24 + 3.5
HOURS_OF_WANG = 5 * 24 + 22


@pytest.fixture(scope="module")
def promise(ask: Asking) -> str:
    (made,) = [
        event["data"]["commitment_id"]
        for event in ask.log("customer.commitment-made")
        if event["data"]["text"] == PROMISE
    ]
    return f"commitment:{made}"


def charged(ask: Asking, names: Names, promise: str, rule: str) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    answer = ask.get("/v1/attribution", item=promise, rule=rule)
    assert (answer["item"], answer["rule"], answer["unheld"]) == (promise, rule, 0)
    return answer, [
        (names.of(one["person"]), one["kind"], one["share"], local(one["since"]), local(one["until"]))
        for one in answer["charges"]
    ]


def test_at_occurrence_zhou_min_who_made_the_promise(ask: Asking, names: Names, promise: str) -> None:
    answer, charges = charged(ask, names, promise, "at_occurrence")
    assert local(answer["instant"]) == PROMISED
    assert charges == [ZHOU]


def test_at_due_zhou_min_who_was_on_leave_and_beside_her_chen_chen_who_acted(
    ask: Asking, names: Names, promise: str
) -> None:
    answer, charges = charged(ask, names, promise, "at_due")
    assert local(answer["instant"]) == DUE
    assert charges == [ZHOU, CHEN_ACTING]


def test_at_resolution_wang_lei_who_had_taken_over(ask: Asking, names: Names, promise: str) -> None:
    answer, charges = charged(ask, names, promise, "at_resolution")
    assert local(answer["instant"]) == KEPT
    assert charges == [WANG]


def test_current_wang_lei(ask: Asking, names: Names, promise: str) -> None:
    _, charges = charged(ask, names, promise, "current")
    assert charges == [WANG]


def test_time_weighted_by_the_hours_that_each_held_it(ask: Asking, names: Names, promise: str) -> None:
    answer, charges = charged(ask, names, promise, "time_weighted")
    assert (local(answer["weighed_since"]), local(answer["weighed_until"])) == (PROMISED, KEPT)
    hours = HOURS_OF_ZHOU + HOURS_OF_WANG
    assert charges == [
        ("周敏", "principal", pytest.approx(HOURS_OF_ZHOU / hours, abs=1e-6), PROMISED, TAKEN_OVER),
        ("王磊", "principal", pytest.approx(HOURS_OF_WANG / hours, abs=1e-6), TAKEN_OVER, KEPT),
        ("陈晨", "acting", 0.0, LEAVE_BEGAN, TAKEN_OVER),
    ]


def test_who_gave_the_promise_is_told_apart_from_who_is_charged(ask: Asking, names: Names, promise: str) -> None:
    answer, charges = charged(ask, names, promise, "at_resolution")
    assert [(names.of(one["person"]), one["part"]) for one in answer["did"]] == [("周敏", "promised_by")]
    assert charges == [WANG]


def test_the_promise_was_handed_over_as_inherited_overdue(ask: Asking, names: Names, promise: str) -> None:
    handed_over = [
        item
        for event in ask.log("responsibility.handover-accepted")
        for item in event["data"]["inventory"]
        if item["item"] == promise
    ]
    assert [(item["overdue"], local(item["due_at"])) for item in handed_over] == [(True, DUE)]
    declined = ask.log("responsibility.handover-declined")
    assert ["责任未厘清" in event["reason"] for event in declined] == [True]
