"""Figures as a KPI owner asks for them, and why they are what they are."""

from typing import Any

import pytest

from commands.base import Command
from commands.customer.commitments import (
    CorrectCommitment,
    FulfilCommitment,
    MakeCommitment,
    WaiveCommitment,
)
from commands.customer.complaints import (
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
)
from commands.customer.interactions import LogInteraction
from commands.customer.satisfaction import RecordSurveyAnswer
from commands.customer.tier import AssignTier
from commands.customer.visits import RecordVisit
from commands.person.directory import MoveDepartment
from commands.policy.rules import PublishCadence, PublishWorkingCalendar
from commands.responsibility import Delegate
from events.vocabulary.identifiers import InteractionId, SurveyAnswerId, SurveyId, VisitId
from events.vocabulary.policies import CadenceRule
from events.vocabulary.values import Scale, Side, Tier
from projections.kpis.cadence import Rules
from tests.domain.company import CALENDAR
from tests.domain.people import BINHAI, HUADONG, LIN, WANG, ZHOU, number, on
from tests.domain.words import assign, assignment, commitment, complaint, delegation
from tests.kpis.company import POLICY, Company


def promise(no: int, due: str, *, at: str = "2025-03-01 10:00", by: Side = "us") -> MakeCommitment:
    return MakeCommitment(commitment_id=commitment(no), text="样机", due_at=on(due), by=by, occurred_at=on(at))


def kept(no: int, at: str) -> FulfilCommitment:
    return FulfilCommitment(commitment_id=commitment(no), fulfilled_at=on(at))


def complained(no: int, at: str) -> ReceiveComplaint:
    return ReceiveComplaint(
        complaint_id=complaint(no), received_at=on(at), channel="phone", severity="high", content="停机"
    )


def called(no: int, at: str) -> LogInteraction:
    return LogInteraction(
        interaction_id=InteractionId(number(6000 + no)),
        at=on(at),
        channel="call",
        direction="outbound",
        our_attendees=(LIN,),
        content="例行电话",
        result="无问题",
    )


def answered(no: int, at: str, **scores: int) -> RecordSurveyAnswer:
    return RecordSurveyAnswer(
        survey_id=SurveyId(number(7000)),
        answer_id=SurveyAnswerId(number(7000 + no)),
        answered_at=on(at),
        scores=scores,
        scale=Scale(min=1, max=5),
    )


def in_tier(tier: Tier, since: str = "2024-01-01") -> AssignTier:
    return AssignTier(tier=tier, since=on(since))


def held_by_lin(company: Company, *commands: Command) -> None:
    """华东机械 with 林静 as its account manager since 2024, and what happened then."""
    company.registered(HUADONG)
    company.customer(HUADONG, assign(LIN, "2024-01-01"))
    for command in commands:
        company.customer(HUADONG, command)


def outcomes(figure: dict[str, Any]) -> dict[str, float]:
    return {part["code"]: part["value"] for part in figure["parts"] if part["kind"] == "outcome"}


def reasons(figure: dict[str, Any]) -> dict[str, int]:
    return {one["reason"]: one["cases"] for one in figure["excluded"]}


def by_case(evidence: list[dict[str, Any]]) -> dict[str, str]:
    return {one["case"]: one["outcome"] for one in evidence}


def test_promises_kept_late_and_missed_and_those_that_do_not_count(company: Company) -> None:
    company.at("2025-05-15")
    held_by_lin(
        company,
        *(promise(no, "2025-04-10 18:00") for no in (1, 2, 3, 4)),
        promise(5, "2025-04-10 18:00", by="customer"),
        promise(6, "2025-06-20"),
        promise(7, "2025-03-20"),
        kept(1, "2025-04-10 18:00"),
        kept(2, "2025-04-11"),
        WaiveCommitment(commitment_id=commitment(4), occurred_at=on("2025-04-01")),
    )
    figure = company.figure("commitment_fulfilment", "2025Q2")
    assert (figure["value"], figure["unit"]) == (pytest.approx(100 / 3, abs=1e-4), "percent")
    assert (figure["numerator"], figure["denominator"]) == (1, 3)
    assert outcomes(figure) == {"kept": 1, "late": 1, "missed": 1}
    assert reasons(figure) == {"waived": 1, "customers_own": 1, "not_due_yet": 1}
    evidence = company.evidence("commitment_fulfilment", "2025Q2")
    assert by_case(evidence) == {
        f"commitment:{commitment(1)}/1": "kept",
        f"commitment:{commitment(2)}/1": "late",
        f"commitment:{commitment(3)}/1": "missed",
        f"commitment:{commitment(4)}/1": "waived",
        f"commitment:{commitment(5)}/1": "customers_own",
        f"commitment:{commitment(6)}/1": "not_due_yet",
    }
    log = {str(one.id): one.event.event_name for one in company.zeren.ledger.read(0, 1000)}
    first = [log[one["id"]] for one in evidence if one["case"] == f"commitment:{commitment(1)}/1"]
    assert sorted(first) == ["customer.commitment-fulfilled", "customer.commitment-made"]
    assert all((one["reason"] is None) == (one["role"] == "counted") for one in evidence)


def test_a_later_correction_leaves_the_old_figure_and_shows_why_the_new_one_differs(company: Company) -> None:
    company.at("2025-07-02")
    held_by_lin(company, promise(1, "2025-04-10"), promise(2, "2025-05-10"), kept(1, "2025-04-09"))
    report, question = company.api.position, ("commitment_fulfilment", "2025Q2", f"person:{LIN}")
    before = company.figure(*question)
    assert before["value"] == 50
    company.at("2025-08-01").customer(
        HUADONG, CorrectCommitment(commitment_id=commitment(2), due_at=on("2025-07-10"), reason="录入时月份写错")
    )
    assert company.figure(*question)["value"] == 100
    assert reasons(company.figure(*question)) == {"corrected": 1}
    correction = company.zeren.ledger.read_stream(company.zeren.ledger.read(company.api.position - 1, 1)[0].stream)[-1]
    shown = [one for one in company.evidence(*question) if one["id"] == str(correction.id)]
    assert [(one["role"], one["reason"]) for one in shown] == [("excluded", "corrected")]

    again = company.figure(*question, known_position=report)
    assert again | {"position": 0} == before | {"position": 0}
    assert company.figure(*question, known_at="2025-07-15T00:00:00+08:00")["value"] == 50
    assert company.figure(*question, known_at="2025-07-15T00:00:00+08:00")["known_position"] == report


def test_a_period_that_is_not_over_is_seen_from_the_recorded_time_not_from_the_wall_clock(company: Company) -> None:
    company.at("2025-04-15")
    held_by_lin(company, promise(1, "2025-04-10"), promise(2, "2025-04-20"))
    figure = company.figure("commitment_fulfilment", "2025-04")
    assert (figure["value"], reasons(figure)) == (0, {"not_due_yet": 1})
    assert figure["now"] == "2025-04-14T16:00:00Z"


def test_nothing_to_count_is_no_value(company: Company) -> None:
    figure = company.figure("commitment_fulfilment", "2025Q2")
    assert (figure["value"], figure["numerator"], figure["denominator"]) == (None, 0, 0)
    empty = company.figure("weekly_call_compliance", "2025Q2", known_position=0)
    assert (empty["value"], empty["provisional"]) == (None, True)


def test_the_calls_of_a_team_and_why_three_weeks_do_not_count(company: Company) -> None:
    """八成多的每周电话达标率: the events behind it, and why weeks were left out."""
    company.give(
        POLICY,
        PublishCadence(since=on("2024-01-01"), rules=(CadenceRule(tier=None, calls_per_week=1, visits_per_month=0),)),
    )
    closed = CALENDAR.holidays | {on(f"2025-05-{day:02}").date() for day in (6, 7, 8, 9)}
    calendar = CALENDAR.model_copy(update={"holidays": frozenset(closed)})
    company.give(POLICY, PublishWorkingCalendar(calendar=calendar))
    company.at("2025-06-26")
    registered = company.registered(HUADONG)
    company.customer(HUADONG, assign(LIN, "2025-04-09"))
    mondays = ["04-14", "04-21", "04-28", "05-12", "05-19", "05-26", "06-02", "06-09"]
    made = [company.customer(HUADONG, called(no, f"2025-{day} 10:00")) for no, day in enumerate(mondays)]

    question = ("weekly_call_compliance", "2025Q2", "team:east")
    figure = company.figure(*question)
    # Thirteen weeks: two before there was a holder for all of them, one without a working day, one not over.
    assert (figure["numerator"], figure["denominator"]) == (8, 9)
    assert figure["value"] == pytest.approx(800 / 9, abs=1e-4)
    assert reasons(figure) == {"no_working_day": 1, "no_holder_yet": 1, "not_over": 1}
    assert reasons(company.figure("weekly_call_compliance", "2025Q2")) == {
        "no_working_day": 1,
        "no_holder_yet": 2,
        "not_over": 1,
    }
    evidence = company.evidence(*question)
    calls = [one for one in evidence if one["id"] in {str(outcome.events[0].id) for outcome in made}]
    assert len(calls) == len(made)
    assert {(one["role"], one["outcome"]) for one in calls} == {("counted", "met")}
    why = {one["reason"]: one["case"].rpartition("/")[2] for one in evidence if one["role"] == "excluded"}
    assert why == {"no_working_day": "2025-W19", "no_holder_yet": "2025-W15", "not_over": "2025-W26"}
    missed = [one for one in evidence if one["outcome"] == "missed"]
    assert {one["case"].rpartition("/")[2] for one in missed} == {"2025-W25"}
    assert str(registered) in {one["id"] for one in evidence if one["reason"] == "no_holder_yet"}


def test_each_week_belongs_to_one_month_and_each_month_to_one_quarter(company: Company) -> None:
    company.at("2026-02-01")
    held_by_lin(company)
    company.give(
        POLICY,
        PublishCadence(since=on("2024-01-01"), rules=(CadenceRule(tier=None, calls_per_week=1, visits_per_month=1),)),
    )
    for code in ("weekly_call_compliance", "face_to_face_compliance"):
        year = set(by_case(company.evidence(code, "2025")))
        by_quarter = [set(by_case(company.evidence(code, f"2025Q{quarter}"))) for quarter in (1, 2, 3, 4)]
        by_month = [set(by_case(company.evidence(code, f"2025-{month:02}"))) for month in range(1, 13)]
        for parts in (by_quarter, by_month):
            assert set().union(*parts) == year
            assert sum(map(len, parts)) == len(year) == (52 if code == "weekly_call_compliance" else 12)


def test_visits_count_face_to_face_under_the_tier_then_in_force(company: Company) -> None:
    company.give(
        POLICY,
        PublishCadence(
            since=on("2024-01-01"),
            rules=(
                CadenceRule(tier="vip", calls_per_week=0, visits_per_month=2),
                CadenceRule(tier="second", calls_per_week=0, visits_per_month=0),
                CadenceRule(tier=None, calls_per_week=0, visits_per_month=1),
            ),
        ),
    )
    company.at("2025-07-01")

    def visit(no: int, at: str, channel: Any = "face_to_face") -> RecordVisit:
        return RecordVisit(
            visit_id=VisitId(number(8000 + no)),
            visited_at=on(at),
            channel=channel,
            our_attendees=(LIN,),
            content="拜访",
        )

    held_by_lin(
        company,
        in_tier("vip", "2025-02-15"),
        in_tier("second", "2025-04-01"),
        visit(1, "2025-01-31 23:30"),
        visit(2, "2025-02-01 00:30"),
        visit(3, "2025-03-10"),
        visit(4, "2025-03-11", "video"),
    )
    cases = {
        name.rpartition("/")[2]: what
        for name, what in by_case(company.evidence("face_to_face_compliance", "2025")).items()
    }
    assert cases == {
        "2025-01": "met",
        "2025-02": "met",
        "2025-03": "missed",
        "2025-04": "none_required",
        "2025-05": "none_required",
        "2025-06": "none_required",
    }
    company.registered(BINHAI, "滨海化工", registered_on="2025-02-10")
    company.customer(BINHAI, assign(ZHOU, "2025-01-01", no=2))
    binhai = by_case(company.evidence("face_to_face_compliance", "2025Q1", f"customer:{BINHAI}"))
    assert {name.rpartition("/")[2]: what for name, what in binhai.items()} == {
        "2025-02": "partial",
        "2025-03": "missed",
    }
    vip = company.figure("face_to_face_compliance", "2025Q1", "tier:vip")
    assert (vip["numerator"], vip["denominator"]) == (0, 1)


def test_complaints_belong_to_where_they_were_decided(company: Company) -> None:
    company.at("2025-04-20")
    held_by_lin(
        company,
        *(complained(no, "2025-03-27 09:00") for no in (1, 2, 3, 4)),
        ResolveComplaint(complaint_id=complaint(1), at=on("2025-03-28 10:00"), solution="更换部件"),
        ResolveComplaint(complaint_id=complaint(2), at=on("2025-04-10 10:00"), solution="更换部件"),
        StartWaitingOnCustomer(complaint_id=complaint(3), at=on("2025-03-27 12:00")),
        complained(5, "2025-04-18 09:00"),
    )
    march = company.figure("complaints_resolved_in_time", "2025-03")
    assert (march["numerator"], march["denominator"]) == (1, 3)
    assert outcomes(march) == {"in_time": 1, "late": 1, "overdue": 1}
    assert reasons(march) == {"waiting_on_customer": 1}
    assert by_case(company.evidence("complaints_resolved_in_time", "2025-04")) == {
        f"complaint:{complaint(2)}": "other_period",
        f"complaint:{complaint(5)}": "not_due_yet",
    }
    report = company.api.position
    company.customer(HUADONG, ReopenComplaint(complaint_id=complaint(1), at=on("2025-04-15 10:00")))
    assert company.figure("complaints_resolved_in_time", "2025-03")["denominator"] == 2
    assert company.figure("complaints_resolved_in_time", "2025-03", known_position=report)["denominator"] == 3


def test_satisfaction_is_put_on_one_scale_and_charged_to_who_is_pinned(company: Company) -> None:
    company.at("2025-07-01")
    held_by_lin(
        company,
        answered(1, "2025-04-10", service_attitude=5, response_speed=3),
        answered(2, "2025-05-10", service_attitude=2),
    )
    figure = company.figure("satisfaction", "2025Q2", f"person:{LIN}")
    assert (figure["value"], figure["unit"], figure["denominator"]) == (50, "score", 2)
    assert {part["code"]: part["value"] for part in figure["parts"] if part["kind"] == "dimension"} == {
        "response_speed": 50,
        "service_attitude": 62.5,
    }
    assert outcomes(figure) == {"answered": 2}
    assert company.figure("satisfaction", "2025Q2", f"person:{WANG}")["value"] is None
    assert company.figure("satisfaction", "2025Q2", f"person:{LIN}", attribution="at_due")["denominator"] == 0


def test_who_only_acted_is_listed_apart(company: Company) -> None:
    company.at("2025-07-01")
    held_by_lin(
        company,
        Delegate(
            delegation_id=delegation(1),
            assignment_id=assignment(1),
            to_person=WANG,
            since=on("2025-04-01"),
            until=on("2025-04-20"),
        ),
        promise(1, "2025-04-10"),
        kept(1, "2025-04-09"),
    )
    wang = company.figure("commitment_fulfilment", "2025Q2", f"person:{WANG}")
    assert (wang["value"], reasons(wang)) == (None, {"acting": 1})
    acting = next(part for part in wang["parts"] if part["kind"] == "acting")
    assert (acting["value"], acting["numerator"], acting["denominator"]) == (100, 1, 1)
    evidence = company.evidence("commitment_fulfilment", "2025Q2", f"person:{WANG}")
    assert {(one["role"], one["reason"]) for one in evidence} == {("excluded", "acting")}
    assert company.figure("commitment_fulfilment", "2025Q2", f"person:{LIN}")["value"] == 100


def test_a_team_is_who_belonged_to_it_at_the_instant_that_decides(company: Company) -> None:
    company.at("2025-07-01")
    held_by_lin(company, promise(1, "2025-04-10"), promise(2, "2025-05-10"))
    company.person(LIN, MoveDepartment(department="west", since=on("2025-05-01")))
    east, west = (company.figure("commitment_fulfilment", "2025Q2", f"team:{code}") for code in ("east", "west"))
    assert (east["denominator"], west["denominator"]) == (1, 1)
    today = company.figure("commitment_fulfilment", "2025Q2", "team:west", attribution="current")
    assert today["denominator"] == 2
    weighed = company.figure("commitment_fulfilment", "2025Q2", "team:west", attribution="time_weighted")
    whole, west_of_it = on("2025-07-01") - on("2025-03-01 10:00"), on("2025-07-01") - on("2025-05-01")
    assert weighed["denominator"] == pytest.approx(2 * (west_of_it / whole), abs=1e-6)


def test_past_the_known_holidays_a_figure_is_provisional(company: Company) -> None:
    assert company.figure("weekly_call_compliance", "2025Q4")["provisional"] is False
    assert company.figure("weekly_call_compliance", "2026Q1")["provisional"] is True


def test_pages_of_evidence_stay_as_they_were_known_while_others_write(company: Company) -> None:
    company.at("2025-07-01")
    held_by_lin(company, *(promise(no, "2025-04-10") for no in range(5)))
    question = {"period": "2025Q2", "scope": "company", "limit": 3}
    path = "kpis/commitment_fulfilment/evidence"
    first = company.api.ask(path, **question)
    company.customer(HUADONG, kept(4, "2025-04-09"))
    second = company.api.ask(path, after=first["next"], **question)
    assert [len(first["events"]), len(second["events"]), second["next"]] == [3, 2, None]
    assert {one["outcome"] for one in (*first["events"], *second["events"])} == {"missed"}
    assert second["known_position"] == first["known_position"]
    for wrong in (
        {"after": "x"},
        {"after": first["next"].replace(" 2025-04", " 2025-13", 1)},
        {"after": first["next"].replace("commitment:", "promise ", 1)},
        {"after": first["next"].replace(f"commitment:{commitment(2)}/1", "commitment")},
        {"after": " ".join((part if index != 1 else "-") for index, part in enumerate(first["next"].split()))},
        {"after": first["next"], "known_position": 1},
        {"after": first["next"], "known_at": "2025-07-01T00:00:00Z"},
    ):
        answer = company.api.get(path, **question, **wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor.invalid")


def test_what_each_kpi_is_can_be_read(company: Company) -> None:
    definitions = company.api.get("kpis").json()["kpis"]
    assert [one["code"] for one in definitions] == [
        "commitment_fulfilment",
        "complaints_resolved_in_time",
        "face_to_face_compliance",
        "satisfaction",
        "weekly_call_compliance",
    ]
    for one in definitions:
        assert one["definition_version"] == (1 if one["code"].endswith("compliance") else 2)
        assert (one["target"], one["direction"]) == (None, "higher")
        assert one["population_en"]
        assert one["population_zh"].endswith("。")
        figure = company.figure(one["code"], "2025Q2")
        named = figure["definition_version"], figure["attribution"]
        assert named == (one["definition_version"], one["attribution"])


BAD_QUESTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("sales_growth", {"period": "2025Q2"}, "kpi.unknown"),
    ("satisfaction", {"period": "2025Q5"}, "period.invalid"),
    ("satisfaction", {"period": "2025-13"}, "period.invalid"),
    ("satisfaction", {"period": "1900"}, "period.invalid"),
    ("satisfaction", {"period": "２０２５"}, "period.invalid"),
    ("satisfaction", {"period": "2025Q2", "scope": "team"}, "scope.invalid"),
    ("satisfaction", {"period": "2025Q2", "scope": "tier:third"}, "scope.invalid"),
    ("satisfaction", {"period": "2025Q2", "scope": "person:林静"}, "scope.invalid"),
    ("satisfaction", {"period": "2025Q2", "attribution": "at_lunch"}, "rule.unknown"),
    ("satisfaction", {"period": "2025Q2", "definition_version": 3}, "kpi.version-unknown"),
    ("weekly_call_compliance", {"period": "2025Q2", "definition_version": 2}, "kpi.version-unknown"),
    ("satisfaction", {}, "request.invalid"),
    ("satisfaction", {"period": "2025Q2", "known_position": 10**9}, "position.unknown"),
    (
        "satisfaction",
        {"period": "2025Q2", "known_position": 1, "known_at": "2025-07-01T00:00:00Z"},
        "query.invalid",
    ),
]


@pytest.mark.parametrize("path", ["", "/evidence"])
def test_what_cannot_be_asked_is_told(company: Company, path: str) -> None:
    told = []
    for code, parameters, _ in BAD_QUESTIONS:
        answer = company.api.get(f"kpis/{code}{path}", **parameters)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.status_code == 422
        told.append((code, parameters, answer.json()["code"]))
    assert told == BAD_QUESTIONS
    unknown = company.api.get(f"kpis/sales_growth{path}", period="2025Q2").json()
    assert "commitment_fulfilment" in unknown["detail"]
    assert unknown["field"] == "code"


def test_before_any_cadence_was_in_force_nothing_is_required() -> None:
    edition = {"edition": 1, "since": on("2025-03-01"), "event": number(1), "content": {"rules": []}}
    rules = Rules(CALENDAR, number(2), [edition], "calls_per_week")
    assert rules.required("vip", on("2025-02-28")) is None
    assert rules.required("vip", on("2025-03-01")) is None
