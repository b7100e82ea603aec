"""The handovers over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from projections.handovers.questions import HANDOVERS
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import answers
from services.questions.asked import asked
from services.questions.handovers import VIEWS, Handover, HandoverPage, HandoverStatus

router = APIRouter(
    prefix="/handovers", tags=["handovers"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)


@router.get("", summary="Handovers", operation_id="handover-list")
def handover_list(
    paged: Annotated[Paging, page_of(*VIEWS)],
    stream: Annotated[
        str | None, Query(description="Only those of this customer or project, `customer:ID`", max_length=60)
    ] = None,
    status: Annotated[HandoverStatus | None, Query(description="Only those that are so")] = None,
    from_person: Annotated[UUID | None, Query(description="Only those that this person leaves by")] = None,
    to_person: Annotated[UUID | None, Query(description="Only those that this person takes over by")] = None,
    sort: Annotated[
        Literal["-effective_at", "effective_at"], Query(description="The order; `-` shows the latest first")
    ] = "-effective_at",
) -> HandoverPage:
    """Handovers that were proposed by `effective_at`, as they stood then, with the open items they move."""
    moment = paged.moment()
    filters = {"stream": stream, "status": status, "from_person": from_person, "to_person": to_person}
    found, link = paged.found(HANDOVERS, sort, filters, moment)
    return HandoverPage(items=[Handover.model_validate(row) for row in found.rows], next=link, **asked(moment))
