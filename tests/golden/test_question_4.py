"""Which VIP customers had no account manager for more than one working day last quarter? Which had two?"""

from tests.golden.asking import Asking, Names, local, on

LAST_QUARTER = {"tier": "vip", "from": on("2026-07-01"), "to": on("2026-10-01")}
MORE_THAN_A_WORKING_DAY = 8 * 60 + 1


def test_linghai_had_nobody_for_three_working_days(ask: Asking, names: Names) -> None:
    answer = ask.get("/v1/responsibility/gaps", **LAST_QUARTER, min_working_minutes=MORE_THAN_A_WORKING_DAY)

    (gap,) = answer["gaps"]
    assert gap["customer_name"] == "岭海电子 Linghai Electronics"
    assert (local(gap["since"]), local(gap["until"])) == ("2026-08-11 00:00", "2026-08-14 00:00")
    assert gap["working_minutes"] == 3 * 8 * 60
    events = {event["id"]: event for event in ask.log("responsibility.ended", "responsibility.assigned")}
    before, ended, after = (events[one] for one in gap["events"] if one in events)
    assert names.of(before["data"]["person"]) == "谭志强"
    assert ended["reason"] == "谭志强调任行业中心，接任人待定"
    assert names.of(after["data"]["person"]) == "梁颖"


def test_no_vip_customer_had_two(ask: Asking) -> None:
    assert ask.get("/v1/responsibility/overlaps", **LAST_QUARTER, role="account_manager")["overlaps"] == []
