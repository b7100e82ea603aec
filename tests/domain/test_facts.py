"""Whatever was recorded can be put right, with a reason: the item is told again with the truth in the old place."""

from typing import Any

import pytest

from aggregates.facts import is_remembered
from commands.customer.commitments import FulfilCommitment, MakeCommitment
from commands.customer.complaints import StartWaitingOnCustomer
from commands.facts import CorrectFact, WithdrawFact
from commands.person.directory import DeactivatePerson
from commands.responsibility import AcceptHandover, ProposeHandover
from events.base import Event
from events.catalogue import CATALOGUE
from events.customer.commitments import CommitmentFellDue, CommitmentFulfilled, CommitmentRescheduled
from events.customer.complaints import (
    ComplaintAssigned,
    ComplaintEscalated,
    ComplaintReceived,
    ComplaintResolved,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
)
from events.customer.satisfaction import Server
from events.customer.tier import TierAssigned
from events.customer.visits import VisitRecorded
from events.facts import FactCorrected, FactWithdrawn
from events.person.directory import PersonDeactivated
from events.project.acceptance import AcceptanceRequested, SelfCheckPassed
from events.responsibility import (
    DelegationGranted,
    HandoverProposed,
    ResponsibilityCorrected,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import EventId, HandoverId, VisitId
from tests.domain.given import Scenario, given_customer, given_person, given_project, registered
from tests.domain.people import CHEN, LIN, NOW, QIAN, WANG, ZHOU, number, on
from tests.domain.test_satisfaction import answered
from tests.domain.words import assigned, assignment, commitment, complaint, delegated, ended, made, received

DUE = "2025-04-01"
MADE, FULFILLED = 2, 3
VISIT = VisitRecorded(
    visit_id=VisitId(number(7001)),
    visited_at=on("2025-03-05 14:00"),
    channel="face_to_face",
    our_attendees=(LIN,),
    customer_attendees=("孙经理",),
    purpose=None,
    content="看样机",
    feedback=None,
)
KEPT = CommitmentFulfilled(commitment_id=commitment(1), fulfilled_at=on("2025-03-08"))
FELL_DUE = CommitmentFellDue(commitment_id=commitment(1), due_at=on(DUE))
HANDOVER = HandoverId(number(5001))
LATER = on("2025-05-01")


def correct(event: EventId, reason: str = "核对邮件后更正", **values: Any) -> CorrectFact:
    return CorrectFact(event=event, values=values, reason=reason)


def withdraw(event: EventId) -> WithdrawFact:
    return WithdrawFact(event=event, reason="录错客户")


def corrected(scenario: Scenario, version: int, truth: Event, *history: int) -> FactCorrected:
    """How an event of the scenario truly was."""
    return FactCorrected(
        corrects=scenario.event(version),
        version=version,
        item=truth.about_item,
        history=history or (version,),
        fact=truth.event_name,
        shape=truth.class_version,
        truth=truth.model_dump(mode="json"),
    )


def withdrawn(scenario: Scenario, version: int, *history: int) -> FactWithdrawn:
    """That an event of the scenario should never have been recorded."""
    event = scenario.history[version - 1]
    return FactWithdrawn(
        corrects=scenario.event(version),
        version=version,
        item=event.about_item,
        history=history or (version,),
        fact=event.event_name,
    )


def said(event: Event, **values: Any) -> Event:
    return type(event).model_validate({**event.model_dump(), **values})


# Promises


def test_a_wrong_day_of_fulfilment_is_put_right() -> None:
    kept = given_customer(made(1, DUE), KEPT)
    right = said(KEPT, fulfilled_at=on("2025-03-06"))
    after = kept.when(correct(kept.event(FULFILLED), fulfilled_at="2025-03-06T00:00:00+08:00")).then(
        corrected(kept, FULFILLED, right, MADE, FULFILLED)
    )
    after.when(FulfilCommitment(commitment_id=commitment(1), fulfilled_at=on("2025-03-06"))).nothing()


def test_a_fulfilment_that_never_was_is_withdrawn_and_the_promise_is_open_again() -> None:
    kept = given_customer(made(1, DUE), KEPT)
    after = kept.when(withdraw(kept.event(FULFILLED))).then(withdrawn(kept, FULFILLED, MADE, FULFILLED))
    again = FulfilCommitment(commitment_id=commitment(1), fulfilled_at=on("2025-03-09"))
    after.when(again).then(said(KEPT, fulfilled_at=on("2025-03-09")))


def test_the_rules_of_the_item_hold_for_what_is_put_right() -> None:
    kept = given_customer(made(1, DUE), KEPT)
    kept.when(correct(kept.event(FULFILLED), fulfilled_at="2024-01-01T00:00:00+08:00")).refused(
        "commitment.fulfilled-before-made", "values.fulfilled_at"
    )
    kept.when(withdraw(kept.event(MADE))).refused("commitment.unknown", "event")


def test_what_a_process_noted_is_withdrawn_when_it_does_not_follow_any_more() -> None:
    due = given_customer(made(1, DUE), FELL_DUE).at(LATER)
    right = said(due.history[1], due_at=on("2025-06-01"))
    due.when(correct(due.event(MADE), due_at="2025-06-01T00:00:00+08:00")).then(
        withdrawn(due, 3, MADE, 3), corrected(due, MADE, right, MADE, 3)
    )


def test_a_promise_that_was_never_made_takes_what_a_process_noted_of_it_along() -> None:
    due = given_customer(made(1, DUE), FELL_DUE).at(LATER)
    due.when(withdraw(due.event(MADE))).then(withdrawn(due, 3, MADE, 3), withdrawn(due, MADE, MADE, 3))


def test_what_follows_from_a_fact_is_put_right_with_it() -> None:
    moved = CommitmentRescheduled(
        commitment_id=commitment(1),
        due_at=on("2025-05-01"),
        previous_due_at=on(DUE),
        agreed=True,
        rescheduled_at=NOW,
    )
    twice = given_customer(made(1, DUE), moved)
    right = said(twice.history[1], due_at=on("2025-04-02"))
    twice.when(correct(twice.event(MADE), due_at="2025-04-02T00:00:00+08:00")).then(
        corrected(twice, MADE, right, MADE, 3),
        corrected(twice, 3, said(moved, previous_due_at=on("2025-04-02")), MADE, 3),
    )


# Complaints


def test_a_wrong_severity_is_put_right_with_the_clocks_that_it_starts() -> None:
    high = given_customer(received(1))
    (event,) = high.when(correct(high.event(2), severity="medium")).events
    assert isinstance(event, FactCorrected)
    truth = ComplaintReceived.model_validate(event.truth)
    assert (truth.severity, truth.service_level.resolution_minutes) == ("medium", 1440)
    assert truth.first_response_due_at == on("2025-03-10 14:00")
    assert truth.resolution_due_at == on("2025-03-12 18:00")


def test_a_wrong_time_of_waiting_moves_every_due_time_after_it() -> None:
    waited = given_customer(
        received(1),
        WaitingOnCustomerStarted(complaint_id=complaint(1), at=on("2025-03-10 11:00")),
        WaitingOnCustomerStopped(
            complaint_id=complaint(1), at=on("2025-03-10 15:00"), resolution_due_at=on("2025-03-12 12:00")
        ),
        ComplaintResolved(
            complaint_id=complaint(1),
            at=on("2025-03-10 16:00"),
            solution="更换",
            resolution_due_at=on("2025-03-12 12:00"),
        ),
    ).at(LATER)
    events = waited.when(correct(waited.event(4), at="2025-03-10T14:00:00+08:00")).events
    assert [(type(one), getattr(one, "version", None)) for one in events] == [(FactCorrected, 4), (FactCorrected, 5)]
    assert {str(one.truth["resolution_due_at"]) for one in events if isinstance(one, FactCorrected)} == {
        "2025-03-12T03:00:00Z"
    }


def test_what_was_escalated_for_a_clock_that_did_not_run_out_is_withdrawn() -> None:
    ran_out = ComplaintEscalated(
        complaint_id=complaint(1), at=on("2025-03-11 18:00"), clock="resolution", to_person=None
    )
    late = given_customer(received(1), ran_out).at(LATER)
    events = late.when(correct(late.event(2), severity="medium")).events
    assert [type(one) for one in events] == [FactWithdrawn, FactCorrected]


def test_a_complaint_is_not_handed_to_a_stranger_in_hindsight() -> None:
    handed = given_customer(
        received(1), ComplaintAssigned(complaint_id=complaint(1), person=LIN, department=None, at=NOW)
    )
    handed.when(correct(handed.event(3), person=str(number(199)))).refused("person.unknown", "values.person")


# Visits, answers, tiers, people, projects


def test_a_visit_is_put_right_and_taken_back() -> None:
    visited = given_customer(VISIT)
    right = said(VISIT, visited_at=on("2025-03-04 14:00"))
    after = visited.when(correct(visited.event(2), visited_at="2025-03-04T14:00:00+08:00")).then(
        corrected(visited, 2, right)
    )
    after.when(correct(after.event(2), content="看样机与报价")).then(
        corrected(after, 2, said(right, content="看样机与报价"), 2, 3)
    )
    visited.when(withdraw(visited.event(2))).then(withdrawn(visited, 2))


def test_a_visit_of_strangers_is_refused_in_hindsight_too() -> None:
    visited = given_customer(VISIT)
    visited.when(correct(visited.event(2), our_attendees=[str(number(199))])).refused(
        "person.unknown", "values.our_attendees"
    )


def test_who_served_is_pinned_anew_when_an_answer_was_given_at_another_time() -> None:
    served = given_customer(
        assigned(LIN, until="2025-02-01"), assigned(WANG, "2025-02-01", no=2), answered(at="2025-03-01 10:00")
    )
    (event,) = served.when(correct(served.event(4), answered_at="2025-01-15T10:00:00+08:00")).events
    assert isinstance(event, FactCorrected)
    server = Server(person=LIN, role="account_manager", assignment_id=assignment(1), acting=False)
    assert event.truth["served_by"] == [server.model_dump(mode="json")]


def test_a_wrong_tier_is_taken_back() -> None:
    vip = given_customer(TierAssigned(tier="first", since=on("2025-01-01")), TierAssigned(tier="vip", since=NOW))
    after = vip.when(withdraw(vip.event(3))).then(withdrawn(vip, 3, 2, 3))
    assert after.state().tier.at(NOW) == "first"  # type: ignore[union-attr]


def test_a_wrong_leaving_date_is_put_right_and_whoever_never_left_is_back() -> None:
    left = given_person(LIN, registered(LIN), PersonDeactivated(since=on("2025-03-01"))).at(LATER)
    right = PersonDeactivated(since=on("2025-03-31"))
    left.when(correct(left.event(2), since="2025-03-31T00:00:00+08:00")).then(corrected(left, 2, right, 1, 2))
    after = left.when(withdraw(left.event(2))).then(withdrawn(left, 2, 1, 2))
    after.when(DeactivatePerson(since=on("2025-04-30"))).then(PersonDeactivated(since=on("2025-04-30")))


def test_steps_stay_in_their_order() -> None:
    asked = given_project(SelfCheckPassed(at=on("2025-03-01")), AcceptanceRequested(at=on("2025-03-05")))
    asked.when(correct(asked.event(2), at="2025-03-06T00:00:00+08:00")).refused(
        "acceptance.before-last-step", "values.at"
    )
    asked.when(withdraw(asked.event(2))).refused("acceptance.out-of-order", "event", stage="none")
    asked.when(correct(asked.event(3), at="2025-03-04T00:00:00+08:00")).then(
        corrected(asked, 3, AcceptanceRequested(at=on("2025-03-04")), 2, 3)
    )


# Responsibility


def test_an_assignment_is_put_right_by_its_own_correction() -> None:
    wrong = given_customer(assigned(LIN))
    right = ResponsibilityCorrected(
        assignment_id=assignment(1), corrects=wrong.event(2), person=WANG, since=on("2025-01-01"), until=None
    )
    wrong.when(correct(wrong.event(2), person=str(WANG))).then(right)
    wrong.when(withdraw(wrong.event(2))).then(
        ResponsibilityWithdrawn(assignment_id=assignment(1), corrects=wrong.event(2))
    )
    wrong.when(correct(wrong.event(2), role="team_lead")).refused("fact.field-fixed", "values.role")
    wrong.when(correct(wrong.event(2), since="yesterday")).refused("fact.value-invalid", "values.since")
    wrong.when(correct(wrong.event(2), until="2024-01-01T00:00:00+08:00")).refused("interval.inverted", "values.until")


def test_a_text_that_nobody_may_say_any_more_stands_until_it_is_put_right() -> None:
    old = said(VISIT, content="看\u202e样机")
    recorded = given_customer(old)
    recorded.when(correct(recorded.event(2), channel="video")).then(corrected(recorded, 2, said(old, channel="video")))
    recorded.when(correct(recorded.event(2), feedback="\u202e好")).refused("fact.value-invalid", "values.feedback")


def test_a_day_that_nobody_means_is_no_truth() -> None:
    known = given_customer()
    known.when(correct(known.event(1), registered_on="1800-01-01")).refused(
        "fact.value-invalid", "values.registered_on"
    )


def test_an_end_that_never_came_is_taken_back() -> None:
    over = given_customer(assigned(LIN), ended(1, "2025-04-01"))
    reopened = ResponsibilityCorrected(
        assignment_id=assignment(1), corrects=over.event(3), person=LIN, since=on("2025-01-01"), until=None
    )
    over.when(withdraw(over.event(3))).then(reopened)


def test_a_wrong_delegation_is_put_right_within_its_assignment() -> None:
    acting = given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01"))
    right = said(acting.history[2], to_person=ZHOU)
    acting.when(correct(acting.event(3), to_person=str(ZHOU))).then(corrected(acting, 3, right, 2, 3))
    acting.when(correct(acting.event(3), to_person=str(LIN))).refused("delegation.to-oneself", "values.to_person")
    acting.when(correct(acting.event(3), since="2024-04-01T00:00:00+08:00")).refused(
        "delegation.outside-assignment", "values.since"
    )
    after = acting.when(withdraw(acting.event(3))).then(withdrawn(acting, 3, 2, 3))
    again = after.when(withdraw(after.event(3)))
    assert again.events == ()


def test_nobody_comes_to_act_for_themselves() -> None:
    acting = given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01"))
    acting.when(correct(acting.event(2), person=str(WANG))).refused("delegation.to-oneself", "values.person")


def test_a_handover_has_no_correction_of_its_own() -> None:
    proposal = HandoverProposed(
        handover_id=HANDOVER,
        assignment_id=assignment(1),
        from_person=LIN,
        to_person=WANG,
        effective_at=on("2025-04-01"),
        inventory=(),
    )
    proposed = given_customer(assigned(LIN), proposal)
    proposed.when(withdraw(proposed.event(3))).refused("fact.handover", "event")


def test_a_handover_in_the_past_needs_a_reason() -> None:
    propose = ProposeHandover(
        handover_id=HANDOVER, assignment_id=assignment(1), to_person=WANG, effective_at=on("2025-01-15")
    )
    given_customer(assigned(LIN)).when(propose).refused("reason.required", "effective_at")
    with_reason = propose.model_copy(update={"reason": "补录一月的交接"})
    proposal = HandoverProposed(
        handover_id=HANDOVER,
        assignment_id=assignment(1),
        from_person=LIN,
        to_person=WANG,
        effective_at=on("2025-01-15"),
        inventory=(),
        retroactive=True,
    )
    after = given_customer(assigned(LIN)).when(with_reason).then(proposal)
    assert after.when(AcceptHandover(handover_id=HANDOVER)).refusal is None
    given_customer(assigned(LIN)).imported().when(propose).then(proposal)


def test_a_handover_that_is_accepted_long_after_it_was_to_take_effect_needs_a_reason() -> None:
    proposal = HandoverProposed(
        handover_id=HANDOVER,
        assignment_id=assignment(1),
        from_person=LIN,
        to_person=WANG,
        effective_at=on("2025-04-01"),
        inventory=(),
    )
    waiting = given_customer(assigned(LIN), proposal).at(on("2025-06-30"))
    waiting.when(AcceptHandover(handover_id=HANDOVER)).refused("reason.required", "handover_id")
    assert waiting.when(AcceptHandover(handover_id=HANDOVER, reason="休假归来补认")).refusal is None


# What may not be put right


def test_what_nobody_recorded_is_not_put_right() -> None:
    kept = given_customer(made(1, DUE), KEPT)
    kept.when(correct(EventId(number(1)), fulfilled_at="2025-03-06T00:00:00+08:00")).refused("fact.unknown", "event")


def test_a_correction_is_not_corrected_but_the_fact_is_again() -> None:
    kept = given_customer(made(1, DUE), KEPT)
    right = said(KEPT, fulfilled_at=on("2025-03-06"))
    after = kept.when(correct(kept.event(FULFILLED), fulfilled_at="2025-03-06T00:00:00+08:00")).then(
        corrected(kept, FULFILLED, right, MADE, FULFILLED)
    )
    after.when(withdraw(after.event(4))).refused("fact.correction-of-correction", "event")
    after.when(correct(after.event(FULFILLED), fulfilled_at="2025-03-07T00:00:00+08:00")).then(
        corrected(after, FULFILLED, said(KEPT, fulfilled_at=on("2025-03-07")), MADE, FULFILLED, 4)
    )


def test_what_was_withdrawn_is_not_corrected_and_not_withdrawn_twice() -> None:
    kept = given_customer(made(1, DUE), KEPT)
    after = kept.when(withdraw(kept.event(FULFILLED))).then(withdrawn(kept, FULFILLED, MADE, FULFILLED))
    after.when(withdraw(after.event(FULFILLED))).nothing()
    after.when(correct(after.event(FULFILLED), fulfilled_at="2025-03-06T00:00:00+08:00")).refused(
        "fact.withdrawn", "event"
    )


def test_what_a_ledger_was_opened_with_is_corrected_and_stays() -> None:
    opened = given_customer()
    right = said(opened.history[0], region="华北")
    opened.when(correct(opened.event(1), region="华北")).then(corrected(opened, 1, right))
    opened.when(withdraw(opened.event(1))).refused("fact.opens-stream", "event")


def test_ids_and_unknown_fields_are_not_corrected() -> None:
    kept = given_customer(made(1, DUE), KEPT)
    kept.when(correct(kept.event(FULFILLED), commitment_id=str(commitment(2)))).refused(
        "fact.field-fixed", "values.commitment_id"
    )
    kept.when(correct(kept.event(FULFILLED), amount=7)).refused("fact.value-invalid", "values.amount")


def test_what_follows_by_rule_is_said_by_nobody() -> None:
    high = given_customer(received(1))
    high.when(correct(high.event(2), resolution_due_at="2025-03-12T00:00:00+08:00")).refused(
        "fact.field-fixed", "values.resolution_due_at"
    )


@pytest.mark.parametrize(("minutes", "taken"), [(4, True), (6, False)])
def test_a_fact_lies_in_the_future_by_minutes_at_most(minutes: int, *, taken: bool) -> None:
    ahead = NOW.replace(minute=minutes)
    promised = given_customer(made(1, DUE), received(1)).at(NOW)
    kept = promised.when(FulfilCommitment(commitment_id=commitment(1), fulfilled_at=ahead))
    waits = promised.when(StartWaitingOnCustomer(complaint_id=complaint(1), at=ahead))
    if taken:
        assert (kept.refusal, waits.refusal) == (None, None)
    else:
        kept.refused("fact.in-the-future", "fulfilled_at")
        waits.refused("fact.in-the-future", "at")
    right = given_customer(made(1, DUE), KEPT).at(NOW)
    putting_right = right.when(correct(right.event(FULFILLED), fulfilled_at=ahead.isoformat()))
    if taken:
        assert putting_right.refusal is None
    else:
        putting_right.refused("fact.in-the-future", "values.fulfilled_at")


def test_nothing_is_decided_in_the_future() -> None:
    made_ahead = MakeCommitment(
        commitment_id=commitment(1), text="样机", due_at=on("2025-06-01"), by="us", occurred_at=on("2025-05-01")
    )
    given_customer().at(NOW).when(made_ahead).refused("fact.in-the-future", "occurred_at")


def test_what_is_said_once_is_not_remembered_in_full() -> None:
    assert not is_remembered(VISIT)
    assert is_remembered(KEPT)
    assert {
        event.about for event in CATALOGUE.values() if event.about and event.about.once and not event.opens
    } == set()


@pytest.mark.parametrize("person", [CHEN, QIAN])
def test_a_delegation_does_not_reach_beyond_the_day_the_delegate_leaves(person: Any) -> None:
    acting = given_customer(assigned(LIN), delegated(1, WANG, "2025-05-01", "2025-07-01"))
    outcome = acting.when(correct(acting.event(3), to_person=str(person)))
    if person == QIAN:
        outcome.refused("person.leaves-before", "event")
    else:
        assert isinstance(outcome.events[0], FactCorrected)
    assert isinstance(acting.history[2], DelegationGranted)
