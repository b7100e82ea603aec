"""What is put right has to be a history that the rules allow, as if it had been told so from the beginning."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pydantic import JsonValue

from aggregates import decider
from commands.base import Command
from commands.customer.commitments import CorrectCommitment
from commands.customer.complaints import (
    AcknowledgeComplaint,
    EscalateComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from commands.customer.satisfaction import RecordSurveyAnswer
from commands.facts import CorrectFact, WithdrawFact
from commands.project.initiation import ApproveProject
from commands.responsibility import EndResponsibility, RevokeDelegation
from events.catalogue import truth
from events.customer.profile import ProfileFactRecorded
from events.customer.satisfaction import SurveyAnswerRecorded
from events.facts import FactCorrected, FactWithdrawn
from events.vocabulary.identifiers import EventId, SurveyAnswerId, SurveyId
from events.vocabulary.values import Scale
from tests.domain.company import POLICY
from tests.domain.given import Scenario, given_customer, given_project
from tests.domain.people import LIN, NOW, STRANGER, WANG, ZHOU, number, on
from tests.domain.words import assigned, assignment, commitment, complaint, delegated, delegation, made, received


def correct(event: EventId, **values: JsonValue) -> CorrectFact:
    return CorrectFact(event=event, values=values, reason="核对后更正")


def told(scenario: Scenario, *commands: Command) -> Scenario:
    """The scenario after commands that are accepted."""
    for command in commands:
        outcome = scenario.when(command)
        assert outcome.refusal is None
        scenario = replace(scenario, history=(*scenario.history, *outcome.events))
    return scenario


def test_a_promise_is_not_corrected_to_be_due_before_it_was_made() -> None:
    promised = given_customer(made(1, "2025-04-01"))
    promised.when(correct(promised.event(2), due_at="2020-01-01T00:00:00+08:00")).refused(
        "commitment.due-before-made", "values.due_at"
    )


def test_a_complaint_is_not_acknowledged_before_it_was_received() -> None:
    known = told(
        given_customer(received(1)), AcknowledgeComplaint(complaint_id=complaint(1), at=on("2025-03-20 10:00"))
    )
    known.when(correct(known.event(3), at="2020-01-01T00:00:00+08:00")).refused("complaint.before-receipt", "values.at")


def test_a_complaint_is_not_resolved_while_it_still_waits() -> None:
    known = told(
        given_customer(received(1)),
        StartWaitingOnCustomer(complaint_id=complaint(1), at=on("2025-03-20 10:00")),
        StopWaitingOnCustomer(complaint_id=complaint(1), at=on("2025-03-21 10:00")),
        ResolveComplaint(complaint_id=complaint(1), at=on("2025-03-22 10:00"), solution="更换主板"),
    )
    known.when(WithdrawFact(event=known.event(4), reason="录错")).refused("complaint.already-waiting", "event")


def test_an_escalation_by_hand_is_corrected() -> None:
    known = told(
        given_customer(received(1)),
        EscalateComplaint(complaint_id=complaint(1), at=on("2025-03-20 10:00"), to_person=ZHOU),
    )
    assert known.when(correct(known.event(3), at="2025-03-20T09:00:00+08:00")).refusal is None


def test_a_clock_that_ran_out_has_run_out_when_the_complaint_is_told_again() -> None:
    known = told(
        given_customer(received(1)).at(on("2025-03-12 09:00")),
        EscalateComplaint(complaint_id=complaint(1), at=on("2025-03-11 18:00"), clock="resolution"),
    )
    assert len(known.when(correct(known.event(2), content="整线停机")).events) == 1
    taken_back, corrected = known.when(correct(known.event(2), severity="medium")).events
    assert isinstance(taken_back, FactWithdrawn)
    assert isinstance(corrected, FactCorrected)


def test_a_complaint_does_not_go_on_that_was_never_received() -> None:
    known = told(
        given_customer(received(1)), AcknowledgeComplaint(complaint_id=complaint(1), at=on("2025-03-20 10:00"))
    )
    known.when(WithdrawFact(event=known.event(2), reason="录错")).refused("complaint.unknown", "event")


def test_a_promise_that_was_put_right_before_is_put_right_again() -> None:
    known = told(
        given_customer(made(1)),
        CorrectCommitment(commitment_id=commitment(1), text="三月底前交付两台样机", reason="漏记一台"),
    )
    assert known.when(correct(known.event(2), made_at="2025-03-02T10:00:00+08:00")).refusal is None


def test_an_approval_is_put_right() -> None:
    approved = told(given_project(), ApproveProject(at=on("2025-03-20 10:00")))
    assert approved.when(correct(approved.event(2), at="2025-03-19T10:00:00+08:00")).refusal is None


def test_whoever_served_when_the_customer_truly_answered_is_pinned() -> None:
    answered = told(
        given_customer(assigned(LIN, until="2025-03-10"), assigned(WANG, since="2025-03-10", no=2)),
        RecordSurveyAnswer(
            survey_id=SurveyId(number(1)),
            answer_id=SurveyAnswerId(number(2)),
            answered_at=on("2025-03-12"),
            scores={"service_attitude": Decimal(4)},
            scale=Scale(min=Decimal(1), max=Decimal(5)),
        ),
    )
    (corrected,) = answered.when(correct(answered.event(4), answered_at="2025-03-09T00:00:00+08:00")).events
    assert isinstance(corrected, FactCorrected)
    truly = truth(corrected)
    assert isinstance(truly, SurveyAnswerRecorded)
    assert [server.person for server in truly.served_by] == [LIN]
    assert answered.when(correct(answered.event(4), scores={"service_attitude": "3"})).refusal is None


def test_a_finding_has_a_collector_whom_we_know() -> None:
    known = given_customer(
        ProfileFactRecorded(
            topic="competitors", content="两家", source="年会", collector=LIN, collected_on=date(2025, 3, 1)
        )
    )
    assert known.when(correct(known.event(2), collector=str(ZHOU))).refusal is None
    known.when(correct(known.event(2), collector=str(STRANGER))).refused("person.unknown", "values.collector")


def test_a_delegation_that_was_revoked_has_been_granted() -> None:
    acting = told(
        given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-06-01")),
        RevokeDelegation(delegation_id=delegation(1), until=on("2025-05-01"), reason="提前返岗"),
    )
    assert acting.when(correct(acting.event(4), until="2025-05-02T00:00:00+08:00")).refusal is None
    acting.when(correct(acting.event(4), until="2025-03-02T00:00:00+08:00")).refused(
        "interval.inverted", "values.until"
    )
    acting.when(WithdrawFact(event=acting.event(3), reason="录错")).refused("delegation.unknown", "event")


def test_whoever_acts_goes_on_acting_where_the_holder_held_it_earlier() -> None:
    acting = given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-06-01"))
    assert acting.when(correct(acting.event(2), since="2024-12-01T00:00:00+08:00")).refusal is None


def test_a_delegation_is_of_an_assignment_that_there_is() -> None:
    acting = given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-06-01"))
    acting.when(correct(acting.event(3), assignment_id=str(assignment(7)))).refused(
        "responsibility.unknown", "values.assignment_id"
    )


def test_an_end_that_was_recorded_wrongly_is_corrected() -> None:
    ended = told(
        given_customer(assigned(LIN)),
        EndResponsibility(assignment_id=assignment(1), until=on("2025-03-20"), reason="调岗"),
    )
    assert ended.when(correct(ended.event(3), until="2025-03-21T00:00:00+08:00")).refusal is None


def test_rules_of_the_company_are_never_due() -> None:
    assert decider.due(POLICY, NOW) == []
