"""What a question for a figure reads: numbers of cases, or the cases themselves, as they were known."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from events.vocabulary.values import EARLIEST
from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution import questions as attribution
from projections.attribution.holders import Row
from projections.attribution.rules import Rule
from projections.coverage import questions as coverage
from projections.coverage.spans import Span
from projections.coverage.working_time import midnight
from projections.kpis import cadence, commitment_fulfilment, complaints_resolved_in_time, questions, satisfaction
from projections.kpis.cases import Case
from projections.kpis.definitions import Definition
from projections.kpis.figures import Figure, counted, figure
from projections.kpis.periods import Days, months, weeks
from projections.kpis.scopes import Scope, Scoped, Weighed
from services.questions.attribution import complaints, holdings
from services.questions.coverage import all_known, grouped
from services.questions.views import Moment, Views

VIEWS = (
    "responsibility", "customers", "people", "contacts", "commitments", "complaints", "answers", "policies", "cases",
)  # fmt: skip
_ITEM = re.compile(r"[a-z-]+:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/(\S*))?", re.ASCII)
_EVERYTHING = 2**62
_TO_THURSDAY = timedelta(days=3)
_NOBODY = UUID(int=0)
_NO_CALENDAR = WorkingCalendar.model_validate(
    {
        "time_zone": "UTC",
        "shifts": [{"start": "09:00", "end": "18:00"}],
        "known_years": [],
        "holidays": [],
        "working_weekends": [],
    }
)


class PlaceInvalidError(Exception):
    """The text is no place in a list of evidence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a figure."""

    definition: Definition
    period: Days
    scope: Scope
    scope_text: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of evidence ended: the instant its case is listed by, if any, the case, and the event."""

    at: datetime | None
    case: str
    event: UUID

    @property
    def item(self) -> UUID:
        """The promise, complaint, answer or customer that the case is of.

        Raises:
            PlaceInvalidError: the case has none.
        """
        return UUID(self._parts[1])

    @property
    def _parts(self) -> re.Match[str]:
        found = _ITEM.fullmatch(self.case)
        if found is None:
            raise PlaceInvalidError
        return found

    @property
    def number(self) -> int:
        """The number of a promise's due time; 0 where cases have none."""
        rest = self._parts[2] or ""
        return int(rest) if rest.isdecimal() and len(rest) < 10 else 0  # noqa: PLR2004 - fits an integer


@dataclass(frozen=True, slots=True)
class _Cadence:
    """A KPI of customers times months or weeks."""

    required: Literal["calls_per_week", "visits_per_month"]
    channel: str


_CADENCES = {
    "face_to_face_compliance": _Cadence("visits_per_month", "face_to_face"),
    "weekly_call_compliance": _Cadence("calls_per_week", "call"),
}


def _reaches(case: Row, at: datetime) -> bool:
    """Whether a case was decided, or not yet over, at an instant or later."""
    ended: datetime | None = case.get("ended_at", case["at"])
    return ended is None or max(ended, case["at"]) >= at


class Facts:
    """The cases of a question as they were known; only those of one customer or item where a subject is given."""

    def __init__(self, views: Views, asked: Asked, moment: Moment, subject: str | None = None) -> None:
        self.views, self.asked, self.known, self.subject = views, asked, moment.known_position, subject
        recorded = views.reader.read(self.known - 1, 1) if self.known else []
        self.now = recorded[0].recorded_at if recorded else EARLIEST
        newest = self._rows(coverage.NEWEST_CALENDAR)
        self.calendar = WorkingCalendar.model_validate(newest[0]["calendar"]) if newest else None
        self.calendar_event: UUID | None = newest[0]["event"] if newest else None
        self.cadence = _CADENCES.get(asked.definition.code)

    def _rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        return self.views.rows(query, {"known": self.known, **parameters})

    @cached_property
    def span(self) -> Span:
        """The period as instants; in UTC before there is a calendar."""
        calendar = self.calendar or _NO_CALENDAR
        return midnight(self.asked.period.first, calendar), midnight(self.asked.period.after, calendar)

    @property
    def provisional(self) -> bool:
        """Whether the period reaches into a year whose public holidays were not known."""
        return self.calendar is None or not all_known(self.calendar, *self.span)

    def figure(self) -> Figure:
        """What the cases come to: counted where they are kept, one by one only where people are charged with them."""
        scope = self.asked.scope
        if scope.charges_people or (self.cadence and scope.kind == "customer"):
            return figure(self.asked.definition, self.weighed())
        return self._tallied(self.cadence) if self.cadence else self._counted()

    def weighed(self, after: Place | None = None, limit: int | None = None) -> Iterator[Weighed]:
        """The cases that belong to the scope in the order they are listed in, from a place on.

        `limit` is how many are wanted, with their events; where it is not given, all are, without.

        Raises:
            PlaceInvalidError: there is no such place.
        """
        cases = self._of_customers(after, limit) if self.cadence else self._of_items(after, limit)
        scope = self.asked.scope
        if not scope.charges_people:
            return (Weighed(one, Fraction(1), events=(one.tier_event,) if one.tier_event else ()) for one in cases)
        team = scope.of if scope.kind == "team" else None
        memberships = grouped(self._rows(questions.MEMBERSHIPS, department=team), "person_id") if team else {}
        scoped = Scoped(scope, self.asked.rule, self.now, memberships)
        return (one for one in map(scoped.weigh, cases) if one is not None)

    def held_since(self, at: datetime) -> Iterator[Case]:
        """The cases with everybody who held them, of those decided, or not yet over, at an instant or later."""
        if self.cadence:
            return self._of_customers(None, None)
        rows = self._in_period(self._narrowed.listed(some=False, resumed=False), limit=_EVERYTHING)
        return self._cases([row for row in rows if _reaches(row, at)], proven=False)

    def month_of(self, case: Case) -> str:
        """The month whose figure has a case; a week is of the month of its Thursday."""
        zone = (self.calendar or _NO_CALENDAR).zone()
        decided = case.at.astimezone(zone) + (_TO_THURSDAY if self._by_weeks else timedelta())
        return f"{decided:%Y-%m}"

    @cached_property
    def _people(self) -> list[UUID]:
        """Whom the scope charges: a person, or everybody who ever belonged to a team."""
        scope = self.asked.scope
        if scope.kind == "person":
            return [UUID(scope.of)]
        return [row["person_id"] for row in self._rows(questions.MEMBERS, department=scope.of)]

    @property
    def _subjects(self) -> list[str]:
        """What the people of the scope ever held, or the one subject that is asked about."""
        if self.subject:
            return [self.subject]
        return [row["subject"] for row in self._rows(questions.EVER_HELD, people=self._people)]

    @cached_property
    def _mine(self) -> dict[str, Any]:
        """The customers, and items of the KPI's kind, that a scope is narrowed to; none where it is not."""
        scope = self.asked.scope
        mine: dict[str, Any] = {
            "customers": [UUID(scope.of)] if scope.kind == "customer" else None,
            "tier": scope.of if scope.kind == "tier" else None,
            "items": [],
        }
        if scope.charges_people:
            held: dict[str, list[UUID]] = {}
            for subject in self._subjects:
                kind, _, identifier = subject.partition(":")
                held.setdefault(kind, []).append(UUID(identifier))
            mine["customers"] = held.get("customer", [])
            if self.asked.definition.code == "commitment_fulfilment":
                mine["items"] = held.get("commitment", [])
            elif self.asked.definition.code == "complaints_resolved_in_time":
                handed = [] if self.subject else self._rows(questions.EVER_HANDED, people=self._people)
                mine["items"] = [*held.get("complaint", []), *(row["complaint_id"] for row in handed)]
        return mine

    # Promises, complaints and answers

    @property
    def _narrowed(self) -> questions.Narrowed:
        kind, of = self.asked.scope.kind, self.asked.definition
        return questions.Narrowed(
            of.code, of.version, kind == "customer", self.asked.scope.charges_people, kind == "tier"
        )

    def _in_period(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        since, until = self.span
        return self._rows(query, since=since, until=until, now=self.now, **self._mine, **parameters)

    def _counted(self) -> Figure:
        found = self._in_period(self._narrowed.counted)
        definition = self.asked.definition
        of_outcome = {row["outcome"]: row for row in found}
        numbers = {outcome: row["cases"] for outcome, row in of_outcome.items()}
        provisional = any(of_outcome[one]["provisional"] for one in definition.outcomes if one in of_outcome)
        if definition.code != "satisfaction":
            return counted(definition, numbers, provisional=provisional)
        scores, dimensions = satisfaction.summed(self._in_period(self._narrowed.scored))
        return counted(definition, numbers, scores=scores, dimensions=dimensions)

    def _of_items(self, after: Place | None, limit: int | None) -> Iterator[Case]:
        if after is not None and after.at is None:
            raise PlaceInvalidError
        resumed = {} if after is None else {"place": after.at, "item": after.item, "number": after.number}
        while True:
            query = self._narrowed.listed(some=limit is not None, resumed=bool(resumed))
            rows = self._in_period(query, limit=limit or _EVERYTHING, **resumed)
            seen = bool(resumed) and after is None
            yield from self._cases(rows[1:] if seen else rows, proven=limit is not None)
            if limit is None or len(rows) < limit:
                return
            resumed = {name: rows[-1][name] for name in ("place", "item", "number")}
            after, limit = None, max(limit, 2)

    def _cases(self, rows: Sequence[Row], *, proven: bool) -> Iterator[Case]:
        code, version = self.asked.definition.code, self.asked.definition.version
        charged = self.asked.scope.charges_people
        identifiers = [row["item"] for row in rows]
        if code == "complaints_resolved_in_time" and charged:
            found = self._rows(attribution.COMPLAINTS, ids=identifiers)
            items = {UUID(one.name.partition(":")[2]): one for one in complaints(self.views, found, self.known)}
            return complaints_resolved_in_time.cases(rows, items, version)
        events = self._events(identifiers) if proven and code in questions.EVENTS else {}
        if code == "complaints_resolved_in_time":
            return complaints_resolved_in_time.unheld(rows, events)
        held = self._held(rows) if charged else {}
        if code == "commitment_fulfilment":
            return commitment_fulfilment.cases(rows, held, events, version)
        return satisfaction.cases(rows, held)

    def _events(self, identifiers: Sequence[UUID]) -> dict[Any, tuple[UUID, ...]]:
        rows = self._rows(questions.EVENTS[self.asked.definition.code], ids=identifiers)
        return {row["item"]: tuple(row["events"]) for row in rows}

    def _held(self, rows: Iterable[Row]) -> dict[str, list[Row]]:
        subjects = {f"customer:{row['customer_id']}" for row in rows}
        if self.asked.definition.code == "commitment_fulfilment":
            subjects |= {f"commitment:{row['item']}" for row in rows}
        return holdings(self.views, subjects, self.known)

    # Customers times months or weeks

    @cached_property
    def _days(self) -> list[Days]:
        return list((weeks if self._by_weeks else months)(self.asked.period))

    @property
    def _by_weeks(self) -> bool:
        return self.cadence is not None and self.cadence.required == "calls_per_week"

    @cached_property
    def _rules(self) -> cadence.Rules | None:
        if self.calendar is None or self.calendar_event is None or self.cadence is None:
            return None
        cadences = self._rows(questions.CADENCES)
        return cadence.Rules(self.calendar, self.calendar_event, cadences, self.cadence.required)

    def _tallied(self, of: _Cadence) -> Figure:
        rules = self._rules
        tally = cadence.tally(self._days, rules, self.now) if rules else None
        if tally is None or not tally.stretches:
            return counted(self.asked.definition, {})
        rows = self._rows(questions.TALLY, channel=of.channel, tier=self._mine["tier"], **tally.parameters())
        return counted(self.asked.definition, tally.cases(rows))

    def _of_customers(self, after: Place | None, limit: int | None) -> Iterator[Case]:
        rules = self._rules
        if after is not None and after.at is not None:
            raise PlaceInvalidError
        if rules is None or not self._days:
            return
        first = after.item if after else _NOBODY
        together = _EVERYTHING if limit is None else limit // len(self._days) + 2
        passed = False
        while True:
            chosen = {"customers": self._mine["customers"], "tier": self._mine["tier"]}
            customers = self._rows(questions.CUSTOMERS, first=first, limit=together, **chosen)
            yield from self._stretches(customers[1:] if passed else customers, rules)
            if len(customers) < together:
                return
            first, passed = customers[-1]["customer_id"], True

    def _stretches(self, customers: Sequence[Row], rules: cadence.Rules) -> Iterator[Case]:
        identifiers = [row["customer_id"] for row in customers]
        since, until = midnight(self._days[0].first, rules.calendar), midnight(self._days[-1].after, rules.calendar)
        contacts: dict[Any, cadence.Contacts] = {}
        asked = {"channel": self.cadence and self.cadence.channel, "since": since, "until": until}
        for row in self._rows(questions.CONTACTS, customers=identifiers, **asked):
            made = contacts.setdefault(row["customer_id"], cadence.Contacts())
            made.times.append(row["at"])
            made.events.append(row["event"])
        tiers = grouped(self._rows(questions.TIERS, customers=identifiers), "customer_id")
        held = holdings(self.views, [f"customer:{one}" for one in identifiers], self.known)
        facts = cadence.Facts(customers, tiers, contacts, held)
        cases = cadence.cases(facts, self._days, rules, self.now)
        tier = self._mine["tier"]
        if tier is None:
            return cases
        return cadence.in_tier(cases, tiers, tier)
