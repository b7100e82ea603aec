"""What of a complaint lies after an instant is left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from projections.effective import told_by

_BEGINNING: Mapping[str, Any] = {
    "acknowledged_at": None,
    "resolved_at": None,
    "closed_at": None,
    "waiting_since": None,
    "pauses": [],
    "escalations": [],
    "solution": None,
    "reopened": 0,
}


def complaint_at(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A row of the complaints as it was at an instant; whom it is handed to is a plan, and may lie later."""
    told = told_by(row["changes"], at)
    told.pop("holders", None)
    told.pop("status", None)
    return {**row, **_BEGINNING, **told}
