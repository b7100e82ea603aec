"""The commitments: one each, with who holds it and how its due time moved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.values import Side
from projections.customer.commitments.effective import commitment_at
from projections.customer.commitments.questions import ONE
from services.questions.asked import Asked, Single, Versioned, single
from services.questions.views import Moment, Views

VIEWS = ("commitments", "responsibility", "lives")
CommitmentStatus = Literal["open", "fulfilled", "waived"]


class Reschedule(BaseModel):
    """One move of a due time."""

    event: UUID = Field(description="The event that moved it")
    previous: datetime = Field(alias="from", description="The due time before")
    to: datetime = Field(description="The due time after; as later corrected, where it was")
    agreed: bool = Field(description="Whether the customer agreed; without that the new due time binds nobody")
    at: datetime = Field(description="When it moved")
    recorded_at: datetime = Field(description="When the ledger learned it")


class Commitment(Versioned):
    """A promise between us and a customer."""

    commitment_id: UUID = Field(description="Id of the commitment")
    customer_id: UUID = Field(description="The customer")
    text: str = Field(description="What was promised")
    by: Side = Field(description="Who promised: `us` or the `customer`")
    due_at: datetime = Field(description="By when, after every reschedule made by `effective_at`")
    binding_due_at: datetime = Field(
        description="By when it binds at `effective_at`: the first due time, or the last one the customer agreed to"
    )
    first_due_at: datetime = Field(description="By when it was first promised")
    made_at: datetime = Field(description="When it was promised")
    promised_by: UUID | None = Field(description="Who of ours said it")
    promised_to: str | None = Field(description="To whom it was said")
    origin: str | None = Field(description="Where it was promised, for example `visit:ID`")
    status: CommitmentStatus = Field(description="`open`, `fulfilled` or `waived` at `effective_at`")
    ended_at: datetime | None = Field(description="When it was kept or released, if by `effective_at`")
    fell_due_at: datetime | None = Field(description="The due time that passed while it was open, once recorded")
    overdue: bool = Field(
        description="Whether it is late at `effective_at`: open, and its binding due time before it; at the very "
        "instant of its due time it is due, not yet late"
    )
    reschedules: list[Reschedule] = Field(
        description="Every move of the due time by `effective_at`, in the order of recording"
    )
    holders: list[UUID] = Field(
        description="Who answers for it at `effective_at`: whoever is responsible, else the account manager"
    )
    events: list[UUID] = Field(description="Ids of the events that prove it")


class CommitmentPage(Asked):
    """One page of commitments."""

    items: list[Commitment] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


class CommitmentAnswer(Single):
    """One commitment."""

    commitment: Commitment = Field(description="The commitment as it was known")


def commitment(views: Views, identifier: UUID, moment: Moment) -> CommitmentAnswer | None:
    """One commitment as known at the moment; none where it was not known, or not made by then."""
    rows = views.rows(ONE, {"id": identifier, "at": moment.effective_at, "known": moment.known_position})
    if not rows:
        return None
    stream = f"customer:{rows[0]['customer_id']}"
    return CommitmentAnswer(commitment=shown(rows[0], moment), **single(stream, rows[0], moment))


def shown(row: Mapping[str, Any], moment: Moment) -> Commitment:
    """A row of the list as it was at the moment."""
    return Commitment.model_validate(commitment_at(row, moment.effective_at))
