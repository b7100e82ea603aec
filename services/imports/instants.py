"""Times as they stand in a row, turned into instants."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from openpyxl.utils.datetime import from_excel

from events.vocabulary.values import EARLIEST, LATEST
from services.imports.reasons import RowRejectedError
from services.imports.source import SERIAL, Instant

_HALVES = (("上午", "AM"), ("下午", "PM"))
"""How Chinese spreadsheets write the halves of the day."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?( 0?\.[0-9]+)?")
"""A day as Excel counts it, perhaps with the time of the day beside it."""
_FIRST, _LAST = EARLIEST.year - 1, LATEST.year
"""Years of local times that may be instants of ours."""
_MIDNIGHT = "T00:00:00"


class InstantReader:
    """Reads one instant of a mapping.

    `workbook` lets ISO 8601 through as well, for the times of a workbook are times; `epoch` is the day from which
    Excel counts.
    """

    def __init__(self, name: str, instant: Instant, *, workbook: bool, epoch: datetime) -> None:
        self.name = name
        self.instant = instant
        self.workbook = workbook
        self.epoch = epoch
        self.zone = ZoneInfo(instant.time_zone) if instant.time_zone else None
        self.read = lru_cache(maxsize=10_000)(self._read)

    def joined(self, day: str, of_day: str) -> str:
        """A day and a time of the day from two columns, as one text."""
        return f"{day.removesuffix(_MIDNIGHT) if self.workbook else day} {of_day}"

    def _read(self, text: str) -> tuple[datetime, date]:
        """The instant in UTC, and its local date.

        Raises:
            RowRejectedError: the text is in none of the formats, has no time zone where the mapping names none, or
                means a local time that never happened.
        """
        local = self._local(text)
        if not _FIRST <= local.year <= _LAST:
            raise self._unreadable()
        if local.tzinfo is not None and self.zone is not None:
            local = local.astimezone(self.zone)
        if self.instant.time is not None:
            local = datetime.combine(local, self.instant.time, local.tzinfo)
        if local.tzinfo is None:
            if self.zone is None:
                raise RowRejectedError("row.instant-zoneless", name=self.name)
            local = local.replace(tzinfo=self.zone)
        at = local.astimezone(UTC)
        if at.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise RowRejectedError("row.instant-skipped", name=self.name)
        if not EARLIEST <= at < LATEST:
            raise self._unreadable()
        return at, local.date()

    def _local(self, text: str) -> datetime:
        for one in self.instant.formats:
            with suppress(ValueError, OverflowError):
                return self._counted(text) if one == SERIAL else _parsed(text, one)
        if self.workbook:
            with suppress(ValueError):
                return datetime.fromisoformat(text)
            if _NUMBER.fullmatch(text):
                raise RowRejectedError("row.instant-number", name=self.name)
        raise self._unreadable()

    def _counted(self, text: str) -> datetime:
        if not _NUMBER.fullmatch(text):
            raise ValueError("no number")
        found = from_excel(sum(map(float, text.split())), self.epoch)
        if isinstance(found, datetime):
            return found
        raise ValueError("a time without a day")

    def _unreadable(self) -> RowRejectedError:
        return RowRejectedError("row.instant-unreadable", name=self.name, formats=", ".join(self.instant.formats))


def _parsed(text: str, form: str) -> datetime:
    if "%p" in form:
        for written, meant in _HALVES:
            text = text.replace(written, meant)
    return datetime.strptime(text, form)  # noqa: DTZ007 - the mapping's time zone is set by the caller
