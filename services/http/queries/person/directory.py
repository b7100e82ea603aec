"""The people over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from projections.person.directory.questions import PEOPLE
from services.http.asking import Times, at
from services.http.conditions import SINGLE, Conditions
from services.http.filters import Search
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions.asked import asked
from services.questions.person import directory
from services.questions.person.directory import Person, PersonAnswer, PersonPage

router = APIRouter(
    prefix="/people", tags=["people"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)


@router.get("", summary="People", operation_id="person-list")
def person_list(
    paged: Annotated[Paging, page_of(*directory.VIEWS)],
    search: Search = None,
    department: Annotated[
        str | None, Query(description="Only those of this department at `effective_at`", max_length=63)
    ] = None,
    manager: Annotated[UUID | None, Query(description="Only those with this superior at `effective_at`")] = None,
    active: Annotated[
        bool | None, Query(description="Only those who work here at `effective_at`, or who have left")
    ] = None,
    sort: Annotated[Literal["name", "-name"], Query(description="The order; `-` turns it round")] = "name",
) -> PersonPage:
    """People with their department and superior at the time."""
    moment = paged.moment()
    filters = {"search": search, "department": department, "manager": manager, "active": active}
    found, link = paged.found(PEOPLE, sort, filters, moment)
    return PersonPage(items=[Person.model_validate(row) for row in found.rows], next=link, **asked(moment))


@router.get("/{id}", summary="One person", operation_id="person-one", response_model=PersonAnswer, responses=SINGLE)
def person(
    conditions: Conditions,
    identifier: Annotated[UUID, Path(alias="id", description="Its id")],
    times: Annotated[Times, at(*directory.VIEWS)],
) -> Response:
    """A person's directory entry and every department the person belonged to."""
    found = directory.person(times.views, identifier, times.moment())
    if found is None:
        raise ProblemError(404, "not-found")
    return conditions.answered(found)
