"""A commitment that was open when its due time passed fell due: recorded at that instant, however late this runs."""

from collections.abc import Mapping
from typing import Any

from aggregates.customer.commitments import RULE, falling_due
from events.vocabulary.identifiers import CommitmentId
from services.handling import Request, context


def request(row: Mapping[str, Any]) -> Request:
    """The command for a row of the agenda."""
    return Request(row["stream"], falling_due(CommitmentId(row["id"]), row["due_at"]), context(f"system:{RULE}"))
