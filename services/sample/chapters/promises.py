"""What becomes of promises: kept in time, moved once or twice, kept late, released, corrected, or still open."""

from datetime import datetime, timedelta
from random import Random

from commands.customer.commitments import (
    CorrectCommitment,
    FulfilCommitment,
    RescheduleCommitment,
    WaiveCommitment,
)
from commands.customer.visits import PromiseInVisit
from commands.responsibility import AssignResponsibility
from events.customer.commitments import CommitmentFulfilled
from events.vocabulary.identifiers import AssignmentId, CommitmentId
from services.sample.accounts import Account
from services.sample.chance import dice, named
from services.sample.days import SHANGHAI, at
from services.sample.diary import entered_at, moment
from services.sample.duties import Duties
from services.sample.people import Employee
from services.sample.story import PuttingRight, Story

_CORRECTED, _GIVEN_TO_TECHNICIAN = 0.04, 0.2
_WRONG_DAY, _NOT_KEPT = 0.05, 0.03
_AGREED = 0.7
_MOVES = ("客户停机窗口推迟", "供应商交期延误", "方案评审意见需补充", "现场条件不具备")
_RELEASES = ("客户自行解决，不再需要", "项目取消，双方同意解除", "并入年度维保统一处理")
_FATES = ("in time", "in time", "in time", "in time", "in time", "moved", "moved", "late", "late", "released")
_ENTERED = timedelta(minutes=20)


def follow(
    story: Story, duties: Duties, account: Account, chance: Random, promise: PromiseInVisit, entered: datetime
) -> None:
    """Tell what becomes of a promise that was entered with a visit."""
    days = story.days
    due = promise.due_at.astimezone(SHANGHAI)
    identifier = promise.commitment_id
    if promise.by == "us" and chance.random() < _GIVEN_TO_TECHNICIAN:
        _give_to_technician(story, duties, account, identifier, entered)
    if chance.random() < _CORRECTED:
        due = at(days.later(due.date(), 2), 18)
        told = at(days.later(entered.date(), 1), 9, 40)
        corrected = CorrectCommitment(commitment_id=identifier, due_at=due, reason="到期日误录，按拜访纪要更正")
        _enter(story, duties, account, told, corrected)
    fate = chance.choice(_FATES)
    if fate == "moved":
        for _ in range(chance.choice((1, 1, 2))):
            due = _move(story, duties, account, chance, identifier, due)
    if fate == "released":
        told = at(days.later(due.date(), -1), 15, 30)
        waived = WaiveCommitment(commitment_id=identifier, occurred_at=told, reason=chance.choice(_RELEASES))
        _enter(story, duties, account, told + _ENTERED, waived)
        return
    late = chance.randint(1, 12) if fate == "late" else -chance.randint(0, 2)
    kept = moment(chance, days.later(due.date(), late))
    fulfilled = FulfilCommitment(commitment_id=identifier, fulfilled_at=kept)
    by = duties.doer(account, "account_manager", kept)
    if by is not None:
        entered = entered_at(chance, days, kept)
        story.tell(entered, by, account.stream, fulfilled)
        _put_right(story, account, by, identifier, entered, kept)


def _put_right(
    story: Story, account: Account, by: Employee, identifier: CommitmentId, entered: datetime, kept: datetime
) -> None:
    """Now and then a promise was kept on another day than was entered, or was not kept at all."""
    luck = dice("put right", identifier).random()
    noticed = at(story.days.later(entered.date(), 2), 10, 5)
    item = f"commitment:{identifier}"
    if luck < _WRONG_DAY:
        truly = (kept - timedelta(hours=20)).isoformat()
        reason = "履约日期误录：客户签收单为前一日"
        story.tell(
            noticed, by, account.stream, PuttingRight(item, CommitmentFulfilled, reason, (("fulfilled_at", truly),))
        )
    elif luck < _WRONG_DAY + _NOT_KEPT:
        story.tell(
            noticed,
            by,
            account.stream,
            PuttingRight(item, CommitmentFulfilled, "误登记：客户反馈并未收到，承诺仍未履行"),
        )
        again = FulfilCommitment(commitment_id=identifier, fulfilled_at=noticed + timedelta(hours=1))
        story.tell(noticed + timedelta(hours=2), by, account.stream, again)


def _move(
    story: Story, duties: Duties, account: Account, chance: Random, identifier: CommitmentId, due: datetime
) -> datetime:
    days = story.days
    later = at(days.later(due.date(), chance.randint(4, 15)), 18)
    told = at(days.later(due.date(), -1), 14, 15)
    moved = RescheduleCommitment(
        commitment_id=identifier,
        due_at=later,
        agreed=chance.random() < _AGREED,
        occurred_at=told - _ENTERED,
        reason=chance.choice(_MOVES),
    )
    _enter(story, duties, account, told, moved)
    return later


def _give_to_technician(
    story: Story, duties: Duties, account: Account, identifier: CommitmentId, entered: datetime
) -> None:
    technician = duties.doer(account, "technical_support", entered)
    if technician is None:
        return
    command = AssignResponsibility(
        assignment_id=AssignmentId(named("assignment", identifier)),
        subject=f"commitment:{identifier}",
        role="technical_support",
        person=technician.id,
        involvement="responsible",
        since=entered,
        reason="承诺事项由技术支持具体落实",
    )
    _enter(story, duties, account, entered, command)


def _enter(
    story: Story,
    duties: Duties,
    account: Account,
    told: datetime,
    command: AssignResponsibility | CorrectCommitment | RescheduleCommitment | WaiveCommitment,
) -> None:
    by = duties.doer(account, "account_manager", told)
    if by is not None:
        story.tell(told, by, account.stream, command)
