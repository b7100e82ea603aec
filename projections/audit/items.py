"""What an event changes, and how: the item it is about, and the fields that it states of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from events import responsibility as r
from events.base import Event
from events.customer import commitments, complaints, interactions, profile, satisfaction, tier, visits
from events.person import directory
from events.policy import cadence, calendars, roles, service_levels
from events.project import acceptance, initiation
from events.recorded import Recorded

Fields = dict[str, Any]
"""Field → value as JSON."""


@dataclass(frozen=True)
class Statement:
    """How the data of an event becomes fields of an item.

    `kind` and the data under `identifier` name the item; without them it is the stream itself. Data goes into a field
    of its own name, of the name it has in `renamed`, or nowhere if it is `dropped`; `constant` fields come on top.
    """

    kind: str = ""
    identifier: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    constant: Mapping[str, Any] = field(default_factory=dict)
    last: bool = False
    """Whether nothing more is ever said of the item: what was said need not be remembered."""
    one_of: str = ""
    """The data under which an event names the one field of many that it states, with all other data in it."""

    def item(self, stream: str, data: Fields) -> str:
        """The item an event is about, for example `commitment:ID`."""
        return f"{self.kind}:{data[self.identifier]}" if self.identifier else stream

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
        return frozenset((self.identifier, self.one_of, "corrects", *self.dropped))


def _assignment(**constant: Any) -> Statement:
    return Statement("assignment", "assignment_id", constant=constant)


def _handover(status: str) -> Statement:
    return Statement("handover", "handover_id", constant={"status": status})


def _commitment(renamed: Mapping[str, str] | None = None, *dropped: str, **constant: Any) -> Statement:
    return Statement("commitment", "commitment_id", renamed or {}, dropped, constant)


def _complaint(renamed: Mapping[str, str] | None = None, *dropped: str, **constant: Any) -> Statement:
    return Statement("complaint", "complaint_id", renamed or {}, dropped, constant)


_STATEMENTS: dict[type[Event], Statement] = {
    r.ResponsibilityAssigned: _assignment(),
    r.ResponsibilityEnded: _assignment(),
    r.ResponsibilityCorrected: _assignment(),
    r.ResponsibilityWithdrawn: _assignment(withdrawn=True),
    r.DelegationGranted: Statement("delegation", "delegation_id"),
    r.DelegationRevoked: Statement("delegation", "delegation_id", dropped=("assignment_id",)),
    r.HandoverProposed: _handover("proposed"),
    r.HandoverAccepted: _handover("accepted"),
    r.HandoverDeclined: _handover("declined"),
    r.HandoverCancelled: _handover("cancelled"),
    profile.CustomerRegistered: Statement(),
    profile.ProfileFactRecorded: Statement(one_of="topic"),
    profile.ProfileReviewConfirmed: Statement(),
    tier.TierAssigned: Statement(renamed={"since": "tier_since"}),
    tier.TierOverridden: Statement(renamed={"since": "tier_since"}),
    interactions.InteractionLogged: Statement("interaction", "interaction_id", last=True),
    visits.VisitRecorded: Statement("visit", "visit_id", last=True),
    satisfaction.SurveyAnswerRecorded: Statement("answer", "answer_id", last=True),
    commitments.CommitmentMade: _commitment(status="open"),
    commitments.CommitmentRescheduled: _commitment({"agreed": "reschedule_agreed"}, "previous_due_at"),
    commitments.CommitmentFulfilled: _commitment({"fulfilled_at": "ended_at"}, status="fulfilled"),
    commitments.CommitmentWaived: _commitment({"waived_at": "ended_at"}, status="waived"),
    commitments.CommitmentCorrected: _commitment(),
    commitments.CommitmentFellDue: _commitment({"due_at": "fell_due_at"}),
    complaints.ComplaintReceived: _complaint(status="open"),
    complaints.ComplaintAcknowledged: _complaint({"at": "acknowledged_at"}),
    complaints.ComplaintAssigned: _complaint({"person": "holder", "at": "held_since"}),
    complaints.WaitingOnCustomerStarted: _complaint({"at": "waiting_since"}),
    complaints.WaitingOnCustomerStopped: _complaint(None, "at", waiting_since=None),
    complaints.SolutionProposed: _complaint({"at": "solution_proposed_at"}),
    complaints.ComplaintResolved: _complaint({"at": "resolved_at"}, status="resolved"),
    complaints.ComplaintClosed: _complaint({"at": "closed_at"}, status="closed"),
    complaints.ComplaintReopened: _complaint({"at": "reopened_at"}, status="open", resolved_at=None, closed_at=None),
    complaints.ComplaintEscalated: _complaint(
        {"at": "escalated_at", "clock": "escalated_clock", "to_person": "escalated_to"}
    ),
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


def statement_of(recorded: Recorded) -> Statement:
    """How the data of an event becomes fields of an item."""
    return _STATEMENTS[recorded.kind]
