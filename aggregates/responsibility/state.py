"""What later decisions remember of who answers for what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from aggregates.intervals import covers
from events.catalogue import AnyEvent
from events.responsibility import (
    DelegationGranted,
    HandoverProposed,
    InventoryItem,
    ResponsibilityAssigned,
)
from events.vocabulary.identifiers import (
    AssignmentId,
    DelegationId,
    EventId,
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
