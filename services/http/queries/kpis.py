"""KPIs over HTTP: what they are, their figures, and the events behind a figure."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from projections.kpis.definitions import CODES
from projections.kpis.periods import PeriodInvalidError, period
from projections.kpis.scopes import ScopeInvalidError, scope
from services.http.asking import AT_LEAST, KNOWN, POSITION, Opened, Times, times
from services.http.identity import identify
from services.http.problems import ProblemError, answers
from services.http.queries.attribution import known_rule
from services.questions import kpis
from services.questions.kpis import Asked, KpiDefinitions, KpiEvidence, KpiFigure, KpiUnknownError

router = APIRouter(prefix="/kpis", tags=["kpis"], dependencies=[Depends(identify)], responses=answers(401, 422, 503))

_CURSOR = re.compile(r"(\d{1,18}) (\S{1,200}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


def _known(zeren: Opened, known_at: KNOWN = None, known_position: POSITION = None, at_least: AT_LEAST = None) -> Times:
    return times(zeren, None, known_at, known_position, at_least)


Known = Annotated[Times, Depends(_known)]


def _asked(
    code: Annotated[str, Path(description=f"Code of the KPI: {', '.join(f'`{one}`' for one in CODES)}", max_length=63)],
    period_text: Annotated[
        str,
        Query(
            alias="period",
            description="A month, quarter or year in the working calendar's time zone: `2026-03`, `2026Q2`, `2026`",
            max_length=20,
            examples=["2026Q2"],
        ),
    ],
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
            description="The rule by which cases are charged to people; the definition's own by default", max_length=63
        ),
    ] = None,
) -> Asked:
    try:
        definition = kpis.definition(code)
        days, of = period(period_text), scope(scope_text)
    except KpiUnknownError as unknown:
        raise ProblemError(422, "kpi.unknown", field="code", details={"known": ", ".join(CODES)}) from unknown
    except PeriodInvalidError as invalid:
        raise ProblemError(422, "period.invalid", field="period") from invalid
    except ScopeInvalidError as invalid:
        raise ProblemError(422, "scope.invalid", field="scope") from invalid
    rule = definition.attribution if attribution is None else known_rule(attribution, "attribution")
    return Asked(definition, days, of, scope_text, rule)


@router.get("", summary="Which KPIs are there?")
def definitions() -> KpiDefinitions:
    """What each KPI counts, in which unit, and by which rule it is charged to people."""
    return kpis.definitions()


@router.get("/{code}", summary="A figure")
def figure(asked: Annotated[Asked, Depends(_asked)], known: Known) -> KpiFigure:
    """A KPI for a period and scope; the same for ever at the same known position."""
    return kpis.kpi(known.views, asked, known.moment(*kpis.VIEWS))


@router.get("/{code}/evidence", summary="The events behind a figure")
def evidence(
    asked: Annotated[Asked, Depends(_asked)],
    known: Known,
    after: Annotated[
        str | None,
        Query(description="`next` of the page before; it keeps the known position of the first page", max_length=300),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Events on a page")] = 100,
) -> KpiEvidence:
    """The exact events that a figure was computed from, and those left out with the reason, case by case."""
    found = _CURSOR.fullmatch(after) if after is not None else None
    if after is not None and (found is None or known.known_at is not None):
        raise ProblemError(422, "cursor.invalid", field="after")
    if found is None:
        return kpis.kpi_evidence(known.views, asked, known.moment(*kpis.VIEWS), None, limit)
    if known.known_position not in {None, int(found[1])}:
        raise ProblemError(422, "cursor.invalid", field="after")
    moment = known.views.moment(*kpis.VIEWS, known_position=int(found[1]), at_least=known.at_least)
    return kpis.kpi_evidence(known.views, asked, moment, (found[2], UUID(found[3])), limit)
