"""A complaint whose clock ran out is escalated, at the instant it ran out however late this runs."""

from collections.abc import Mapping
from typing import Any

from commands.customer.complaints import EscalateComplaint
from events.recorded import Actor
from events.vocabulary.identifiers import ComplaintId
from events.vocabulary.items import COMPLAINT, FIRST_RESPONSE
from events.vocabulary.values import ClockName
from services.handling import Request, context

RULE: Actor = "system:when-complaint-clock-runs-out-then-escalate@1"
_CLOCKS: Mapping[str, ClockName] = {COMPLAINT.name: "resolution", FIRST_RESPONSE.name: "first_response"}


def request(row: Mapping[str, Any]) -> Request:
    """The command for a row of the agenda."""
    return Request(
        stream=row["stream"],
        command=EscalateComplaint(complaint_id=ComplaintId(row["id"]), at=row["due_at"], clock=_CLOCKS[row["kind"]]),
        context=context(RULE),
    )
