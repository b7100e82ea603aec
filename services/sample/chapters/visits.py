"""Monthly visits, mostly kept, and what is promised in them."""

from datetime import date, datetime
from random import Random

from commands.customer.visits import PromiseInVisit, RecordVisit
from events.vocabulary.identifiers import CommitmentId, VisitId
from services.sample.accounts import ACCOUNTS, Account
from services.sample.chance import dice, fill, named
from services.sample.chapters import promises
from services.sample.days import at
from services.sample.diary import entered_at, moment
from services.sample.duties import Duties
from services.sample.people import Employee
from services.sample.story import Story

_KEPT = 0.91
_WITH_TECHNICIAN = 0.45
_PURPOSES = ("月度例行拜访", "季度运行回顾", "改造需求调研", "备件与维保沟通", "现场问题会诊")
_CONTENTS = (
    "与{contact}现场查看{line}，核对上月遗留问题，整体运行平稳。",
    "听取{contact}对{line}的意见：节拍仍有提升空间，希望给出优化建议。",
    "就{line}的扩产计划交换意见，客户预计半年内立项。",
    "复盘{line}上月两次停机，确认一次为网络原因、一次为传感器老化。",
    "与{contact}讨论{line}年度维保范围与备件清单。",
)
_FEEDBACK = ("对响应速度表示认可。", "希望现场工程师更稳定。", "要求报价更透明。", None, None)
_OURS = (
    "提供{line}节拍优化建议书",
    "提交{line}备件清单与报价",
    "安排工程师完成{line}网络整改",
    "出具{line}停机原因分析报告",
    "完成{line}操作工复训",
    "提供{line}程序备份与版本说明",
)
_THEIRS = ("提供{line}近三个月报警数据", "确认{line}检修停机窗口", "完成{line}维保合同内部会签")
_NUMBERS = (0, 0, 1, 1, 1, 2)
_BY_CUSTOMER = 0.2


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    for account in ACCOUNTS:
        chance = dice("visits", account.slug)
        for month in story.days.months():
            if chance.random() < _KEPT:
                _visit(story, duties, account, chance, chance.choice(month))


def _visit(story: Story, duties: Duties, account: Account, chance: Random, day: date) -> None:
    visited_at = moment(chance, day)
    visitor = duties.doer(account, "account_manager", visited_at)
    technician = duties.doer(account, "technical_support", visited_at)
    with_technician = chance.random() < _WITH_TECHNICIAN
    contact, line = chance.choice(account.contacts), chance.choice(account.lines)
    purpose, content, feedback = chance.choice(_PURPOSES), chance.choice(_CONTENTS), chance.choice(_FEEDBACK)
    number = chance.choice(_NUMBERS)
    if visitor is None:
        return
    made = [_promise(story, account, chance, visited_at, visitor, order) for order in range(number)]
    visit = RecordVisit(
        visit_id=VisitId(named("visit", account.slug, visited_at)),
        visited_at=visited_at,
        channel="face_to_face",
        our_attendees=(visitor.id, technician.id) if with_technician and technician else (visitor.id,),
        customer_attendees=(contact,),
        purpose=purpose,
        content=fill(content, contact=contact, line=line),
        feedback=feedback,
        commitments=tuple(made),
    )
    entered = entered_at(chance, story.days, visited_at)
    story.tell(entered, visitor, account.stream, visit)
    for promise in made:
        promises.follow(story, duties, account, chance, promise, entered)


def _promise(
    story: Story, account: Account, chance: Random, visited_at: datetime, visitor: Employee, order: int
) -> PromiseInVisit:
    by_customer = chance.random() < _BY_CUSTOMER
    text = fill(chance.choice(_THEIRS if by_customer else _OURS), line=chance.choice(account.lines))
    due = story.days.later(visited_at.date(), chance.randint(5, 28))
    return PromiseInVisit(
        commitment_id=CommitmentId(named("commitment", account.slug, visited_at, order)),
        text=text,
        due_at=at(due, 18),
        by="customer" if by_customer else "us",
        promised_by=None if by_customer else visitor.id,
    )
