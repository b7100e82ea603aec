"""Half-open intervals `[since, until)` whose end may be open."""

from datetime import datetime

from aggregates.refusal import Refused


def require_interval(since: datetime, until: datetime | None) -> None:
    """Refuse an empty or inverted interval."""
    if until is None or since < until:
        return
    raise Refused("interval.empty" if since == until else "interval.inverted", "until")


def overlap(since: datetime, until: datetime | None, other_since: datetime, other_until: datetime | None) -> bool:
    """Whether two intervals share an instant; an empty one shares none."""
    both_run = max(since, other_since)
    return all(end is None or both_run < end for end in (until, other_until))


def covers(since: datetime, until: datetime | None, at: datetime) -> bool:
    """Whether an interval holds the instant."""
    return since <= at and (until is None or at < until)
