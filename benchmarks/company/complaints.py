"""Complaints of a key account with their clocks, from receipt to closing and sometimes back again."""

from datetime import datetime
from functools import partial

from benchmarks.company.account import DAY, HOUR, Account
from commands.customer.complaints import (
    AcknowledgeComplaint,
    AssignComplaint,
    CloseComplaint,
    EscalateComplaint,
    ProposeSolution,
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from events.vocabulary.identifiers import ComplaintId
from events.vocabulary.values import Severity

_SEVERITIES: tuple[Severity, ...] = ("low", "medium", "medium", "high", "critical")
_SOLUTION = "更换主轴前轴承，并延长质保六个月。"
_CLOCKS = "system:when-complaint-clock-runs-out-then-escalate@1"


def complaints(account: Account) -> None:
    """Plan them for the whole time."""
    account.every(75, partial(_complaint, account), jitter=0.8)


def _complaint(account: Account, at: datetime) -> None:
    """Received, answered, handed to an engineer, solved in time or late, closed, and at times reopened."""
    story = account.story
    complaint, engineer = ComplaintId(story.new_id()), story.chance.choice(account.team.engineers)
    received = ReceiveComplaint(
        complaint_id=complaint,
        received_at=at,
        channel="phone",
        severity=story.chance.choice(_SEVERITIES),
        content="七号线主轴异响，停机两小时。",
        contact="孙志远（设备部经理）",
    )
    account.give(at, received)
    acknowledged = at + HOUR / 2
    story.plan(
        acknowledged, lambda now: account.give(now, AcknowledgeComplaint(complaint_id=complaint, at=acknowledged))
    )
    story.plan(
        at + HOUR,
        lambda now: account.give(
            now, AssignComplaint(complaint_id=complaint, person=engineer, department="after_sales", at=now)
        ),
    )
    if account.chance(0.4):
        story.plan(
            at + 2 * HOUR,
            lambda now: account.give(now, StartWaitingOnCustomer(complaint_id=complaint, at=now), f"person:{engineer}"),
        )
        story.plan(
            at + 20 * HOUR,
            lambda now: account.give(now, StopWaitingOnCustomer(complaint_id=complaint, at=now), f"person:{engineer}"),
        )
    story.plan(
        at + 21 * HOUR,
        lambda now: account.give(now, ProposeSolution(complaint_id=complaint, at=now, solution=_SOLUTION)),
    )
    story.plan(at + DAY, partial(_watch, account, complaint))
    story.plan(
        account.later(at, 1, 4) if account.chance(0.7) else account.later(at, 8, 20),
        partial(_solve, account, complaint),
    )


def _watch(account: Account, complaint: ComplaintId, _now: datetime) -> None:
    """The deadline process escalates when the resolution clock has run out."""
    due_at = account.state.complaints[complaint].resolution_due_at

    def look(now: datetime) -> None:
        known = account.state.complaints[complaint]
        if known.status == "open" and known.resolution_due_at <= now:
            command = EscalateComplaint(
                complaint_id=complaint, at=due_at, clock="resolution", to_person=account.team.lead
            )
            account.give(now, command, _CLOCKS)

    account.story.plan(max(due_at, _now), look)


def _solve(account: Account, complaint: ComplaintId, at: datetime) -> None:
    account.give(at, ResolveComplaint(complaint_id=complaint, at=at, solution=_SOLUTION))
    closed = at + DAY
    account.story.plan(closed, lambda now: account.give(now, CloseComplaint(complaint_id=complaint, at=closed)))
    if account.chance(0.15):
        back = account.later(closed, 2, 9)
        account.story.plan(back, lambda now: account.give(now, ReopenComplaint(complaint_id=complaint, at=back)))
        account.story.plan(back + DAY, partial(_solve, account, complaint))
