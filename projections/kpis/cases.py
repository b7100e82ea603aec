"""What a figure is made of: cases, counted or excluded for a reason, each with its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal
from uuid import UUID

from projections.attribution.items import Item

Reason = Literal[
    "acting",
    "corrected",
    "customers_own",
    "excused",
    "no_cadence",
    "no_holder_yet",
    "no_working_day",
    "none_required",
    "not_due_yet",
    "not_over",
    "not_yet",
    "other_period",
    "partial",
    "rescheduled",
    "reschedule_not_agreed",
    "waiting_on_customer",
    "waived",
]
"""Why a case is not counted; `acting`: the person held it for a principal, who is charged."""


@dataclass(frozen=True, slots=True)
class Case:
    """One promise, complaint, answer, or customer in a month or week."""

    key: str
    """`commitment:ID/1`, `customer:ID/2026-W05`, …"""
    at: datetime
    """The instant that decides the customer's tier."""
    item: Item
    outcome: str
    """What became of it; the reason where it is excluded."""
    score: Fraction | None
    """0 or 1, or 0 to 100 for a score; none where it is excluded."""
    events: tuple[UUID, ...]
    """The events that decided the outcome."""
    place: datetime | None = None
    """The instant that it is listed by; none where cases are listed customer by customer."""
    tier_event: UUID | None = None
    """The event that put the case into the tier that is asked about."""
    dimensions: Mapping[str, Fraction] = field(default_factory=dict)
    """Dimension → score from 0 to 100."""
    provisional: bool = False


def excluded(key: str, at: datetime, item: Item, reason: Reason, events: tuple[UUID, ...]) -> Case:
    """A case that is not counted."""
    return Case(key, at, item, reason, None, events)
