"""An open promise that reached its due time is recorded as fallen due, at its own instant however late this runs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from commands.customer.commitments import RecordCommitmentFellDue
from events.recorded import Actor
from events.vocabulary.identifiers import CommitmentId, stream_id
from projections.customer.commitments.questions import FALLING_DUE, FALLING_DUE_LATER
from services.handling import Request, context
from services.questions.views import Views
from services.reactions.pages import pages

RULE: Actor = "system:when-commitment-falls-due-then-record-it@1"


def due(views: Views, now: datetime, limit: int) -> Iterator[list[Request]]:
    """The commands that are due by `now`, the earliest first, `limit` of them at a time."""
    for rows in pages(views, FALLING_DUE, FALLING_DUE_LATER, now, limit):
        yield [_request(row) for row in rows]


def _request(row: dict[str, Any]) -> Request:
    return Request(
        stream=stream_id("customer", row["customer_id"]),
        command=RecordCommitmentFellDue(
            commitment_id=CommitmentId(row["commitment_id"]), due_at=row["due_at"], occurred_at=row["due_at"]
        ),
        context=context(RULE),
    )
