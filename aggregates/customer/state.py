"""What later decisions remember of a customer; every slice reads it, each writes its own part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from aggregates.responsibility.state import Assignment, Responsibilities
from events.catalogue import AnyEvent
from events.customer.commitments import CommitmentMade
from events.customer.complaints import ComplaintAssigned, ComplaintReceived
from events.customer.interactions import InteractionLogged
from events.customer.profile import CustomerRegistered, ProfileFactRecorded
from events.customer.satisfaction import SurveyAnswerRecorded
from events.customer.tier import TierAssigned, TierOverridden
from events.customer.visits import VisitRecorded
from events.responsibility import HandoverProposed, InventoryItem
from events.vocabulary.identifiers import (
    SELF,
    CommitmentId,
    ComplaintId,
    EventId,
    InteractionId,
    PersonId,
    StreamId,
    Subject,
    SurveyAnswerId,
    VisitId,
)
from events.vocabulary.values import ClockName, Prose, Tier

ACCOUNT_MANAGER = "account_manager"
"""The role that answers for every item of a customer that nobody else was assigned."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise as it is believed now."""

    made: CommitmentMade
    """With the text, due time and people as last corrected or rescheduled."""
    original: CommitmentMade
    last_event: EventId
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
    status: Literal["open", "resolved", "closed"] = "open"
    acknowledged_at: datetime | None = None
    assigned: ComplaintAssigned | None = None
    waiting_since: datetime | None = None
    solutions: tuple[tuple[datetime, Prose], ...] = ()
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
    registration: CustomerRegistered | None = None
    facts: Mapping[str, ProfileFactRecorded] = field(default_factory=dict)
    reviewed_on: date | None = None
    tiers: tuple[TierAssigned | TierOverridden, ...] = ()
    responsibilities: Responsibilities = field(default_factory=Responsibilities)
    interactions: Mapping[InteractionId, InteractionLogged] = field(default_factory=dict)
    visits: Mapping[VisitId, VisitRecorded] = field(default_factory=dict)
    commitments: Mapping[CommitmentId, Commitment] = field(default_factory=dict)
    complaints: Mapping[ComplaintId, Complaint] = field(default_factory=dict)
    answers: Mapping[SurveyAnswerId, SurveyAnswerRecorded] = field(default_factory=dict)

    @property
    def registered(self) -> bool:
        """Whether the ledger of this customer was opened."""
        return self.registration is not None

    def tier_at(self, at: datetime) -> Tier | None:
        """The tier in force at an instant; of two from the same instant on, the one recorded later."""
        in_force = [one for one in reversed(self.tiers) if one.since <= at]
        return max(in_force, key=lambda one: one.since).tier if in_force else None

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
        items = [
            (f"commitment:{commitment_id}", commitment.made.due_at, None)
            for commitment_id, commitment in self.commitments.items()
            if commitment.status == "open"
        ] + [
            (
                f"complaint:{complaint_id}",
                None if complaint.waiting_since else complaint.resolution_due_at,
                complaint.assigned.person if complaint.assigned else None,
            )
            for complaint_id, complaint in self.complaints.items()
            if complaint.status == "open"
        ]
        return tuple(
            entry
            for item, due_at, holder in items
            if (entry := self._entry(item, due_at, holder, leaver, at)) is not None
        )

    def _entry(
        self, item: Subject, due_at: datetime | None, holder: PersonId | None, leaver: Assignment, at: datetime
    ) -> InventoryItem | None:
        assigned = list(self.responsibilities.holding(item, at))
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
