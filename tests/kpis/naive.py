"""The KPIs once more, from the events alone and by the simplest means: an independent second opinion.

Nothing here is shared with the views: every question folds the whole log again, and time is weighed by looking at
every sixth hour, which is exact because everything in the random history happens on sixth hours.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from events.customer import commitments as promises
from events.customer import complaints as complained
from events.customer.interactions import InteractionLogged
from events.customer.profile import CustomerRegistered
from events.customer.satisfaction import SurveyAnswerRecorded
from events.customer.tier import TierAssigned
from events.customer.visits import VisitRecorded
from events.person.directory import PersonMovedDepartment, PersonRegistered
from events.policy.cadence import CadencePublished
from events.policy.calendars import WorkingCalendarPublished
from events.recorded import Recorded
from events.responsibility import (
    DelegationGranted,
    DelegationRevoked,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
    ResponsibilityWithdrawn,
)
from events.vocabulary.working_calendar import WorkingCalendar

STEP = timedelta(hours=6)
HALF_HOUR = timedelta(minutes=30)
FOREVER = datetime(2190, 1, 1, tzinfo=UTC)


@dataclass
class Fact:
    """A case as the second opinion sees it."""

    customer: str
    outcome: str
    score: Fraction | None
    occurred: datetime
    due: datetime | None
    ended: datetime | None
    at: datetime
    subject: str | None = None
    handed: list[tuple[datetime, UUID]] = field(default_factory=list)
    pinned: list[tuple[UUID, bool]] | None = None
    tier: str | None = None
    tier_pinned: bool = False
    until: datetime | None = None
    clock: tuple[int, list[tuple[datetime, datetime]]] | None = None
    """Edition of the calendar, and the pauses, where working time is weighed."""
    nobodys: bool = False
    dimensions: dict[str, Fraction] = field(default_factory=dict)
    events: set[UUID] = field(default_factory=set)


@dataclass
class Opinion:
    """What is to be compared."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    excluded: dict[str, int] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    """Case → outcome, or `-reason`."""
    parts: dict[str, Fraction] = field(default_factory=dict)
    """Outcome → weight."""
    dimensions: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    """Dimension → sum of scores and of weights."""
    acting: tuple[int, Fraction] = (0, Fraction(0))
    """How many cases somebody only acted in, and the sum of their scores."""
    events: dict[str, set[UUID]] = field(default_factory=dict)
    """Case of a promise, complaint or answer → the events it comes from."""


class World:
    """Everything that was recorded up to a position."""

    def __init__(self, log: list[Recorded]) -> None:
        self.now = log[-1].recorded_at
        self.assignments: dict[UUID, dict[str, Any]] = {}
        self.delegations: dict[UUID, dict[str, Any]] = {}
        self.customers: dict[str, date | None] = {}
        self.tiers: list[tuple[str, datetime, str]] = []
        self.departments: list[tuple[str, datetime, str | None]] = []
        self.cadences: list[CadencePublished] = []
        self.contacts: list[tuple[str, datetime, str]] = []
        self.promises: dict[UUID, dict[str, Any]] = {}
        self.complaints: dict[UUID, dict[str, Any]] = {}
        self.answers: list[tuple[str, SurveyAnswerRecorded]] = []
        self.calendar: WorkingCalendar
        self.calendars: dict[int, WorkingCalendar] = {}
        self.events: dict[UUID, set[UUID]] = {}
        for recorded in log:
            self._learn(recorded)

    def _learn(self, recorded: Recorded) -> None:
        event: Any = recorded.event
        stream = str(recorded.stream)
        for name in ("commitment_id", "complaint_id", "answer_id"):
            if hasattr(event, name):
                self.events.setdefault(getattr(event, name), set()).add(recorded.id)
        match event:
            case ResponsibilityAssigned():
                self.assignments[event.assignment_id] = {
                    "subject": stream if event.subject == "self" else event.subject,
                    **event.model_dump(include={"role", "person", "involvement", "since", "until"}),
                }
            case ResponsibilityEnded():
                self.assignments[event.assignment_id]["until"] = event.until
            case ResponsibilityCorrected():
                self.assignments[event.assignment_id] |= event.model_dump(include={"person", "since", "until"})
            case ResponsibilityWithdrawn():
                del self.assignments[event.assignment_id]
            case DelegationGranted():
                self.delegations[event.delegation_id] = event.model_dump()
            case DelegationRevoked():
                self.delegations[event.delegation_id]["until"] = event.until
            case CustomerRegistered():
                self.customers[stream] = event.registered_on
            case TierAssigned():
                self.tiers.append((stream, event.since, event.tier))
            case PersonRegistered():
                self.departments.append((stream, datetime(1900, 1, 1, tzinfo=UTC), event.department))
            case PersonMovedDepartment():
                self.departments.append((stream, event.since, event.department))
            case CadencePublished():
                self.cadences.append(event)
            case WorkingCalendarPublished():
                self.calendar = self.calendars[event.edition] = event.calendar
            case InteractionLogged():
                self.contacts.append((stream, event.at, event.channel))
            case VisitRecorded():
                self.contacts.append((stream, event.visited_at, event.channel))
            case SurveyAnswerRecorded():
                self.answers.append((stream, event))
            case _:
                self._learn_of_items(event, stream, recorded)

    def _learn_of_items(self, event: Any, stream: str, recorded: Recorded) -> None:
        if type(event).__module__ == promises.__name__:
            if isinstance(event, promises.CommitmentMade):
                self.promises[event.commitment_id] = {
                    "customer": stream,
                    "by": event.by,
                    "made": event.made_at,
                    "steps": [(event.due_at, True)],
                    "status": "open",
                    "ended": None,
                    "believed": set(),
                    "terms": [{"due": event.due_at, "agreed": True, "from": event.made_at, "was": set()}],
                    "excuse": None,
                }
            known = self.promises[event.commitment_id]
            match event:
                case promises.CommitmentRescheduled():
                    known["steps"].append((event.due_at, event.agreed))
                    at = event.rescheduled_at or recorded.context.occurred_at or recorded.recorded_at
                    known["terms"].append({"due": event.due_at, "agreed": event.agreed, "from": at, "was": set()})
                case promises.CommitmentCorrected():
                    known["by"] = event.by
                    known["steps"][-1] = (event.due_at, known["steps"][-1][1])
                    if known["terms"][-1]["due"] != event.due_at:
                        known["terms"][-1]["was"].add(known["terms"][-1]["due"])
                        known["terms"][-1]["due"] = event.due_at
                case promises.CommitmentFulfilled():
                    known |= {"status": "fulfilled", "ended": event.fulfilled_at}
                case promises.CommitmentWaived():
                    known |= {"status": "waived", "ended": event.waived_at, "excuse": event.excused_because}
            known["believed"] |= {known["steps"][0][0], known["steps"][-1][0]}
        elif type(event).__module__ == complained.__name__:
            if isinstance(event, complained.ComplaintReceived):
                self.complaints[event.complaint_id] = {
                    "customer": stream,
                    "received": event.received_at,
                    "resolved": None,
                    "waiting": None,
                    "handed": [],
                    "tier": event.service_level.tier,
                    "believed": set(),
                    "edition": event.service_level.calendar_version,
                    "pauses": [],
                }
            case = self.complaints[event.complaint_id]
            if hasattr(event, "resolution_due_at"):
                case["due"] = event.resolution_due_at
            match event:
                case complained.ComplaintAssigned():
                    case["handed"].append((event.at, event.person))
                case complained.WaitingOnCustomerStarted():
                    case["waiting"] = event.at
                case complained.WaitingOnCustomerStopped():
                    case["pauses"].append((case["waiting"], event.at))
                    case["waiting"] = None
                case complained.ComplaintResolved():
                    case["resolved"] = event.at
                case complained.ComplaintReopened():
                    case["pauses"].append((case["resolved"], event.at))
                    case["resolved"] = None
            case["believed"] |= {case["due"]} | ({case["resolved"]} - {None})

    def tier(self, customer: str, at: datetime) -> str | None:
        """The tier in force: the latest start, then the latest recorded."""
        found: tuple[datetime, str] | None = None
        for stream, since, tier in self.tiers:
            if stream == customer and since <= at and (found is None or since >= found[0]):
                found = since, tier
        return found[1] if found else None

    def department(self, person: UUID, at: datetime) -> str | None:
        """The department that somebody belonged to."""
        found: tuple[datetime, str | None] | None = None
        for stream, since, department in self.departments:
            if stream == f"person:{person}" and since <= at and (found is None or since >= found[0]):
                found = since, department
        return found[1] if found else None

    def holders(self, fact: Fact, at: datetime) -> tuple[set[UUID], set[UUID]]:
        """Principals and delegates at an instant."""
        for subject, involvement in (
            (fact.subject, "accountable"),
            (fact.subject, "responsible"),
            ("handed", ""),
            (fact.customer, "accountable"),
            (fact.customer, "responsible"),
        ):
            if subject == "handed":
                before = [person for since, person in fact.handed if since <= at]
                if before:
                    return {before[-1]}, set()
                continue
            standing = {
                key: one
                for key, one in self.assignments.items()
                if one["subject"] == subject
                and one["involvement"] == involvement
                and (subject == fact.subject or one["role"] == "account_manager")
                and one["since"] <= at < (one["until"] or FOREVER)
            }
            if standing:
                acting = {
                    one["to_person"]
                    for one in self.delegations.values()
                    if one["assignment_id"] in standing and one["since"] <= at < one["until"]
                }
                return {one["person"] for one in standing.values()}, acting
        return set(), set()

    def shares(self, fact: Fact, rule: str, wanted: Any) -> tuple[Fraction, bool]:
        """The share of the people for whom `wanted(person, at)` holds, and whether one of them acted."""
        instants: list[datetime]
        if fact.nobodys:
            return Fraction(0), False
        if rule == "time_weighted" and fact.clock is not None and self.now >= fact.occurred:
            return self._working_shares(fact, fact.clock, wanted)
        match rule:
            case "at_occurrence":
                instants = [fact.occurred]
            case "at_due":
                instants = [fact.due] if fact.due else []
            case "at_resolution":
                instants = [fact.ended] if fact.ended else []
            case "current":
                instants = [self.now]
            case _:
                end = min(fact.until or fact.ended or self.now, self.now)
                count = (end - fact.occurred) // STEP
                instants = [fact.occurred + STEP * index for index in range(count)]
                if end == fact.occurred:
                    instants = [fact.occurred]
        total, acted = Fraction(0), False
        for at in instants:
            pinned = fact.pinned is not None and rule != "current"
            principals, acting = self.holders(fact, at) if not pinned else _pinned(fact)
            for person in principals:
                total += Fraction(int(wanted(person, at)), len(principals) * len(instants))
            acted = acted or any(wanted(person, at) for person in acting)
        return total, acted

    def _working_shares(
        self, fact: Fact, clock: tuple[int, list[tuple[datetime, datetime]]], wanted: Any
    ) -> tuple[Fraction, bool]:
        """As `shares`, by the working half-hours of every sixth hour in which the clock of a complaint ran."""
        edition, pauses = clock
        worked: dict[datetime, int] = {}
        at = fact.occurred
        while at < min(fact.ended or self.now, self.now):
            if not any(since <= at < until for since, until in pauses):
                worked[at] = _half_hours(self.calendars[edition], at)
            at += STEP
        if not sum(worked.values()):
            worked = {fact.occurred: 1}
        total, acted = Fraction(0), False
        for at, weight in worked.items():
            principals, acting = self.holders(fact, at)
            for person in principals:
                total += Fraction(weight * int(wanted(person, at)), len(principals) * sum(worked.values()))
            acted = acted or (weight > 0 and any(wanted(person, at) for person in acting))
        return total, acted

    def facts(self, code: str, first: date, after: date, version: int) -> dict[str, Fact]:
        """The cases of a period, by name."""
        start, end = self._midnight(first), self._midnight(after)
        match code:
            case "commitment_fulfilment":
                return dict(self._promised(start, end) if version == 1 else self._terms(start, end))
            case "complaints_resolved_in_time":
                return dict(self._complained(start, end, version))
            case "satisfaction":
                return dict(self._answered(start, end, version))
            case "weekly_call_compliance":
                return dict(self._contacted(list(_weeks(first, after)), "call", "calls_per_week"))
            case _:
                return dict(self._contacted(list(_months(first, after)), "face_to_face", "visits_per_month"))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.calendar.zone()).astimezone(UTC)

    def _promised(self, start: datetime, end: datetime) -> Any:
        for key, one in self.promises.items():
            if not any(start <= due < end for due in one["believed"]):
                continue
            bound = [due for due, agreed in one["steps"] if agreed]
            due = bound[-1]
            inside = start <= due < end
            if one["by"] != "us":
                outcome = "-customers_own"
            elif not inside and any(start <= earlier < end for earlier in bound):
                outcome = "-rescheduled"
            elif not inside and any(start <= step < end for step, agreed in one["steps"] if not agreed):
                outcome = "-reschedule_not_agreed"
            elif not inside:
                outcome = "-corrected"
            elif one["status"] == "waived":
                outcome = "-waived"
            elif due > self.now:
                outcome = "-not_due_yet"
            elif one["status"] == "open":
                outcome = "missed"
            else:
                outcome = "kept" if one["ended"] <= due else "late"
            name = f"commitment:{key}"
            fact = _fact(one["customer"], outcome, outcome == "kept", one["made"], due, one["ended"], due, name)
            fact.events = self.events[key]
            yield name, fact

    def _terms(self, start: datetime, end: datetime) -> Any:
        for key, one in self.promises.items():
            ended = one["ended"] if one["ended"] and one["ended"] <= self.now else None
            for number, term in enumerate(one["terms"], 1):
                if start <= term["due"] < end:
                    outcome = self._of_term(one, term, number, ended)
                elif any(start <= due < end for due in term["was"]):
                    outcome = "-corrected" if one["by"] == "us" else "-customers_own"
                else:
                    continue
                due, name = term["due"], f"commitment:{key}"
                fact = _fact(one["customer"], outcome, outcome == "kept", one["made"], due, ended, due, name)
                fact.nobodys, fact.events = one["by"] != "us", self.events[key]
                yield f"{name}/{number}", fact

    def _of_term(self, one: dict[str, Any], term: dict[str, Any], number: int, ended: datetime | None) -> str:
        """What became of one due time."""
        due = term["due"]
        moved = min(
            (later["from"] for later in [step for step in one["terms"][number:] if step["agreed"]][:1]), default=None
        )
        moved = moved if moved and moved <= self.now else None
        kept = ended if one["status"] == "fulfilled" else None
        waived = ended if one["status"] == "waived" else None
        if one["by"] != "us":
            return "-customers_own"
        if not term["agreed"]:
            return "-reschedule_not_agreed"
        if term["from"] > self.now:
            return "-not_yet"
        if moved and moved <= due:
            return "-rescheduled"
        if waived and waived <= due:
            return "-waived"
        if due > self.now:
            return "-not_due_yet"
        if kept and kept <= due:
            return "kept"
        if due == self.now:
            return "-not_due_yet"
        if waived and one["excuse"]:
            return "-excused"
        return "late" if kept and not moved else "missed"

    def _complained(self, start: datetime, end: datetime, version: int) -> Any:
        for key, one in self.complaints.items():
            if not any(start <= moment < end for moment in one["believed"]):
                continue
            due, resolved, waiting = one["due"], one["resolved"], one["waiting"]
            if version > 1:
                resolved, waiting = (at if at and at <= self.now else None for at in (resolved, waiting))
            at = due if resolved is None or due < resolved else resolved
            if version > 1 and one["received"] > self.now:
                outcome = "-not_yet"
            elif not start <= at < end:
                outcome = "-other_period"
            elif resolved is not None:
                outcome = "late" if resolved > due else "in_time"
            elif waiting is not None and waiting < due:
                outcome = "-waiting_on_customer"
            elif due > self.now or (version > 1 and due == self.now):
                outcome = "-not_due_yet"
            else:
                outcome = "overdue"
            name = f"complaint:{key}"
            fact = _fact(one["customer"], outcome, outcome == "in_time", one["received"], due, resolved, at, name)
            fact.handed, fact.tier, fact.tier_pinned = one["handed"], one["tier"], True
            fact.events = self.events[key]
            if version > 1:
                pauses = [*one["pauses"], *([(one["waiting"], FOREVER)] if one["waiting"] else [])]
                pauses += [(one["resolved"], FOREVER)] if one["resolved"] else []
                fact.clock = (one["edition"], pauses)
            yield name, fact

    def _answered(self, start: datetime, end: datetime, version: int) -> Any:
        for customer, event in self.answers:
            if start <= event.answered_at < end:
                width = Fraction(event.scale.max) - Fraction(event.scale.min)
                scores = [(Fraction(score) - Fraction(event.scale.min)) / width for score in event.scores.values()]
                at = event.answered_at
                outcome = "-not_yet" if version > 1 and at > self.now else "answered"
                fact = _fact(customer, outcome, sum(scores) * 100 / len(scores), at, None, at, at, None)
                fact.pinned = [
                    (server.person, server.acting) for server in event.served_by if server.role == "account_manager"
                ]
                fact.dimensions = {code: 100 * score for code, score in zip(event.scores, scores, strict=True)}
                fact.events = self.events[event.answer_id]
                yield f"survey-answer:{event.answer_id}", fact

    def _contacted(self, spans: list[tuple[str, date, date]], channel: str, asked: str) -> Any:
        for customer, registered_on in self.customers.items():
            held = [
                one["since"]
                for one in self.assignments.values()
                if one["subject"] == customer
                and one["role"] == "account_manager"
                and one["involvement"] in {"accountable", "responsible"}
            ]
            for name, first, after in spans:
                start, end = self._midnight(first), self._midnight(after)
                if start >= self.now or (registered_on and registered_on >= after):
                    continue
                made = sum(who == customer and start <= at < end and how == channel for who, at, how in self.contacts)
                if end > self.now:
                    outcome = "-not_over"
                elif registered_on and registered_on > first:
                    outcome = "-partial"
                elif not any(
                    self.calendar.is_working_day(first + timedelta(days=day)) for day in range((after - first).days)
                ):
                    outcome = "-no_working_day"
                elif not held or min(held) > start:
                    outcome = "-no_holder_yet"
                else:
                    outcome = self._against_cadence(customer, start, made, asked)
                last = end - timedelta(microseconds=1)
                fact = _fact(customer, outcome, outcome == "met", start, last, last, start, None)
                fact.until = end
                yield f"{customer}/{name}", fact

    def _against_cadence(self, customer: str, start: datetime, made: int, asked: str) -> str:
        in_force = sorted(
            (one for one in self.cadences if one.since <= start), key=lambda one: (one.since, one.edition)
        )
        if not in_force:
            return "-no_cadence"
        required: dict[str | None, int] = {rule.tier: getattr(rule, asked) for rule in in_force[-1].rules}
        count = required.get(self.tier(customer, start), required.get(None))
        if count is None:
            return "-no_cadence"
        if count == 0:
            return "-none_required"
        return "met" if made >= count else "missed"

    def opinion(self, code: str, span: tuple[date, date], scope: str, rule: str, version: int) -> Opinion:
        """The figure for a scope, by a version of the definition."""
        kind, _, of = scope.partition(":")
        found = Opinion()
        for name, fact in self.facts(code, *span, version).items():
            weight, acted = Fraction(1), False
            tier = fact.tier if fact.tier_pinned else self.tier(fact.customer, fact.at)
            if (kind == "customer" and fact.customer != scope) or (kind == "tier" and tier != of):
                continue
            if kind == "person":
                weight, acted = self.shares(fact, rule, lambda person, _at: str(person) == of)
            elif kind == "team":
                weight, acted = self.shares(fact, rule, lambda person, at: self.department(person, at) == of)
            if weight == 0 and not acted:
                continue
            outcome = fact.outcome
            if weight == 0 and fact.score is not None:
                outcome = "-acting"
            found.cases[name] = outcome
            found.events[name] = fact.events
            if outcome == "-acting" and fact.score is not None:
                found.acting = found.acting[0] + 1, found.acting[1] + fact.score
            if outcome.startswith("-"):
                found.excluded[outcome[1:]] = found.excluded.get(outcome[1:], 0) + 1
            elif fact.score is not None:
                found.numerator += weight * fact.score
                found.denominator += weight
                found.parts[outcome] = found.parts.get(outcome, Fraction(0)) + weight
                for dimension, score in fact.dimensions.items():
                    scores, weights = found.dimensions.get(dimension, (Fraction(0), Fraction(0)))
                    found.dimensions[dimension] = scores + weight * score, weights + weight
        return found


@cache
def _worked(zone: str, calendar: WorkingCalendar, at: datetime) -> int:
    count = 0
    for half_hour in range(STEP // HALF_HOUR):
        local = (at + half_hour * HALF_HOUR).astimezone(ZoneInfo(zone))
        works = calendar.is_working_day(local.date())
        count += works and any(shift.start <= local.time() < shift.end for shift in calendar.shifts)
    return count


def _half_hours(calendar: WorkingCalendar, at: datetime) -> int:
    """How many half-hours of the six hours from an instant on are worked."""
    return _worked(calendar.time_zone, calendar, at)


def _pinned(fact: Fact) -> tuple[set[UUID], set[UUID]]:
    pinned = fact.pinned or []
    return {person for person, acting in pinned if not acting}, {person for person, acting in pinned if acting}


def _fact(
    customer: str,
    outcome: str,
    score: Any,
    occurred: datetime,
    due: datetime | None,
    ended: datetime | None,
    at: datetime,
    subject: str | None,
) -> Fact:
    counted = None if outcome.startswith("-") else Fraction(score)
    return Fact(customer, outcome, counted, occurred, due, ended, at, subject)


def _weeks(first: date, after: date) -> Any:
    day = first
    while day < after:
        if day.isoweekday() == 4:
            year, week, _ = day.isocalendar()
            yield f"{year}-W{week:02}", day - timedelta(days=3), day + timedelta(days=4)
        day += timedelta(days=1)


def _months(first: date, after: date) -> Any:
    day = first
    while day < after:
        following = (day + timedelta(days=31)).replace(day=1)
        yield f"{day:%Y-%m}", day, following
        day = following
