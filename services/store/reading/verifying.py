"""Reads the whole log again and tells whether it is the one that its head stands for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from services.store.database import Database
from services.store.merkle import Tree, leaf, microseconds
from services.store.reading.gap_check import HoleInLogError, require_dense

_PAGE = 5_000
_EVENTS = (
    "SELECT notification_id, recorded_at, originator_id, originator_version, topic, state FROM zeren.log "
    "WHERE notification_id <= %s ORDER BY notification_id"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the log's rows add up to, beside what its head says."""

    stored: Tree
    """The tree of the rows up to the head's size."""
    claimed: Tree
    """The tree in the head."""

    @property
    def holds(self) -> bool:
        """Whether every event is there as it was recorded."""
        return self.stored == self.claimed


def verify(database: Database, progress: Callable[[int, int], None] = lambda _done, _size: None) -> Verdict:
    """Hash every event of the log up to its present head; `progress` gets the position reached and the size.

    Raises:
        HoleInLogError: a position is missing.
    """
    with database.connection() as connection:
        size, frontier = _head(connection)
        claimed = Tree.unpacked(size, frontier or b"")
        return Verdict(tree(connection, size, progress), claimed)


def tree(
    connection: Connection[TupleRow], size: int, progress: Callable[[int, int], None] = lambda _done, _size: None
) -> Tree:
    """The tree of the first `size` events as they are stored.

    Raises:
        HoleInLogError: a position is missing.
    """
    grown = Tree()
    for leaves in _leaves(connection, size):
        grown = grown.grown(leaves)
        progress(grown.size, size)
    if grown.size < size:
        raise HoleInLogError(f"position {grown.size + 1} is missing")
    return grown


def _leaves(connection: Connection[TupleRow], size: int) -> Iterator[list[bytes]]:
    reached = 0
    with connection.transaction(), connection.cursor("zeren_verify") as cursor:
        cursor.execute(_EVENTS.encode(), (size,), binary=True)
        while rows := cursor.fetchmany(_PAGE):
            require_dense(reached, (position for position, *_ in rows))
            reached += len(rows)
            yield [leaf(position, microseconds(at), *event) for position, at, *event in rows]


def _head(connection: Connection[TupleRow]) -> tuple[int, bytes | None]:
    row = connection.execute("SELECT size, frontier FROM zeren.log_head").fetchone()
    if row is None:
        raise LookupError("the log has lost its head row")
    return row[0], row[1]


def plant_tree(database: Database) -> None:
    """Give the head of a log that was begun before there was a tree the one that belongs to it."""
    with database.connection() as connection, connection.transaction():
        row = connection.execute("SELECT size FROM zeren.log_head WHERE frontier IS NULL FOR UPDATE").fetchone()
        if row is not None:
            connection.execute("UPDATE zeren.log_head SET frontier = %s", (tree(connection, row[0]).packed,))
