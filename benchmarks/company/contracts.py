"""The contracts of a key account, and what becomes of their duties."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import pairwise

from benchmarks.company.account import DAY, DEADLINES, Account
from commands.customer.contracts import AmendContract, Duty, EndContract, RenewContract, SignContract
from commands.customer.obligations import (
    CureBreach,
    DeclareBreach,
    RecordObligationFellDue,
    RecordPerformance,
    StartObligationWaiting,
    StopObligationWaiting,
)
from events.vocabulary.identifiers import ContractId, ObligationId
from events.vocabulary.values import Target

_TARGET = Target(measure=Decimal("99.5"), unit="%")


def contracts(account: Account) -> None:
    """Plan them for the whole time: a first one that is amended, renewed and ended, and the next."""
    days = [account.later(account.begins, day, day + 5) for day in (3, 370)]
    for signed, ended in pairwise([*days, account.ends - 20 * DAY]):
        account.story.plan(signed, partial(_sign, account, ended))


def _sign(account: Account, ended: datetime, at: datetime) -> None:
    contract = ContractId(account.story.new_id())
    account.give(
        at,
        SignContract(
            contract_id=contract,
            title="年度维保合同",
            signed_at=at,
            starts_on=at.date(),
            ends_on=ended.date(),
            rights_and_duties="甲方提供现场条件，乙方按月巡检并提交可用率报告。",
            kpis="每月可用率不低于 99.5%",
            breach_liability="每逾期一日按合同额 0.1% 支付违约金，累计不超过 5%。",
            dispute_resolution="协商不成提交上海仲裁委员会仲裁。",
            signed_by="孙志远",
            obligations=tuple(_duty(account, at, months) for months in range(1, 7)),
        ),
    )
    amended, renewed = at + 100 * DAY, at + 200 * DAY
    account.story.plan(amended, partial(_amend, account, contract))
    renew = RenewContract(contract_id=contract, at=renewed, ends_on=(ended + 30 * DAY).date())
    account.story.plan(renewed, lambda now: account.give(now, renew))
    end = EndContract(contract_id=contract, at=ended)
    account.story.plan(ended, lambda now: account.give(now, end))


def _amend(account: Account, contract: ContractId, at: datetime) -> None:
    duties = tuple(_duty(account, at, months) for months in range(3, 8))
    account.give(at, AmendContract(contract_id=contract, at=at, content="增加夜间响应", obligations=duties))


def _duty(account: Account, at: datetime, months: int) -> Duty:
    duty = Duty(
        obligation_id=ObligationId(account.story.new_id()),
        clause="4.2",
        text="每月可用率不低于 99.5%，并在次月五日前提交报告",
        by="us" if account.chance(0.85) else "customer",
        due_at=account.later(at, 30 * months, 30 * months + 3),
        owner=account.manager(at),
        target=_TARGET if account.chance(0.7) else None,
    )
    _follow(account, duty)
    return duty


def _follow(account: Account, duty: Duty) -> None:
    """Everything that comes of one duty; the deadline process looks at its due time."""
    known, due_at, plan = duty.obligation_id, duty.due_at, account.story.plan
    if account.chance(0.1):
        start = StartObligationWaiting(obligation_id=known, at=due_at - 9 * DAY)
        stop = StopObligationWaiting(obligation_id=known, at=due_at - 7 * DAY)
        plan(start.at, lambda now: account.give(now, start))
        plan(stop.at, lambda now: account.give(now, stop))
        due_at += 2 * DAY
    fell_due = RecordObligationFellDue(obligation_id=known, due_at=due_at)
    plan(due_at, lambda now: account.give(now, fell_due, DEADLINES))
    if account.chance(0.1):
        plan(due_at + DAY, partial(_breach, account, known))
        return
    done = account.later(due_at, -5, -0.1) if account.chance(0.8) else account.later(due_at, 1, 9)
    measured = Decimal(account.story.chance.randint(990, 999)) / 10 if duty.target else None
    performed = RecordPerformance(obligation_id=known, at=done, measured=measured, content="月度报告已由客户签收")
    plan(done, lambda now: account.give(now, performed))


def _breach(account: Account, known: ObligationId, at: datetime) -> None:
    declared = DeclareBreach(obligation_id=known, at=at, content="可用率仅 98.9%", cure_due_at=at + 15 * DAY)
    account.give(at, declared)
    cured = CureBreach(obligation_id=known, at=at + 12 * DAY, content="更换控制柜，可用率恢复")
    account.story.plan(cured.at, lambda now: account.give(now, cured))
