"""Three weeks in early summer in which 林静 of the East team stands in for 吴海燕 of the North team."""

from datetime import date, timedelta

from services.sample.accounts import JINDU
from services.sample.days import Days, at, midnight
from services.sample.duties import Duties
from services.sample.people import LIN
from services.sample.story import Story

_WEEKS = 3


def begins(days: Days) -> date:
    """The Monday on or after 18 May of last year."""
    day = date(days.year, 5, 18)
    return day + timedelta(days=-day.weekday() % 7)


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    days = story.days
    since = midnight(begins(days))
    told = at(days.later(begins(days), -4), 10, 40)
    reason = "吴海燕脱产培训三周，由做过港口项目的林静代理"
    duties.delegate(told, JINDU, LIN, since, since + timedelta(weeks=_WEEKS), reason)
