"""Asks the views: at which position, as known when, and no older than the asker has already seen."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from projections.base import Projection
from services.store.ledger import Ledger

PATIENCE = 5.0
"""Seconds that a question waits for a view to reach `at_least`."""


class ViewBehindError(Exception):
    """The view did not reach the asked position in time."""


class PositionUnknownError(Exception):
    """The log has no such position yet."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The two times a question is asked at, and the position the views had reached."""

    effective_at: datetime
    known_position: int
    position: int


class Views:
    """Read access to all views."""

    def __init__(self, ledger: Ledger, projections: Sequence[Projection]) -> None:
        self.ledger = ledger
        self.projections = projections

    def position(self, *names: str) -> int:
        """The position that the named views have all reached; all views where none is named."""
        rows = self.ledger.database.rows(
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
            PositionUnknownError: `known_position` is beyond the end of the log.
        """
        if known_position is None and known_at is not None:
            known_position = self.ledger.reader.position_known_at(known_at)
        needed = max(known_position or 0, at_least or 0)
        position = self.position(*names)
        if position < needed:
            if known_position is not None and known_position > self.ledger.size():
                raise PositionUnknownError
            position = self._wait(needed, *names)
        return Moment(
            effective_at=effective_at or datetime.now(UTC),
            known_position=position if known_position is None else known_position,
            position=position,
        )

    def _wait(self, needed: int, *names: str) -> int:
        deadline = time.monotonic() + PATIENCE
        pause = 0.002
        while (position := self.position(*names)) < needed:
            if time.monotonic() > deadline:
                raise ViewBehindError
            time.sleep(pause)
            pause = min(pause * 2, 0.05)
        return position

    def rows(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of a question."""
        return self.ledger.database.rows(query, parameters)
