"""Duties of either side are performed, breached and cured; what is lost waiting on the customer is not ours."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from aggregates import decider
from aggregates.customer.state import Customer
from commands.customer.obligations import (
    CureBreach,
    DeclareBreach,
    RecordObligationFellDue,
    RecordPerformance,
    StartObligationWaiting,
    StopObligationWaiting,
)
from commands.facts import CorrectFact, WithdrawFact
from commands.responsibility import AcceptHandover, AssignResponsibility, ProposeHandover
from events.base import Event
from events.customer.obligations import (
    BreachCured,
    BreachDeclared,
    ObligationFellDue,
    ObligationPerformed,
    ObligationWaitingStarted,
    ObligationWaitingStopped,
)
from events.facts import FactCorrected, FactWithdrawn
from events.responsibility import HandoverProposed, InventoryItem, ResponsibilityAssigned
from events.vocabulary.identifiers import SELF, HandoverId
from tests.domain.given import Scenario, given_customer
from tests.domain.people import LIN, QIAN, WANG, ZHOU, number, on
from tests.domain.words import about, assigned, assignment, obligation, signed, undertaken

DUE = "2025-04-01"
SUBJECT = about("obligation", obligation(1))
ONE: Any = {"obligation_id": obligation(1)}


def given(*history: Event) -> Scenario:
    """A contract was signed (event 2) with one duty (event 3)."""
    return given_customer(signed(), undertaken(1, DUE), *history)


def wait(at: str) -> StartObligationWaiting:
    return StartObligationWaiting(**ONE, at=on(at))


def go_on(at: str) -> StopObligationWaiting:
    return StopObligationWaiting(**ONE, at=on(at))


def performed(at: str, measured: str | None = "99.7") -> ObligationPerformed:
    return ObligationPerformed(**ONE, at=on(at), measured=None if measured is None else Decimal(measured), content=None)


def perform(at: str) -> RecordPerformance:
    return RecordPerformance(**ONE, at=on(at), measured=Decimal("99.7"))


def breach(at: str, cure_by: str | None = "2025-05-01") -> DeclareBreach:
    return DeclareBreach(**ONE, at=on(at), content="可用率 98.9%", cure_due_at=on(cure_by) if cure_by else None)


def breached(at: str, cure_by: datetime | None = None) -> BreachDeclared:
    return BreachDeclared(**ONE, at=on(at), content="可用率 98.9%", cure_due_at=cure_by or on("2025-05-01"))


WAITING = ObligationWaitingStarted(**ONE, at=on("2025-03-10"))
FELL_DUE = ObligationFellDue(**ONE, due_at=on(DUE))


def test_a_duty_is_done() -> None:
    given().when(perform("2025-03-31")).then(performed("2025-03-31"))


def test_days_that_the_customer_let_us_wait_are_added_to_the_due_time() -> None:
    went_on = ObligationWaitingStopped(**ONE, at=on("2025-03-13"), due_at=on("2025-04-04"))
    given().when(wait("2025-03-10")).then(WAITING).when(go_on("2025-03-13")).then(went_on)


def test_what_was_late_before_we_waited_stays_late() -> None:
    late = given(ObligationWaitingStarted(**ONE, at=on("2025-04-02")))
    late.when(go_on("2025-04-05")).then(ObligationWaitingStopped(**ONE, at=on("2025-04-05"), due_at=on(DUE)))


def test_a_breach_is_declared_and_made_good() -> None:
    cure = CureBreach(**ONE, at=on("2025-04-20"), content="更换控制柜")
    given().when(breach("2025-04-03")).then(breached("2025-04-03")).when(cure).then(
        BreachCured(**ONE, at=on("2025-04-20"), content="更换控制柜")
    )


def test_steps_come_in_an_order_that_makes_sense() -> None:
    done = given(performed("2025-03-31"))
    done.when(breach("2025-04-03")).refused("obligation.out-of-order", "obligation_id", obligation_status="performed")
    given(WAITING).when(perform("2025-03-09")).refused("obligation.before-last-step", "at")
    given().when(breach("2025-05-02")).refused("interval.inverted", "cure_due_at")
    given_customer(signed()).when(perform("2025-03-31")).refused("obligation.unknown", "obligation_id")


def test_a_duty_that_is_still_open_falls_due() -> None:
    record = RecordObligationFellDue(**ONE, due_at=on(DUE), occurred_at=on(DUE))
    given().at(on("2025-04-02")).when(record).then(FELL_DUE)
    given().at(on("2025-03-31")).when(record.model_copy(update={"occurred_at": None})).nothing()
    given(performed(DUE)).at(on("2025-04-02")).when(record).nothing()
    given(performed("2025-04-03")).at(on("2025-04-04")).when(record).then(FELL_DUE)


def test_what_fell_due_is_recorded_once() -> None:
    late = on("2025-04-02")
    (due,) = decider.due(given().state(), late)
    assert due.at == on(DUE)
    given().at(late).when(due.command).then(FELL_DUE)
    assert decider.due(given(FELL_DUE).state(), late) == decider.due(given().state(), on("2025-03-31")) == []


def test_a_wrong_performance_is_put_right_and_taken_back() -> None:
    done = given(performed("2025-03-31"))
    (right,) = done.when(CorrectFact(event=done.event(4), values={"measured": "98.9"}, reason="报告更正")).events
    assert isinstance(right, FactCorrected)
    assert right.truth["measured"] == "98.9"
    (gone,) = done.when(WithdrawFact(event=done.event(4), reason="录错合同")).events
    assert isinstance(gone, FactWithdrawn)
    done.when(CorrectFact(event=done.event(4), values={"at": "2025-01-01T00:00:00+08:00"}, reason="更正")).refused(
        "obligation.before-last-step", "values.at"
    )


def test_a_wrong_due_time_or_owner_is_put_right() -> None:
    late = given(FELL_DUE).at(on("2025-04-02"))
    later = CorrectFact(event=late.event(3), values={"due_at": "2025-05-01T00:00:00+08:00"}, reason="合同为五月")
    assert [type(one) for one in late.when(later).events] == [FactWithdrawn, FactCorrected]
    early = CorrectFact(event=late.event(3), values={"due_at": "2025-01-01T00:00:00+08:00"}, reason="更正")
    late.when(early).refused("obligation.due-before-undertaken", "values.due_at")
    late.when(CorrectFact(event=late.event(3), values={"owner": str(number(199))}, reason="更正")).refused(
        "person.unknown", "values.owner"
    )


def test_a_duty_that_was_never_undertaken_leaves_nothing_behind() -> None:
    once = given(performed("2025-03-31"))
    once.when(WithdrawFact(event=once.event(3), reason="录错合同")).refused("obligation.unknown", "event")
    never = given().when(WithdrawFact(event=given().event(3), reason="录错合同"))
    assert isinstance(never.events[0], FactWithdrawn)


@pytest.mark.parametrize(("owner", "listed"), [(LIN, True), (WANG, False)])
def test_a_handover_takes_the_duties_along_that_the_leaver_sees_to(owner: Any, *, listed: bool) -> None:
    held = given_customer(assigned(LIN), signed(), undertaken(1, DUE, owner=owner))
    handover = HandoverId(number(5001))
    propose = ProposeHandover(
        handover_id=handover, assignment_id=assignment(1), to_person=QIAN, effective_at=on("2025-03-20")
    )
    assert propose.to_person == QIAN
    (proposal,) = held.when(propose.model_copy(update={"to_person": number(104)})).events
    assert isinstance(proposal, HandoverProposed)
    item = InventoryItem(item=about("obligation", obligation(1)), due_at=on(DUE), overdue=False)
    assert proposal.inventory == ((item,) if listed else ())


@pytest.mark.parametrize("next_one", [None, "2025-06-01"])
def test_a_handover_gives_a_duty_to_the_successor_and_leaves_it_what_it_was(next_one: str | None) -> None:
    later = [assigned(LIN, next_one, no=7, subject=SUBJECT)] if next_one else []
    held = given_customer(assigned(LIN), signed(), undertaken(1, DUE), breached("2025-03-10"), *later)
    handover = HandoverId(number(5001))
    propose = ProposeHandover(
        handover_id=handover, assignment_id=assignment(1), to_person=WANG, effective_at=on("2025-03-20")
    )
    proposed = held.when(propose)
    accepted = proposed.then(*proposed.events).when(AcceptHandover(handover_id=handover))
    taken = accepted.events[-1]
    assert isinstance(taken, ResponsibilityAssigned)
    assert (taken.subject, taken.person, taken.since) == (SUBJECT, WANG, on("2025-03-20"))
    assert taken.until == (on(next_one) if next_one else None)
    state = accepted.then(*accepted.events).state()
    assert isinstance(state, Customer)
    assert state.obligations[obligation(1)].status == "breached"


def test_a_handover_leaves_a_duty_to_whom_it_was_assigned() -> None:
    held = given_customer(assigned(LIN), signed(), undertaken(1, DUE), assigned(ZHOU, no=7, subject=SUBJECT))
    handover = HandoverId(number(5001))
    propose = ProposeHandover(
        handover_id=handover, assignment_id=assignment(1), to_person=WANG, effective_at=on("2025-03-20")
    )
    proposed = held.when(propose)
    accepted = proposed.then(*proposed.events).when(AcceptHandover(handover_id=handover))
    assert [one.subject for one in accepted.events if isinstance(one, ResponsibilityAssigned)] == [SELF]


def test_somebody_is_assigned_to_a_duty() -> None:
    subject = about("obligation", obligation(1))
    order = AssignResponsibility(
        assignment_id=assignment(1),
        subject=subject,
        role="technical_support",
        person=WANG,
        involvement="responsible",
        since=on("2025-02-01"),
    )
    given().when(order).then(
        assigned(WANG, "2025-02-01", role="technical_support", subject=subject, involvement="responsible")
    )
