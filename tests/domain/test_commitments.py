"""Promises: made, rescheduled, kept, released, corrected and fallen due."""

import pytest

from commands.customer.commitments import (
    CorrectCommitment,
    FulfilCommitment,
    MakeCommitment,
    RecordCommitmentFellDue,
    RescheduleCommitment,
    WaiveCommitment,
)
from events.customer.commitments import (
    CommitmentCorrected,
    CommitmentFellDue,
    CommitmentFulfilled,
    CommitmentMade,
    CommitmentRescheduled,
    CommitmentWaived,
)
from events.vocabulary.identifiers import EventId
from tests.domain.given import given_customer
from tests.domain.people import LIN, NOW, STRANGER, WANG, on
from tests.domain.words import commitment, made

DUE = "2025-03-31 18:00"
MADE = "2025-03-01 10:00"


def make(**given: object) -> MakeCommitment:
    promise: dict[str, object] = {
        "commitment_id": commitment(1),
        "text": "三月底前交付样机",
        "due_at": on(DUE),
        "by": "us",
        "promised_by": LIN,
        "promised_to": "孙经理",
        "origin": "meeting:kick-off",
    }
    return MakeCommitment.model_validate(promise | given)


def promised(at: str, **given: object) -> CommitmentMade:
    return made(1, at=at).model_copy(
        update={"promised_by": LIN, "promised_to": "孙经理", "origin": "meeting:kick-off"} | given
    )


def reschedule(due: str, *, agreed: bool = True) -> RescheduleCommitment:
    return RescheduleCommitment(commitment_id=commitment(1), due_at=on(due), agreed=agreed)


def rescheduled(due: str, previous: str = DUE) -> CommitmentRescheduled:
    return CommitmentRescheduled(
        commitment_id=commitment(1), due_at=on(due), previous_due_at=on(previous), agreed=True, rescheduled_at=NOW
    )


def fulfil(at: str) -> FulfilCommitment:
    return FulfilCommitment(commitment_id=commitment(1), fulfilled_at=on(at))


def fulfilled(at: str) -> CommitmentFulfilled:
    return CommitmentFulfilled(commitment_id=commitment(1), fulfilled_at=on(at))


def waive(at: str | None = None) -> WaiveCommitment:
    return WaiveCommitment(commitment_id=commitment(1), occurred_at=None if at is None else on(at))


WAIVED = CommitmentWaived(commitment_id=commitment(1), waived_at=on("2025-03-09"))


def correct(**given: object) -> CorrectCommitment:
    return CorrectCommitment.model_validate({"commitment_id": commitment(1), "reason": "会议纪要有误"} | given)


def corrected(corrects: EventId, **given: object) -> CommitmentCorrected:
    truth = {
        "commitment_id": commitment(1),
        "corrects": corrects,
        "text": "三月底前交付样机",
        "due_at": on(DUE),
        "by": "us",
        "promised_by": None,
        "promised_to": None,
    }
    return CommitmentCorrected.model_validate(truth | given)


def fall_due(due: str = DUE) -> RecordCommitmentFellDue:
    return RecordCommitmentFellDue(commitment_id=commitment(1), due_at=on(due))


def fell_due(due: str = DUE) -> CommitmentFellDue:
    return CommitmentFellDue(commitment_id=commitment(1), due_at=on(due))


# Making


def test_a_promise_was_made_when_it_occurred() -> None:
    given_customer().when(make(occurred_at=on(MADE))).then(promised(MADE))


def test_a_promise_without_a_time_was_made_now() -> None:
    given_customer().at(NOW).when(make()).then(promised("2025-03-10 09:00"))


def test_a_promise_without_a_time_is_the_same_when_it_is_given_again_later() -> None:
    given_customer().at(NOW).when(make()).then(promised("2025-03-10 09:00")).at(on("2025-03-11")).when(make()).nothing()


def test_a_promise_of_the_customer_names_nobody_of_ours() -> None:
    given_customer().at(NOW).when(make(by="customer", promised_by=None)).then(
        promised("2025-03-10 09:00", by="customer", promised_by=None)
    )


def test_a_promise_is_not_due_before_it_was_made() -> None:
    given_customer().when(make(occurred_at=on("2025-04-01"))).refused("commitment.due-before-made", "due_at")


def test_a_promise_may_be_due_when_it_is_made() -> None:
    given_customer().when(make(occurred_at=on(DUE))).then(promised(DUE))


def test_a_promise_that_was_recorded_late_may_already_be_overdue() -> None:
    given_customer().at(on("2025-04-02")).when(make()).then(promised("2025-04-02"))


def test_a_stranger_promises_nothing() -> None:
    given_customer().when(make(promised_by=STRANGER)).refused("person.unknown", "promised_by")


@pytest.mark.parametrize(
    "other", [{"text": "四月交付"}, {"due_at": on("2025-04-01")}, {"by": "customer"}, {"occurred_at": on("2025-03-02")}]
)
def test_a_promise_id_is_used_once(other: dict[str, object]) -> None:
    given_customer(promised(MADE)).when(make(**other)).refused("commitment.id-taken", "commitment_id")


def test_a_promise_is_still_the_same_after_it_was_rescheduled() -> None:
    given_customer(promised(MADE), rescheduled("2025-04-10")).when(make(occurred_at=on(MADE))).nothing()


# Rescheduling


def test_a_promise_gets_a_new_due_time() -> None:
    given_customer(made(1)).when(reschedule("2025-04-10")).then(rescheduled("2025-04-10"))


def test_each_new_due_time_names_the_one_before() -> None:
    given_customer(made(1), rescheduled("2025-04-10")).when(reschedule("2025-04-20")).then(
        rescheduled("2025-04-20", previous="2025-04-10")
    )


def test_a_promise_may_be_due_earlier() -> None:
    given_customer(made(1)).when(reschedule("2025-03-20")).then(rescheduled("2025-03-20"))


def test_the_same_due_time_is_nothing_new() -> None:
    given_customer(made(1)).when(reschedule(DUE)).nothing()


def test_a_promise_is_not_rescheduled_to_before_it_was_made() -> None:
    given_customer(made(1)).when(reschedule("2025-03-01 09:59")).refused("commitment.due-before-made", "due_at")


def test_a_promise_is_not_moved_before_it_was_made() -> None:
    command = reschedule("2025-04-10").model_copy(update={"occurred_at": on("2025-02-28")})
    given_customer(made(1)).when(command).refused("commitment.rescheduled-before-made", "occurred_at")


def test_a_promise_that_was_recorded_late_is_rescheduled_as_it_truly_was() -> None:
    given_customer(made(1, due="2025-02-20", at="2025-03-10 09:00")).when(reschedule("2025-02-25")).then(
        rescheduled("2025-02-25", previous="2025-02-20")
    )


def test_a_kept_promise_is_not_rescheduled() -> None:
    given_customer(made(1), fulfilled("2025-03-09")).when(reschedule("2025-04-10")).refused(
        "commitment.already-fulfilled", "commitment_id"
    )


def test_a_released_promise_is_not_rescheduled() -> None:
    given_customer(made(1), WAIVED).when(reschedule("2025-04-10")).refused("commitment.already-waived", "commitment_id")


def test_what_was_never_promised_is_not_rescheduled() -> None:
    given_customer().when(reschedule("2025-04-10")).refused("commitment.unknown", "commitment_id")


# Fulfilling


def test_a_promise_is_kept() -> None:
    given_customer(made(1)).when(fulfil("2025-03-09")).then(fulfilled("2025-03-09"))


def test_a_promise_may_be_kept_late() -> None:
    given_customer(made(1), fell_due()).when(fulfil("2025-04-05")).then(fulfilled("2025-04-05"))


def test_a_promise_is_kept_once() -> None:
    given_customer(made(1), fulfilled("2025-03-09")).when(fulfil("2025-03-10")).refused(
        "commitment.already-fulfilled", "commitment_id"
    )


def test_a_promise_is_not_kept_before_it_was_made() -> None:
    given_customer(made(1)).when(fulfil("2025-03-01 09:59")).refused("commitment.fulfilled-before-made", "fulfilled_at")


def test_a_promise_may_be_kept_on_the_spot() -> None:
    given_customer(made(1)).when(fulfil(MADE)).then(fulfilled(MADE))


# Waiving


def test_a_promise_is_released_when_it_occurred() -> None:
    given_customer(made(1)).when(waive("2025-03-09")).then(WAIVED)


def test_a_promise_is_released_now_where_no_time_is_given() -> None:
    given_customer(made(1)).at(on("2025-03-09")).when(waive()).then(WAIVED).at(NOW).when(waive()).nothing()


def test_a_kept_promise_is_not_released() -> None:
    given_customer(made(1), fulfilled("2025-03-09")).when(waive()).refused(
        "commitment.already-fulfilled", "commitment_id"
    )


def test_a_promise_is_not_released_before_it_was_made() -> None:
    given_customer(made(1)).when(waive("2025-03-01 09:59")).refused("interval.inverted", "occurred_at")


# Correcting


def test_a_correction_says_what_was_truly_promised() -> None:
    customer = given_customer(made(1))
    customer.when(correct(text="四月底前交付样机", due_at=on("2025-04-30"), by="customer", promised_by=LIN)).then(
        corrected(customer.event(2), text="四月底前交付样机", due_at=on("2025-04-30"), by="customer", promised_by=LIN)
    )


def test_what_is_absent_stays_and_null_clears() -> None:
    customer = given_customer(promised(MADE))
    customer.when(correct(promised_by=None)).then(corrected(customer.event(2), promised_to="孙经理"))
    customer.when(correct(promised_to=None)).then(corrected(customer.event(2), promised_by=LIN))


@pytest.mark.parametrize("field", ["text", "due_at", "by"])
def test_a_correction_does_not_clear_what_every_promise_has(field: str) -> None:
    given_customer(made(1)).when(correct(**{field: None})).refused("correction.not-clearable", field)


def test_a_correction_without_a_change_is_nothing() -> None:
    given_customer(made(1)).when(correct(text="三月底前交付样机", due_at=on(DUE), by="us")).nothing()


def test_a_correction_names_the_newest_event_of_the_promise() -> None:
    customer = given_customer(made(1), rescheduled("2025-04-10"))
    customer.when(correct(promised_by=WANG)).then(
        corrected(customer.event(3), due_at=on("2025-04-10"), promised_by=WANG)
    )


def test_a_kept_promise_is_still_corrected() -> None:
    customer = given_customer(made(1), fulfilled("2025-03-09"))
    customer.when(correct(promised_to="周厂长")).then(corrected(customer.event(3), promised_to="周厂长"))


def test_a_correction_names_nobody_unknown() -> None:
    given_customer(made(1)).when(correct(promised_by=STRANGER)).refused("person.unknown", "promised_by")


def test_a_correction_does_not_make_a_promise_due_before_it_was_made() -> None:
    given_customer(made(1)).when(correct(due_at=on("2025-02-28"))).refused("commitment.due-before-made", "due_at")


def test_a_promise_that_was_recorded_late_is_corrected_as_it_truly_was() -> None:
    customer = given_customer(made(1, due="2025-02-20", at="2025-03-10 09:00"))
    customer.when(correct(due_at=on("2025-02-15"))).then(corrected(customer.event(2), due_at=on("2025-02-15")))


def test_what_was_never_promised_is_not_corrected() -> None:
    given_customer().when(correct(text="四月交付")).refused("commitment.unknown", "commitment_id")


def test_a_later_agreement_to_the_same_due_time_is_recorded() -> None:
    once = rescheduled("2025-04-10").model_copy(update={"agreed": False})
    again = once.model_copy(update={"agreed": True, "previous_due_at": on("2025-04-10")})
    asked = RescheduleCommitment(commitment_id=commitment(1), due_at=on("2025-04-10"), agreed=True)
    given_customer(made(1), once).when(asked).then(again)


# Falling due


def test_an_open_promise_falls_due() -> None:
    given_customer(made(1)).at(on(DUE)).when(fall_due()).then(fell_due())


def test_a_promise_does_not_fall_due_before_its_time() -> None:
    given_customer(made(1)).at(on("2025-03-31 17:59")).when(fall_due()).nothing()


def test_a_promise_falls_due_once_however_late_it_is_noticed() -> None:
    given_customer(made(1)).at(on("2025-04-02")).when(fall_due()).then(fell_due()).at(on("2025-04-03")).when(
        fall_due()
    ).nothing()


def test_a_rescheduled_promise_does_not_fall_due_at_the_old_time() -> None:
    given_customer(made(1), rescheduled("2025-04-10")).at(on("2025-04-01")).when(fall_due()).nothing()


def test_a_promise_that_was_kept_late_fell_due_all_the_same() -> None:
    given_customer(made(1), fulfilled("2025-04-03")).at(on("2025-04-05")).when(fall_due()).then(fell_due())


def test_a_promise_that_was_kept_in_the_last_instant_did_not_fall_due() -> None:
    given_customer(made(1), fulfilled(DUE)).at(on("2025-04-05")).when(fall_due()).nothing()


def test_a_promise_falls_due_again_at_its_new_time() -> None:
    given_customer(made(1), fell_due(), rescheduled("2025-04-10")).at(on("2025-04-11")).when(
        fall_due("2025-04-10")
    ).then(fell_due("2025-04-10"))


@pytest.mark.parametrize("end", [fulfilled("2025-03-09"), WAIVED])
def test_a_promise_that_is_no_longer_open_does_not_fall_due(end: CommitmentFulfilled | CommitmentWaived) -> None:
    given_customer(made(1), end).at(on(DUE)).when(fall_due()).nothing()
