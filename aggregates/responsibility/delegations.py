"""The rules of delegations: somebody acts, the holder stays accountable."""

from aggregates.circumstances import TOLERANCE, Circumstances
from aggregates.intervals import overlap, require_interval
from aggregates.refusal import Refused
from aggregates.responsibility.assignments import standing
from aggregates.responsibility.state import Accountable, Responsibilities
from commands.responsibility import (
    Delegate,
    RevokeDelegation,
)
from events.responsibility import (
    DelegationGranted,
    DelegationRevoked,
    ResponsibilityEvent,
)


def delegate(command: Delegate, state: Accountable, circumstances: Circumstances) -> list[ResponsibilityEvent]:
    """Let somebody act for the holder."""
    require_interval(command.since, command.until)
    event = DelegationGranted(
        delegation_id=command.delegation_id,
        assignment_id=command.assignment_id,
        to_person=command.to_person,
        since=command.since,
        until=command.until,
    )
    known = state.responsibilities.delegations.get(command.delegation_id)
    if known is not None:
        if known.original == event:
            return []
        raise Refused("delegation.id-taken", "delegation_id")
    standing(command.assignment_id, state)
    admit(event, event, state, circumstances)
    require_within(event, state.responsibilities)
    return [event]


def admit(
    event: ResponsibilityEvent, _before: ResponsibilityEvent, _state: Accountable, circumstances: Circumstances
) -> None:
    """Refuse to let somebody act who is not there."""
    if isinstance(event, DelegationGranted):
        circumstances.require_active(event.to_person, "to_person", event.since)
        circumstances.require_stays(event.to_person, "until", event.until)


def require_within(event: DelegationGranted, mine: Responsibilities) -> None:
    """Refuse a delegation to the holder, beside another one, or beyond the assignment."""
    require_interval(event.since, event.until)
    assignment = mine.assignments.get(event.assignment_id)
    if assignment is None:
        raise Refused("responsibility.unknown", "assignment_id")
    if event.to_person == assignment.person:
        raise Refused("delegation.to-oneself", "to_person")
    if event.since < assignment.since:
        raise Refused("delegation.outside-assignment", "since")
    if assignment.until is not None and assignment.until < event.until:
        raise Refused("delegation.outside-assignment", "until")
    for other in mine.delegations_of(assignment):
        if other.original.delegation_id != event.delegation_id and overlap(
            event.since, event.until, other.original.since, other.until
        ):
            raise Refused("delegation.overlap", "since", delegation=str(other.original.delegation_id))


def revoke(command: RevokeDelegation, state: Accountable, circumstances: Circumstances) -> list[ResponsibilityEvent]:
    """End a delegation early."""
    delegation = state.responsibilities.delegations.get(command.delegation_id)
    if delegation is None:
        raise Refused("delegation.unknown", "delegation_id")
    decided_at = circumstances.decided_at(command)
    until = max(command.until or decided_at, delegation.original.since)
    if until >= delegation.until:
        return []
    if until < decided_at - TOLERANCE:
        raise Refused("delegation.ends-in-past", "until")
    circumstances.require_reason(command, until, "until")
    return [
        DelegationRevoked(
            delegation_id=command.delegation_id, assignment_id=delegation.original.assignment_id, until=until
        )
    ]
