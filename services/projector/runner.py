"""The runner: takes every view forward, batch by batch, and parks a stream whose events a view cannot take."""

import logging
from collections.abc import Iterable, Sequence

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId
from projections.base import Projection, Rows
from services.projector import batch
from services.store.ledger import Ledger

logger = logging.getLogger(__name__)

BATCH = 2_000
"""Events per transaction in catch-up."""


class OtherReleaseError(Exception):
    """The rows of a view are made in another version than this process makes them."""


class Runner:
    """Takes views from their checkpoints to the head of the log."""

    def __init__(self, ledger: Ledger, projections: Sequence[Projection]) -> None:
        self.ledger = ledger
        self.projections = projections

    def advance(self, limit: int = BATCH) -> int:
        """Take every view one batch further; the number of events that the slowest one got."""
        with self.ledger.database.connection() as connection:
            ours = self._ours(connection)
            if not ours:
                return 0
            after = min(ours.values())
            events = self.ledger.read(after, limit)
            if not events:
                return 0
            for projection in self.projections:
                if projection.name in ours and ours[projection.name] < events[-1].position:
                    self._take(connection, projection, events)
        return len(events)

    def _ours(self, connection: Connection[TupleRow]) -> dict[str, int]:
        """The positions of the views; without those whose rows are by now made by another release, which goes on."""
        rows = connection.execute("SELECT projection, version, position FROM zeren.checkpoint").fetchall()
        kept = {name: (version, position) for name, version, position in rows}
        found = {projection.name: (projection.version, *kept[projection.name]) for projection in self.projections}
        return {name: position for name, (ours, version, position) in found.items() if ours == version}

    def catch_up(self) -> int:
        """Take every view to the head of the log as it is now; its position."""
        while self.advance():
            pass
        return self.ledger.size()

    def _take(self, connection: Connection[TupleRow], projection: Projection, events: Sequence[Recorded]) -> None:
        try:
            with connection.transaction():
                new, parked = _open_batch(connection, projection, events)
                rows = Rows()
                taken = [recorded for recorded in new if recorded.stream not in parked]
                batch.load(connection, projection, projection.schema, taken, rows)
                batch.apply(projection, taken, rows)
                batch.write(connection, projection.schema, rows)
                _checkpoint(connection, projection, events[-1].position)
        except (psycopg.OperationalError, psycopg.InterfaceError, OtherReleaseError):
            raise
        except Exception:
            logger.exception("view %s: taking %d events one by one", projection.name, len(events))
            self._take_each(connection, projection, events)

    def _take_each(self, connection: Connection[TupleRow], projection: Projection, events: Sequence[Recorded]) -> None:
        with connection.transaction():
            new, parked = _open_batch(connection, projection, events)
            for recorded in new:
                if recorded.stream in parked:
                    continue
                error = take_one(connection, projection, recorded)
                if error is not None:
                    parked.add(recorded.stream)
                    _park(connection, projection, recorded, error)
            _checkpoint(connection, projection, events[-1].position)


def take_one(connection: Connection[TupleRow], projection: Projection, recorded: Recorded) -> Exception | None:
    """Let a view take one event inside a savepoint; why it could not."""
    try:
        with connection.transaction():
            rows = Rows()
            batch.load(connection, projection, projection.schema, [recorded], rows)
            batch.apply(projection, [recorded], rows)
            batch.write(connection, projection.schema, rows)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except Exception as error:
        logger.exception("view %s cannot take position %d", projection.name, recorded.position)
        return error
    return None


def _open_batch(
    connection: Connection[TupleRow], projection: Projection, events: Iterable[Recorded]
) -> tuple[list[Recorded], set[str]]:
    row = connection.execute(
        "SELECT position FROM zeren.checkpoint WHERE projection = %s AND version = %s FOR UPDATE",
        (projection.name, projection.version),
    ).fetchone()
    if row is None:
        raise OtherReleaseError(f"the rows of view {projection.name} are made by another release")
    parked = connection.execute("SELECT stream FROM zeren.parked WHERE projection = %s", (projection.name,))
    return [recorded for recorded in events if recorded.position > row[0]], {stream for (stream,) in parked}


def _checkpoint(connection: Connection[TupleRow], projection: Projection, position: int) -> None:
    connection.execute(
        "UPDATE zeren.checkpoint SET position = greatest(position, %s) WHERE projection = %s",
        (position, projection.name),
    )


def _park(connection: Connection[TupleRow], projection: Projection, recorded: Recorded, error: Exception) -> None:
    connection.execute(
        "INSERT INTO zeren.parked (projection, stream, position, error) VALUES (%s, %s, %s, %s)",
        (projection.name, recorded.stream, recorded.position, f"{type(error).__name__}: {error}"[:2000]),
    )


def replay_parked(ledger: Ledger, projections: Sequence[Projection]) -> dict[str, int]:
    """Let views take the events of their parked streams again; how many streams are still parked, by view."""
    still: dict[str, int] = {}
    for projection in projections:
        with ledger.database.connection() as connection, connection.transaction():
            _, parked = _open_batch(connection, projection, ())
            reached = connection.execute(
                "SELECT position FROM zeren.checkpoint WHERE projection = %s", (projection.name,)
            ).fetchone()
            for stream in sorted(parked):
                if not _replay(connection, ledger, projection, stream, reached[0] if reached else 0):
                    still[projection.name] = still.get(projection.name, 0) + 1
    return still


def _replay(
    connection: Connection[TupleRow], ledger: Ledger, projection: Projection, stream: str, reached: int
) -> bool:
    row = connection.execute(
        "DELETE FROM zeren.parked WHERE projection = %s AND stream = %s RETURNING position", (projection.name, stream)
    ).fetchone()
    since = row[0] if row else 0
    for recorded in ledger.read_stream(StreamId(stream)):
        if since <= recorded.position <= reached:
            error = take_one(connection, projection, recorded)
            if error is not None:
                _park(connection, projection, recorded, error)
                return False
    return True
