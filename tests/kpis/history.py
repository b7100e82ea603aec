"""A random history of half a year: what people do, and how it is corrected later."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from aggregates.refusal import Refused
from commands.base import Command
from commands.customer.commitments import (
    CorrectCommitment,
    FulfilCommitment,
    MakeCommitment,
    RescheduleCommitment,
    WaiveCommitment,
)
from commands.customer.complaints import (
    AssignComplaint,
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from commands.customer.interactions import LogInteraction
from commands.customer.satisfaction import RecordSurveyAnswer
from commands.customer.tier import AssignTier
from commands.customer.visits import RecordVisit
from commands.person.directory import MoveDepartment
from commands.policy.rules import PublishCadence, PublishWorkingCalendar
from commands.responsibility import (
    AcceptHandover,
    AssignResponsibility,
    CorrectResponsibility,
    Delegate,
    EndResponsibility,
    ProposeHandover,
    WithdrawResponsibility,
)
from events.customer.satisfaction import SurveyAnswerRecorded
from events.vocabulary.identifiers import AssignmentId, CustomerId, PersonId
from events.vocabulary.policies import CadenceRule
from events.vocabulary.values import Scale
from tests.domain.company import CALENDAR
from tests.domain.people import CHEN, LIN, WANG, ZHAO, ZHOU, number
from tests.kpis.company import POLICY, Company

CUSTOMERS = tuple(CustomerId(number(9000 + no)) for no in range(4))
PEOPLE: tuple[PersonId, ...] = (ZHAO, LIN, WANG, ZHOU, CHEN)
_HOURS = timedelta(hours=6)


class History:
    """Lets random things happen, half of a day after half of a day."""

    def __init__(self, company: Company, seed: int) -> None:
        self.company = company
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.assignments: dict[UUID, CustomerId] = {}
        self.promises: dict[UUID, CustomerId] = {}
        self.complaints: dict[UUID, CustomerId] = {}

    def happen(self, days: int) -> None:
        """Register the customers, then let that many days go by."""
        for customer, since in zip(CUSTOMERS, ("2024-06-01", "2025-02-12", None, None), strict=True):
            self.company.registered(customer, registered_on=since)
        bridged = CALENDAR.holidays | {date(2025, 5, day) for day in (6, 7, 8, 9)}
        self.company.give(
            POLICY, PublishWorkingCalendar(calendar=CALENDAR.model_copy(update={"holidays": frozenset(bridged)}))
        )
        actions: list[Callable[[CustomerId], None]] = [
            self.assign, self.assign, self.assign, self.correct, *[self.delegate] * 3, self.hand_over,
            *[self.promise] * 6, self.reschedule, self.reschedule, self.keep, self.keep,
            *[self.release] * 3, self.set_right,
            *[self.complain] * 3, self.hand, self.wait, self.wait, self.go_on,
             self.resolve, self.resolve, self.reopen,
            *[self.contact] * 6, self.survey, self.survey, self.tier, self.move, self.cadence, self.hold_item,
        ]  # fmt: skip
        for _ in range(days):
            for _ in range(5):
                self.random.choice(actions)(self.random.choice(CUSTOMERS))
            self.company.clock.now += 4 * _HOURS

    def some(self, before: int, after: int) -> Any:
        """A sixth hour between so many days before now and after."""
        return self.company.clock.now + _HOURS * self.random.randint(-4 * before, 4 * after)

    def id(self) -> Any:
        return UUID(int=self.random.getrandbits(128), version=4)

    def one_of(self, items: dict[UUID, CustomerId]) -> Any:
        return self.random.choice(list(items)[-6:]) if items else self.id()

    def person(self) -> PersonId:
        return self.random.choice(PEOPLE)

    def give(self, customer: CustomerId, command: Command) -> bool:
        try:
            self.company.customer(customer, command)
        except Refused:
            return False
        return True

    def assign(self, customer: CustomerId) -> None:
        for held, of in self.assignments.items():
            if of == customer and self.random.random() < 0.7:
                self.give(customer, EndResponsibility(assignment_id=AssignmentId(held), until=self.some(0, 4)))
        assignment = self.id()
        until = self.some(20, 90) if self.random.random() < 0.4 else None
        command = AssignResponsibility(
            assignment_id=assignment,
            role="account_manager",
            person=self.person(),
            involvement=self.random.choice(("accountable", "accountable", "responsible")),
            since=self.some(30, 10),
            until=until,
        )
        if self.give(customer, command):
            self.assignments[assignment] = customer

    def hold_item(self, customer: CustomerId) -> None:
        kind, items = self.random.choice((("commitment", self.promises), ("complaint", self.complaints)))
        item = self.one_of(items)
        command = AssignResponsibility(
            assignment_id=self.id(),
            subject=f"{kind}:{item}",
            role="technical_support",
            person=self.person(),
            involvement=self.random.choice(("accountable", "responsible", "consulted")),
            since=self.some(10, 3),
            until=self.some(0, 30),
        )
        self.give(items.get(item, customer), command)

    def correct(self, customer: CustomerId) -> None:
        held = self.one_of(self.assignments)
        customer = self.assignments.get(held, customer)
        if self.random.random() < 0.2:
            self.give(customer, WithdrawResponsibility(assignment_id=held, reason="误录"))
        elif self.random.random() < 0.5:
            self.give(customer, CorrectResponsibility(assignment_id=held, person=self.person(), reason="录错了人"))
        else:
            self.give(customer, CorrectResponsibility(assignment_id=held, since=self.some(60, 0), reason="日期录错"))

    def delegate(self, customer: CustomerId) -> None:
        held = self.one_of(self.assignments)
        since = self.some(20, 5)
        command = Delegate(
            delegation_id=self.id(),
            assignment_id=held,
            to_person=self.person(),
            since=since,
            until=since + _HOURS * self.random.randint(1, 60),
        )
        self.give(self.assignments.get(held, customer), command)

    def hand_over(self, customer: CustomerId) -> None:
        held, handover = self.one_of(self.assignments), self.id()
        customer = self.assignments.get(held, customer)
        command = ProposeHandover(
            handover_id=handover, assignment_id=held, to_person=self.person(), effective_at=self.some(3, 10)
        )
        if self.give(customer, command):
            self.give(customer, AcceptHandover(handover_id=handover))

    def promise(self, customer: CustomerId) -> None:
        commitment = self.id()
        command = MakeCommitment(
            commitment_id=commitment,
            text="交付",
            due_at=self.some(0, 40),
            by=self.random.choice((*["us"] * 8, "customer")),
            occurred_at=self.some(8, 0),
        )
        if self.give(customer, command):
            self.promises[commitment] = customer

    def reschedule(self, customer: CustomerId) -> None:
        one = self.one_of(self.promises)
        command = RescheduleCommitment(
            commitment_id=one,
            due_at=self.some(0, 50),
            agreed=self.random.random() < 0.6,
            occurred_at=self.random.choice((None, self.some(12, 0))),
        )
        self.give(self.promises.get(one, customer), command)

    def keep(self, customer: CustomerId) -> None:
        one = self.one_of(self.promises)
        self.give(self.promises.get(one, customer), FulfilCommitment(commitment_id=one, fulfilled_at=self.some(10, 0)))

    def release(self, customer: CustomerId) -> None:
        one = self.one_of(self.promises)
        command = WaiveCommitment(
            commitment_id=one,
            excused_because=self.random.choice((None, "客户停产")),
            occurred_at=self.random.choice((None, self.some(12, 0))),
        )
        self.give(self.promises.get(one, customer), command)

    def set_right(self, customer: CustomerId) -> None:
        one = self.one_of(self.promises)
        changes: dict[str, Any] = self.random.choice(({"by": "customer"}, *[{"due_at": self.some(20, 60)}] * 3))
        command = CorrectCommitment(commitment_id=one, reason="录错", **changes)
        self.give(self.promises.get(one, customer), command)

    def complain(self, customer: CustomerId) -> None:
        complaint = self.id()
        command = ReceiveComplaint(
            complaint_id=complaint,
            received_at=self.some(4, 0),
            channel="phone",
            severity=self.random.choice(("high", "medium")),
            content="停机",
        )
        if self.give(customer, command):
            self.complaints[complaint] = customer

    def on_complaint(self, customer: CustomerId, make: Callable[[Any], Command]) -> None:
        one = self.one_of(self.complaints)
        self.give(self.complaints.get(one, customer), make(one))

    def hand(self, customer: CustomerId) -> None:
        self.on_complaint(
            customer, lambda one: AssignComplaint(complaint_id=one, person=self.person(), at=self.some(5, 0))
        )

    def wait(self, customer: CustomerId) -> None:
        self.on_complaint(customer, lambda one: StartWaitingOnCustomer(complaint_id=one, at=self.some(5, 0)))

    def go_on(self, customer: CustomerId) -> None:
        self.on_complaint(customer, lambda one: StopWaitingOnCustomer(complaint_id=one, at=self.some(3, 0)))

    def resolve(self, customer: CustomerId) -> None:
        self.on_complaint(
            customer, lambda one: ResolveComplaint(complaint_id=one, at=self.some(5, 0), solution="更换部件")
        )

    def reopen(self, customer: CustomerId) -> None:
        self.on_complaint(customer, lambda one: ReopenComplaint(complaint_id=one, at=self.some(3, 0)))

    def contact(self, customer: CustomerId) -> None:
        common: dict[str, Any] = {
            "channel": self.random.choice(("call", "call", "face_to_face", "video")),
            "our_attendees": (self.person(),),
            "content": "例行沟通",
        }
        at = self.some(12, 0)
        command: Command = LogInteraction(interaction_id=self.id(), at=at, direction="outbound", result="无", **common)
        if self.random.random() < 0.3:
            command = RecordVisit(visit_id=self.id(), visited_at=at, **common)
        self.give(customer, command)

    def survey(self, customer: CustomerId) -> None:
        scores = {
            dimension: Decimal(self.random.randint(1, 5))
            for dimension in self.random.sample(("quality", "attitude", "speed"), self.random.randint(1, 3))
        }
        if self.random.random() < 0.3:
            ahead = {"answered_at": self.some(0, 60), "about_person": None, "served_by": ()}
            given = SurveyAnswerRecorded(
                survey_id=self.id(), answer_id=self.id(), scores=scores, scale=Scale(min=1, max=5), **ahead
            )
            self.company.planted(customer, given)
            return
        command = RecordSurveyAnswer(
            survey_id=self.id(),
            answer_id=self.id(),
            answered_at=self.some(15, 0),
            scores=scores,
            scale=Scale(min=1, max=5),
        )
        self.give(customer, command)

    def tier(self, customer: CustomerId) -> None:
        self.give(customer, AssignTier(tier=self.random.choice(("vip", "first")), since=self.some(40, 10)))

    def move(self, _customer: CustomerId) -> None:
        command = MoveDepartment(department=self.random.choice(("east", "west")), since=self.some(40, 5))
        self.company.person(self.person(), command)

    def cadence(self, _customer: CustomerId) -> None:
        counts = [self.random.randint(0, 2) for _ in range(4)]
        rules = (
            CadenceRule(tier="vip", calls_per_week=counts[0], visits_per_month=counts[1]),
            CadenceRule(tier=None, calls_per_week=counts[2], visits_per_month=counts[3]),
        )
        self.company.give(
            POLICY, PublishCadence(since=self.some(30, 10), rules=self.random.choice((rules, rules[1:], rules[:1])))
        )
