"""The table of incarnations: looked into at every start, and added to where the log is no longer what it was."""

from psycopg import Connection
from psycopg.rows import TupleRow

from services.store.database import Database
from services.store.identity.lineage import Incarnation, Lineage, Noticed, Place
from services.store.identity.places import PLACE, moved

_ALL = (
    "SELECT number, id, since, noticed_at, noticed, reason, system, database, timeline FROM zeren.log_incarnation "
    "ORDER BY number"
)
_BEGIN = (
    "INSERT INTO zeren.log_incarnation (number, since, noticed, reason, system, database, timeline) "
    f"SELECT coalesce(max(number), 0) + 1, %s, %s, %s, {PLACE} FROM zeren.log_incarnation"
)
_BEGIN_ANEW = (
    f"UPDATE zeren.log_incarnation SET (id, noticed_at, system, database, timeline) = "
    f"(SELECT gen_random_uuid(), clock_timestamp(), {PLACE})"
)
_LOCK = "SELECT size FROM zeren.log_head FOR UPDATE"
_VIEWS_AHEAD = (
    "SELECT projection, position FROM zeren.checkpoint, zeren.log_head WHERE position > size "
    "ORDER BY position DESC, projection LIMIT 1"
)


class BeyondLogError(ValueError):
    """An incarnation would begin behind the end of the log."""


def lineage_of(database: Database) -> Lineage:
    """All incarnations of the log."""
    return _lineage(database.tuples(_ALL))


def notice(database: Database) -> Lineage:
    """All incarnations of the log, with a new one where something tells that it is no longer what it was."""
    with database.connection() as connection:
        kept, place, ahead = _kept(connection), _place(connection), _view_ahead(connection)
        if kept and kept.present.place == place and not ahead:
            return kept
        with connection.transaction():
            size = _size(connection)
            # Another process may have noticed it meanwhile.
            kept = _kept(connection)
            if kept is None:
                begin(connection, 0, Noticed.BEGUN, "the log has had no identity until now" if size else "")
            elif kept.present.place != place:
                _moved(connection, kept, place, size)
            elif ahead and kept.present.since != size:
                view, position = ahead
                reason = f"the view {view} has taken in position {position}, the log ends at {size}"
                begin(connection, size, Noticed.WENT_BACK, reason)
        found = _kept(connection)
    if found is None:
        raise LookupError("the log has lost its incarnations")
    return found


def begin(connection: Connection[TupleRow], since: int, noticed: Noticed, reason: str) -> None:
    """Begin a new incarnation behind a position, in a transaction that holds the head."""
    connection.execute(_BEGIN.encode(), (since, noticed, reason))


def begin_new(database: Database, noticed: Noticed, reason: str, since: int | None = None) -> Lineage:
    """Begin a new incarnation behind a position, the end of the log where none is given; nobody appends meanwhile.

    Raises:
        BeyondLogError: the log does not go as far.
    """
    with database.connection() as connection, connection.transaction():
        size = _size(connection)
        if since is not None and since > size:
            raise BeyondLogError(f"the log ends at position {size}")
        begin(connection, size if since is None else since, noticed, reason)
    return lineage_of(database)


def _moved(connection: Connection[TupleRow], kept: Lineage, place: Place, size: int) -> None:
    noticed, reason = moved(kept.present.place, place)
    if size or len(kept.incarnations) > 1 or noticed is Noticed.PROMOTED:
        begin(connection, size, noticed, reason)
    else:
        # Nothing was ever recorded in it: a copy of an empty log is a log of its own.
        connection.execute(_BEGIN_ANEW.encode())


def _kept(connection: Connection[TupleRow]) -> Lineage | None:
    rows = connection.execute(_ALL.encode()).fetchall()
    return _lineage(rows) if rows else None


def _lineage(rows: list[TupleRow]) -> Lineage:
    return Lineage(
        tuple(
            Incarnation(number, identifier, since, at, Noticed(noticed), reason, Place(*place))
            for number, identifier, since, at, noticed, reason, *place in rows
        )
    )


def _place(connection: Connection[TupleRow]) -> Place:
    row = connection.execute(f"SELECT {PLACE}".encode()).fetchone()
    return Place(*row or ())


def _view_ahead(connection: Connection[TupleRow]) -> tuple[str, int] | None:
    """A view that has taken in more than there is, and what it has."""
    if connection.execute("SELECT to_regclass('zeren.checkpoint') IS NULL").fetchone() == (True,):
        return None
    row = connection.execute(_VIEWS_AHEAD.encode()).fetchone()
    return (row[0], row[1]) if row else None


def _size(connection: Connection[TupleRow]) -> int:
    row = connection.execute(_LOCK.encode()).fetchone()
    if row is None:
        raise LookupError("the log has lost its head row")
    return int(row[0])
