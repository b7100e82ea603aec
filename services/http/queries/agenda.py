"""The agenda over HTTP."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from events.vocabulary.values import LATEST
from projections.lives.questions import AGENDA
from services.http.filters import HeldBy, OfCustomer
from services.http.identity import identify
from services.http.instants import Instant
from services.http.paging import Paging, page_of
from services.http.problems import answers, language_of
from services.http.queries.lives import OfKind
from services.questions import agenda
from services.questions.agenda import AgendaPage
from services.questions.asked import asked

router = APIRouter(
    prefix="/agenda", tags=["agenda"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)

_AHEAD = timedelta(days=7)


@router.get("", summary="What is due, overdue or waiting?", operation_id="agenda")
def agenda_list(
    paged: Annotated[Paging, page_of(*agenda.VIEWS)],
    holder: HeldBy = None,
    team: Annotated[
        str | None,
        Query(
            description="Only what somebody of this department holds at `effective_at`",
            pattern=r"^[a-z][a-z0-9_]{0,62}$",
        ),
    ] = None,
    customer: OfCustomer = None,
    kind: OfKind = None,
    until: Annotated[
        Instant | None,
        Query(description="Only what is due before this instant; seven days after `effective_at` by default"),
    ] = None,
) -> AgendaPage:
    """What is open at `effective_at` and overdue or falls due, and the handovers that nobody has answered.

    With who holds it and why it is here; the earliest first. What waits on the customer has no due time meanwhile.
    """
    moment = paged.moment()
    end = until or min(moment.effective_at, LATEST - _AHEAD) + _AHEAD
    filters = {
        "at": moment.effective_at,
        "until": end,
        "holder": holder,
        "team": team,
        "customer": customer,
        "kind": kind,
    }
    found, link = paged.found(AGENDA, "due", filters, moment)
    language = language_of(paged.request)
    items = [agenda.entry(row, language) for row in found.rows]
    return AgendaPage(until=end, items=items, next=link, **asked(moment))
