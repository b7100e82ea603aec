"""Two projects, one accepted after a rejection and one running, and a proposal that was turned down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from commands.project.acceptance import (
    AcceptanceCommand,
    OrderRectification,
    PassSelfCheck,
    RecordAcceptance,
    RequestAcceptance,
    SubmitRectification,
)
from commands.project.initiation import ApproveProject, ProposeProject, RejectProject
from commands.responsibility import AssignResponsibility
from events.vocabulary.identifiers import AssignmentId, ProjectId, StreamId, stream_id
from events.vocabulary.values import Outcome
from services.sample.accounts import DONGLAN, SHUOFENG, XIANGLI, Account
from services.sample.chance import named
from services.sample.days import at
from services.sample.people import GAO, HE, JIANG, LUO, PAN, XIE, XUWEI, ZHAO, Employee
from services.sample.story import Story


@dataclass(frozen=True, slots=True)
class Delivery:
    """One project of the story."""

    slug: str
    account: Account
    name: str
    goal: str
    budget: int
    manager: Employee
    team: tuple[Employee, ...]
    proposed: int
    """How many days before today it was proposed."""
    length: int
    """How many days it is to take."""

    @property
    def id(self) -> ProjectId:
        """The identity of the project."""
        return ProjectId(named("project", self.slug))

    @property
    def stream(self) -> StreamId:
        """The stream of the project."""
        return stream_id("project", self.id)


LINE_THREE = Delivery(
    *("line-three", DONGLAN, "东澜三号装配线自动化改造", "节拍由 42 秒降至 35 秒，一次合格率 99 % 以上", 6_800_000),
    *(XIE, (GAO, XUWEI), 600, 320),
)
WIND_STORAGE = Delivery(
    *("wind-storage", SHUOFENG, "朔风北坡风场集控与储能一体化", "三十台机组集控，配套储能两兆瓦", 12_500_000),
    *(PAN, (JIANG,), 120, 260),
)
TEST_TRACK = Delivery("test-track", XIANGLI, "湘澧试车台数据平台", "试车数据自动采集与追溯", 900_000, LUO, (), 210, 150)


def tell(story: Story) -> None:
    """Tell the chapter."""
    for delivery in (LINE_THREE, WIND_STORAGE):
        _start(story, delivery)
    _acceptance(story)
    _propose(story, TEST_TRACK)
    refused = at(story.days.before_today(195), 16)
    story.tell(
        refused, HE, TEST_TRACK.stream, RejectProject(at=refused, reason="投入产出测算不足，待客户明确预算后再议")
    )


def _propose(story: Story, delivery: Delivery) -> None:
    day = story.days.before_today(delivery.proposed)
    command = ProposeProject(
        customer=delivery.account.id,
        name=delivery.name,
        goal=delivery.goal,
        budget=Decimal(delivery.budget),
        starts_on=day + timedelta(days=20),
        ends_on=day + timedelta(days=delivery.length),
        reason="客户需求确认书已签署",
    )
    story.tell(at(day, 15), delivery.manager, delivery.stream, command)


def _start(story: Story, delivery: Delivery) -> None:
    _propose(story, delivery)
    approved = at(story.days.before_today(delivery.proposed - 14), 16)
    story.tell(approved, HE, delivery.stream, ApproveProject(at=approved, reason="总经理办公会通过"))
    team = [("project_manager", delivery.manager), *(("technical_support", one) for one in delivery.team)]
    orders = [
        AssignResponsibility(
            assignment_id=AssignmentId(named("assignment", delivery.slug, role, employee.slug)),
            role=role,
            person=employee.id,
            involvement="accountable" if role == "project_manager" else "responsible",
            since=approved,
            reason="立项批准时任命",
        )
        for role, employee in team
    ]
    story.tell(approved + timedelta(minutes=30), HE, delivery.stream, *orders)


def _acceptance(story: Story) -> None:
    def moment(before: int) -> datetime:
        return at(story.days.before_today(before), 15)

    order = OrderRectification(
        at=moment(275), content="节拍实测 38 秒：优化机器人轨迹与上料节拍，复测三班", due_at=moment(245)
    )
    content = "轨迹优化完成，三班复测平均 34.6 秒"
    steps: tuple[tuple[Employee, AcceptanceCommand], ...] = (
        (XIE, PassSelfCheck(at=moment(290))),
        (XIE, RequestAcceptance(at=moment(285))),
        (XIE, _decision(moment(276), "rejected", "节拍未达合同值，其余项目合格")),
        (ZHAO, order),
        (XIE, SubmitRectification(at=moment(248), content=content)),
        (XIE, RequestAcceptance(at=moment(244))),
        (XIE, _decision(moment(236), "accepted", "复测合格，同意验收")),
    )
    for by, command in steps:
        story.tell(command.at + timedelta(minutes=20), by, LINE_THREE.stream, command)


def _decision(decided_at: datetime, outcome: Outcome, report: str) -> RecordAcceptance:
    return RecordAcceptance(
        at=decided_at,
        outcome=outcome,
        quality=outcome,
        quantity="accepted",
        delivery_time="accepted",
        service_level="accepted",
        report=report,
        signed_by=DONGLAN.contacts[0],
    )
