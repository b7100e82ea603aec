"""What later decisions remember of who answers for what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from aggregates.histories import History
from aggregates.intervals import covers
from aggregates.items import Items
from aggregates.timeline import Timeline
from events.responsibility import (
    DelegationGranted,
    HandoverProposed,
    ResponsibilityAssigned,
)
from events.vocabulary.identifiers import (
    AssignmentId,
    DelegationId,
    HandoverId,
    PersonId,
    StreamId,
    Subject,
)
from events.vocabulary.values import Code


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment as it is believed now."""

    original: ResponsibilityAssigned
    person: PersonId
    since: datetime
    until: datetime | None
    opened: int
    """The version that it was assigned at."""
    changed: int
    """The version of the last event about its holder or interval."""
    withdrawn: bool = False
    delegations: tuple[DelegationId, ...] = ()

    @property
    def id(self) -> AssignmentId:
        """The identity of the assignment."""
        return self.original.assignment_id


@dataclass(frozen=True, slots=True)
class Delegation:
    """One delegation as it is believed now."""

    original: DelegationGranted
    until: datetime


HandoverStatus = Literal["proposed", "accepted", "declined", "cancelled", "lapsed"]


@dataclass(frozen=True, slots=True)
class Handover:
    """One handover and how far it got."""

    proposal: HandoverProposed
    """Without its inventory, which acceptance draws up anew, and without the figures that it moves."""
    status: HandoverStatus = "proposed"


@dataclass(frozen=True)
class Responsibilities:
    """All that later decisions about responsibility read."""

    assignments: Items[AssignmentId, Assignment] = field(default_factory=Items)
    roles: Items[Subject, tuple[Code, ...]] = field(default_factory=Items)
    """The roles that were ever assigned for a subject."""
    standing: Items[tuple[Subject, Code], Timeline[AssignmentId]] = field(default_factory=Items)
    """The assignments of a role that were not withdrawn."""
    delegations: Items[DelegationId, Delegation] = field(default_factory=Items)
    handovers: Items[HandoverId, Handover] = field(default_factory=Items)
    proposed: Items[AssignmentId, HandoverId] = field(default_factory=Items)
    """The handover of an assignment that was last proposed."""
    delegated: Items[DelegationId, AssignmentId] = field(default_factory=Items)
    """The assignment that each delegation was ever granted for."""
    corrections: tuple[int, ...] = ()
    """The versions of the events that corrected an assignment."""

    def of_role(self, subject: Subject, role: Code) -> list[Assignment]:
        """The standing assignments of a role for a subject, as they were assigned one after another."""
        return self._in_order(self._standing(subject, role).intervals())

    def sharing(self, subject: Subject, role: Code, since: datetime, until: datetime | None) -> list[Assignment]:
        """The standing assignments of a role for a subject that share an instant with `[since, until)`."""
        return self._in_order(self._standing(subject, role).overlapping(since, until))

    def holding(self, subject: Subject, at: datetime) -> list[Assignment]:
        """The standing assignments for a subject at an instant."""
        roles = self.roles.get(subject, ())
        return self._in_order(key for role in roles for key in self._standing(subject, role).at(at))

    def acting_for(self, assignment: Assignment, at: datetime) -> Iterator[Delegation]:
        """The delegations of an assignment in force at an instant."""
        for delegation in self.delegations_of(assignment):
            if covers(delegation.original.since, delegation.until, at):
                yield delegation

    def delegations_of(self, assignment: Assignment) -> Iterator[Delegation]:
        """All delegations of an assignment, as they were granted one after another."""
        return (self.delegations[delegation] for delegation in assignment.delegations)

    def pending(self, assignment: Assignment) -> Handover | None:
        """The handover of an assignment that is proposed and not answered."""
        last = self.proposed.get(assignment.id)
        handover = self.handovers[last] if last else None
        return handover if handover and handover.status == "proposed" else None

    def _standing(self, subject: Subject, role: Code) -> Timeline[AssignmentId]:
        return self.standing.get((subject, role)) or Timeline()

    def _in_order(self, found: Iterable[AssignmentId]) -> list[Assignment]:
        return sorted((self.assignments[key] for key in found), key=lambda one: one.opened)


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

    @property
    def histories(self) -> Items[str, History]:
        """What was told of each item."""
        ...

    @property
    def open_items(self) -> Items[str, int]:
        """What is open and somebody answers for, with the version that it was opened at."""
        ...
