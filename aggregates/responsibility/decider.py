"""The decider of responsibility: every command and event goes to its rules."""

from dataclasses import replace
from typing import assert_never

from aggregates.circumstances import Circumstances
from aggregates.responsibility.assignments import assign, correct, end, named
from aggregates.responsibility.delegations import delegate, revoke
from aggregates.responsibility.handovers import accept, answer, propose
from aggregates.responsibility.state import (
    Accountable,
    Assignment,
    Delegation,
    Handover,
    HandoverStatus,
    Responsibilities,
)
from commands.catalogue import ResponsibilityCommand
from commands.responsibility import (
    AcceptHandover,
    AssignResponsibility,
    CancelHandover,
    CorrectResponsibility,
    DeclineHandover,
    Delegate,
    EndResponsibility,
    ProposeHandover,
    RevokeDelegation,
    WithdrawResponsibility,
)
from events.catalogue import AnyEvent, ResponsibilityEvent
from events.responsibility import (
    DelegationGranted,
    DelegationRevoked,
    HandoverAccepted,
    HandoverCancelled,
    HandoverDeclined,
    HandoverProposed,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import (
    HandoverId,
    event_id,
)


def decide(command: ResponsibilityCommand, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case AssignResponsibility():
            return assign(command, state, circumstances)
        case EndResponsibility():
            return end(command, state, circumstances)
        case CorrectResponsibility():
            return correct(command, state, circumstances)
        case WithdrawResponsibility():
            assignment = named(command.assignment_id, state, "assignment_id")
            if assignment.withdrawn:
                return []
            return [ResponsibilityWithdrawn(assignment_id=assignment.id, corrects=assignment.last_event)]
        case Delegate():
            return delegate(command, state, circumstances)
        case RevokeDelegation():
            return revoke(command, state, circumstances)
        case ProposeHandover():
            return propose(command, state, circumstances)
        case AcceptHandover():
            return accept(command, state, circumstances)
        case DeclineHandover():
            if answer(command.handover_id, state, "declined"):
                return [HandoverDeclined(handover_id=command.handover_id)]
            return []
        case CancelHandover():
            if answer(command.handover_id, state, "cancelled"):
                return [HandoverCancelled(handover_id=command.handover_id)]
            return []
        case _:
            assert_never(command)


def evolve(state: Accountable, event: ResponsibilityEvent) -> Responsibilities:
    """The responsibilities after an event of `state`'s stream."""
    before = state.responsibilities
    event_ref = event_id(state.stream, state.version + 1)
    match event:
        case ResponsibilityAssigned():
            key = (event.subject, event.role)
            return replace(
                before,
                assignments={
                    **before.assignments,
                    event.assignment_id: Assignment(event, event.person, event.since, event.until, event_ref),
                },
                by_role={**before.by_role, key: (*before.by_role.get(key, ()), event.assignment_id)},
            )
        case ResponsibilityEnded():
            changed = replace(before.assignments[event.assignment_id], until=event.until, last_event=event_ref)
            return replace(before, assignments={**before.assignments, changed.id: changed})
        case ResponsibilityCorrected():
            changed = replace(
                before.assignments[event.assignment_id],
                person=event.person,
                since=event.since,
                until=event.until,
                last_event=event_ref,
            )
            return replace(
                before,
                assignments={**before.assignments, changed.id: changed},
                corrections=before.corrections | {event_ref},
            )
        case ResponsibilityWithdrawn():
            changed = replace(before.assignments[event.assignment_id], withdrawn=True, last_event=event_ref)
            return replace(
                before,
                assignments={**before.assignments, changed.id: changed},
                corrections=before.corrections | {event_ref},
            )
        case DelegationGranted():
            return replace(
                before,
                delegations={**before.delegations, event.delegation_id: Delegation(event, event.until)},
            )
        case DelegationRevoked():
            revoked = replace(before.delegations[event.delegation_id], until=event.until)
            return replace(before, delegations={**before.delegations, event.delegation_id: revoked})
        case HandoverProposed():
            return replace(before, handovers={**before.handovers, event.handover_id: Handover(event)})
        case HandoverAccepted():
            return _answered(before, event.handover_id, "accepted")
        case HandoverDeclined():
            return _answered(before, event.handover_id, "declined")
        case HandoverCancelled():
            return _answered(before, event.handover_id, "cancelled")
        case _:
            assert_never(event)


def _answered(before: Responsibilities, handover_id: HandoverId, status: HandoverStatus) -> Responsibilities:
    answered = replace(before.handovers[handover_id], status=status)
    return replace(before, handovers={**before.handovers, handover_id: answered})
