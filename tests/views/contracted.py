"""Random commands about contracts and the duties that they state."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from commands.base import Command
from commands.customer import contracts, obligations
from events.vocabulary.identifiers import ContractId, ObligationId, StreamId
from events.vocabulary.values import Target

if TYPE_CHECKING:
    from tests.views.histories import History


def contract_command(history: "History", stream: StreamId) -> Command:
    """One command about a contract of a customer."""
    known = ContractId(history.any_of("contract", stream))
    at = history.day()
    choices: list[Callable[[], Command]] = [
        lambda: contracts.SignContract(
            contract_id=ContractId(history.made("contract", stream)),
            title="年度维保合同",
            signed_at=at,
            starts_on=at.date(),
            ends_on=history.random.choice([None, date(2026, 1, 31)]),
            rights_and_duties="甲方提供现场条件",
            kpis="每月可用率不低于 99.5%",
            breach_liability="每逾期一日支付违约金",
            dispute_resolution="协商不成提交仲裁",
            obligations=(_duty(history, stream), _duty(history, stream)),
        ),
        lambda: contracts.AmendContract(
            contract_id=known, at=at, content="增加夜间响应", obligations=(_duty(history, stream),)
        ),
        lambda: contracts.RenewContract(contract_id=known, at=at, ends_on=date(2027, 1, 31)),
        lambda: contracts.EndContract(contract_id=known, at=at),
    ]
    return history.random.choice([choices[0], choices[0], *choices])()


def obligation_command(history: "History", stream: StreamId) -> Command:
    """One command about a duty of a customer's contract."""
    known = ObligationId(history.any_of("obligation", stream))
    due = history.due.get(known, history.day())
    at = history.random.choice([history.day(), due - timedelta(days=1), due + timedelta(days=2)])
    choices: list[Callable[[], Command]] = [
        lambda: obligations.StartObligationWaiting(obligation_id=known, at=at),
        lambda: obligations.StopObligationWaiting(obligation_id=known, at=at),
        lambda: obligations.RecordPerformance(
            obligation_id=known, at=at, measured=history.random.choice([None, Decimal("99.7"), Decimal("98.9")])
        ),
        lambda: obligations.DeclareBreach(
            obligation_id=known, at=at, content="可用率不足", cure_due_at=at + timedelta(days=30)
        ),
        lambda: obligations.CureBreach(obligation_id=known, at=at, content="已更换控制柜"),
        lambda: obligations.RecordObligationFellDue(obligation_id=known, due_at=due),
    ]
    return history.random.choice(choices)()


def _duty(history: "History", stream: StreamId) -> contracts.Duty:
    """A duty of either side, with or without an owner and a target."""
    identifier = ObligationId(history.made("obligation", stream))
    history.due[identifier] = history.day()
    return contracts.Duty(
        obligation_id=identifier,
        clause=history.random.choice(["4.2", "5.1"]),
        text="每月可用率不低于 99.5%",
        by=history.random.choice(["us", "customer"]),
        due_at=history.due[identifier],
        owner=history.random.choice([None, *history.people]),
        target=history.random.choice([None, Target(measure=Decimal("99.5"), unit="%")]),
    )
