"""What had been told of an item by an instant: every change stands at its own, whenever it was recorded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

Change = dict[str, Any]
"""Columns as JSON, and the instant `at` from which on they are so."""


def changed(at: datetime, changes: Mapping[str, Any]) -> Change:
    """What an event changes at an instant."""
    change: Change = {name: to_jsonable_python(value) for name, value in changes.items()}
    return {"at": at.isoformat(), **change}


def told_by(changes: Iterable[Change], at: datetime) -> dict[str, Any]:
    """The columns that changes up to an instant tell, in the order of time, of one instant in that of recording."""
    timed = [(datetime.fromisoformat(change["at"]), change) for change in changes]
    told: dict[str, Any] = {}
    for _, change in sorted((one for one in timed if one[0] <= at), key=lambda one: one[0]):
        told |= change
    told.pop("at", None)
    return told
