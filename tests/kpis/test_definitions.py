"""What the second versions of definitions count otherwise than the first, which stay answerable."""

from datetime import timedelta
from typing import Any

import pytest

from commands.customer.commitments import RescheduleCommitment, WaiveCommitment
from commands.customer.complaints import (
    AssignComplaint,
    ReceiveComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from commands.responsibility import Delegate
from events.customer.satisfaction import SurveyAnswerRecorded
from events.vocabulary.identifiers import SurveyAnswerId, SurveyId
from events.vocabulary.values import Scale
from projections.attribution.rules import RULES
from tests.domain.people import HUADONG, LIN, WANG, ZHOU, number, on
from tests.domain.words import assignment, commitment, complaint, delegation
from tests.kpis.company import Company
from tests.kpis.test_figures import by_case, held_by_lin, kept, outcomes, promise, reasons

PROMISES = "commitment_fulfilment"
COMPLAINTS = "complaints_resolved_in_time"
MOVED = "2025-04-20"


def moved(no: int, at: str, *, due: str = MOVED, agreed: bool = True) -> RescheduleCommitment:
    return RescheduleCommitment(commitment_id=commitment(no), due_at=on(due), agreed=agreed, occurred_at=on(at))


def waived(no: int, at: str, why: str | None = None) -> WaiveCommitment:
    return WaiveCommitment(commitment_id=commitment(no), occurred_at=on(at), excused_because=why)


def cases(company: Company, period: str, version: int = 2, **asked: Any) -> dict[str, str]:
    """Case → outcome; of cases, only what stands behind the kind."""
    found = by_case(company.evidence(PROMISES, period, definition_version=version, **asked))
    return {name.replace("commitment:00000000-0000-4000-8000-0000000030", ""): what for name, what in found.items()}


def test_a_date_agreed_before_the_due_time_replaces_it_and_one_agreed_later_leaves_a_miss(company: Company) -> None:
    company.at("2025-09-01")
    held_by_lin(
        company,
        *(promise(no, "2025-03-20") for no in (1, 2, 3)),
        moved(1, "2025-03-18"),
        moved(2, "2025-03-20"),
        moved(3, "2025-03-21"),
        *(kept(no, "2025-04-18") for no in (1, 2, 3)),
    )
    assert cases(company, "2025Q1") == {"01/1": "rescheduled", "02/1": "rescheduled", "03/1": "missed"}
    assert cases(company, "2025Q2") == {"01/2": "kept", "02/2": "kept", "03/2": "kept"}
    year = company.figure(PROMISES, "2025")
    assert (year["numerator"], year["denominator"], outcomes(year)) == (3, 4, {"kept": 3, "late": 0, "missed": 1})
    assert cases(company, "2025", version=1) == {"01": "kept", "02": "kept", "03": "kept"}


def test_a_date_that_the_customer_did_not_agree_to_binds_nobody(company: Company) -> None:
    company.at("2025-09-01")
    held_by_lin(company, promise(1, "2025-03-20"), moved(1, "2025-03-18", agreed=False), kept(1, "2025-04-18"))
    assert cases(company, "2025") == {"01/1": "late", "01/2": "reschedule_not_agreed"}
    assert cases(company, "2025Q2", version=1) == {"01": "reschedule_not_agreed"}


def test_a_waiver_after_the_due_time_excuses_only_with_a_reason(company: Company) -> None:
    company.at("2025-09-01")
    held_by_lin(
        company,
        *(promise(no, "2025-03-20") for no in (1, 2, 3)),
        waived(1, "2025-03-20"),
        waived(2, "2025-03-21"),
        waived(3, "2025-03-21", "客户停产"),
    )
    assert cases(company, "2025Q1") == {"01/1": "waived", "02/1": "missed", "03/1": "excused"}
    assert set(cases(company, "2025Q1", version=1).values()) == {"waived"}


def test_at_the_very_due_instant_a_promise_is_not_late(company: Company) -> None:
    company.at("2025-04-10 18:00")
    held_by_lin(company, promise(1, "2025-04-10 18:00"), promise(2, "2025-04-10 18:00"))
    at_the_instant = company.api.position
    company.customer(HUADONG, kept(2, "2025-04-10 18:00"))
    assert cases(company, "2025Q2", known_position=at_the_instant) == {"01/1": "not_due_yet", "02/1": "not_due_yet"}
    assert cases(company, "2025Q2") == {"01/1": "not_due_yet", "02/1": "kept"}
    company.clock.now += timedelta(seconds=1)
    company.customer(HUADONG, promise(3, "2025-12-10"))
    assert cases(company, "2025Q2") == {"01/1": "missed", "02/1": "kept"}


def test_the_customers_own_promise_is_never_charged_to_us(company: Company) -> None:
    company.at("2025-05-15")
    held_by_lin(company, promise(1, "2025-04-10", by="customer"))
    for rule in RULES:
        answer = company.api.ask("attribution", item=f"commitment:{commitment(1)}", rule=rule)
        assert (answer["charges"], answer["unheld"], answer["uncharged"]) == ([], 0, "customers-own")
        assert company.figure(PROMISES, "2025Q2", f"person:{LIN}", attribution=rule)["excluded"] == []
    assert reasons(company.figure(PROMISES, "2025Q2")) == {"customers_own": 1}
    assert reasons(company.figure(PROMISES, "2025Q2", f"person:{LIN}", definition_version=1)) == {"customers_own": 1}


def over_the_weekend(company: Company) -> None:
    """On a Friday 林静 has a complaint until a quarter to six, then 王强; from six on it waits for the customer."""
    company.at("2025-04-20")
    held_by_lin(
        company,
        ReceiveComplaint(
            complaint_id=complaint(1),
            received_at=on("2025-03-07 09:00"),
            channel="phone",
            severity="high",
            content="停机",
        ),
        AssignComplaint(complaint_id=complaint(1), person=WANG, at=on("2025-03-07 17:45")),
        StartWaitingOnCustomer(complaint_id=complaint(1), at=on("2025-03-07 18:00")),
        StopWaitingOnCustomer(complaint_id=complaint(1), at=on("2025-03-11 05:06")),
        ResolveComplaint(complaint_id=complaint(1), at=on("2025-03-11 05:06"), solution="更换部件"),
    )


def test_nights_weekends_and_waiting_are_charged_to_nobody(company: Company) -> None:
    """Elapsed time said 0.095 and 0.905, where the complaint's own clock says 0.969 and 0.031."""
    over_the_weekend(company)
    asked = (COMPLAINTS, "2025Q1")
    elapsed = {who: company.figure(*asked, f"person:{who}", definition_version=1) for who in (LIN, WANG)}
    worked = {who: company.figure(*asked, f"person:{who}") for who in (LIN, WANG)}
    assert [round(one["denominator"], 3) for one in elapsed.values()] == [0.095, 0.905]
    assert [round(one["denominator"], 3) for one in worked.values()] == [0.969, 0.031]
    assert company.figure(*asked)["denominator"] == 1


def test_attribution_weighs_a_complaint_by_the_shares_of_its_clock(company: Company) -> None:
    over_the_weekend(company)
    delegate = Delegate(
        delegation_id=delegation(1),
        assignment_id=assignment(1),
        to_person=ZHOU,
        since=on("2025-03-07 13:00"),
        until=on("2025-03-08"),
    )
    company.customer(HUADONG, delegate)
    clocks = company.api.ask(f"complaints/{complaint(1)}/clocks")
    total = clocks["resolution"]["total_minutes"]
    kept_by = {one["person"]: pytest.approx(one["held_minutes"] / total, abs=1e-6) for one in clocks["shares"]}
    answer = company.api.ask("attribution", item=f"complaint:{complaint(1)}", rule="time_weighted")
    charges = {one["person"]: one["share"] for one in answer["charges"] if one["kind"] == "principal"}
    assert charges == kept_by
    assert sum(charges.values()) == 1
    assert {one["person"] for one in answer["charges"] if one["kind"] == "acting"} == {str(ZHOU)}
    assert answer["weighed_until"] == "2025-03-07T10:00:00Z"


def test_a_complaint_whose_clock_never_ran_is_charged_to_whoever_held_it_at_receipt(company: Company) -> None:
    company.at("2025-04-20")
    held_by_lin(
        company,
        ReceiveComplaint(
            complaint_id=complaint(1),
            received_at=on("2025-03-08 20:00"),
            channel="phone",
            severity="high",
            content="停机",
        ),
        ResolveComplaint(complaint_id=complaint(1), at=on("2025-03-08 22:00"), solution="电话指导"),
    )
    assert company.figure(COMPLAINTS, "2025Q1", f"person:{LIN}")["value"] == 100


def test_an_answer_dated_later_than_now_is_not_yet_given(company: Company) -> None:
    company.at("2025-04-20")
    held_by_lin(company)
    answer = SurveyAnswerRecorded(
        survey_id=SurveyId(number(7000)),
        answer_id=SurveyAnswerId(number(7001)),
        answered_at=on("2025-06-20"),
        scores={"response_speed": 5},
        scale=Scale(min=1, max=5),
        about_person=None,
        served_by=(),
    )
    company.planted(HUADONG, answer)
    figure = company.figure("satisfaction", "2025Q2")
    assert (figure["value"], reasons(figure)) == (None, {"not_yet": 1})
    assert company.figure("satisfaction", "2025Q2", definition_version=1)["value"] == 100
