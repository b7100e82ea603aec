"""The lives: what items of every kind were at a time, as known then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from events.vocabulary.items import ITEM_KINDS
from services.questions.asked import Asked, Versioned

VIEWS = ("lives", "responsibility", "handed", "handovers")


class Life(Versioned):
    """What one item was at `effective_at`."""

    kind: str = Field(
        description="The kind of item, for example `commitment`",
        json_schema_extra={"enum": [kind.name for kind in ITEM_KINDS if kind.open]},
    )
    id: UUID = Field(description="Its id; that of the stream where the stream itself is the item")
    stream: str = Field(description="The stream it lies in, `customer:ID`")
    customer_id: UUID | None = Field(description="The customer, for what lies in a customer's stream")
    status: str = Field(description="The status, in the words of its kind")
    open: bool = Field(description="Whether it is open")
    late: bool = Field(
        description="Whether it is late: open, and its due time before `effective_at`; at the very instant of its due "
        "time it is due, not yet late"
    )
    due_at: datetime | None = Field(
        description="The due time that binds; null where nothing is due, or the clock stands still"
    )
    since: datetime = Field(description="Since when it is so, included")
    until: datetime | None = Field(description="Until when it is so, excluded; null while it is")
    holders: list[UUID] = Field(description="Who holds it")
    events: list[UUID] = Field(description="Ids of the events that prove it, with those that put them right")


class LifePage(Asked):
    """One page of items."""

    items: list[Life] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


def life(row: Mapping[str, Any]) -> Life:
    """A row of the list."""
    return Life.model_validate(row)
