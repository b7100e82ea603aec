"""The complaint that broke its service level: three holders, and a night of waiting on the customer."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from commands.base import Command
from commands.customer.complaints import (
    AcknowledgeComplaint,
    AssignComplaint,
    CloseComplaint,
    ProposeSolution,
    ReceiveComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from events.vocabulary.identifiers import ComplaintId
from services.sample.accounts import SHUOFENG
from services.sample.chance import named
from services.sample.days import Days, at
from services.sample.people import CAO, JIANG, PENG, Employee
from services.sample.story import Story

COMPLAINT = ComplaintId(named("complaint", "shuofeng", "converter-trips"))
"""变流器机组 tripped again and again; severity high, two working days to resolve."""
_SOLUTION = "更换两台变流器的直流侧电容并升级保护定值，连续 24 小时带载无跳闸"


def tuesday(days: Days) -> date:
    """The day it was received: a Tuesday in June whose whole week is worked."""
    return days.plain_week(date(days.year, 6, 8))


def tell(story: Story) -> None:
    """Tell the chapter."""
    for moment, employee, command in _steps(tuesday(story.days)):
        story.tell(moment + timedelta(minutes=5), employee, SHUOFENG.stream, command)


def _steps(received: date) -> Iterable[tuple[datetime, Employee, Command]]:
    next_day, third_day, last_day = (received + timedelta(days=number) for number in (1, 2, 3))
    moment = at(received, 9, 30)
    yield (
        moment,
        CAO,
        ReceiveComplaint(
            complaint_id=COMPLAINT,
            received_at=moment,
            channel="phone",
            severity="high",
            content="变流器机组一周内三次跳闸，损失发电量，要求两个工作日内彻底解决。",
            contact=SHUOFENG.contacts[1],
        ),
    )
    yield _held(CAO, moment, "售后首接")
    moment = at(received, 10, 10)
    yield moment, CAO, AcknowledgeComplaint(complaint_id=COMPLAINT, at=moment)
    moment = at(received, 14)
    waiting = StartWaitingOnCustomer(complaint_id=COMPLAINT, at=moment, reason="等待客户导出故障录波")
    yield moment, CAO, waiting
    moment = at(next_day, 10)
    yield moment, CAO, StopWaitingOnCustomer(complaint_id=COMPLAINT, at=moment, reason="收到故障录波")
    yield _held(JIANG, at(next_day, 13, 30), "需要变流器专业分析")
    yield _held(PENG, at(third_day, 15), "已判定为硬件问题，转现场更换")
    moment = at(last_day, 11)
    yield moment, PENG, ProposeSolution(complaint_id=COMPLAINT, at=moment, solution=_SOLUTION)
    moment = at(last_day, 16, 30)
    yield moment, PENG, ResolveComplaint(complaint_id=COMPLAINT, at=moment, solution=_SOLUTION)
    moment = at(last_day + timedelta(days=3), 10)
    yield moment, CAO, CloseComplaint(complaint_id=COMPLAINT, at=moment, reason="客户书面确认")


def _held(employee: Employee, moment: datetime, reason: str) -> tuple[datetime, Employee, Command]:
    return (
        moment,
        employee,
        AssignComplaint(
            complaint_id=COMPLAINT, person=employee.id, department=employee.department, at=moment, reason=reason
        ),
    )
