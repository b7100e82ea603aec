"""The rules that an empty ledger starts with."""

from datetime import time

from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

from commands.base import Command
from commands.policy.rules import PublishCadence, PublishRoleCatalogue, PublishServiceLevels, PublishWorkingCalendar
from events.recorded import Context
from events.vocabulary.identifiers import COMPANY_POLICY, stream_id
from events.vocabulary.policies import CadenceRule, Level, Role
from events.vocabulary.values import EARLIEST, Severity, Tier
from events.vocabulary.working_calendar import Shift, WorkingCalendar
from services.handling import CommandHandler, Request

_ROLES = (
    ("team_lead", "Team lead", "团队负责人", True),
    ("account_manager", "Account manager", "客户经理", True),
    ("project_manager", "Project manager", "项目经理", True),
    ("industry_expert", "Industry expert", "行业专家", False),
    ("technical_support", "Technical support", "技术支持", False),
    ("after_sales", "After-sales service", "售后服务", False),
    ("client_contact", "Client contact", "客户对接人", False),
    ("data_steward", "Data steward", "信息维护人", False),
    ("supervisor", "Supervisor", "监督", False),
)
_FIRST_YEAR = 2015
_SATURDAY = 5
_HOUR = 60
_DAY = 8 * _HOUR
_LEVELS: tuple[tuple[Tier | None, Severity, int, int], ...] = (
    ("vip", "critical", 30, _DAY),
    ("vip", "high", _HOUR, 2 * _DAY),
    ("vip", "medium", 2 * _HOUR, 3 * _DAY),
    ("vip", "low", 4 * _HOUR, 5 * _DAY),
    (None, "critical", _HOUR, 2 * _DAY),
    (None, "high", 2 * _HOUR, 3 * _DAY),
    (None, "medium", 4 * _HOUR, 5 * _DAY),
    (None, "low", _DAY, 10 * _DAY),
)


def first_rules() -> tuple[Command, ...]:
    """The rules a new ledger starts with: every company may publish its own editions afterwards."""
    return (
        PublishRoleCatalogue(
            roles=tuple(Role(code=code, name_en=en, name_zh=zh, exclusive=one) for code, en, zh, one in _ROLES)
        ),
        PublishServiceLevels(
            since=EARLIEST,
            levels=tuple(
                Level(tier=tier, severity=severity, first_response_minutes=first, resolution_minutes=resolution)
                for tier, severity, first, resolution in _LEVELS
            ),
        ),
        PublishWorkingCalendar(calendar=chinese_working_calendar()),
        PublishCadence(since=EARLIEST, rules=(CadenceRule(tier=None, calls_per_week=1, visits_per_month=1),)),
    )


def chinese_working_calendar() -> WorkingCalendar:
    """Office hours in China with the public holidays and make-up working days of all years that are published."""
    days_off = frozenset(day for day in holidays if day.year >= _FIRST_YEAR)
    return WorkingCalendar(
        time_zone="Asia/Shanghai",
        shifts=(Shift(start=time(9), end=time(12)), Shift(start=time(13), end=time(18))),
        known_years=frozenset(day.year for day in days_off),
        holidays=frozenset(day for day in days_off if day.weekday() < _SATURDAY),
        working_weekends=frozenset(day for day in workdays if day.year >= _FIRST_YEAR),
    )


def give_first_rules(handler: CommandHandler) -> None:
    """Publish the first rules in a ledger that has none."""
    policy = stream_id("policy", COMPANY_POLICY)
    if handler.ledger.state(policy).version:
        return
    rule = Context(actor="system:give-first-rules@1")
    handler.execute_groups([[Request(policy, command, rule) for command in first_rules()]])
