"""The first working day: the directory, the customers, their tiers, and who answers for them."""

from datetime import date

from commands.customer.profile import RecordProfileFact, RegisterCustomer
from commands.customer.tier import AssignTier
from commands.person.directory import RegisterPerson
from services.sample.accounts import ACCOUNTS, Account
from services.sample.chance import fill
from services.sample.days import at, midnight
from services.sample.duties import LEADS, Duties
from services.sample.people import EMPLOYEES, FROM_THE_BEGINNING, GU, SHEN, Employee
from services.sample.staff import EXPERTS, STAFF
from services.sample.story import Story

_FACTS = (
    ("business_scope", "主营{industry}，在用我司设备：{lines}。"),
    ("market_position", "{industry}细分市场前列，近三年产能持续扩张，{region}为主要基地。"),
    ("competitors", "同类设备供应商两家参与年度比价，{line}由我司独家供货。"),
    ("cooperation_history", "{line}为首个合作项目，此后每年均有改造或备件框架订单。"),
    ("organisation", "日常对接：{contacts}；付款由财务共享中心执行。"),
)


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    days = story.days
    first = days.on_or_after(days.first)
    since = midnight(days.first)
    for employee in FROM_THE_BEGINNING:
        register(story, employee, first)
    for account in ACCOUNTS:
        _open(story, account, first)
    for account, manager, technician, service in STAFF:
        told = at(first, 11)
        duties.assign(told, account, "team_lead", LEADS[account.region], since, "大区负责人")
        duties.assign(told, account, "account_manager", manager, since, "年度客户分工")
        duties.assign(told, account, "technical_support", technician, since, "年度客户分工")
        duties.assign(told, account, "after_sales", service, since, "年度客户分工")
    for account, expert in EXPERTS:
        duties.assign(at(first, 14), account, "industry_expert", expert, since, "VIP 客户配备行业专家")
        duties.assign(at(first, 14), account, "supervisor", GU, since, "VIP 客户由大客户总监监督")


def register(story: Story, employee: Employee, day: date) -> None:
    """Enter somebody into the directory on the morning of a day."""
    command = RegisterPerson(
        name=employee.name,
        department=employee.department,
        manager=employee.manager.id if employee.manager else None,
        skills=employee.skills,
        email=f"{employee.slug}@hengchuan.example",
        phone=f"分机 {8001 + EMPLOYEES.index(employee)}",
        reason="入职登记",
    )
    story.tell(at(day, 9, 5), SHEN, employee.stream, command)


def _open(story: Story, account: Account, first: date) -> None:
    opened = RegisterCustomer(
        name=account.name, industry=account.industry, region=account.region, registered_on=story.days.first
    )
    tier = AssignTier(tier=account.tier, since=midnight(story.days.first), reason="按年度采购额与合作年限评定")
    facts = [
        RecordProfileFact(
            topic=topic,
            content=fill(
                content,
                industry=account.industry,
                region=account.region,
                line=account.lines[0],
                lines="、".join(account.lines),
                contacts="、".join(account.contacts),
            ),
            source="客户访谈与公开资料",
            collector=SHEN.id,
            collected_on=first,
        )
        for topic, content in _FACTS
    ]
    story.tell(at(first, 10), SHEN, account.stream, opened)
    story.tell(at(first, 10, 20), GU, account.stream, tier)
    story.tell(at(first, 16), SHEN, account.stream, *facts)
