"""Who was responsible, over HTTP."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from projections.lives.questions import LEAVERS
from projections.responsibility.questions import TIMELINE
from services.http.asking import Given, Opened, Times, arrived, at, given
from services.http.filters import between
from services.http.identity import identify
from services.http.instants import Instant
from services.http.paging import Paging, page_of
from services.http.problems import answers
from services.questions import responsibility
from services.questions.asked import asked as at_moment
from services.questions.responsibility import Difference, Leaver, LeaverPage, Portfolio, Question, Timeline, WhoAnswer

router = APIRouter(
    prefix="/responsibility",
    tags=["responsibility"],
    dependencies=[Depends(identify)],
    responses=answers(401, 422, 503),
)

_WHOLE = 1_000
"""Intervals on a page: nearly every subject has fewer."""
Subject = Annotated[
    str,
    Query(
        description="`customer:ID`, `project:ID`, `commitment:ID` or `complaint:ID`",
        pattern=r"^(customer|project|commitment|complaint):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    ),
]
Role = Annotated[
    str | None, Query(description="Code of the role; every role where absent", pattern=r"^[a-z][a-z0-9_]{0,62}$")
]


@router.get("", summary="Who was responsible?", operation_id="who-was-responsible", response_model=WhoAnswer)
async def who(subject: Subject, zeren: Opened, asked: Annotated[Given, Depends(given)], role: Role = None) -> Response:
    """The holders of a role at one effective and one known time, with the events that prove it."""
    question = Question(subject, role, asked.effective_at, asked.known_at, asked.known_position, asked.at_least)
    answer = await responsibility.ask_soon(zeren.views, question)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.get("/timeline", summary="Every interval of a subject", operation_id="responsibility-timeline")
def timeline(
    subject: Subject,
    paged: Annotated[Paging, page_of(*responsibility.VIEWS, usual=_WHOLE)],
    since: Annotated[
        Instant | None, Query(alias="from", description="Only intervals that go on after this instant")
    ] = None,
    until: Annotated[
        Instant | None, Query(alias="to", description="Only intervals that begin before this instant")
    ] = None,
) -> Timeline:
    """Every interval of every role of a subject as it was known; with `from` and `to` those that overlap them."""
    moment = paged.moment()
    found, link = paged.found(TIMELINE, "role", {"subject": subject, **between(since, until)}, moment)
    return responsibility.timeline(subject, found.rows, link, moment)


@router.get("/leavers", summary="What people hold who have left", operation_id="leaver-list")
def leavers(
    paged: Annotated[Paging, page_of(*responsibility.VIEWS)],
    person: Annotated[UUID | None, Query(description="Only what this person holds")] = None,
    subject: Annotated[
        str | None, Query(description="Only what is held of this subject, `customer:ID`", max_length=60)
    ] = None,
) -> LeaverPage:
    """Everything that is held at `effective_at` by people who had left by then, acting included."""
    moment = paged.moment()
    found, link = paged.found(LEAVERS, "person", {"person": person, "subject": subject}, moment)
    items = [Leaver.model_validate(row) for row in found.rows]
    return LeaverPage(items=items, next=link, **at_moment(moment))


@router.get("/portfolio", summary="What a person held", operation_id="portfolio")
def portfolio(
    person: Annotated[UUID, Query(description="Id of the person")], times: Annotated[Times, at(*responsibility.VIEWS)]
) -> Portfolio:
    """Everything that a person held at one effective and one known time, acting included."""
    return responsibility.portfolio(times.views, person, times.moment())


async def _later(
    zeren: Opened,
    asked: Annotated[Given, Depends(given)],
    compare_known_at: Annotated[
        Instant | None, Query(description="The later known time to compare with; now by default")
    ] = None,
) -> Times:
    later = Given(effective_at=asked.effective_at, known_at=compare_known_at, at_least=asked.at_least)
    return await arrived(zeren.views, responsibility.VIEWS, later)


@router.get("/difference", summary="What changed an answer", operation_id="difference")
def difference(
    subject: Subject,
    times: Annotated[Times, at(*responsibility.VIEWS)],
    later: Annotated[Times, Depends(_later)],
    role: Role = None,
) -> Difference:
    """One question as known at `known_at` and as known now (or later), and the events that made the answers differ."""
    then = times.moment()
    now = replace(later, effective_at=then.effective_at).moment()
    return responsibility.difference(times.views, subject, role, then, now)
