"""承诺履约率: which promises of a period were kept on time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from projections.attribution import items
from projections.attribution.holders import Row
from projections.attribution.items import Holders, binding_path
from projections.coverage.spans import Span
from projections.kpis.cases import Case, Reason, excluded


def cases(rows: Iterable[Row], held: Holders, period: Span, now: datetime) -> Iterator[Case]:
    """The cases of a period.

    `rows` are the promises that are, or were ever believed to be, due in the period.
    """
    for row in rows:
        item = items.commitment(row, held)
        reason = _reason(row, period, now)
        due = binding_path(row)[-1]
        if reason is not None:
            yield excluded(item.name, due, item, reason, item.events)
        else:
            outcome = _outcome(row, due)
            yield Case(item.name, due, item, outcome, Fraction(outcome == "kept"), item.events)


def _within(at: datetime, period: Span) -> bool:
    return period[0] <= at < period[1]


def _reason(row: Row, period: Span, now: datetime) -> Reason | None:
    path = binding_path(row)
    if row["by_side"] != "us":
        return "customers_own"
    if not _within(path[-1], period):
        if any(_within(due, period) for due in path[:-1]):
            return "rescheduled"
        unagreed = (datetime.fromisoformat(step["to"]) for step in row["reschedules"] if not step["agreed"])
        return "reschedule_not_agreed" if any(_within(due, period) for due in unagreed) else "corrected"
    if row["status"] == "waived":
        return "waived"
    return "not_due_yet" if path[-1] > now else None


def _outcome(row: Row, due: datetime) -> str:
    if row["status"] != "fulfilled":
        return "missed"
    return "kept" if row["ended_at"] <= due else "late"
