"""A project of a key account, from the proposal to the acceptance."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from benchmarks.company.account import DAY, Account
from commands.base import Command
from commands.project.acceptance import (
    OrderRectification,
    PassSelfCheck,
    RecordAcceptance,
    RequestAcceptance,
    SubmitRectification,
)
from commands.project.initiation import ApproveProject, ProposeProject
from commands.responsibility import AssignResponsibility
from events.vocabulary.identifiers import (
    AssignmentId,
    CustomerId,
    PersonId,
    ProjectId,
    StreamId,
    stream_id,
    stream_uuid,
)
from events.vocabulary.values import Outcome


def deliveries(account: Account) -> None:
    """Plan one project after the other."""
    account.every(240, partial(_project, account))


def _project(account: Account, at: datetime) -> None:
    story = account.story
    stream = stream_id("project", ProjectId(story.new_id()))
    person = story.chance.choice(account.team.engineers)
    steps: list[tuple[int, Command]] = [
        (0, _proposed(account, at)),
        (5, ApproveProject(at=at + 5 * DAY)),
        (6, _led_by(account, person, at + 6 * DAY)),
        (90, PassSelfCheck(at=at + 90 * DAY)),
        (92, RequestAcceptance(at=at + 92 * DAY)),
    ]
    if account.chance(0.3):
        steps += [
            (95, _decided("rejected", at + 95 * DAY)),
            (96, _ordered(at + 96 * DAY)),
            (110, SubmitRectification(at=at + 110 * DAY, content="编码器已更换，重复定位精度 0.008 毫米。")),
            (112, RequestAcceptance(at=at + 112 * DAY)),
        ]
    steps.append((120, _decided("accepted", at + 120 * DAY)))
    for days, command in steps:
        story.plan(at + timedelta(days=days), partial(_give, account, stream, command, person))


def _give(account: Account, stream: StreamId, command: Command, person: PersonId, at: datetime) -> None:
    account.story.give(at, stream, f"person:{person}", command)


def _proposed(account: Account, at: datetime) -> ProposeProject:
    return ProposeProject(
        customer=CustomerId(stream_uuid(account.stream)),
        name="七号线数控系统改造",
        goal="产能提高两成，停机时间减半。",
        budget=Decimal("1280000.00"),
        starts_on=at.date(),
        ends_on=(at + 120 * DAY).date(),
    )


def _led_by(account: Account, person: PersonId, at: datetime) -> AssignResponsibility:
    return AssignResponsibility(
        assignment_id=AssignmentId(account.story.new_id()),
        role="project_manager",
        person=person,
        involvement="accountable",
        since=at,
    )


def _decided(outcome: Outcome, at: datetime) -> RecordAcceptance:
    return RecordAcceptance(
        at=at,
        outcome=outcome,
        quality=outcome,
        quantity="accepted",
        delivery_time="accepted",
        service_level="accepted",
        report="验收报告：三号工位重复定位精度与节拍，逐项列出。",
        signed_by="周厂长",
    )


def _ordered(at: datetime) -> OrderRectification:
    return OrderRectification(at=at, content="重新标定三号工位，更换编码器。", due_at=at + 7 * DAY)
