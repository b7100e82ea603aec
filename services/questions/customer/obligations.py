"""The obligations: what either side is to do under a contract, who of ours sees to it, and what came of it."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.values import Side
from projections.customer.obligations import OBLIGATIONS
from services.questions.asked import Versioned
from services.questions.kinds import Kind

ObligationStatus = Literal["open", "waiting", "performed", "breached", "cured"]


class Aim(BaseModel):
    """What a clause's KPI asks for."""

    measure: Decimal = Field(description="The value that is aimed at")
    unit: str = Field(description="In which unit")


class Obligation(Versioned):
    """A dated duty of one side."""

    obligation_id: UUID = Field(description="Id of the obligation")
    customer_id: UUID = Field(description="The customer")
    contract_id: UUID = Field(description="The contract that states it")
    clause: str = Field(description="The clause, for example `4.2`")
    text: str = Field(description="What is to be done")
    by: Side = Field(validation_alias="by_side", description="Who is to do it: `us` or the `customer`")
    due_at: datetime | None = Field(
        description="By when, what was lost waiting on the customer added; null while the due time stands still"
    )
    first_due_at: datetime = Field(description="By when at first")
    undertaken_at: datetime = Field(description="When it was undertaken")
    owner: UUID | None = Field(description="Who of ours sees to it")
    target: Aim | None = Field(description="What the clause's KPI asks for")
    status: ObligationStatus = Field(description="What it is")
    overdue: bool = Field(description="Whether it is late: open, and its due time before `effective_at`")
    waiting_since: datetime | None = Field(description="Since when the next step is the customer's")
    performed_at: datetime | None = Field(description="When it was done")
    measured: Decimal | None = Field(description="What was measured when it was done")
    breached_at: datetime | None = Field(description="When a breach was declared")
    cured_at: datetime | None = Field(description="When the breach was made good")
    fell_due_at: datetime | None = Field(description="The due time that passed while it was open, once recorded")
    holders: list[UUID] = Field(
        description="Who answers for it: whoever is responsible, else its owner, else the account manager"
    )
    events: list[UUID] = Field(description="Ids of the events that prove it")


KIND = Kind(OBLIGATIONS, Obligation)
