"""What an event changes, and how: the item it is about, and the fields that it states of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from events import responsibility as r
from events.base import Event
from events.catalogue import CATALOGUE
from events.customer import (
    commitments,
    complaints,
    contracts,
    interactions,
    obligations,
    profile,
    satisfaction,
    tier,
    visits,
)
from events.person import directory
from events.policy import cadence, calendars, roles, service_levels
from events.project import acceptance, initiation
from events.vocabulary.items import ItemKind

Fields = dict[str, Any]
"""Field → value as JSON."""


@dataclass(frozen=True)
class Statement:
    """How the data of an event becomes fields of an item.

    The item is the one that the class of the event is about. Data goes into a field of its own name, of the name it has
    in `renamed`, or nowhere if it is `dropped`; `constant` fields come on top.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    constant: Mapping[str, Any] = field(default_factory=dict)
    last: bool = False
    """Whether nothing more is ever said of the item: what was said need not be remembered."""
    one_of: str = ""
    """The data under which an event names the one field of many that it states, with all other data in it."""
    about: ItemKind | None = None
    """The kind of item that the class of the event says it is about; none for the stream itself."""

    def item(self, stream: str, data: Fields) -> str:
        """The item an event is about, for example `commitment:ID`."""
        return f"{self.about.name}:{data[self.about.field]}" if self.about else stream

    def fields(self, data: Fields) -> Fields:
        """The fields an event states."""
        skipped, renamed = self._skipped, self.renamed
        if renamed:
            stated = {renamed.get(name, name): value for name, value in data.items() if name not in skipped}
        else:
            stated = {name: value for name, value in data.items() if name not in skipped}
        if self.constant:
            stated.update(self.constant)
        return {f"facts.{data[self.one_of]}": stated} if self.one_of else stated

    @cached_property
    def _skipped(self) -> frozenset[str]:
        return frozenset((self.about.field if self.about else "", self.one_of, "corrects", *self.dropped))


_STATEMENTS: dict[type[Event], Statement] = {
    r.ResponsibilityAssigned: Statement(),
    r.ResponsibilityEnded: Statement(),
    r.ResponsibilityCorrected: Statement(),
    r.ResponsibilityWithdrawn: Statement(constant={"withdrawn": True}),
    r.DelegationGranted: Statement(),
    r.DelegationRevoked: Statement(dropped=("assignment_id",)),
    r.HandoverProposed: Statement(),
    r.HandoverAccepted: Statement(),
    r.HandoverDeclined: Statement(),
    r.HandoverCancelled: Statement(),
    r.HandoverLapsed: Statement(),
    profile.CustomerRegistered: Statement(),
    profile.ProfileFactRecorded: Statement(one_of="topic"),
    profile.ProfileReviewConfirmed: Statement(),
    tier.TierAssigned: Statement(renamed={"since": "tier_since"}),
    tier.TierOverridden: Statement(renamed={"since": "tier_since"}),
    interactions.InteractionLogged: Statement(last=True),
    visits.VisitRecorded: Statement(last=True),
    satisfaction.SurveyAnswerRecorded: Statement(last=True),
    commitments.CommitmentMade: Statement(),
    commitments.CommitmentRescheduled: Statement(renamed={"agreed": "reschedule_agreed"}, dropped=("previous_due_at",)),
    commitments.CommitmentFulfilled: Statement(renamed={"fulfilled_at": "ended_at"}),
    commitments.CommitmentWaived: Statement(renamed={"waived_at": "ended_at"}),
    commitments.CommitmentCorrected: Statement(),
    commitments.CommitmentFellDue: Statement(renamed={"due_at": "fell_due_at"}),
    complaints.ComplaintReceived: Statement(),
    complaints.ComplaintAcknowledged: Statement(renamed={"at": "acknowledged_at"}),
    complaints.ComplaintAssigned: Statement(renamed={"person": "holder", "at": "held_since"}),
    complaints.WaitingOnCustomerStarted: Statement(renamed={"at": "waiting_since"}),
    complaints.WaitingOnCustomerStopped: Statement(dropped=("at",), constant={"waiting_since": None}),
    complaints.SolutionProposed: Statement(renamed={"at": "solution_proposed_at"}),
    complaints.ComplaintResolved: Statement(renamed={"at": "resolved_at"}),
    complaints.ComplaintClosed: Statement(renamed={"at": "closed_at"}),
    complaints.ComplaintReopened: Statement(
        renamed={"at": "reopened_at"}, constant={"resolved_at": None, "closed_at": None}
    ),
    complaints.ComplaintEscalated: Statement(
        renamed={"at": "escalated_at", "clock": "escalated_clock", "to_person": "escalated_to"}
    ),
    contracts.ContractAmended: Statement(renamed={"at": "amended_at", "content": "amendment"}),
    contracts.ContractRenewed: Statement(renamed={"at": "renewed_at"}, dropped=("previous_ends_on",)),
    contracts.ContractEnded: Statement(renamed={"at": "ended_at"}),
    obligations.ObligationWaitingStarted: Statement(renamed={"at": "waiting_since"}),
    obligations.ObligationWaitingStopped: Statement(dropped=("at",), constant={"waiting_since": None}),
    obligations.ObligationPerformed: Statement(renamed={"at": "performed_at", "content": "performance"}),
    obligations.BreachDeclared: Statement(renamed={"at": "breached_at", "content": "breach"}),
    obligations.BreachCured: Statement(renamed={"at": "cured_at", "content": "cure"}),
    obligations.ObligationFellDue: Statement(renamed={"due_at": "fell_due_at"}),
    directory.PersonRegistered: Statement(),
    directory.PersonMovedDepartment: Statement(renamed={"since": "department_since"}),
    directory.PersonDeactivated: Statement(renamed={"since": "inactive_since"}),
    initiation.ProjectProposed: Statement(),
    initiation.ProjectApproved: Statement(renamed={"at": "decided_at"}, constant={"decision": "approved"}),
    initiation.ProjectRejected: Statement(renamed={"at": "decided_at"}, constant={"decision": "rejected"}),
    acceptance.SelfCheckPassed: Statement(renamed={"at": "stage_at"}, constant={"stage": "checked"}),
    acceptance.AcceptanceRequested: Statement(renamed={"at": "stage_at"}, constant={"stage": "requested"}),
    acceptance.AcceptanceRecorded: Statement(renamed={"at": "stage_at", "outcome": "stage"}),
    acceptance.RectificationOrdered: Statement(
        renamed={"at": "stage_at", "content": "rectification", "due_at": "rectification_due_at"},
        constant={"stage": "ordered"},
    ),
    acceptance.RectificationSubmitted: Statement(
        renamed={"at": "stage_at", "content": "rectification"}, constant={"stage": "checked"}
    ),
    roles.RoleCataloguePublished: Statement(renamed={"edition": "role_catalogue_edition"}),
    service_levels.ServiceLevelsPublished: Statement(
        renamed={"edition": "service_levels_edition", "since": "service_levels_since"}
    ),
    calendars.WorkingCalendarPublished: Statement(renamed={"edition": "calendar_edition"}),
    cadence.CadencePublished: Statement(renamed={"edition": "cadence_edition", "since": "cadence_since"}),
}


def _of(cls: type[Event]) -> Statement:
    """The statement of a class of events, with the status that the class says it gives its own item."""
    statement = _STATEMENTS.get(cls, Statement())
    statuses = [("status", turn.status) for turn in cls.turns if turn.of is None and turn.status]
    return replace(statement, about=cls.about, constant={**dict(statuses), **statement.constant})


STATEMENTS: dict[type[Event], Statement] = {cls: _of(cls) for cls in CATALOGUE.values()}
"""How the data of each class of events becomes fields of an item, each of its own name unless said; those that put
another one right state its fields."""
