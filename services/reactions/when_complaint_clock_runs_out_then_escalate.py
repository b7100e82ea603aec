"""A complaint whose clock ran out is escalated, at the instant it ran out however late this runs."""

from collections.abc import Mapping
from typing import Any

from aggregates.customer.complaints import CLOCKS, RULE, running_out
from events.vocabulary.identifiers import ComplaintId
from services.handling import Request, context

_CLOCK_OF = {kind.name: clock for clock, kind in CLOCKS.items()}


def request(row: Mapping[str, Any]) -> Request:
    """The command for a row of the agenda."""
    command = running_out(ComplaintId(row["id"]), _CLOCK_OF[row["kind"]], row["due_at"])
    return Request(row["stream"], command, context(f"system:{RULE}"))
