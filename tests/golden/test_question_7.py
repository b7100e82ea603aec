"""Clause 4.2 of 东澜's contract: who owned its KPI in each month of last year, and was it met?"""

from datetime import datetime
from typing import Any

import pytest

from tests.golden.asking import SHANGHAI, Asking, Names


@pytest.fixture(scope="module")
def months(ask: Asking) -> dict[str, list[dict[str, Any]]]:
    (signed,) = [one for one in ask.log("customer.contract-signed") if "东澜" in one["data"]["title"]]
    answer = ask.get(f"/v1/contracts/{signed['data']['contract_id']}/clauses/4.2", period="2025")
    return {one["month"]: one["obligations"] for one in answer["months"]}


def test_every_month_asked_for_one_thing(months: dict[str, list[dict[str, Any]]]) -> None:
    assert list(months) == [f"2025-{month:02}" for month in range(1, 13)]
    assert {len(asked) for asked in months.values()} == {1}


def test_it_was_met_but_for_june_which_was_breached_and_november_which_came_late(
    months: dict[str, list[dict[str, Any]]],
) -> None:
    missed = {month: asked[0]["status"] for month, asked in months.items() if not asked[0]["met"]}
    assert missed == {"2025-06": "cured", "2025-11": "performed"}


def test_days_that_the_customer_let_us_wait_moved_the_due_time_of_march(
    months: dict[str, list[dict[str, Any]]], ask: Asking
) -> None:
    (waited,) = months["2025-03"]
    first = ask.get(f"/v1/obligations/{waited['obligation_id']}")["obligation"]["first_due_at"]
    assert datetime.fromisoformat(waited["due_at"]) > datetime.fromisoformat(first)


def test_gao_yuan_owned_it_all_the_time(months: dict[str, list[dict[str, Any]]], names: Names) -> None:
    for month, (asked,) in months.items():
        (owner,) = asked["owners"]
        assert names.of(owner["person"]) == "高远", month
        begins = datetime.fromisoformat(owner["since"]).astimezone(SHANGHAI)
        assert begins.month == int(month[-2:])
        assert owner["events"]
