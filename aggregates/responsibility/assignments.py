"""The rules of assignments: made, ended, corrected, withdrawn."""

from collections.abc import Iterator
from datetime import datetime

from aggregates.circumstances import TOLERANCE, Circumstances
from aggregates.intervals import overlap, require_interval
from aggregates.refusal import Refused
from aggregates.responsibility.inventories import has_item
from aggregates.responsibility.state import Accountable, Assignment
from commands.responsibility import (
    AssignResponsibility,
    CorrectResponsibility,
    EndResponsibility,
    WithdrawResponsibility,
)
from events.responsibility import (
    HandoverLapsed,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
    ResponsibilityEvent,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import AssignmentId, EventId, event_id


def named(assignment_id: AssignmentId, state: Accountable, at_fault: str) -> Assignment:
    """The assignment of an id, standing or withdrawn; refuses an id that names none."""
    assignment = state.responsibilities.assignments.get(assignment_id)
    if assignment is None:
        corrections = (event_id(state.stream, version) for version in state.responsibilities.corrections)
        if EventId(assignment_id) in corrections:
            raise Refused("responsibility.correction-of-correction", at_fault)
        raise Refused("responsibility.unknown", at_fault)
    return assignment


def standing(assignment_id: AssignmentId, state: Accountable, at_fault: str = "assignment_id") -> Assignment:
    """The assignment of an id; refuses one that was withdrawn."""
    assignment = named(assignment_id, state, at_fault)
    if assignment.withdrawn:
        raise Refused("responsibility.withdrawn", at_fault)
    return assignment


def require_room(proposed: ResponsibilityAssigned, state: Accountable) -> None:
    """Refuse an assignment that somebody else's, or the same person's, stands in the way of."""
    for other in in_the_way(proposed, state):
        if proposed.exclusive or other.original.exclusive:
            raise Refused("responsibility.overlap", "since", assignment=str(other.id))
        if other.person == proposed.person and other.original.involvement == proposed.involvement:
            raise Refused("responsibility.already-held", "person", assignment=str(other.id))


def in_the_way(proposed: ResponsibilityAssigned, state: Accountable) -> Iterator[Assignment]:
    """The standing assignments of the same role that share time with a proposed one."""
    for other in state.responsibilities.sharing(proposed.subject, proposed.role, proposed.since, proposed.until):
        if other.id != proposed.assignment_id:
            yield other


def assign(
    command: AssignResponsibility, state: Accountable, circumstances: Circumstances
) -> list[ResponsibilityEvent]:
    """Let a person hold a role."""
    require_interval(command.since, command.until)
    known = state.responsibilities.assignments.get(command.assignment_id)
    role = circumstances.policy().role(command.role)
    event = ResponsibilityAssigned(
        assignment_id=command.assignment_id,
        subject=command.subject,
        role=command.role,
        person=command.person,
        involvement=command.involvement,
        since=command.since,
        until=command.until,
        exclusive=role is not None and role.exclusive,
    )
    if known is not None:
        if known.original.model_copy(update={"exclusive": event.exclusive}) == event:
            return []
        raise Refused("responsibility.id-taken", "assignment_id")
    if role is None:
        raise Refused("responsibility.role-unknown", "role")
    if not has_item(state, command.subject):
        raise Refused("responsibility.subject-unknown", "subject")
    circumstances.require_active(command.person, "person", command.since)
    circumstances.require_stays(command.person, "until", command.until)
    require_room(event, state)
    return [event]


def end(command: EndResponsibility, state: Accountable, circumstances: Circumstances) -> list[ResponsibilityEvent]:
    """End an assignment now or later."""
    assignment = standing(command.assignment_id, state)
    if assignment.until == command.until:
        return []
    require_interval(assignment.since, command.until)
    if assignment.until is not None and assignment.until < command.until:
        raise Refused("responsibility.already-ended", "until")
    if command.until < circumstances.decided_at(command) - TOLERANCE:
        raise Refused("responsibility.ends-in-past", "until")
    circumstances.require_reason(command, command.until, "until")
    ended = ResponsibilityEnded(assignment_id=assignment.id, until=command.until)
    return [ended, *lapsing(assignment, state, command.until)]


def lapsing(assignment: Assignment, state: Accountable, until: datetime | None) -> Iterator[HandoverLapsed]:
    """The end of a proposed handover whose assignment is over before it takes effect."""
    pending = state.responsibilities.pending(assignment)
    if pending is not None and until is not None and until <= pending.proposal.effective_at:
        yield HandoverLapsed(handover_id=pending.proposal.handover_id)


def withdraw(
    command: WithdrawResponsibility, state: Accountable, _circumstances: Circumstances
) -> list[ResponsibilityEvent]:
    """Take back an assignment that should never have been recorded."""
    assignment = named(command.assignment_id, state, "assignment_id")
    if assignment.withdrawn:
        return []
    withdrawn = ResponsibilityWithdrawn(
        assignment_id=assignment.id, corrects=event_id(state.stream, assignment.changed)
    )
    return [withdrawn, *lapsing(assignment, state, assignment.since)]


def correct(
    command: CorrectResponsibility, state: Accountable, circumstances: Circumstances
) -> list[ResponsibilityEvent]:
    """Say how an assignment truly was."""
    assignment = standing(command.assignment_id, state)
    for name in ("person", "since"):
        if command.gives(name) and getattr(command, name) is None:
            raise Refused("correction.not-clearable", name)
    person = command.person or assignment.person
    since = command.since or assignment.since
    until = command.until if command.gives("until") else assignment.until
    if (person, since, until) == (assignment.person, assignment.since, assignment.until):
        return []
    require_interval(since, until)
    if (person, since) != (assignment.person, assignment.since):
        circumstances.require_active(person, "since" if person == assignment.person else "person", since)
    if (person, until) != (assignment.person, assignment.until):
        circumstances.require_stays(person, "until" if command.gives("until") else "person", until)
    for delegation in state.responsibilities.delegations_of(assignment):
        if delegation.original.to_person == person and overlap(
            delegation.original.since, delegation.until, since, until
        ):
            raise Refused("delegation.to-oneself", "person")
    require_room(
        assignment.original.model_copy(update={"person": person, "since": since, "until": until}),
        state,
    )
    return [
        ResponsibilityCorrected(
            assignment_id=assignment.id,
            corrects=event_id(state.stream, assignment.changed),
            person=person,
            since=since,
            until=until,
        ),
        *lapsing(assignment, state, until),
    ]
