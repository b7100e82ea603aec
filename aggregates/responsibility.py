"""The rules of responsibility, the same for customers and projects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, assert_never
from uuid import uuid5

from aggregates.circumstances import Circumstances
from aggregates.intervals import covers, overlap, require_interval
from aggregates.refusal import Refused
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
    InventoryItem,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import (
    AssignmentId,
    DelegationId,
    EventId,
    HandoverId,
    PersonId,
    StreamId,
    Subject,
    event_id,
)
from events.vocabulary.values import Code

NOW_TOLERANCE = timedelta(minutes=5)
"""How far in the past an end still counts as now."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment as it is believed now."""

    original: ResponsibilityAssigned
    person: PersonId
    since: datetime
    until: datetime | None
    last_event: EventId
    withdrawn: bool = False

    @property
    def id(self) -> AssignmentId:
        """The identity of the assignment."""
        return self.original.assignment_id


@dataclass(frozen=True, slots=True)
class Delegation:
    """One delegation as it is believed now."""

    original: DelegationGranted
    until: datetime


HandoverStatus = Literal["proposed", "accepted", "declined", "cancelled"]


@dataclass(frozen=True, slots=True)
class Handover:
    """One handover and how far it got."""

    proposal: HandoverProposed
    status: HandoverStatus = "proposed"


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """All that later decisions about responsibility read."""

    assignments: Mapping[AssignmentId, Assignment] = field(default_factory=dict)
    by_role: Mapping[tuple[Subject, Code], tuple[AssignmentId, ...]] = field(default_factory=dict)
    delegations: Mapping[DelegationId, Delegation] = field(default_factory=dict)
    handovers: Mapping[HandoverId, Handover] = field(default_factory=dict)
    corrections: frozenset[EventId] = frozenset()

    def of_role(self, subject: Subject, role: Code) -> Iterator[Assignment]:
        """The standing assignments of a role for a subject."""
        for assignment_id in self.by_role.get((subject, role), ()):
            assignment = self.assignments[assignment_id]
            if not assignment.withdrawn:
                yield assignment

    def holding(self, subject: Subject, at: datetime) -> Iterator[Assignment]:
        """The standing assignments for a subject at an instant."""
        for assignment in self.assignments.values():
            if (
                assignment.original.subject == subject
                and not assignment.withdrawn
                and covers(assignment.since, assignment.until, at)
            ):
                yield assignment

    def acting_for(self, assignment: Assignment, at: datetime) -> Iterator[Delegation]:
        """The delegations of an assignment in force at an instant."""
        for delegation in self.delegations.values():
            if delegation.original.assignment_id == assignment.id and covers(
                delegation.original.since, delegation.until, at
            ):
                yield delegation


class Accountable(Protocol):
    """A stream that responsibilities are kept in."""

    @property
    def stream(self) -> StreamId:
        """The stream itself."""
        ...

    @property
    def version(self) -> int:
        """The number of events so far."""
        ...

    @property
    def responsibilities(self) -> Responsibilities:
        """What is believed about its responsibilities."""
        ...

    def has_item(self, subject: Subject) -> bool:
        """Whether the subject is the stream itself or an item inside it."""
        ...

    def inventory(self, leaver: Assignment, at: datetime) -> tuple[InventoryItem, ...]:
        """The open items that the holder of an assignment would leave behind."""
        ...

    def move_items(self, inventory: tuple[InventoryItem, ...], proposal: HandoverProposed) -> list[AnyEvent]:
        """What moves the items of an inventory to the successor, besides their assignments."""
        ...


def successor(handover: HandoverId, assignment: AssignmentId) -> AssignmentId:
    """The id of the assignment that follows from a handover."""
    return AssignmentId(uuid5(handover, str(assignment)))


def decide(command: ResponsibilityCommand, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case AssignResponsibility():
            return _assign(command, state, circumstances)
        case EndResponsibility():
            return _end(command, state, circumstances)
        case CorrectResponsibility():
            return _correct(command, state, circumstances)
        case WithdrawResponsibility():
            assignment = _named(command.assignment_id, state, "assignment_id")
            if assignment.withdrawn:
                return []
            return [ResponsibilityWithdrawn(assignment_id=assignment.id, corrects=assignment.last_event)]
        case Delegate():
            return _delegate(command, state, circumstances)
        case RevokeDelegation():
            return _revoke(command, state, circumstances)
        case ProposeHandover():
            return _propose(command, state, circumstances)
        case AcceptHandover():
            return _accept(command, state, circumstances)
        case DeclineHandover():
            if _answer(command.handover_id, state, "declined"):
                return [HandoverDeclined(handover_id=command.handover_id)]
            return []
        case CancelHandover():
            if _answer(command.handover_id, state, "cancelled"):
                return [HandoverCancelled(handover_id=command.handover_id)]
            return []
        case _:
            assert_never(command)


def _named(assignment_id: AssignmentId, state: Accountable, at_fault: str) -> Assignment:
    assignment = state.responsibilities.assignments.get(assignment_id)
    if assignment is None:
        if assignment_id in state.responsibilities.corrections:
            raise Refused("responsibility.correction-of-correction", at_fault)
        raise Refused("responsibility.unknown", at_fault)
    return assignment


def _standing(assignment_id: AssignmentId, state: Accountable, at_fault: str = "assignment_id") -> Assignment:
    assignment = _named(assignment_id, state, at_fault)
    if assignment.withdrawn:
        raise Refused("responsibility.withdrawn", at_fault)
    return assignment


def _require_room(proposed: ResponsibilityAssigned, state: Accountable) -> None:
    for other in _in_the_way(proposed, state):
        if proposed.exclusive or other.original.exclusive:
            raise Refused("responsibility.overlap", "since", assignment=str(other.id))
        if other.person == proposed.person and other.original.involvement == proposed.involvement:
            raise Refused("responsibility.already-held", "person", assignment=str(other.id))


def _in_the_way(proposed: ResponsibilityAssigned, state: Accountable) -> Iterator[Assignment]:
    for other in state.responsibilities.of_role(proposed.subject, proposed.role):
        if other.id != proposed.assignment_id and overlap(proposed.since, proposed.until, other.since, other.until):
            yield other


def _assign(command: AssignResponsibility, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    require_interval(command.since, command.until)
    known = state.responsibilities.assignments.get(command.assignment_id)
    role = circumstances.policy.role(command.role)
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
    _require_room(event, state)
    return [event]


def _end(command: EndResponsibility, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    assignment = _standing(command.assignment_id, state)
    if assignment.until == command.until:
        return []
    require_interval(assignment.since, command.until)
    if assignment.until is not None and assignment.until < command.until:
        raise Refused("responsibility.already-ended", "until")
    if command.until < circumstances.decided_at(command) - NOW_TOLERANCE:
        raise Refused("responsibility.ends-in-past", "until")
    return [ResponsibilityEnded(assignment_id=assignment.id, until=command.until)]


def _correct(command: CorrectResponsibility, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    assignment = _standing(command.assignment_id, state)
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
    _require_room(
        assignment.original.model_copy(update={"person": person, "since": since, "until": until}),
        state,
    )
    return [
        ResponsibilityCorrected(
            assignment_id=assignment.id, corrects=assignment.last_event, person=person, since=since, until=until
        )
    ]


def _delegate(command: Delegate, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
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
    assignment = _standing(command.assignment_id, state)
    circumstances.require_active(command.to_person, "to_person", command.since)
    if command.to_person == assignment.person:
        raise Refused("delegation.to-oneself", "to_person")
    if command.since < assignment.since:
        raise Refused("delegation.outside-assignment", "since")
    if assignment.until is not None and assignment.until < command.until:
        raise Refused("delegation.outside-assignment", "until")
    for other in state.responsibilities.delegations.values():
        if other.original.assignment_id == assignment.id and overlap(
            command.since, command.until, other.original.since, other.until
        ):
            raise Refused("delegation.overlap", "since", delegation=str(other.original.delegation_id))
    return [event]


def _revoke(command: RevokeDelegation, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
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


def _propose(command: ProposeHandover, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    known = state.responsibilities.handovers.get(command.handover_id)
    if known is not None:
        asked = (command.assignment_id, command.to_person, command.effective_at)
        if (known.proposal.assignment_id, known.proposal.to_person, known.proposal.effective_at) == asked:
            return []
        raise Refused("handover.id-taken", "handover_id")
    assignment = _standing(command.assignment_id, state)
    circumstances.require_active(command.to_person, "to_person", command.effective_at)
    if command.to_person == assignment.person:
        raise Refused("handover.to-oneself", "to_person")
    _require_within(assignment, command.effective_at, "effective_at")
    for other in state.responsibilities.handovers.values():
        if other.proposal.assignment_id == assignment.id and other.status == "proposed":
            raise Refused("handover.pending", "assignment_id", handover=str(other.proposal.handover_id))
    proposal = HandoverProposed(
        handover_id=command.handover_id,
        assignment_id=assignment.id,
        from_person=assignment.person,
        to_person=command.to_person,
        effective_at=command.effective_at,
        inventory=state.inventory(assignment, command.effective_at),
    )
    _succeeding(assignment, proposal, state, "to_person")
    return [proposal]


def _require_within(assignment: Assignment, effective_at: datetime, at_fault: str) -> None:
    if not assignment.since < effective_at or (assignment.until is not None and assignment.until <= effective_at):
        raise Refused("handover.outside-assignment", at_fault)


def _answer(handover_id: HandoverId, state: Accountable, answer: HandoverStatus) -> HandoverProposed | None:
    handover = state.responsibilities.handovers.get(handover_id)
    if handover is None:
        raise Refused("handover.unknown", "handover_id")
    if handover.status == answer:
        return None
    if handover.status != "proposed":
        raise Refused(f"handover.already-{handover.status}", "handover_id")
    return handover.proposal


def _accept(command: AcceptHandover, state: Accountable, circumstances: Circumstances) -> list[AnyEvent]:
    proposal = _answer(command.handover_id, state, "accepted")
    if proposal is None:
        return []
    assignment = _standing(proposal.assignment_id, state, "handover_id")
    if assignment.person != proposal.from_person:
        raise Refused("handover.holder-changed", "handover_id")
    _require_within(assignment, proposal.effective_at, "handover_id")
    circumstances.require_active(proposal.to_person, "handover_id", proposal.effective_at)
    inventory = state.inventory(assignment, proposal.effective_at)
    moved = _moved(assignment, proposal, state)
    for item in inventory:
        if item.assignment_id is not None:
            moved += _moved(state.responsibilities.assignments[item.assignment_id], proposal, state)
    moved += state.move_items(inventory, proposal)
    return [HandoverAccepted(handover_id=command.handover_id, inventory=inventory), *moved]


def _moved(assignment: Assignment, proposal: HandoverProposed, state: Accountable) -> list[AnyEvent]:
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
    for other in _in_the_way(succeeding, state):
        if other.person == succeeding.person and other.original.involvement == succeeding.involvement:
            raise Refused("responsibility.already-held", at_fault, assignment=str(other.id))
    return succeeding


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
