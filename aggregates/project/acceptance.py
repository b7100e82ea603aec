"""The rules of acceptance: check, request, decision, and rectification until accepted."""

from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.fingerprint import fingerprint
from aggregates.project.state import Project, Stage
from aggregates.refusal import Refused
from commands.project.acceptance import (
    AcceptanceCommand,
    OrderRectification,
    PassSelfCheck,
    RecordAcceptance,
    RequestAcceptance,
    SubmitRectification,
)
from events.catalogue import AnyEvent
from events.project.acceptance import (
    AcceptanceEvent,
    AcceptanceRecorded,
    AcceptanceRequested,
    RectificationOrdered,
    RectificationSubmitted,
    SelfCheckPassed,
)

_NEEDS: dict[type[AcceptanceCommand], Stage] = {
    PassSelfCheck: "none",
    RequestAcceptance: "checked",
    RecordAcceptance: "requested",
    OrderRectification: "rejected",
    SubmitRectification: "ordered",
}


def decide(command: AcceptanceCommand, state: Project, _circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event = _asked(command)
    if fingerprint(event) == state.last_step:
        return []
    if state.decision == "rejected":
        raise Refused("project.already-rejected")
    if state.stage == "accepted":
        raise Refused("acceptance.already-accepted")
    if state.stage != _NEEDS[type(command)]:
        raise Refused("acceptance.out-of-order", stage=state.stage)
    if state.last_step_at is not None and command.at < state.last_step_at:
        raise Refused("acceptance.before-last-step", "at")
    if isinstance(command, RecordAcceptance) and command.outcome == "accepted":
        criteria = (command.quality, command.quantity, command.delivery_time, command.service_level)
        if "rejected" in criteria:
            raise Refused("acceptance.criterion-rejected", "outcome")
    if isinstance(command, OrderRectification) and command.due_at < command.at:
        raise Refused("interval.inverted", "due_at")
    return [event]


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


def evolve(state: Project, event: AcceptanceEvent) -> Project:
    """The state after an event."""
    return replace(
        state,
        version=state.version + 1,
        last_step=fingerprint(event),
        last_step_at=event.at,
        stage=_stage(event),
    )


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
