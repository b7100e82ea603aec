"""Two contracts: a year of maintenance with a monthly KPI, kept, waited for, broken and cured; one that ended early."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from commands.base import Command
from commands.customer.contracts import AmendContract, Duty, EndContract, RenewContract, SignContract
from commands.customer.obligations import (
    CureBreach,
    DeclareBreach,
    RecordPerformance,
    StartObligationWaiting,
    StopObligationWaiting,
)
from events.vocabulary.identifiers import ContractId, ObligationId
from events.vocabulary.values import Target
from services.sample.accounts import DONGLAN, JINDU, Account
from services.sample.chance import dice, named
from services.sample.days import Days, at
from services.sample.people import DENG, GAO, SHEN, Employee
from services.sample.story import Story

CLAUSE = "4.2"
_TARGET = Target(measure=Decimal("99.5"), unit="%")
_WAITED, _BROKEN, _NOT_YET_DONE = 3, 6, 11
"""Which months of last year went otherwise than agreed."""


def contract_id(account: Account) -> ContractId:
    """The identity of an account's contract."""
    return ContractId(named("contract", account.slug))


def tell(story: Story) -> None:
    """Tell the chapter."""
    _maintenance(story)
    _ended_early(story)


def _maintenance(story: Story) -> None:
    days = story.days
    signed = days.on_or_after(date(days.year, 1, 4))
    months = [_month_end(days, month) for month in range(1, 13)]
    duties = tuple(_availability(month, due) for month, due in enumerate(months, 1))
    paid = Duty(
        obligation_id=ObligationId(named("obligation", DONGLAN.slug, "payment")),
        clause="6.1",
        text="收到发票后支付年度维保费的一半",
        by="customer",
        due_at=at(days.on_or_after(date(days.year, 3, 10)), 18),
        owner=SHEN.id,
    )
    contract = contract_id(DONGLAN)
    _say(story, DONGLAN, SHEN, at(signed, 15), _signing(DONGLAN, at(signed, 14), (*duties, paid)))
    invoice = at(days.on_or_after(date(days.year, 3, 8)), 11)
    _say(story, DONGLAN, SHEN, invoice, RecordPerformance(obligation_id=paid.obligation_id, at=invoice))
    for month, (duty, due) in enumerate(zip(duties, months, strict=True), 1):
        _month(story, month, duty.obligation_id, due)
    renewed = at(days.on_or_before(date(days.year, 12, 20)), 16)
    _say(
        story,
        DONGLAN,
        SHEN,
        renewed,
        RenewContract(
            contract_id=contract, at=renewed, ends_on=date(days.year + 1, 12, 31), reason="客户认可全年可用率"
        ),
    )


def _month(story: Story, month: int, obligation: ObligationId, due: datetime) -> None:
    """What came of the availability that was promised for a month."""
    days, measured = story.days, Decimal(dice("availability", month).randint(9955, 9999)) / 100
    reported = at(days.later(due.date(), -1), 16)
    if month == _WAITED:
        since, until = at(days.later(due.date(), -6), 10), at(days.later(due.date(), -3), 10)
        _say(
            story,
            DONGLAN,
            GAO,
            since,
            StartObligationWaiting(obligation_id=obligation, at=since, reason="客户停机检修"),
        )
        _say(
            story, DONGLAN, GAO, until, StopObligationWaiting(obligation_id=obligation, at=until, reason="客户恢复生产")
        )
    if month == _BROKEN:
        told, cured = at(days.later(due.date(), 2), 10), at(days.later(due.date(), 12), 15)
        declared = DeclareBreach(
            obligation_id=obligation, at=told, content="六月可用率仅 98.9%", cure_due_at=told + timedelta(days=30)
        )
        _say(story, DONGLAN, SHEN, told, declared)
        mended = CureBreach(obligation_id=obligation, at=cured, content="更换控制柜，七月前半月可用率 99.8%")
        _say(story, DONGLAN, GAO, cured, mended)
        return
    if month == _NOT_YET_DONE:
        reported = at(days.later(due.date(), 3), 11)
    done = RecordPerformance(
        obligation_id=obligation, at=reported, measured=measured, content="月度可用率报告已由客户签收"
    )
    _say(story, DONGLAN, GAO, reported + timedelta(minutes=30), done)


def _availability(month: int, due: datetime) -> Duty:
    return Duty(
        obligation_id=ObligationId(named("obligation", DONGLAN.slug, CLAUSE, month)),
        clause=CLAUSE,
        text="产线月度可用率不低于 99.5%",
        by="us",
        due_at=due,
        owner=GAO.id,
        target=_TARGET,
    )


def _month_end(days: Days, month: int) -> datetime:
    after = date(days.year + month // 12, month % 12 + 1, 1)
    return at(days.on_or_before(after - timedelta(days=1)), 18)


def _signing(account: Account, signed_at: datetime, duties: tuple[Duty, ...]) -> SignContract:
    return SignContract(
        contract_id=contract_id(account),
        title=f"{account.zh}{signed_at.year}年度维保合同",
        signed_at=signed_at,
        starts_on=signed_at.date(),
        ends_on=date(signed_at.year, 12, 31),
        rights_and_duties="客户提供现场条件与停机窗口；我方按月巡检、提供备件并提交月度报告。",
        kpis="产线月度可用率不低于 99.5%，首次响应不超过 1 个工作小时。",
        breach_liability="可用率不达标的月份减收当月维保费的 10%；逾期付款按日 0.05% 计违约金。",
        dispute_resolution="协商不成的，提交上海仲裁委员会仲裁。",
        signed_by=account.contacts[0],
        obligations=duties,
    )


def _ended_early(story: Story) -> None:
    days = story.days
    signed, contract = at(days.before_today(300), 14), contract_id(JINDU)
    _say(story, JINDU, SHEN, signed + timedelta(hours=1), _signing(JINDU, signed, ()))
    amended = at(days.before_today(200), 10)
    duty = Duty(
        obligation_id=ObligationId(named("obligation", JINDU.slug, "night")),
        clause="3.4",
        text="提供夜间值守人员名单",
        by="us",
        due_at=at(days.before_today(190), 18),
        owner=DENG.id,
    )
    change = AmendContract(contract_id=contract, at=amended, content="增加夜间响应", obligations=(duty,))
    _say(story, JINDU, SHEN, amended + timedelta(hours=1), change)
    done = at(days.before_today(192), 11)
    _say(story, JINDU, DENG, done, RecordPerformance(obligation_id=duty.obligation_id, at=done))
    over = at(days.before_today(90), 17)
    _say(story, JINDU, SHEN, over, EndContract(contract_id=contract, at=over, reason="产线搬迁，双方同意提前终止"))


def _say(story: Story, account: Account, by: Employee, moment: datetime, command: Command) -> None:
    story.tell(moment, by, account.stream, command)
