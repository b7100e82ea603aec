"""Bulk load: fills the new tables of a view from the log, folded in memory and copied before there are indexes."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from events.recorded import Recorded
from projections.base import FACTS, Projection, Row, Rows, Table
from projections.versions import Entry
from services.projector import batch, checkpoints
from services.projector.packing import packed, packed_entries
from services.projector.schema import complete

GROUPS = 300_000
"""Groups of rows that are kept in memory; when there are more, rows are found by index from then on."""


class BulkLoad:
    """One view under construction in a schema of its own, whose tables were created bare.

    Rows that nothing changes any more are copied while the next events are folded; those that are believed stay in
    memory until the end. The connection belongs to the load until `finish` has returned.
    """

    def __init__(self, connection: Connection[TupleRow], projection: Projection, schema: str) -> None:
        self.projection = projection
        self.schema = schema
        self._connection = connection
        # What is copied counts only with the switch, whose commit waits for the disk.
        checkpoints.set_up(connection, local=False)
        self._rows = Rows(GROUPS)
        self._believed: list[tuple[Table, Row]] = []
        self._looked_through = 0
        self._ended: dict[Table, list[tuple[Any, int]]] = {}
        self._indexed = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix=f"bulk-load-{projection.name}")
        self._writing: Future[None] | None = None

    def take(self, events: Sequence[Recorded]) -> None:
        """Fold the next events of the view, and write what is finished.

        Raises:
            Exception: the view cannot take an event; the load is then useless.
        """
        if self._indexed:
            self._wait()
            batch.load(self._connection, self.projection, self.schema, events, self._rows)
            batch.apply(self.projection, events, self._rows)
            self._expired()
            batch.write(self._connection, self.schema, self._rows)
            self._rows.written()
            return
        reads, knows = self.projection.reads, self._rows.knows
        for recorded in events:
            if recorded.kind in FACTS:
                self._wait()
                batch.recall(self._connection, recorded, self._rows)
            needed = self.projection.needs(recorded, self._rows) if recorded.kind in FACTS else reads(recorded)
            for table, group in needed:
                if not knows(table, group):
                    self._rows.load(table, group, ())
        batch.apply(self.projection, events, self._rows)
        self._expired()
        self._rows.histories = {}
        self._write(self._finished(), self._entered())
        if self._rows.groups > GROUPS:
            self._index()

    def _finished(self) -> dict[Table, list[Row]]:
        """What nothing changes any more; what is believed is set aside."""
        done: dict[Table, list[Row]] = {}
        for table, row in self._rows.opened:
            if row.known_to is None:
                self._believed.append((table, row))
        for table, row in self._rows.closed:
            done.setdefault(table, []).append(row)
        self._rows.opened = []
        self._rows.closed = []
        if len(self._believed) > 2 * self._looked_through:
            self._believed = [(table, row) for table, row in self._believed if row.known_to is None]
            self._looked_through = len(self._believed)
        return done

    def _entered(self) -> dict[Table, list[Entry]]:
        entered, self._rows.entered = self._rows.entered, {}
        return entered

    def _expired(self) -> None:
        """Set aside what corrections end of the tables that are written once: they have no index yet to find it by."""
        for table, ended in self._rows.expired.items():
            self._ended.setdefault(table, []).extend(ended)
        self._rows.expired = {}

    def _index(self) -> None:
        """Write everything, and find rows by index from now on."""
        remaining: dict[Table, list[Row]] = {}
        for table, row in self._believed:
            if row.known_to is None:
                remaining.setdefault(table, []).append(row)
                row.stored = True
        self._believed = []
        self._write(remaining, {})
        self._wait()
        for table in self.projection.tables:
            for statement in table.lookups(self.schema):
                self._connection.execute(statement.encode())
        self._rows.written()
        self._indexed = True

    def finish(self) -> None:
        """Write the rest, and create all indexes and constraints.

        Raises:
            psycopg.Error: the rows break a constraint.
        """
        if not self._indexed:
            self._index()
        self._wait()
        with self._connection.transaction():
            complete(self._connection, self.projection, self.schema)
            for table, ended in self._ended.items():
                batch.expire(self._connection, self.schema, table, ended)

    def close(self) -> None:
        """End the writing under way."""
        self._writer.shutdown(wait=True)
        if not self._connection.closed:
            checkpoints.reset(self._connection)

    def _write(self, rows: dict[Table, list[Row]], entered: dict[Table, list[Entry]]) -> None:
        written = [(table, packed(table, members)) for table, members in rows.items()]
        written += [(table, packed_entries(table, entries)) for table, entries in entered.items()]
        self._wait()
        self._writing = self._writer.submit(self._copy, written)

    def _copy(self, written: Sequence[tuple[Table, bytes]]) -> None:
        for table, members in written:
            batch.copy(self._connection, self.schema, table, members)

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None
