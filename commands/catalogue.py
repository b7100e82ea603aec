"""Every command there is, by the stream it is given to and its path."""

from commands.base import Command
from commands.customer.commitments import CommitmentCommand
from commands.customer.complaints import ComplaintCommand
from commands.customer.contracts import ContractCommand
from commands.customer.interactions import InteractionCommand
from commands.customer.obligations import ObligationCommand
from commands.customer.profile import ProfileCommand
from commands.customer.satisfaction import SatisfactionCommand
from commands.customer.tier import TierCommand
from commands.customer.visits import VisitCommand
from commands.facts import FactCommand
from commands.person.directory import DirectoryCommand
from commands.policy.rules import RulesCommand
from commands.project.acceptance import AcceptanceCommand
from commands.project.initiation import InitiationCommand
from commands.responsibility import ResponsibilityCommand
from events.vocabulary.identifiers import StreamKind

CustomerCommand = (
    ProfileCommand
    | TierCommand
    | ResponsibilityCommand
    | InteractionCommand
    | VisitCommand
    | CommitmentCommand
    | ComplaintCommand
    | ContractCommand
    | ObligationCommand
    | SatisfactionCommand
    | FactCommand
)
ProjectCommand = InitiationCommand | AcceptanceCommand | ResponsibilityCommand | FactCommand
PersonCommand = DirectoryCommand | FactCommand
PolicyCommand = RulesCommand

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

INTERNAL: frozenset[type[Command]] = frozenset(
    command for by_path in CATALOGUE.values() for command in by_path.values() if command.internal
)
"""Commands that only processes of ours give, never a client."""
