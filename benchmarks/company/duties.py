"""Who answers for a key account: assignments, ends, corrections, withdrawals, delegations, handovers."""

from datetime import datetime
from functools import partial

from aggregates.responsibility.state import Assignment
from benchmarks.company.account import DAY, Account
from commands.responsibility import (
    AcceptHandover,
    AssignResponsibility,
    CorrectResponsibility,
    DeclineHandover,
    Delegate,
    EndResponsibility,
    ProposeHandover,
    RevokeDelegation,
    WithdrawResponsibility,
)
from events.vocabulary.identifiers import SELF, AssignmentId, DelegationId, HandoverId, PersonId


def duties(account: Account) -> None:
    """Assign the team, and plan what changes later."""
    _assign(account, account.begins, "account_manager", account.story.chance.choice(account.team.managers))
    _assign(account, account.begins, "technical_support", account.team.engineers[0])
    _assign(account, account.begins, "after_sales", account.team.engineers[1])
    account.every(230, partial(_hand_over, account))
    account.every(120, partial(_go_on_leave, account))
    account.every(250, partial(_correct, account))
    account.every(400, partial(_err, account))
    account.every(300, partial(_change_support, account))


def _assign(account: Account, at: datetime, role: str, person: PersonId) -> AssignmentId:
    assignment = AssignmentId(account.story.new_id())
    command = AssignResponsibility(
        assignment_id=assignment,
        role=role,
        person=person,
        involvement="accountable" if role == "account_manager" else "responsible",
        since=at,
    )
    account.give(at, command, f"person:{account.team.lead}")
    return assignment


def _held(account: Account, role: str, at: datetime) -> Assignment | None:
    held = account.state.responsibilities.holding(SELF, at)
    return next((one for one in held if one.original.role == role and one.until is None), None)


def _hand_over(account: Account, at: datetime) -> None:
    held = _held(account, "account_manager", at)
    if held is None:
        return
    successor = account.story.chance.choice([one for one in account.team.managers if one != held.person])
    handover = HandoverId(account.story.new_id())
    command = ProposeHandover(
        handover_id=handover, assignment_id=held.id, to_person=successor, effective_at=at + 7 * DAY
    )
    account.give(at, command, f"person:{account.team.lead}")
    answer = AcceptHandover(handover_id=handover) if account.chance(0.8) else DeclineHandover(handover_id=handover)
    account.story.plan(at + DAY, lambda now: account.give(now, answer, f"person:{successor}"))


def _go_on_leave(account: Account, at: datetime) -> None:
    held = _held(account, "account_manager", at)
    if held is None or held.since > at:
        return
    acting = account.story.chance.choice([one for one in account.team.managers if one != held.person])
    delegation = DelegationId(account.story.new_id())
    command = Delegate(
        delegation_id=delegation, assignment_id=held.id, to_person=acting, since=at + DAY, until=at + 15 * DAY
    )
    account.give(at, command)
    if account.chance(0.3):
        back = RevokeDelegation(delegation_id=delegation)
        account.story.plan(at + 9 * DAY, lambda now: account.give(now, back))


def _correct(account: Account, at: datetime) -> None:
    held = _held(account, "technical_support", at)
    if held is None or at < held.since + 3 * DAY:
        return
    command = CorrectResponsibility(assignment_id=held.id, since=held.since + DAY, reason="一天后才交接")
    account.give(at, command, f"person:{account.team.lead}")


def _err(account: Account, at: datetime) -> None:
    wrong = _assign(account, at, "supervisor", account.team.engineers[-1])
    command = WithdrawResponsibility(assignment_id=wrong, reason="录错客户")
    account.story.plan(at + DAY, lambda now: account.give(now, command, f"person:{account.team.lead}"))


def _change_support(account: Account, at: datetime) -> None:
    held = _held(account, "technical_support", at)
    if held is None:
        return
    account.give(at, EndResponsibility(assignment_id=held.id, until=at), f"person:{account.team.lead}")
    others = [one for one in account.team.engineers if one != held.person]
    _assign(account, at, "technical_support", account.story.chance.choice(others))
