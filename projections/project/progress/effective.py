"""What of a project lies after an instant is left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from projections.effective import told_by

_BEGINNING: Mapping[str, Any] = {
    "decision": None,
    "decided_at": None,
    "stage": "none",
    "accepted_at": None,
    "rejections": 0,
    "last_at": None,
}


def project_at(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A row of the projects as it was at an instant."""
    return {**row, **_BEGINNING, **told_by(row["changes"], at)}
