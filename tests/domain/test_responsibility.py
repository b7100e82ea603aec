"""Who holds a role: assigning, ending, correcting and withdrawing."""

import pytest
from pydantic import ValidationError

from commands.responsibility import (
    AssignResponsibility,
    CorrectResponsibility,
    EndResponsibility,
    WithdrawResponsibility,
)
from events.policy.roles import RoleCataloguePublished
from events.responsibility import ResponsibilityCorrected, ResponsibilityWithdrawn
from events.vocabulary.identifiers import AssignmentId, EventId, PersonId
from tests.domain.company import ROLES
from tests.domain.given import (
    given_customer,
    given_customer_before_registration,
    given_project,
    given_project_before_proposal,
)
from tests.domain.people import LIN, NOW, QIAN, STRANGER, WANG, ZHOU, number, on
from tests.domain.words import about, assign, assigned, assignment, ended


def end(no: int, until: str, seen_from: str | None = None, *, reason: str | None = None) -> EndResponsibility:
    occurred_at = None if seen_from is None else on(seen_from)
    return EndResponsibility(assignment_id=assignment(no), until=on(until), occurred_at=occurred_at, reason=reason)


def withdraw(no: int) -> WithdrawResponsibility:
    return WithdrawResponsibility(assignment_id=assignment(no), reason="录入错误")


def withdrawn(no: int, corrects: EventId) -> ResponsibilityWithdrawn:
    return ResponsibilityWithdrawn(assignment_id=assignment(no), corrects=corrects)


def corrected(
    no: int, person: PersonId, since: str, until: str | None, *, corrects: EventId
) -> ResponsibilityCorrected:
    return ResponsibilityCorrected(
        assignment_id=assignment(no),
        corrects=corrects,
        person=person,
        since=on(since),
        until=None if until is None else on(until),
    )


# Assigning


def test_an_account_manager_is_assigned() -> None:
    given_customer().when(assign(LIN)).then(assigned(LIN))


def test_a_project_manager_is_assigned() -> None:
    given_project().when(assign(LIN, role="project_manager")).then(assigned(LIN, role="project_manager"))


def test_an_exclusive_role_takes_one_holder_at_a_time() -> None:
    given_customer(assigned(LIN, "2025-01-01", "2025-04-01")).when(assign(WANG, "2025-03-31", no=2)).refused(
        "responsibility.overlap", "since", assignment=str(assignment(1))
    )


def test_an_exclusive_role_has_no_second_holder_even_if_it_is_the_same_person() -> None:
    given_customer(assigned(LIN)).when(assign(LIN, "2025-02-01", no=2)).refused(
        "responsibility.overlap", "since", assignment=str(assignment(1))
    )


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2025-02-01", None),
        ("2025-03-31 23:59", "2025-05-01"),
        ("2025-01-01", "2025-02-01 00:01"),
        ("2025-01-01", "2025-06-01"),
        ("2025-02-02", "2025-02-03"),
        ("2025-02-01", "2025-04-01"),
    ],
)
def test_however_two_intervals_overlap_the_second_is_refused(since: str, until: str | None) -> None:
    given_customer(assigned(LIN, "2025-02-01", "2025-04-01")).when(assign(WANG, since, until, no=2)).refused(
        "responsibility.overlap", "since", assignment=str(assignment(1))
    )


def test_holders_of_an_exclusive_role_may_follow_one_another_without_a_gap() -> None:
    given_customer(assigned(LIN, "2025-02-01", "2025-04-01")).when(assign(WANG, "2025-04-01", no=2)).then(
        assigned(WANG, "2025-04-01", no=2)
    ).when(assign(ZHOU, "2025-01-01", "2025-02-01", no=3)).then(assigned(ZHOU, "2025-01-01", "2025-02-01", no=3))


def test_another_exclusive_role_is_free() -> None:
    given_customer(assigned(LIN)).when(assign(WANG, no=2, role="team_lead")).then(
        assigned(WANG, no=2, role="team_lead")
    )


def test_a_role_that_is_not_exclusive_takes_several_holders() -> None:
    given_customer(assigned(LIN, role="technical_support")).when(assign(WANG, no=2, role="technical_support")).then(
        assigned(WANG, no=2, role="technical_support")
    )


def test_nobody_holds_the_same_role_twice_at_a_time() -> None:
    given_customer(assigned(LIN, role="technical_support")).when(
        assign(LIN, "2025-02-01", no=2, role="technical_support")
    ).refused("responsibility.already-held", "person", assignment=str(assignment(1)))


def test_somebody_may_hold_a_role_with_two_involvements() -> None:
    given_customer(assigned(LIN, role="technical_support")).when(
        assign(LIN, no=2, role="technical_support", involvement="informed")
    ).then(assigned(LIN, no=2, role="technical_support", involvement="informed"))


def test_a_role_that_became_exclusive_takes_no_further_holder() -> None:
    exclusive = tuple(role.model_copy(update={"exclusive": True}) for role in ROLES)
    given_customer(assigned(LIN, role="after_sales")).under(RoleCataloguePublished(edition=1, roles=exclusive)).when(
        assign(WANG, no=2, role="after_sales")
    ).refused("responsibility.overlap", "since", assignment=str(assignment(1)))


def test_a_role_that_was_exclusive_keeps_its_holder_alone() -> None:
    open_to_all = tuple(role.model_copy(update={"exclusive": False}) for role in ROLES)
    given_customer(assigned(LIN)).under(RoleCataloguePublished(edition=1, roles=open_to_all)).when(
        assign(WANG, no=2)
    ).refused("responsibility.overlap", "since", assignment=str(assignment(1)))


def test_the_same_assignment_is_the_same_after_its_role_left_the_catalogue() -> None:
    given_customer(assigned(LIN)).under().when(assign(LIN)).nothing()


def test_an_assignment_id_is_used_once() -> None:
    given_customer(assigned(LIN)).when(assign(WANG)).refused("responsibility.id-taken", "assignment_id")


def test_an_unknown_role_is_refused() -> None:
    given_customer().when(assign(LIN, role="chief_cook")).refused("responsibility.role-unknown", "role")


def test_somebody_who_was_never_registered_is_refused() -> None:
    given_customer().when(assign(STRANGER)).refused("person.unknown", "person")


def test_somebody_who_has_left_is_refused() -> None:
    given_customer().when(assign(QIAN, "2025-06-01")).refused("person.inactive", "person")


def test_somebody_who_is_about_to_leave_may_still_be_assigned() -> None:
    given_customer().when(assign(QIAN, "2025-05-31 23:59", "2025-06-01")).then(
        assigned(QIAN, "2025-05-31 23:59", "2025-06-01")
    )


@pytest.mark.parametrize("until", ["2025-06-01 00:01", None])
def test_nobody_is_assigned_beyond_the_day_they_leave(until: str | None) -> None:
    given_customer().when(assign(QIAN, "2025-05-31", until)).refused("person.leaves-before", "until")


def test_an_empty_interval_is_refused() -> None:
    given_customer().when(assign(LIN, "2025-03-01", "2025-03-01")).refused("interval.empty", "until")


def test_an_end_before_the_start_is_refused() -> None:
    given_customer().when(assign(LIN, "2025-03-01", "2025-02-28")).refused("interval.inverted", "until")


@pytest.mark.parametrize("kind", ["commitment", "complaint"])
def test_an_item_that_the_customer_does_not_have_is_refused(kind: str) -> None:
    given_customer().when(assign(LIN, subject=about(kind, number(1)))).refused(
        "responsibility.subject-unknown", "subject"
    )


def test_a_project_has_no_items() -> None:
    given_project().when(assign(LIN, role="project_manager", subject=about("commitment", number(1)))).refused(
        "responsibility.subject-unknown", "subject"
    )


@pytest.mark.parametrize("naive", ["2025-03-10T09:00:00", "2025-03-10 09:00", "2025-03-10"])
def test_a_naive_timestamp_is_no_command(naive: str) -> None:
    with pytest.raises(ValidationError, match="timezone"):
        AssignResponsibility.model_validate(
            {
                "assignment_id": str(assignment(1)),
                "role": "account_manager",
                "person": str(LIN),
                "involvement": "accountable",
                "since": naive,
            }
        )


@pytest.mark.parametrize(
    "subject", ["customer", "commitment:7", "project:00000000-0000-4000-8000-000000000001", "Self"]
)
def test_a_subject_that_cannot_be_is_no_command(subject: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        assign(LIN, subject=subject)


# Ending


def test_an_assignment_ends_in_the_future() -> None:
    given_customer(assigned(LIN)).when(end(1, "2025-04-01")).then(ended(1, "2025-04-01"))


def test_an_assignment_ends_earlier_than_planned() -> None:
    given_customer(assigned(LIN, "2025-01-01", "2025-12-31")).when(end(1, "2025-04-01")).then(ended(1, "2025-04-01"))


def test_an_end_a_few_minutes_ago_counts_as_now() -> None:
    given_customer(assigned(LIN)).at(NOW).when(end(1, "2025-03-10 08:55")).then(ended(1, "2025-03-10 08:55"))


def test_an_end_in_the_past_is_a_correction_not_an_end() -> None:
    given_customer(assigned(LIN)).at(NOW).when(end(1, "2025-03-10 08:54")).refused(
        "responsibility.ends-in-past", "until"
    )


def test_whether_an_end_is_past_is_seen_from_when_it_was_decided() -> None:
    given_customer(assigned(LIN)).when(end(1, "2025-02-01", seen_from="2025-01-28", reason="补录")).then(
        ended(1, "2025-02-01")
    )
    given_customer(assigned(LIN)).when(end(1, "2025-02-01", seen_from="2025-02-02")).refused(
        "responsibility.ends-in-past", "until"
    )


def test_an_end_in_the_past_needs_a_reason_whenever_it_was_decided() -> None:
    given_customer(assigned(LIN)).when(end(1, "2025-02-01", seen_from="2025-01-28")).refused("reason.required", "until")
    given_customer(assigned(LIN)).imported().when(end(1, "2025-02-01", seen_from="2025-01-28")).then(
        ended(1, "2025-02-01")
    )


def test_an_ended_assignment_is_not_prolonged_by_ending_it_again() -> None:
    given_customer(assigned(LIN), ended(1, "2025-04-01")).when(end(1, "2025-05-01")).refused(
        "responsibility.already-ended", "until"
    )


def test_an_assignment_does_not_end_when_it_starts() -> None:
    given_customer(assigned(LIN, "2025-04-01")).when(end(1, "2025-04-01")).refused("interval.empty", "until")


def test_an_assignment_does_not_end_before_it_starts() -> None:
    given_customer(assigned(LIN, "2025-04-01")).when(end(1, "2025-03-31")).refused("interval.inverted", "until")


def test_what_was_never_assigned_does_not_end() -> None:
    given_customer().when(end(1, "2025-04-01")).refused("responsibility.unknown", "assignment_id")


def test_what_was_withdrawn_does_not_end() -> None:
    history = given_customer(assigned(LIN))
    given_customer(assigned(LIN), withdrawn(1, history.event(2))).when(end(1, "2025-04-01")).refused(
        "responsibility.withdrawn", "assignment_id"
    )


def test_an_end_makes_room_for_a_successor() -> None:
    given_customer(assigned(LIN), ended(1, "2025-04-01")).when(assign(WANG, "2025-04-01", no=2)).then(
        assigned(WANG, "2025-04-01", no=2)
    )


# Correcting


def correct(no: int, **given: object) -> CorrectResponsibility:
    return CorrectResponsibility.model_validate({"assignment_id": assignment(no), "reason": "登记有误", **given})


def test_a_correction_says_who_it_truly_was() -> None:
    customer = given_customer(assigned(LIN))
    customer.when(correct(1, person=WANG)).then(corrected(1, WANG, "2025-01-01", None, corrects=customer.event(2)))


def test_a_correction_says_from_when_to_when_it_truly_was() -> None:
    customer = given_customer(assigned(LIN))
    customer.when(correct(1, since=on("2024-12-01"), until=on("2025-02-01"))).then(
        corrected(1, LIN, "2024-12-01", "2025-02-01", corrects=customer.event(2))
    )


def test_a_correction_opens_an_end() -> None:
    customer = given_customer(assigned(LIN), ended(1, "2025-04-01"))
    customer.when(correct(1, until=None)).then(corrected(1, LIN, "2025-01-01", None, corrects=customer.event(3)))


def test_an_absent_end_stays_in_a_correction() -> None:
    customer = given_customer(assigned(LIN), ended(1, "2025-04-01"))
    customer.when(correct(1, person=WANG)).then(
        corrected(1, WANG, "2025-01-01", "2025-04-01", corrects=customer.event(3))
    )


def test_an_assignment_is_corrected_again_and_the_second_correction_names_what_it_corrects() -> None:
    customer = given_customer(assigned(LIN))
    once = customer.when(correct(1, person=WANG)).then(
        corrected(1, WANG, "2025-01-01", None, corrects=customer.event(2))
    )
    once.when(correct(1, person=ZHOU)).then(corrected(1, ZHOU, "2025-01-01", None, corrects=customer.event(3)))


def test_a_correction_is_not_corrected_itself() -> None:
    customer = given_customer(assigned(LIN))
    correction = CorrectResponsibility(assignment_id=AssignmentId(customer.event(3)), person=ZHOU, reason="更正之更正")
    given_customer(assigned(LIN), corrected(1, WANG, "2025-01-01", None, corrects=customer.event(2))).when(
        correction
    ).refused("responsibility.correction-of-correction", "assignment_id")


def test_a_withdrawal_is_not_withdrawn_itself() -> None:
    customer = given_customer(assigned(LIN))
    withdrawal = WithdrawResponsibility(assignment_id=AssignmentId(customer.event(3)), reason="撤销之撤销")
    given_customer(assigned(LIN), withdrawn(1, customer.event(2))).when(withdrawal).refused(
        "responsibility.correction-of-correction", "assignment_id"
    )


def test_a_correction_without_a_change_is_nothing() -> None:
    given_customer(assigned(LIN)).when(correct(1, person=LIN, since=on("2025-01-01"), until=None)).nothing()


@pytest.mark.parametrize("field", ["person", "since"])
def test_a_correction_does_not_clear_person_or_start(field: str) -> None:
    given_customer(assigned(LIN)).when(correct(1, **{field: None})).refused("correction.not-clearable", field)


def test_a_correction_keeps_exclusive_roles_apart() -> None:
    given_customer(assigned(LIN, "2025-01-01", "2025-02-01"), assigned(WANG, "2025-02-01", no=2)).when(
        correct(1, until=on("2025-02-02"))
    ).refused("responsibility.overlap", "since", assignment=str(assignment(2)))


def test_a_correction_to_an_empty_interval_is_refused() -> None:
    given_customer(assigned(LIN)).when(correct(1, until=on("2025-01-01"))).refused("interval.empty", "until")


def test_a_correction_to_an_inverted_interval_is_refused() -> None:
    given_customer(assigned(LIN, "2025-01-01", "2025-02-01")).when(correct(1, since=on("2025-03-01"))).refused(
        "interval.inverted", "until"
    )


def test_a_correction_to_somebody_unknown_is_refused() -> None:
    given_customer(assigned(LIN)).when(correct(1, person=STRANGER)).refused("person.unknown", "person")


def test_a_correction_to_somebody_who_had_left_is_refused() -> None:
    given_customer(assigned(LIN, "2025-07-01")).when(correct(1, person=QIAN)).refused("person.inactive", "person")


def test_a_correction_to_a_start_after_the_holder_left_is_refused() -> None:
    given_customer(assigned(QIAN)).when(correct(1, since=on("2025-07-01"))).refused("person.inactive", "since")


def test_a_correction_of_the_end_does_not_ask_whether_the_holder_is_still_there() -> None:
    customer = given_customer(assigned(QIAN))
    customer.at(on("2025-08-01")).when(correct(1, until=on("2025-06-01"))).then(
        corrected(1, QIAN, "2025-01-01", "2025-06-01", corrects=customer.event(2))
    )


def test_what_was_withdrawn_is_not_corrected() -> None:
    customer = given_customer(assigned(LIN))
    given_customer(assigned(LIN), withdrawn(1, customer.event(2))).when(correct(1, person=WANG)).refused(
        "responsibility.withdrawn", "assignment_id"
    )


# Withdrawing


def test_an_assignment_that_never_was_is_withdrawn() -> None:
    customer = given_customer(assigned(LIN))
    customer.when(withdraw(1)).then(withdrawn(1, customer.event(2)))


def test_a_withdrawal_names_the_newest_event_of_the_assignment() -> None:
    customer = given_customer(assigned(LIN), ended(1, "2025-04-01"))
    customer.when(withdraw(1)).then(withdrawn(1, customer.event(3)))


def test_what_was_never_assigned_is_not_withdrawn() -> None:
    given_customer().when(withdraw(1)).refused("responsibility.unknown", "assignment_id")


def test_a_withdrawal_makes_room() -> None:
    customer = given_customer(assigned(LIN))
    given_customer(assigned(LIN), withdrawn(1, customer.event(2))).when(assign(WANG, no=2)).then(assigned(WANG, no=2))


def test_a_withdrawn_id_is_not_used_again() -> None:
    customer = given_customer(assigned(LIN))
    given_customer(assigned(LIN), withdrawn(1, customer.event(2))).when(assign(WANG)).refused(
        "responsibility.id-taken", "assignment_id"
    )


# Before everything else


def test_nobody_is_assigned_to_a_customer_that_is_not_registered() -> None:
    given_customer_before_registration().when(assign(LIN)).refused("customer.not-registered")


def test_nobody_is_assigned_to_a_project_that_is_not_proposed() -> None:
    given_project_before_proposal().when(assign(LIN)).refused("project.not-proposed")
