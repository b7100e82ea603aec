"""Working time: which minutes count, and what is due when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator, model_validator

from events.vocabulary.values import Impersonal

_SATURDAY = 5
_FURTHEST = timedelta(days=3660)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_FEW = timedelta(days=28)
"""Up to here it is quicker to walk than to reckon."""
_MIDNIGHT = time()
_Day = TypeVar("_Day", int, date)


class Shift(BaseModel):
    """A stretch of working time within a day, `[start, end)` in local time."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    start: time = Field(examples=["09:00:00"])
    """Local start of the shift, included."""
    end: time = Field(examples=["18:00:00"])
    """Local end of the shift, excluded."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("a shift has no offset of its own")
        if self.end <= self.start:
            raise ValueError("a shift ends after it starts")
        return self


class WorkingCalendar(BaseModel):
    """Local working hours, public holidays and make-up working days (调休) of the known years.

    In a year that is not known, Monday to Friday count as working days and the answer is provisional.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    time_zone: Annotated[str, Impersonal()] = Field(examples=["Asia/Shanghai"])
    """IANA time zone."""
    shifts: tuple[Shift, ...] = Field(min_length=1)
    """Local working hours of a day, in order."""
    known_years: frozenset[int] = Field(examples=[[2025]])
    """Years whose public holidays are complete."""
    holidays: frozenset[date] = Field(examples=[["2025-10-01"]])
    """Days off besides Saturdays and Sundays."""
    working_weekends: frozenset[date] = Field(examples=[["2025-09-28"]])
    """Saturdays and Sundays that are worked (调休)."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ValueError("unknown time zone") from unknown
        return value

    @model_validator(mode="after")
    def _shifts_in_order(self) -> Self:
        if any(earlier.end > later.start for earlier, later in zip(self.shifts, self.shifts[1:], strict=False)):
            raise ValueError("shifts follow one another without overlap")
        return self

    @field_serializer("known_years", "holidays", "working_weekends", when_used="json")
    def _in_one_order(self, values: frozenset[_Day]) -> list[_Day]:
        return sorted(values)

    def zone(self) -> ZoneInfo:
        """The local time zone."""
        return ZoneInfo(self.time_zone)

    def local_date(self, instant: datetime) -> date:
        """The local date at an instant."""
        return instant.astimezone(self.zone()).date()

    def is_working_day(self, day: date) -> bool:
        """Whether people work on that day."""
        if day in self.working_weekends:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def knows(self, instant: datetime) -> bool:
        """Whether the public holidays of the instant's local year are known."""
        return self.local_date(instant).year in self.known_years

    def _stretches(self, start: datetime, last: date) -> Iterator[tuple[datetime, datetime]]:
        zone = self.zone()
        day = start.astimezone(zone).date()
        while day <= last:
            if self.is_working_day(day):
                for shift in self.shifts:
                    opens = max(_instant(day, shift.start, zone), start)
                    closes = _instant(day, shift.end, zone)
                    if opens < closes:
                        yield opens, closes
            day += timedelta(days=1)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time in `[start, end)`; none where `end` is not after `start`."""
        first, last = self.local_date(start), self.local_date(end)
        if last - first <= _FEW:
            return self._day_by_day(start, end)
        after, until = _instant(first + _DAY, _MIDNIGHT, self.zone()), _instant(last, _MIDNIGHT, self.zone())
        return self._day_by_day(start, after) + self._whole_days(first + _DAY, last) + self._day_by_day(until, end)

    def _day_by_day(self, start: datetime, end: datetime) -> timedelta:
        total = timedelta()
        for opens, closes in self._stretches(start, self.local_date(end)):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def _whole_days(self, first: date, last: date) -> timedelta:
        """The working time of the days `[first, last)`: whole weeks, then the days that are not as their weekday."""
        days = _weekdays_before(last) - _weekdays_before(first)
        for day in self.holidays | self.working_weekends:
            if first <= day < last:
                days += self.is_working_day(day) - (day.weekday() < _SATURDAY)
        usual = sum((_since_midnight(shift.end) - _since_midnight(shift.start) for shift in self.shifts), timedelta())
        total = days * usual
        zone = self.zone()
        for year in range(first.year, last.year + 1):
            for day in _days_with_jumps(self.time_zone, year):
                if first <= day < last and self.is_working_day(day):
                    begin, end = _instant(day, _MIDNIGHT, zone), _instant(day + _DAY, _MIDNIGHT, zone)
                    total += self._day_by_day(begin, end) - usual
        return total

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The instant by which `working` time (at least none) has gone by since `start`.

        Raises:
            ValueError: the calendar has too little working time within ten years.
        """
        left = working
        if left <= timedelta():
            return start
        for opens, closes in self._stretches(start, self.local_date(start) + _FURTHEST):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise ValueError("no working time left within ten years")


def _weekdays_before(day: date) -> int:
    """How many Mondays to Fridays there were since the first of them all."""
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    return weeks * _SATURDAY + min(weekday, _SATURDAY)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


@lru_cache(maxsize=1024)
def _days_with_jumps(time_zone: str, year: int) -> tuple[date, ...]:
    """The days of a year whose clocks jump, and those before and after them."""
    zone, first = ZoneInfo(time_zone), date(year, 1, 1) - _DAY
    days = [first + count * _DAY for count in range(368 + 1)]
    offsets = [datetime.combine(day, _MIDNIGHT, zone).utcoffset() for day in days]
    jumps = {
        days[index] + beside * _DAY
        for index, (now, then) in enumerate(pairwise(offsets))
        if now != then
        for beside in (-1, 0, 1)
    }
    return tuple(sorted(day for day in jumps if day.year == year))


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When local clocks show a time, for the first time; where they skip it, the instant at which they do."""
    local = datetime.combine(day, at, zone)
    instant, before = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if before >= instant:
        return instant
    while instant - before > _SECOND:
        middle = before + (instant - before) / 2
        if middle.astimezone(zone).utcoffset() == local.utcoffset():
            before = middle
        else:
            instant = middle
    return instant.replace(microsecond=0)
