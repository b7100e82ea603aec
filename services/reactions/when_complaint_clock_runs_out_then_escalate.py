"""A complaint whose clock ran out is escalated, at the instant it ran out however late this runs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from commands.customer.complaints import EscalateComplaint
from events.recorded import Actor
from events.vocabulary.identifiers import ComplaintId, stream_id
from projections.customer.complaints.questions import RUN_OUT, RUN_OUT_LATER
from services.handling import Request, context
from services.questions.views import Views
from services.reactions.pages import pages

RULE: Actor = "system:when-complaint-clock-runs-out-then-escalate@1"


def due(views: Views, now: datetime, limit: int) -> Iterator[list[Request]]:
    """The commands that are due by `now`, the earliest first, `limit` of them at a time."""
    for rows in pages(views, RUN_OUT, RUN_OUT_LATER, now, limit):
        yield [_request(row) for row in rows]


def _request(row: dict[str, Any]) -> Request:
    return Request(
        stream=stream_id("customer", row["customer_id"]),
        command=EscalateComplaint(complaint_id=ComplaintId(row["complaint_id"]), at=row["due_at"], clock=row["clock"]),
        context=context(RULE),
    )
