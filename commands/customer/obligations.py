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
    """From when on."""


class StopObligationWaiting(Command):
    """Let the due time go on: the next step is ours."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """From when on."""


class RecordPerformance(Command):
    """Record that a duty was done, with what was measured where the clause has a KPI."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """When it was done."""
    measured: Measure | None = None
    """What was measured, in the unit of the target."""
    content: PersonalProse | None = Field(default=None, examples=["三号线巡检完毕"])
    """What was done."""


class DeclareBreach(Command):
    """Record that a duty was not done, and by when it is to be made good."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """When it was said."""
    content: PersonalProse = Field(examples=["第一季度未巡检"])
    """What was not done."""
    cure_due_at: Later | None = None
    """By when it is to be made good; absent where nothing is asked."""


class CureBreach(Command):
    """Record that a breach was made good."""

    obligation_id: ObligationId
    """Id of the obligation."""
    at: Instant
    """When it was made good."""
    content: PersonalProse = Field(examples=["已补做巡检"])
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
