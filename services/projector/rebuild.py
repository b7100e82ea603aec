"""Rebuilds views beside those in use, compares them with an independent fold, and switches each over at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from psycopg import Connection
from psycopg.rows import TupleRow

from projections.base import Projection
from services.projector.building import BATCH, Building
from services.projector.checkpoints import PRESENT, strayed
from services.projector.comparing import compare, sample
from services.projector.gc_pause import gc_paused
from services.projector.rights import keepers, let_keep
from services.projector.routing import Routing
from services.store.ledger import Ledger

_LAST_STRETCH = 500
_REBUILDS = 0x5A45_5246
"""The class of the advisory locks, one per view."""

Progress = Callable[[int, int], None]
"""Called with the position reached and the size of the log."""


def rebuild(
    ledger: Ledger,
    projection: Projection,
    progress: Progress = lambda _done, _size: None,
    *,
    outdated_only: bool = False,
    parking: bool = False,
) -> int:
    """Make one view anew from the whole log; the position it was made up to. See `rebuild_together`."""
    return rebuild_together(ledger, [projection], progress, outdated_only=outdated_only, parking=parking)[
        projection.name
    ]


def rebuild_together(
    ledger: Ledger,
    projections: Sequence[Projection],
    progress: Progress = lambda _done, _size: None,
    *,
    outdated_only: bool = False,
    parking: bool = False,
) -> dict[str, int]:
    """Make views anew from the whole log, which is read once for all of them; the position each was made up to.

    The old rows answer until the switch. Parked streams get another chance: an event that cannot be taken ends the
    rebuild and leaves the old views in use, or with `parking` parks its stream in the new view.
    Rebuilds of one view wait for each other; with `outdated_only` the one that comes later finds nothing to do.

    Raises:
        MismatchError: new rows are not those of an independent fold.
        Exception: a view cannot take an event.
    """
    reached: dict[str, int] = {}
    with gc_paused(), ExitStack() as held:
        building: list[Building] = []
        for projection in sorted(projections, key=lambda one: one.name):
            connection = held.enter_context(ledger.database.connection_apart())
            held.enter_context(_alone(connection, projection))
            version, position = _checkpoint(connection, projection)
            if outdated_only and version == projection.version and projection.name not in strayed(connection):
                reached[projection.name] = position
            else:
                building.append(Building(connection, projection, parking=parking))
                held.callback(building[-1].close)
        _fill(ledger, building, progress)
        streams = sample(ledger) if building else []
        for one in building:
            one.finish(ledger)
            compared = [events for events in streams if events[0].stream not in one.parked]
            compare(one.connection, one.projection, one.schema, one.position, compared)
            reached[one.projection.name] = _switch(ledger, one)
            progress(one.position, one.position)
    return reached


def _fill(ledger: Ledger, building: Sequence[Building], progress: Progress) -> None:
    """Take all views up to near the end of the log."""
    routing = Routing([one.projection for one in building])
    names = [one.projection.name for one in building]
    position = 0
    while building and (size := ledger.size()) - position > _LAST_STRETCH:
        events = ledger.read(position, BATCH)
        position = events[-1].position
        routed = routing(events, names)
        for one in building:
            one.fill(ledger, routed[one.projection.name], position)
        progress(position, size)


def _switch(ledger: Ledger, one: Building) -> int:
    """Let the new rows answer, from the position that the log has now."""
    projection = one.projection
    with one.connection.transaction():
        # Holding the checkpoint keeps the running projector from moving on meanwhile.
        _checkpoint(one.connection, projection)
        one.go_on(ledger, ledger.size())
        # A role that serves the ledger without owning it goes on with the new rows.
        serving = keepers(one.connection, projection.schema)
        one.connection.execute(f"DROP SCHEMA IF EXISTS {projection.schema} CASCADE".encode())
        one.connection.execute(f"ALTER SCHEMA {one.schema} RENAME TO {projection.schema}".encode())
        for role in serving:
            let_keep(one.connection, role, projection.schema)
        one.connection.execute(
            "UPDATE zeren.checkpoint SET position = %s, version = %s, made = made + 1, whole = true, "
            f"incarnation = {PRESENT} WHERE projection = %s".encode(),
            (one.position, projection.version, projection.name),
        )
        one.connection.execute("DELETE FROM zeren.parked WHERE projection = %s", (projection.name,))
        one.park()
    return one.position


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
