"""Which customers had no accepted account manager, and which had two?"""

from datetime import UTC
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from commands.customer.commitments import FulfilCommitment, MakeCommitment
from commands.customer.complaints import AssignComplaint, ReceiveComplaint, ReopenComplaint, ResolveComplaint
from commands.customer.tier import AssignTier
from commands.policy.rules import PublishRoleCatalogue
from commands.responsibility import AcceptHandover, CorrectResponsibility, EndResponsibility, ProposeHandover
from events.vocabulary.identifiers import CustomerId, HandoverId
from events.vocabulary.values import Tier
from tests.domain.company import ROLES
from tests.domain.people import BINHAI, CHEN, HUADONG, LIN, WANG, ZHAO, ZHOU, number, on
from tests.domain.words import about, assign, assignment, commitment, complaint
from tests.kpis.company import POLICY, Company

LINGANG, XISHAN = CustomerId(number(203)), CustomerId(number(204))
ONE_DAY = 480


def utc(moment: str) -> str:
    return on(moment).astimezone(UTC).isoformat().replace("+00:00", "Z")


FIRST_QUARTER = {"from": utc("2025-01-01"), "to": utc("2025-04-01")}


def vacant(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(gap["customer"], gap["since"], gap["until"]) for gap in answer["gaps"]]


def in_tier(company: Company, customer: UUID, tier: Tier, since: str = "2024-01-01") -> None:
    company.customer(customer, AssignTier(tier=tier, since=on(since)))


def test_which_vip_customers_had_nobody_for_more_than_one_working_day_last_quarter(company: Company) -> None:
    for customer, name in ((HUADONG, "华东机械"), (BINHAI, "滨海化工"), (LINGANG, "临港重工"), (XISHAN, "西山水泥")):
        company.registered(customer, name, registered_on="2024-06-01")
    for customer in (HUADONG, BINHAI, LINGANG):
        in_tier(company, customer, "vip")
    in_tier(company, XISHAN, "first")
    # 华东机械: from Thursday noon to Monday evening nobody.
    company.customer(HUADONG, assign(LIN, "2024-06-01", "2025-02-13 12:00"))
    company.customer(HUADONG, assign(WANG, "2025-02-17 18:00", no=2))
    # 滨海化工: nobody over a weekend only, and a proposal that was never accepted.
    company.customer(BINHAI, assign(ZHAO, "2024-06-01", "2025-03-07 18:00", no=3))
    company.customer(BINHAI, assign(ZHOU, "2025-03-10 09:00", no=4))
    company.customer(
        BINHAI,
        ProposeHandover(
            handover_id=HandoverId(number(5001)),
            assignment_id=assignment(4),
            to_person=CHEN,
            effective_at=on("2025-03-20"),
        ),
    )
    # 临港重工 never had one; 西山水泥 had none either, but is no VIP.
    answer = company.api.ask("responsibility/gaps", tier="vip", min_working_minutes=ONE_DAY + 1, **FIRST_QUARTER)

    assert vacant(answer) == [
        (str(LINGANG), utc("2025-01-01"), utc("2025-04-01")),
        (str(HUADONG), utc("2025-02-13 12:00"), utc("2025-02-17 18:00")),
    ]
    huadong = answer["gaps"][1]
    assert (huadong["customer_name"], huadong["tier"]) == ("华东机械", "vip")
    assert huadong["minutes"] == 4 * 1440 + 360
    assert huadong["working_minutes"] == 300 + ONE_DAY + ONE_DAY
    assert (answer["provisional"], answer["calendar_edition"]) == (False, 2)
    exactly = company.api.ask(
        "responsibility/gaps", min_working_minutes=300 + 2 * ONE_DAY, customer=str(HUADONG), **FIRST_QUARTER
    )
    assert len(exactly["gaps"]) == 1
    too_long = company.api.ask(
        "responsibility/gaps", min_working_minutes=301 + 2 * ONE_DAY, customer=str(HUADONG), **FIRST_QUARTER
    )
    assert too_long["gaps"] == []

    assert company.api.ask("responsibility/overlaps", tier="vip", **FIRST_QUARTER)["overlaps"] == []


def test_a_gap_names_the_events_around_it(company: Company) -> None:
    registered = company.registered(HUADONG)
    company.at("2025-05-01")
    company.customer(HUADONG, assign(LIN, "2024-06-01"))
    ended = company.customer(
        HUADONG, EndResponsibility(assignment_id=assignment(1), until=on("2025-02-03"), occurred_at=on("2025-02-03"))
    )
    begun = company.customer(HUADONG, assign(WANG, "2025-02-05", no=2))
    gap = company.api.ask("responsibility/gaps", **FIRST_QUARTER)["gaps"][0]
    assert gap["events"][0] == str(registered)
    assert gap["events"][-2:] == [str(ended.events[0].id), str(begun.events[0].id)]


def test_two_at_once_are_told_where_the_role_allows_it(company: Company) -> None:
    company.registered(HUADONG)
    shared = tuple(role.model_copy(update={"exclusive": False}) for role in ROLES)
    company.give(POLICY, PublishRoleCatalogue(roles=shared))
    company.customer(HUADONG, assign(LIN, "2025-01-01", "2025-03-01"))
    company.customer(HUADONG, assign(WANG, "2025-02-24", no=2))
    company.customer(HUADONG, assign(CHEN, "2025-01-01", no=3, involvement="responsible"))
    company.customer(HUADONG, assign(ZHOU, "2025-01-01", no=4, role="industry_expert"))
    company.customer(HUADONG, assign(ZHAO, "2025-03-31", no=5, role="industry_expert"))
    answer = company.api.ask("responsibility/overlaps", role="account_manager", **FIRST_QUARTER)
    assert [(one["since"], one["until"], one["working_minutes"]) for one in answer["overlaps"]] == [
        (utc("2025-02-24"), utc("2025-03-01"), 5 * ONE_DAY)
    ]
    assert [one["person"] for one in answer["overlaps"][0]["holders"]] == [str(LIN), str(WANG)]
    every = company.api.ask("responsibility/overlaps", **FIRST_QUARTER)
    assert [one["role"] for one in every["overlaps"]] == ["account_manager", "industry_expert"]
    assert company.api.ask("responsibility/gaps", **FIRST_QUARTER)["gaps"] == []


def test_a_gap_counts_only_while_the_customer_was_in_the_tier(company: Company) -> None:
    company.registered(HUADONG)
    in_tier(company, HUADONG, "first")
    in_tier(company, HUADONG, "vip", "2025-02-01")
    in_tier(company, HUADONG, "second", "2025-03-01")
    vip = company.api.ask("responsibility/gaps", tier="vip", **FIRST_QUARTER)
    assert vacant(vip) == [(str(HUADONG), utc("2025-02-01"), utc("2025-03-01"))]
    every = company.api.ask("responsibility/gaps", **FIRST_QUARTER)
    assert [(gap["tier"], gap["since"]) for gap in every["gaps"]] == [("first", utc("2025-01-01"))]


def test_a_customer_counts_from_the_day_it_was_registered_on(company: Company) -> None:
    company.registered(HUADONG, registered_on="2025-03-20")
    company.registered(BINHAI, "滨海化工")
    company.registered(LINGANG, "临港重工", registered_on="2025-04-01")
    assert vacant(company.api.ask("responsibility/gaps", **FIRST_QUARTER)) == [
        (str(BINHAI), utc("2025-01-01"), utc("2025-04-01")),
        (str(HUADONG), utc("2025-03-20"), utc("2025-04-01")),
    ]


def test_a_gap_says_what_was_open_and_held_by_nobody(company: Company) -> None:
    company.registered(HUADONG)
    company.at("2025-05-01")
    company.customer(HUADONG, assign(LIN, "2024-06-01", "2025-02-03"))
    company.customer(HUADONG, assign(WANG, "2025-02-10", no=2))
    for no, made, kept in ((1, "2025-01-06", "2025-02-05"), (2, "2025-02-04", None), (3, "2025-01-06", "2025-02-03")):
        company.customer(
            HUADONG,
            MakeCommitment(
                commitment_id=commitment(no), text="样机", due_at=on("2025-03-01"), by="us", occurred_at=on(made)
            ),
        )
        if kept:
            company.customer(HUADONG, FulfilCommitment(commitment_id=commitment(no), fulfilled_at=on(kept)))
    theirs = MakeCommitment(
        commitment_id=commitment(4), text="付款", due_at=on("2025-03-01"), by="customer", occurred_at=on("2025-01-06")
    )
    company.customer(HUADONG, theirs)
    company.customer(
        HUADONG,
        assign(
            ZHOU, "2025-02-04", "2025-02-06", no=9, role="technical_support", subject=about("commitment", commitment(2))
        ),
    )
    company.customer(
        HUADONG,
        ReceiveComplaint(
            complaint_id=complaint(1), received_at=on("2025-01-20"), channel="phone", severity="high", content="停机"
        ),
    )
    company.customer(HUADONG, ResolveComplaint(complaint_id=complaint(1), at=on("2025-02-04"), solution="更换部件"))
    company.customer(HUADONG, ReopenComplaint(complaint_id=complaint(1), at=on("2025-02-07")))
    company.customer(HUADONG, AssignComplaint(complaint_id=complaint(1), person=ZHAO, at=on("2025-02-08")))

    gap = company.api.ask("responsibility/gaps", **FIRST_QUARTER)["gaps"][0]
    found = {(one["item"], one["since"], one["until"]) for one in gap["uncovered"]}
    assert found == {
        (f"commitment:{commitment(1)}", utc("2025-02-03"), utc("2025-02-05")),
        (f"commitment:{commitment(2)}", utc("2025-02-06"), utc("2025-02-10")),
        (f"complaint:{complaint(1)}", utc("2025-02-03"), utc("2025-02-04")),
        (f"complaint:{complaint(1)}", utc("2025-02-07"), utc("2025-02-08")),
    }


def test_planned_gaps_lie_in_the_future_and_are_provisional_past_the_known_holidays(company: Company) -> None:
    company.registered(HUADONG)
    company.customer(HUADONG, assign(LIN, "2024-06-01", "2026-07-01"))
    company.customer(HUADONG, assign(WANG, "2026-07-03", no=2))
    answer = company.api.ask("responsibility/gaps", **{"from": utc("2026-06-01"), "to": utc("2026-09-01")})
    assert vacant(answer) == [(str(HUADONG), utc("2026-07-01"), utc("2026-07-03"))]
    assert answer["provisional"] is True


def test_without_a_time_the_next_thirty_days_are_asked_about(company: Company) -> None:
    company.registered(HUADONG)
    answer = company.api.ask("responsibility/gaps", effective_at=utc("2025-05-01"))
    assert (answer["since"], answer["until"]) == (utc("2025-05-01"), utc("2025-05-31"))


def test_a_handover_leaves_no_gap_and_a_correction_can_open_one_that_was_not_known_before(company: Company) -> None:
    company.registered(HUADONG)
    company.customer(HUADONG, assign(LIN, "2024-06-01"))
    handover = HandoverId(number(5001))
    company.customer(
        HUADONG,
        ProposeHandover(
            handover_id=handover, assignment_id=assignment(1), to_person=WANG, effective_at=on("2025-02-03")
        ),
    )
    company.customer(HUADONG, AcceptHandover(handover_id=handover))
    before = company.api.position
    assert company.api.ask("responsibility/gaps", **FIRST_QUARTER)["gaps"] == []
    company.customer(
        HUADONG,
        CorrectResponsibility(assignment_id=assignment(1), until=on("2025-01-20"), reason="实际于一月二十日离任"),
    )
    assert vacant(company.api.ask("responsibility/gaps", **FIRST_QUARTER)) == [
        (str(HUADONG), utc("2025-01-20"), utc("2025-02-03"))
    ]
    assert company.api.ask("responsibility/gaps", known_position=before, **FIRST_QUARTER)["gaps"] == []
    nothing_known = company.api.ask("responsibility/gaps", known_position=0, **FIRST_QUARTER)
    assert (nothing_known["gaps"], nothing_known["provisional"]) == ([], True)


BAD_QUESTIONS: list[tuple[dict[str, str], str]] = [
    ({"from": utc("2025-02-01"), "to": utc("2025-01-01")}, "interval.inverted"),
    ({"from": utc("2025-02-01"), "to": utc("2025-02-01")}, "interval.empty"),
    ({"from": utc("2015-02-01"), "to": utc("2025-12-01")}, "query.invalid"),
    ({"effective_at": "0001-01-01T00:00:00Z"}, "query.invalid"),
    ({"effective_at": "9999-12-31T00:00:00Z"}, "query.invalid"),
    ({"from": "0001-01-01T00:00:00Z"}, "request.invalid"),
    ({"from": "2025-02-01T00:00:00"}, "request.invalid"),
    ({"tier": "third"}, "request.invalid"),
    ({"min_working_minutes": "-1"}, "request.invalid"),
]


def paged(company: Company, question: str, **asked: str) -> list[list[dict[str, Any]]]:
    """Every page of a question, by its `next` links."""
    url: str | None = f"/v1/responsibility/{question}?{urlencode({**asked, 'limit': 2})}"
    pages = []
    while url:
        answer = company.api.client.get(url, headers=company.api.headers).json()
        pages.append(answer[question])
        # What is recorded between two pages moves nothing.
        company.registered(CustomerId(uuid4()), "别的客户", registered_on="2024-06-01")
        company.api.ask("people")
        url = answer["next"]
    return pages


def test_gaps_and_overlaps_come_page_by_page(company: Company) -> None:
    for place, customer in enumerate((HUADONG, BINHAI, LINGANG, XISHAN)):
        company.registered(customer, f"客户{place}", registered_on="2024-06-01")
        company.customer(customer, assign(LIN, "2025-01-10", "2025-02-10", no=2 * place + 1))
        for person, no in ((WANG, 100 + 2 * place), (ZHAO, 101 + 2 * place)):
            company.customer(customer, assign(person, "2025-01-10", "2025-02-10", no=no, role="industry_expert"))
    gaps = company.api.ask("responsibility/gaps", **FIRST_QUARTER)
    assert (len(gaps["gaps"]), gaps["next"]) == (8, None)
    assert paged(company, "gaps", **FIRST_QUARTER) == [gaps["gaps"][at : at + 2] for at in (0, 2, 4, 6)]
    overlaps = company.api.ask("responsibility/overlaps", **FIRST_QUARTER)
    assert (len(overlaps["overlaps"]), overlaps["next"]) == (4, None)
    assert paged(company, "overlaps", **FIRST_QUARTER) == [overlaps["overlaps"][at : at + 2] for at in (0, 2)]
    foreign = company.api.ask("people", limit=1)["next"].rpartition("cursor=")[2]
    refused = company.api.get("responsibility/gaps", cursor=foreign)
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor.elsewhere")


@pytest.mark.parametrize("question", ["gaps", "overlaps"])
def test_what_cannot_be_asked_is_told(company: Company, question: str) -> None:
    told = []
    for parameters, _ in BAD_QUESTIONS:
        answer = company.api.get(f"responsibility/{question}", **parameters)
        assert answer.status_code == 422
        told.append((parameters, answer.json()["code"]))
    assert told == BAD_QUESTIONS
