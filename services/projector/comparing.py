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
EVENTS = 2_000
"""At most so many streams are compared, and no further ones after so many events."""

Version = dict[str, Any]


class MismatchError(Exception):
    """The rows of a rebuilt view are not those of an independent fold: the old ones stay in use."""


def sample(ledger: Ledger) -> list[list[Recorded]]:
    """The events of some streams, found at random positions of the log."""
    size = ledger.size()
    dice = random.Random(size)  # noqa: S311 - a sample, not a secret
    found: dict[StreamId, list[Recorded]] = {}
    for after in dice.sample(range(size), min(size, STREAMS)):
        for recorded in ledger.read(after, 1):
            if recorded.stream not in found:
                found[recorded.stream] = ledger.read_stream(recorded.stream)
        if sum(map(len, found.values())) >= EVENTS:
            break
    return list(found.values())


def compare(
    connection: Connection[TupleRow],
    projection: Projection,
    schema: str,
    reached: int,
    streams: Iterable[Sequence[Recorded]],
) -> None:
    """Compare what the tables in `schema` hold of some streams, made up to position `reached`, with a fold of them.

    Raises:
        MismatchError: they differ.
    """
    for stream in streams:
        events = [recorded for recorded in stream if recorded.position <= reached]
        if events:
            _compare_stream(connection, projection, schema, events)


def _compare_stream(
    connection: Connection[TupleRow],
    projection: Projection,
    schema: str,
    events: Sequence[Recorded],
) -> None:
    rows = replay(projection, events)
    expected: dict[Table, list[Row]] = {}
    for table, row in (*rows.closed, *rows.believed()):
        expected.setdefault(table, []).append(row)
    for table in projection.tables:
        versions = [row.version() for row in expected.get(table, ())]
        groups = list({one[table.group]: None for one in versions})
        keys = list({one[table.key]: None for one in versions})
        stored = _stored(connection, f"{schema}.{table.name}", table, groups, keys)
        if _in_order(table, versions) != _in_order(table, stored):
            raise MismatchError(
                f"view {projection.name}: {len(stored)} new rows in {table.name} for {events[0].stream} are not the "
                f"{len(versions)} of an independent fold; the old view stays in use"
            )


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
