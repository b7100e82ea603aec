"""Who may use a ledger that somebody else owns: what a role needs to serve it, without making or changing tables."""

from collections.abc import Iterable
from typing import Final

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from projections.base import Projection

_SCHEMA = "zeren"
_TABLES: Final = {
    # Facts are added, never changed.
    "log": "SELECT, INSERT",
    "log_head": "SELECT, UPDATE",
    "log_keys": "SELECT, INSERT",
    # Another one is added; an empty log that was copied gets an id of its own.
    "log_incarnation": "SELECT, INSERT, UPDATE",
    "snapshot": "SELECT, INSERT, UPDATE, DELETE",
    "snapshot_lines": "SELECT, INSERT, UPDATE, DELETE",
    "checkpoint": "SELECT, UPDATE",
    "parked": "SELECT, INSERT, UPDATE, DELETE",
    "relay": "SELECT, INSERT, UPDATE",
}
_USERS = (
    "SELECT DISTINCT pg_get_userbyid(entry.grantee) FROM pg_namespace, aclexplode(nspacl) AS entry "
    "WHERE nspname = %s AND entry.privilege_type = 'USAGE' AND entry.grantee <> nspowner AND entry.grantee <> 0"
)


def let_serve(connection: Connection[TupleRow], role: str, projections: Iterable[Projection]) -> None:
    """Let a role serve the ledger: record facts, and keep views up to date.

    Raises:
        psycopg.errors.UndefinedObject: there is no such role.
        psycopg.errors.InsufficientPrivilege: the ledger is not ours.
    """
    with connection.transaction():
        _grant(connection, "USAGE ON SCHEMA {schema}", _SCHEMA, role)
        for table, rights in _TABLES.items():
            _grant(connection, rights + " ON {schema}.{table}", _SCHEMA, role, table)
        for projection in projections:
            let_keep(connection, role, projection.schema)


def let_keep(connection: Connection[TupleRow], role: str, schema: str) -> None:
    """Let a role keep the view in a schema up to date, and ask it."""
    _grant(connection, "USAGE ON SCHEMA {schema}", schema, role)
    _grant(connection, "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema}", schema, role)


def keepers(connection: Connection[TupleRow], schema: str) -> list[str]:
    """The roles that were let use a schema."""
    return [name for (name,) in connection.execute(_USERS, (schema,))]


def _grant(connection: Connection[TupleRow], what: str, schema: str, role: str, table: str = "") -> None:
    statement = SQL("GRANT " + what + " TO {role}")
    connection.execute(
        statement.format(schema=Identifier(schema), table=Identifier(table or schema), role=Identifier(role))
    )
