"""Query parameters that several lists share."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.http.instants import Instant

_LONGEST = 200

OfCustomer = Annotated[UUID | None, Query(description="Only those of this customer")]
HeldBy = Annotated[UUID | None, Query(description="Only those that this person answers for at `effective_at`")]
Overdue = Annotated[bool | None, Query(description="Only those that are overdue at `effective_at`, or that are not")]
DueFrom = Annotated[
    Instant | None, Query(description="Only those due from this instant on, by the due time that binds")
]
DueTo = Annotated[Instant | None, Query(description="Only those due before this instant, by the due time that binds")]
Late = Annotated[bool | None, Query(description="Only those that are late at `effective_at`, or that are not")]
Search = Annotated[
    str | None, Query(description="Only those whose name contains this, in any case", min_length=1, max_length=_LONGEST)
]
From = Annotated[Instant | None, Query(alias="from", description="Only from this instant on, included")]
To = Annotated[Instant | None, Query(alias="to", description="Only before this instant")]


def between(since: datetime | None, until: datetime | None) -> dict[str, datetime | None]:
    """The two bounds as filters of a list."""
    return {"from": since, "to": until}
