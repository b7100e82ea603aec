"""Commands as the scenarios say them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from commands.customer.commitments import FulfilCommitment, MakeCommitment
from commands.customer.interactions import LogInteraction
from commands.customer.profile import RegisterCustomer
from commands.person.directory import DeactivatePerson, RegisterPerson
from commands.responsibility import AssignResponsibility
from events.vocabulary.identifiers import AssignmentId, CommitmentId, InteractionId, PersonId

SPRING = datetime(2025, 3, 1, tzinfo=UTC)
SUMMER = datetime(2025, 6, 1, tzinfo=UTC)


def register_person(name: str) -> RegisterPerson:
    """Somebody of ours."""
    return RegisterPerson(name=name)


def register_customer(name: str) -> RegisterCustomer:
    """A key account."""
    return RegisterCustomer(name=name)


def call(*, by: PersonId | None = None, content: str = "例行电话", identifier: UUID | None = None) -> LogInteraction:
    """A call to the customer."""
    return LogInteraction(
        interaction_id=InteractionId(identifier or uuid4()),
        at=SPRING,
        channel="call",
        direction="outbound",
        our_attendees=(by,) if by else (),
        content=content,
        result="已确认",
    )


def promise(commitment: UUID, text: str = "交付") -> MakeCommitment:
    """We promise something."""
    return MakeCommitment(commitment_id=CommitmentId(commitment), text=text, due_at=SUMMER, by="us", occurred_at=SPRING)


def keep(commitment: UUID) -> FulfilCommitment:
    """We keep a promise."""
    return FulfilCommitment(commitment_id=CommitmentId(commitment), fulfilled_at=SPRING)


def assign(person: PersonId) -> AssignResponsibility:
    """Somebody is to be the account manager from summer on."""
    return AssignResponsibility(
        assignment_id=AssignmentId(uuid4()),
        role="account_manager",
        person=person,
        involvement="accountable",
        since=SUMMER,
    )


def let_go() -> DeactivatePerson:
    """Somebody leaves in spring."""
    return DeactivatePerson(since=SPRING)
