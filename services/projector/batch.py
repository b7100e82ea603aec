"""One batch: load the rows its events work on, fold in memory, write the changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from events.facts import FactCorrected, FactWithdrawn
from events.recorded import Recorded
from events.vocabulary.identifiers import SELF
from projections.base import FACTS, Projection, Row, Rows, Table
from projections.restating import OF_STREAM, history_of
from projections.tables import kind_of
from services.projector.packing import HEADER, TRAILER, packed, packed_entries
from services.store.reading.log_reader import read_item, read_kinds


def load(
    connection: Connection[TupleRow], projection: Projection, schema: str, events: Iterable[Recorded], rows: Rows
) -> None:
    """Load the groups that events read and that `rows` does not hold yet, one query per table."""
    wanted: dict[Table, dict[Any, None]] = {}
    reads, knows = projection.reads, rows.knows
    for recorded in events:
        if recorded.kind in FACTS:
            recall(connection, recorded, rows)
        for table, group in projection.needs(recorded, rows) if recorded.kind in FACTS else reads(recorded):
            if not knows(table, group):
                wanted.setdefault(table, {})[group] = None
    for table, groups in wanted.items():
        if rows.whole:
            for group in groups:
                rows.load(table, group, ())
            continue
        found: dict[Any, list[Row]] = {group: [] for group in groups}
        columns = list(table.columns)
        query = table.recalled.format(schema=schema) or (
            f"SELECT known_from, {', '.join(columns)} FROM {schema}.{table.name} "
            f"WHERE {table.group} = ANY(%s) AND known_to IS NULL"
        )
        with connection.cursor(binary=True) as cursor:
            for known_from, *stored in cursor.execute(query.encode(), (list(groups),)):
                values = dict(zip(columns, stored, strict=True))
                found[values[table.group]].append(Row(values, known_from, stored=True))
        for group, members in found.items():
            rows.load(table, group, members)


def apply(projection: Projection, events: Iterable[Recorded], rows: Rows) -> None:
    """Fold events into rows, in order."""
    fold = projection.apply
    for recorded in events:
        rows.position = recorded.position
        if recorded.kind in FACTS:
            projection.take(recorded, rows)
        else:
            fold(recorded, rows)


def recall(connection: Connection[TupleRow], recorded: Recorded, rows: Rows) -> None:
    """Read all events about the item that an event puts right: they are few, and so are such events."""
    event = recorded.event
    if isinstance(event, FactCorrected | FactWithdrawn):
        if event.item == SELF:
            found = read_kinds(connection, recorded.stream, OF_STREAM | FACTS, recorded.version)
        else:
            found = read_item(connection, recorded.stream, event.history, recorded.version)
        rows.histories[recorded.position] = history_of(recorded, found)


def write(connection: Connection[TupleRow], schema: str, rows: Rows) -> None:
    """Write what changed: first the ends of stored rows, then the new ones."""
    ended: dict[Table, list[Row]] = {}
    for table, row in rows.closed:
        if row.stored:
            ended.setdefault(table, []).append(row)
    for table, closing in ended.items():
        _end(connection, f"{schema}.{table.name}", table, closing)
    for table, opening in fresh(rows).items():
        copy(connection, schema, table, packed(table, opening))
    for table, entries in rows.entered.items():
        copy(connection, schema, table, packed_entries(table, entries))
    for table, expired in rows.expired.items():
        expire(connection, schema, table, expired)


def expire(connection: Connection[TupleRow], schema: str, table: Table, expired: Sequence[tuple[Any, int]]) -> None:
    """End rows of a table whose rows are written once, by key, each at the first correction after it was entered."""
    kind = kind_of(table.columns[table.key])
    connection.execute(
        (
            f"UPDATE {schema}.{table.name} AS t SET known_to = c.position "
            f"FROM (SELECT e.ctid AS place, min(given.position) AS position "
            f"FROM unnest(%s::{kind}[], %s::bigint[]) AS given (key, position) "
            f"JOIN {schema}.{table.name} AS e ON e.{table.key} = given.key AND e.known_from < given.position "
            "AND e.known_to IS NULL GROUP BY e.ctid) AS c WHERE t.ctid = c.place"
        ).encode(),
        ([key for key, _ in expired], [position for _, position in expired]),
    )


def fresh(rows: Rows) -> dict[Table, list[Row]]:
    """The versions that began and are to be written: all that anybody may ask for."""
    found: dict[Table, list[Row]] = {}
    for table, row in rows.opened:
        if row.known_to != row.known_from:
            found.setdefault(table, []).append(row)
    return found


def copy(connection: Connection[TupleRow], schema: str, table: Table, written: bytes) -> None:
    """Copy packed rows into a table."""
    statement = (
        f"COPY {schema}.{table.name} ({', '.join(table.columns)}, known_from, known_to) FROM STDIN (FORMAT BINARY)"
    )
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as stream:
        stream.write(HEADER)
        stream.write(written)
        stream.write(TRAILER)


def _end(connection: Connection[TupleRow], qualified: str, table: Table, closing: Sequence[Row]) -> None:
    kind = kind_of(table.columns[table.key])
    keys = [row.values[table.key] for row in closing]
    connection.execute(
        (
            f"UPDATE {qualified} AS t SET known_to = c.known_to "
            f"FROM unnest(%s::{kind}[], %s::bigint[], %s::bigint[]) AS c (key, known_from, known_to) "
            f"WHERE t.{table.key} = c.key AND t.known_from = c.known_from AND t.known_to IS NULL"
        ).encode(),
        (keys, [row.known_from for row in closing], [row.known_to for row in closing]),
    )
