"""Compares new rows with an independent fold: some streams, folded anew from their own events alone."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow, dict_row

from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId
from projections.base import Projection, Row, Table, replay
from services.store.ledger import Ledger

STREAMS = 40
EVENTS = 4_000
"""At most so many streams are compared, and no further ones after so many events."""

Version = dict[str, Any]


class MismatchError(Exception):
    """The rows of a rebuilt view are not those of an independent fold: the old ones stay in use."""


def compare(
    connection: Connection[TupleRow],
    ledger: Ledger,
    projection: Projection,
    schema: str,
    reached: int,
    parked: Iterable[str] = (),
) -> int:
    """Compare what the tables in `schema` hold of some streams with a fold of them; the number of events folded.

    Raises:
        MismatchError: they differ.
    """
    left_out = set(parked)
    folded = 0
    for stream in _sample(ledger, projection, reached):
        if stream in left_out:
            continue
        events = [recorded for recorded in ledger.read_stream(stream) if recorded.position <= reached]
        _compare_stream(connection, projection, schema, stream, events)
        folded += len(events)
        if folded >= EVENTS:
            break
    return folded


def _sample(ledger: Ledger, projection: Projection, reached: int) -> list[StreamId]:
    """Streams found at random positions, those first that the view reads there."""
    dice = random.Random(reached)  # noqa: S311 - a sample, not a secret
    found: dict[StreamId, bool] = {}
    for position in dice.sample(range(reached), min(reached, 4 * STREAMS)):
        for recorded in ledger.read(position, 1):
            found[recorded.stream] = found.get(recorded.stream, False) or recorded.kind in projection.events
    return sorted(found, key=lambda stream: not found[stream])[:STREAMS]


def _compare_stream(
    connection: Connection[TupleRow],
    projection: Projection,
    schema: str,
    stream: StreamId,
    events: Sequence[Recorded],
) -> None:
    rows = replay(projection, events)
    expected: dict[Table, list[Row]] = {}
    for table, row in (*rows.closed, *rows.believed()):
        expected.setdefault(table, []).append(row)
    for table in projection.tables:
        versions = [_version(row) for row in expected.get(table, ())]
        groups = list({one[table.group]: None for one in versions})
        keys = list({one[table.key]: None for one in versions})
        stored = _stored(connection, f"{schema}.{table.name}", table, groups, keys)
        if _in_order(table, versions) != _in_order(table, stored):
            raise MismatchError(
                f"view {projection.name}: {len(stored)} new rows in {table.name} for {stream} are not the "
                f"{len(versions)} of an independent fold; the old view stays in use"
            )


def _version(row: Row) -> Version:
    return {**row.values, "known_from": row.known_from, "known_to": row.known_to}


def _stored(
    connection: Connection[TupleRow], qualified: str, table: Table, groups: Sequence[Any], keys: Sequence[Any]
) -> list[Version]:
    """The versions with these keys, and whatever else is believed in these groups."""
    query = (
        f"SELECT * FROM {qualified} WHERE {table.key} = ANY(%(keys)s) "
        f"OR ({table.group} = ANY(%(groups)s) AND known_to IS NULL)"
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode(), {"keys": list(keys), "groups": list(groups)}).fetchall()


def _in_order(table: Table, versions: Iterable[Version]) -> list[Version]:
    return sorted(versions, key=lambda one: (str(one[table.key]), one["known_from"]))
