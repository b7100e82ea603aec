"""What was once found wrong, each as it was found: one question asked at several doors, which now answer alike."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from commands.customer.commitments import RescheduleCommitment, WaiveCommitment
from commands.customer.complaints import AcknowledgeComplaint, ReopenComplaint, ResolveComplaint
from commands.person.directory import DeactivatePerson
from events.base import Event
from projections.attribution.rules import RULES
from services.reactions.deadlines import Deadlines
from tests.domain.people import HUADONG, LIN, WANG, on
from tests.domain.words import assignment, commitment, complaint
from tests.kpis.company import Company
from tests.kpis.company import company as opened
from tests.kpis.test_definitions import over_the_weekend
from tests.kpis.test_figures import complained, held_by_lin, kept, promise

PROMISE, COMPLAINT = f"commitments/{commitment(1)}", f"complaints/{complaint(1)}"
FULFILMENT = "commitment_fulfilment"
AHEAD = "2027-06-01T09:00:00+08:00"


@pytest.fixture
def company(database_url: str) -> Iterator[Company]:
    """A company in which it is May 2025."""
    with opened(database_url) as one:
        yield one.at("2025-05-15")


def posted(company: Company, command: str, **body: Any) -> tuple[int, str | None]:
    """What a command to 华东机械 comes to: status and code."""
    answer = company.api.command(f"customers/{HUADONG}/{command}", body)
    return answer.status_code, answer.json().get("code")


# 1. The effective time applies to state, wherever it is asked.


def test_what_was_kept_on_the_10th_was_open_and_overdue_on_the_5th(company: Company) -> None:
    held_by_lin(company, promise(1, "2025-04-01 18:00"), kept(1, "2025-04-10 09:00"))
    for day, status, overdue in (("2025-04-05", "open", True), ("2025-04-11", "fulfilled", False)):
        at = on(day).isoformat()
        one = company.api.ask(PROMISE, effective_at=at)["commitment"]
        assert (one["status"], one["overdue"]) == (status, overdue)
        for filters in ({"status": status}, {"overdue": overdue}):
            assert company.api.ask("commitments", effective_at=at, customer=HUADONG, **filters)["items"] == [one]
        assert company.api.ask("commitments", effective_at=at, overdue=not overdue)["items"] == []
        counts = company.api.ask(f"customers/{HUADONG}", effective_at=at)["overview"]
        assert (counts["open_commitments"], counts["overdue_commitments"]) == (overdue, overdue)


def test_a_complaint_says_of_a_past_time_what_its_clocks_say_of_it(company: Company) -> None:
    solved = ResolveComplaint(complaint_id=complaint(1), at=on("2025-03-20 10:00"), solution="更换主板")
    held_by_lin(company, complained(1, "2025-03-10 09:00"), solved)
    for at in ("2025-03-10 12:00", "2025-03-11 18:00", "2025-03-12 09:00", "2025-03-21 09:00"):
        asked = {"effective_at": on(at).isoformat()}
        clock = company.api.ask(f"{COMPLAINT}/clocks", **asked)["resolution"]
        one = company.api.ask(COMPLAINT, **asked)["complaint"]
        assert (one["status"] == "open") is clock["running"], at
        assert one["overdue"] is (clock["breached"] and clock["running"]), at
        assert len(company.api.ask("complaints", overdue=True, **asked)["items"]) == one["overdue"], at


# 2. Facts of the future do not count now.


def test_nothing_waits_on_the_customer_since_a_time_that_is_to_come(company: Company) -> None:
    held_by_lin(company, promise(1, "2025-04-01"), complained(1, "2025-03-10 09:00"))
    size = company.zeren.ledger.size()
    of = {"complaint_id": str(complaint(1))}
    answer = {"survey_id": str(uuid4()), "answer_id": str(uuid4()), "answered_at": AHEAD, "scores": {"speed": 5}}
    for command, body in (
        ("start-waiting-on-customer", of | {"at": AHEAD}),
        ("resolve-complaint", of | {"at": AHEAD, "solution": "更换主板"}),
        ("fulfil-commitment", {"commitment_id": str(commitment(1)), "fulfilled_at": AHEAD}),
        ("record-survey-answer", answer | {"scale": {"min": 1, "max": 5}}),
    ):
        assert posted(company, command, **body) == (409, "fact.in-the-future"), command
    assert company.zeren.ledger.size() == size
    assert company.api.ask(COMPLAINT)["complaint"]["status"] == "open"
    assert company.figure("satisfaction", "2027")["denominator"] == 0


# 3. Late has one meaning. (At the due instant and with a handover there: tests/attribution/test_due_instants.py.)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_figure_misses_what_the_record_calls_overdue(company: Company, agreed: bool) -> None:  # noqa: FBT001
    move = RescheduleCommitment(
        commitment_id=commitment(1), due_at=on("2025-06-20"), agreed=agreed, occurred_at=on("2025-04-01")
    )
    held_by_lin(company, promise(1, "2025-04-10 18:00"), move)
    record = company.api.ask(PROMISE, effective_at=on("2025-05-15").isoformat())["commitment"]
    second_quarter = company.figure(FULFILMENT, "2025Q2", f"person:{LIN}")
    missed = sum(one["value"] for one in second_quarter["parts"] if one["code"] == "missed")
    assert (record["overdue"], missed) == (not agreed, 0 if agreed else 1)


# 4. The past has no side doors.


def test_a_handover_and_an_end_in_the_past_need_a_reason(company: Company) -> None:
    held_by_lin(company)
    handover = {
        "handover_id": str(uuid4()),
        "assignment_id": str(assignment(1)),
        "to_person": str(WANG),
        "effective_at": on("2024-01-15").isoformat(),
    }
    end = {
        "assignment_id": str(assignment(1)),
        "until": on("2025-04-01").isoformat(),
        "occurred_at": on("2025-03-01").isoformat(),
    }
    assert posted(company, "propose-handover", **handover) == (409, "reason.required")
    assert posted(company, "end-responsibility", **end) == (409, "reason.required")
    assert posted(company, "end-responsibility", **end, reason="补录调岗")[0] == 201


# 5. Whatever was recorded wrongly is put right: tests/sample/test_every_fact.py, tests/http/test_facts.py.


# 6. One way to share a complaint's time.


def test_nobody_is_charged_otherwise_than_the_clock_says(company: Company) -> None:
    over_the_weekend(company)
    weighed = {"item": f"complaint:{complaint(1)}", "rule": "time_weighted"}
    clocks = company.api.ask(f"{COMPLAINT}/clocks")
    by_clock = [one["held_minutes"] / clocks["resolution"]["total_minutes"] for one in clocks["shares"]]
    by_rule = [one["share"] for one in company.api.ask("attribution", **weighed)["charges"]]
    by_figure = [
        company.figure("complaints_resolved_in_time", "2025Q1", f"person:{who}")["denominator"] for who in (LIN, WANG)
    ]
    for shares in (by_clock, by_rule, by_figure):
        assert [round(one, 3) for one in shares] == [0.969, 0.031]


# 7. Whoever has left holds nothing. (Where it is marked: tests/http/test_leavers.py.)


def test_nobody_is_given_anything_beyond_the_day_they_leave(company: Company) -> None:
    held_by_lin(company)
    company.person(WANG, DeactivatePerson(since=on("2025-04-01")))
    given = {
        "assignment_id": str(uuid4()),
        "role": "after_sales",
        "person": str(WANG),
        "involvement": "responsible",
        "since": on("2025-01-01").isoformat(),
    }
    acts = {
        "delegation_id": str(uuid4()),
        "assignment_id": str(assignment(1)),
        "to_person": str(WANG),
        "since": on("2025-03-01").isoformat(),
    }
    beyond, until_then = on("2025-04-02").isoformat(), on("2025-04-01").isoformat()
    assert posted(company, "assign-responsibility", **given) == (409, "person.leaves-before")
    assert posted(company, "assign-responsibility", **given, until=beyond) == (409, "person.leaves-before")
    assert posted(company, "assign-responsibility", **given, until=until_then)[0] == 201
    assert posted(company, "delegate", **acts, until=beyond) == (409, "person.leaves-before")
    assert posted(company, "delegate", **acts, until=until_then, reason="补录")[0] == 201


def test_who_has_left_covers_no_gap(company: Company) -> None:
    held_by_lin(company)
    company.person(LIN, DeactivatePerson(since=on("2025-04-01")))
    april = {"from": on("2025-04-01").isoformat(), "to": on("2025-05-01").isoformat(), "customer": HUADONG}
    (gap,) = company.api.ask("responsibility/gaps", **april)["gaps"]
    assert (gap["kind"], gap["leaver"]) == ("left", str(LIN))
    assert datetime.fromisoformat(gap["since"]) == on("2025-04-01")


# 8. One clock of the first response.


def test_the_deadline_process_gives_no_command_that_a_rule_refuses(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=90)
    company.clock.now = datetime.now(UTC)
    held_by_lin(company, *(complained(no, f"{long_ago:%Y-%m-%d} 09:00") for no in (1, 2, 3, 4)))
    steps = (
        ResolveComplaint(complaint_id=complaint(1), at=long_ago + timedelta(days=1), solution="电话指导"),
        ReopenComplaint(complaint_id=complaint(1), at=long_ago + timedelta(days=2)),
        AcknowledgeComplaint(complaint_id=complaint(2), at=long_ago + timedelta(days=30)),
        ResolveComplaint(complaint_id=complaint(3), at=long_ago + timedelta(days=40), solution="更换主板"),
    )
    for step in steps:
        company.customer(HUADONG, step)
    deadlines = Deadlines(company.zeren.handler, company.zeren.views)
    with caplog.at_level(logging.ERROR):
        while deadlines.step():
            pass
    assert caplog.records == []
    company.api.position = company.zeren.ledger.size()
    for no in (1, 2, 3, 4):
        clock = company.api.ask(f"complaints/{complaint(no)}/clocks")["first_response"]
        escalated = company.api.ask(f"complaints/{complaint(no)}")["complaint"]["escalations"]
        assert ("first_response" in {one["clock"] for one in escalated}) is clock["breached"], no


# 9. What an event has to say is asked when its class is made. (Free texts: tests/domain/test_free_texts.py.)


def test_no_kind_of_event_comes_about_that_does_not_say_when_it_happens() -> None:
    with pytest.raises(TypeError, match="occurs"):
        type("Silent", (Event,), {"__module__": __name__}, name="customer.silent")


# 11. A miss stays a miss, and a customer's promise is never ours.


@pytest.mark.parametrize("agreed_later", [True, False])
def test_neither_a_later_agreement_nor_a_waiver_empties_a_miss(
    company: Company,
    agreed_later: bool,  # noqa: FBT001
) -> None:
    later = (
        RescheduleCommitment(
            commitment_id=commitment(1), due_at=on("2025-05-10"), agreed=True, occurred_at=on("2025-04-20")
        )
        if agreed_later
        else WaiveCommitment(commitment_id=commitment(1), occurred_at=on("2025-04-20"))
    )
    held_by_lin(company, promise(1, "2025-03-20"))
    before = company.figure(FULFILMENT, "2025Q1", f"person:{LIN}")
    company.customer(HUADONG, later)
    after = company.figure(FULFILMENT, "2025Q1", f"person:{LIN}")
    parts = [[(one["code"], one["value"]) for one in figure["parts"]] for figure in (before, after)]
    assert parts[0] == parts[1]
    assert (after["numerator"], after["denominator"]) == (0, 1)


def test_what_the_customer_promised_is_charged_to_nobody_of_ours(company: Company) -> None:
    held_by_lin(company, promise(1, "2025-04-10", by="customer"))
    for rule in RULES:
        answer = company.api.ask("attribution", item=f"commitment:{commitment(1)}", rule=rule)
        assert (answer["charges"], answer["uncharged"], answer["unheld"]) == ([], "customers-own", 0), rule
    assert company.figure(FULFILMENT, "2025", f"person:{LIN}", attribution="at_due")["denominator"] == 0
