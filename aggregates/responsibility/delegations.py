"""The rules of delegations: somebody acts, the holder stays accountable."""

from aggregates.circumstances import Circumstances
from aggregates.intervals import overlap, require_interval
from aggregates.refusal import Refused
from aggregates.responsibility.assignments import NOW_TOLERANCE, standing
from aggregates.responsibility.state import Accountable
from commands.responsibility import (
    Delegate,
    RevokeDelegation,
)
from events.catalogue import AnyEvent
from events.responsibility import (
    DelegationGranted,
    DelegationRevoked,
)


def delegate(command: Delegate, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
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
    assignment = standing(command.assignment_id, state)
    circumstances.require_active(command.to_person, "to_person", command.since)
    if command.to_person == assignment.person:
        raise Refused("delegation.to-oneself", "to_person")
    if command.since < assignment.since:
        raise Refused("delegation.outside-assignment", "since")
    if assignment.until is not None and assignment.until < command.until:
        raise Refused("delegation.outside-assignment", "until")
    for other in state.responsibilities.delegations_of(assignment):
        if overlap(command.since, command.until, other.original.since, other.until):
            raise Refused("delegation.overlap", "since", delegation=str(other.original.delegation_id))
    return [event]


def revoke(command: RevokeDelegation, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    """End a delegation early."""
    delegation = state.responsibilities.delegations.get(command.delegation_id)
    if delegation is None:
        raise Refused("delegation.unknown", "delegation_id")
    decided_at = circumstances.decided_at(command)
    until = max(command.until or decided_at, delegation.original.since)
    if until >= delegation.until:
        return []
    if until < decided_at - NOW_TOLERANCE:
        raise Refused("delegation.ends-in-past", "until")
    return [
        DelegationRevoked(
            delegation_id=command.delegation_id, assignment_id=delegation.original.assignment_id, until=until
        )
    ]
