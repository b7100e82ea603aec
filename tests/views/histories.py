"""Random histories of real commands: seeded, so that a failure comes again."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from commands import responsibility as r
from commands.base import Command
from commands.catalogue import CATALOGUE
from commands.customer import commitments, complaints, interactions, profile, satisfaction, tier, visits
from commands.person import directory
from commands.policy import rules
from commands.project import acceptance, initiation
from events.vocabulary.identifiers import (
    COMPANY_POLICY,
    AssignmentId,
    CommitmentId,
    ComplaintId,
    CustomerId,
    DelegationId,
    HandoverId,
    InteractionId,
    PersonId,
    ProjectId,
    StreamId,
    SurveyAnswerId,
    SurveyId,
    VisitId,
    stream_id,
)
from events.vocabulary.moves import MovedFigure, Moves
from events.vocabulary.policies import CadenceRule, Level
from events.vocabulary.values import Scale
from services.application import Zeren
from services.handling import CommandHandler, Completing, Failure, Request, context
from services.handling.first_rules import chinese_working_calendar
from tests.views.by_type import Maker

START = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 300
ROLES = ("account_manager", "team_lead", "technical_support", "after_sales")
Given = tuple[StreamId, Command]
_WRITTEN_OUT = {"commitments", "complaints", "facts", "interactions", "profile", "responsibility", "satisfaction"}
_WRITTEN_OUT |= {"tier", "visits"}
BY_TYPE = [
    command for command in CATALOGUE["customer"].values() if command.__module__.rpartition(".")[2] not in _WRITTEN_OUT
]
"""Commands to customers that are made up from the types of their fields."""
_One = TypeVar("_One")
_WHILE = 60
"""So many commands made by type speak of the same things, then of others."""


class History:
    """Makes commands that are mostly sensible: many are accepted, some are refused."""

    def __init__(self, seed: int, customers: int = 3, people: int = 6) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a seeded history, not a secret
        self.customers = [CustomerId(self.new()) for _ in range(customers)]
        self.people = [PersonId(self.new()) for _ in range(people)]
        self.projects = [ProjectId(self.new()) for _ in range(customers)]
        self.items: dict[tuple[str, StreamId], list[UUID]] = {}
        self.due: dict[UUID, datetime] = {}
        self.began: dict[UUID, datetime] = {}
        self.steps = 0
        self.told = 0

    def new(self) -> UUID:
        """A fresh identifier."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def day(self) -> datetime:
        """A midnight of the history, so that ends and beginnings often meet."""
        return START + timedelta(days=self.random.randrange(DAYS))

    def _pick(self, things: list[_One]) -> _One:
        return self.random.choice(things)

    def _made(self, kind: str, stream: StreamId) -> UUID:
        identifier = self.new()
        self.items.setdefault((kind, stream), []).append(identifier)
        return identifier

    def _any(self, kind: str, stream: StreamId, last: int = 6) -> UUID:
        made = self.items.get((kind, stream))
        return self._pick(made[-last:]) if made else self.new()

    def _begun(self, stream: StreamId, since: datetime) -> UUID:
        identifier = self._made("assignment", stream)
        self.began[identifier] = since
        return identifier

    def opening(self) -> Iterator[Given]:
        """The people, customers and projects that everything else is about."""
        for number, person in enumerate(self.people):
            yield stream_id("person", person), directory.RegisterPerson(name=f"人员{number}", department="east")
        for number, customer in enumerate(self.customers):
            yield stream_id("customer", customer), profile.RegisterCustomer(name=f"客户{number}", region="华东")
            proposal = initiation.ProposeProject(customer=customer, name=f"项目{number}", budget=Decimal("100.50"))
            yield stream_id("project", self.projects[number]), proposal

    def anything(self) -> Given:
        """One command of any kind."""
        makers: list[Callable[[], Given]] = [
            self.responsibility,
            self.responsibility,
            self.commitment,
            self.complaint,
            self.complaint,
            self.about_customer,
            self.about_project,
            self.about_person,
            self.about_rules,
        ]
        return self._pick(makers)()

    def responsibility(self) -> Given:
        """One command about responsibility."""
        stream = self._pick([stream_id("customer", one) for one in self.customers])
        since, until = sorted((self.day(), self.day()))
        assignment = AssignmentId(self._any("assignment", stream))
        delegation = DelegationId(self._any("delegation", stream))
        away = self.began.get(assignment, since) + timedelta(days=self.random.randrange(15))
        handover = HandoverId(self._any("handover", stream, 3))
        person = self._pick(self.people)
        subjects = [
            f"{kind}:{item}" for kind in ("commitment", "complaint") for item in self.items.get((kind, stream), ())
        ]
        choices: list[Callable[[], Command]] = [
            lambda: r.AssignResponsibility(
                assignment_id=AssignmentId(self._begun(stream, since)),
                subject=self._pick(["self", "self", *subjects[-1:]]),
                role=self._pick(list(ROLES)),
                person=person,
                involvement="accountable",
                since=since,
                until=self._pick([None, until]),
            ),
            lambda: r.EndResponsibility(assignment_id=assignment, until=until, occurred_at=since),
            lambda: r.CorrectResponsibility(assignment_id=assignment, person=person, reason="记错人"),
            lambda: r.CorrectResponsibility(assignment_id=assignment, since=since, until=until, reason="记错时间"),
            lambda: r.CorrectResponsibility(assignment_id=assignment, until=None, reason="并未结束"),
            lambda: r.Delegate(
                delegation_id=DelegationId(self._made("delegation", stream)),
                assignment_id=assignment,
                to_person=person,
                since=away,
                until=away + timedelta(days=self.random.randrange(1, 20)),
            ),
            lambda: r.RevokeDelegation(delegation_id=delegation, until=away, occurred_at=START),
            lambda: r.ProposeHandover(
                handover_id=HandoverId(self._made("handover", stream)),
                assignment_id=assignment,
                to_person=person,
                effective_at=self.began.get(assignment, since) + timedelta(days=9),
            ),
            lambda: r.AcceptHandover(handover_id=handover),
            lambda: r.DeclineHandover(handover_id=handover),
            lambda: r.CancelHandover(handover_id=handover),
        ]
        if self.random.random() < 0.03:
            return stream, r.WithdrawResponsibility(assignment_id=assignment, reason="重复登记")
        return stream, self._pick([choices[0], choices[0], choices[7], *choices[7:10], *choices])()

    def by_type(self) -> Given:
        """One command of a slice that nobody wrote out here, at one of few moments, mostly later than the last."""
        stream = self._pick([stream_id("customer", one) for one in self.customers])

        def identifier(name: str) -> UUID:
            if name == "PersonId":
                return self._pick(self.people)
            made = self.items.setdefault((name, stream), [])
            index = self.told // _WHILE + self.random.randrange(2)
            made.extend(self.new() for _ in range(len(made), index + 1))
            return made[index]

        self.told += 1
        month = self.told % _WHILE * 10 // _WHILE
        moments = [START + timedelta(days=30 * (month + later)) for later in (0, 1)]
        return stream, Maker(self.random, moments, identifier).command(self._pick(BY_TYPE))

    def commitment(self) -> Given:
        """One command about a promise."""
        stream = self._pick([stream_id("customer", one) for one in self.customers])
        known = CommitmentId(self._any("commitment", stream))
        due = self._pick([self.day(), self.due.get(known, START)])
        self.due[known] = due
        choices: list[Callable[[], Command]] = [
            lambda: commitments.MakeCommitment(
                commitment_id=CommitmentId(self._made("commitment", stream)),
                text="交付样机",
                due_at=due,
                by=self._pick(["us", "customer"]),
                promised_by=self._pick([None, *self.people]),
                occurred_at=START,
            ),
            lambda: commitments.RescheduleCommitment(
                commitment_id=known, due_at=due, agreed=due.day > 15, occurred_at=self.day()
            ),
            lambda: commitments.FulfilCommitment(commitment_id=known, fulfilled_at=due),
            lambda: commitments.WaiveCommitment(commitment_id=known, occurred_at=due),
            lambda: commitments.CorrectCommitment(commitment_id=known, due_at=due, reason="听错日期"),
            lambda: commitments.CorrectCommitment(commitment_id=known, text="交付两台样机", reason="听错数量"),
            lambda: commitments.RecordCommitmentFellDue(commitment_id=known, due_at=due),
        ]
        return stream, self._pick([choices[0], choices[1], *choices])()

    def complaint(self) -> Given:
        """One command about a complaint."""
        stream = self._pick([stream_id("customer", one) for one in self.customers])
        known = ComplaintId(self._any("complaint", stream))
        self.steps += 1
        at = self._pick([self.day(), *[START + timedelta(days=DAYS / 5, hours=self.steps)] * 4])
        person = self._pick(self.people)
        choices: list[Callable[[], Command]] = [
            lambda: complaints.ReceiveComplaint(
                complaint_id=ComplaintId(self._made("complaint", stream)),
                received_at=START + timedelta(hours=self.steps),
                channel="phone",
                severity=self._pick(["low", "high", "critical"]),
                content="设备停机",
            ),
            lambda: complaints.AcknowledgeComplaint(complaint_id=known, at=at),
            lambda: complaints.AssignComplaint(complaint_id=known, person=person, department="east", at=at),
            lambda: complaints.StartWaitingOnCustomer(complaint_id=known, at=at),
            lambda: complaints.StopWaitingOnCustomer(complaint_id=known, at=at),
            lambda: complaints.ProposeSolution(complaint_id=known, at=at, solution="更换主板"),
            lambda: complaints.ResolveComplaint(complaint_id=known, at=at, solution="已更换主板"),
            lambda: complaints.CloseComplaint(complaint_id=known, at=at),
            lambda: complaints.ReopenComplaint(complaint_id=known, at=at),
            lambda: complaints.EscalateComplaint(complaint_id=known, at=at, to_person=person),
        ]
        return stream, self._pick(choices)()

    def about_customer(self) -> Given:
        """One command about a customer's profile, tier, contacts or answers."""
        stream = self._pick([stream_id("customer", one) for one in self.customers])
        at = self.day()
        topic = self._pick(["market", "rivals"])
        choices: list[Callable[[], Command]] = [
            lambda: profile.RecordProfileFact(
                topic=topic, content=f"第{at.day}条", source="拜访", collected_on=at.date(), collector=self.people[0]
            ),
            lambda: profile.ConfirmProfileReviewed(reviewed_on=at.date()),
            lambda: tier.AssignTier(tier=self._pick(["vip", "first", "second"]), since=at),
            lambda: tier.OverrideTier(tier="vip", since=at, reason="战略客户"),
            lambda: interactions.LogInteraction(
                interaction_id=InteractionId(self.new()),
                at=at,
                channel="call",
                direction="outbound",
                our_attendees=(self.people[0],),
                content="例行回访",
                result="无问题",
            ),
            lambda: visits.RecordVisit(
                visit_id=VisitId(self.new()),
                visited_at=at,
                channel="face_to_face",
                our_attendees=(self.people[0], self.people[1]),
                customer_attendees=("孙经理",),
                content="季度拜访",
                commitments=(
                    visits.PromiseInVisit(
                        commitment_id=CommitmentId(self._made("commitment", stream)),
                        text="两周内回复报价",
                        due_at=at + timedelta(days=14),
                        by="us",
                    ),
                ),
            ),
            lambda: satisfaction.RecordSurveyAnswer(
                survey_id=SurveyId(self.customers[0]),
                answer_id=SurveyAnswerId(self.new()),
                answered_at=at,
                scores={"quality": Decimal("4.5"), "response": Decimal(3)},
                scale=Scale(min=Decimal(1), max=Decimal(5)),
            ),
        ]
        return stream, self._pick(choices)()

    def about_project(self) -> Given:
        """One command about a project, most often the next step of its acceptance."""
        stream = self._pick([stream_id("project", one) for one in self.projects])
        self.steps += 1
        at = START + timedelta(days=DAYS, minutes=self.steps)
        first = stream == stream_id("project", self.projects[0])
        outcome = self._pick(["rejected", "accepted" if first else "rejected"])
        choices: list[Callable[[], Command]] = [
            lambda: initiation.ApproveProject(at=START),
            lambda: acceptance.PassSelfCheck(at=at),
            lambda: acceptance.RequestAcceptance(at=at),
            lambda: acceptance.RecordAcceptance(
                at=at,
                outcome=outcome,
                quality=outcome,
                quantity="accepted",
                delivery_time="accepted",
                service_level="accepted",
                report="验收报告",
                signed_by="孙经理",
            ),
            lambda: acceptance.OrderRectification(at=at, content="补齐文档", due_at=at),
            lambda: acceptance.SubmitRectification(at=at, content="已补齐"),
            lambda: initiation.RejectProject(at=START, reason="预算不足"),
        ]
        if stream == stream_id("project", self.projects[-1]):
            choices = choices[-1:]
        return stream, self._pick(choices[:6])()

    def about_person(self) -> Given:
        """Somebody moves; seldom, the last one to come leaves."""
        if self.random.random() < 0.05:
            return stream_id("person", self.people[-1]), directory.DeactivatePerson(since=self.day())
        person = self._pick(self.people)
        department = self._pick(["east", "south"])
        move = directory.MoveDepartment(department=department, manager=self.people[0], since=self.day())
        return stream_id("person", person), move

    def about_rules(self) -> Given:
        """Another edition of a rule set."""
        level = Level(tier=None, severity="low", first_response_minutes=60, resolution_minutes=self._pick([600, 900]))
        calendar = chinese_working_calendar()
        others = calendar.model_copy(update={"holidays": calendar.holidays | {date(2025, 3, self.day().day)}})
        times = self._pick([1, 2])
        choices: list[Command] = [
            rules.PublishServiceLevels(since=self.day(), levels=(level,)),
            rules.PublishWorkingCalendar(calendar=others),
            rules.PublishCadence(
                since=self.day(), rules=(CadenceRule(tier=None, calls_per_week=times, visits_per_month=1),)
            ),
        ]
        return stream_id("policy", COMPANY_POLICY), self._pick(choices)


def _reasoned(command: Command) -> Command:
    """The command with a reason: what changes the past needs one."""
    return command if command.reason else command.model_copy(update={"reason": "补录"})


def _moving_something(request: Request) -> Command:
    """A handover with an answer that no view gave: they may not be there yet."""
    command = request.command
    assert isinstance(command, r.ProposeHandover)
    month = command.handover_id.int % 12 + 1
    figure = MovedFigure(kpi="satisfaction", definition_version=1, period=f"2025-{month:02}", cases=month)
    return command.model_copy(update={"moves": Moves(position=month, figures=(figure,))})


MADE_UP = Completing({r.ProposeHandover: lambda _request, _now: True}, lambda: _moving_something)


def record(zeren: Zeren, given: list[Given]) -> int:
    """Record commands, each on its own; how many were accepted."""
    results = CommandHandler(zeren.ledger, zeren.handler.recorded, MADE_UP).execute_groups(
        [[Request(stream, _reasoned(command), context("system"))] for stream, command in given]
    )
    return sum(not isinstance(result, Failure) for result in results)
