"""Orders about the duties that a contract states."""

from typing import ClassVar

from commands.base import Command
from events.vocabulary.identifiers import ObligationId
from events.vocabulary.values import Instant, Measure, Prose


class StartObligationWaiting(Command):
    """Let the due time stand still: the next step is the customer's."""

    obligation_id: ObligationId
    at: Instant


class StopObligationWaiting(Command):
    """Let the due time go on: the next step is ours."""

    obligation_id: ObligationId
    at: Instant


class RecordPerformance(Command):
    """Record that a duty was done, with what was measured where the clause has a KPI."""

    obligation_id: ObligationId
    at: Instant
    measured: Measure | None = None
    content: Prose | None = None


class DeclareBreach(Command):
    """Record that a duty was not done, and by when it is to be made good."""

    obligation_id: ObligationId
    at: Instant
    content: Prose
    cure_due_at: Instant | None = None


class CureBreach(Command):
    """Record that a breach was made good."""

    obligation_id: ObligationId
    at: Instant
    content: Prose


class RecordObligationFellDue(Command):
    """Record that an open duty reached its due time (given by the deadline process)."""

    internal: ClassVar[bool] = True

    obligation_id: ObligationId
    due_at: Instant


ObligationCommand = (
    StartObligationWaiting
    | StopObligationWaiting
    | RecordPerformance
    | DeclareBreach
    | CureBreach
    | RecordObligationFellDue
)
