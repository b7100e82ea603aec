"""A view that cannot take an event leaves its stream out, goes on with the others, and can try again."""

import logging
from collections.abc import Sequence

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId
from projections.base import Projection, Rows
from services.projector import batch, checkpoints
from services.store.ledger import Ledger

logger = logging.getLogger(__name__)

GONE = (psycopg.OperationalError, psycopg.InterfaceError)
"""What says that the database is away, not that an event cannot be taken."""


def take_each(
    connection: Connection[TupleRow], projection: Projection, schema: str, events: Sequence[Recorded]
) -> dict[str, tuple[Recorded, Exception]]:
    """Let a view take events one by one; stream → the first event that it cannot take, and why.

    The rest of such a stream is left out.
    """
    failed: dict[str, tuple[Recorded, Exception]] = {}
    for recorded in events:
        if recorded.stream in failed:
            continue
        error = take_one(connection, projection, schema, recorded)
        if error is not None:
            failed[recorded.stream] = recorded, error
    return failed


def take_one(
    connection: Connection[TupleRow], projection: Projection, schema: str, recorded: Recorded
) -> Exception | None:
    """Let a view take one event inside a savepoint; why it could not."""
    try:
        with connection.transaction():
            rows = Rows()
            batch.load(connection, projection, schema, [recorded], rows)
            batch.apply(projection, [recorded], rows)
            batch.write(connection, schema, rows)
    except GONE:
        raise
    except Exception as error:
        logger.exception("view %s cannot take position %d", projection.name, recorded.position)
        return error
    return None


def park(connection: Connection[TupleRow], projection: Projection, recorded: Recorded, error: Exception) -> None:
    """Leave a stream out of a view from an event on."""
    connection.execute(
        "INSERT INTO zeren.parked (projection, stream, position, error) VALUES (%s, %s, %s, %s)",
        (projection.name, recorded.stream, recorded.position, f"{type(error).__name__}: {error}"[:2000]),
    )


def replay_parked(ledger: Ledger, projections: Sequence[Projection]) -> dict[str, int]:
    """Let views take the events of their parked streams again; how many streams are still parked, by view."""
    still: dict[str, int] = {}
    for projection in projections:
        with ledger.database.connection() as connection, connection.transaction():
            checkpoint = checkpoints.lock_one(connection, projection)
            for stream in sorted(checkpoint.parked):
                if not _replay(connection, ledger, projection, stream, checkpoint.position):
                    still[projection.name] = still.get(projection.name, 0) + 1
            if checkpoint.parked:
                checkpoints.void(connection, projection)
    return still


def _replay(
    connection: Connection[TupleRow], ledger: Ledger, projection: Projection, stream: str, reached: int
) -> bool:
    row = connection.execute(
        "DELETE FROM zeren.parked WHERE projection = %s AND stream = %s RETURNING position", (projection.name, stream)
    ).fetchone()
    since = row[0] if row else 0
    for recorded in ledger.read_stream(StreamId(stream)):
        if since <= recorded.position <= reached and recorded.kind in projection.events:
            error = take_one(connection, projection, projection.schema, recorded)
            if error is not None:
                park(connection, projection, recorded, error)
                return False
    return True
