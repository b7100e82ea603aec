"""Fills the log with the history of a company of any size, by COPY, as if every command had been given."""

import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from psycopg import Connection
from psycopg.rows import TupleRow

from benchmarks.company.copies import AT_A_TIME, told
from benchmarks.company.story import Written
from services.application import Zeren
from services.store.database import Database
from services.store.merkle import Tree, leaf, microseconds

RECORDED_FROM = datetime(2024, 1, 1, tzinfo=UTC)
"""When the first event was recorded, and one every second from then on; the business times lie before."""

_CHUNK = 100_000
_FROM_1970_TO_2000 = 946_684_800_000_000
"""PostgreSQL's own times are microseconds since 2000."""
_MICROSECOND = timedelta(microseconds=1)
_LATEST = RECORDED_FROM + timedelta(days=365)
"""After what others recorded later than this, events follow at every microsecond: the future stays empty."""
_EVENTS = (
    b"COPY zeren.log (originator_id, originator_version, topic, state, notification_id, recorded_at) "
    b"FROM STDIN (FORMAT binary)"
)
_KEYS = (
    b"COPY zeren.log_keys (owner, key, fingerprint, stream, first_version, last_version, position) "
    b"FROM STDIN (FORMAT binary)"
)
_HEADER, _TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_PIECE = 500
"""Rows per write."""


def begin(url: str) -> None:
    """Give a new database its tables and first rules, recorded before the first event."""
    Zeren(url, projecting=False, clock=lambda: RECORDED_FROM).close()


class History:
    """The history that one database is filled with, further and further, while nobody else appends.

    `at_a_time` territories live at the same time; then the next ones follow.
    """

    def __init__(self, database: Database, at_a_time: int = AT_A_TIME) -> None:
        self.database = database
        self.at_a_time = at_a_time
        self.events = 0
        """How many events of the log are of this history."""

    def fill(self, size: int, progress: Callable[[int], None] = lambda _size: None) -> None:
        """Go on until the log has `size` events; `progress` gets the size reached, at times."""
        with self.database.connection() as connection:
            reached = 0
            while reached < size:
                with connection.transaction():
                    reached = self._append(connection, size)
                progress(reached)
            connection.execute("VACUUM (ANALYZE) zeren.log, zeren.log_keys")

    def _append(self, connection: Connection[TupleRow], until: int) -> int:
        row = connection.execute("SELECT size, recorded_at, frontier FROM zeren.log_head FOR UPDATE").fetchone()
        if row is None:
            raise LookupError("the log has lost its head row")
        size, recorded_at, tree = row[0], max(row[1], RECORDED_FROM), Tree.unpacked(row[0], row[2])
        tick = timedelta(seconds=1) if recorded_at < _LATEST else _MICROSECOND
        more = max(0, min(_CHUNK, until - size))
        claimed: list[tuple[Written, int]] = []
        leaves: list[bytes] = []

        def rows() -> Iterator[bytes]:
            for place, one in enumerate(told(self.events, self.events + more, self.at_a_time), 1):
                position, now = size + place, recorded_at + place * tick
                leaves.append(leaf(position, microseconds(now), one.stream, one.version, one.topic, one.state))
                if one.claim:
                    claimed.append((one, position))
                yield _event(one, position, now)

        _copy(connection, _EVENTS, rows())
        _copy(connection, _KEYS, (_key(one, position) for one, position in claimed))
        connection.execute(
            "UPDATE zeren.log_head SET size = %s, recorded_at = %s, frontier = %s",
            (size + more, recorded_at + more * tick, tree.grown(leaves).packed),
        )
        self.events += more
        return int(size + more)


def _event(one: Written, position: int, recorded_at: datetime) -> bytes:
    stream, topic = one.stream.encode(), one.topic.encode()
    return b"".join(
        (
            struct.pack("!hi", 6, len(stream)),
            stream,
            struct.pack("!iqi", 8, one.version, len(topic)),
            topic,
            struct.pack("!i", len(one.state)),
            one.state,
            struct.pack("!iqiq", 8, position, 8, microseconds(recorded_at) - _FROM_1970_TO_2000),
        )
    )


def _key(one: Written, position: int) -> bytes:
    """The claim to the id of an item, as the command handler records it."""
    key, stream = (one.claim or "").encode(), one.stream.encode()
    return b"".join(
        (
            struct.pack("!hi", 7, 5),
            b"items",
            struct.pack("!i", len(key)),
            key,
            struct.pack("!ii", 0, len(stream)),
            stream,
            struct.pack("!iqiqiq", 8, one.version, 8, one.version, 8, position),
        )
    )


def _copy(connection: Connection[TupleRow], statement: bytes, rows: Iterator[bytes]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEADER)
        piece: list[bytes] = []
        for row in rows:
            piece.append(row)
            if len(piece) == _PIECE:
                copy.write(b"".join(piece))
                piece.clear()
        copy.write(b"".join([*piece, _TRAILER]))
