"""Visits, and what is promised in them."""

from commands.customer.commitments import MakeCommitment
from commands.customer.visits import PromiseInVisit, RecordVisit
from events.customer.commitments import CommitmentMade, CommitmentRescheduled
from events.customer.visits import VisitRecorded
from events.vocabulary.identifiers import PersonId, VisitId
from tests.domain.given import given_customer
from tests.domain.people import LIN, STRANGER, WANG, number, on
from tests.domain.words import commitment, made

VISIT = VisitId(number(7001))
VISITED = "2025-03-10 14:00"


def promise(no: int, due: str = "2025-03-20 18:00", by: PersonId | None = LIN) -> PromiseInVisit:
    return PromiseInVisit(commitment_id=commitment(no), text="提交整改方案", due_at=on(due), by="us", promised_by=by)


def visit(*promises: PromiseInVisit, attendee: PersonId = LIN, content: str = "讨论七号线停机原因") -> RecordVisit:
    return RecordVisit(
        visit_id=VISIT,
        visited_at=on(VISITED),
        channel="face_to_face",
        our_attendees=(attendee,),
        customer_attendees=("孙经理", "周厂长"),
        purpose="季度拜访",
        content=content,
        feedback="希望加快备件供应",
        commitments=promises,
    )


VISIT_RECORDED = VisitRecorded(
    visit_id=VISIT,
    visited_at=on(VISITED),
    channel="face_to_face",
    our_attendees=(LIN,),
    customer_attendees=("孙经理", "周厂长"),
    purpose="季度拜访",
    content="讨论七号线停机原因",
    feedback="希望加快备件供应",
)


def promised(no: int, due: str = "2025-03-20 18:00") -> CommitmentMade:
    return CommitmentMade(
        commitment_id=commitment(no),
        text="提交整改方案",
        due_at=on(due),
        by="us",
        made_at=on(VISITED),
        promised_by=LIN,
        promised_to=None,
        origin=f"visit:{VISIT}",
    )


def test_a_visit_is_recorded() -> None:
    given_customer().when(visit()).then(VISIT_RECORDED)


def test_each_promise_in_a_visit_becomes_a_commitment() -> None:
    given_customer().when(visit(promise(1), promise(2))).then(VISIT_RECORDED, promised(1), promised(2))


def test_a_visit_is_the_same_after_its_promise_was_rescheduled() -> None:
    later = CommitmentRescheduled(
        commitment_id=commitment(1),
        due_at=on("2025-03-25"),
        previous_due_at=on("2025-03-20 18:00"),
        agreed=False,
    )
    given_customer(VISIT_RECORDED, promised(1), later).when(visit(promise(1))).nothing()


def test_a_visit_id_is_used_once() -> None:
    given_customer(VISIT_RECORDED).when(visit(content="参观新厂房")).refused("visit.id-taken", "visit_id")


def test_a_recorded_visit_gets_no_further_promise() -> None:
    given_customer(VISIT_RECORDED, promised(1)).when(visit(promise(1), promise(2))).refused(
        "visit.id-taken", "visit_id"
    )


def test_a_recorded_promise_does_not_change_with_its_visit() -> None:
    given_customer(VISIT_RECORDED, promised(1)).when(visit(promise(1, "2025-03-21"))).refused(
        "visit.id-taken", "visit_id"
    )


def test_a_stranger_visits_nobody() -> None:
    given_customer().when(visit(attendee=STRANGER)).refused("person.unknown", "our_attendees")


def test_a_stranger_promises_nothing_in_a_visit() -> None:
    given_customer().when(visit(promise(1, by=STRANGER))).refused("person.unknown", "commitments.promised_by")


def test_a_promise_in_a_visit_may_be_said_by_nobody_in_particular() -> None:
    given_customer().when(visit(promise(1, by=None))).then(
        VISIT_RECORDED, promised(1).model_copy(update={"promised_by": None})
    )


def test_a_promise_in_a_visit_has_an_id_of_its_own() -> None:
    given_customer().when(visit(promise(1), promise(1))).refused("commitment.id-taken", "commitments.commitment_id")
    given_customer(made(1)).when(visit(promise(1))).refused("commitment.id-taken", "commitments.commitment_id")


def test_a_promise_in_a_visit_is_not_due_before_the_visit() -> None:
    given_customer().when(visit(promise(1, "2025-03-10 13:59"))).refused(
        "commitment.due-before-made", "commitments.due_at"
    )


def test_a_promise_in_a_visit_may_be_kept_on_the_spot() -> None:
    given_customer().when(visit(promise(1, VISITED))).then(VISIT_RECORDED, promised(1, VISITED))


def test_a_promise_in_a_visit_is_a_promise_like_any_other() -> None:
    again = MakeCommitment(
        commitment_id=commitment(1),
        text="提交整改方案",
        due_at=on("2025-03-20 18:00"),
        by="us",
        promised_by=WANG,
        occurred_at=on(VISITED),
    )
    given_customer(VISIT_RECORDED, promised(1)).when(again).refused("commitment.id-taken", "commitment_id")
