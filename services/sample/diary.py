"""When people meet customers, and when their diaries reach the ledger: every evening, or the next morning."""

from datetime import date, datetime
from random import Random

from services.sample.days import Days, at

_LATE, _VERY_LATE = 0.12, 0.03
_MORNING_HOURS, _AFTERNOON_HOURS = (9, 10, 11), (13, 14, 15, 16)


def moment(chance: Random, day: date) -> datetime:
    """Some five-minute mark of the working hours of a day."""
    hour = chance.choice(_MORNING_HOURS + _AFTERNOON_HOURS)
    return at(day, hour, 5 * chance.randrange(12))


def entered_at(chance: Random, days: Days, happened_at: datetime) -> datetime:
    """When a diary entry reaches the ledger: that evening, sometimes the next morning, now and then days later."""
    day = happened_at.date()
    luck = chance.random()
    if luck < _VERY_LATE:
        return at(days.later(day, 3), 9, 10)
    if luck < _LATE:
        return at(days.later(day, 1), 9, 10)
    return at(day, 17, 30)
