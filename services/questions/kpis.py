"""KPIs: what they are, their figures, and the events behind a figure."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from projections.attribution.rules import Rule
from projections.kpis.cases import Case, Reason
from projections.kpis.definitions import DEFINITIONS, EVERY_VERSION, Code, Definition, Direction, Unit
from projections.kpis.figures import Evidence, Ratio, evidence
from services.questions.kpi_cases import VIEWS, Asked, Facts, Place, PlaceInvalidError
from services.questions.views import Moment, Views

__all__ = ["VIEWS", "Asked", "Place", "PlaceInvalidError", "definition", "definitions", "kpi", "kpi_evidence"]

_OUTCOMES: list[JsonValue] = [
    *sorted({*(outcome for one in EVERY_VERSION for outcome in one.outcomes), *get_args(Reason)})
]
"""What may become of a case of any KPI, and why it may be excluded."""


class KpiUnknownError(Exception):
    """There is no KPI with that code."""


class VersionUnknownError(Exception):
    """The definition of the KPI has no such version; `newest` is the last there is."""

    def __init__(self, newest: int) -> None:
        super().__init__(newest)
        self.newest = newest


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
    outcome: str = Field(
        description="What became of the case; the reason where it is excluded", json_schema_extra={"enum": _OUTCOMES}
    )


class KpiEvidence(_Figure):
    """The events behind a figure, page by page."""

    events: list[EvidenceEvent] = Field(
        description="By the instant that a case is listed by, else by customer, then by case and id"
    )
    next: str | None = Field(description="What to give as `after` for the next page; null at the end")


def definition(code: str, version: int | None = None) -> Definition:
    """The KPI with a code, by its newest definition or another version of it.

    Raises:
        KpiUnknownError: there is none.
        VersionUnknownError: it never had that version.
    """
    versions = {one.version: one for one in EVERY_VERSION if one.code == code}
    if not versions:
        raise KpiUnknownError
    found = versions.get(max(versions) if version is None else version)
    if found is None:
        raise VersionUnknownError(max(versions))
    return found


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


def kpi(views: Views, asked: Asked, moment: Moment) -> KpiFigure:
    """The figure of a KPI for a period and scope."""
    facts = Facts(views, asked, moment)
    found = facts.figure()
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
        provisional=facts.provisional or found.provisional,
    )


def kpi_evidence(views: Views, asked: Asked, moment: Moment, after: Place | None, limit: int) -> KpiEvidence:
    """A page of the events behind a figure, after a place.

    Raises:
        PlaceInvalidError: there is no such place.
    """
    page: list[tuple[Case, Evidence]] = []
    resumed = after
    for one in Facts(views, asked, moment).weighed(after, limit + 1):
        if resumed is not None and one.case.key != resumed.case:
            if _before(one.case, resumed):
                continue
            resumed = None
        shown = (event for event in evidence(one) if resumed is None or event.event > resumed.event)
        page += ((one.case, event) for event in shown)
        resumed = None
        if len(page) > limit:
            break
    return KpiEvidence(
        **_figure(asked, moment),
        events=[_event(one) for _, one in page[:limit]],
        next=_next(moment, *page[limit - 1]) if len(page) > limit else None,
    )


def _before(case: Case, place: Place) -> bool:
    """Whether a case of the place's own customer or item comes before it."""
    return case.key.partition("/")[0] == place.case.partition("/")[0] and case.key < place.case


def _next(moment: Moment, case: Case, last: Evidence) -> str:
    at = "-" if case.place is None else case.place.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{moment.known_position} {at} {last.case} {last.event}"


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
