"""The days that the story takes place on: two years up to the evening before `today`, by the clocks of Shanghai."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.handling.first_rules import chinese_working_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_YEARS = 2
_TUESDAY = 1
_RUN = 4
_SATURDAY = 5


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a day."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def midnight(day: date) -> datetime:
    """When a day begins."""
    return at(day, 0)


class Days:
    """The span `[first, today)` and its working days."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.calendar = chinese_working_calendar()
        leap = (today.month, today.day) == (2, 29)
        self.first = today.replace(year=today.year - _YEARS, day=28 if leap else today.day)
        self.beginning = at(self.first, 8)
        self.end = midnight(today)
        self.year = today.year - 1
        """The year before: its first three quarters are always part of the story."""

    def before_today(self, days: int) -> date:
        """The working day on or after the one that many days ago."""
        return self.on_or_after(self.today - days * _DAY)

    def after_first(self, days: int) -> date:
        """The working day on or after the one that many days into the story."""
        return self.on_or_after(self.first + days * _DAY)

    def working(self, since: date, until: date) -> list[date]:
        """The working days in `[since, until)`."""
        days = (since + number * _DAY for number in range((until - since).days))
        return [day for day in days if self.calendar.is_working_day(day)]

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.calendar.is_working_day(day):
            day += _DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The last working day up to `day`."""
        while not self.calendar.is_working_day(day):
            day -= _DAY
        return day

    def later(self, day: date, count: int) -> date:
        """The working day `count` working days after `day`; before it where `count` is negative."""
        for _ in range(abs(count)):
            day = self.on_or_after(day + _DAY) if count > 0 else self.on_or_before(day - _DAY)
        return day

    def plain_week(self, day: date) -> date:
        """The first Tuesday from `day` on whose Monday to Friday are all worked."""
        day += ((_TUESDAY - day.weekday()) % 7) * _DAY
        while not all(self.calendar.is_working_day(day + number * _DAY) for number in range(-1, _RUN)):
            day += 7 * _DAY
        return day

    def weeks(self) -> list[list[date]]:
        """The working days of each calendar week, weekends that are worked left out; weeks without any as well."""
        by_week: dict[tuple[int, int], list[date]] = {}
        for day in self.working(self.first, self.today):
            if day.weekday() < _SATURDAY:
                by_week.setdefault(day.isocalendar()[:2], []).append(day)
        return list(by_week.values())

    def months(self) -> list[list[date]]:
        """The working days of each calendar month, weekends that are worked left out."""
        by_month: dict[tuple[int, int], list[date]] = {}
        for day in self.working(self.first, self.today):
            if day.weekday() < _SATURDAY:
                by_month.setdefault((day.year, day.month), []).append(day)
        return list(by_month.values())

    def last_quarter(self) -> tuple[date, date]:
        """The last whole quarter before `today`, `[first day, day after]`."""
        until = date(self.today.year, (self.today.month - 1) // 3 * 3 + 1, 1)
        eve = until - _DAY
        return date(eve.year, (eve.month - 1) // 3 * 3 + 1, 1), until
