"""Rebuilds a view beside the one in use, and switches over in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psycopg import Connection
from psycopg.rows import TupleRow

from projections.base import Projection, Rows
from services.projector import batch
from services.projector.schema import create
from services.store.ledger import Ledger

BATCH = 10_000
_LAST_STRETCH = 500
_REBUILDS = 0x5A45_5246
"""The class of the advisory locks, one per view."""


def rebuild(
    ledger: Ledger,
    projection: Projection,
    progress: Callable[[int, int], None] = lambda _done, _size: None,
    *,
    outdated_only: bool = False,
) -> int:
    """Make a view anew from the whole log; the position it was made up to.

    The old rows answer until the switch. `progress` gets the position reached and the size of the log.
    Parked streams get another chance: an event that cannot be taken ends the rebuild and leaves the old view in use.
    Rebuilds of one view wait for each other; with `outdated_only` the one that comes later finds nothing to do.
    """
    schema = f"{projection.schema}_next"
    with ledger.database.connection() as connection, _alone(connection, projection):
        if outdated_only:
            version, reached = _checkpoint(connection, projection)
            if version == projection.version:
                return reached
        with connection.transaction():
            create(connection, projection, schema)
        position = 0
        while True:
            size = ledger.size()
            if size - position <= _LAST_STRETCH:
                break
            position = _take(connection, ledger, projection, schema, position, BATCH)
            progress(position, size)
        with connection.transaction():
            # Holding the checkpoint keeps the running projector from moving on meanwhile.
            _checkpoint(connection, projection)
            size = ledger.size()
            while position < size:
                position = _take(connection, ledger, projection, schema, position, BATCH)
            connection.execute(f"DROP SCHEMA IF EXISTS {projection.schema} CASCADE".encode())
            connection.execute(f"ALTER SCHEMA {schema} RENAME TO {projection.schema}".encode())
            connection.execute(
                "UPDATE zeren.checkpoint SET position = %s, version = %s WHERE projection = %s",
                (position, projection.version, projection.name),
            )
            connection.execute("DELETE FROM zeren.parked WHERE projection = %s", (projection.name,))
        progress(position, size)
    return position


@contextmanager
def _alone(connection: Connection[TupleRow], projection: Projection) -> Iterator[None]:
    """Two that fill the same tables would leave a view with holes."""
    lock = (_REBUILDS, projection.name)
    connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", lock)
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", lock)


def _checkpoint(connection: Connection[TupleRow], projection: Projection) -> tuple[int, int]:
    """Version and position of a view, locked until the end of the transaction."""
    row = connection.execute(
        "SELECT version, position FROM zeren.checkpoint WHERE projection = %s FOR UPDATE", (projection.name,)
    ).fetchone()
    if row is None:
        raise LookupError(f"view {projection.name} has no checkpoint")
    return row[0], row[1]


def _take(
    connection: Connection[TupleRow], ledger: Ledger, projection: Projection, schema: str, after: int, limit: int
) -> int:
    events = ledger.read(after, limit)
    rows = Rows()
    with connection.transaction():
        batch.load(connection, projection, schema, events, rows)
        batch.apply(projection, events, rows)
        batch.write(connection, schema, rows)
    return events[-1].position if events else after
