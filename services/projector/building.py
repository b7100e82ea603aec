"""One view under construction beside the one in use: fast as long as it can take every event, careful afterwards."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import TupleRow

from events.recorded import Recorded
from projections.base import Projection, Rows
from services.projector import batch
from services.projector.bulk_load import BulkLoad
from services.projector.parking import GONE, park, take_each
from services.projector.schema import create, create_bare
from services.store.ledger import Ledger

BATCH = 2_500
"""Events that are folded before their rows are written: more do not stay in the processor's caches until then."""


class Building:
    """The new tables of one view, in a schema of their own, up to `position`.

    The connection belongs to it until `close`.
    """

    def __init__(self, connection: Connection[TupleRow], projection: Projection, *, parking: bool) -> None:
        self.connection = connection
        self.projection = projection
        self.schema = f"{projection.schema}_next"
        self.position = 0
        self.parked: dict[str, tuple[Recorded, Exception]] = {}
        """Streams that are left out, with the first event that could not be taken and why."""
        self._parking = parking
        with connection.transaction():
            create_bare(connection, projection, self.schema)
        self._bulk_load: BulkLoad | None = BulkLoad(connection, projection, self.schema)

    def fill(self, ledger: Ledger, events: Sequence[Recorded], last: int) -> None:
        """Take those of the next events that the view reads; they end at position `last`.

        Raises:
            Exception: the view cannot take an event, and its stream is not to be parked.
        """
        if self._bulk_load is None:
            self._take(events)
        else:
            try:
                self._bulk_load.take(events)
            except GONE:
                raise
            except Exception:
                if not self._parking:
                    raise
                self._begin_carefully(ledger, last)
        self.position = last

    def _begin_carefully(self, ledger: Ledger, last: int) -> None:
        """Begin again with indexes and savepoints, which find the events that cannot be taken."""
        self.close()
        with self.connection.transaction():
            create(self.connection, self.projection, self.schema)
        position = 0
        while position < last:
            events = ledger.read(position, min(BATCH, last - position))
            self._take([recorded for recorded in events if recorded.kind in self.projection.events])
            position = events[-1].position

    def finish(self, ledger: Ledger) -> None:
        """Create the indexes, and go on to the head of the log as it is now."""
        if self._bulk_load is not None:
            try:
                self._bulk_load.finish()
            except GONE:
                raise
            except Exception:
                # The tables themselves refuse rows of an event; it is found out only when they are written.
                if not self._parking:
                    raise
                self._begin_carefully(ledger, self.position)
            self.close()
        self.go_on(ledger, ledger.size())

    def go_on(self, ledger: Ledger, size: int) -> None:
        """Take the events up to position `size` into tables that are ready for use."""
        while self.position < size:
            events = ledger.read(self.position, min(BATCH, size - self.position))
            self._take([recorded for recorded in events if recorded.kind in self.projection.events])
            self.position = events[-1].position

    def _take(self, events: Sequence[Recorded]) -> None:
        taken = [recorded for recorded in events if recorded.stream not in self.parked]
        rows = Rows()
        try:
            with self.connection.transaction():
                batch.load(self.connection, self.projection, self.schema, taken, rows)
                batch.apply(self.projection, taken, rows)
                batch.write(self.connection, self.schema, rows)
        except GONE:
            raise
        except Exception:
            if not self._parking:
                raise
            with self.connection.transaction():
                self.parked |= take_each(self.connection, self.projection, self.schema, taken)

    def park(self) -> None:
        """Say which streams the view leaves out."""
        for recorded, error in self.parked.values():
            park(self.connection, self.projection, recorded, error)

    def close(self) -> None:
        """Give the connection back."""
        if self._bulk_load is not None:
            self._bulk_load.close()
            self._bulk_load = None
