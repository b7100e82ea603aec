"""Survey answers over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from projections.customer.satisfaction.questions import ANSWERS
from services.http.filters import From, OfCustomer, To, between
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import answers
from services.questions.asked import asked
from services.questions.customer.satisfaction import VIEWS, SurveyAnswer, SurveyPage

router = APIRouter(tags=["contacts"], dependencies=[Depends(identify)], responses=answers(401, 422, 503))


@router.get("/surveys", summary="Survey answers", operation_id="survey-answer-list")
def surveys(
    paged: Annotated[Paging, page_of(*VIEWS)],
    customer: OfCustomer = None,
    survey: Annotated[UUID | None, Query(description="Only those to this survey")] = None,
    about_person: Annotated[UUID | None, Query(description="Only those about this person")] = None,
    since: From = None,
    until: To = None,
    sort: Annotated[
        Literal["-answered_at", "answered_at"], Query(description="The order; `-` shows the newest first")
    ] = "-answered_at",
) -> SurveyPage:
    """What customers said of our service, with who served them then."""
    moment = paged.moment()
    filters = {"customer": customer, "survey": survey, "about_person": about_person, **between(since, until)}
    found, link = paged.found(ANSWERS, sort, filters, moment)
    return SurveyPage(items=[SurveyAnswer.model_validate(row) for row in found.rows], next=link, **asked(moment))
