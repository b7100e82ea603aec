"""Orders about the duties that a contract states."""

from typing import ClassVar

from pydantic import Field

from commands.base import Command
from events.vocabulary.identifiers import ObligationId
from events.vocabulary.values import Instant, Later, Measure, PersonalProse


class StartObligationWaiting(Command):
    """Let the due time stand still: the next step is the customer's."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """Since when."""


class StopObligationWaiting(Command):
    """Let the due time go on: the next step is ours."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """Since when; what was lost is added to the due time."""


class RecordPerformance(Command):
    """Record that a duty was done, with what was measured where the clause has a KPI."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """When it was done."""
    measured: Measure | None = None
    """What was measured."""
    content: PersonalProse | None = Field(default=None, examples=["月度可用率报告已由客户签收"])
    """What was done."""


class DeclareBreach(Command):
    """Record that a duty was not done, and by when it is to be made good."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """When the breach was declared."""
    content: PersonalProse = Field(examples=["三月可用率仅 98.9%"])
    """What was not done."""
    cure_due_at: Later | None = None
    """By when it is to be made good; none where nothing was agreed."""


class CureBreach(Command):
    """Record that a breach was made good."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """When it was made good."""
    content: PersonalProse = Field(examples=["更换控制柜，四月可用率 99.8%"])
    """How it was made good."""


class RecordObligationFellDue(Command):
    """Record that an open duty reached its due time (given by the deadline process)."""

    internal: ClassVar[bool] = True

    obligation_id: ObligationId
    """Id of the obligation."""
    due_at: Later
    """The due time that was reached."""


ObligationCommand = (
    StartObligationWaiting
    | StopObligationWaiting
    | RecordPerformance
    | DeclareBreach
    | CureBreach
    | RecordObligationFellDue
)
