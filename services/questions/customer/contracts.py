"""The contracts: what both sides signed."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from projections.customer.contracts import CONTRACTS
from services.questions.asked import Versioned
from services.questions.kinds import Kind


class Contract(Versioned):
    """A signed contract."""

    contract_id: UUID = Field(description="Id of the contract")
    customer_id: UUID = Field(description="The customer")
    title: str = Field(description="What it is called")
    status: Literal["in_force", "ended"] = Field(description="Whether it is in force")
    signed_at: datetime = Field(description="When both sides signed")
    starts_on: date = Field(description="First day")
    ends_on: date | None = Field(description="Last day, after every renewal; null while it has none")
    rights_and_duties: str = Field(description="The rights and duties of both sides")
    kpis: str = Field(description="The KPIs it is measured by")
    breach_liability: str = Field(description="Who is liable for a breach, and how")
    dispute_resolution: str = Field(description="How disputes are settled")
    signed_by: str | None = Field(description="Who signed for the customer")
    amendment: str | None = Field(description="What was last amended")
    amended_at: datetime | None = Field(description="When it was last amended")
    ended_at: datetime | None = Field(description="When it ended")
    events: list[UUID] = Field(description="Ids of the events that prove it")


KIND = Kind(CONTRACTS, Contract)
