"""The tables of the views, and how far each view has come."""

from collections.abc import Iterable

from psycopg import Connection
from psycopg.rows import TupleRow

from projections.base import Projection
from services.projector.checkpoints import strayed

_SETUP = {
    "checkpoint": (
        "CREATE TABLE IF NOT EXISTS zeren.checkpoint ("
        "projection text PRIMARY KEY, version int NOT NULL, position bigint NOT NULL, made bigint NOT NULL DEFAULT 0, "
        "whole boolean NOT NULL DEFAULT true, incarnation uuid)"
    ),
    "parked": (
        "CREATE TABLE IF NOT EXISTS zeren.parked ("
        "projection text NOT NULL, stream text NOT NULL, position bigint NOT NULL, error text NOT NULL, "
        "parked_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (projection, stream))"
    ),
}
_NO_SCHEMA = "SELECT to_regnamespace('zeren') IS NULL"
_COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = 'zeren.checkpoint'::regclass AND NOT attisdropped"
_ADDED = {"made": "bigint NOT NULL DEFAULT 0", "whole": "boolean NOT NULL DEFAULT true", "incarnation": "uuid"}
_SIZE = "SELECT size FROM zeren.log_head"
_LONG = 20_000
"""Over a log of so many events a new view gets the indexes that questions need when it has come to the end."""
_SETTINGS = (
    # Enough to sort the index of a million rows without writing parts of it out.
    "SET LOCAL maintenance_work_mem = '256MB'",
    # Where a log is long each core has a process that makes indexes: to share the sorting only costs more.
    "SET LOCAL max_parallel_maintenance_workers = 0",
    # Columns are ids, instants and a few codes, and rows are found by index: a small sample says enough of them.
    "SET LOCAL default_statistics_target = 30",
)
_SETUP_LOCK = 0x5A45_5245_4E02


def prepare(connection: Connection[TupleRow], projections: Iterable[Projection]) -> list[Projection]:
    """Create what is missing; the views whose rows were made by an older version, or of another log than there is."""
    outdated = []
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
        # Who may not create may not even ask for what is there already.
        if connection.execute(_NO_SCHEMA).fetchone() == (True,):
            connection.execute("CREATE SCHEMA IF NOT EXISTS zeren")
        for name, statement in _SETUP.items():
            if connection.execute("SELECT to_regclass(%s) IS NULL", (f"zeren.{name}",)).fetchone() == (True,):
                connection.execute(statement)
        there = {name for (name,) in connection.execute(_COLUMNS)}
        for name, kind in _ADDED.items():
            if name not in there:
                connection.execute(f"ALTER TABLE zeren.checkpoint ADD COLUMN {name} {kind}".encode())
        astray = strayed(connection)
        for projection in projections:
            row = connection.execute(
                "SELECT version FROM zeren.checkpoint WHERE projection = %s", (projection.name,)
            ).fetchone()
            if row is None:
                begin_view(connection, projection)
            elif row[0] != projection.version or projection.name in astray:
                outdated.append(projection)
    return outdated


def begin_view(connection: Connection[TupleRow], projection: Projection) -> None:
    """Let a new view begin with nothing; over a long log without the indexes that batches do not need."""
    size = connection.execute(_SIZE).fetchone()
    whole = size is None or size[0] < _LONG
    create_bare(connection, projection, projection.schema)
    for table in projection.tables:
        for statement in table.lookups(projection.schema):
            connection.execute(statement.encode())
    if whole:
        complete(connection, projection, projection.schema)
    connection.execute(
        "INSERT INTO zeren.checkpoint (projection, version, position, whole) VALUES (%s, %s, 0, %s)",
        (projection.name, projection.version, whole),
    )


def complete(connection: Connection[TupleRow], projection: Projection, schema: str) -> None:
    """Create what only questions and integrity need of tables that are filled; in a transaction.

    Raises:
        psycopg.Error: the rows break a constraint.
    """
    for setting in _SETTINGS:
        connection.execute(setting)
    for table in projection.tables:
        for statement in table.further(schema):
            connection.execute(statement.encode())
        connection.execute(f"ANALYZE {schema}.{table.name}".encode())


def create(connection: Connection[TupleRow], projection: Projection, schema: str) -> None:
    """Create a view's tables, empty, in a schema of their own."""
    connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
    connection.execute(f"CREATE SCHEMA {schema}".encode())
    for table in projection.tables:
        for statement in table.statements(schema):
            connection.execute(statement.encode())


def create_bare(connection: Connection[TupleRow], projection: Projection, schema: str) -> None:
    """Create a view's tables, empty and without indexes, in a schema of their own."""
    connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
    connection.execute(f"CREATE SCHEMA {schema}".encode())
    for table in projection.tables:
        connection.execute(table.bare(schema).encode())


def checkpoints(connection: Connection[TupleRow]) -> dict[str, int]:
    """The position of every view."""
    return dict(connection.execute("SELECT projection, position FROM zeren.checkpoint").fetchall())
