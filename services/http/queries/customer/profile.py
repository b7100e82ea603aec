"""The customers over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from events.vocabulary.values import Tier
from projections.customer.profile.questions import CUSTOMERS
from services.http.asking import Times, at
from services.http.conditions import SINGLE, Conditions
from services.http.filters import Search
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions.asked import asked
from services.questions.customer import profile
from services.questions.customer.profile import Customer, CustomerAnswer, CustomerPage

router = APIRouter(
    prefix="/customers", tags=["customers"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)

_Text = Annotated[str | None, Query(description="Only those where this is so", max_length=200)]


@router.get("", summary="Customers", operation_id="customer-list")
def customer_list(
    paged: Annotated[Paging, page_of(*profile.VIEWS)],
    search: Search = None,
    industry: _Text = None,
    region: _Text = None,
    tier: Annotated[Tier | None, Query(description="Only those in this tier at `effective_at`")] = None,
    holder: Annotated[
        UUID | None, Query(description="Only those for which this person holds any role at `effective_at`")
    ] = None,
    reviewed_before: Annotated[
        date | None, Query(description="Only those whose profile nobody stood by on this day or later")
    ] = None,
    sort: Annotated[Literal["name", "-name"], Query(description="The order; `-` turns it round")] = "name",
) -> CustomerPage:
    """Customers with their tier."""
    moment = paged.moment()
    filters = {
        "search": search,
        "industry": industry,
        "region": region,
        "tier": tier,
        "holder": holder,
        "reviewed_before": reviewed_before,
    }
    found, link = paged.found(CUSTOMERS, sort, filters, moment)
    return CustomerPage(items=[Customer.model_validate(row) for row in found.rows], next=link, **asked(moment))


@router.get(
    "/{id}", summary="One customer", operation_id="customer-one", response_model=CustomerAnswer, responses=SINGLE
)
def customer(
    conditions: Conditions,
    identifier: Annotated[UUID, Path(alias="id", description="Its id")],
    times: Annotated[Times, at(*profile.OVERVIEW_VIEWS)],
) -> Response:
    """A customer's profile, tiers, holders, and how things stand."""
    found = profile.customer(times.views, identifier, times.moment())
    if found is None:
        raise ProblemError(404, "not-found")
    return conditions.answered(found)
