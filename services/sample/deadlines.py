"""Plays the deadline process during the story: records what falls due and runs out, at its own instant."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from aggregates.customer.state import Complaint, Customer
from commands.base import Command
from commands.customer.commitments import RecordCommitmentFellDue
from commands.customer.complaints import EscalateComplaint
from events.recorded import Actor, Context
from events.vocabulary.identifiers import CommitmentId, StreamId
from events.vocabulary.values import ClockName
from services.handling import CommandHandler, Failure, Request
from services.reactions import when_commitment_falls_due_then_record_it, when_complaint_clock_runs_out_then_escalate
from services.sample.clock import SimulatedClock


@dataclass(frozen=True, slots=True)
class _Due:
    at: datetime
    actor: Actor
    command: Command


class Deadlines:
    """What is due next in each customer stream."""

    def __init__(self, handler: CommandHandler, clock: SimulatedClock) -> None:
        self.handler = handler
        self.clock = clock
        self.queue: list[tuple[datetime, StreamId]] = []

    def look_at(self, streams: Iterable[StreamId]) -> None:
        """Notice when something in these streams is due next."""
        for stream in streams:
            due = next(iter(self._due(stream)), None)
            if due is not None:
                heapq.heappush(self.queue, (due.at, stream))

    def run(self, until: datetime) -> None:
        """Record everything that is due up to `until`, in order."""
        while self.queue and self.queue[0][0] <= until:
            moment, stream = heapq.heappop(self.queue)
            self.clock.stand_at(moment)
            for due in self._due(stream):
                if due.at > moment:
                    break
                context = Context(actor=due.actor, trust="sample")
                result = self.handler.execute_groups([[Request(stream, due.command, context)]])[0]
                if isinstance(result, Failure):
                    raise result.error
            self.look_at([stream])

    def _due(self, stream: StreamId) -> list[_Due]:
        ledger = self.handler.ledger
        customer = cast("Customer", ledger.remembered(stream) or ledger.state(stream))
        due = [
            _fell_due(identifier, one.made.due_at)
            for identifier, one in customer.commitments.items()
            if one.status == "open" and one.fell_due_at != one.made.due_at
        ]
        for complaint in customer.complaints.values():
            due += _clocks(complaint)
        return sorted(due, key=lambda one: one.at)


def _fell_due(identifier: CommitmentId, at: datetime) -> _Due:
    command = RecordCommitmentFellDue(commitment_id=identifier, due_at=at, occurred_at=at)
    return _Due(at, when_commitment_falls_due_then_record_it.RULE, command)


def _clocks(complaint: Complaint) -> Iterable[_Due]:
    if complaint.acknowledged_at is None and "first_response" not in complaint.clocks_run_out:
        yield _ran_out(complaint, "first_response", complaint.received.first_response_due_at)
    running = complaint.status == "open" and complaint.waiting_since is None
    if running and "resolution" not in complaint.clocks_run_out:
        yield _ran_out(complaint, "resolution", complaint.resolution_due_at)


def _ran_out(complaint: Complaint, clock: ClockName, at: datetime) -> _Due:
    command = EscalateComplaint(complaint_id=complaint.received.complaint_id, at=at, clock=clock)
    return _Due(at, when_complaint_clock_runs_out_then_escalate.RULE, command)
