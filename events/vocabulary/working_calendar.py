"""Working time: which minutes count, and what is due when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_SATURDAY = 5
_FURTHEST = timedelta(days=3660)


class Shift(BaseModel):
    """A stretch of working time within a day, `[start, end)` in local time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: time
    end: time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a shift ends after it starts")
        return self


class WorkingCalendar(BaseModel):
    """Local working hours, public holidays and make-up working days (调休) of the known years.

    In a year that is not known, Monday to Friday count as working days and the answer is provisional.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_zone: str
    shifts: tuple[Shift, ...] = Field(min_length=1)
    known_years: frozenset[int]
    holidays: frozenset[date]
    """Days off, besides Saturdays and Sundays."""
    working_weekends: frozenset[date]
    """Saturdays and Sundays that are worked."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError("unknown time zone") from unknown
        return value

    @model_validator(mode="after")
    def _shifts_in_order(self) -> Self:
        if any(earlier.end > later.start for earlier, later in zip(self.shifts, self.shifts[1:], strict=False)):
            raise ValueError("shifts follow one another without overlap")
        return self

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

    def _stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        zone = self.zone()
        day = start.astimezone(zone).date()
        last = day + _FURTHEST
        while day <= last:
            if self.is_working_day(day):
                for shift in self.shifts:
                    opens = datetime.combine(day, shift.start, zone).astimezone(UTC)
                    closes = datetime.combine(day, shift.end, zone).astimezone(UTC)
                    if closes > start:
                        yield max(opens, start), closes
            day += timedelta(days=1)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time in `[start, end)`; none where `end` is not after `start`."""
        total = timedelta()
        for opens, closes in self._stretches(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The instant by which `working` time (at least none) has gone by since `start`.

        Raises:
            ValueError: the calendar has too little working time within ten years.
        """
        left = working
        if left <= timedelta():
            return start
        for opens, closes in self._stretches(start):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise ValueError("no working time left within ten years")
