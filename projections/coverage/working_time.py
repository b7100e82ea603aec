"""Working time between many pairs of instants, each day counted once."""

from datetime import UTC, date, datetime, time, timedelta

from events.vocabulary.values import bounded
from events.vocabulary.working_calendar import WorkingCalendar


def midnight(day: date, calendar: WorkingCalendar) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(bounded(day), time(), calendar.zone()).astimezone(UTC)


class WorkingTime:
    """The working time since the local day of `base`, remembered day by day; nothing before it is asked for."""

    def __init__(self, calendar: WorkingCalendar, base: datetime) -> None:
        self.calendar = calendar
        self._first = calendar.local_date(base)
        self._before = [timedelta()]

    def between(self, since: datetime, until: datetime) -> timedelta:
        """The working time in `[since, until)`."""
        return self._up_to(until) - self._up_to(since)

    def _up_to(self, at: datetime) -> timedelta:
        day = self.calendar.local_date(at)
        index = (day - self._first).days
        while len(self._before) <= index:
            begin = self._first + timedelta(days=len(self._before) - 1)
            worked = self.calendar.between(
                midnight(begin, self.calendar), midnight(begin + timedelta(days=1), self.calendar)
            )
            self._before.append(self._before[-1] + worked)
        return self._before[index] + self.calendar.between(midnight(day, self.calendar), at)
