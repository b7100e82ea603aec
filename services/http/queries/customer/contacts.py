"""Visits and other interactions over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from events.vocabulary.values import Channel
from projections.customer.contacts.questions import CONTACTS
from services.http.filters import From, OfCustomer, To, between
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import answers
from services.questions.asked import asked
from services.questions.customer.contacts import (
    VIEWS,
    InteractionPage,
    VisitPage,
    interaction,
    visit,
)

router = APIRouter(tags=["contacts"], dependencies=[Depends(identify)], responses=answers(401, 422, 503))

_Attendee = Annotated[UUID | None, Query(description="Only those that this person of ours took part in")]
_Channel = Annotated[Channel | None, Query(description="Only those of this kind")]
_Sort = Annotated[Literal["-at", "at"], Query(description="The order; `-at` shows the newest first")]


@router.get("/visits", summary="Visits", operation_id="visit-list")
def visits(
    paged: Annotated[Paging, page_of(*VIEWS)],
    customer: OfCustomer = None,
    person: _Attendee = None,
    channel: _Channel = None,
    since: From = None,
    until: To = None,
    sort: _Sort = "-at",
) -> VisitPage:
    """Visits to customers."""
    moment = paged.moment()
    filters = {
        "kind": "visit",
        "customer": customer,
        "person": person,
        "channel": channel,
        **between(since, until),
    }
    found, link = paged.found(CONTACTS, sort, filters, moment)
    return VisitPage(items=[visit(row) for row in found.rows], next=link, **asked(moment))


@router.get("/interactions", summary="Calls, meetings, mails and messages", operation_id="interaction-list")
def interactions(
    paged: Annotated[Paging, page_of(*VIEWS)],
    customer: OfCustomer = None,
    person: _Attendee = None,
    channel: _Channel = None,
    since: From = None,
    until: To = None,
    sort: _Sort = "-at",
) -> InteractionPage:
    """Contacts with customers other than visits."""
    moment = paged.moment()
    filters = {
        "kind": "interaction",
        "customer": customer,
        "person": person,
        "channel": channel,
        **between(since, until),
    }
    found, link = paged.found(CONTACTS, sort, filters, moment)
    return InteractionPage(items=[interaction(row) for row in found.rows], next=link, **asked(moment))
