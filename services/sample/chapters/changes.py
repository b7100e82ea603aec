"""Ordinary changes of responsibility: somebody joins, somebody leaves, rotations, a plan for next month."""

from datetime import date, timedelta

from commands.person.directory import DeactivatePerson, MoveDepartment
from commands.responsibility import CancelHandover, ProposeHandover
from events.vocabulary.identifiers import HandoverId
from services.sample.accounts import DONGLAN, JINDU, JIYUAN, SHUOFENG, TAIYUE, XIANGLI, YUEJIANG, ZHUAN, Account
from services.sample.chance import named
from services.sample.chapters.opening import register
from services.sample.days import at, midnight
from services.sample.duties import LEADS, Duties
from services.sample.people import CHEN, DENG, GAO, LUO, MA, SHEN, TIAN, WU, XU, XUWEI, ZHENG, Employee
from services.sample.story import Story

_MANAGER, _EXPERT = "account_manager", "industry_expert"


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    days = story.days
    for newcomer, joined, account, reason in (
        (LUO, days.after_first(90), XIANGLI, "新人熟悉业务后接手湘澧"),
        (TIAN, days.before_today(300), TAIYUE, "客户经理与团队负责人职责分离"),
    ):
        register(story, newcomer, joined)
        _hand_over(duties, account, newcomer, days.later(joined, 15), reason)
    _hand_over(duties, YUEJIANG, CHEN, days.before_today(220), "年度轮岗：焊接线二期由陈晨跟进")
    _somebody_leaves(story, duties)
    _rotations(story, duties)
    _planned_for_next_month(story, duties)


def _hand_over(duties: Duties, account: Account, to: Employee, proposed: date, reason: str) -> None:
    days = duties.story.days
    effective_at = midnight(days.later(proposed, 6))
    handover = duties.propose(at(proposed, 10, 15), account, to, effective_at, reason)
    accepted = at(days.later(proposed, 3), 14, 30)
    duties.accept(accepted, account, to, effective_at, handover, "已核对交接清单，同意接手")


def _somebody_leaves(story: Story, duties: Duties) -> None:
    days = story.days
    proposed = days.before_today(140)
    leaves = days.later(proposed, 12)
    first_idea = duties.propose(at(proposed, 9, 40), SHUOFENG, ZHENG, midnight(leaves), "马晓东离职，拟由郑凯接手朔风")
    cancelled = days.later(proposed, 2)
    story.tell(
        at(cancelled, 9, 30),
        LEADS[SHUOFENG.region],
        SHUOFENG.stream,
        CancelHandover(handover_id=first_idea, reason="郑凯负荷过高，改由吴海燕接手"),
    )
    _hand_over(duties, SHUOFENG, WU, cancelled, "马晓东离职，由吴海燕接手朔风")
    left = DeactivatePerson(since=midnight(leaves), reason="个人原因离职")
    story.tell(at(leaves, 9), SHEN, MA.stream, left)
    _something_was_forgotten(duties, MA, leaves)


def _something_was_forgotten(duties: Duties, leaver: Employee, leaves: date) -> None:
    """Nobody took over what the leaver did for another account; that is noticed some days later."""
    days = duties.story.days
    since = days.before_today(260)
    duties.assign(at(since, 14), JIYUAN, _EXPERT, leaver, midnight(since), "储能并网经验支持")
    noticed = days.later(leaves, 8)
    duties.end(at(noticed, 10), JIYUAN, _EXPERT, midnight(days.later(noticed, 1)), "离职人员名单中发现仍挂在马晓东名下")


def _rotations(story: Story, duties: Duties) -> None:
    days = story.days
    _reassign(duties, JINDU, _MANAGER, ZHENG, days.before_today(165), "吴海燕转向风电行业，津渡由郑凯负责")
    _reassign(duties, JIYUAN, "technical_support", GAO, days.before_today(180), "蒋涛集中支持储能与风电")
    _comes_to_nothing(duties, JINDU, "after_sales", XUWEI, days.before_today(250), "拟下月起由许薇接手津渡售后")
    _reassign(duties, JINDU, "after_sales", DENG, days.before_today(250), "就近服务调整")
    second = days.before_today(200)
    duties.assign(at(second, 15), DONGLAN, "technical_support", XUWEI, midnight(second), "视觉检测项目增派技术支持")
    moved = days.before_today(205)
    move = MoveDepartment(
        department="industry_center", manager=None, since=midnight(moved), reason="视觉与 MES 能力并入行业中心"
    )
    back = MoveDepartment(
        department="technical_support", manager=XU.id, since=midnight(days.later(moved, 45)), reason="借调结束"
    )
    story.tell(at(moved, 10), SHEN, XUWEI.stream, move)
    story.tell(at(days.later(moved, 44), 10), SHEN, XUWEI.stream, back)


def _comes_to_nothing(duties: Duties, account: Account, role: str, to: Employee, told: date, reason: str) -> None:
    """A successor is proposed, but the assignment ends before anybody answers."""
    days = duties.story.days
    ending = duties.ending(account, role, midnight(days.later(told, 30)), reason)
    handover = ProposeHandover(
        handover_id=HandoverId(named("handover", account.slug, role, to.slug)),
        assignment_id=ending.assignment_id,
        to_person=to.id,
        effective_at=ending.until,
        reason=reason,
    )
    duties.story.tell(at(days.later(told, -3), 10, 30), LEADS[account.region], account.stream, handover)


def _reassign(duties: Duties, account: Account, role: str, to: Employee, told: date, reason: str) -> None:
    """End one assignment and begin the next a week later, in one entry."""
    since = midnight(duties.story.days.later(told, 5))
    ending = duties.ending(account, role, since, reason)
    duties.really(account, role, since, to)
    duties.enter(at(told, 11, 20), account, ending, duties.assigning(account, role, to, since, reason))


def _planned_for_next_month(story: Story, duties: Duties) -> None:
    told = story.days.later(story.days.on_or_before(story.days.today), -7)
    since = midnight(story.days.today + timedelta(days=30))
    reason = "下月轮岗：罗敏接手珠岸，梁颖专注岭海"
    ending = duties.ending(ZHUAN, _MANAGER, since, reason)
    duties.enter(at(told, 15, 10), ZHUAN, ending, duties.assigning(ZHUAN, _MANAGER, LUO, since, reason))
