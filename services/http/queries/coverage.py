"""Gaps and overlaps, over HTTP."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator

from events.vocabulary.values import EARLIEST, LATEST, Tier
from services.http.identity import identify
from services.http.instants import Instant
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions import coverage
from services.questions.coverage import GapsAnswer, OverlapsAnswer, Part, Window
from services.questions.views import Moment

router = APIRouter(
    prefix="/responsibility",
    tags=["responsibility"],
    dependencies=[Depends(identify)],
    responses=answers(401, 422, 503),
)

_ORDER = "since"
_AHEAD = timedelta(days=30)
_LONGEST = timedelta(days=3660)


def _bounded(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise ValueError("instant outside 1900 to 2199")
    return value


_Instant = Annotated[Instant, AfterValidator(_bounded)]


def _asked(
    paged: Annotated[Paging, page_of(*coverage.VIEWS)],
    since: Annotated[
        _Instant | None, Query(alias="from", description="Start of the time, included; `effective_at` by default")
    ] = None,
    until: Annotated[
        _Instant | None,
        Query(
            alias="to",
            description="End of the time, excluded; 30 days after its start by default, ten years at most. It may lie "
            "in the future: planned responsibilities count",
        ),
    ] = None,
    tier: Annotated[
        Tier | None, Query(description="Only the time over which a customer was in this tier; all by default")
    ] = None,
    customer: Annotated[UUID | None, Query(description="Id of one customer; all by default")] = None,
    min_working_minutes: Annotated[
        int,
        Query(
            ge=0,
            le=2**31,
            description="Leave out intervals with less working time; `481` asks for more than a day of eight hours",
        ),
    ] = 0,
) -> tuple[Paging, Window, Moment]:
    moment = paged.moment()
    begin = since or moment.effective_at
    if not EARLIEST <= begin < LATEST:
        raise ProblemError(422, "query.invalid", field="effective_at")
    end = until or begin + _AHEAD
    if end <= begin:
        raise ProblemError(422, "interval.empty" if end == begin else "interval.inverted", field="to")
    if end - begin > _LONGEST:
        raise ProblemError(422, "query.invalid", field="to")
    return paged, Window(begin, end, tier, customer, min_working_minutes), moment


def _filters(window: Window, role: str | None = None) -> dict[str, Any]:
    return {**asdict(window), "role": role}


def _part(paged: Paging, filters: dict[str, Any]) -> Part:
    return Part(paged.limit, paged.after(_ORDER, filters, coverage.PLACES))


Window_ = Annotated[tuple[Paging, Window, Moment], Depends(_asked)]
Role = Annotated[
    str | None, Query(description="Code of the role; every role where absent", pattern=r"^[a-z][a-z0-9_]{0,62}$")
]


@router.get("/gaps", summary="When was nobody accountable?", operation_id="gap-list")
def gaps(asked: Window_) -> GapsAnswer:
    """When registered customers had no accountable account manager, and what was open then and held by nobody.

    A customer counts from the day it was registered on; where that is not known, over the whole asked time.
    """
    paged, window, moment = asked
    filters = _filters(window)
    answer, last = coverage.gaps_in(paged.views, window, moment, _part(paged, filters))
    return answer.model_copy(update={"next": None if last is None else paged.link(moment, _ORDER, filters, last)})


@router.get("/overlaps", summary="When were several accountable?", operation_id="overlap-list")
def overlaps(asked: Window_, role: Role = None) -> OverlapsAnswer:
    """When two or more people were accountable in one role of a customer at the same time."""
    paged, window, moment = asked
    filters = _filters(window, role)
    answer, last = coverage.overlaps_in(paged.views, window, role, moment, _part(paged, filters))
    return answer.model_copy(update={"next": None if last is None else paged.link(moment, _ORDER, filters, last)})
