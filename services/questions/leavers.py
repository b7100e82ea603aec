"""Who of the people that an answer names has left: where what they hold goes on, it is a gap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.coverage.leaving import Left, left_of
from projections.lives.questions import LEFT
from services.questions.views import Moment, Views

DESCRIPTION = "Whether the person has left by `effective_at`, as far as was known, and did not give it up: a gap"


@dataclass(frozen=True, slots=True)
class Leavers:
    """Those who had left by an instant."""

    left: Left
    at: datetime

    def keep(self, person: UUID | None, until: datetime | None) -> bool:
        """Whether somebody has left who holds something until a time, without end where there is none."""
        return any(
            absence.span[0] <= self.at < absence.span[1] and (until is None or absence.since < until)
            for absence in (self.left.get(person, ()) if person else ())
        )


def leavers(views: Views, persons: Iterable[UUID | None], moment: Moment) -> Leavers:
    """Those of these people who had left at a moment."""
    return Leavers(left_among(views, persons, moment.known_position), moment.effective_at)


def left_among(views: Views, persons: Iterable[UUID | None], known: int) -> Left:
    """Over which time who of these people had left, as known at a position."""
    return left_of(views.rows(LEFT, {"persons": list({*persons} - {None}), "known": known}))
