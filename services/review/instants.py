"""The times of a page: read from its address, shown by the clocks of the company's time zone."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from events.vocabulary.values import EARLIEST, LATEST

_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:\d\d$)")
_SECOND = timedelta(seconds=1)


class UnreadableInstantError(ValueError):
    """A text is no instant between 1900 and 2199."""


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant that a text means: by the clocks of `zone` where it has no offset.

    Raises:
        UnreadableInstantError: as its name says.
    """
    given = text.strip()
    if "T" in given:
        # A `+` that was not escaped arrives as a space.
        given = _LOST_PLUS.sub("+", given)
    try:
        instant = datetime.fromisoformat(given)
        instant = instant.replace(tzinfo=zone) if instant.tzinfo is None else instant
        bounded = EARLIEST <= instant < LATEST
    except (ValueError, OverflowError) as unreadable:
        raise UnreadableInstantError from unreadable
    if not bounded:
        raise UnreadableInstantError
    return instant.astimezone(zone)


def whole_second(instant: datetime) -> datetime:
    """The instant, or the first whole second after it: by then, what happened at the instant has happened."""
    return instant if instant.microsecond == 0 else instant.replace(microsecond=0) + _SECOND


def shown(instant: datetime, zone: ZoneInfo) -> str:
    """`2025-03-10 14:00`; the day alone at midnight."""
    local = instant.astimezone(zone)
    midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
    return local.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")


def shown_exactly(instant: datetime, zone: ZoneInfo) -> str:
    """`2025-03-10 14:00:07`, as recorded times are shown."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def input_value(instant: datetime, zone: ZoneInfo) -> str:
    """The instant as the value of a `datetime-local` field, exact to the second."""
    return instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
