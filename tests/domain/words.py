"""The sentences about responsibility that several scenarios share."""

from datetime import datetime
from uuid import UUID

from commands.responsibility import AssignResponsibility
from events.responsibility import DelegationGranted, ResponsibilityAssigned, ResponsibilityEnded
from events.vocabulary.identifiers import SELF, AssignmentId, DelegationId, PersonId, Subject
from events.vocabulary.values import Involvement
from tests.domain.company import ROLES
from tests.domain.people import number, on

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
