"""Reads the log: by position without holes, by stream, and by time; from the primary or from a replica of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow, tuple_row

from events.base import Event
from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.reading.gap_check import require_dense
from services.store.reading.lazy_event import LazyEvent

_FIELDS = "notification_id, originator_id, originator_version, topic, state, recorded_at"
_POSITION, _VERSION = itemgetter(0), itemgetter(2)
_READ = f"SELECT {_FIELDS} FROM zeren.log WHERE notification_id > %(after)s ORDER BY notification_id LIMIT %(limit)s"
_READ_MARKED = _READ.replace(" FROM", ", (SELECT max(number) FROM zeren.log_incarnation) FROM", 1)
_READ_POSITIONS = f"SELECT {_FIELDS} FROM zeren.log WHERE notification_id = ANY(%(positions)s) ORDER BY notification_id"
_READ_STREAM = (
    f"SELECT {_FIELDS} FROM zeren.log WHERE originator_id = %(stream)s AND originator_version > %(after)s "
    "ORDER BY originator_version LIMIT %(limit)s"
)
_READ_ITEM = (
    f"SELECT {_FIELDS} FROM zeren.log WHERE originator_id = %(stream)s AND (originator_version = ANY(%(versions)s) "
    "OR (originator_version > %(last)s AND originator_version < %(before)s)) ORDER BY originator_version"
)
_READ_KINDS = (
    f"SELECT {_FIELDS} FROM zeren.log WHERE originator_id = %(stream)s AND originator_version < %(before)s "
    "AND topic = ANY(%(names)s) ORDER BY originator_version"
)


def last_recorded(known_at: str) -> str:
    """The SQL for the last position recorded at or before an instant, itself SQL; no row where there is none."""
    return (
        f"SELECT notification_id FROM zeren.log WHERE last_of_batch AND recorded_at <= {known_at} "
        "ORDER BY recorded_at DESC, notification_id DESC LIMIT 1"
    )


_KNOWN_AT = last_recorded("%(known_at)s")
_HEAD = "SELECT size, greatest(recorded_at, 'epoch') AS recorded_at FROM zeren.log_head"


class LogReader:
    """The log as one server has it; a replica is at worst late."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Up to `limit` events with positions `after + 1`, `after + 2`, ….

        Raises:
            HoleInLogError: a position is missing.
        """
        rows = self.database.tuples(_READ, {"after": after, "limit": limit}, binary=True)
        require_dense(after, map(_POSITION, rows))
        return _recorded(rows)

    def read_marked(self, after: int, limit: int) -> tuple[list[Recorded], int]:
        """What `read` gives, and the number of the log's incarnation, which is never behind the events; 0 for none.

        Raises:
            HoleInLogError: a position is missing.
        """
        rows = self.database.tuples(_READ_MARKED, {"after": after, "limit": limit}, binary=True)
        require_dense(after, map(_POSITION, rows))
        return _recorded([row[:-1] for row in rows]), rows[-1][-1] if rows else 0

    def read_stream(self, stream: StreamId, after: int = 0, limit: int = 1_000_000) -> list[Recorded]:
        """Up to `limit` events of one stream with versions `after + 1`, `after + 2`, ….

        Raises:
            HoleInLogError: a version is missing.
        """
        rows = self.database.tuples(_READ_STREAM, {"stream": stream, "after": after, "limit": limit}, binary=True)
        require_dense(after, map(_VERSION, rows))
        return _recorded(rows)

    def read_positions(self, positions: Sequence[int]) -> list[Recorded]:
        """The events at the given positions, in the order of the log; positions beyond its end are left out."""
        return _recorded(self.database.tuples(_READ_POSITIONS, {"positions": list(positions)}))

    def position_known_at(self, known_at: datetime) -> int:
        """The last position recorded at or before an instant; 0 where there is none."""
        rows = self.database.rows(_KNOWN_AT, {"known_at": known_at})
        return int(rows[0]["notification_id"]) if rows else 0

    def head(self) -> tuple[int, datetime]:
        """The last position of the log, and when it was recorded; 0 and 1970 where it is empty."""
        row = self.database.rows(_HEAD)[0]
        return int(row["size"]), row["recorded_at"]


def read_item(
    connection: Connection[TupleRow], stream: StreamId, versions: Sequence[int], before: int
) -> list[Recorded]:
    """The events of one stream at the given versions, and whatever follows them before another version.

    In their order, as a connection that is at work sees them.
    """
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        asked = {"stream": stream, "versions": list(versions), "last": max(versions, default=0), "before": before}
        return _recorded(cursor.execute(_READ_ITEM, asked).fetchall())


def read_kinds(
    connection: Connection[TupleRow], stream: StreamId, kinds: Iterable[type[Event]], before: int
) -> list[Recorded]:
    """The events of some classes in one stream before a version, as a connection that is at work sees them."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        asked = {"stream": stream, "names": [kind.event_name for kind in kinds], "before": before}
        return _recorded(cursor.execute(_READ_KINDS, asked).fetchall())


def _recorded(rows: Sequence[tuple[Any, ...]]) -> list[Recorded]:
    return [
        LazyEvent(position, stream, version, name, state, recorded_at)
        for position, stream, version, name, state, recorded_at in rows
    ]
