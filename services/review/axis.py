"""The time axis of a drawing: instants as percentages of its width, and where its ticks are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MOST_TICKS = 9
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600)
_DAYS = (1, 2, 7, 14)
_SHORT = timedelta(days=75)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled instant of the axis."""

    at: datetime
    place: float
    unit: str
    """`year`, `month` or `day`: what its label has to say."""


@dataclass(frozen=True, slots=True)
class Axis:
    """`[start, end)` drawn over the whole width, in one time zone."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    def place(self, instant: datetime) -> float:
        """Where an instant is, in percent of the width; at the nearer edge where it is outside."""
        share = (instant - self.start) / (self.end - self.start)
        return round(100 * min(max(share, 0.0), 1.0), 3)

    def shows(self, instant: datetime) -> bool:
        """Whether an instant is inside."""
        return self.start <= instant <= self.end

    def stretch(self, since: datetime, until: datetime | None) -> tuple[float, float]:
        """Place and width of an interval in percent."""
        left = self.place(since)
        return left, round(self.place(until or self.end) - left, 3)

    def ticks(self) -> list[Tick]:
        """At most nine ticks on round dates."""
        steps = self._days() if self.end - self.start < _SHORT else self._months()
        return [Tick(at, self.place(at), unit) for at, unit in steps if self.start <= at <= self.end]

    def _days(self) -> Iterator[tuple[datetime, str]]:
        days = (self.end - self.start).days + 1
        step = next((step for step in _DAYS if days / step <= _MOST_TICKS), _DAYS[-1])
        day = self.start.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        while day <= self.end:
            yield day, "day"
            day += timedelta(days=step)

    def _months(self) -> Iterator[tuple[datetime, str]]:
        months = (self.end - self.start).days / 30
        step = next((step for step in _MONTHS if months / step <= _MOST_TICKS), _MONTHS[-1])
        first = self.start.astimezone(self.zone)
        years = max(step // 12, 1)
        at = datetime(first.year - first.year % years, 1, 1, tzinfo=self.zone)
        while at <= self.end:
            yield at, "year" if at.month == 1 else "month"
            months_on = at.month - 1 + step
            at = at.replace(year=at.year + months_on // 12, month=months_on % 12 + 1)
