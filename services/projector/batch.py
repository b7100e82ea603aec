"""One batch: load the rows its events work on, fold in memory, write the changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow, dict_row
from psycopg.types.json import Jsonb

from events.recorded import Recorded
from projections.base import Projection, Row, Rows, Table


def load(
    connection: Connection[TupleRow], projection: Projection, schema: str, events: Iterable[Recorded], rows: Rows
) -> None:
    """Load the groups that events read and that `rows` does not hold yet, one query per table."""
    wanted: dict[str, tuple[Table, dict[Any, None]]] = {}
    for recorded in events:
        for table, group in projection.reads(recorded):
            if not rows.knows(table, group):
                wanted.setdefault(table.name, (table, {}))[1][group] = None
    for table, groups in wanted.values():
        found: dict[Any, list[Row]] = {group: [] for group in groups}
        with connection.cursor(row_factory=dict_row) as cursor:
            query = f"SELECT * FROM {schema}.{table.name} WHERE {table.group} = ANY(%s) AND known_to IS NULL"
            for values in cursor.execute(query.encode(), (list(groups),)):
                known_from = values.pop("known_from")
                del values["known_to"]
                found[values[table.group]].append(Row(values, known_from, stored=True))
        for group, stored in found.items():
            rows.load(table, group, stored)


def write(connection: Connection[TupleRow], schema: str, rows: Rows) -> None:
    """Write what changed: close rows first, then copy the new ones in."""
    fresh: dict[str, list[Row]] = {}
    ended: dict[str, list[Row]] = {}
    for table, row in rows.closed:
        (ended if row.stored else fresh).setdefault(table.name, []).append(row)
    for table, row in rows.believed():
        if not row.stored:
            fresh.setdefault(table.name, []).append(row)
    for name, closing in ended.items():
        _close(connection, f"{schema}.{name}", rows.tables[name], closing)
    for name, opening in fresh.items():
        _open(connection, f"{schema}.{name}", rows.tables[name], opening)


def _close(connection: Connection[TupleRow], qualified: str, table: Table, closing: Sequence[Row]) -> None:
    kind = table.columns[table.key].split()[0]
    connection.execute(
        (
            f"UPDATE {qualified} AS t SET known_to = c.known_to "
            f"FROM unnest(%s::{kind}[], %s::bigint[], %s::bigint[]) AS c (key, known_from, known_to) "
            f"WHERE t.{table.key} = c.key AND t.known_from = c.known_from"
        ).encode(),
        (
            [row.values[table.key] for row in closing],
            [row.known_from for row in closing],
            [row.known_to for row in closing],
        ),
    )


def _open(connection: Connection[TupleRow], qualified: str, table: Table, opening: Sequence[Row]) -> None:
    columns = list(table.columns)
    kinds = [table.columns[column].split()[0] for column in columns]
    documents = {column for column, kind in zip(columns, kinds, strict=True) if kind == "jsonb"}
    copy = f"COPY {qualified} ({', '.join(columns)}, known_from, known_to) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy.encode()) as stream:
        stream.set_types([*kinds, "bigint", "bigint"])
        for row in opening:
            stream.write_row(
                [
                    *(
                        Jsonb(row.values[column])
                        if column in documents and row.values[column] is not None
                        else row.values[column]
                        for column in columns
                    ),
                    row.known_from,
                    row.known_to,
                ]
            )


def apply(projection: Projection, events: Iterable[Recorded], rows: Rows) -> None:
    """Fold events into rows, in order."""
    for recorded in events:
        rows.position = recorded.position
        projection.apply(recorded, rows)
