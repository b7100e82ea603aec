"""The life of an item, as rules and read models ask for it: what it was at every instant, and when it was late."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from events.base import Event
from events.customer.commitments import (
    CommitmentCorrected,
    CommitmentFellDue,
    CommitmentFulfilled,
    CommitmentRescheduled,
    CommitmentWaived,
)
from events.customer.complaints import (
    ComplaintAcknowledged,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintReopened,
    ComplaintResolved,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
)
from events.lives import Life, Step, fell_due, is_late, is_open, life_at, lives, steps
from events.project.acceptance import AcceptanceRecorded, RectificationOrdered, RectificationSubmitted
from events.vocabulary.identifiers import EventId
from events.vocabulary.items import ACCEPTANCE, COMMITMENT, COMPLAINT, FIRST_RESPONSE, HANDOVER, ItemKind, Turn
from events.vocabulary.values import ClockName, Outcome
from tests.domain.people import NOW, number, on
from tests.domain.words import commitment, complaint, made, received

TICK = timedelta(microseconds=1)
DUE = on("2025-03-20 18:00")
RESOLUTION = on("2025-03-11 18:00")
"""When the complaint that 华东机械 made on Monday at nine is to be resolved."""


def life(kind: ItemKind, *told: Event) -> list[Life]:
    """The life that some events tell, the first of which is the second of its stream; where one has no instant: now."""
    return lives(step for version, event in enumerate(told, 2) for of, step in steps(event, version, NOW) if of is kind)


def said(parts: list[Life]) -> list[tuple[str, datetime | None, datetime]]:
    """Status, due time and since when."""
    return [(part.status, part.due_at, part.since) for part in parts]


def late(kind: ItemKind, parts: list[Life], at: datetime) -> bool:
    return is_late(kind, life_at(parts, at), at)


def rescheduled(to: str, at: str, *, agreed: bool = True) -> CommitmentRescheduled:
    return CommitmentRescheduled(
        commitment_id=commitment(1), due_at=on(to), previous_due_at=DUE, agreed=agreed, rescheduled_at=on(at)
    )


def kept(at: str) -> CommitmentFulfilled:
    return CommitmentFulfilled(commitment_id=commitment(1), fulfilled_at=on(at))


def corrected(due_at: str) -> CommitmentCorrected:
    return CommitmentCorrected(
        commitment_id=commitment(1),
        corrects=EventId(number(9001)),
        text="两周内交付备件",
        due_at=on(due_at),
        by="us",
        promised_by=None,
        promised_to=None,
    )


def fell(due_at: datetime) -> CommitmentFellDue:
    return CommitmentFellDue(commitment_id=commitment(1), due_at=due_at)


def escalated(clock: ClockName | None, at: str) -> ComplaintEscalated:
    return ComplaintEscalated(complaint_id=complaint(1), at=on(at), clock=clock, to_person=None)


def waits(at: str) -> WaitingOnCustomerStarted:
    return WaitingOnCustomerStarted(complaint_id=complaint(1), at=on(at))


def goes_on(at: str, due_at: str) -> WaitingOnCustomerStopped:
    return WaitingOnCustomerStopped(complaint_id=complaint(1), at=on(at), resolution_due_at=on(due_at))


PROMISED = made(1, "2025-03-20 18:00")
COMPLAINED = received(1)


# Before, from and until


def test_nothing_was_before_anything_was_said() -> None:
    assert lives([]) == []
    assert life_at([], NOW) is None
    assert not is_open(COMMITMENT, None)
    assert not is_late(COMMITMENT, None, NOW)


def test_a_promise_begins_at_the_instant_at_which_it_was_made() -> None:
    parts = life(COMMITMENT, PROMISED)
    assert said(parts) == [("open", DUE, PROMISED.made_at)]
    assert life_at(parts, PROMISED.made_at - TICK) is None
    assert life_at(parts, PROMISED.made_at) == parts[0]
    assert parts[0].version == 2


def test_a_part_of_a_life_ends_where_the_next_begins() -> None:
    parts = life(COMMITMENT, PROMISED, kept("2025-03-18"))
    assert said(parts) == [("open", DUE, PROMISED.made_at), ("fulfilled", DUE, on("2025-03-18"))]
    assert (parts[0].until, parts[1].until) == (on("2025-03-18"), None)
    assert [part.covers(on("2025-03-18") - TICK) for part in parts] == [True, False]
    assert [part.covers(on("2025-03-18")) for part in parts] == [False, True]
    assert [part.covers(PROMISED.made_at - TICK) for part in parts] == [False, False]
    assert [part.covers(on("2035-01-01")) for part in parts] == [False, True]


def test_a_step_that_changes_nothing_begins_no_part() -> None:
    same = rescheduled("2025-03-20 18:00", "2025-03-15")
    assert said(life(COMMITMENT, PROMISED, same)) == [("open", DUE, PROMISED.made_at)]


def test_of_two_steps_at_one_instant_the_last_counts() -> None:
    parts = life(
        COMMITMENT,
        PROMISED,
        kept("2025-03-18"),
        CommitmentWaived(commitment_id=commitment(1), waived_at=on("2025-03-18"), excused_because=None),
    )
    assert said(parts) == [("open", DUE, PROMISED.made_at), ("waived", DUE, on("2025-03-18"))]
    assert parts[0].until == on("2025-03-18")


# Late


def test_at_the_due_instant_a_promise_is_due_and_a_microsecond_later_it_is_late() -> None:
    parts = life(COMMITMENT, PROMISED)
    assert not late(COMMITMENT, parts, DUE - TICK)
    assert not late(COMMITMENT, parts, DUE)
    assert late(COMMITMENT, parts, DUE + TICK)


def test_a_promise_that_was_kept_at_the_due_instant_was_never_late() -> None:
    parts = life(COMMITMENT, PROMISED, kept("2025-03-20 18:00"))
    assert list(fell_due(COMMITMENT, parts)) == []
    assert not late(COMMITMENT, parts, DUE + TICK)


def test_a_promise_that_was_kept_later_had_been_late() -> None:
    parts = life(COMMITMENT, PROMISED, kept("2025-03-21"))
    assert list(fell_due(COMMITMENT, parts)) == [(DUE, parts[0])]
    assert late(COMMITMENT, parts, on("2025-03-21") - TICK)
    assert not late(COMMITMENT, parts, on("2025-03-21"))


def test_an_open_promise_falls_due_whatever_the_time_is_now() -> None:
    parts = life(COMMITMENT, PROMISED)
    assert list(fell_due(COMMITMENT, parts)) == [(DUE, parts[0])]


def test_that_it_fell_due_is_noted_and_changes_nothing_else() -> None:
    (part,) = life(COMMITMENT, PROMISED, fell(DUE))
    assert part == replace(life(COMMITMENT, PROMISED)[0], noted=True)


def test_that_another_time_passed_is_no_note_of_this_one() -> None:
    parts = life(COMMITMENT, PROMISED, fell(DUE), rescheduled("2025-03-31", "2025-03-25"), fell(on("2025-03-30")))
    assert [part.noted for part in parts] == [True, False]


def test_an_escalation_notes_every_due_time_of_its_clock_up_to_then() -> None:
    parts = (COMPLAINED, escalated("resolution", "2025-03-11 18:00"))
    assert [part.noted for part in life(COMPLAINT, *parts)] == [True]
    assert [part.noted for part in life(FIRST_RESPONSE, *parts)] == [False]
    later = (COMPLAINED, escalated("first_response", "2025-03-10 12:00"))
    assert [part.noted for part in life(FIRST_RESPONSE, *later)] == [True]
    assert [part.noted for part in life(COMPLAINT, *later)] == [False]


def test_an_escalation_before_the_due_time_notes_nothing_and_neither_does_one_by_a_person() -> None:
    assert not life(COMPLAINT, COMPLAINED, escalated("resolution", "2025-03-11 17:59"))[0].noted
    assert list(steps(escalated(None, "2025-03-11 19:00"), 3, NOW)) == []


def test_what_is_answered_is_late_no_more() -> None:
    at = COMPLAINED.first_response_due_at
    parts = life(FIRST_RESPONSE, COMPLAINED)
    assert late(FIRST_RESPONSE, parts, at + TICK)
    answered = life(FIRST_RESPONSE, COMPLAINED, ComplaintAcknowledged(complaint_id=complaint(1), at=at))
    assert not late(FIRST_RESPONSE, answered, at + TICK)


def test_what_has_no_due_time_is_never_late() -> None:
    proposed = lives([Step(2, NOW, "proposed")])
    assert is_open(HANDOVER, proposed[0])
    assert not late(HANDOVER, proposed, on("2035-01-01"))
    assert list(fell_due(HANDOVER, proposed)) == []


# Another due time


def test_a_reschedule_that_was_agreed_binds_from_its_own_instant() -> None:
    parts = life(COMMITMENT, PROMISED, rescheduled("2025-03-31", "2025-03-15"))
    assert said(parts) == [("open", DUE, PROMISED.made_at), ("open", on("2025-03-31"), on("2025-03-15"))]
    assert list(fell_due(COMMITMENT, parts)) == [(on("2025-03-31"), parts[1])]


def test_a_reschedule_without_agreement_binds_nobody() -> None:
    parts = life(COMMITMENT, PROMISED, rescheduled("2025-03-31", "2025-03-15", agreed=False))
    assert said(parts) == [("open", DUE, PROMISED.made_at)]


def test_a_promise_that_was_rescheduled_too_late_was_late_and_may_be_so_again() -> None:
    parts = life(COMMITMENT, PROMISED, rescheduled("2025-03-31", "2025-03-25"))
    assert list(fell_due(COMMITMENT, parts)) == [(DUE, parts[0]), (on("2025-03-31"), parts[1])]
    assert late(COMMITMENT, parts, on("2025-03-25") - TICK)
    assert not late(COMMITMENT, parts, on("2025-03-25"))
    assert late(COMMITMENT, parts, on("2025-03-31") + TICK)


def test_a_reschedule_to_what_has_passed_makes_it_late_at_once() -> None:
    parts = life(COMMITMENT, PROMISED, rescheduled("2025-03-12", "2025-03-15"))
    assert not late(COMMITMENT, parts, on("2025-03-15") - TICK)
    assert late(COMMITMENT, parts, on("2025-03-15"))


def test_an_amendment_puts_right_the_due_time_that_was_said_last_in_its_own_place() -> None:
    parts = life(COMMITMENT, PROMISED, corrected("2025-03-22"))
    assert said(parts) == [("open", on("2025-03-22"), PROMISED.made_at)]
    moved = life(COMMITMENT, PROMISED, rescheduled("2025-03-31", "2025-03-15"), corrected("2025-04-02"))
    assert said(moved) == [("open", DUE, PROMISED.made_at), ("open", on("2025-04-02"), on("2025-03-15"))]


def test_an_amendment_puts_right_what_was_said_last_be_it_what_bound_nobody() -> None:
    parts = life(COMMITMENT, PROMISED, rescheduled("2025-03-31", "2025-03-15", agreed=False), corrected("2025-03-22"))
    assert said(parts) == [("open", DUE, PROMISED.made_at)]


def test_a_due_time_is_told_by_what_said_it_and_by_what_amended_it() -> None:
    parts = life(COMMITMENT, PROMISED, corrected("2025-03-22"), rescheduled("2025-03-31", "2025-03-15"))
    assert [part.due for part in parts] == [(2, 3), (4,)]
    assert [part.due for part in life(COMPLAINT, COMPLAINED, waits("2025-03-10 15:00"))] == [(2,), ()]


def test_an_amendment_of_nothing_says_nothing() -> None:
    assert life(COMMITMENT, corrected("2025-03-22")) == []


# Clocks that stand still


def test_a_clock_stands_still_while_the_customer_is_waited_for() -> None:
    parts = life(COMPLAINT, COMPLAINED, waits("2025-03-10 15:00"), goes_on("2025-03-12 15:00", "2025-03-14 12:00"))
    assert said(parts) == [
        ("open", RESOLUTION, NOW),
        ("waiting", None, on("2025-03-10 15:00")),
        ("open", on("2025-03-14 12:00"), on("2025-03-12 15:00")),
    ]
    assert not late(COMPLAINT, parts, RESOLUTION + TICK)
    assert list(fell_due(COMPLAINT, parts)) == [(on("2025-03-14 12:00"), parts[2])]


def test_a_clock_that_is_stopped_at_the_due_instant_did_not_run_out() -> None:
    parts = life(COMPLAINT, COMPLAINED, waits("2025-03-11 18:00"))
    assert said(parts)[1] == ("waiting", None, RESOLUTION)
    assert list(fell_due(COMPLAINT, parts)) == []
    assert not late(COMPLAINT, parts, RESOLUTION + TICK)


def test_a_clock_that_had_run_out_is_not_stopped_any_more() -> None:
    parts = life(COMPLAINT, COMPLAINED, waits("2025-03-11 18:01"))
    assert said(parts)[1] == ("waiting", RESOLUTION, on("2025-03-11 18:01"))
    assert list(fell_due(COMPLAINT, parts)) == [(RESOLUTION, part) for part in parts]
    assert late(COMPLAINT, parts, on("2025-03-11 18:01"))


def test_where_nothing_is_due_nothing_stands_still() -> None:
    assert said(lives([Step(1, NOW, "open"), Step(2, DUE, "waiting", pauses=True)])) == [
        ("open", None, NOW),
        ("waiting", None, DUE),
    ]


def test_a_complaint_that_comes_back_runs_under_what_was_left_of_its_clock() -> None:
    parts = life(
        COMPLAINT,
        COMPLAINED,
        ComplaintResolved(
            complaint_id=complaint(1), at=on("2025-03-11"), solution="更换电源模块", resolution_due_at=RESOLUTION
        ),
        ComplaintClosed(complaint_id=complaint(1), at=on("2025-03-12")),
        ComplaintReopened(complaint_id=complaint(1), at=on("2025-03-14"), resolution_due_at=on("2025-03-17 12:00")),
    )
    assert [(part.status, part.due_at) for part in parts] == [
        ("open", RESOLUTION),
        ("resolved", RESOLUTION),
        ("closed", RESOLUTION),
        ("open", on("2025-03-17 12:00")),
    ]
    assert list(fell_due(COMPLAINT, parts)) == [(on("2025-03-17 12:00"), parts[3])]


def decided(outcome: Outcome, at: str) -> AcceptanceRecorded:
    return AcceptanceRecorded(
        at=on(at),
        outcome=outcome,
        quality=outcome,
        quantity="accepted",
        delivery_time="accepted",
        service_level="accepted",
        report="验收报告",
        signed_by="孙经理",
    )


def test_what_was_put_right_is_due_no_more_and_the_decision_says_the_status() -> None:
    ordered = RectificationOrdered(at=on("2025-03-11"), content="重做接地", due_at=on("2025-03-31"))
    submitted = RectificationSubmitted(at=on("2025-03-20"), content="已重做")
    parts = life(ACCEPTANCE, decided("rejected", "2025-03-10"), ordered, submitted, decided("accepted", "2025-03-24"))
    assert said(parts) == [
        ("rejected", None, on("2025-03-10")),
        ("ordered", on("2025-03-31"), on("2025-03-11")),
        ("checked", None, on("2025-03-20")),
        ("accepted", None, on("2025-03-24")),
    ]
    assert list(fell_due(ACCEPTANCE, parts)) == []
    assert not is_open(ACCEPTANCE, parts[-1])


# Told in another order than it happened


def test_what_was_told_later_stands_where_it_happened() -> None:
    moved = rescheduled("2025-03-31", "2025-03-18")
    earlier = rescheduled("2025-03-25", "2025-03-15")
    assert life(COMMITMENT, PROMISED, moved, earlier)[1:] == [
        Life(on("2025-03-15"), on("2025-03-18"), "open", on("2025-03-25"), 4, due=(4,)),
        Life(on("2025-03-18"), None, "open", on("2025-03-31"), 3, due=(3,)),
    ]


def test_steps_may_be_given_in_any_order() -> None:
    taken = [
        Step(2, NOW, "open", DUE, moves_due=True),
        Step(3, on("2025-03-15"), due_at=on("2025-03-31"), moves_due=True),
        Step(4, on("2025-03-12"), "waiting", pauses=True),
        Step(5, on("2025-03-18"), due_at=on("2025-04-02"), amends=True),
    ]
    assert lives(reversed(taken)) == lives(taken)


def test_what_happened_before_an_item_was_opened_stands_at_its_beginning() -> None:
    parts = life(COMMITMENT, PROMISED, kept("2020-01-01"))
    assert said(parts) == [("fulfilled", DUE, PROMISED.made_at)]


def test_an_item_that_nobody_dated_is_as_old_as_what_is_said_of_it() -> None:
    proposed = Step(1, NOW, "proposed", assumed=True)
    approved = Step(2, on("2025-02-01"), "approved")
    assert said(lives([proposed, approved])) == [("approved", None, on("2025-02-01"))]
    assert said(lives([proposed, replace(approved, at=DUE)])) == [("proposed", None, NOW), ("approved", None, DUE)]
    assert said(lives([proposed, replace(approved, assumed=True)])) == [("approved", None, NOW)]


def test_a_life_begins_with_the_first_status_that_is_said() -> None:
    assert said(lives([Step(2, NOW, due_at=DUE, moves_due=True), Step(3, DUE, "open")])) == [("open", None, DUE)]


def test_a_turn_without_an_instant_of_its_own_stands_where_it_is_told_to() -> None:
    old = CommitmentRescheduled(
        commitment_id=commitment(1), due_at=on("2025-03-31"), previous_due_at=DUE, agreed=True, rescheduled_at=None
    )
    ((kind, step),) = steps(old, 3, on("2025-03-15"))
    assert (kind, step.at, step.version) == (COMMITMENT, on("2025-03-15"), 3)


def test_one_event_may_turn_the_lives_of_two_items() -> None:
    assert [(kind, step.due_at) for kind, step in steps(COMPLAINED, 2, NOW)] == [
        (COMPLAINT, COMPLAINED.resolution_due_at),
        (FIRST_RESPONSE, COMPLAINED.first_response_due_at),
    ]


def test_a_turn_is_one_of_some_item() -> None:
    class Lost(Event, name="test.lost", occurs=None, turns=(Turn("open"),)):
        """It says a turn, but of what?"""

    with pytest.raises(TypeError, match=r"test\.lost says a turn of no item"):
        list(steps(Lost(), 1, NOW))
