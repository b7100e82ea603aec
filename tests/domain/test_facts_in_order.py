"""What is put right has to be a history that the rules allow, as if it had been told so from the beginning."""

from dataclasses import replace
from datetime import date

from aggregates import decider
from commands.base import Command
from commands.customer.complaints import (
    AcknowledgeComplaint,
    EscalateComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from commands.facts import CorrectFact, WithdrawFact
from commands.responsibility import EndResponsibility, RevokeDelegation
from events.customer.profile import ProfileFactRecorded
from events.facts import FactCorrected, FactWithdrawn
from events.vocabulary.identifiers import EventId
from tests.domain.company import POLICY
from tests.domain.given import Scenario, given_customer
from tests.domain.people import LIN, NOW, STRANGER, WANG, ZHOU, on
from tests.domain.words import assigned, assignment, complaint, delegated, delegation, made, received


def correct(event: EventId, **values: str) -> CorrectFact:
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
