"""Asks the views: at which position, as known when, and no older than the asker has already seen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio.to_thread

from projections.base import Projection
from services.questions.checkpoints import Checkpoints, PositionUnknownError, ViewBehindError
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.reading.log_reader import LogReader

__all__ = ["KnownInFutureError", "Moment", "PositionUnknownError", "ViewBehindError", "Views"]

PATIENCE = 5.0
"""Seconds that a question waits for a view to reach `at_least`."""
SKEW = timedelta(minutes=1)
"""How far the asker's clock may be ahead of ours."""


class KnownInFutureError(Exception):
    """Nobody can say what will be known at a time that is still to come."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The two times a question is asked at, and the position the views had reached."""

    effective_at: datetime
    known_position: int
    position: int


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known before a question is asked: the position it is to be answered from, and that of the views."""

    known_position: int | None
    position: int | None


class Views:
    """Read access to all views; `database` is where they are read, the ledger's own unless a replica of it is given."""

    def __init__(self, ledger: Ledger, projections: Sequence[Projection], database: Database | None = None) -> None:
        self.ledger = ledger
        self.projections = projections
        self.database = database or ledger.database
        self.reader = LogReader(self.database)
        self.on_replica = database is not None
        self.checkpoints = Checkpoints(self.database, late=self.on_replica)

    def position(self, *names: str) -> int:
        """The position that the named views have all reached; all views where none is named."""
        rows = self.rows(
            "SELECT coalesce(min(position), 0) AS position FROM zeren.checkpoint "
            "WHERE cardinality(%(names)s::text[]) = 0 OR projection = ANY(%(names)s)",
            {"names": list(names)},
        )
        return int(rows[0]["position"])

    def moment(
        self,
        *names: str,
        effective_at: datetime | None = None,
        known_at: datetime | None = None,
        known_position: int | None = None,
        at_least: int | None = None,
    ) -> Moment:
        """The moment to ask the named views at: now, as known now, unless told otherwise.

        Raises:
            ViewBehindError: the views did not reach `at_least`, or what was known at the asked time, within 5 seconds.
            PositionUnknownError: `known_position` or `at_least` is beyond the end of the log.
            KnownInFutureError: `known_at` is still to come.
        """
        if known_position is None and known_at is not None:
            known_position = self.known_position(known_at)
        position = self.position(*names)
        if position < max(known_position or 0, at_least or 0):
            waiting = self.checkpoints.reached(names, at_least or 0, known_position or 0)
            try:
                position = waiting.result(PATIENCE)
            except TimeoutError as late:
                waiting.cancel()
                raise self._too_late(max(known_position or 0, at_least or 0)) from late
        return asked_at(effective_at, known_position, position)

    async def reached(
        self,
        *names: str,
        known_at: datetime | None = None,
        known_position: int | None = None,
        at_least: int | None = None,
    ) -> Reached:
        """Wait as `moment` does, in an event loop and without a thread; the position is none where nothing was asked.

        Raises:
            ViewBehindError, PositionUnknownError, KnownInFutureError: as `moment`.
        """
        if known_position is None and known_at is not None:
            known_position = await anyio.to_thread.run_sync(self.known_position, known_at)
        if known_position is None and at_least is None:
            return Reached(None, None)
        waiting = asyncio.wrap_future(self.checkpoints.reached(names, at_least or 0, known_position or 0))
        try:
            async with asyncio.timeout(PATIENCE):
                return Reached(known_position, await waiting)
        except TimeoutError as late:
            needed = max(known_position or 0, at_least or 0)
            raise await anyio.to_thread.run_sync(self._too_late, needed) from late

    def _too_late(self, needed: int) -> Exception:
        """Why a position was not reached: what a replica lacks may not be there at all."""
        newest = self.ledger.size() if self.on_replica else needed
        return PositionUnknownError(newest) if needed > newest else ViewBehindError()

    def known_position(self, known_at: datetime) -> int:
        """The last position recorded at or before an instant.

        Raises:
            KnownInFutureError: the instant is still to come, by our clock and by the log's.
        """
        own = self.ledger.reader
        if known_at > datetime.now(UTC) + SKEW and known_at > own.head()[1]:
            raise KnownInFutureError
        # A replica can tell once it has something later; until then it may lack what was recorded by that instant.
        knows = self.reader if self.on_replica and self.reader.head()[1] > known_at else own
        return knows.position_known_at(known_at)

    def rows(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of a question."""
        return self.database.rows(query, parameters)

    def close(self) -> None:
        """Tell whoever waits that it is over."""
        self.checkpoints.close()


def asked_at(effective_at: datetime | None, known_position: int | None, position: int) -> Moment:
    """The moment for times as given; `position` is what the views have reached."""
    return Moment(
        effective_at=effective_at or datetime.now(UTC),
        known_position=position if known_position is None else known_position,
        position=position,
    )
