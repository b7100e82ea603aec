"""The rules of assignments: made, ended, corrected, withdrawn."""

from collections.abc import Iterator
from datetime import timedelta

from aggregates.circumstances import Circumstances
from aggregates.intervals import require_interval
from aggregates.refusal import Refused
from aggregates.responsibility.state import Accountable, Assignment
from commands.responsibility import (
    AssignResponsibility,
    CorrectResponsibility,
    EndResponsibility,
)
from events.catalogue import AnyEvent
from events.responsibility import (
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
)
from events.vocabulary.identifiers import AssignmentId, EventId, event_id

NOW_TOLERANCE = timedelta(minutes=5)
"""How far in the past an end still counts as now."""


def named(assignment_id: AssignmentId, state: Accountable, at_fault: str) -> Assignment:
    """The assignment of an id, standing or withdrawn; refuses an id that names none."""
    assignment = state.responsibilities.assignments.get(assignment_id)
    if assignment is None:
        if EventId(assignment_id) in state.responsibilities.corrections:
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


def assign(command: AssignResponsibility, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
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
    if not state.has_item(command.subject):
        raise Refused("responsibility.subject-unknown", "subject")
    circumstances.require_active(command.person, "person", command.since)
    require_room(event, state)
    return [event]


def end(command: EndResponsibility, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    """End an assignment now or later."""
    assignment = standing(command.assignment_id, state)
    if assignment.until == command.until:
        return []
    require_interval(assignment.since, command.until)
    if assignment.until is not None and assignment.until < command.until:
        raise Refused("responsibility.already-ended", "until")
    if command.until < circumstances.decided_at(command) - NOW_TOLERANCE:
        raise Refused("responsibility.ends-in-past", "until")
    return [ResponsibilityEnded(assignment_id=assignment.id, until=command.until)]


def correct(command: CorrectResponsibility, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
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
        )
    ]
