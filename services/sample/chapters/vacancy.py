"""The vacancy of last quarter: 岭海 had no account manager for three working days."""

from datetime import date, timedelta

from commands.person.directory import MoveDepartment
from services.sample.accounts import LINGHAI
from services.sample.days import Days, at, midnight
from services.sample.duties import Duties
from services.sample.people import GU, LIANG, SHEN, TAN
from services.sample.story import Story

_DAYS = 3


def begins(days: Days) -> date:
    """The Tuesday in the middle of last quarter from which on nobody was account manager."""
    first, _ = days.last_quarter()
    return days.plain_week(date(first.year, first.month + 1, 8))


def ends(days: Days) -> date:
    """The Friday of that week, when 梁颖 began."""
    return begins(days) + timedelta(days=_DAYS)


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    days = story.days
    since = midnight(begins(days))
    told = at(days.later(begins(days), -3), 16)
    duties.end(told, LINGHAI, "account_manager", since, "谭志强调任行业中心，接任人待定")
    move = MoveDepartment(department="industry_center", manager=GU.id, since=since, reason="调任行业中心")
    story.tell(told, SHEN, TAN.stream, move)
    decided = at(days.later(ends(days), -1), 16, 40)
    duties.assign(decided, LINGHAI, "account_manager", LIANG, midnight(ends(days)), "大区会议确定由梁颖接任岭海")
