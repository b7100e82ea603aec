"""What is known of a key account: its registration, tier, and facts that are collected and reviewed."""

from datetime import date, datetime
from functools import partial

from benchmarks.company.account import Account
from commands.customer.profile import ConfirmProfileReviewed, RecordProfileFact, RegisterCustomer
from commands.customer.tier import AssignTier, OverrideTier
from events.vocabulary.values import Tier

_TIERS: tuple[Tier, ...] = ("vip", "first", "first", "second")


def profile(account: Account, number: int) -> None:
    """Register the customer, and plan what is found out later."""
    at, lead = account.begins, f"person:{account.team.lead}"
    named = RegisterCustomer(
        name=f"华东机械集团第{number}有限公司", industry="装备制造", region="华东", registered_on=date(2019, 6, 18)
    )
    account.give(at, named, lead)
    account.give(at, AssignTier(tier=account.story.chance.choice(_TIERS), since=at), lead)
    account.every(120, partial(_fact, account))
    account.every(365, partial(_review, account))
    account.every(500, partial(_override, account))


def _fact(account: Account, at: datetime) -> None:
    command = RecordProfileFact(
        topic="competitors",
        content="除我司外，另向两家德国供应商采购数控系统；今年起试用国产品牌。",
        source="年度技术交流会",
        collector=account.manager(at),
        collected_on=at.date(),
    )
    account.give(at, command)


def _review(account: Account, at: datetime) -> None:
    account.give(at, ConfirmProfileReviewed(reviewed_on=at.date()))


def _override(account: Account, at: datetime) -> None:
    account.give(at, OverrideTier(tier="vip", since=at, reason="年度采购额大幅增长"), f"person:{account.team.lead}")
