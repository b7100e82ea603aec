"""The company's rules in the scenarios: roles, service levels, calendar and cadence."""

from datetime import date, time

from aggregates import decider
from aggregates.policy.state import Policy
from events.catalogue import PolicyEvent
from events.policy.cadence import CadencePublished
from events.policy.calendars import WorkingCalendarPublished
from events.policy.roles import RoleCataloguePublished
from events.policy.service_levels import ServiceLevelsPublished
from events.vocabulary.identifiers import COMPANY_POLICY, stream_id
from events.vocabulary.policies import CadenceRule, Level, Role
from events.vocabulary.working_calendar import Shift, WorkingCalendar
from tests.domain.people import on

ROLES = (
    Role(code="team_lead", name_en="Team lead", name_zh="团队负责人", exclusive=True),
    Role(code="account_manager", name_en="Account manager", name_zh="客户经理", exclusive=True),
    Role(code="project_manager", name_en="Project manager", name_zh="项目经理", exclusive=True),
    Role(code="industry_expert", name_en="Industry expert", name_zh="行业专家", exclusive=False),
    Role(code="technical_support", name_en="Technical support", name_zh="技术支持", exclusive=False),
    Role(code="after_sales", name_en="After-sales service", name_zh="售后服务", exclusive=False),
    Role(code="client_contact", name_en="Client contact", name_zh="客户对接人", exclusive=False),
    Role(code="data_steward", name_en="Data steward", name_zh="信息维护人", exclusive=False),
    Role(code="supervisor", name_en="Supervisor", name_zh="监督", exclusive=False),
)

LEVELS = (
    Level(tier="vip", severity="high", first_response_minutes=60, resolution_minutes=480),
    Level(tier=None, severity="high", first_response_minutes=120, resolution_minutes=960),
    Level(tier=None, severity="medium", first_response_minutes=240, resolution_minutes=1440),
)
"""A working day has 480 minutes; nothing is promised for low and critical complaints."""

CALENDAR = WorkingCalendar(
    time_zone="Asia/Shanghai",
    shifts=(Shift(start=time(9), end=time(12)), Shift(start=time(13), end=time(18))),
    known_years=frozenset({2024, 2025}),
    holidays=frozenset(
        {
            date(2025, 1, 1),
            *(date(2025, 1, day) for day in (28, 29, 30, 31)),
            *(date(2025, 2, day) for day in (3, 4)),
            date(2025, 4, 4),
            *(date(2025, 5, day) for day in (1, 2, 5)),
            date(2025, 6, 2),
            *(date(2025, 10, day) for day in (1, 2, 3, 6, 7, 8)),
        }
    ),
    working_weekends=frozenset(
        {date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)}
    ),
)
"""The public holidays and make-up working days of 2025."""

CADENCE = (
    CadenceRule(tier="vip", calls_per_week=1, visits_per_month=1),
    CadenceRule(tier=None, calls_per_week=0, visits_per_month=1),
)

PUBLISHED: tuple[PolicyEvent, ...] = (
    RoleCataloguePublished(edition=1, roles=ROLES),
    WorkingCalendarPublished(edition=1, calendar=CALENDAR),
    ServiceLevelsPublished(edition=1, since=on("2024-01-01"), levels=LEVELS),
    CadencePublished(edition=1, since=on("2024-01-01"), rules=CADENCE),
)


def policy(*events: PolicyEvent) -> Policy:
    """The company's rules after these editions."""
    state = decider.fold(Policy(stream_id("policy", COMPANY_POLICY)), events)
    assert isinstance(state, Policy)
    return state


POLICY = policy(*PUBLISHED)
