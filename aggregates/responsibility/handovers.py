"""The rules of handovers: proposed with an inventory, effective once accepted."""

from datetime import datetime
from uuid import uuid5

from aggregates.circumstances import Circumstances
from aggregates.refusal import Refused
from aggregates.responsibility.assignments import in_the_way, standing
from aggregates.responsibility.inventories import inventory, kept_since_opened, moved
from aggregates.responsibility.state import Accountable, Assignment, HandoverStatus
from commands.responsibility import (
    AcceptHandover,
    ProposeHandover,
)
from events.base import Event
from events.responsibility import (
    HandoverAccepted,
    HandoverProposed,
    ResponsibilityAssigned,
    ResponsibilityEnded,
    ResponsibilityEvent,
)
from events.vocabulary.identifiers import (
    AssignmentId,
    HandoverId,
    Subject,
)


def successor(handover: HandoverId, assignment: AssignmentId) -> AssignmentId:
    """The id of the assignment that follows from a handover."""
    return AssignmentId(uuid5(handover, str(assignment)))


def propose(command: ProposeHandover, state: Accountable, circumstances: Circumstances) -> list[ResponsibilityEvent]:
    """Propose a successor, and freeze what the leaver holds."""
    known = state.responsibilities.handovers.get(command.handover_id)
    if known is not None:
        asked = (command.assignment_id, command.to_person, command.effective_at)
        if (known.proposal.assignment_id, known.proposal.to_person, known.proposal.effective_at) == asked:
            return []
        raise Refused("handover.id-taken", "handover_id")
    assignment = standing(command.assignment_id, state)
    circumstances.require_active(command.to_person, "to_person", command.effective_at)
    circumstances.require_stays(command.to_person, "to_person", assignment.until)
    if command.to_person == assignment.person:
        raise Refused("handover.to-oneself", "to_person")
    _require_within(assignment, command.effective_at, "effective_at")
    pending = state.responsibilities.pending(assignment)
    if pending is not None:
        raise Refused("handover.pending", "assignment_id", handover=str(pending.proposal.handover_id))
    circumstances.require_reason(command, command.effective_at, "effective_at")
    retroactive = circumstances.is_past(command.effective_at)
    proposal = HandoverProposed(
        handover_id=command.handover_id,
        assignment_id=assignment.id,
        from_person=assignment.person,
        to_person=command.to_person,
        effective_at=command.effective_at,
        inventory=inventory(state, assignment, command.effective_at, circumstances),
        retroactive=retroactive,
        moves=command.moves if retroactive else None,
    )
    _succeeding(assignment, proposal, state, "to_person")
    return [proposal]


def _require_within(assignment: Assignment, effective_at: datetime, at_fault: str) -> None:
    if not assignment.since < effective_at or (assignment.until is not None and assignment.until <= effective_at):
        raise Refused("handover.outside-assignment", at_fault)


def answer(handover_id: HandoverId, state: Accountable, given: HandoverStatus) -> HandoverProposed | None:
    """The proposal that is answered now; none where it was answered so before."""
    handover = state.responsibilities.handovers.get(handover_id)
    if handover is None:
        raise Refused("handover.unknown", "handover_id")
    if handover.status == given:
        return None
    if handover.status != "proposed":
        raise Refused(f"handover.already-{handover.status}", "handover_id")
    return handover.proposal


def accept(command: AcceptHandover, state: Accountable, circumstances: Circumstances) -> list[Event]:
    """Move the assignment and the items of the inventory to the successor."""
    proposal = answer(command.handover_id, state, "accepted")
    if proposal is None:
        return []
    assignment = standing(proposal.assignment_id, state, "handover_id")
    if assignment.person != proposal.from_person:
        raise Refused("handover.holder-changed", "handover_id")
    _require_within(assignment, proposal.effective_at, "handover_id")
    circumstances.require_active(proposal.to_person, "handover_id", proposal.effective_at)
    circumstances.require_stays(proposal.to_person, "handover_id", assignment.until)
    if not proposal.retroactive:
        # Why it was to take effect in the past was said when it was proposed so.
        circumstances.require_reason(command, proposal.effective_at, "handover_id")
    items = inventory(state, assignment, proposal.effective_at, circumstances)
    moves: list[Event] = [*_succeeded(assignment, proposal, state)]
    for item in items:
        if item.assignment_id is not None:
            moves += _succeeded(state.responsibilities.assignments[item.assignment_id], proposal, state)
    moves += moved(state, items, proposal)
    moves += [_taking_over(item, assignment, proposal, state) for item in kept_since_opened(state, items, proposal)]
    return [HandoverAccepted(handover_id=command.handover_id, inventory=items), *moves]


def _taking_over(
    item: Subject, assignment: Assignment, proposal: HandoverProposed, state: Accountable
) -> ResponsibilityAssigned:
    """The successor's assignment to an item, until somebody else is to have it in the same role."""
    taking = assignment.original.model_copy(
        update={
            "assignment_id": AssignmentId(uuid5(proposal.handover_id, item)),
            "subject": item,
            "person": proposal.to_person,
            "since": proposal.effective_at,
            "until": assignment.until,
            "handover_id": proposal.handover_id,
        }
    )
    until = min((other.since for other in in_the_way(taking, state)), default=taking.until)
    return taking.model_copy(update={"until": until})


def _succeeded(assignment: Assignment, proposal: HandoverProposed, state: Accountable) -> list[ResponsibilityEvent]:
    return [
        ResponsibilityEnded(assignment_id=assignment.id, until=proposal.effective_at),
        _succeeding(assignment, proposal, state, "handover_id"),
    ]


def _succeeding(
    assignment: Assignment, proposal: HandoverProposed, state: Accountable, at_fault: str
) -> ResponsibilityAssigned:
    """The successor's assignment, for which the leaver's makes room."""
    succeeding = assignment.original.model_copy(
        update={
            "assignment_id": successor(proposal.handover_id, assignment.id),
            "person": proposal.to_person,
            "since": proposal.effective_at,
            "until": assignment.until,
            "handover_id": proposal.handover_id,
        }
    )
    if succeeding.assignment_id in state.responsibilities.assignments:
        raise Refused("responsibility.id-taken", at_fault)
    for other in in_the_way(succeeding, state):
        if other.person == succeeding.person and other.original.involvement == succeeding.involvement:
            raise Refused("responsibility.already-held", at_fault, assignment=str(other.id))
    return succeeding
