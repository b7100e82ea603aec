"""The complaints and their clocks over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from events.vocabulary.values import Severity
from projections.customer.complaints.questions import COMPLAINTS
from services.http.asking import Times, at
from services.http.conditions import SINGLE, Conditions
from services.http.filters import From, HeldBy, OfCustomer, Overdue, To, between
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions.asked import asked
from services.questions.customer import complaints
from services.questions.customer.complaints import (
    ComplaintAnswer,
    ComplaintClocks,
    ComplaintPage,
    ComplaintStatus,
)

router = APIRouter(
    prefix="/complaints", tags=["complaints"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)

_Sort = Literal["-received_at", "received_at", "resolution_due_at", "-resolution_due_at"]


@router.get("", summary="Complaints", operation_id="complaint-list")
def complaint_list(
    paged: Annotated[Paging, page_of(*complaints.VIEWS)],
    customer: OfCustomer = None,
    status: Annotated[ComplaintStatus | None, Query(description="Only those that are so")] = None,
    severity: Annotated[Severity | None, Query(description="Only those of this severity")] = None,
    holder: HeldBy = None,
    waiting: Annotated[bool | None, Query(description="Only those that wait on the customer, or that do not")] = None,
    overdue: Overdue = None,
    since: From = None,
    until: To = None,
    sort: Annotated[_Sort, Query(description="The order; `-` turns it round")] = "-received_at",
) -> ComplaintPage:
    """Complaints that were received by `effective_at`, as they were then, with who keeps them.

    `from` and `to` bound when they were received.
    """
    moment = paged.moment()
    filters = {
        "customer": customer,
        "status": status,
        "severity": severity,
        "holder": holder,
        "waiting": waiting,
        "overdue": overdue,
        **between(since, until),
    }
    found, link = paged.found(COMPLAINTS, sort, filters, moment)
    return ComplaintPage(items=[complaints.shown(row, moment) for row in found.rows], next=link, **asked(moment))


@router.get(
    "/{id}", summary="One complaint", operation_id="complaint-one", response_model=ComplaintAnswer, responses=SINGLE
)
def complaint(
    conditions: Conditions,
    identifier: Annotated[UUID, Path(alias="id", description="Its id")],
    times: Annotated[Times, at(*complaints.VIEWS)],
) -> Response:
    """A complaint as it was at `effective_at`, with its service level, holders and escalations."""
    found = complaints.complaint(times.views, identifier, times.moment())
    if found is None:
        raise ProblemError(404, "not-found")
    return conditions.answered(found)


@router.get(
    "/{id}/clocks",
    summary="Who kept a complaint for how long?",
    operation_id="complaint-clocks",
    responses=answers(404),
)
def complaint_clocks(
    identifier: Annotated[UUID, Path(alias="id", description="Its id")], times: Annotated[Times, at(*complaints.VIEWS)]
) -> ComplaintClocks:
    """The working time of both clocks, and each holder's part of it, less the time waiting on the customer."""
    found = complaints.complaint_clocks(times.views, identifier, times.moment())
    if found is None:
        raise ProblemError(404, "not-found")
    return found
