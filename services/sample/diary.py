"""When people find the time: the moment of a contact, and the moment it is entered."""

from datetime import date, datetime, timedelta
from random import Random

from services.sample.days import Days, at
from services.sample.people import Employee

_EVENING = 17
_MINUTES = {"east_team": 20, "north_team": 35, "south_team": 50}
"""When the teams sit down to their diaries."""
_LATE, _VERY_LATE = 0.12, 0.03
_MORNING_HOURS, _AFTERNOON_HOURS = (9, 10, 11), (13, 14, 15, 16)


def moment(chance: Random, day: date) -> datetime:
    """Some five-minute mark of the working hours of a day."""
    hour = chance.choice(_MORNING_HOURS + _AFTERNOON_HOURS)
    return at(day, hour, 5 * chance.randrange(12))


def entered_at(chance: Random, days: Days, happened_at: datetime, by: Employee) -> datetime:
    """When somebody enters what happened: that evening, sometimes the next morning, now and then days later."""
    day = happened_at.date()
    minute = _MINUTES[by.department]
    evening = at(day, _EVENING, minute)
    luck = chance.random()
    if luck < _VERY_LATE:
        return at(days.later(day, 3), 9, minute)
    if luck < _LATE:
        return at(days.later(day, 1), 9, minute)
    return max(evening, happened_at + timedelta(minutes=5))
