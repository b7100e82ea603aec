"""Which log an answer is about, and what a position that somebody brings still means in it."""

import logging
from dataclasses import dataclass
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.application import Zeren
from services.http.problems import LogState, ProblemError
from services.store.identity.lineage import Lineage, UnknownIncarnationError

logger = logging.getLogger(__name__)

_DIGITS = 18
"""Of the longest position."""


class LogNoticed(LogState):
    """Which log this is, and by what its present incarnation was noticed."""

    noticed: str = Field(
        description="By what the incarnation was noticed: `begun`, `moved` (another cluster or database), `promoted` "
        "(a restore to a point in time, or a standby that took over), `went-back`, `said` (by an operator)"
    )
    noticed_at: AwareDatetime = Field(description="When")
    reason: str = Field(description="Why, in the words of whoever noticed it; empty where the log began")


def state(lineage: Lineage) -> LogState:
    """Which log this is."""
    present = lineage.present
    return LogState(id=lineage.id, incarnation=present.id, number=present.number, since=present.since)


def noticed(lineage: Lineage) -> LogNoticed:
    """Which log this is, and how that is known."""
    present = lineage.present
    return LogNoticed(
        **state(lineage).model_dump(), noticed=present.noticed, noticed_at=present.noticed_at, reason=present.reason
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """How far somebody has read the log."""

    position: int
    incarnation: UUID | None = None
    """The incarnation that it was read in, or that its last event was recorded in; none where nobody says."""
    log: UUID | None = None
    field: str = "after"
    """Where that was said."""


def event_id(lineage: Lineage, position: int) -> str:
    """What a stream calls the event at a position: the position first, for those who read a number there."""
    return f"{position}@{lineage.id}/{lineage.of(position).id}"


def read_event_id(written: str, lineage: Lineage) -> Seen:
    """How far somebody has read who was given an id last.

    A bare position is what releases gave out that knew of no incarnations: all of them in the first one.

    Raises:
        ProblemError: 422, it is none of ours.
    """
    position, named, where = written.partition("@")
    try:
        log, incarnation = map(UUID, where.split("/")) if named else (lineage.id, lineage.id)
    except ValueError as unreadable:
        raise ProblemError(422, "query.invalid", field="Last-Event-ID") from unreadable
    if not (position.isascii() and position.isdecimal()) or len(position) > _DIGITS:
        raise ProblemError(422, "query.invalid", field="Last-Event-ID")
    return Seen(int(position), incarnation, log, "Last-Event-ID")


def require_there(zeren: Zeren, seen: Seen) -> Lineage:
    """See that what somebody has read is what the log has; the log's incarnations.

    Raises:
        ProblemError: 409, it is another log, or one that parted from this one before that; 422, it is not that long.
    """
    size, lineage = zeren.ledger.identity.now()
    found = state(lineage)
    if seen.log not in {None, lineage.id}:
        raise ProblemError(409, "log.another", field=seen.field, log=found)
    parted = _parted(lineage, seen)
    if parted is not None:
        details = {"position": str(parted)}
        raise ProblemError(409, "log.parted", field=seen.field, details=details, log=found, read_again_after=parted)
    if seen.position > size:
        if seen.incarnation == lineage.present.id:
            logger.error("somebody has read position %d of this incarnation, the log ends at %d", seen.position, size)
        raise ProblemError(422, "position.unknown", field=seen.field, details={"position": str(size)}, log=found)
    return lineage


def _parted(lineage: Lineage, seen: Seen) -> int | None:
    if seen.incarnation is None:
        return None
    try:
        return lineage.parted(seen.incarnation, seen.position)
    except UnknownIncarnationError:
        # A restore has taken it away with whatever was recorded in it.
        return 0 if seen.position else None
