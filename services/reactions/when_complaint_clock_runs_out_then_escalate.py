"""A complaint whose clock ran out is escalated, at the instant it ran out however late this runs."""

from datetime import datetime

from commands.customer.complaints import EscalateComplaint
from events.recorded import Actor
from events.vocabulary.identifiers import ComplaintId, stream_id
from projections.complaints.questions import RUN_OUT
from services.handling import Request, context
from services.views import Views

RULE: Actor = "system:when-complaint-clock-runs-out-then-escalate@1"


def due(views: Views, now: datetime, limit: int) -> list[Request]:
    """The commands that are due by `now`, the earliest first."""
    return [
        Request(
            stream=stream_id("customer", row["customer_id"]),
            command=EscalateComplaint(
                complaint_id=ComplaintId(row["complaint_id"]), at=row["due_at"], clock=row["clock"]
            ),
            context=context(RULE),
        )
        for row in views.rows(RUN_OUT, {"now": now, "limit": limit})
    ]
