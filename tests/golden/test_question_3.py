"""Which events are behind the East team's weekly-call compliance in Q2, and why were three weeks excluded?"""

from datetime import date, datetime

import pytest

from tests.golden.asking import SHANGHAI, Asking, Names

ASKED = {"period": "2025Q2", "scope": "team:east_team"}
WEEKS = 13
"""From Monday 31 March to Sunday 29 June."""
EAST = (
    "东澜精密制造集团 Donglan Precision",
    "瀚海新能源科技 Hanhai New Energy",
    "越江轨道装备 Yuejiang Rail Equipment",
    "云汐生物制药 Yunxi Biopharma",
    "江泰包装机械 Jiangtai Packaging",
)


def test_every_week_is_counted_but_the_three_in_which_lin_jing_acted_for_the_north_team(
    ask: Asking, names: Names
) -> None:
    figure = ask.get("/v1/kpis/weekly_call_compliance", **ASKED)

    assert figure["denominator"] == len(EAST) * WEEKS
    assert figure["excluded"] == [{"reason": "acting", "cases": 3}]

    excluded = ask.get("/v1/kpis/weekly_call_compliance/evidence", **ASKED, limit=1000)["events"]
    weeks_without = {(one["case"], one["reason"]) for one in excluded if one["role"] == "excluded"}
    jindu = names.customer("津渡港口机械 Jindu Port Machinery")
    assert weeks_without == {(f"{jindu}/2025-W{week}", "acting") for week in (21, 22, 23)}


def test_the_figure_is_what_the_calls_in_the_log_come_to(ask: Asking, names: Names) -> None:
    figure = ask.get("/v1/kpis/weekly_call_compliance", **ASKED)
    evidence = ask.get("/v1/kpis/weekly_call_compliance/evidence", **ASKED, limit=1000)["events"]
    accounts = {names.customer(name) for name in EAST}
    calls = {
        call["id"]: (call["stream"], datetime.fromisoformat(call["data"]["at"]).astimezone(SHANGHAI).date())
        for call in ask.log("customer.interaction-logged")
        if call["stream"] in accounts and call["data"]["channel"] == "call"
    }
    in_time = {
        event: (account, day.isocalendar()[:2])
        for event, (account, day) in calls.items()
        if date(2025, 3, 31) <= day <= date(2025, 6, 29)
    }
    assert set(in_time) <= {one["id"] for one in evidence if one["role"] == "counted"}
    assert figure["numerator"] == len(set(in_time.values()))
    assert figure["value"] == pytest.approx(100 * len(set(in_time.values())) / (len(EAST) * WEEKS), abs=1e-4)
