"""Every event there is, by its permanent name: what is not listed here cannot be read or written."""

from typing import get_args

from events import responsibility
from events.base import Event
from events.customer import commitments, complaints, interactions, profile, satisfaction, tier, visits
from events.person import directory
from events.policy import cadence, calendars, roles, service_levels
from events.project import acceptance, initiation

ResponsibilityEvent = (
    responsibility.ResponsibilityAssigned
    | responsibility.ResponsibilityEnded
    | responsibility.ResponsibilityCorrected
    | responsibility.ResponsibilityWithdrawn
    | responsibility.DelegationGranted
    | responsibility.DelegationRevoked
    | responsibility.HandoverProposed
    | responsibility.HandoverAccepted
    | responsibility.HandoverDeclined
    | responsibility.HandoverCancelled
)
ProfileEvent = profile.CustomerRegistered | profile.ProfileFactRecorded | profile.ProfileReviewConfirmed
TierEvent = tier.TierAssigned | tier.TierOverridden
InteractionEvent = interactions.InteractionLogged
VisitEvent = visits.VisitRecorded
CommitmentEvent = (
    commitments.CommitmentMade
    | commitments.CommitmentRescheduled
    | commitments.CommitmentFulfilled
    | commitments.CommitmentWaived
    | commitments.CommitmentCorrected
    | commitments.CommitmentFellDue
)
ComplaintEvent = (
    complaints.ComplaintReceived
    | complaints.ComplaintAcknowledged
    | complaints.ComplaintAssigned
    | complaints.WaitingOnCustomerStarted
    | complaints.WaitingOnCustomerStopped
    | complaints.SolutionProposed
    | complaints.ComplaintResolved
    | complaints.ComplaintClosed
    | complaints.ComplaintReopened
    | complaints.ComplaintEscalated
)
SatisfactionEvent = satisfaction.SurveyAnswerRecorded
CustomerEvent = (
    ProfileEvent
    | TierEvent
    | ResponsibilityEvent
    | InteractionEvent
    | VisitEvent
    | CommitmentEvent
    | ComplaintEvent
    | SatisfactionEvent
)

InitiationEvent = initiation.ProjectProposed | initiation.ProjectApproved | initiation.ProjectRejected
AcceptanceEvent = (
    acceptance.SelfCheckPassed
    | acceptance.AcceptanceRequested
    | acceptance.AcceptanceRecorded
    | acceptance.RectificationOrdered
    | acceptance.RectificationSubmitted
)
ProjectEvent = InitiationEvent | AcceptanceEvent | ResponsibilityEvent

PersonEvent = directory.PersonRegistered | directory.PersonMovedDepartment | directory.PersonDeactivated

PolicyEvent = (
    roles.RoleCataloguePublished
    | service_levels.ServiceLevelsPublished
    | calendars.WorkingCalendarPublished
    | cadence.CadencePublished
)

AnyEvent = CustomerEvent | ProjectEvent | PersonEvent | PolicyEvent


def _members(*unions: object) -> dict[str, type[Event]]:
    classes: set[type[Event]] = set()
    for union in unions:
        classes.update(get_args(union))
    by_name = {cls.event_name: cls for cls in classes}
    if len(by_name) != len(classes):
        raise TypeError("two events share a name")
    return dict(sorted(by_name.items()))


CATALOGUE: dict[str, type[Event]] = _members(CustomerEvent, ProjectEvent, PersonEvent, PolicyEvent)
"""Permanent name → class."""

OPENS_ITEM: dict[type[Event], tuple[str, str]] = {
    responsibility.ResponsibilityAssigned: ("responsibility", "assignment_id"),
    responsibility.DelegationGranted: ("delegation", "delegation_id"),
    responsibility.HandoverProposed: ("handover", "handover_id"),
    commitments.CommitmentMade: ("commitment", "commitment_id"),
    complaints.ComplaintReceived: ("complaint", "complaint_id"),
    visits.VisitRecorded: ("visit", "visit_id"),
    interactions.InteractionLogged: ("interaction", "interaction_id"),
    satisfaction.SurveyAnswerRecorded: ("survey", "answer_id"),
}
"""The events that open an item, with the kind of item and the field that holds its id, unique in the whole ledger."""
