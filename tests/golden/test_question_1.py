"""Who was 客户经理 and 技术支持 of 东澜 on 10 March, as known on 31 March and as known now; what changed the answer?"""

from typing import Any

from tests.golden.asking import Asking, Names, local, on

TEN_MARCH = on("2025-03-10 10:00")
THIRTY_FIRST_MARCH = on("2025-03-31 18:00")
DONGLAN = "东澜精密制造集团 Donglan Precision"


def holders(answer: dict[str, Any], names: Names) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (names.of(one["person"]), one["kind"], local(one["since"]), local(one["until"])) for one in answer["holders"]
    ]


def test_who_was_account_manager_as_known_then_and_as_known_now(ask: Asking, names: Names) -> None:
    question = {"subject": names.customer(DONGLAN), "role": "account_manager", "effective_at": TEN_MARCH}

    as_known_then = ask.get("/v1/responsibility", **question, known_at=THIRTY_FIRST_MARCH)
    as_known_now = ask.get("/v1/responsibility", **question)

    assert holders(as_known_then, names) == [("王磊", "principal", "2025-03-01 00:00", None)]
    assert holders(as_known_now, names) == [("林静", "principal", "2025-03-01 00:00", None)]


def test_who_was_technical_support_as_known_then_and_as_known_now(ask: Asking, names: Names) -> None:
    question = {"subject": names.customer(DONGLAN), "role": "technical_support", "effective_at": TEN_MARCH}

    as_known_then = ask.get("/v1/responsibility", **question, known_at=THIRTY_FIRST_MARCH)
    as_known_now = ask.get("/v1/responsibility", **question)

    assert holders(as_known_then, names) == [("高远", "principal", "2024-11-23 00:00", None)]
    assert holders(as_known_now, names) == holders(as_known_then, names)


def test_which_event_changed_the_answer(ask: Asking, names: Names) -> None:
    question = {"subject": names.customer(DONGLAN), "role": "account_manager", "effective_at": TEN_MARCH}

    compared = ask.get("/v1/responsibility/difference", **question, known_at=THIRTY_FIRST_MARCH)

    assert compared["differs"]
    (change,) = compared["changes"]
    assert change["name"] == "responsibility.corrected"
    assert local(change["recorded_at"]) == "2025-04-08 09:50"
    assert "登记时误选王磊" in change["reason"]
    assert names.of(change["actor"].removeprefix("person:")) == "沈佳怡"
    assert names.of(change["data"]["person"]) == "林静"
    proof = compared["now"]["holders"][0]["events"]
    assert change["id"] in proof
    assert change["data"]["corrects"] in proof
    assert change["id"] not in compared["then"]["holders"][0]["events"]
