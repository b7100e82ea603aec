"""Calls, visits and surveys of a key account, and what becomes of the promises made in them."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from benchmarks.company.account import DAY, DEADLINES, HOUR, Account
from commands.customer.commitments import (
    CorrectCommitment,
    FulfilCommitment,
    RecordCommitmentFellDue,
    RescheduleCommitment,
    WaiveCommitment,
)
from commands.customer.interactions import LogInteraction
from commands.customer.satisfaction import RecordSurveyAnswer
from commands.customer.visits import PromiseInVisit, RecordVisit
from commands.facts import CorrectFact, WithdrawFact
from events.vocabulary.identifiers import CommitmentId, EventId, InteractionId, SurveyAnswerId, SurveyId, VisitId
from events.vocabulary.values import Scale

_TEXTS = (
    "三月底前提交主轴冷却整改方案及报价",
    "下周三之前给出备件交期，并派工程师到现场复核安装尺寸",
    "提供近三年同类设备的运行数据，用于客户内部立项",
    "两周内完成操作人员的第二次培训",
)


def promises(account: Account) -> None:
    """Plan them for the whole time."""
    account.every(8, partial(_call, account))
    account.every(30, partial(_visit, account))
    account.every(91, partial(_survey, account))


def _call(account: Account, at: datetime) -> None:
    command = LogInteraction(
        interaction_id=InteractionId(account.story.new_id()),
        at=at,
        channel="call" if account.chance(0.7) else "message",
        direction="outbound" if account.chance(0.6) else "inbound",
        our_attendees=(account.manager(at),),
        content="询问七号线样机试运行情况，对方反映主轴温度偏高。",
        result="约定周五由工程师到现场检查。",
    )
    account.give(at, command)
    if account.chance(0.03):
        account.story.plan(at + HOUR, partial(_put_right, account, account.last))


def _put_right(account: Account, call: EventId, at: datetime) -> None:
    """The call was a little earlier, or was none at all."""
    earlier = (at - HOUR - timedelta(minutes=10)).isoformat()
    put_right = CorrectFact(event=call, values={"at": earlier}, reason="记错时间")
    account.give(at, put_right if account.chance(0.7) else WithdrawFact(event=call, reason="重复登记"))


def _visit(account: Account, at: datetime) -> None:
    story, manager = account.story, account.manager(at)
    made = tuple(
        PromiseInVisit(
            commitment_id=CommitmentId(story.new_id()),
            text=story.chance.choice(_TEXTS),
            due_at=account.later(at, 5, 40),
            by="us" if account.chance(0.8) else "customer",
            promised_by=manager,
        )
        for _ in range(story.chance.choice((0, 1, 1, 2)))
    )
    visit = RecordVisit(
        visit_id=VisitId(story.new_id()),
        visited_at=at,
        channel="face_to_face" if account.chance(0.8) else "video",
        our_attendees=(manager, story.chance.choice(account.team.engineers)),
        customer_attendees=("孙志远（设备部经理）", "周厂长"),
        purpose="季度回访",
        content="查看主轴温升记录，讨论冷却方案与备件供应；客户希望提前两周收到样品，并要求每周通报一次进度。",
        feedback="总体满意，对响应时间有意见。" if account.chance(0.5) else None,
        commitments=made,
    )
    account.give(at, visit)
    for promise in made:
        _follow(account, promise.commitment_id, at, promise.due_at)


def _follow(account: Account, commitment: CommitmentId, made_at: datetime, due_at: datetime) -> None:
    """Everything that comes of one promise; the deadline process looks at every due time."""
    _fall_due(account, commitment, due_at)
    if account.chance(0.04):
        clearer = CorrectCommitment(commitment_id=commitment, text="书面整改方案及报价，分别列出", reason="听错了")
        account.story.plan(made_at + DAY, lambda at: account.give(at, clearer))
    if account.chance(0.05):
        account.story.plan(due_at - HOUR, lambda at: account.give(at, WaiveCommitment(commitment_id=commitment)))
        return
    if account.chance(0.2):
        moved = account.later(due_at, 5, 20)
        command = RescheduleCommitment(commitment_id=commitment, due_at=moved, agreed=account.chance(0.7))
        account.story.plan(due_at - HOUR, lambda at: account.give(at, command))
        _fall_due(account, commitment, moved)
        due_at = moved
    fulfilled = account.later(due_at, -4, -0.1) if account.chance(0.7) else account.later(due_at, 1, 9)
    account.story.plan(
        max(fulfilled, made_at + 2 * DAY),
        lambda at: account.give(at, FulfilCommitment(commitment_id=commitment, fulfilled_at=at)),
    )


def _fall_due(account: Account, commitment: CommitmentId, due_at: datetime) -> None:
    command = RecordCommitmentFellDue(commitment_id=commitment, due_at=due_at)
    account.story.plan(due_at, lambda at: account.give(at, command, DEADLINES))


def _survey(account: Account, at: datetime) -> None:
    story = account.story
    command = RecordSurveyAnswer(
        survey_id=SurveyId(story.new_id()),
        answer_id=SurveyAnswerId(story.new_id()),
        answered_at=at,
        scores={
            "product_quality": Decimal(story.chance.randint(6, 10)),
            "service_attitude": Decimal(story.chance.randint(60, 100)) / 10,
            "response_speed": Decimal(story.chance.randint(12, 40)) / 4,
        },
        scale=Scale(min=Decimal(0), max=Decimal(10)),
        about_person=account.manager(at),
    )
    account.give(at, command)
