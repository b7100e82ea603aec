"""The incarnations of a log: each goes on behind the last position that it shares with those before it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Noticed(StrEnum):
    """By what a new incarnation was noticed."""

    BEGUN = "begun"
    """The log began, or has had no identity until then."""
    MOVED = "moved"
    """It lies in another cluster or database: a dump that was restored, a copy."""
    PROMOTED = "promoted"
    """The server's timeline is another one: a restore to a point in time, or a standby that took over."""
    WENT_BACK = "went-back"
    """Somebody has seen more of it than there is."""
    SAID = "said"
    """An operator said so."""


class UnknownIncarnationError(Exception):
    """The log has never been in that incarnation, as far as it knows."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a log lies; restores that PostgreSQL knows of, and copies, change it."""

    system: int
    """The identifier of the cluster."""
    database: int
    """The oid of the database."""
    timeline: int
    """What every promotion raises."""


@dataclass(frozen=True, slots=True)
class Incarnation:
    """A log between two restores."""

    number: int
    id: UUID
    since: int
    """The last position that is what it was before; those behind it are of this incarnation."""
    noticed_at: datetime
    noticed: Noticed
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Lineage:
    """All incarnations of a log, in their order; there is always one."""

    incarnations: tuple[Incarnation, ...]

    @property
    def id(self) -> UUID:
        """The log's id: that of its first incarnation."""
        return self.incarnations[0].id

    @property
    def present(self) -> Incarnation:
        """The one that is appended to."""
        return self.incarnations[-1]

    def of(self, position: int) -> Incarnation:
        """The one that the event at a position was recorded in."""
        return next((one for one in reversed(self.incarnations) if one.since < position), self.incarnations[0])

    def parted(self, incarnation: UUID, position: int) -> int | None:
        """The last position that whoever read up to `position` in an incarnation shares with the log; none for all.

        Raises:
            UnknownIncarnationError: nobody can tell.
        """
        number = next((one.number for one in self.incarnations if one.id == incarnation), None)
        if number is None:
            raise UnknownIncarnationError
        later = (one.since for one in self.incarnations if one.number > number and one.since < position)
        return min(later, default=None)
