"""What every projection is made of: versioned rows, and a pure mapping from recorded events to their changes.

A row is never overwritten: a change at position p closes the row that was believed before, `known_to = p`, and opens
the next one, `known_from = p`. So every view can be asked as it was known at any position.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from events.base import Event
from events.catalogue import CATALOGUE
from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId
from projections import restating
from projections.restating import FACTS, Folding, Group
from projections.tables import Table
from projections.versions import Row, Rows, Values

__all__ = ["EVERY_EVENT", "FACTS", "Group", "Projection", "Row", "Rows", "Table", "Values", "replay"]

EVERY_EVENT = frozenset(CATALOGUE.values())


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
    facts: bool = False
    """Whether it reads corrections and withdrawals itself; of every other view they restate the rows."""

    def __post_init__(self) -> None:
        """Let it hear of what puts its events right."""
        object.__setattr__(self, "events", self.events | FACTS)

    def needs(self, recorded: Recorded, rows: Rows) -> Iterable[Group]:
        """The groups that an event needs, be it one that puts others right, whose history `rows` then holds."""
        if self.facts or recorded.kind not in FACTS:
            return self.reads(recorded)
        if restating.corrected_class(recorded) not in self.events:
            return ()
        return restating.groups(self._folding, recorded, rows.histories[recorded.position])

    def take(self, recorded: Recorded, rows: Rows) -> None:
        """What an event does to the rows, be it one that puts others right."""
        if self.facts or recorded.kind not in FACTS:
            self.apply(recorded, rows)
        elif restating.corrected_class(recorded) in self.events:
            restating.restate(self._folding, recorded, rows.histories[recorded.position], rows)

    @property
    def _folding(self) -> Folding:
        return Folding(self.reads, self.apply)

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
    streams: dict[StreamId, list[Recorded]] = {}
    for recorded in events:
        before = streams.setdefault(recorded.stream, [])
        if recorded.kind in FACTS:
            rows.histories[recorded.position] = restating.history_of(recorded, before)
        before.append(recorded)
        for table, group in projection.needs(recorded, rows):
            if not rows.knows(table, group):
                rows.load(table, group, ())
        rows.position = recorded.position
        projection.take(recorded, rows)
    return rows
