"""The history that the pages show: 华东机械 with two corrections, a delegation, a handover and a vacancy."""

from datetime import date, datetime

from commands.base import Command
from commands.customer.profile import RegisterCustomer
from commands.customer.tier import AssignTier
from commands.person.directory import RegisterPerson
from commands.policy.rules import PublishRoleCatalogue
from commands.project.initiation import ProposeProject
from commands.responsibility import (
    AcceptHandover,
    AssignResponsibility,
    CorrectResponsibility,
    Delegate,
    EndResponsibility,
    ProposeHandover,
)
from events.recorded import Context
from events.vocabulary.identifiers import (
    COMPANY_POLICY,
    AssignmentId,
    CustomerId,
    DelegationId,
    HandoverId,
    PersonId,
    StreamId,
    stream_id,
)
from services.application import Zeren
from services.handling import Request
from tests.domain.company import ROLES
from tests.domain.people import BINHAI, CHEN, HUADONG, LIN, LINE_SEVEN, NAMES, WANG, ZHAO, ZHOU, number, on

HOSTILE_NAME = '<script>alert("x")</script><b>滨海</b> & {{ 7 * 7 }}'
HOSTILE_PERSON = PersonId(number(107))
UNASSIGNED = CustomerId(number(203))
"""新港物流: nobody ever managed the account, and for a while two people led its team."""

MANAGES = AssignmentId(number(401))
MISSED = AssignmentId(number(402))
_LEADS = AssignmentId(number(403))
_SUPPORTS = AssignmentId(number(404))
_HELPS = AssignmentId(number(405))
_DELIVERS = AssignmentId(number(406))
_HOSTILE = AssignmentId(number(407))
_FIRST = AssignmentId(number(408))
_SECOND = AssignmentId(number(409))
_ACTS = DelegationId(number(501))
_HANDOVER = HandoverId(number(601))

CORRECTION_REASON = "交接单补录：林静 3 月 3 日已离任"


class StandingClock:
    """A recorded time that stands where the story has got to."""

    def __init__(self) -> None:
        self.now: datetime | None = on("2025-01-02 08:00")

    def __call__(self) -> datetime | None:
        """The time at which the next event is learned; that of the store once the story is over."""
        return self.now


def _assign(
    assignment: AssignmentId, role: str, person: PersonId, since: str, until: str | None = None
) -> AssignResponsibility:
    return AssignResponsibility(
        assignment_id=assignment,
        role=role,
        person=person,
        involvement="accountable" if role == "account_manager" else "responsible",
        since=on(since),
        until=on(until) if until else None,
    )


def tell(zeren: Zeren, clock: StandingClock) -> None:
    """Let the story happen."""
    customer, project = stream_id("customer", HUADONG), stream_id("project", LINE_SEVEN)
    hostile = stream_id("customer", BINHAI)

    def happens(moment: str, stream: StreamId, *commands: Command, by: PersonId = ZHAO) -> None:
        clock.now = on(moment)
        for command in commands:
            zeren.handler.execute(Request(stream, command, Context(actor=f"person:{by}", reason=command.reason)))

    for person, name in {**NAMES, HOSTILE_PERSON: '"><img src=x onerror=alert(1)>'}.items():
        happens("2025-01-02 08:30", stream_id("person", person), RegisterPerson(name=name, department="key_accounts"))
    happens(
        "2025-01-02 09:00",
        customer,
        RegisterCustomer(name="华东机械", industry="装备制造", region="华东", registered_on=date(2024, 12, 16)),
        AssignTier(tier="vip", since=on("2024-12-16")),
    )
    happens("2025-01-03 09:00", stream_id("customer", UNASSIGNED), RegisterCustomer(name="新港物流"))
    policy = stream_id("policy", COMPANY_POLICY)
    shared = tuple(role.model_copy(update={"exclusive": False}) for role in ROLES)
    leads = (
        _assign(_FIRST, "team_lead", ZHAO, "2025-01-03", "2025-06-01"),
        _assign(_SECOND, "team_lead", LIN, "2025-04-01"),
    )
    happens("2025-01-03 09:10", policy, PublishRoleCatalogue(roles=shared))
    happens("2025-01-03 09:15", stream_id("customer", UNASSIGNED), *leads)
    happens("2025-01-03 09:20", policy, PublishRoleCatalogue(roles=ROLES))
    happens("2025-01-03 09:30", hostile, RegisterCustomer(name=HOSTILE_NAME))
    happens("2025-01-03 09:31", hostile, _assign(_HOSTILE, "account_manager", HOSTILE_PERSON, "2025-01-03"))
    happens("2025-01-06 10:00", customer, _assign(MANAGES, "account_manager", LIN, "2025-01-06"))
    happens("2025-01-06 10:05", customer, _assign(_LEADS, "team_lead", ZHAO, "2025-01-01"))
    happens("2025-01-07 11:00", customer, _assign(_SUPPORTS, "technical_support", CHEN, "2025-01-06"))
    happens("2025-01-20 11:00", customer, _assign(_HELPS, "technical_support", ZHOU, "2025-02-01", "2025-05-01"))
    delegate = Delegate(
        delegation_id=_ACTS,
        assignment_id=MANAGES,
        to_person=CHEN,
        since=on("2025-02-05"),
        until=on("2025-02-26"),
        reason="林静出差",
    )
    happens("2025-01-27 16:00", customer, delegate, by=LIN)
    happens("2025-02-10 09:00", project, ProposeProject(customer=HUADONG, name="七号线改造"))
    happens("2025-02-10 09:05", project, _assign(_DELIVERS, "project_manager", WANG, "2025-02-10"))
    correct = CorrectResponsibility(assignment_id=MANAGES, until=on("2025-03-03"), reason=CORRECTION_REASON)
    happens("2025-04-08 14:30", customer, correct)
    happens("2025-04-08 14:32", customer, _assign(MISSED, "account_manager", WANG, "2025-03-05"))
    propose = ProposeHandover(
        handover_id=_HANDOVER, assignment_id=MISSED, to_person=ZHOU, effective_at=on("2025-06-01")
    )
    happens("2025-05-20 09:00", customer, propose)
    happens("2025-05-22 17:45", customer, AcceptHandover(handover_id=_HANDOVER), by=ZHOU)
    end = EndResponsibility(assignment_id=_SUPPORTS, until=on("2025-09-01"))
    happens("2025-08-25 10:00", customer, end)
    clock.now = None
    while zeren.runner.advance():
        pass
