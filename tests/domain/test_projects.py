"""Projects: proposed, decided, and accepted step by step."""

from datetime import date
from decimal import Decimal

import pytest

from commands.project.acceptance import (
    OrderRectification,
    PassSelfCheck,
    RecordAcceptance,
    RequestAcceptance,
    SubmitRectification,
)
from commands.project.initiation import ApproveProject, ProposeProject, RejectProject
from events.base import Event
from events.project.acceptance import (
    AcceptanceRecorded,
    AcceptanceRequested,
    RectificationOrdered,
    RectificationSubmitted,
    SelfCheckPassed,
)
from events.project.initiation import ProjectApproved, ProjectProposed, ProjectRejected
from events.vocabulary.identifiers import CustomerId
from events.vocabulary.values import Outcome
from tests.domain.given import given_project, given_project_before_proposal
from tests.domain.people import BINHAI, HUADONG, NO_CUSTOMER, on

# Proposing and deciding


def propose(
    customer: CustomerId = HUADONG, *, starts_on: date | None = None, ends_on: date | None = None
) -> ProposeProject:
    return ProposeProject(
        customer=customer,
        name="七号线改造",
        goal="产能提高两成",
        budget=Decimal("1200000.00"),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def proposed(starts_on: date | None = None, ends_on: date | None = None) -> ProjectProposed:
    return ProjectProposed(
        customer=HUADONG,
        name="七号线改造",
        goal="产能提高两成",
        budget=Decimal("1200000.00"),
        starts_on=starts_on,
        ends_on=ends_on,
    )


def approve(at: str = "2025-03-10 10:00") -> ApproveProject:
    return ApproveProject(at=on(at))


def reject(at: str = "2025-03-10 10:00") -> RejectProject:
    return RejectProject(at=on(at), reason="预算不足")


APPROVED = ProjectApproved(at=on("2025-03-10 10:00"))
REJECTED = ProjectRejected(at=on("2025-03-10 10:00"))


def test_a_project_is_proposed_for_a_customer() -> None:
    given_project_before_proposal().when(propose()).then(proposed())


def test_a_project_may_start_and_end_on_one_day() -> None:
    given_project_before_proposal().when(propose(starts_on=date(2025, 4, 1), ends_on=date(2025, 4, 1))).then(
        proposed(date(2025, 4, 1), date(2025, 4, 1))
    )


def test_a_project_does_not_end_before_it_starts() -> None:
    given_project_before_proposal().when(propose(starts_on=date(2025, 4, 1), ends_on=date(2025, 3, 31))).refused(
        "interval.inverted", "ends_on"
    )


def test_a_project_is_for_a_customer_whom_we_know() -> None:
    given_project_before_proposal().when(propose(NO_CUSTOMER)).refused("customer.unknown", "customer")


def test_a_project_is_proposed_once() -> None:
    given_project().when(propose(BINHAI)).refused("project.already-proposed")


def test_a_project_is_approved() -> None:
    given_project().when(approve()).then(APPROVED)


def test_a_project_is_turned_down() -> None:
    given_project().when(reject()).then(REJECTED)


def test_a_project_is_decided_once() -> None:
    given_project(APPROVED).when(reject()).refused("project.already-approved")
    given_project(APPROVED).when(approve("2025-03-10 10:01")).refused("project.already-approved")
    given_project(REJECTED).when(approve()).refused("project.already-rejected")


def test_what_was_never_proposed_is_not_approved() -> None:
    given_project_before_proposal().when(approve()).refused("project.not-proposed")


# Acceptance


def check(at: str = "2025-05-01") -> PassSelfCheck:
    return PassSelfCheck(at=on(at))


def request(at: str = "2025-05-02") -> RequestAcceptance:
    return RequestAcceptance(at=on(at))


def decide(
    outcome: Outcome, at: str = "2025-05-03", *, quality: Outcome = "accepted", service: Outcome = "accepted"
) -> RecordAcceptance:
    return RecordAcceptance(
        at=on(at),
        outcome=outcome,
        quality=quality,
        quantity="accepted",
        delivery_time="accepted",
        service_level=service,
        report="验收报告第一号",
        signed_by="周厂长",
    )


def order(at: str = "2025-05-04", due: str = "2025-05-10") -> OrderRectification:
    return OrderRectification(at=on(at), content="更换传感器", due_at=on(due))


def submit(at: str = "2025-05-09") -> SubmitRectification:
    return SubmitRectification(at=on(at), content="传感器已更换")


def checked(at: str = "2025-05-01") -> SelfCheckPassed:
    return SelfCheckPassed(at=on(at))


def requested(at: str = "2025-05-02") -> AcceptanceRequested:
    return AcceptanceRequested(at=on(at))


def decided(outcome: Outcome, at: str = "2025-05-03", *, quality: Outcome = "accepted") -> AcceptanceRecorded:
    return AcceptanceRecorded(
        at=on(at),
        outcome=outcome,
        quality=quality,
        quantity="accepted",
        delivery_time="accepted",
        service_level="accepted",
        report="验收报告第一号",
        signed_by="周厂长",
    )


ORDERED = RectificationOrdered(at=on("2025-05-04"), content="更换传感器", due_at=on("2025-05-10"))
SUBMITTED = RectificationSubmitted(at=on("2025-05-09"), content="传感器已更换")
TURNED_DOWN: tuple[Event, ...] = (checked(), requested(), decided("rejected", quality="rejected"))


def test_a_delivery_is_checked_asked_for_and_accepted() -> None:
    given_project(APPROVED).when(check()).then(checked()).when(request()).then(requested()).when(
        decide("accepted")
    ).then(decided("accepted"))


def test_a_delivery_that_was_rejected_is_rectified_until_it_is_accepted() -> None:
    given_project(APPROVED, checked(), requested()).when(decide("rejected", quality="rejected")).then(
        decided("rejected", quality="rejected")
    ).when(order()).then(ORDERED).when(submit()).then(SUBMITTED).when(request("2025-05-09")).then(
        requested("2025-05-09")
    ).when(decide("accepted", "2025-05-12")).then(decided("accepted", "2025-05-12"))


STEPS = {
    "checked": check(),
    "requested": request(),
    "decided": decide("accepted"),
    "ordered": order(),
    "submitted": submit(),
}
HISTORIES: dict[str, tuple[Event, ...]] = {
    "none": (),
    "checked": (checked(),),
    "requested": (checked(), requested()),
    "rejected": TURNED_DOWN,
    "ordered": (*TURNED_DOWN, ORDERED),
}
NEXT = {
    "none": "checked",
    "checked": "requested",
    "requested": "decided",
    "rejected": "ordered",
    "ordered": "submitted",
}


@pytest.mark.parametrize("stage", HISTORIES)
@pytest.mark.parametrize("step", STEPS)
def test_only_the_next_step_is_taken(stage: str, step: str) -> None:
    if step == NEXT[stage] or step == stage:
        assert given_project(*HISTORIES[stage]).when(STEPS[step]).refusal is None
    else:
        given_project(*HISTORIES[stage]).when(STEPS[step]).refused("acceptance.out-of-order", stage=stage)


@pytest.mark.parametrize("step", ["checked", "requested", "ordered", "submitted"])
def test_nothing_comes_after_acceptance(step: str) -> None:
    given_project(checked(), requested(), decided("accepted")).when(STEPS[step]).refused("acceptance.already-accepted")


def test_a_delivery_is_not_accepted_with_a_criterion_rejected() -> None:
    given_project(checked(), requested()).when(decide("accepted", service="rejected")).refused(
        "acceptance.criterion-rejected", "outcome"
    )


def test_a_delivery_may_be_rejected_for_another_reason_than_the_criteria() -> None:
    given_project(checked(), requested()).when(decide("rejected")).then(decided("rejected"))


def test_no_step_lies_before_the_one_before() -> None:
    given_project(checked()).when(request("2025-04-30")).refused("acceptance.before-last-step", "at")


def test_two_steps_may_be_taken_at_once() -> None:
    given_project(checked()).when(request("2025-05-01")).then(requested("2025-05-01"))


def test_a_rectification_is_not_due_before_it_is_ordered() -> None:
    given_project(*TURNED_DOWN).when(order(due="2025-05-03")).refused("interval.inverted", "due_at")


def test_a_project_that_was_turned_down_is_not_delivered() -> None:
    given_project(REJECTED).when(check()).refused("project.already-rejected")
