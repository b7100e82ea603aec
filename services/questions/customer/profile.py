"""The customers: profile, tier, and how things stand."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.values import Tier
from projections.customer.profile.questions import ONE, OVERVIEW, TIERS
from services.questions.asked import Asked, Single, Versioned, single
from services.questions.responsibility import Holder, who
from services.questions.views import Moment, Views

VIEWS = ("customers", "responsibility")
OVERVIEW_VIEWS = (*VIEWS, "commitments", "complaints", "projects", "contacts", "answers", "lives")


class ProfileFact(BaseModel):
    """Something that was found out about a customer."""

    content: str = Field(description="What was found out")
    source: str = Field(description="Where it comes from")
    collector: UUID | None = Field(description="Who found it out")
    collected_on: date = Field(description="When it was found out")
    event: UUID = Field(description="The event that says so")


class Customer(Versioned):
    """A key account."""

    customer_id: UUID = Field(description="Id of the customer")
    name: str = Field(description="Name")
    industry: str | None = Field(description="Industry")
    region: str | None = Field(description="Region")
    registered_on: date | None = Field(description="Since when it is a customer")
    reviewed_on: date | None = Field(description="When somebody last stood by the profile")
    tier: Tier | None = Field(description="The tier in force at `effective_at`")
    facts: dict[str, ProfileFact] = Field(description="What is known of it, by topic")
    events: list[UUID] = Field(description="Ids of the events that prove it")


class CustomerPage(Asked):
    """One page of customers."""

    items: list[Customer] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


class TierGiven(BaseModel):
    """A tier from an instant on."""

    tier: Tier = Field(description="The tier")
    since: datetime = Field(description="From when on")
    overridden: bool = Field(description="Whether somebody set it against the rule")
    event: UUID = Field(description="The event that says so")


class Overview(BaseModel):
    """How things stand with a customer at `effective_at`, as far as was known."""

    open_commitments: int = Field(description="Commitments made and not yet kept or released at `effective_at`")
    overdue_commitments: int = Field(description="Those of them whose binding due time lies before `effective_at`")
    open_complaints: int = Field(description="Complaints received and not yet resolved at `effective_at`")
    overdue_complaints: int = Field(description="Those of them whose due time lies before `effective_at`")
    running_projects: int = Field(
        description="Projects proposed and neither accepted by the customer nor turned down at `effective_at`"
    )
    last_contact_at: datetime | None = Field(description="The last visit or other interaction")
    last_visit_at: datetime | None = Field(description="The last visit")
    last_answer_at: datetime | None = Field(description="The last survey answer")


class CustomerAnswer(Single):
    """One customer, who answers for it, and how things stand."""

    customer: Customer = Field(description="The customer as it was known")
    tiers: list[TierGiven] = Field(description="Every tier given, by start")
    holders: list[Holder] = Field(description="Who holds which role at `effective_at`")
    overview: Overview = Field(description="How things stand")


def customer(views: Views, identifier: UUID, moment: Moment) -> CustomerAnswer | None:
    """One customer as known at the moment; none where it was not known."""
    parameters = {
        "id": identifier,
        "customer": identifier,
        "at": moment.effective_at,
        "known": moment.known_position,
    }
    rows = views.rows(ONE, parameters)
    if not rows:
        return None
    (overview,) = views.rows(OVERVIEW, parameters)
    return CustomerAnswer(
        customer=Customer.model_validate(rows[0]),
        tiers=[TierGiven.model_validate(row) for row in views.rows(TIERS, parameters)],
        holders=who(views, f"customer:{identifier}", None, moment).holders,
        overview=Overview.model_validate(overview),
        **single(f"customer:{identifier}", rows[0], moment),
    )
