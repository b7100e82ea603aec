"""How far each view has come: read, locked while a batch is taken, and moved on with its rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from projections.base import Projection

_LOCK = (
    "SELECT projection, version, position, made, whole FROM zeren.checkpoint WHERE projection = ANY(%s) "
    "ORDER BY projection FOR UPDATE"
)
_SETTINGS = {
    # Rows and checkpoint are written together: what a crash takes back of both is taken from the log again.
    "synchronous_commit": "off",
    # A batch finds its few rows by index. Of tables that were empty a moment ago the planner knows nothing, and would
    # rather sort all of them: batches would take the longer, the longer the log is.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
_SET = "SELECT " + ", ".join(f"set_config('{name}', '{value}', %s)" for name, value in _SETTINGS.items())
PRESENT = "(SELECT id FROM zeren.log_incarnation ORDER BY number DESC LIMIT 1)"
"""The incarnation of the log that a view goes forward in."""
_MOVE = (
    f"UPDATE zeren.checkpoint SET position = greatest(position, %s), incarnation = {PRESENT} WHERE projection = ANY(%s)"
)
_STRAYED = (
    "SELECT projection FROM zeren.checkpoint AS kept WHERE position > (SELECT size FROM zeren.log_head) "
    "OR (incarnation IS NOT NULL AND NOT EXISTS (SELECT FROM zeren.log_incarnation WHERE id = kept.incarnation)) "
    "OR EXISTS (SELECT FROM zeren.log_incarnation AS theirs JOIN zeren.log_incarnation AS later "
    "ON later.number > theirs.number AND later.since < kept.position WHERE theirs.id = kept.incarnation)"
)
_PARKED = "SELECT projection, stream FROM zeren.parked WHERE projection = ANY(%s)"


class OtherReleaseError(Exception):
    """The rows of a view are made in another version than this process makes them."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a view stands."""

    position: int
    made: int
    """How often its rows were made or mended otherwise than by going on: what is remembered of them is then void."""
    parked: frozenset[str]
    """The streams that are left out."""
    whole: bool
    """Whether it has all its indexes."""


def set_up(connection: Connection[TupleRow], *, local: bool) -> None:
    """Set a connection up for batches; `local`: until the end of the transaction."""
    connection.execute(_SET.encode(), [local] * len(_SETTINGS))


def reset(connection: Connection[TupleRow]) -> None:
    """Take back what was set for the session."""
    for name in _SETTINGS:
        connection.execute(f"RESET {name}".encode())


def positions(connection: Connection[TupleRow], projections: Iterable[Projection]) -> dict[str, int]:
    """The positions of views; without those whose rows are made by another release, which goes on with them."""
    rows = connection.execute("SELECT projection, version, position FROM zeren.checkpoint").fetchall()
    kept = {name: (version, position) for name, version, position in rows}
    found = {projection.name: (projection.version, *kept[projection.name]) for projection in projections}
    return {name: position for name, (ours, version, position) in found.items() if ours == version}


def lock(connection: Connection[TupleRow], projections: Iterable[Projection]) -> dict[str, Checkpoint]:
    """Where views stand, locked until the end of the transaction; without those made by another release."""
    versions = {projection.name: projection.version for projection in projections}
    names = list(versions)
    # In one round trip, and still one after the other: what the lock waited for is seen by the last.
    with connection.pipeline():
        set_up(connection, local=True)
        locked = connection.execute(_LOCK, (names,))
        left_out = connection.execute(_PARKED, (names,))
    parked: dict[str, set[str]] = {name: set() for name in names}
    for name, stream in left_out:
        parked[name].add(stream)
    return {
        name: Checkpoint(position, made, frozenset(parked[name]), whole)
        for name, version, position, made, whole in locked
        if version == versions[name]
    }


def lock_one(connection: Connection[TupleRow], projection: Projection) -> Checkpoint:
    """Where one view stands, locked until the end of the transaction.

    Raises:
        OtherReleaseError: its rows are made by another release.
    """
    found = lock(connection, [projection])
    if not found:
        raise OtherReleaseError(f"the rows of view {projection.name} are made by another release")
    return found[projection.name]


def move(connection: Connection[TupleRow], names: Iterable[str], position: int) -> None:
    """Move views on to a position."""
    connection.execute(_MOVE.encode(), (position, list(names)))


def strayed(connection: Connection[TupleRow]) -> set[str]:
    """The views that have taken in what the log does not have, or no longer has: it was put back without them."""
    return {name for (name,) in connection.execute(_STRAYED.encode())}


def unfinished(connection: Connection[TupleRow], projections: Iterable[Projection]) -> list[Projection]:
    """The views that do not have all their indexes yet."""
    rows = connection.execute("SELECT projection, version FROM zeren.checkpoint WHERE NOT whole").fetchall()
    return [one for one in projections if (one.name, one.version) in rows]


def finished(connection: Connection[TupleRow], projection: Projection) -> None:
    """Say that a view has all its indexes."""
    connection.execute("UPDATE zeren.checkpoint SET whole = true WHERE projection = %s", (projection.name,))


def void(connection: Connection[TupleRow], projection: Projection) -> None:
    """Say that rows were mended: what processes remember of them is void."""
    connection.execute("UPDATE zeren.checkpoint SET made = made + 1 WHERE projection = %s", (projection.name,))
