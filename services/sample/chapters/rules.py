"""What the company decides about its customers and rules: tiers, faster answers, reviewed profiles."""

from datetime import date

from commands.customer.profile import ConfirmProfileReviewed, RecordProfileFact
from commands.customer.tier import AssignTier, OverrideTier
from commands.policy.rules import PublishServiceLevels
from events.vocabulary.identifiers import COMPANY_POLICY, stream_id
from services.sample.accounts import ACCOUNTS, JIANGTAI, TAIYUE
from services.sample.days import at, midnight
from services.sample.levels import NEW_LEVELS, new_levels_since
from services.sample.people import GU, LU, SHEN
from services.sample.story import Story

_HALF_YEAR = 182


def tell(story: Story) -> None:
    """Tell the chapter."""
    days = story.days
    decided = days.before_today(330)
    override = OverrideTier(tier="first", since=midnight(decided), reason="煤化工战略客户培育，总经理办公会特批")
    story.tell(at(decided, 16, 30), GU, TAIYUE.stream, override)
    decided = days.before_today(195)
    promoted = AssignTier(tier="first", since=midnight(decided), reason="年度采购额连续两个季度达到一级标准")
    story.tell(at(decided, 16, 30), GU, JIANGTAI.stream, promoted)
    since = new_levels_since(days)
    levels = PublishServiceLevels(since=midnight(since), levels=NEW_LEVELS, reason="普通投诉首次响应由半天缩短为两小时")
    story.tell(at(days.later(since, -3), 10), LU, stream_id("policy", COMPANY_POLICY), levels)
    for half_year in (_HALF_YEAR, 2 * _HALF_YEAR, 3 * _HALF_YEAR):
        _review(story, days.after_first(half_year), half_year)


def _review(story: Story, day: date, half_year: int) -> None:
    for account in ACCOUNTS:
        line = account.lines[half_year // _HALF_YEAR % len(account.lines)]
        fact = RecordProfileFact(
            topic="market_position",
            content=f"{account.industry}行业资本开支趋稳，客户计划扩建{line}。",
            source="半年度档案复核",
            collector=SHEN.id,
            collected_on=day,
        )
        story.tell(at(day, 16), SHEN, account.stream, fact, ConfirmProfileReviewed(reviewed_on=day))
