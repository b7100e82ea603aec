"""The rules of acceptance: check, request, decision, and rectification until accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from aggregates.circumstances import Circumstances
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.histories import Told
from aggregates.project.delivery import Delivery
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.project.acceptance import (
    AcceptanceCommand,
    OrderRectification,
    PassSelfCheck,
    RecordAcceptance,
    RequestAcceptance,
    SubmitRectification,
)
from events.project.acceptance import (
    AcceptanceEvent,
    AcceptanceRecorded,
    AcceptanceRequested,
    RectificationOrdered,
    RectificationSubmitted,
    SelfCheckPassed,
)

Stage = Literal["none", "checked", "requested", "rejected", "ordered", "accepted"]

_NEEDS: dict[type[AcceptanceEvent], Stage] = {
    SelfCheckPassed: "none",
    AcceptanceRequested: "checked",
    AcceptanceRecorded: "requested",
    RectificationOrdered: "rejected",
    RectificationSubmitted: "ordered",
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is remembered of the acceptance of a project."""

    stage: Stage = "none"
    last_step: Fingerprint | None = None
    """The newest step."""
    last_step_at: datetime | None = None


def decide(
    command: AcceptanceCommand, mine: Acceptance, project: Delivery, circumstances: Circumstances
) -> list[AcceptanceEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event = _asked(command)
    if fingerprint(event) == mine.last_step:
        return []
    return [settle(event, event, mine, (), project, circumstances)]


def settle(
    event: AcceptanceEvent,
    _before: AcceptanceEvent,
    mine: Acceptance,
    _told: Sequence[Told],
    project: Delivery,
    _circumstances: Circumstances,
) -> AcceptanceEvent:
    """The event as it is; refuses a step out of order."""
    if project.initiation.decision == "rejected":
        raise Refused("project.already-rejected")
    if mine.stage == "accepted":
        raise Refused("acceptance.already-accepted")
    if mine.stage != _NEEDS[type(event)]:
        raise Refused("acceptance.out-of-order", stage=mine.stage)
    if mine.last_step_at is not None and event.at < mine.last_step_at:
        raise Refused("acceptance.before-last-step", "at")
    if isinstance(event, AcceptanceRecorded) and event.outcome == "accepted":
        criteria = (event.quality, event.quantity, event.delivery_time, event.service_level)
        if "rejected" in criteria:
            raise Refused("acceptance.criterion-rejected", "outcome")
    if isinstance(event, RectificationOrdered) and event.due_at < event.at:
        raise Refused("interval.inverted", "due_at")
    return event


def _asked(command: AcceptanceCommand) -> AcceptanceEvent:
    match command:
        case PassSelfCheck():
            return SelfCheckPassed(at=command.at)
        case RequestAcceptance():
            return AcceptanceRequested(at=command.at)
        case RecordAcceptance():
            return AcceptanceRecorded(
                at=command.at,
                outcome=command.outcome,
                quality=command.quality,
                quantity=command.quantity,
                delivery_time=command.delivery_time,
                service_level=command.service_level,
                report=command.report,
                signed_by=command.signed_by,
            )
        case OrderRectification():
            return RectificationOrdered(at=command.at, content=command.content, due_at=command.due_at)
        case SubmitRectification():
            return RectificationSubmitted(at=command.at, content=command.content)
        case _:
            assert_never(command)


def evolve(_mine: Acceptance, event: AcceptanceEvent, _version: int) -> Acceptance:
    """The acceptance after an event."""
    return Acceptance(_stage(event), fingerprint(event), event.at)


def _stage(event: AcceptanceEvent) -> Stage:
    match event:
        case SelfCheckPassed() | RectificationSubmitted():
            return "checked"
        case AcceptanceRequested():
            return "requested"
        case AcceptanceRecorded():
            return event.outcome
        case RectificationOrdered():
            return "ordered"
        case _:
            assert_never(event)


SLICE = Slice("acceptance", AcceptanceCommand, AcceptanceEvent, decide, evolve, settle=settle)
