"""The rules of complaints and their clocks."""

from datetime import datetime, timedelta
from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Complaint, Customer
from aggregates.refusal import Refused
from commands.customer.complaints import (
    AcknowledgeComplaint,
    AssignComplaint,
    CloseComplaint,
    ComplaintCommand,
    EscalateComplaint,
    ProposeSolution,
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from events.catalogue import AnyEvent
from events.customer.complaints import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintEvent,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintResolved,
    ServiceLevel,
    SolutionProposed,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
)
from events.vocabulary.values import LATEST
from events.vocabulary.working_calendar import WorkingCalendar


def decide(command: ComplaintCommand, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if isinstance(command, ReceiveComplaint):
        return _receive(command, state, circumstances)
    known = state.complaints.get(command.complaint_id)
    if known is None:
        raise Refused("complaint.unknown", "complaint_id")
    if command.at < known.received.received_at:
        raise Refused("complaint.before-receipt", "at")
    match command:
        case AcknowledgeComplaint():
            if known.acknowledged_at == command.at:
                return []
            if known.acknowledged_at is not None:
                raise Refused("complaint.already-acknowledged", "at")
            return [ComplaintAcknowledged(complaint_id=command.complaint_id, at=command.at)]
        case AssignComplaint():
            return _assign(command, known, circumstances)
        case StartWaitingOnCustomer():
            if known.waiting_since == command.at:
                return []
            _require_running(known, command.at)
            return [WaitingOnCustomerStarted(complaint_id=command.complaint_id, at=command.at)]
        case StopWaitingOnCustomer():
            return _stop_waiting(command, known, circumstances)
        case ProposeSolution():
            if known.proposed == (command.at, command.solution):
                return []
            _require_open(known)
            return [SolutionProposed(complaint_id=command.complaint_id, at=command.at, solution=command.solution)]
        case ResolveComplaint():
            return _resolve(command, known, circumstances)
        case CloseComplaint():
            return _close(command, known)
        case ReopenComplaint():
            return _reopen(command, known, circumstances)
        case EscalateComplaint():
            return _escalate(command, known, circumstances)
        case _:
            assert_never(command)


def _due(calendar: WorkingCalendar, start: datetime, working: timedelta, at_fault: str) -> datetime:
    try:
        due = calendar.add(start, working)
    except ValueError as too_little_time:
        raise Refused("complaint.no-due-time", at_fault) from too_little_time
    if due >= LATEST:
        raise Refused("complaint.no-due-time", at_fault)
    return due


def _receive(command: ReceiveComplaint, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    known = state.complaints.get(command.complaint_id)
    if known is not None:
        received = known.received
        asked = (command.received_at, command.channel, command.severity, command.content, command.contact)
        if asked == (
            received.received_at,
            received.channel,
            received.severity,
            received.content,
            received.contact,
        ):
            return []
        raise Refused("complaint.id-taken", "complaint_id")
    policy = circumstances.policy()
    calendar = policy.calendar()
    tier = state.tier_at(command.received_at)
    found = policy.level(tier, command.severity, command.received_at)
    if calendar is None or found is None:
        raise Refused("complaint.no-service-level", "severity")
    edition, level = found
    first_response_due_at, resolution_due_at = (
        _due(calendar, command.received_at, timedelta(minutes=minutes), "received_at")
        for minutes in (level.first_response_minutes, level.resolution_minutes)
    )
    return [
        ComplaintReceived(
            complaint_id=command.complaint_id,
            received_at=command.received_at,
            channel=command.channel,
            severity=command.severity,
            content=command.content,
            contact=command.contact,
            service_level=ServiceLevel(
                policy_version=edition,
                calendar_version=len(policy.calendars),
                tier=tier,
                first_response_minutes=level.first_response_minutes,
                resolution_minutes=level.resolution_minutes,
            ),
            first_response_due_at=first_response_due_at,
            resolution_due_at=resolution_due_at,
            provisional=not (calendar.knows(command.received_at) and calendar.knows(resolution_due_at)),
        )
    ]


def _require_open(known: Complaint) -> None:
    if known.status != "open":
        raise Refused(f"complaint.already-{known.status}", "complaint_id")


def _require_running(known: Complaint, at: datetime) -> None:
    _require_open(known)
    if known.waiting_since is not None:
        raise Refused("complaint.already-waiting", "at")
    if known.last_at is not None and at < known.last_at:
        raise Refused("complaint.out-of-order", "at")


def _assign(command: AssignComplaint, known: Complaint, circumstances: Circumstances) -> list[AnyEvent]:
    event = ComplaintAssigned(
        complaint_id=command.complaint_id, person=command.person, department=command.department, at=command.at
    )
    if known.assigned == event:
        return []
    _require_open(known)
    if known.assigned is not None and command.at < known.assigned.at:
        raise Refused("complaint.out-of-order", "at")
    circumstances.require_active(command.person, "person", command.at)
    return [event]


def _due_after_pause(known: Complaint, stopped_at: datetime, at: datetime, circumstances: Circumstances) -> datetime:
    if known.resolution_due_at <= stopped_at:
        return known.resolution_due_at
    calendar = circumstances.policy().calendars[known.received.service_level.calendar_version - 1]
    return _due(calendar, at, calendar.between(stopped_at, known.resolution_due_at), "at")


def _stop_waiting(command: StopWaitingOnCustomer, known: Complaint, circumstances: Circumstances) -> list[AnyEvent]:
    if known.waiting_since is None:
        if known.last_at == command.at:
            return []
        raise Refused("complaint.not-waiting", "at")
    return [_stopped(known, known.waiting_since, command.at, circumstances)]


def _stopped(known: Complaint, since: datetime, at: datetime, circumstances: Circumstances) -> WaitingOnCustomerStopped:
    if at < since:
        raise Refused("complaint.out-of-order", "at")
    return WaitingOnCustomerStopped(
        complaint_id=known.received.complaint_id,
        at=at,
        resolution_due_at=_due_after_pause(known, since, at, circumstances),
    )


def _resolve(command: ResolveComplaint, known: Complaint, circumstances: Circumstances) -> list[AnyEvent]:
    if known.status != "open" and (known.resolved_at, known.solution) == (command.at, command.solution):
        return []
    _require_open(known)
    since = known.waiting_since
    stopped = [] if since is None else [_stopped(known, since, command.at, circumstances)]
    if known.last_at is not None and command.at < known.last_at:
        raise Refused("complaint.out-of-order", "at")
    return [
        *stopped,
        ComplaintResolved(
            complaint_id=command.complaint_id,
            at=command.at,
            solution=command.solution,
            resolution_due_at=stopped[0].resolution_due_at if stopped else known.resolution_due_at,
        ),
    ]


def _close(command: CloseComplaint, known: Complaint) -> list[AnyEvent]:
    if known.closed_at == command.at:
        return []
    if known.status == "closed":
        raise Refused("complaint.already-closed", "complaint_id")
    if known.status != "resolved" or known.resolved_at is None:
        raise Refused("complaint.not-resolved", "complaint_id")
    if command.at < known.resolved_at:
        raise Refused("complaint.out-of-order", "at")
    return [ComplaintClosed(complaint_id=command.complaint_id, at=command.at)]


def _reopen(command: ReopenComplaint, known: Complaint, circumstances: Circumstances) -> list[AnyEvent]:
    if known.status == "open" and known.reopened_at == command.at:
        return []
    if known.status == "open" or known.resolved_at is None:
        raise Refused("complaint.not-resolved", "complaint_id")
    if command.at < (known.closed_at or known.resolved_at):
        raise Refused("complaint.out-of-order", "at")
    return [
        ComplaintReopened(
            complaint_id=command.complaint_id,
            at=command.at,
            resolution_due_at=_due_after_pause(known, known.resolved_at, command.at, circumstances),
        )
    ]


def _escalate(command: EscalateComplaint, known: Complaint, circumstances: Circumstances) -> list[AnyEvent]:
    if (command.clock, command.to_person, command.at) in known.escalations or command.clock in known.clocks_run_out:
        return []
    if command.clock is None and known.status == "closed":
        raise Refused("complaint.already-closed", "complaint_id")
    if command.clock is not None and not _ran_out(command, known, circumstances.now):
        raise Refused("complaint.clock-still-running", "clock")
    if command.to_person is not None:
        circumstances.require_active(command.to_person, "to_person", command.at)
    return [
        ComplaintEscalated(
            complaint_id=command.complaint_id, at=command.at, clock=command.clock, to_person=command.to_person
        )
    ]


def _ran_out(command: EscalateComplaint, known: Complaint, now: datetime) -> bool:
    """Whether the clock ran out by the instant given, be it that the answer came late before anybody looked."""
    if command.clock == "first_response":
        # A solution is an answer too, though the customer came back.
        answers = [at for at in (known.acknowledged_at, known.first_resolved_at) if at is not None]
        due, answered = known.received.first_response_due_at, min(answers, default=None)
    else:
        due, answered = known.resolution_due_at, None if known.status == "open" else known.resolved_at
        if known.status == "open" and known.waiting_since is not None and known.waiting_since < due:
            return False
    return due <= command.at <= now and (answered is None or due < answered)


def evolve(state: Customer, event: ComplaintEvent) -> Customer:
    """The state after an event."""
    if isinstance(event, ComplaintReceived):
        return _with(state, Complaint(event, event.resolution_due_at, opened=state.version + 1))
    known = state.complaints[event.complaint_id]
    match event:
        case ComplaintAcknowledged():
            known = replace(known, acknowledged_at=event.at)
        case ComplaintAssigned():
            known = replace(known, assigned=event)
        case WaitingOnCustomerStarted():
            known = replace(known, waiting_since=event.at, last_at=event.at)
        case WaitingOnCustomerStopped():
            known = replace(known, waiting_since=None, last_at=event.at, resolution_due_at=event.resolution_due_at)
        case SolutionProposed():
            known = replace(known, proposed=(event.at, event.solution))
        case ComplaintResolved():
            known = replace(
                known,
                status="resolved",
                first_resolved_at=known.first_resolved_at or event.at,
                resolved_at=event.at,
                solution=event.solution,
                last_at=event.at,
            )
        case ComplaintClosed():
            known = replace(known, status="closed", closed_at=event.at)
        case ComplaintReopened():
            known = replace(
                known,
                status="open",
                closed_at=None,
                reopened_at=event.at,
                last_at=event.at,
                resolution_due_at=event.resolution_due_at,
            )
        case ComplaintEscalated():
            known = replace(
                known,
                escalations=known.escalations | {(event.clock, event.to_person, event.at)},
                clocks_run_out=known.clocks_run_out | ({event.clock} if event.clock else set()),
            )
        case _:
            assert_never(event)
    return _with(state, known)


def _with(state: Customer, complaint: Complaint) -> Customer:
    key = complaint.received.complaint_id
    return replace(
        state,
        version=state.version + 1,
        complaints=state.complaints.put(key, complaint),
        open_complaints=state.open_complaints.put(key, complaint.opened)
        if complaint.status == "open"
        else state.open_complaints.without(key),
    )
