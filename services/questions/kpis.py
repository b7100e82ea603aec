"""KPIs: what they are, their figures, and the events behind a figure."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.values import EARLIEST
from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution.questions import HOLDERS
from projections.attribution.rules import Rule
from projections.coverage import questions as coverage
from projections.coverage.spans import Span
from projections.coverage.working_time import midnight
from projections.kpis import cadence, commitment_fulfilment, complaints_resolved_in_time, questions, satisfaction
from projections.kpis.cases import Case, Reason
from projections.kpis.definitions import DEFINITIONS, Code, Definition, Direction, Unit
from projections.kpis.figures import Evidence, Ratio, evidence, figure
from projections.kpis.periods import Days, months, weeks
from projections.kpis.scopes import Scope, Scoped, Weighed
from services.questions.attribution import holders
from services.questions.coverage import all_known, grouped
from services.questions.views import Moment, Views

VIEWS = ("responsibility", "customers", "people", "contacts", "commitments", "complaints", "answers", "policies")


class KpiUnknownError(Exception):
    """There is no KPI with that code."""


class KpiDefinition(BaseModel):
    """What a KPI is."""

    code: Code = Field(description="Code of the KPI")
    definition_version: int = Field(description="Version of the definition; every figure names it")
    name_en: str = Field(description="Name in English")
    name_zh: str = Field(description="Name in Chinese")
    unit: Unit = Field(description="`percent` of cases, or mean `score`; both from 0 to 100")
    direction: Direction = Field(description="Which way is better")
    target: float | None = Field(description="What is aimed at; null while nobody has set it")
    attribution: Rule = Field(description="The rule that charges cases to people unless another one is asked for")
    outcomes: list[str] = Field(description="What may become of a counted case, the wanted one first")
    population_en: str = Field(description="What is counted, in English")
    population_zh: str = Field(description="What is counted, in Chinese")


class KpiDefinitions(BaseModel):
    """Every KPI there is."""

    kpis: list[KpiDefinition] = Field(description="By code")


class Part(BaseModel):
    """A part of a figure."""

    kind: Literal["outcome", "dimension", "acting"] = Field(
        description="`outcome`: how many cases came to this; `dimension`: the score of one question of a survey; "
        "`acting`: the cases that a person held for a principal only, which are no part of the value"
    )
    code: str = Field(description="Code of the outcome or dimension")
    value: float | None = Field(description="Cases of the outcome, else 0 to 100; null where there are none")
    numerator: float | None = Field(default=None, description="Sum of scores")
    denominator: float | None = Field(default=None, description="Number of cases")


class Excluded(BaseModel):
    """Cases that are not counted."""

    reason: Reason = Field(description="Why")
    cases: int = Field(description="How many")


class _Figure(BaseModel):
    code: Code = Field(description="Code of the KPI")
    period: str = Field(description="The period that was asked about")
    scope: str = Field(description="The scope that was asked about")
    definition_version: int = Field(description="Version of the definition it was computed by")
    attribution: Rule = Field(description="The rule by which cases are charged to people")
    known_position: int = Field(description="What had been recorded up to this log position was taken into account")
    position: int = Field(description="The log position that the views had reached")


class KpiFigure(_Figure):
    """A figure: the same for ever at the same known position."""

    since: datetime = Field(description="Start of the period, included")
    until: datetime = Field(description="End of the period, excluded")
    now: datetime = Field(description="The recorded time of the known position: what is later has not happened yet")
    value: float | None = Field(description="0 to 100, four decimals; null where nothing is counted")
    unit: Unit = Field(description="`percent` of cases, or mean `score`")
    direction: Direction = Field(description="Which way is better")
    target: float | None = Field(description="What is aimed at; null while nobody has set it")
    numerator: float = Field(description="Wanted cases, or the sum of scores; by share for people, six decimals")
    denominator: float = Field(description="Counted cases; by share for people, six decimals")
    parts: list[Part] = Field(description="What the value is made of")
    excluded: list[Excluded] = Field(description="What was not counted, by reason")
    provisional: bool = Field(description="Whether it rests on a year whose public holidays were not known")


class EvidenceEvent(BaseModel):
    """An event behind a figure."""

    id: UUID = Field(description="Id of the event")
    role: Literal["counted", "excluded"] = Field(description="Whether its case counts")
    reason: Reason | None = Field(default=None, description="Why its case is excluded; absent where it counts")
    case: str = Field(description="The case: `commitment:ID`, `customer:ID/2026-W05`, …")
    outcome: str = Field(description="What became of the case; the reason where it is excluded")


class KpiEvidence(_Figure):
    """The events behind a figure, page by page."""

    events: list[EvidenceEvent] = Field(description="By case, then id")
    next: str | None = Field(description="What to give as `after` for the next page; null at the end")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a figure."""

    definition: Definition
    period: Days
    scope: Scope
    scope_text: str
    rule: Rule


def definition(code: str) -> Definition:
    """The KPI with a code.

    Raises:
        KpiUnknownError: there is none.
    """
    for known, found in DEFINITIONS.items():
        if known == code:
            return found
    raise KpiUnknownError


def definitions() -> KpiDefinitions:
    """Every KPI there is."""
    return KpiDefinitions(
        kpis=[
            KpiDefinition(
                code=one.code,
                definition_version=one.version,
                name_en=one.name_en,
                name_zh=one.name_zh,
                unit=one.unit,
                direction=one.direction,
                target=one.target,
                attribution=one.attribution,
                outcomes=list(one.outcomes),
                population_en=one.population_en,
                population_zh=one.population_zh,
            )
            for one in sorted(DEFINITIONS.values(), key=lambda one: one.code)
        ]
    )


class _Facts:
    """What a question reads, as it was known."""

    def __init__(self, views: Views, asked: Asked, moment: Moment) -> None:
        self.views, self.asked, self.known = views, asked, moment.known_position
        recorded = views.reader.read(self.known - 1, 1) if self.known else []
        self.now = recorded[0].recorded_at if recorded else EARLIEST
        newest = self._rows(coverage.NEWEST_CALENDAR)
        self.calendar = WorkingCalendar.model_validate(newest[0]["calendar"]) if newest else None
        self.calendar_event: UUID | None = newest[0]["event"] if newest else None

    def _rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        of_customer = [UUID(self.asked.scope.of)] if self.asked.scope.kind == "customer" else None
        return self.views.rows(query, {"customers": of_customer, "known": self.known, **parameters})

    @cached_property
    def span(self) -> Span:
        """The period as instants; in UTC before there is a calendar."""
        calendar = self.calendar or _NO_CALENDAR
        return midnight(self.asked.period.first, calendar), midnight(self.asked.period.after, calendar)

    @cached_property
    def tiers(self) -> dict[Any, Sequence[Any]]:
        """Customer → tiers."""
        return dict(grouped(self._rows(coverage.TIERS), "customer_id"))

    def _in_period(self, query: str) -> list[dict[str, Any]]:
        return self._rows(query, since=self.span[0], until=self.span[1])

    def cases(self) -> Iterator[Case]:
        """Every case of the period."""
        return _CASES[self.asked.definition.code](self)

    def commitments(self) -> Iterator[Case]:
        """The cases of commitment_fulfilment."""
        rows = self._in_period(questions.COMMITMENTS)
        return commitment_fulfilment.cases(rows, holders(self.views, rows, self.known), self.span, self.now)

    def complaints(self) -> Iterator[Case]:
        """The cases of complaints_resolved_in_time."""
        rows = self._in_period(questions.COMPLAINTS)
        return complaints_resolved_in_time.cases(rows, holders(self.views, rows, self.known), self.span, self.now)

    def answers(self) -> Iterator[Case]:
        """The cases of satisfaction."""
        rows = self._in_period(questions.ANSWERS)
        return satisfaction.cases(rows, holders(self.views, rows, self.known))

    def visits(self) -> Iterator[Case]:
        """The cases of face_to_face_compliance."""
        return self._cadence("visits_per_month", "face_to_face", list(months(self.asked.period)))

    def calls(self) -> Iterator[Case]:
        """The cases of weekly_call_compliance."""
        return self._cadence("calls_per_week", "call", list(weeks(self.asked.period)))

    def _cadence(
        self, required: Literal["calls_per_week", "visits_per_month"], channel: str, days: list[Days]
    ) -> Iterator[Case]:
        if self.calendar is None or self.calendar_event is None or not days:
            return iter(())
        customers = self._rows(coverage.CUSTOMERS)
        since, until = midnight(days[0].first, self.calendar), midnight(days[-1].after, self.calendar)
        contacts: dict[Any, cadence.Contacts] = {}
        for row in self._rows(questions.CONTACTS, channel=channel, since=since, until=until):
            made = contacts.setdefault(row["customer_id"], cadence.Contacts())
            made.times.append(row["at"])
            made.events.append(row["event"])
        held = grouped(self._rows(HOLDERS, subjects=[f"customer:{row['customer_id']}" for row in customers]), "subject")
        rules = cadence.Rules(self.calendar, self.calendar_event, self._rows(questions.CADENCES), required)
        return cadence.cases(cadence.Facts(customers, self.tiers, contacts, held), days, rules, self.now)

    def weighed(self) -> Iterator[Weighed]:
        """Every case that belongs to the scope."""
        scope = self.asked.scope
        team = scope.of if scope.kind == "team" else None
        memberships = grouped(self._rows(questions.MEMBERSHIPS, department=team), "person_id") if team else {}
        tiers = self.tiers if scope.kind == "tier" else {}
        scoped = Scoped(scope, self.asked.rule, self.now, tiers, memberships)
        return (one for one in map(scoped.weigh, self.cases()) if one is not None)

    def provisional(self) -> bool:
        """Whether the period reaches into a year whose public holidays were not known."""
        return self.calendar is None or not all_known(self.calendar, *self.span)


_CASES: dict[Code, Callable[[_Facts], Iterator[Case]]] = {
    "commitment_fulfilment": _Facts.commitments,
    "complaints_resolved_in_time": _Facts.complaints,
    "face_to_face_compliance": _Facts.visits,
    "satisfaction": _Facts.answers,
    "weekly_call_compliance": _Facts.calls,
}

_NO_CALENDAR = WorkingCalendar.model_validate(
    {
        "time_zone": "UTC",
        "shifts": [{"start": "09:00", "end": "18:00"}],
        "known_years": [],
        "holidays": [],
        "working_weekends": [],
    }
)


def kpi(views: Views, asked: Asked, moment: Moment) -> KpiFigure:
    """The figure of a KPI for a period and scope."""
    facts = _Facts(views, asked, moment)
    found = figure(asked.definition, facts.weighed())
    value = found.total.value(asked.definition)
    parts = [Part(kind="outcome", code=code, value=_number(weight)) for code, weight in found.outcomes.items()]
    parts += [_part("dimension", code, ratio, asked.definition) for code, ratio in sorted(found.dimensions.items())]
    if asked.scope.charges_people:
        parts.append(_part("acting", "acting", found.acting, asked.definition))
    return KpiFigure(
        **_figure(asked, moment),
        since=facts.span[0],
        until=facts.span[1],
        now=facts.now,
        value=None if value is None else round(float(value), 4),
        unit=asked.definition.unit,
        direction=asked.definition.direction,
        target=asked.definition.target,
        numerator=_number(found.total.numerator),
        denominator=_number(found.total.denominator),
        parts=parts,
        excluded=[
            Excluded(reason=reason, cases=found.excluded[reason])
            for reason in get_args(Reason)
            if reason in found.excluded
        ],
        provisional=facts.provisional() or found.provisional,
    )


def kpi_evidence(views: Views, asked: Asked, moment: Moment, after: tuple[str, UUID] | None, limit: int) -> KpiEvidence:
    """A page of the events behind a figure, after a case and event id."""
    rest = (
        one
        for one in evidence(_Facts(views, asked, moment).weighed())
        if after is None or (one.case, one.event) > after
    )
    page = heapq.nsmallest(limit + 1, rest)
    more = len(page) > limit
    return KpiEvidence(
        **_figure(asked, moment),
        events=[_event(one) for one in page[:limit]],
        next=f"{moment.known_position} {page[limit - 1].case} {page[limit - 1].event}" if more else None,
    )


def _event(one: Evidence) -> EvidenceEvent:
    reasons: dict[str, Reason] = {reason: reason for reason in get_args(Reason)}
    return EvidenceEvent(
        id=one.event,
        role=one.role,
        reason=reasons[one.outcome] if one.role == "excluded" else None,
        case=one.case,
        outcome=one.outcome,
    )


def _figure(asked: Asked, moment: Moment) -> dict[str, Any]:
    return {
        "code": asked.definition.code,
        "period": asked.period.name,
        "scope": asked.scope_text,
        "definition_version": asked.definition.version,
        "attribution": asked.rule,
        "known_position": moment.known_position,
        "position": moment.position,
    }


def _part(kind: Literal["dimension", "acting"], code: str, ratio: Ratio, of: Definition) -> Part:
    value = ratio.value(of)
    return Part(
        kind=kind,
        code=code,
        value=None if value is None else round(float(value), 4),
        numerator=_number(ratio.numerator),
        denominator=_number(ratio.denominator),
    )


def _number(exact: Fraction) -> float:
    return round(float(exact), 6)
