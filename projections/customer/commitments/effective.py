"""What of a promise lies after an instant is left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def commitment_at(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A row of the commitments as it was at an instant; `due_at`, after every reschedule, beside the one that binds."""
    made = [(datetime.fromisoformat(step["at"]), step) for step in row["reschedules"]]
    by_then = [step for since, step in sorted(made, key=lambda one: one[0]) if since <= at]
    return {
        **row,
        "binding_due_at": row["due_at"],
        "due_at": by_then[-1]["to"] if by_then else row["first_due_at"],
        "reschedules": [step for since, step in made if since <= at],
        "ended_at": _by(row["ended_at"], at),
        "fell_due_at": _by(row["fell_due_at"], at),
    }


def _by(happened: datetime | None, at: datetime) -> datetime | None:
    return happened if happened is not None and happened <= at else None
