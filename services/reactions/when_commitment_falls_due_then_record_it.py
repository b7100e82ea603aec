"""An open promise that reached its due time is recorded as fallen due, at its own instant however late this runs."""

from datetime import datetime

from commands.customer.commitments import RecordCommitmentFellDue
from events.recorded import Actor
from events.vocabulary.identifiers import CommitmentId, stream_id
from projections.commitments.questions import FALLING_DUE
from services.handling import Request, context
from services.views import Views

RULE: Actor = "system:when-commitment-falls-due-then-record-it@1"


def due(views: Views, now: datetime, limit: int) -> list[Request]:
    """The commands that are due by `now`, the earliest first."""
    return [
        Request(
            stream=stream_id("customer", row["customer_id"]),
            command=RecordCommitmentFellDue(
                commitment_id=CommitmentId(row["commitment_id"]), due_at=row["due_at"], occurred_at=row["due_at"]
            ),
            context=context(RULE),
        )
        for row in views.rows(FALLING_DUE, {"now": now, "limit": limit})
    ]
