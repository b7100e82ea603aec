"""The projects over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from projections.project.progress.questions import PROJECTS
from services.http.asking import Times, at
from services.http.conditions import SINGLE, Conditions
from services.http.filters import OfCustomer, Search
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions.asked import asked
from services.questions.project import progress
from services.questions.project.progress import Decision, ProjectAnswer, ProjectPage, Stage

router = APIRouter(
    prefix="/projects", tags=["projects"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)


@router.get("", summary="Projects", operation_id="project-list")
def project_list(
    paged: Annotated[Paging, page_of(*progress.VIEWS)],
    customer: OfCustomer = None,
    stage: Annotated[Stage | None, Query(description="Only those at this step of acceptance")] = None,
    decision: Annotated[Decision | None, Query(description="Only those that leadership decided so")] = None,
    undecided: Annotated[
        bool | None, Query(description="Only those that leadership has not decided on, or has")
    ] = None,
    search: Search = None,
    sort: Annotated[Literal["name", "-name"], Query(description="The order; `-` turns it round")] = "name",
) -> ProjectPage:
    """Projects with the decision on them and the step of acceptance they had reached by `effective_at`."""
    moment = paged.moment()
    filters = {"customer": customer, "stage": stage, "decision": decision, "undecided": undecided, "search": search}
    found, link = paged.found(PROJECTS, sort, filters, moment)
    return ProjectPage(items=[progress.shown(row, moment) for row in found.rows], next=link, **asked(moment))


@router.get("/{id}", summary="One project", operation_id="project-one", response_model=ProjectAnswer, responses=SINGLE)
def project(
    conditions: Conditions,
    identifier: Annotated[UUID, Path(alias="id", description="Its id")],
    times: Annotated[Times, at(*progress.VIEWS)],
) -> Response:
    """A project and who answers for it."""
    found = progress.project(times.views, identifier, times.moment())
    if found is None:
        raise ProblemError(404, "not-found")
    return conditions.answered(found)
