"""The tables of the views, and how far each view has come."""

from collections.abc import Iterable

from psycopg import Connection
from psycopg.rows import TupleRow

from projections.base import Projection

_SETUP = (
    "CREATE SCHEMA IF NOT EXISTS zeren",
    (
        "CREATE TABLE IF NOT EXISTS zeren.checkpoint ("
        "projection text PRIMARY KEY, version int NOT NULL, position bigint NOT NULL, made bigint NOT NULL DEFAULT 0)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS zeren.parked ("
        "projection text NOT NULL, stream text NOT NULL, position bigint NOT NULL, error text NOT NULL, "
        "parked_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (projection, stream))"
    ),
)
_HAS_MADE = (
    "SELECT FROM pg_attribute WHERE attrelid = 'zeren.checkpoint'::regclass AND attname = 'made' AND NOT attisdropped"
)
_SETUP_LOCK = 0x5A45_5245_4E02


def prepare(connection: Connection[TupleRow], projections: Iterable[Projection]) -> list[Projection]:
    """Create what is missing; the views whose rows were made by an older version and must be rebuilt."""
    outdated = []
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
        for statement in _SETUP:
            connection.execute(statement)
        if connection.execute(_HAS_MADE).fetchone() is None:
            connection.execute("ALTER TABLE zeren.checkpoint ADD COLUMN made bigint NOT NULL DEFAULT 0")
        for projection in projections:
            row = connection.execute(
                "SELECT version FROM zeren.checkpoint WHERE projection = %s", (projection.name,)
            ).fetchone()
            if row is None:
                create(connection, projection, projection.schema)
                connection.execute(
                    "INSERT INTO zeren.checkpoint (projection, version, position) VALUES (%s, %s, 0)",
                    (projection.name, projection.version),
                )
            elif row[0] != projection.version:
                outdated.append(projection)
    return outdated


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
