"""A handover in the past says which figures it moves, and these then move and no others."""

from collections import Counter
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from aggregates.refusal import Refused
from aggregates.responsibility.handovers import successor
from commands.customer.complaints import AssignComplaint, ResolveComplaint
from commands.responsibility import AcceptHandover, DeclineHandover, ProposeHandover
from events.responsibility import HandoverProposed
from events.vocabulary.identifiers import AssignmentId, CustomerId, HandoverId, PersonId, Subject
from projections.kpis.definitions import DEFINITIONS
from projections.kpis.periods import period
from projections.kpis.scopes import Scope
from services.questions.kpi_cases import Asked, Facts
from tests.domain.people import HUADONG, LIN, WANG, ZHOU, number, on
from tests.domain.words import about, assign, assignment, commitment, complaint
from tests.kpis.company import Company
from tests.kpis.history import History
from tests.kpis.test_figures import answered, called, complained, in_tier, kept, promise

MONTHS = [f"2024-{month:02}" for month in range(6, 13)] + [f"2025-{month:02}" for month in range(1, 13)]
Charged = dict[tuple[str, str, str], Fraction]
"""KPI, month and case → how much of it somebody is charged with."""


def charged(company: Company, person: PersonId) -> Charged:
    """All that somebody is charged with under the rules of the KPIs."""
    views = company.zeren.views
    moment = views.moment(at_least=company.zeren.ledger.size())
    return {
        (code, month, one.case.key): one.weight
        for code, kpi in DEFINITIONS.items()
        for month in MONTHS
        for one in Facts(
            views, Asked(kpi, period(month), Scope("person", str(person)), "", kpi.attribution), moment
        ).weighed()
        if one.case.score is not None and one.weight
    }


def propose(company: Company, at: str, *, of: int = 1, to: PersonId = WANG, no: int = 1) -> HandoverProposed:
    """A handover is proposed; what was recorded of it."""
    handover = HandoverId(number(5000 + no))
    command = ProposeHandover(
        handover_id=handover, assignment_id=assignment(of), to_person=to, effective_at=on(at), reason="补录交接"
    )
    return proposed(company, HUADONG, command)


def proposed(company: Company, customer: CustomerId, command: ProposeHandover) -> HandoverProposed:
    outcome = company.customer(customer, command)
    (event,) = [one.event for one in company.zeren.ledger.read(outcome.position - 1, 1)]
    assert isinstance(event, HandoverProposed)
    return event


def said(event: HandoverProposed) -> dict[tuple[str, str], int]:
    """KPI and month → cases."""
    assert event.moves is not None
    assert all(one.definition_version == DEFINITIONS[one.kpi].version for one in event.moves.figures)  # type: ignore[index]
    found = {(one.kpi, one.period): one.cases for one in event.moves.figures}
    assert len(found) == len(event.moves.figures)
    return found


def moved(before: Charged, after: Charged) -> dict[tuple[str, str], int]:
    """KPI and month → the cases of which somebody is charged with less than before."""
    return dict(
        Counter(
            (kpi, month) for (kpi, month, case), share in before.items() if after.get((kpi, month, case), 0) < share
        )
    )


def test_a_handover_in_the_past_says_what_then_moves(company: Company) -> None:
    company.at("2025-05-06 10:00").registered(HUADONG)
    company.customer(HUADONG, in_tier("vip"))
    company.customer(HUADONG, assign(LIN, "2024-06-01"))
    for no, due in enumerate(("2025-02-20 18:00", "2025-03-12 18:00", "2025-03-20 18:00", "2025-04-02 18:00"), 1):
        company.customer(HUADONG, promise(no, due, at="2025-01-10 10:00"))
    company.customer(HUADONG, kept(1, "2025-02-18 10:00"))
    company.customer(HUADONG, promise(5, "2025-06-30 18:00", at="2025-01-10 10:00"))
    company.customer(HUADONG, promise(6, "2025-03-30 18:00", at="2025-01-10 10:00", by="customer"))
    company.customer(HUADONG, complained(1, "2025-02-27 10:00"))
    company.customer(HUADONG, complained(2, "2025-02-03 10:00"))
    company.customer(HUADONG, ResolveComplaint(complaint_id=complaint(2), at=on("2025-02-05 10:00"), solution="已修复"))
    company.customer(HUADONG, called(1, "2025-03-18 10:00"))
    company.customer(HUADONG, answered(1, "2025-03-20 10:00", quality=4))
    before, of_wang = charged(company, LIN), charged(company, WANG)
    event = propose(company, "2025-03-10 12:00")
    assert event.moves is not None
    assert event.moves.position == event_position(company) - 1
    found = said(event)
    assert found[("commitment_fulfilment", "2025-03")] == 2
    assert found[("commitment_fulfilment", "2025-04")] == 1
    assert found[("face_to_face_compliance", "2025-03")] == 1
    assert found[("weekly_call_compliance", "2025-03")] == 3
    # It was due before, and is open since: of the time until now a part is the successor's.
    assert found[("complaints_resolved_in_time", "2025-02")] == 1
    assert not any(kpi == "satisfaction" for kpi, _ in found)
    assert charged(company, LIN) == before
    company.customer(HUADONG, AcceptHandover(handover_id=event.handover_id))
    assert found == moved(before, charged(company, LIN))
    assert found == moved(charged(company, WANG), of_wang)
    before_figure = sum(
        share for (kpi, month, _), share in before.items() if (kpi, month) == ("commitment_fulfilment", "2025-03")
    )
    figure = company.figure("commitment_fulfilment", "2025-03", f"person:{LIN}")
    assert figure["denominator"] == before_figure - 2 == 0


def event_position(company: Company) -> int:
    return company.zeren.ledger.size()


def test_what_is_handed_over_of_one_item_moves_that_item_alone(company: Company) -> None:
    company.at("2025-05-06 10:00").registered(HUADONG)
    company.customer(HUADONG, assign(ZHOU, "2024-06-01", no=2))
    for no in (1, 2):
        company.customer(HUADONG, promise(no, "2025-04-02 18:00", at="2025-01-10 10:00"))
    item: Subject = about("commitment", commitment(1))
    company.customer(HUADONG, assign(LIN, "2025-01-10", subject=item, role="technical_support"))
    event = propose(company, "2025-03-10")
    assert said(event) == {("commitment_fulfilment", "2025-04"): 1}


def test_the_leavers_own_open_items_move_with_the_customer(company: Company) -> None:
    company.at("2025-05-06 10:00").registered(HUADONG)
    company.customer(HUADONG, assign(LIN, "2024-06-01"))
    for no, holder in enumerate((LIN, ZHOU, LIN), 1):
        item = about("commitment", commitment(no))
        company.customer(HUADONG, promise(no, "2025-04-02 18:00", at="2025-01-10 10:00"))
        company.customer(HUADONG, assign(holder, "2025-01-10", no=10 + no, subject=item, role="technical_support"))
    # What is kept before the handover is no longer open: it stays.
    company.customer(HUADONG, kept(3, "2025-03-05 10:00"))
    for no, person in ((1, LIN), (2, ZHOU)):
        company.customer(HUADONG, complained(no, "2025-03-04 10:00"))
        company.customer(
            HUADONG,
            AssignComplaint(complaint_id=complaint(no), person=person, department=None, at=on("2025-03-05 10:00")),
        )
    # What came later was not open yet: it stays.
    company.customer(HUADONG, complained(3, "2025-03-12 10:00"))
    later = AssignComplaint(complaint_id=complaint(3), person=LIN, department=None, at=on("2025-03-12 10:00"))
    company.customer(HUADONG, later)
    before = charged(company, LIN)
    event = propose(company, "2025-03-10")
    found = said(event)
    assert found[("commitment_fulfilment", "2025-04")] == 1
    assert found[("complaints_resolved_in_time", "2025-03")] == 1
    company.customer(HUADONG, AcceptHandover(handover_id=event.handover_id))
    assert found == moved(before, charged(company, LIN))


def test_a_handover_to_come_moves_nothing_that_was(company: Company) -> None:
    company.at("2025-05-06 10:00").registered(HUADONG)
    company.customer(HUADONG, assign(LIN, "2024-06-01"))
    assert propose(company, "2025-05-06 09:58").moves is None
    company.customer(HUADONG, DeclineHandover(handover_id=HandoverId(number(5001))))
    assert propose(company, "2025-06-01", no=2).moves is None


def test_a_handover_of_what_no_figure_is_about_moves_none(company: Company) -> None:
    company.at("2025-05-06 10:00").registered(HUADONG)
    company.customer(HUADONG, assign(LIN, "2024-06-01", role="team_lead"))
    company.customer(HUADONG, promise(1, "2025-04-02 18:00", at="2025-01-10 10:00"))
    assert said(propose(company, "2025-03-10")) == {}


@pytest.mark.parametrize("seed", [0, 3, 13])
def test_over_a_random_history_exactly_what_is_said_moves(company: Company, seed: int) -> None:
    history = History(company, seed)
    history.happen(days=140)
    told = 0
    for _ in range(600):
        held, handover = history.random.choice(list(history.assignments)), HandoverId(history.id())
        customer, command = history.assignments[held], handing_over(history, held, handover)
        try:
            event = proposed(company, customer, command)
        except Refused:
            continue
        if event.moves is None:
            continue
        before = charged(company, event.from_person)
        try:
            company.customer(customer, AcceptHandover(handover_id=handover))
        except Refused:
            continue
        assert said(event) == moved(before, charged(company, event.from_person)), (event, told)
        history.assignments[successor(handover, AssignmentId(held))] = customer
        told += bool(event.moves.figures)
        if told == 12:
            return
    raise AssertionError(f"only {told} handovers moved anything")


def handing_over(history: History, held: UUID, handover: HandoverId) -> ProposeHandover:
    said: dict[str, Any] = {"assignment_id": held, "to_person": history.person(), "effective_at": history.some(60, 0)}
    return ProposeHandover(handover_id=handover, reason="补录交接", **said)
