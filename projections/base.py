"""What every projection is made of: versioned rows, and a pure mapping from recorded events to their changes.

A row is never overwritten: a change at position p closes the row that was believed before, `known_to = p`, and opens
the next one, `known_from = p`. So every view can be asked as it was known at any position.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from events.base import Event
from events.catalogue import CATALOGUE
from events.recorded import Recorded
from projections.tables import Table
from projections.versions import Row, Rows, Values

__all__ = ["EVERY_EVENT", "Group", "Projection", "Row", "Rows", "Table", "Values", "replay"]

EVERY_EVENT = frozenset(CATALOGUE.values())


Group = tuple[Table, Any]
"""A table and the group in it that an event reads."""


@dataclass(frozen=True)
class Projection:
    """One question: its tables, the events it reads, and what each event does to the rows.

    Raise `version` whenever the rows would come out differently: the view is then rebuilt.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    reads: Callable[[Recorded], Iterable[Group]]
    """The groups that an event needs; none for an event that is not this projection's."""
    apply: Callable[[Recorded, Rows], None]
    events: frozenset[type[Event]] = EVERY_EVENT
    """The classes of the events it reads; others are not even decoded for it."""

    @property
    def heavy(self) -> bool:
        """Whether it reads every event there is, and so costs about as much as all others together."""
        return self.events == EVERY_EVENT

    @property
    def schema(self) -> str:
        """The database schema of the view."""
        return f"view_{self.name}"


def replay(projection: Projection, events: Iterable[Recorded]) -> Rows:
    """Apply events in memory, from nothing: the naive fold that the database must agree with."""
    rows = Rows()
    for recorded in events:
        for table, group in projection.reads(recorded):
            if not rows.knows(table, group):
                rows.load(table, group, ())
        rows.position = recorded.position
        projection.apply(recorded, rows)
    return rows
