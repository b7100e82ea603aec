"""The rules of responsibility: every command and event goes to its own."""

from collections.abc import Sequence
from json import dumps as _json
from typing import Any, assert_never
from uuid import UUID

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.histories import Told
from aggregates.refusal import Refused
from aggregates.responsibility.assignments import assign, correct, end, withdraw
from aggregates.responsibility.delegations import admit, delegate, require_within, revoke
from aggregates.responsibility.handovers import accept, answer, propose
from aggregates.responsibility.state import (
    Accountable,
    Assignment,
    Delegation,
    Handover,
    HandoverStatus,
    Responsibilities,
)
from aggregates.slices import Slice
from aggregates.timeline import Timeline
from commands.facts import CorrectFact, FactCommand
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
from events.base import Event
from events.catalogue import WrongValueError, with_values
from events.responsibility import (
    DelegationGranted,
    DelegationRevoked,
    HandoverAccepted,
    HandoverCancelled,
    HandoverDeclined,
    HandoverLapsed,
    HandoverProposed,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
    ResponsibilityEvent,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import AssignmentId, DelegationId, HandoverId
from events.vocabulary.items import HANDOVER


def decide(
    command: ResponsibilityCommand, _mine: Responsibilities, state: Accountable, circumstances: Circumstances
) -> Sequence[Event]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case AssignResponsibility():
            return assign(command, state, circumstances)
        case EndResponsibility():
            return end(command, state, circumstances)
        case CorrectResponsibility():
            return correct(command, state, circumstances)
        case WithdrawResponsibility():
            return withdraw(command, state, circumstances)
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


def settle(
    event: ResponsibilityEvent,
    _before: ResponsibilityEvent,
    mine: Responsibilities,
    _told: Sequence[Told],
    _state: Accountable,
    _circumstances: Circumstances,
) -> ResponsibilityEvent:
    """The event as it is; refuses a delegation that its assignment does not allow, and the end of none."""
    if isinstance(event, DelegationGranted):
        require_within(event, mine)
    if isinstance(event, DelegationRevoked):
        granted = mine.delegations.get(event.delegation_id)
        if granted is None:
            raise Refused("delegation.unknown", "delegation_id")
        if event.until < granted.original.since:
            raise Refused("interval.inverted", "until")
    return event


def put_right(
    command: FactCommand, event: ResponsibilityEvent, state: Accountable, circumstances: Circumstances
) -> Sequence[Event] | None:
    """Assignments have had corrections of their own from the beginning; handovers move them, and have none."""
    if event.about is HANDOVER:
        raise Refused("fact.handover", "event")
    if isinstance(event, ResponsibilityAssigned):
        if isinstance(command, CorrectFact):
            return _corrected(command, event, state, circumstances)
        asked = WithdrawResponsibility(assignment_id=event.assignment_id, reason=command.reason)
        return withdraw(asked, state, circumstances)
    if isinstance(event, ResponsibilityEnded):
        if isinstance(command, CorrectFact):
            return _corrected(command, event, state, circumstances)
        reopened = CorrectResponsibility.model_validate(
            {"assignment_id": event.assignment_id, "until": _end_before(event, state), "reason": command.reason}
        )
        return correct(reopened, state, circumstances)
    return None


_SAID = frozenset({"person", "since", "until"})


def _corrected(
    command: CorrectFact,
    event: ResponsibilityAssigned | ResponsibilityEnded,
    state: Accountable,
    circumstances: Circumstances,
) -> Sequence[Event]:
    for name in command.values:
        if name not in _SAID or name not in type(event).model_fields:
            raise Refused("fact.field-fixed", f"values.{name}")
    try:
        with_values(event, command.values)
    except WrongValueError as wrong:
        raise Refused("fact.value-invalid", f"values.{wrong.field}") from wrong
    asked = CorrectResponsibility.model_validate_json(
        _json({"assignment_id": str(event.assignment_id), **command.values, "reason": command.reason})
    )
    try:
        return correct(asked, state, circumstances)
    except Refused as refused:
        raise refused.at(f"values.{refused.field}" if refused.field in command.values else "event") from refused


def _end_before(event: ResponsibilityEnded, state: Accountable) -> Any:
    """The end that an assignment had before it was ended."""
    told = state.histories[f"assignment:{event.assignment_id}"].told
    opened = told[0].event
    return opened.until if isinstance(opened, ResponsibilityAssigned) else None


def evolve(before: Responsibilities, event: ResponsibilityEvent, version: int) -> Responsibilities:
    """The responsibilities after an event."""
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
            return _noted(_changed(before, corrected), version)
        case ResponsibilityWithdrawn():
            withdrawn = replace(before.assignments[event.assignment_id], withdrawn=True, changed=version)
            return _noted(_changed(before, withdrawn), version)
        case DelegationGranted():
            of = before.assignments[event.assignment_id]
            of = replace(of, delegations=(*of.delegations, event.delegation_id))
            return replace(
                before,
                assignments=before.assignments.put(of.id, of),
                delegations=before.delegations.put(event.delegation_id, Delegation(event, event.until)),
                delegated=before.delegated.put(event.delegation_id, event.assignment_id),
            )
        case DelegationRevoked():
            revoked = replace(before.delegations[event.delegation_id], until=event.until)
            return replace(before, delegations=before.delegations.put(event.delegation_id, revoked))
        case HandoverProposed():
            proposed = Handover(event.model_copy(update={"inventory": (), "moves": None}))
            return replace(
                before,
                proposed=before.proposed.put(event.assignment_id, event.handover_id),
                handovers=before.handovers.put(event.handover_id, proposed),
            )
        case HandoverAccepted():
            return _answered(before, event.handover_id, "accepted")
        case HandoverDeclined():
            return _answered(before, event.handover_id, "declined")
        case HandoverCancelled():
            return _answered(before, event.handover_id, "cancelled")
        case HandoverLapsed():
            return _answered(before, event.handover_id, "lapsed")
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


def _noted(after: Responsibilities, version: int) -> Responsibilities:
    return replace(after, corrections=tuple(sorted({*after.corrections, version})))


def _answered(before: Responsibilities, handover_id: HandoverId, status: HandoverStatus) -> Responsibilities:
    answered = replace(before.handovers[handover_id], status=status)
    return replace(before, handovers=before.handovers.put(handover_id, answered))


def place(subject: str, mine: Responsibilities) -> str:
    """Whoever acts for a holder does so within the assignment: both are told again together."""
    kind, _, identifier = subject.partition(":")
    if kind != "delegation":
        return subject
    return f"assignment:{mine.delegated[DelegationId(UUID(identifier))]}"


def forget(mine: Responsibilities, at: str) -> Responsibilities:
    """The responsibilities without an assignment, and without those who act in it."""
    known = mine.assignments[AssignmentId(UUID(at.partition(":")[2]))]
    role = (known.original.subject, known.original.role)
    delegations = mine.delegations
    for delegation in known.delegations:
        delegations = delegations.without(delegation)
    standing = mine.standing.get(role) or Timeline()
    return replace(
        mine,
        assignments=mine.assignments.without(known.id),
        standing=mine.standing.put(role, standing.without(known.id)),
        delegations=delegations,
    )


SLICE = Slice(
    "responsibilities",
    ResponsibilityCommand,
    ResponsibilityEvent,
    decide,
    evolve,
    settle=settle,
    admit=admit,
    forget=forget,
    place=place,
    correct=put_right,
)
