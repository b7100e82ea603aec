"""KPIs over HTTP: what they are, their figures, and the events behind a figure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request

from projections.attribution.rules import RULES
from projections.kpis.definitions import CODES
from projections.kpis.periods import Days, PeriodInvalidError, period
from projections.kpis.scopes import ScopeInvalidError, scope
from services.http.asking import AT_LEAST, KNOWN, POSITION, Given, Opened, Times, arrived, given
from services.http.identity import identify
from services.http.paging import named
from services.http.problems import ProblemError, answers
from services.http.queries.attribution import known_rule
from services.questions import kpis
from services.questions.kpis import (
    Asked,
    KpiDefinitions,
    KpiEvidence,
    KpiFigure,
    KpiUnknownError,
    Place,
    PlaceInvalidError,
    VersionUnknownError,
)

router = APIRouter(prefix="/kpis", tags=["kpis"], dependencies=[Depends(identify)], responses=answers(401, 422, 503))

_CURSOR = re.compile(
    r"(\d{1,18}) (-|\d{4}-\S{10,40}) (\S{1,200}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([0-9a-f]{18})",
    re.ASCII,
)


async def _given(known_at: KNOWN = None, known_position: POSITION = None, at_least: AT_LEAST = None) -> Given:
    return await given(None, known_at, known_position, at_least)


async def _known(zeren: Opened, asked: Annotated[Given, Depends(_given)]) -> Times:
    return await arrived(zeren.views, kpis.VIEWS, asked)


PeriodName = Annotated[
    str,
    Query(
        alias="period",
        description="A month, quarter or year in the working calendar's time zone: `2026-03`, `2026Q2`, `2026`",
        max_length=20,
        examples=["2026Q2"],
    ),
]


def known_period(text: str) -> Days:
    """The period of that name.

    Raises:
        ProblemError: 422, it is none.
    """
    try:
        return period(text)
    except PeriodInvalidError as invalid:
        raise ProblemError(422, "period.invalid", field="period") from invalid


def _asked(
    code: Annotated[
        str,
        Path(
            description=f"Code of the KPI: {', '.join(f'`{one}`' for one in CODES)}",
            max_length=63,
            json_schema_extra={"enum": list(CODES)},
        ),
    ],
    period_text: PeriodName,
    scope_text: Annotated[
        str,
        Query(
            alias="scope",
            description="`company`, `customer:ID`, `person:ID`, `team:CODE` (a department) or `tier:CODE`",
            max_length=100,
            examples=["company"],
        ),
    ] = "company",
    attribution: Annotated[
        str | None,
        Query(
            description="The rule by which cases are charged to people; the definition's own by default",
            max_length=63,
            json_schema_extra={"enum": list(RULES)},
        ),
    ] = None,
    definition_version: Annotated[
        int | None, Query(ge=1, le=1000, description="Version of the KPI's definition; the newest by default")
    ] = None,
) -> Asked:
    try:
        definition = kpis.definition(code, definition_version)
        days, of = known_period(period_text), scope(scope_text)
    except KpiUnknownError as unknown:
        raise ProblemError(422, "kpi.unknown", field="code", details={"known": ", ".join(CODES)}) from unknown
    except VersionUnknownError as unknown:
        known = ", ".join(str(version) for version in range(1, unknown.newest + 1))
        raise ProblemError(
            422, "kpi.version-unknown", field="definition_version", details={"known": known}
        ) from unknown
    except ScopeInvalidError as invalid:
        raise ProblemError(422, "scope.invalid", field="scope") from invalid
    rule = definition.attribution if attribution is None else known_rule(attribution, "attribution")
    return Asked(definition, days, of, scope_text, rule)


@router.get("", summary="Which KPIs are there?", operation_id="kpi-list")
def definitions() -> KpiDefinitions:
    """What each KPI counts, in which unit, and by which rule it is charged to people."""
    return kpis.definitions()


@router.get("/{code}", summary="A figure", operation_id="kpi-figure")
def figure(asked: Annotated[Asked, Depends(_asked)], known: Annotated[Times, Depends(_known)]) -> KpiFigure:
    """A KPI for a period and scope; the same for ever at the same known position."""
    return kpis.kpi(known.views, asked, known.moment())


@dataclass(frozen=True, slots=True)
class _Page:
    known: Times
    after: Place | None
    limit: int
    of: str
    """What the question is called in its cursors."""


async def _page(
    request: Request,
    zeren: Opened,
    question: Annotated[Asked, Depends(_asked)],
    asked: Annotated[Given, Depends(_given)],
    after: Annotated[
        str | None,
        Query(description="`next` of the page before; it keeps the known position of the first page", max_length=300),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Events on a page")] = 100,
) -> _Page:
    of = _of(request, question)
    if after is None:
        return _Page(await arrived(zeren.views, kpis.VIEWS, asked), None, limit, of)
    found = _CURSOR.fullmatch(after)
    if found is None or asked.known_at is not None or asked.known_position not in {None, int(found[1])}:
        raise ProblemError(422, "cursor.invalid", field="after")
    if found[5] != of:
        raise ProblemError(422, "cursor.elsewhere", field="after")
    resumed = replace(asked, known_position=int(found[1]))
    return _Page(await arrived(zeren.views, kpis.VIEWS, resumed), _place(*found.groups()[1:4]), limit, of)


def _of(request: Request, asked: Asked) -> str:
    definition, days = asked.definition, asked.period
    return named(
        request.url.path,
        {"version": definition.version, "period": days, "scope": asked.scope_text, "attribution": asked.rule},
    )


def _place(at: str, case: str, event: str) -> Place:
    try:
        instant = None if at == "-" else datetime.fromisoformat(at)
    except ValueError as invalid:
        raise ProblemError(422, "cursor.invalid", field="after") from invalid
    return Place(instant, case, UUID(event))


@router.get("/{code}/evidence", summary="The events behind a figure", operation_id="kpi-evidence")
def evidence(asked: Annotated[Asked, Depends(_asked)], page: Annotated[_Page, Depends(_page)]) -> KpiEvidence:
    """The exact events that a figure was computed from, and those left out with the reason, case by case."""
    try:
        found = kpis.kpi_evidence(page.known.views, asked, page.known.moment(), page.after, page.limit)
    except PlaceInvalidError as invalid:
        raise ProblemError(422, "cursor.invalid", field="after") from invalid
    return found if found.next is None else found.model_copy(update={"next": f"{found.next} {page.of}"})
