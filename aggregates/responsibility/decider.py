"""The decider of responsibility: every command and event goes to its rules."""

from typing import assert_never

from aggregates.changing import replace
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
from aggregates.timeline import Timeline
from commands.responsibility import (
    AcceptHandover,
    AssignResponsibility,
    CancelHandover,
    CorrectResponsibility,
    DeclineHandover,
    Delegate,
    EndResponsibility,
    ProposeHandover,
    ResponsibilityCommand,
    RevokeDelegation,
    WithdrawResponsibility,
)
from events.catalogue import AnyEvent
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
    ResponsibilityEvent,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import HandoverId, event_id


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
            return [
                ResponsibilityWithdrawn(
                    assignment_id=assignment.id, corrects=event_id(state.stream, assignment.changed)
                )
            ]
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
    version = state.version + 1
    match event:
        case ResponsibilityAssigned():
            return _assigned(before, event, version)
        case ResponsibilityEnded():
            ended = before.assignments[event.assignment_id]
            return _changed(before, replace(ended, until=event.until, changed=version))
        case ResponsibilityCorrected():
            corrected = replace(
                before.assignments[event.assignment_id],
                person=event.person,
                since=event.since,
                until=event.until,
                changed=version,
            )
            return _noted(_changed(before, corrected), state)
        case ResponsibilityWithdrawn():
            withdrawn = replace(before.assignments[event.assignment_id], withdrawn=True, changed=version)
            return _noted(_changed(before, withdrawn), state)
        case DelegationGranted():
            of = before.assignments[event.assignment_id]
            of = replace(of, delegations=(*of.delegations, event.delegation_id))
            return replace(
                before,
                assignments=before.assignments.put(of.id, of),
                delegations=before.delegations.put(event.delegation_id, Delegation(event, event.until)),
            )
        case DelegationRevoked():
            revoked = replace(before.delegations[event.delegation_id], until=event.until)
            return replace(before, delegations=before.delegations.put(event.delegation_id, revoked))
        case HandoverProposed():
            of = replace(before.assignments[event.assignment_id], handover=event.handover_id)
            proposed = Handover(event.model_copy(update={"inventory": ()}))
            return replace(
                before,
                assignments=before.assignments.put(of.id, of),
                handovers=before.handovers.put(event.handover_id, proposed),
            )
        case HandoverAccepted():
            return _answered(before, event.handover_id, "accepted")
        case HandoverDeclined():
            return _answered(before, event.handover_id, "declined")
        case HandoverCancelled():
            return _answered(before, event.handover_id, "cancelled")
        case _:
            assert_never(event)


def _assigned(before: Responsibilities, event: ResponsibilityAssigned, version: int) -> Responsibilities:
    roles = before.roles.get(event.subject, ())
    if event.role not in roles:
        before = replace(before, roles=before.roles.put(event.subject, (*roles, event.role)))
    return _changed(before, Assignment(event, event.person, event.since, event.until, opened=version, changed=version))


def _changed(before: Responsibilities, after: Assignment) -> Responsibilities:
    role = (after.original.subject, after.original.role)
    standing = before.standing.get(role) or Timeline()
    return replace(
        before,
        assignments=before.assignments.put(after.id, after),
        standing=before.standing.put(
            role,
            standing.without(after.id) if after.withdrawn else standing.put(after.id, after.since, after.until),
        ),
    )


def _noted(after: Responsibilities, state: Accountable) -> Responsibilities:
    version = state.version + 1
    return replace(after, corrections=after.corrections.put(event_id(state.stream, version), version))


def _answered(before: Responsibilities, handover_id: HandoverId, status: HandoverStatus) -> Responsibilities:
    answered = replace(before.handovers[handover_id], status=status)
    return replace(before, handovers=before.handovers.put(handover_id, answered))
