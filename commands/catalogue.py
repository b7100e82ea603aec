"""Every command there is, by the stream it is given to and its path."""

from commands import responsibility
from commands.base import Command
from commands.customer import commitments, complaints, interactions, profile, satisfaction, tier, visits
from commands.person import directory
from commands.policy import rules
from commands.project import acceptance, initiation
from events.vocabulary.identifiers import StreamKind

ResponsibilityCommand = (
    responsibility.AssignResponsibility
    | responsibility.EndResponsibility
    | responsibility.CorrectResponsibility
    | responsibility.WithdrawResponsibility
    | responsibility.Delegate
    | responsibility.RevokeDelegation
    | responsibility.ProposeHandover
    | responsibility.AcceptHandover
    | responsibility.DeclineHandover
    | responsibility.CancelHandover
)
ProfileCommand = profile.RegisterCustomer | profile.RecordProfileFact | profile.ConfirmProfileReviewed
TierCommand = tier.AssignTier | tier.OverrideTier
InteractionCommand = interactions.LogInteraction
VisitCommand = visits.RecordVisit
CommitmentCommand = (
    commitments.MakeCommitment
    | commitments.RescheduleCommitment
    | commitments.FulfilCommitment
    | commitments.WaiveCommitment
    | commitments.CorrectCommitment
    | commitments.RecordCommitmentFellDue
)
ComplaintCommand = (
    complaints.ReceiveComplaint
    | complaints.AcknowledgeComplaint
    | complaints.AssignComplaint
    | complaints.StartWaitingOnCustomer
    | complaints.StopWaitingOnCustomer
    | complaints.ProposeSolution
    | complaints.ResolveComplaint
    | complaints.CloseComplaint
    | complaints.ReopenComplaint
    | complaints.EscalateComplaint
)
SatisfactionCommand = satisfaction.RecordSurveyAnswer
CustomerCommand = (
    ProfileCommand
    | TierCommand
    | ResponsibilityCommand
    | InteractionCommand
    | VisitCommand
    | CommitmentCommand
    | ComplaintCommand
    | SatisfactionCommand
)

InitiationCommand = initiation.ProposeProject | initiation.ApproveProject | initiation.RejectProject
AcceptanceCommand = (
    acceptance.PassSelfCheck
    | acceptance.RequestAcceptance
    | acceptance.RecordAcceptance
    | acceptance.OrderRectification
    | acceptance.SubmitRectification
)
ProjectCommand = InitiationCommand | AcceptanceCommand | ResponsibilityCommand

PersonCommand = directory.RegisterPerson | directory.MoveDepartment | directory.DeactivatePerson

PolicyCommand = (
    rules.PublishRoleCatalogue | rules.PublishServiceLevels | rules.PublishWorkingCalendar | rules.PublishCadence
)

AnyCommand = CustomerCommand | ProjectCommand | PersonCommand | PolicyCommand


def _by_path(union: object) -> dict[str, type[Command]]:
    members: tuple[type[Command], ...] = getattr(union, "__args__", ())
    return {command.path(): command for command in members}


CATALOGUE: dict[StreamKind, dict[str, type[Command]]] = {
    "customer": _by_path(CustomerCommand),
    "project": _by_path(ProjectCommand),
    "person": _by_path(PersonCommand),
    "policy": _by_path(PolicyCommand),
}
"""Stream kind → path → class."""

INTERNAL: frozenset[type[Command]] = frozenset({commitments.RecordCommitmentFellDue})
"""Commands that only processes of ours give, never a client."""
