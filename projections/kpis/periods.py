"""Months, quarters and years, and the months and weeks that belong to them, in the working calendar's zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_PERIOD = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1901, 2198
_WEEK = timedelta(days=7)
_THURSDAY = 3


class PeriodInvalidError(Exception):
    """The text is no period."""


@dataclass(frozen=True, slots=True)
class Days:
    """Some days in a row with their name, the last excluded: `2026-03` or `2026-W05`."""

    name: str
    first: date
    after: date


def period(text: str) -> Days:
    """A month `2026-03`, quarter `2026Q2` or year `2026`.

    Raises:
        PeriodInvalidError: it is none of these, or not between 1901 and 2198.
    """
    found = _PERIOD.fullmatch(text)
    if found is None or not _FIRST_YEAR <= int(found["year"]) <= _LAST_YEAR:
        raise PeriodInvalidError
    year = int(found["year"])
    if found["month"]:
        first, length = int(found["month"]), 1
    elif found["quarter"]:
        first, length = 3 * int(found["quarter"]) - 2, 3
    else:
        first, length = 1, 12
    return Days(text, date(year, first, 1), _month_after(date(year, first, 1), length))


def _month_after(month: date, count: int = 1) -> date:
    years, months = divmod(month.month - 1 + count, 12)
    return date(month.year + years, months + 1, 1)


def months(of: Days) -> Iterator[Days]:
    """The months of a period."""
    first = of.first
    while first < of.after:
        yield Days(f"{first:%Y-%m}", first, _month_after(first))
        first = _month_after(first)


def weeks(of: Days) -> Iterator[Days]:
    """The ISO weeks, Monday to Sunday, whose Thursday lies in a period: each belongs to one month, quarter and year."""
    thursday = of.first + timedelta(days=(_THURSDAY - of.first.weekday()) % 7)
    while thursday < of.after:
        monday = thursday - timedelta(days=_THURSDAY)
        year, week, _ = monday.isocalendar()
        yield Days(f"{year}-W{week:02}", monday, monday + _WEEK)
        thursday += _WEEK
