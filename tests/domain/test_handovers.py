"""From one holder to the next: proposed with an inventory, moved on acceptance."""

import json
from datetime import datetime

import pytest
from pydantic import ValidationError

from aggregates.customer.state import Customer
from aggregates.responsibility.handovers import successor
from commands.responsibility import (
    AcceptHandover,
    CancelHandover,
    DeclineHandover,
    EndResponsibility,
    ProposeHandover,
    WithdrawResponsibility,
)
from events.base import Event
from events.customer.commitments import CommitmentFulfilled
from events.customer.complaints import ComplaintAssigned, ComplaintResolved, WaitingOnCustomerStarted
from events.responsibility import (
    HandoverAccepted,
    HandoverCancelled,
    HandoverDeclined,
    HandoverLapsed,
    HandoverProposed,
    InventoryItem,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import HandoverId, PersonId, Subject
from events.vocabulary.moves import MovedFigure, Moves
from tests.domain.given import Scenario, given_customer, given_project
from tests.domain.people import LIN, QIAN, STRANGER, WANG, ZHOU, number, on
from tests.domain.words import about, assigned, assignment, commitment, complaint, ended, made, received

APRIL = "2025-04-01"
COMMITMENT = about("commitment", commitment(1))
COMPLAINT = about("complaint", complaint(1))


def handover(no: int) -> HandoverId:
    return HandoverId(number(5000 + no))


def propose(to: PersonId = WANG, at: str = APRIL, *, of: int = 1, no: int = 1) -> ProposeHandover:
    return ProposeHandover(handover_id=handover(no), assignment_id=assignment(of), to_person=to, effective_at=on(at))


def proposed(
    *inventory: InventoryItem, to: PersonId = WANG, at: str = APRIL, of: int = 1, no: int = 1
) -> HandoverProposed:
    return HandoverProposed(
        handover_id=handover(no),
        assignment_id=assignment(of),
        from_person=LIN,
        to_person=to,
        effective_at=on(at),
        inventory=inventory,
    )


def item(subject: Subject, due: str | None, *, overdue: bool = False, held_by: int | None = None) -> InventoryItem:
    return InventoryItem(
        item=subject,
        due_at=None if due is None else on(due),
        overdue=overdue,
        assignment_id=None if held_by is None else assignment(held_by),
    )


ACCEPT = AcceptHandover(handover_id=handover(1))
DECLINE = DeclineHandover(handover_id=handover(1))
CANCEL = CancelHandover(handover_id=handover(1))
DECLINED = HandoverDeclined(handover_id=handover(1))
CANCELLED = HandoverCancelled(handover_id=handover(1))


def accepted(*inventory: InventoryItem) -> HandoverAccepted:
    return HandoverAccepted(handover_id=handover(1), inventory=inventory)


def succeeded(
    before: ResponsibilityAssigned, *, at: str = APRIL, until: datetime | None = None
) -> ResponsibilityAssigned:
    return before.model_copy(
        update={
            "assignment_id": successor(handover(1), before.assignment_id),
            "person": WANG,
            "since": on(at),
            "until": until,
            "handover_id": handover(1),
        }
    )


def held(by: PersonId, at: str = "2025-03-10 10:00") -> ComplaintAssigned:
    return ComplaintAssigned(complaint_id=complaint(1), person=by, department=None, at=on(at))


# Proposing


def test_a_successor_is_proposed() -> None:
    given_customer(assigned(LIN)).when(propose()).then(proposed())


def test_a_project_is_handed_over_too() -> None:
    manager = assigned(LIN, role="project_manager")
    given_project(manager).when(propose()).then(proposed()).when(ACCEPT).then(
        accepted(), ended(1, APRIL), succeeded(manager)
    )


@pytest.mark.parametrize("at", ["2025-01-01", "2024-12-31", "2025-12-31", "2026-01-01"])
def test_a_handover_takes_place_while_the_leaver_holds_the_role(at: str) -> None:
    given_customer(assigned(LIN, "2025-01-01", "2025-12-31")).when(propose(at=at)).refused(
        "handover.outside-assignment", "effective_at"
    )


def test_nobody_succeeds_themselves() -> None:
    given_customer(assigned(LIN)).when(propose(LIN)).refused("handover.to-oneself", "to_person")


def test_a_stranger_succeeds_nobody() -> None:
    given_customer(assigned(LIN)).when(propose(STRANGER)).refused("person.unknown", "to_person")


def test_somebody_who_has_left_succeeds_nobody() -> None:
    given_customer(assigned(LIN)).when(propose(QIAN, "2025-06-01")).refused("person.inactive", "to_person")


def test_nobody_succeeds_to_a_role_that_they_hold_already() -> None:
    given_customer(assigned(LIN, role="technical_support"), assigned(WANG, no=2, role="technical_support")).when(
        propose()
    ).refused("responsibility.already-held", "to_person", assignment=str(assignment(2)))


def test_somebody_succeeds_to_a_role_beside_others() -> None:
    given_customer(assigned(LIN, role="technical_support"), assigned(ZHOU, no=2, role="technical_support")).when(
        propose()
    ).then(proposed())


def test_one_handover_at_a_time_is_proposed() -> None:
    given_customer(assigned(LIN), proposed()).when(propose(ZHOU, no=2)).refused(
        "handover.pending", "assignment_id", handover=str(handover(1))
    )


@pytest.mark.parametrize("answer", [DECLINED, CANCELLED])
def test_another_handover_is_proposed_after_one_came_to_nothing(answer: Event) -> None:
    given_customer(assigned(LIN), proposed(), answer).when(propose(ZHOU, no=2)).then(proposed(to=ZHOU, no=2))


def test_two_roles_are_handed_over_apart() -> None:
    given_customer(assigned(LIN), assigned(LIN, no=2, role="team_lead"), proposed()).when(
        propose(ZHOU, of=2, no=2)
    ).then(proposed(to=ZHOU, of=2, no=2))


def test_a_handover_id_is_used_once() -> None:
    given_customer(assigned(LIN), proposed()).when(propose(ZHOU)).refused("handover.id-taken", "handover_id")


def test_what_was_never_assigned_is_not_handed_over() -> None:
    given_customer().when(propose()).refused("responsibility.unknown", "assignment_id")


def test_a_handover_leaves_no_trace_in_an_assignment_of_the_same_id() -> None:
    taken = assigned(ZHOU, no=2, role="after_sales").model_copy(
        update={"assignment_id": successor(handover(1), assignment(1))}
    )
    given_customer(assigned(LIN), taken).when(propose()).refused("responsibility.id-taken", "to_person")


# What a handover in the past moves

MOVES = Moves(position=7, figures=(MovedFigure(kpi="satisfaction", definition_version=2, period="2025-02", cases=1),))


def moving(at: str, moves: Moves | None = MOVES) -> ProposeHandover:
    return propose(at=at).model_copy(update={"reason": "补录交接", "moves": moves})


@pytest.mark.parametrize("moves", [MOVES, Moves(position=7, figures=()), None])
def test_a_handover_in_the_past_is_recorded_with_what_it_moves(moves: Moves | None) -> None:
    told = proposed(at="2025-02-01").model_copy(update={"retroactive": True, "moves": moves})
    given_customer(assigned(LIN)).when(moving("2025-02-01", moves)).then(told)


def test_a_handover_that_is_not_in_the_past_moves_nothing() -> None:
    given_customer(assigned(LIN)).when(moving("2025-03-10 08:58")).then(proposed(at="2025-03-10 08:58"))
    given_customer(assigned(LIN)).when(moving(APRIL)).then(proposed())


def test_the_same_handover_with_another_answer_is_nothing_new() -> None:
    told = proposed(at="2025-02-01").model_copy(update={"retroactive": True, "moves": MOVES})
    known = given_customer(assigned(LIN), told)
    known.when(moving("2025-02-01", Moves(position=99, figures=()))).nothing()
    known.when(moving("2025-02-01", None)).nothing()
    known.when(moving("2025-02-02")).refused("handover.id-taken", "handover_id")


def test_later_decisions_remember_nothing_of_what_it_moves() -> None:
    told = proposed(at="2025-02-01").model_copy(update={"retroactive": True, "moves": MOVES})
    state = given_customer(assigned(LIN), told).state()
    assert isinstance(state, Customer)
    assert state.responsibilities.handovers[handover(1)].proposal.moves is None


# The inventory


def inventory_of(*history: Event, role: str = "account_manager", at: str = APRIL) -> tuple[InventoryItem, ...]:
    scenario = given_customer(assigned(LIN, role=role), *history)
    (event,) = scenario.when(propose(at=at)).events
    assert isinstance(event, HandoverProposed)
    return event.inventory


def test_the_account_manager_leaves_what_nobody_is_assigned_to() -> None:
    assert inventory_of(made(1, "2025-04-20"), received(1, resolution_due="2025-04-02")) == (
        item(COMMITMENT, "2025-04-20"),
        item(COMPLAINT, "2025-04-02"),
    )


def test_other_roles_leave_only_what_they_are_assigned_to() -> None:
    assert inventory_of(made(1), received(1), role="technical_support") == ()


def test_what_the_leaver_is_assigned_to_is_left_with_its_assignment() -> None:
    assert inventory_of(
        made(1, "2025-04-20"),
        assigned(LIN, no=2, role="after_sales", subject=COMMITMENT),
        role="technical_support",
    ) == (item(COMMITMENT, "2025-04-20", held_by=2),)


def test_a_complaint_that_the_leaver_holds_is_left() -> None:
    assert inventory_of(received(1, resolution_due="2025-04-02"), held(LIN), role="after_sales") == (
        item(COMPLAINT, "2025-04-02"),
    )


def test_what_others_hold_is_not_left() -> None:
    assert (
        inventory_of(made(1), received(1), assigned(ZHOU, no=2, role="after_sales", subject=COMMITMENT), held(ZHOU))
        == ()
    )


def test_what_somebody_holds_from_that_very_day_on_is_not_left() -> None:
    assert inventory_of(made(1), assigned(ZHOU, APRIL, no=2, role="after_sales", subject=COMMITMENT)) == ()


def test_what_the_leaver_holds_only_from_that_day_on_stays() -> None:
    assert inventory_of(made(1), assigned(LIN, APRIL, no=2, role="after_sales", subject=COMMITMENT)) == ()


def test_what_the_leaver_no_longer_holds_is_left_to_the_account_manager() -> None:
    assert inventory_of(
        made(1, "2025-04-20"), assigned(LIN, "2025-01-01", APRIL, no=2, role="after_sales", subject=COMMITMENT)
    ) == (item(COMMITMENT, "2025-04-20"),)


def test_what_is_done_is_not_left() -> None:
    kept = CommitmentFulfilled(commitment_id=commitment(1), fulfilled_at=on("2025-03-20"))
    solved = ComplaintResolved(
        complaint_id=complaint(1),
        at=on("2025-03-11"),
        solution="更换轴承",
        resolution_due_at=on("2025-03-11 18:00"),
    )
    assert inventory_of(made(1), kept, received(1), solved) == ()


@pytest.mark.parametrize("due", ["2025-03-31 23:59", "2025-03-01"])
def test_what_is_overdue_on_that_day_is_inherited_overdue(due: str) -> None:
    assert inventory_of(made(1, due)) == (item(COMMITMENT, due, overdue=True),)


def test_what_falls_due_at_that_very_instant_is_not_yet_late() -> None:
    assert inventory_of(made(1, APRIL)) == (item(COMMITMENT, APRIL),)


def test_what_falls_due_a_minute_later_is_not() -> None:
    assert inventory_of(made(1, "2025-04-01 00:01")) == (item(COMMITMENT, "2025-04-01 00:01"),)


def test_a_complaint_that_waits_on_the_customer_has_no_due_time() -> None:
    waiting = WaitingOnCustomerStarted(complaint_id=complaint(1), at=on("2025-03-10 11:00"))
    assert inventory_of(received(1), waiting) == (item(COMPLAINT, None),)


def test_whoever_leaves_an_item_leaves_no_items_in_it() -> None:
    given_customer(
        made(1), received(1), assigned(LIN), assigned(LIN, no=2, role="after_sales", subject=COMMITMENT)
    ).when(propose(of=2)).then(proposed(of=2))


# Accepting


def test_responsibility_moves_on_acceptance() -> None:
    given_customer(assigned(LIN), proposed()).when(ACCEPT).then(accepted(), ended(1, APRIL), succeeded(assigned(LIN)))


def test_the_successor_holds_it_as_long_as_the_leaver_would_have() -> None:
    before = assigned(LIN, "2025-01-01", "2025-12-31")
    given_customer(before, proposed()).when(ACCEPT).then(
        accepted(), ended(1, APRIL), succeeded(before, until=before.until)
    )


def test_a_handover_is_accepted_twice_and_recorded_once() -> None:
    given_customer(assigned(LIN), proposed()).when(ACCEPT).then(
        accepted(), ended(1, APRIL), succeeded(assigned(LIN))
    ).when(ACCEPT).nothing()


def test_the_inventory_is_taken_again_on_acceptance() -> None:
    kept = CommitmentFulfilled(commitment_id=commitment(1), fulfilled_at=on("2025-03-20"))
    given_customer(assigned(LIN), made(1), made(2), proposed(), kept).when(ACCEPT).then(
        accepted(item(about("commitment", commitment(2)), "2025-03-31 18:00", overdue=True)),
        ended(1, APRIL),
        succeeded(assigned(LIN)),
    )


def test_the_assignments_on_items_move_with_it() -> None:
    on_item = assigned(LIN, no=2, role="after_sales", subject=COMMITMENT)
    given_customer(assigned(LIN), made(1, "2025-04-20"), on_item, proposed()).when(ACCEPT).then(
        accepted(item(COMMITMENT, "2025-04-20", held_by=2)),
        ended(1, APRIL),
        succeeded(assigned(LIN)),
        ended(2, APRIL),
        succeeded(on_item),
    )


def test_a_complaint_that_the_leaver_holds_moves_with_it() -> None:
    given_customer(assigned(LIN), received(1), held(LIN), proposed()).when(ACCEPT).then(
        accepted(item(COMPLAINT, "2025-03-11 18:00", overdue=True)),
        ended(1, APRIL),
        succeeded(assigned(LIN)),
        held(WANG, APRIL),
    )


def test_a_complaint_that_came_to_the_leaver_later_moves_then() -> None:
    given_customer(assigned(LIN), received(1), held(LIN, "2025-04-02"), proposed()).when(ACCEPT).then(
        accepted(item(COMPLAINT, "2025-03-11 18:00", overdue=True)),
        ended(1, APRIL),
        succeeded(assigned(LIN)),
        held(WANG, "2025-04-02"),
    )


def test_a_complaint_that_nobody_holds_moves_by_the_role_alone() -> None:
    given_customer(assigned(LIN), received(1), proposed()).when(ACCEPT).then(
        accepted(item(COMPLAINT, "2025-03-11 18:00", overdue=True)),
        ended(1, APRIL),
        succeeded(assigned(LIN)),
    )


def test_a_complaint_that_somebody_else_holds_stays_there() -> None:
    on_item = assigned(LIN, no=2, role="supervisor", subject=COMPLAINT)
    given_customer(assigned(LIN), received(1), held(ZHOU), on_item, proposed()).when(ACCEPT).then(
        accepted(item(COMPLAINT, "2025-03-11 18:00", overdue=True, held_by=2)),
        ended(1, APRIL),
        succeeded(assigned(LIN)),
        ended(2, APRIL),
        succeeded(on_item),
    )


def test_a_successor_who_holds_an_item_in_the_same_role_already_does_not_get_it_twice() -> None:
    given_customer(
        assigned(LIN),
        made(1),
        assigned(LIN, no=2, role="after_sales", subject=COMMITMENT),
        assigned(WANG, no=3, role="after_sales", subject=COMMITMENT),
        proposed(),
    ).when(ACCEPT).refused("responsibility.already-held", "handover_id", assignment=str(assignment(3)))


def test_the_next_successor_follows_from_the_first() -> None:
    second = successor(handover(1), assignment(1))
    after = (
        given_customer(assigned(LIN), proposed())
        .when(ACCEPT)
        .then(accepted(), ended(1, APRIL), succeeded(assigned(LIN)))
    )
    onward = ProposeHandover(
        handover_id=handover(2), assignment_id=second, to_person=ZHOU, effective_at=on("2025-05-01")
    )
    (event,) = after.when(onward).events
    assert isinstance(event, HandoverProposed)
    assert (event.from_person, event.to_person) == (WANG, ZHOU)


def changed(*events: Event) -> Scenario:
    return given_customer(assigned(LIN), proposed(), *events)


def test_a_handover_of_what_was_withdrawn_is_not_accepted() -> None:
    withdrawn = ResponsibilityWithdrawn(assignment_id=assignment(1), corrects=changed().event(2))
    changed(withdrawn).when(ACCEPT).refused("responsibility.withdrawn", "handover_id")


def test_a_handover_from_somebody_who_never_held_it_is_not_accepted() -> None:
    truth = ResponsibilityCorrected(
        assignment_id=assignment(1), corrects=changed().event(2), person=ZHOU, since=on("2025-01-01"), until=None
    )
    changed(truth).when(ACCEPT).refused("handover.holder-changed", "handover_id")


def test_a_handover_after_the_role_ended_is_not_accepted() -> None:
    changed(ended(1, "2025-03-20")).when(ACCEPT).refused("handover.outside-assignment", "handover_id")


def test_a_handover_to_somebody_who_has_left_is_not_accepted() -> None:
    given_customer(assigned(LIN), proposed(to=QIAN, at="2025-06-01")).when(ACCEPT).refused(
        "person.inactive", "handover_id"
    )


def test_a_handover_that_was_never_proposed_is_not_accepted() -> None:
    given_customer(assigned(LIN)).when(ACCEPT).refused("handover.unknown", "handover_id")


def test_a_declined_handover_is_not_accepted() -> None:
    changed(DECLINED).when(ACCEPT).refused("handover.already-declined", "handover_id")


def test_a_cancelled_handover_is_not_accepted() -> None:
    changed(CANCELLED).when(ACCEPT).refused("handover.already-cancelled", "handover_id")


# Declining and cancelling


def test_a_handover_is_declined() -> None:
    changed().when(DECLINE).then(DECLINED)


def test_a_handover_is_cancelled() -> None:
    changed().when(CANCEL).then(CANCELLED)


@pytest.mark.parametrize("command", [DECLINE, CANCEL])
def test_an_accepted_handover_stays_accepted(command: DeclineHandover | CancelHandover) -> None:
    changed(accepted(), ended(1, APRIL), succeeded(assigned(LIN))).when(command).refused(
        "handover.already-accepted", "handover_id"
    )


def test_a_declined_handover_is_not_cancelled() -> None:
    changed(DECLINED).when(CANCEL).refused("handover.already-declined", "handover_id")


def test_a_handover_that_was_never_proposed_is_not_declined() -> None:
    given_customer(assigned(LIN)).when(DECLINE).refused("handover.unknown", "handover_id")


# The end of the assignment


def test_a_handover_lapses_when_its_assignment_ends_before_it_takes_effect() -> None:
    lapsed = HandoverLapsed(handover_id=handover(1))
    over = (
        given_customer(assigned(LIN), proposed())
        .when(EndResponsibility(assignment_id=assignment(1), until=on("2025-03-15")))
        .then(ended(1, "2025-03-15"), lapsed)
    )
    over.when(AcceptHandover(handover_id=handover(1))).refused("handover.already-lapsed", "handover_id")


def test_a_handover_lapses_when_its_assignment_is_withdrawn() -> None:
    scenario = given_customer(assigned(LIN), proposed())
    scenario.when(WithdrawResponsibility(assignment_id=assignment(1), reason="录错客户")).then(
        ResponsibilityWithdrawn(assignment_id=assignment(1), corrects=scenario.event(2)),
        HandoverLapsed(handover_id=handover(1)),
    )


def test_a_handover_stands_when_its_assignment_ends_after_it_takes_effect() -> None:
    given_customer(assigned(LIN), proposed()).when(
        EndResponsibility(assignment_id=assignment(1), until=on("2025-12-31"))
    ).then(ended(1, "2025-12-31"))


# What it moves


def test_who_proposes_has_no_word_for_what_it_moves() -> None:
    said = {
        "handover_id": str(handover(1)),
        "assignment_id": str(assignment(1)),
        "to_person": str(WANG),
        "effective_at": "2025-03-01T00:00:00+08:00",
    }
    ProposeHandover.model_validate_json(json.dumps(said), strict=True)
    with pytest.raises(ValidationError, match="extra_forbidden"):
        ProposeHandover.model_validate_json(json.dumps({**said, "moves": None}), strict=True)
