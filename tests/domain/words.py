"""The sentences that several scenarios share."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from commands.responsibility import AssignResponsibility
from events.customer.commitments import CommitmentMade
from events.customer.complaints import ComplaintReceived, ServiceLevel
from events.customer.contracts import ContractSigned
from events.customer.obligations import ObligationUndertaken
from events.responsibility import DelegationGranted, ResponsibilityAssigned, ResponsibilityEnded
from events.vocabulary.identifiers import (
    SELF,
    AssignmentId,
    CommitmentId,
    ComplaintId,
    ContractId,
    DelegationId,
    ObligationId,
    PersonId,
    Subject,
)
from events.vocabulary.values import Involvement, Side, Target
from tests.domain.company import ROLES
from tests.domain.people import LIN, number, on

EXCLUSIVE = {role.code for role in ROLES if role.exclusive}


def assignment(value: int) -> AssignmentId:
    """The id of the first, second, … assignment."""
    return AssignmentId(number(1000 + value))


def delegation(value: int) -> DelegationId:
    """The id of the first, second, … delegation."""
    return DelegationId(number(2000 + value))


def about(kind: str, identifier: UUID) -> Subject:
    """An item of a customer as the subject of a responsibility."""
    return f"{kind}:{identifier}"


def _end(until: str | None) -> datetime | None:
    return None if until is None else on(until)


def assign(
    person: PersonId,
    since: str = "2025-01-01",
    until: str | None = None,
    *,
    no: int = 1,
    role: str = "account_manager",
    subject: Subject = SELF,
    involvement: Involvement = "accountable",
) -> AssignResponsibility:
    """Let somebody hold a role, 客户经理 of the customer where nothing else is said."""
    return AssignResponsibility(
        assignment_id=assignment(no),
        subject=subject,
        role=role,
        person=person,
        involvement=involvement,
        since=on(since),
        until=_end(until),
    )


def assigned(
    person: PersonId,
    since: str = "2025-01-01",
    until: str | None = None,
    *,
    no: int = 1,
    role: str = "account_manager",
    subject: Subject = SELF,
    involvement: Involvement = "accountable",
) -> ResponsibilityAssigned:
    """Somebody holds a role, 客户经理 of the customer where nothing else is said."""
    return ResponsibilityAssigned(
        assignment_id=assignment(no),
        subject=subject,
        role=role,
        person=person,
        involvement=involvement,
        since=on(since),
        until=_end(until),
        exclusive=role in EXCLUSIVE,
    )


def ended(no: int, until: str) -> ResponsibilityEnded:
    """An assignment ended."""
    return ResponsibilityEnded(assignment_id=assignment(no), until=on(until))


def delegated(no: int, to: PersonId, since: str, until: str, *, of: int = 1) -> DelegationGranted:
    """Somebody acts for the holder of an assignment."""
    return DelegationGranted(
        delegation_id=delegation(no), assignment_id=assignment(of), to_person=to, since=on(since), until=on(until)
    )


def commitment(no: int) -> CommitmentId:
    """The id of the first, second, … commitment."""
    return CommitmentId(number(3000 + no))


def made(no: int, due: str = "2025-03-31 18:00", *, at: str = "2025-03-01 10:00") -> CommitmentMade:
    """We promised something."""
    return CommitmentMade(
        commitment_id=commitment(no),
        text="三月底前交付样机",
        due_at=on(due),
        by="us",
        made_at=on(at),
        promised_by=None,
        promised_to=None,
        origin=None,
    )


def complaint(no: int) -> ComplaintId:
    """The id of the first, second, … complaint."""
    return ComplaintId(number(4000 + no))


def received(
    no: int,
    at: str = "2025-03-10 09:00",
    *,
    first_response_due: str = "2025-03-10 11:00",
    resolution_due: str = "2025-03-11 18:00",
) -> ComplaintReceived:
    """The customer complained, with high severity, under the first edition of the service levels."""
    return ComplaintReceived(
        complaint_id=complaint(no),
        received_at=on(at),
        channel="phone",
        severity="high",
        content="设备停机",
        contact="孙经理",
        service_level=ServiceLevel(
            policy_version=1, calendar_version=1, tier=None, first_response_minutes=120, resolution_minutes=960
        ),
        first_response_due_at=on(first_response_due),
        resolution_due_at=on(resolution_due),
        provisional=False,
    )


CONTRACT = ContractId(number(9001))


def obligation(value: int) -> ObligationId:
    """The id of the first, second, … obligation."""
    return ObligationId(number(9100 + value))


def signed(at: str = "2025-01-15", ends_on: date | None = date(2026, 1, 31)) -> ContractSigned:
    """A contract for a year of maintenance was signed, with the four parts that it has to state."""
    return ContractSigned(
        contract_id=CONTRACT,
        title="年度维保合同",
        signed_at=on(at),
        starts_on=date(2025, 2, 1),
        ends_on=ends_on,
        rights_and_duties="按月巡检",
        kpis="可用率不低于 99.5%",
        breach_liability="每逾期一日支付 0.1%",
        dispute_resolution="上海仲裁委员会",
        signed_by="孙经理",
    )


def undertaken(
    no: int, due: str = "2025-04-01", *, by: Side = "us", owner: PersonId | None = LIN, at: str = "2025-01-15"
) -> ObligationUndertaken:
    """One side is to keep the availability of clause 4.2."""
    return ObligationUndertaken(
        obligation_id=obligation(no),
        contract_id=CONTRACT,
        clause="4.2",
        text="可用率达到 99.5%",
        by=by,
        due_at=on(due),
        undertaken_at=on(at),
        owner=owner,
        target=Target(measure=Decimal("99.5"), unit="%"),
    )
