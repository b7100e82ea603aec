"""The events behind an answer, each as a line that a person can read and check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup

from projections.audit import questions
from services.language import Language, describe
from services.questions.views import Views
from services.review.apart import Apart
from services.review.names import Names

_CORRECTIONS = frozenset({"responsibility.corrected", "responsibility.withdrawn"})


@dataclass(frozen=True, slots=True)
class Line:
    """One event of the log."""

    id: UUID
    position: int
    name: str
    text: Markup
    """What it says, as HTML."""
    recorded_at: datetime
    actor: str
    on_behalf_of: str | None
    reason: str | None
    trust: str
    source: str | None
    """Batch and row, where the event was imported."""
    source_recorded_at: datetime | None

    @property
    def correction(self) -> bool:
        """Whether it says that an earlier event was wrong."""
        return self.name in _CORRECTIONS


@dataclass(frozen=True, slots=True)
class Proof:
    """Reads events of the audit trail for one reader."""

    views: Views
    names: Names
    language: Language
    zone: ZoneInfo

    def of(self, events: Iterable[UUID]) -> dict[UUID, Line]:
        """Event id → line, oldest first."""
        return {line.id: line for line in self._lines(questions.ENTRIES_BY_ID, ids=list(dict.fromkeys(events)))}

    def at(self, positions: Iterable[int]) -> list[Line]:
        """The lines at positions of the log, oldest first."""
        return self._lines(questions.ENTRIES_AT, positions=list(positions))

    def latest(self, stream: str, before: int, limit: int) -> list[Line]:
        """The lines of a stream below a position, newest first."""
        return self._lines(questions.LATEST_ENTRIES, stream=stream, before=before, limit=limit)

    def first(self, stream: str) -> Line | None:
        """The line that a stream began with; none where nothing is known of it."""
        return next(iter(self._lines(questions.FIRST_ENTRY, stream=stream)), None)

    def _lines(self, query: str, **parameters: Any) -> list[Line]:
        return [self._line(row) for row in self.views.rows(query, parameters)]

    def _line(self, row: dict[str, Any]) -> Line:
        apart = Apart()
        text = describe(row["name"], row["data"], self.language, self.names, self.zone, apart.mark)
        return Line(
            id=row["event_id"],
            position=row["position"],
            name=row["name"],
            text=apart.shown(text),
            recorded_at=row["recorded_at"],
            actor=self.names.actor(row["actor"]),
            on_behalf_of=self.names.person(row["on_behalf_of"]) if row["on_behalf_of"] else None,
            reason=row["reason"],
            trust=row["trust"],
            source=f"{row['batch']} · {row['source_row']}" if row["batch"] else None,
            source_recorded_at=row["source_recorded_at"],
        )
