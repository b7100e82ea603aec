"""Due times are recorded once, at their own instants."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from commands.base import Command
from commands.customer.commitments import FulfilCommitment, MakeCommitment, RescheduleCommitment
from commands.customer.complaints import (
    AcknowledgeComplaint,
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
)
from commands.customer.profile import RegisterCustomer
from events.customer.commitments import CommitmentFellDue
from events.customer.complaints import ComplaintEscalated
from events.recorded import Recorded
from events.vocabulary.identifiers import CommitmentId, ComplaintId, StreamId, stream_id
from services.application import Zeren
from services.handling import Request, context
from services.reactions.deadlines import Deadlines
from tests.waiting import eventually

NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=60)


@pytest.fixture
def zeren(database_url: str) -> Iterator[Zeren]:
    """An open ledger that watches due times."""
    with Zeren(database_url, watching=True) as opened:
        yield opened


class Customer:
    """A registered customer that commands are given to."""

    def __init__(self, zeren: Zeren) -> None:
        self.zeren = zeren
        self.stream: StreamId = stream_id("customer", uuid4())
        self.give(RegisterCustomer(name="华东电力集团"))

    def give(self, command: Command) -> None:
        self.zeren.handler.execute(Request(self.stream, command, context("system")))

    def recorded(self, kind: type) -> list[Recorded]:
        return [one for one in self.zeren.ledger.read_stream(self.stream) if isinstance(one.event, kind)]

    def await_recorded(self, kind: type, count: int) -> list[Recorded]:
        eventually(lambda: len(self.recorded(kind)) >= count)
        time.sleep(1.5)  # long enough for a second, wrong recording
        return self.recorded(kind)


def promise(commitment: CommitmentId, due_at: datetime) -> MakeCommitment:
    return MakeCommitment(commitment_id=commitment, text="交付备件", due_at=due_at, by="us", occurred_at=LONG_AGO)


def test_an_open_promise_falls_due_once_at_its_own_instant(zeren: Zeren) -> None:
    customer = Customer(zeren)
    late, kept, later, kept_late = (CommitmentId(uuid4()) for _ in range(4))
    due_at = NOW - timedelta(days=30)
    customer.give(promise(kept, NOW + timedelta(days=1)))
    customer.give(FulfilCommitment(commitment_id=kept, fulfilled_at=NOW))
    customer.give(promise(later, NOW + timedelta(days=1)))
    customer.give(promise(late, due_at))
    customer.give(promise(kept_late, due_at + timedelta(days=1)))
    customer.give(FulfilCommitment(commitment_id=kept_late, fulfilled_at=NOW))

    fallen = customer.await_recorded(CommitmentFellDue, 2)

    assert [one.event for one in fallen] == [
        CommitmentFellDue(commitment_id=late, due_at=due_at),
        CommitmentFellDue(commitment_id=kept_late, due_at=due_at + timedelta(days=1)),
    ]
    assert fallen[0].occurred_at == due_at
    assert fallen[0].context.actor == "system:when-commitment-falls-due-then-record-it@1"


def test_a_new_due_time_can_fall_due_again(zeren: Zeren) -> None:
    customer = Customer(zeren)
    commitment = CommitmentId(uuid4())
    first, second = NOW - timedelta(days=30), NOW - timedelta(days=10)
    customer.give(promise(commitment, first))
    customer.await_recorded(CommitmentFellDue, 1)
    customer.give(RescheduleCommitment(commitment_id=commitment, due_at=second, agreed=True))
    fallen = customer.await_recorded(CommitmentFellDue, 2)
    assert [one.occurred_at for one in fallen] == [first, second]


def test_a_clock_that_runs_out_escalates_once_and_a_stopped_one_does_not(zeren: Zeren) -> None:
    customer = Customer(zeren)
    unanswered, waiting = ComplaintId(uuid4()), ComplaintId(uuid4())
    for complaint in (waiting, unanswered):
        customer.give(
            ReceiveComplaint(
                complaint_id=complaint, received_at=NOW, channel="phone", severity="critical", content="停机"
            )
        )
    customer.give(AcknowledgeComplaint(complaint_id=waiting, at=NOW))
    customer.give(StartWaitingOnCustomer(complaint_id=waiting, at=NOW))
    old = ComplaintId(uuid4())
    answered_late = ComplaintId(uuid4())
    customer.give(
        ReceiveComplaint(complaint_id=old, received_at=LONG_AGO, channel="phone", severity="critical", content="停机")
    )
    customer.give(
        ReceiveComplaint(
            complaint_id=answered_late, received_at=LONG_AGO, channel="phone", severity="low", content="异响"
        )
    )
    customer.give(AcknowledgeComplaint(complaint_id=answered_late, at=NOW))
    customer.give(ResolveComplaint(complaint_id=answered_late, at=NOW, solution="更换轴承"))
    escalated = customer.await_recorded(ComplaintEscalated, 4)
    found = [
        (one.event.complaint_id, one.event.clock) for one in escalated if isinstance(one.event, ComplaintEscalated)
    ]
    assert sorted(found) == sorted(
        (complaint, clock) for complaint in (old, answered_late) for clock in ("first_response", "resolution")
    )
    assert all(LONG_AGO < one.occurred_at < NOW for one in escalated)


def test_what_was_solved_in_time_has_no_late_first_response_when_it_is_reopened(zeren: Zeren) -> None:
    customer = Customer(zeren)
    complaint = ComplaintId(uuid4())
    customer.give(
        ReceiveComplaint(
            complaint_id=complaint, received_at=LONG_AGO, channel="phone", severity="critical", content="停机"
        )
    )
    customer.give(ResolveComplaint(complaint_id=complaint, at=LONG_AGO, solution="重启"))
    customer.give(ReopenComplaint(complaint_id=complaint, at=LONG_AGO + timedelta(minutes=1)))
    escalated = customer.await_recorded(ComplaintEscalated, 1)
    assert [one.event.clock for one in escalated if isinstance(one.event, ComplaintEscalated)] == ["resolution"]


def test_what_nothing_comes_of_does_not_keep_the_rest_from_being_recorded(database_url: str) -> None:
    with Zeren(database_url) as zeren:
        customer = Customer(zeren)
        deadlines = Deadlines(zeren.handler, zeren.views, batch=2)
        for days in (4, 3, 2):
            customer.give(promise(CommitmentId(uuid4()), NOW - timedelta(days=days)))
        assert deadlines.step()
        with zeren.database.connection() as connection:
            # A view that was parked behind the log goes on saying that they have yet to fall due.
            connection.execute("UPDATE view_lives.lives SET noted = false WHERE known_to IS NULL")
        assert not deadlines.step()
        other, complaint = Customer(zeren), ComplaintId(uuid4())
        other.give(promise(CommitmentId(uuid4()), NOW - timedelta(days=1)))
        for _ in range(2):
            other.give(
                ReceiveComplaint(
                    complaint_id=complaint, received_at=LONG_AGO, channel="phone", severity="critical", content="停机"
                )
            )
            complaint = ComplaintId(uuid4())
        assert deadlines.step()
        assert len(customer.recorded(CommitmentFellDue)) == 3
        assert len(other.recorded(CommitmentFellDue)) == 1
        assert len(other.recorded(ComplaintEscalated)) == 4
