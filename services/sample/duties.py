"""Who holds which role for which account: enters it, and remembers who really does the work."""

from dataclasses import dataclass, field
from datetime import datetime

from aggregates.responsibility.handovers import successor
from commands.responsibility import (
    AcceptHandover,
    AssignResponsibility,
    Delegate,
    EndResponsibility,
    ProposeHandover,
)
from events.vocabulary.identifiers import AssignmentId, DelegationId, HandoverId
from events.vocabulary.values import Involvement
from services.sample.accounts import Account
from services.sample.chance import named
from services.sample.people import HUANG, SHEN, SUN, ZHAO, Employee
from services.sample.story import Story

LEADS: dict[str, Employee] = {"华东": ZHAO, "华北": SUN, "华南": HUANG}
"""Region → team lead."""

INVOLVEMENT: dict[str, Involvement] = {
    "account_manager": "accountable",
    "team_lead": "consulted",
    "technical_support": "responsible",
    "after_sales": "responsible",
    "industry_expert": "consulted",
    "supervisor": "informed",
}

_Post = tuple[str, str]


def assignment_id(account: Account, role: str, number: int) -> AssignmentId:
    """The identity of the n-th assignment (1, 2, …) of a role for an account that was entered directly."""
    return AssignmentId(named("assignment", account.slug, role, number))


@dataclass
class Duties:
    """Enters changes of responsibility on behalf of the team lead."""

    story: Story
    numbers: dict[_Post, int] = field(default_factory=dict)
    held: dict[_Post, AssignmentId] = field(default_factory=dict)
    turns: dict[_Post, list[tuple[datetime, Employee | None]]] = field(default_factory=dict)

    def really(self, account: Account, role: str, since: datetime, employee: Employee | None) -> None:
        """Remember who really does the work from an instant on, whatever was entered."""
        turns = self.turns.setdefault((account.slug, role), [])
        turns.append((since, employee))
        turns.sort(key=lambda turn: turn[0])

    def doer(self, account: Account, role: str, at: datetime) -> Employee | None:
        """Who really does the work at an instant; none where nobody does."""
        doers = [employee for since, employee in self.turns.get((account.slug, role), []) if since <= at]
        return doers[-1] if doers else None

    def assigning(
        self, account: Account, role: str, employee: Employee, since: datetime, reason: str
    ) -> AssignResponsibility:
        """The order to assign a role, with an identity of its own."""
        number = self.numbers[account.slug, role] = self.numbers.get((account.slug, role), 0) + 1
        self.held[account.slug, role] = assignment_id(account, role, number)
        return AssignResponsibility(
            assignment_id=self.held[account.slug, role],
            role=role,
            person=employee.id,
            involvement=INVOLVEMENT[role],
            since=since,
            reason=reason,
        )

    def assign(
        self, at: datetime, account: Account, role: str, employee: Employee, since: datetime, reason: str
    ) -> None:
        """Enter an assignment as it is."""
        self.really(account, role, since, employee)
        self.enter(at, account, self.assigning(account, role, employee, since, reason))

    def end(self, at: datetime, account: Account, role: str, until: datetime, reason: str) -> None:
        """Enter the end of the running assignment."""
        self.really(account, role, until, None)
        self.enter(at, account, self.ending(account, role, until, reason))

    def ending(self, account: Account, role: str, until: datetime, reason: str) -> EndResponsibility:
        """The order to end the running assignment."""
        return EndResponsibility(assignment_id=self.held[account.slug, role], until=until, reason=reason)

    def enter(self, at: datetime, account: Account, *commands: AssignResponsibility | EndResponsibility) -> None:
        """Let the data steward enter orders on behalf of the team lead."""
        self.story.tell(at, SHEN, account.stream, *commands, on_behalf_of=LEADS[account.region])

    def delegate(
        self, at: datetime, account: Account, to: Employee, since: datetime, until: datetime, reason: str
    ) -> DelegationId:
        """Enter that somebody acts for the account manager."""
        delegation = DelegationId(named("delegation", account.slug, to.slug))
        manager = self.doer(account, "account_manager", since)
        self.really(account, "account_manager", since, to)
        self.really(account, "account_manager", until, manager)
        command = Delegate(
            delegation_id=delegation,
            assignment_id=self.held[account.slug, "account_manager"],
            to_person=to.id,
            since=since,
            until=until,
            reason=reason,
        )
        self.story.tell(at, SHEN, account.stream, command, on_behalf_of=LEADS[account.region])
        return delegation

    def propose(self, at: datetime, account: Account, to: Employee, effective_at: datetime, reason: str) -> HandoverId:
        """Let the team lead propose a new account manager."""
        handover = HandoverId(named("handover", account.slug, to.slug, effective_at.date()))
        command = ProposeHandover(
            handover_id=handover,
            assignment_id=self.held[account.slug, "account_manager"],
            to_person=to.id,
            effective_at=effective_at,
            reason=reason,
        )
        self.story.tell(at, LEADS[account.region], account.stream, command)
        return handover

    def accept(
        self, at: datetime, account: Account, to: Employee, effective_at: datetime, handover: HandoverId, reason: str
    ) -> None:
        """Let the new account manager accept."""
        post = (account.slug, "account_manager")
        self.turns[post] = [turn for turn in self.turns[post] if turn[0] < effective_at]
        self.really(account, "account_manager", effective_at, to)
        self.held[post] = successor(handover, self.held[post])
        self.story.tell(at, to, account.stream, AcceptHandover(handover_id=handover, reason=reason))
