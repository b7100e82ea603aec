"""投诉按时解决率: which complaints were resolved before their time ran out."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from projections.attribution import items
from projections.attribution.holders import Row
from projections.attribution.items import Holders
from projections.coverage.spans import Span
from projections.kpis.cases import Case, Reason

_NOT_COUNTED: tuple[Reason, ...] = ("other_period", "waiting_on_customer", "not_due_yet")


def cases(rows: Iterable[Row], held: Holders, period: Span, now: datetime) -> Iterator[Case]:
    """The cases of a period: a complaint belongs to where it was resolved or fell due, whichever came first.

    `rows` are the complaints whose resolution or due time is, or was ever believed to be, in the period.
    """
    for row in rows:
        item = items.complaint(row, held)
        due, resolved = row["resolution_due_at"], row["resolved_at"]
        at = due if resolved is None else min(due, resolved)
        outcome = _outcome(row, now) if period[0] <= at < period[1] else "other_period"
        yield Case(
            key=item.name,
            at=at,
            item=item,
            outcome=outcome,
            score=None if outcome in _NOT_COUNTED else Fraction(outcome == "in_time"),
            events=item.events,
            tier=row["tier"],
            pins_tier=True,
            provisional=row["provisional"],
        )


def _outcome(row: Row, now: datetime) -> str:
    due, resolved, waiting = row["resolution_due_at"], row["resolved_at"], row["waiting_since"]
    if resolved is not None:
        return "in_time" if resolved <= due else "late"
    if waiting is not None and waiting < due:
        return "waiting_on_customer"
    return "overdue" if due <= now else "not_due_yet"
