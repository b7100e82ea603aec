"""The log as Kafka is to have it: records cut from the stored bytes, page by page, the next one read ahead."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from events.vocabulary.identifiers import StreamId
from services.store.database import Database
from services.store.reading.gap_check import require_dense
from services.streaming.cloudevents import Record
from services.streaming.stored import record_of

Page = list[tuple[int, Record]]
"""Positions with their records, in order and without holes."""

_READ = (
    b"SELECT notification_id, originator_id, originator_version, topic, state, recorded_at FROM zeren.log "
    b"WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
)


def read(database: Database, after: int, limit: int) -> Page:
    """Up to `limit` records with positions `after + 1`, `after + 2`, ….

    Raises:
        HoleInLogError: a position is missing.
        UnreadableEventError: an event is not in the catalogue, or not written as events are.
    """
    with database.connection() as connection, connection.cursor(binary=True) as cursor:
        rows: list[tuple[int, StreamId, int, str, bytes, datetime]] = cursor.execute(
            _READ, (after, limit), prepare=True
        ).fetchall()
    require_dense(after, (row[0] for row in rows))
    return [(row[0], record_of(*row)) for row in rows]


class ReadingAhead:
    """Pages of the log, the next one read in a thread while somebody works on the last; it has an end to be called."""

    def __init__(self, database: Database, limit: int) -> None:
        self.database = database
        self.limit = limit
        self._reader = ThreadPoolExecutor(1, "reading-ahead")
        self._ahead: tuple[int, Future[Page]] | None = None

    def page(self, after: int) -> Page:
        """The page after a position, which may be shorter than `limit` only at the end of the log."""
        ahead, self._ahead = self._ahead, None
        page = ahead[1].result() if ahead and ahead[0] == after else read(self.database, after, self.limit)
        if len(page) == self.limit:
            self._ahead = (after + self.limit, self._reader.submit(read, self.database, after + self.limit, self.limit))
        return page

    def close(self) -> None:
        """Read no more."""
        self._ahead = None
        self._reader.shutdown()
