"""What was entered wrongly and found out later: the anchor of "as known then" and "as known now"."""

from datetime import date, datetime, timedelta

from commands.responsibility import CorrectResponsibility, WithdrawResponsibility
from services.sample.accounts import DONGLAN, JIANGTAI, SHUOFENG
from services.sample.days import Days, at, midnight
from services.sample.duties import Duties, assignment_id
from services.sample.people import LIN, SHEN, SU, SUN, WANG, ZHAO
from services.sample.story import Story

_MANAGER = "account_manager"
_EXPERT = "industry_expert"


def asked_at(days: Days) -> datetime:
    """The instant that is asked about: 10 March of last year, ten in the morning."""
    return at(date(days.year, 3, 10), 10)


def known_before(days: Days) -> datetime:
    """The evening of 31 March of last year, when nobody had noticed the mistake."""
    return at(date(days.year, 3, 31), 18)


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    _the_wrong_successor(story, duties)
    _the_wrong_start(story)
    _the_wrong_customer(story, duties)


def _the_wrong_successor(story: Story, duties: Duties) -> None:
    """林静 took over 东澜 from 陈晨 on 1 March; 王磊 was entered, and nobody noticed before April."""
    days = story.days
    since = midnight(date(days.year, 3, 1))
    told = at(days.on_or_before(date(days.year, 2, 26)), 16, 20)
    ending = duties.ending(DONGLAN, _MANAGER, since, "春季轮岗：陈晨专注新能源客户")
    assigning = duties.assigning(DONGLAN, _MANAGER, WANG, since, "春季轮岗：接任东澜客户经理")
    duties.really(DONGLAN, _MANAGER, since, LIN)
    duties.enter(told, DONGLAN, ending, assigning)
    noticed = at(days.on_or_after(date(days.year, 4, 8)), 9, 50)
    correction = CorrectResponsibility(
        assignment_id=assigning.assignment_id,
        person=LIN.id,
        reason="录入错误：2 月轮岗会议纪要确定由林静接任东澜，登记时误选王磊；4 月对账时由赵建国发现并确认",
    )
    story.tell(noticed, SHEN, DONGLAN.stream, correction, on_behalf_of=ZHAO)


def _the_wrong_start(story: Story) -> None:
    days = story.days
    correction = CorrectResponsibility(
        assignment_id=assignment_id(SHUOFENG, _EXPERT, 1),
        since=midnight(days.first) - timedelta(days=20),
        reason="苏婉在登记前二十天已参与朔风技术交流，起始日期补正",
    )
    story.tell(at(days.after_first(60), 11), SHEN, SHUOFENG.stream, correction, on_behalf_of=SUN)


def _the_wrong_customer(story: Story, duties: Duties) -> None:
    days = story.days
    told = days.before_today(250)
    reason = "配备行业专家"
    assigning = duties.assigning(JIANGTAI, _EXPERT, SU, midnight(told), reason)
    duties.enter(at(told, 14, 5), JIANGTAI, assigning)
    withdrawal = WithdrawResponsibility(
        assignment_id=assigning.assignment_id, reason="误登记：行业专家仅配备 VIP 客户，江泰从未配备"
    )
    story.tell(at(days.later(told, 9), 10), SHEN, JIANGTAI.stream, withdrawal, on_behalf_of=ZHAO)
