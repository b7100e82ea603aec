"""The rules of complaints and their clocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never, cast

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.customer.service_levels import due_after_pause, started
from aggregates.due import Due, falls_due
from aggregates.histories import Told
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.slices import Slice
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
from events.base import but
from events.customer.complaints import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintEvent,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintResolved,
    SolutionProposed,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
)
from events.vocabulary.identifiers import ComplaintId, PersonId
from events.vocabulary.items import COMPLAINT, FIRST_RESPONSE, ItemKind
from events.vocabulary.values import ClockName, Prose

RULE = "when-complaint-clock-runs-out-then-escalate@1"
CLOCKS: dict[ClockName, ItemKind] = {"first_response": FIRST_RESPONSE, "resolution": COMPLAINT}
"""Whose due time each clock runs to."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint and its clocks."""

    received: ComplaintReceived
    resolution_due_at: datetime
    opened: int
    """The version that it was received at."""
    status: Literal["open", "resolved", "closed"] = "open"
    acknowledged_at: datetime | None = None
    assigned: ComplaintAssigned | None = None
    waiting_since: datetime | None = None
    proposed: tuple[datetime, Prose] | None = None
    """The last solution that was proposed."""
    resolved_at: datetime | None = None
    solution: Prose | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    escalations: frozenset[tuple[ClockName | None, PersonId | None, datetime]] = frozenset()
    clocks_run_out: frozenset[ClockName] = frozenset()
    last_at: datetime | None = None
    """The latest instant on the resolution clock: nothing may be recorded on it before."""


Complaints = Items[ComplaintId, Complaint]


def decide(
    command: ComplaintCommand, mine: Complaints, customer: Account, circumstances: Circumstances
) -> list[ComplaintEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if isinstance(command, ReceiveComplaint):
        return _receive(command, mine, customer, circumstances)
    known = mine.get(command.complaint_id)
    if known is None:
        raise Refused("complaint.unknown", "complaint_id")
    if command.at < known.received.received_at:
        raise Refused("complaint.before-receipt", "at")
    if isinstance(command, EscalateComplaint):
        told = customer.histories[f"complaint:{command.complaint_id}"].told
        return _escalate(command, known, told, circumstances)
    stopped: list[ComplaintEvent] = []
    if isinstance(command, ResolveComplaint) and known.status == "open" and known.waiting_since is not None:
        # Whoever resolves it waits no more.
        stopped.append(_stopped(known, known.waiting_since, command.at, circumstances))
        mine = evolve(mine, stopped[0], 0)
        known = mine[command.complaint_id]
    event = _asked(command, known)
    if event is None:
        return []
    # Of what was told only an escalation is asked whether it follows from it.
    settled = settle(event, event, mine, (), customer, circumstances)
    admit(event, event, customer, circumstances)
    return [] if settled is None else [*stopped, settled]


_Step = (
    AcknowledgeComplaint
    | AssignComplaint
    | StartWaitingOnCustomer
    | StopWaitingOnCustomer
    | ProposeSolution
    | ResolveComplaint
    | CloseComplaint
    | ReopenComplaint
)


def _asked(command: _Step, known: Complaint) -> ComplaintEvent | None:
    """What a command asks for; none where it is so already."""
    complaint_id, at, due_at = command.complaint_id, command.at, known.resolution_due_at
    match command:
        case AcknowledgeComplaint():
            return None if known.acknowledged_at == at else ComplaintAcknowledged(complaint_id=complaint_id, at=at)
        case AssignComplaint():
            event = ComplaintAssigned(
                complaint_id=complaint_id, person=command.person, department=command.department, at=at
            )
            return None if known.assigned == event else event
        case StartWaitingOnCustomer():
            return None if known.waiting_since == at else WaitingOnCustomerStarted(complaint_id=complaint_id, at=at)
        case StopWaitingOnCustomer():
            if known.waiting_since is None and known.last_at == at:
                return None
            return WaitingOnCustomerStopped(complaint_id=complaint_id, at=at, resolution_due_at=due_at)
        case ProposeSolution():
            if known.proposed == (at, command.solution):
                return None
            return SolutionProposed(complaint_id=complaint_id, at=at, solution=command.solution)
        case ResolveComplaint():
            if known.status != "open" and (known.resolved_at, known.solution) == (at, command.solution):
                return None
            return ComplaintResolved(
                complaint_id=complaint_id, at=at, solution=command.solution, resolution_due_at=due_at
            )
        case CloseComplaint():
            return None if known.closed_at == at else ComplaintClosed(complaint_id=complaint_id, at=at)
        case ReopenComplaint():
            if known.status == "open" and known.reopened_at == at:
                return None
            return ComplaintReopened(complaint_id=complaint_id, at=at, resolution_due_at=due_at)
        case _:
            assert_never(command)


def settle(
    event: ComplaintEvent,
    before: ComplaintEvent,
    mine: Complaints,
    told: Sequence[Told],
    customer: Account,
    circumstances: Circumstances,
) -> ComplaintEvent | None:
    """The event with its due time; none where a clock did not run out; refuses what may not come next."""
    if isinstance(event, ComplaintReceived):
        return _settled_receipt(event, cast("ComplaintReceived", before), customer, circumstances)
    known = mine.get(event.complaint_id)
    if known is None:
        raise Refused("complaint.unknown", "complaint_id")
    if event.at < known.received.received_at:
        raise Refused("complaint.before-receipt", "at")
    match event:
        case ComplaintAcknowledged():
            if known.acknowledged_at is not None:
                raise Refused("complaint.already-acknowledged", "at")
        case ComplaintAssigned():
            _require_open(known)
            if known.assigned is not None and event.at < known.assigned.at:
                raise Refused("complaint.out-of-order", "at")
        case WaitingOnCustomerStarted():
            _require_open(known)
            if known.waiting_since is not None:
                raise Refused("complaint.already-waiting", "at")
            _require_later(known, event.at)
        case WaitingOnCustomerStopped():
            if known.waiting_since is None:
                raise Refused("complaint.not-waiting", "at")
            return _stopped(known, known.waiting_since, event.at, circumstances)
        case SolutionProposed():
            _require_open(known)
        case ComplaintResolved():
            _require_open(known)
            if known.waiting_since is not None:
                raise Refused("complaint.already-waiting", "at")
            _require_later(known, event.at)
            return but(event, resolution_due_at=known.resolution_due_at)
        case ComplaintClosed():
            _require_closable(known, event.at)
        case ComplaintReopened():
            return _reopened(event, known, circumstances)
        case ComplaintEscalated():
            if event.clock is None:
                _require_not_closed(known)
            elif not _ran_out(event.clock, event.at, told):
                return None
        case _:
            assert_never(event)
    return event


def admit(event: ComplaintEvent, _before: ComplaintEvent, _customer: Account, circumstances: Circumstances) -> None:
    """Refuse to hand a complaint to strangers, and to those who have left."""
    if isinstance(event, ComplaintAssigned):
        circumstances.require_active(event.person, "person", event.at)
    elif isinstance(event, ComplaintEscalated) and event.to_person is not None:
        circumstances.require_active(event.to_person, "to_person", event.at)


def _receive(
    command: ReceiveComplaint, mine: Complaints, customer: Account, circumstances: Circumstances
) -> list[ComplaintEvent]:
    known = mine.get(command.complaint_id)
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
    tier = customer.tier_at(command.received_at)
    edition = len(circumstances.policy().calendars)
    return [
        ComplaintReceived(
            complaint_id=command.complaint_id,
            received_at=command.received_at,
            channel=command.channel,
            severity=command.severity,
            content=command.content,
            contact=command.contact,
            **started(command.received_at, command.severity, tier, edition, circumstances),
        )
    ]


def _settled_receipt(
    event: ComplaintReceived, before: ComplaintReceived, customer: Account, circumstances: Circumstances
) -> ComplaintReceived:
    """The receipt with the clocks that it starts; what it was pinned to stays, but for the time and severity."""
    moved = event.received_at != before.received_at
    if not moved and event.severity == before.severity:
        return event
    pinned = before.service_level
    tier = customer.tier_at(event.received_at) if moved else pinned.tier
    return event.model_copy(
        update=started(event.received_at, event.severity, tier, pinned.calendar_version, circumstances)
    )


def _require_open(known: Complaint) -> None:
    if known.status != "open":
        raise Refused(f"complaint.already-{known.status}", "complaint_id")


def _require_not_closed(known: Complaint) -> None:
    if known.status == "closed":
        raise Refused("complaint.already-closed", "complaint_id")


def _require_later(known: Complaint, at: datetime) -> None:
    if known.last_at is not None and at < known.last_at:
        raise Refused("complaint.out-of-order", "at")


def _require_closable(known: Complaint, at: datetime) -> None:
    _require_not_closed(known)
    if known.status != "resolved" or known.resolved_at is None:
        raise Refused("complaint.not-resolved", "complaint_id")
    if at < known.resolved_at:
        raise Refused("complaint.out-of-order", "at")


def _stopped(known: Complaint, since: datetime, at: datetime, circumstances: Circumstances) -> WaitingOnCustomerStopped:
    if at < since:
        raise Refused("complaint.out-of-order", "at")
    return WaitingOnCustomerStopped(
        complaint_id=known.received.complaint_id,
        at=at,
        resolution_due_at=due_after_pause(known.received, known.resolution_due_at, since, at, circumstances),
    )


def _reopened(event: ComplaintReopened, known: Complaint, circumstances: Circumstances) -> ComplaintReopened:
    if known.status == "open" or known.resolved_at is None:
        raise Refused("complaint.not-resolved", "complaint_id")
    if event.at < (known.closed_at or known.resolved_at):
        raise Refused("complaint.out-of-order", "at")
    due_at = due_after_pause(known.received, known.resolution_due_at, known.resolved_at, event.at, circumstances)
    return but(event, resolution_due_at=due_at)


def _escalate(
    command: EscalateComplaint, known: Complaint, told: Sequence[Told], circumstances: Circumstances
) -> list[ComplaintEvent]:
    if (command.clock, command.to_person, command.at) in known.escalations or command.clock in known.clocks_run_out:
        return []
    if command.clock is None:
        _require_not_closed(known)
    elif command.at > circumstances.now or not _ran_out(command.clock, command.at, told):
        raise Refused("complaint.clock-still-running", "clock")
    event = ComplaintEscalated(
        complaint_id=command.complaint_id, at=command.at, clock=command.clock, to_person=command.to_person
    )
    if command.to_person is not None:
        circumstances.require_active(command.to_person, "to_person", command.at)
    return [event]


def _ran_out(clock: ClockName, at: datetime, told: Sequence[Told]) -> bool:
    """Whether a clock ran out by an instant, be it that the answer came late before anybody looked."""
    kind = CLOCKS[clock]
    return any(due_at <= at for due_at in falls_due(kind, told))


def evolve(mine: Complaints, event: ComplaintEvent, version: int) -> Complaints:
    """The complaints after an event."""
    if isinstance(event, ComplaintReceived):
        return mine.put(event.complaint_id, Complaint(event, event.resolution_due_at, opened=version))
    known = mine[event.complaint_id]
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
    return mine.put(event.complaint_id, known)


def due(mine: Complaints, customer: Account, now: datetime) -> Iterator[Due]:
    """What is to be recorded by now: the clocks that ran out."""
    for identifier, known in mine.items():
        told = customer.histories[f"complaint:{identifier}"].told
        for clock, kind in CLOCKS.items():
            if clock in known.clocks_run_out:
                continue
            first = next(iter(falls_due(kind, told)), None)
            if first is not None and first <= now:
                yield Due(first, running_out(identifier, clock, first), RULE)


def running_out(complaint: ComplaintId, clock: ClockName, due_at: datetime) -> EscalateComplaint:
    """The command that escalates a complaint whose clock ran out, at the instant at which it did."""
    return EscalateComplaint(complaint_id=complaint, at=due_at, clock=clock)


SLICE = Slice(
    "complaints",
    ComplaintCommand,
    ComplaintEvent,
    decide,
    evolve,
    settle=settle,
    admit=admit,
    due=due,
)
