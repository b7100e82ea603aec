"""Complaints from receipt to closing: mostly in time, some late, some waiting on the customer, some back again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from commands.base import Command
from commands.customer.complaints import (
    AcknowledgeComplaint,
    AssignComplaint,
    CloseComplaint,
    EscalateComplaint,
    ProposeSolution,
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from events.vocabulary.identifiers import ComplaintId
from events.vocabulary.values import ComplaintChannel, Severity
from services.sample.accounts import ACCOUNTS, Account
from services.sample.chance import dice, fill, named
from services.sample.chapters import breach
from services.sample.days import SHANGHAI
from services.sample.diary import moment
from services.sample.duties import LEADS, Duties
from services.sample.levels import level
from services.sample.people import Employee
from services.sample.story import Story

_CHANNELS: tuple[ComplaintChannel, ...] = ("phone", "phone", "mail", "online", "visit", "suggestion_box")
_SEVERITIES: tuple[Severity, ...] = ("low", "medium", "medium", "high", "critical")
_CONTENTS = (
    "{line}更换备件后仍有报警",
    "{line}工程师到场时间晚于约定",
    "{line}停机超过四小时，影响交付",
    "{line}图纸与现场不一致",
    "{line}触摸屏死机，重启后数据丢失",
    "维保人员更换频繁，对{line}不熟悉",
)
_SOLUTIONS = ("更换模块并完成 48 小时跟踪", "调整参数并补充培训", "更新图纸并重新交底", "固定服务工程师并公布联系方式")
_ENTERED = timedelta(minutes=5)
_DAY = 480
_WAITING, _SECOND_HOLDER, _LATE, _ANSWERED_LATE, _REOPENED, _ESCALATED = 0.4, 0.4, 0.15, 0.1, 0.15, 0.1


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    for account in ACCOUNTS:
        chance = dice("complaints", account.slug)
        worked = story.days.working(story.days.on_or_after(story.days.first) + timedelta(days=7), story.days.today)
        for number in range(chance.randint(4, 8)):
            received_at = moment(chance, chance.choice(worked))
            _Course(story, duties, account, dice("complaint", account.slug, number), received_at, number).run()
    breach.tell(story)


@dataclass
class _Course:
    """The course of one complaint; time goes on in working minutes."""

    story: Story
    duties: Duties
    account: Account
    chance: Random
    now: datetime
    number: int
    by: Employee = field(init=False)
    complaint: ComplaintId = field(init=False)

    def run(self) -> None:
        """Tell it all."""
        account, chance = self.account, self.chance
        self.complaint = ComplaintId(named("complaint", account.slug, self.number))
        severity = chance.choice(_SEVERITIES)
        promised = level(self.story.days, account.tier, severity, self.now)
        service = self.duties.doer(account, "after_sales", self.now)
        technician = self.duties.doer(account, "technical_support", self.now)
        if service is None or technician is None:
            return
        self.by = service
        self._enter(
            ReceiveComplaint(
                complaint_id=self.complaint,
                received_at=self.now,
                channel=chance.choice(_CHANNELS),
                severity=severity,
                content=fill(chance.choice(_CONTENTS), line=chance.choice(account.lines)),
                contact=chance.choice(account.contacts),
            )
        )
        answered = 1.4 if chance.random() < _ANSWERED_LATE else chance.uniform(0.2, 0.8)
        self._after(promised.first_response_minutes * answered)
        self._enter(AcknowledgeComplaint(complaint_id=self.complaint, at=self.now))
        self._after(10)
        self._hold(service, "售后首接")
        solution = chance.choice(_SOLUTIONS)
        taken = chance.uniform(1.1, 1.8) if chance.random() < _LATE else chance.uniform(0.3, 0.85)
        left = max(promised.resolution_minutes * taken - promised.first_response_minutes * answered, 60)
        self._work(left, technician, solution)
        self._enter(ResolveComplaint(complaint_id=self.complaint, at=self.now, solution=solution))
        self._after(chance.randint(1, 3) * _DAY)
        self._enter(CloseComplaint(complaint_id=self.complaint, at=self.now, reason="客户确认关闭"))
        if chance.random() < _REOPENED:
            self._again(solution)

    def _work(self, minutes: float, technician: Employee, solution: str) -> None:
        third = minutes / 3
        self._after(third)
        if self.chance.random() < _WAITING:
            waiting = StartWaitingOnCustomer(complaint_id=self.complaint, at=self.now, reason="等待客户安排停机")
            self._enter(waiting)
            self._after(self.chance.randint(1, 3) * _DAY)
            self._enter(StopWaitingOnCustomer(complaint_id=self.complaint, at=self.now, reason="客户已安排停机"))
        if self.chance.random() < _SECOND_HOLDER:
            self._hold(technician, "需要技术支持到场")
        self._after(third)
        if self.chance.random() < _ESCALATED:
            lead = LEADS[self.account.region]
            escalated = EscalateComplaint(
                complaint_id=self.complaint, at=self.now, to_person=lead.id, reason="客户高层来电催办"
            )
            self._enter(escalated)
        self._enter(ProposeSolution(complaint_id=self.complaint, at=self.now, solution=solution))
        self._after(third)

    def _again(self, solution: str) -> None:
        self._after(self.chance.randint(2, 5) * _DAY)
        self._enter(ReopenComplaint(complaint_id=self.complaint, at=self.now, reason="同一报警再次出现"))
        self._after(self.chance.randint(90, 420))
        again = f"{solution}；并更换同批次部件"
        self._enter(ResolveComplaint(complaint_id=self.complaint, at=self.now, solution=again))
        self._after(2 * _DAY)
        self._enter(CloseComplaint(complaint_id=self.complaint, at=self.now, reason="客户再次确认"))

    def _hold(self, employee: Employee, reason: str) -> None:
        command = AssignComplaint(
            complaint_id=self.complaint,
            person=employee.id,
            department=employee.department,
            at=self.now,
            reason=reason,
        )
        self._enter(command)
        self.by = employee

    def _after(self, minutes: float) -> None:
        later = self.story.days.calendar.add(self.now, timedelta(minutes=int(minutes)))
        self.now = later.astimezone(SHANGHAI)

    def _enter(self, command: Command) -> None:
        self.story.tell(self.now + _ENTERED, self.by, self.account.stream, command)
