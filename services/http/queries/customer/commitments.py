"""The commitments over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from events.vocabulary.values import Side
from projections.customer.commitments.questions import COMMITMENTS
from services.http.asking import Times, at
from services.http.conditions import SINGLE, Conditions
from services.http.filters import DueFrom, DueTo, HeldBy, OfCustomer, Overdue
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions.asked import asked
from services.questions.customer import commitments
from services.questions.customer.commitments import CommitmentAnswer, CommitmentPage, CommitmentStatus

router = APIRouter(
    prefix="/commitments", tags=["commitments"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)


@router.get("", summary="Commitments", operation_id="commitment-list")
def commitment_list(
    paged: Annotated[Paging, page_of(*commitments.VIEWS)],
    customer: OfCustomer = None,
    status: Annotated[CommitmentStatus | None, Query(description="Only those that are so")] = None,
    by: Annotated[Side | None, Query(description="Only what `us` or the `customer` promised")] = None,
    promised_by: Annotated[UUID | None, Query(description="Only what this person of ours said")] = None,
    holder: HeldBy = None,
    overdue: Overdue = None,
    due_from: DueFrom = None,
    due_to: DueTo = None,
    sort: Annotated[Literal["due_at", "-due_at"], Query(description="The order; `-` turns it round")] = "due_at",
) -> CommitmentPage:
    """Commitments that were made by `effective_at`, as they were then: status, slippage, who holds them.

    Due filters and order go by the due time that binds.
    """
    moment = paged.moment()
    filters = {
        "customer": customer,
        "status": status,
        "by": by,
        "promised_by": promised_by,
        "holder": holder,
        "overdue": overdue,
        "due_from": due_from,
        "due_to": due_to,
    }
    found, link = paged.found(COMMITMENTS, sort, filters, moment)
    return CommitmentPage(items=[commitments.shown(row, moment) for row in found.rows], next=link, **asked(moment))


@router.get(
    "/{id}", summary="One commitment", operation_id="commitment-one", response_model=CommitmentAnswer, responses=SINGLE
)
def commitment(
    conditions: Conditions,
    identifier: Annotated[UUID, Path(alias="id", description="Its id")],
    times: Annotated[Times, at(*commitments.VIEWS)],
) -> Response:
    """A commitment as it was at `effective_at`, with every move of its due time until then."""
    found = commitments.commitment(times.views, identifier, times.moment())
    if found is None:
        raise ProblemError(404, "not-found")
    return conditions.answered(found)
