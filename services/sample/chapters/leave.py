"""周敏's maternity leave: 陈晨 acts for her, a promise falls due, and 王磊 takes over two days later."""

from datetime import date, datetime, timedelta

from commands.customer.commitments import FulfilCommitment
from commands.customer.visits import PromiseInVisit, RecordVisit
from commands.responsibility import DeclineHandover, RevokeDelegation
from events.vocabulary.identifiers import CommitmentId, VisitId
from services.sample.accounts import HANHAI, JIANGTAI
from services.sample.chance import named
from services.sample.days import Days, at, midnight
from services.sample.duties import Duties
from services.sample.people import CHEN, JIANG, LIN, SHEN, WANG, ZHAO, ZHOU
from services.sample.story import Story

PROMISE = CommitmentId(named("commitment", "hanhai", "rectification-plan"))
"""The promise that fell due while 周敏 was away."""
_LEAVE = timedelta(days=158)


def starts(days: Days) -> datetime:
    """The first day of the leave."""
    return midnight(date(days.year, 4, 1))


def promised_at(days: Days) -> datetime:
    """When 周敏 made the promise, in a visit."""
    return at(days.on_or_after(date(days.year, 3, 19)), 14, 30)


def due_at(days: Days) -> datetime:
    """When the promise fell due: the Wednesday evening of an ordinary week in May."""
    return at(days.plain_week(date(days.year, 5, 12)) + timedelta(days=1), 18)


def taken_over_at(days: Days) -> datetime:
    """When 王磊 took over, two days after the promise fell due."""
    return due_at(days) + timedelta(days=2)


def kept_at(days: Days) -> datetime:
    """When 王磊 kept the promise."""
    return at(days.later(taken_over_at(days).date(), 4), 16)


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    days = story.days
    _promise(story)
    told = at(days.on_or_before(date(days.year, 3, 26)), 15)
    ends = starts(days) + _LEAVE
    delegated = duties.delegate(told, HANHAI, CHEN, starts(days), ends, "周敏产假（158 天），由陈晨代理")
    second = duties.delegate(told, JIANGTAI, LIN, starts(days), ends, "周敏产假（158 天），由林静代理")
    _contested(story, duties)
    story.tell(
        taken_over_at(days) - timedelta(minutes=25),
        SHEN,
        HANHAI.stream,
        RevokeDelegation(delegation_id=delegated, until=taken_over_at(days), reason="瀚海已移交王磊，代理结束"),
        on_behalf_of=ZHAO,
    )
    back = ends - timedelta(days=6)
    duties.really(JIANGTAI, "account_manager", back, ZHOU)
    story.tell(
        at(days.on_or_before(back.date() - timedelta(days=3)), 11),
        SHEN,
        JIANGTAI.stream,
        RevokeDelegation(delegation_id=second, until=back, reason="周敏提前返岗"),
        on_behalf_of=ZHAO,
    )


def _promise(story: Story) -> None:
    days = story.days
    visit = RecordVisit(
        visit_id=VisitId(named("visit", "hanhai", "rectification-plan")),
        visited_at=promised_at(days),
        channel="face_to_face",
        our_attendees=(ZHOU.id, JIANG.id),
        customer_attendees=HANHAI.contacts[:2],
        purpose="储能变流柜高温告警专题沟通",
        content="客户反映夏季来临前需解决变流柜柜内温升问题，要求提供整改方案与第三方测试报告。",
        feedback="如五月中旬前无方案，将暂停二期变流柜下单。",
        commitments=(
            PromiseInVisit(
                commitment_id=PROMISE,
                text="提交储能变流柜温控整改方案与第三方测试报告",
                due_at=due_at(days),
                by="us",
                promised_by=ZHOU.id,
            ),
        ),
    )
    story.tell(at(promised_at(days).date(), 17, 35), ZHOU, HANHAI.stream, visit)
    kept = FulfilCommitment(commitment_id=PROMISE, fulfilled_at=kept_at(days), reason="方案与测试报告已由客户签收")
    story.tell(kept_at(days) + timedelta(minutes=40), WANG, HANHAI.stream, kept)


def _contested(story: Story, duties: Duties) -> None:
    """王磊 declines as long as nobody knows what becomes of the promise, and accepts the second time."""
    days = story.days
    due = due_at(days)
    proposed = days.later(due.date(), -14)
    early = midnight(days.later(due.date(), -5))
    first = duties.propose(at(proposed, 10), HANHAI, WANG, early, "瀚海二期启动，需要固定的客户经理")
    decline = DeclineHandover(handover_id=first, reason="清单中的变流柜温控整改即将到期且尚无方案，责任未厘清前不接")
    story.tell(at(days.later(proposed, 2), 11, 30), WANG, HANHAI.stream, decline)
    effective_at = taken_over_at(days)
    second = duties.propose(
        at(days.later(due.date(), -2), 15), HANHAI, WANG, effective_at, "逾期前的责任留在原客户经理，重新提出移交"
    )
    accepted = at(days.later(due.date(), 1), 10, 20)
    reason = "清单已注明继承的逾期承诺，同意自生效时起负责"
    duties.accept(accepted, HANHAI, WANG, effective_at, second, reason)
