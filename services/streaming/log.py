"""The log as Kafka is to have it: records cut from the stored bytes, page by page, the next one read ahead."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.identity.known import Identity
from services.store.reading.gap_check import require_dense
from services.streaming.cloudevents import Record, origin
from services.streaming.stored import record_of

Page = list[tuple[int, Record]]
"""Positions with their records, in order and without holes."""

_READ = (
    b"SELECT notification_id, originator_id, originator_version, topic, state, recorded_at, "
    # Once a page: an event is never seen without the incarnation that it was recorded in.
    b"(SELECT max(number) FROM zeren.log_incarnation) "
    b"FROM zeren.log WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
)


def read(database: Database, identity: Identity, after: int, limit: int) -> Page:
    """Up to `limit` records with positions `after + 1`, `after + 2`, ….

    Raises:
        HoleInLogError: a position is missing.
        UnreadableEventError: an event is not in the catalogue, or not written as events are.
    """
    with database.connection() as connection, connection.cursor(binary=True) as cursor:
        rows: list[tuple[int, StreamId, int, str, bytes, datetime, int]] = cursor.execute(
            _READ, (after, limit), prepare=True
        ).fetchall()
    require_dense(after, (row[0] for row in rows))
    if not rows:
        return []
    lineage = identity.at_least(rows[-1][-1])
    shared = origin(lineage, rows[0][0]) if lineage.of(rows[0][0]) is lineage.of(rows[-1][0]) else None
    return [(row[0], record_of(*row[:-1], shared or origin(lineage, row[0]))) for row in rows]


class ReadingAhead:
    """Pages of the log, the next one read in a thread while somebody works on the last; it has an end to be called."""

    def __init__(self, database: Database, identity: Identity, limit: int) -> None:
        self.database = database
        self.identity = identity
        self.limit = limit
        self._reader = ThreadPoolExecutor(1, "reading-ahead")
        self._ahead: tuple[int, Future[Page]] | None = None

    def page(self, after: int) -> Page:
        """The page after a position, which may be shorter than `limit` only at the end of the log."""
        ahead, self._ahead = self._ahead, None
        page = ahead[1].result() if ahead and ahead[0] == after else self._read(after)
        if len(page) == self.limit:
            self._ahead = (after + self.limit, self._reader.submit(self._read, after + self.limit))
        return page

    def _read(self, after: int) -> Page:
        return read(self.database, self.identity, after, self.limit)

    def close(self) -> None:
        """Read no more."""
        self._ahead = None
        self._reader.shutdown()
