"""What later decisions remember of a customer; every slice reads it, each writes its own part."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from aggregates.fingerprint import Fingerprint
from aggregates.items import Items
from aggregates.responsibility.state import Assignment, Responsibilities
from events.catalogue import AnyEvent
from events.customer.commitments import CommitmentMade
from events.customer.complaints import ComplaintAssigned, ComplaintReceived
from events.responsibility import HandoverProposed, InventoryItem
from events.vocabulary.identifiers import (
    SELF,
    CommitmentId,
    ComplaintId,
    InteractionId,
    PersonId,
    StreamId,
    Subject,
    SurveyAnswerId,
    VisitId,
)
from events.vocabulary.values import ClockName, Code, Prose, Tier

ACCOUNT_MANAGER = "account_manager"
"""The role that answers for every item of a customer that nobody else was assigned."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise as it is believed now."""

    made: CommitmentMade
    """With the text, due time and people as last corrected or rescheduled."""
    original: Fingerprint
    due_before_made: bool
    """Whether it was due before it was made when it was recorded."""
    opened: int
    """The version that it was made at."""
    changed: int
    """The version of the last event about it."""
    status: Literal["open", "fulfilled", "waived"] = "open"
    ended_at: datetime | None = None
    fell_due_at: datetime | None = None
    agreed: bool | None = None
    """Whether the customer agreed to the last new due time; none where there was no new one."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint and its clocks."""

    received: ComplaintReceived
    resolution_due_at: datetime
    opened: int
    """The version that it was received at."""
    status: Literal["open", "resolved", "closed"] = "open"
    acknowledged_at: datetime | None = None
    assigned: ComplaintAssigned | None = None
    waiting_since: datetime | None = None
    proposed: tuple[datetime, Prose] | None = None
    """The last solution that was proposed."""
    first_resolved_at: datetime | None = None
    resolved_at: datetime | None = None
    solution: Prose | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    escalations: frozenset[tuple[ClockName | None, PersonId | None, datetime]] = frozenset()
    clocks_run_out: frozenset[ClockName] = frozenset()
    last_at: datetime | None = None
    """The latest instant on the resolution clock: nothing may be recorded on it before."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One key account."""

    stream: StreamId
    version: int = 0
    registration: Fingerprint | None = None
    facts: Items[Code, Fingerprint] = field(default_factory=Items)
    """The last one of each topic."""
    reviewed_on: date | None = None
    tiers: tuple[tuple[datetime, Tier], ...] = ()
    """From when on which tier is in force, in the order of time."""
    last_tier: Fingerprint | None = None
    """The last event about the tier."""
    responsibilities: Responsibilities = field(default_factory=Responsibilities)
    interactions: Items[InteractionId, Fingerprint] = field(default_factory=Items)
    visits: Items[VisitId, Fingerprint] = field(default_factory=Items)
    commitments: Items[CommitmentId, Commitment] = field(default_factory=Items)
    open_commitments: Items[CommitmentId, int] = field(default_factory=Items)
    """With the versions that they were made at."""
    complaints: Items[ComplaintId, Complaint] = field(default_factory=Items)
    open_complaints: Items[ComplaintId, int] = field(default_factory=Items)
    """With the versions that they were received at."""
    answers: Items[SurveyAnswerId, Fingerprint] = field(default_factory=Items)

    @property
    def registered(self) -> bool:
        """Whether the ledger of this customer was opened."""
        return self.registration is not None

    def tier_at(self, at: datetime) -> Tier | None:
        """The tier in force at an instant; of two from the same instant on, the one recorded later."""
        begun = bisect_right(self.tiers, at, key=lambda one: one[0])
        return self.tiers[begun - 1][1] if begun else None

    def has_item(self, subject: Subject) -> bool:
        """Whether the subject is the customer itself or an item inside it."""
        if subject == SELF:
            return True
        kind, _, identifier = subject.partition(":")
        if kind == "commitment":
            return CommitmentId(UUID(identifier)) in self.commitments
        return ComplaintId(UUID(identifier)) in self.complaints

    def inventory(self, leaver: Assignment, at: datetime) -> tuple[InventoryItem, ...]:
        """The open commitments and complaints that the holder of an assignment would leave behind.

        An item belongs to whoever is assigned to it; an item that nobody is assigned to, to the account manager.
        """
        if leaver.original.subject != SELF:
            return ()
        promised = sorted((self.commitments[key] for key in self.open_commitments), key=lambda one: one.opened)
        complained = sorted((self.complaints[key] for key in self.open_complaints), key=lambda one: one.opened)
        items = [(f"commitment:{one.made.commitment_id}", one.made.due_at, None) for one in promised] + [
            (
                f"complaint:{complaint.received.complaint_id}",
                None if complaint.waiting_since else complaint.resolution_due_at,
                complaint.assigned.person if complaint.assigned else None,
            )
            for complaint in complained
        ]
        return tuple(
            entry
            for item, due_at, holder in items
            if (entry := self._entry(item, due_at, holder, leaver, at)) is not None
        )

    def _entry(
        self, item: Subject, due_at: datetime | None, holder: PersonId | None, leaver: Assignment, at: datetime
    ) -> InventoryItem | None:
        assigned = self.responsibilities.holding(item, at)
        mine = next((one for one in assigned if one.person == leaver.person and one.since < at), None)
        left = not assigned and holder is None and leaver.original.role == ACCOUNT_MANAGER
        if mine is None and holder != leaver.person and not left:
            return None
        return InventoryItem(
            item=item,
            due_at=due_at,
            overdue=due_at is not None and due_at <= at,
            assignment_id=mine.id if mine else None,
        )

    def move_items(self, inventory: tuple[InventoryItem, ...], proposal: HandoverProposed) -> list[AnyEvent]:
        """What moves the items of an inventory to the successor, besides their assignments.

        A complaint that somebody else was handed stays where it is.
        """
        handed = (self.complaints[item].assigned for item in map(_complaint_in, inventory) if item is not None)
        return [
            one.model_copy(update={"person": proposal.to_person, "at": max(proposal.effective_at, one.at)})
            for one in handed
            if one is not None and one.person == proposal.from_person
        ]


def _complaint_in(item: InventoryItem) -> ComplaintId | None:
    kind, _, identifier = item.item.partition(":")
    return ComplaintId(UUID(identifier)) if kind == "complaint" else None
