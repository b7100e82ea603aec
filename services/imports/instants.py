"""Times as they stand in a column, turned into instants."""

from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from events.vocabulary.values import EARLIEST, LATEST
from services.imports.mapping import Instant
from services.imports.reasons import RowRejectedError


class InstantReader:
    """Reads one instant of a mapping; `iso` lets ISO 8601 through as well, for workbooks, whose times are times."""

    def __init__(self, name: str, instant: Instant, *, iso: bool) -> None:
        self.name = name
        self.instant = instant
        self.iso = iso
        self.zone = ZoneInfo(instant.time_zone) if instant.time_zone else UTC
        self.read = lru_cache(maxsize=10_000)(self._read)

    def _read(self, text: str) -> tuple[datetime, date]:
        """The instant in UTC, and its local date.

        Raises:
            RowRejectedError: the text is in none of the formats, or means a local time that never happened.
        """
        local = self._local(text)
        if self.instant.time is not None:
            local = local.replace(
                hour=self.instant.time.hour, minute=self.instant.time.minute, second=self.instant.time.second
            )
        day = local.date()
        if local.tzinfo is not None:
            at = local.astimezone(UTC)
        else:
            at = local.replace(tzinfo=self.zone).astimezone(UTC)
            if at.astimezone(self.zone).replace(tzinfo=None) != local:
                raise RowRejectedError("row.instant-skipped", name=self.name)
        if not EARLIEST <= at < LATEST:
            raise self._unreadable()
        return at, day

    def _local(self, text: str) -> datetime:
        for one in self.instant.formats:
            with suppress(ValueError):
                return datetime.strptime(text, one)  # noqa: DTZ007 - the mapping's time zone is set by the caller
        if self.iso:
            with suppress(ValueError):
                return datetime.fromisoformat(text)
        raise self._unreadable()

    def _unreadable(self) -> RowRejectedError:
        return RowRejectedError("row.instant-unreadable", name=self.name, formats=", ".join(self.instant.formats))
