"""A PostgreSQL database by its URL, once it is known that a ledger is safe there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import psycopg
from psycopg import Connection, InterfaceError, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import RowFactory, TupleRow, dict_row, tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from services.store.reading.asking import Asking
from services.store.refusals import CONNECTIONS, POOLER, why_not
from services.store.sessions import in_utf8, is_pooled, parameters, settle
from services.store.unusable import NoDatabaseError, UnsafeDatabaseError

_R = TypeVar("_R")

_NEEDED = {"fsync": "on", "full_page_writes": "on"}
_OLDEST = 160_000
_PATIENCE = 15.0
"""Seconds that a server may take to let us in."""
RECONNECT = 1.0
"""Seconds after which a pool begins anew to look for a server that is away."""
LEDGER = "SELECT system_identifier, current_database() AS name FROM pg_control_system()"
"""Which database of which cluster."""
_TAKEN = "SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL AND leader_pid IS NULL AND usesysid"
_LEFT = (
    "SELECT least(current_setting('max_connections')::int - CASE WHEN rolsuper THEN 0 ELSE "
    "current_setting('superuser_reserved_connections')::int + current_setting('reserved_connections')::int END "
    f"- ({_TAKEN} IS NOT NULL), "
    f"CASE WHEN rolconnlimit >= 0 AND NOT rolsuper THEN rolconnlimit - ({_TAKEN} = role.oid) END, "
    "CASE WHEN datconnlimit >= 0 AND NOT rolsuper THEN datconnlimit - "
    f"({_TAKEN} IS NOT NULL AND datid = base.oid) END) AS connections "
    "FROM pg_roles AS role, pg_database AS base WHERE rolname = session_user AND datname = current_database()"
)


class Database:
    """A PostgreSQL database that is safe to keep a ledger in.

    `url` may lead to a pooler, which is asked questions only; everything that needs a session of its own then goes to
    `direct_url`, the server itself. `only_read`: nothing is ever written there, so that it need not be safe.

    Raises:
        NoDatabaseError: the server cannot be reached within 15 seconds, or refuses the connection.
        UnsafeDatabaseError: `fsync`, `full_page_writes` or `synchronous_commit` is off, nothing may be written, the
            encoding is not UTF-8, the server is older than 16, or there is only a pooler.
    """

    def __init__(
        self, url: str, *, direct_url: str | None = None, connections: int = 16, only_read: bool = False
    ) -> None:
        self._asked_url = asked_url = in_utf8(url)
        self.url = in_utf8(direct_url) if direct_url else asked_url
        """Where sessions are kept."""
        self._pooled = is_pooled(asked_url, _PATIENCE)
        if self._pooled and not (direct_url or only_read):
            raise UnsafeDatabaseError(POOLER)
        if direct_url and is_pooled(self.url, _PATIENCE):
            raise UnsafeDatabaseError("ZEREN_DIRECT_URL leads to a pooler too: it has to be the server itself")
        self.asking = Asking(asked_url, pooled=self._pooled)
        self._asked_pool = _pool(asked_url, connections, pooled=self._pooled)
        self.pool = _pool(self.url, connections, pooled=False) if direct_url else self._asked_pool
        try:
            for pool in {self.pool, self._asked_pool}:
                self._open(pool)
            self._check(only_read=only_read)
        except BaseException:
            self.close()
            raise

    def _open(self, pool: ConnectionPool[Connection[TupleRow]]) -> None:
        try:
            pool.open(wait=True, timeout=_PATIENCE)
        except PoolTimeout as error:
            url = self._asked_url if pool is self._asked_pool else self.url
            raise NoDatabaseError(_why(url, pooled=self._pooled)) from error

    @property
    def parameters(self) -> dict[str, Any]:
        """The connection parameters as keywords."""
        return conninfo_to_dict(self.url)

    @property
    def role(self) -> str:
        """Who we are to the server."""
        with self.pool.connection() as connection:
            return _value(connection, "SELECT session_user")

    def _check(self, *, only_read: bool) -> None:
        with self.pool.connection() as connection:
            if connection.info.server_version < _OLDEST:
                raise UnsafeDatabaseError("PostgreSQL 16 or newer is needed")
            if (encoding := _shown(connection, "server_encoding")) != "UTF8":
                name = _value(connection, "SELECT current_database()")
                raise UnsafeDatabaseError(
                    f"the database {name} is in the encoding {encoding}, which would garble names: make one with "
                    "\"CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0\""
                )
            if only_read:
                return
            self._check_writing(connection)
        if self._asked_pool is not self.pool and self.rows(LEDGER) != self._direct(LEDGER):
            raise UnsafeDatabaseError("ZEREN_DIRECT_URL leads to another database than ZEREN_DATABASE_URL")

    @staticmethod
    def _check_writing(connection: Connection[TupleRow]) -> None:
        if _value(connection, "SELECT pg_is_in_recovery()") == "True":
            raise UnsafeDatabaseError("the server is a standby, which takes no facts: give the URL of the primary")
        if _shown(connection, "default_transaction_read_only") == "on":
            role = _value(connection, "SELECT session_user")
            raise UnsafeDatabaseError(
                f"the role {role} may only read here: "
                f'"ALTER ROLE {role} SET default_transaction_read_only = off", and the same for the database'
            )
        for setting, needed in _NEEDED.items():
            if _shown(connection, setting) != needed:
                raise UnsafeDatabaseError(f"{setting} must be {needed}: acknowledged events could be lost")
        if _shown(connection, "synchronous_commit") == "off":
            raise UnsafeDatabaseError("synchronous_commit must not be off: acknowledged events could be lost")

    def _direct(self, query: str) -> list[dict[str, Any]]:
        with self.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode()).fetchall()

    def require_connections(self, needed: int) -> None:
        """See that there are so many connections left for us.

        Raises:
            UnsafeDatabaseError: there are fewer.
        """
        with self.pool.connection() as connection:
            left = int(_value(connection, _LEFT))
        if left < needed:
            raise UnsafeDatabaseError(
                f"PostgreSQL has {max(0, left)} connections left for the role {self.role}, and {needed} are needed: "
                f"{CONNECTIONS}"
            )

    @contextmanager
    def connection(self) -> Iterator[Connection[TupleRow]]:
        """A pooled connection in autocommit mode."""
        with self.pool.connection() as connection:
            yield connection

    @contextmanager
    def connection_apart(self) -> Iterator[Connection[TupleRow]]:
        """A connection outside the pool in autocommit mode: for who keeps it long, or needs many at once."""
        with psycopg.connect(self.url, **parameters("zeren")) as connection:
            yield connection

    def rows(
        self, query: str, parameters: dict[str, Any] | None = None, *, binary: bool = False
    ) -> list[dict[str, Any]]:
        """The rows of one query, as dictionaries; asked once more where a connection turns out to be dead.

        `binary`: the server sends values as they are in memory, which is faster for long ones.
        """
        return self._asked(dict_row, query, parameters, binary=binary)

    def tuples(
        self, query: str, parameters: dict[str, Any] | None = None, *, binary: bool = False
    ) -> list[tuple[Any, ...]]:
        """The rows of one prepared query like `rows`, as tuples: where there are many."""
        return self._asked(tuple_row, query, parameters, binary=binary)

    def _asked(self, shape: RowFactory[_R], query: str, parameters: dict[str, Any] | None, *, binary: bool) -> list[_R]:
        try:
            return self._asked_once(shape, query, parameters, binary=binary)
        except (OperationalError, InterfaceError):
            self._asked_pool.check()
            return self._asked_once(shape, query, parameters, binary=binary)

    def _asked_once(
        self, shape: RowFactory[_R], query: str, parameters: dict[str, Any] | None, *, binary: bool
    ) -> list[_R]:
        with self._asked_pool.connection() as connection, connection.cursor(row_factory=shape) as cursor:
            return cursor.execute(query.encode(), parameters, prepare=True, binary=binary).fetchall()

    def close(self) -> None:
        """Give all connections back."""
        self.asking.close()
        self._asked_pool.close()
        self.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _pool(url: str, connections: int, *, pooled: bool) -> ConnectionPool[Connection[TupleRow]]:
    return ConnectionPool(
        url,
        min_size=1,
        max_size=connections,
        open=False,
        timeout=5.0,
        reconnect_timeout=RECONNECT,
        # Left alone, the pool would look after 1, 3, 7, 15, … seconds, and find late that the server is back.
        reconnect_failed=ConnectionPool.check,
        configure=settle if pooled else None,
        kwargs=parameters("zeren", pooled=pooled),
    )


def _why(url: str, *, pooled: bool) -> str:
    """What the server says to one more attempt; the pool keeps it to itself."""
    try:
        psycopg.connect(url, **{"connect_timeout": 2, **parameters("zeren", pooled=pooled)}).close()
    except psycopg.Error as error:
        return why_not(error)
    return "PostgreSQL cannot be used: it answers too slowly"


def _value(connection: Connection[TupleRow], query: str) -> str:
    row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def _shown(connection: Connection[TupleRow], setting: str) -> str:
    return _value(connection, f"SELECT current_setting('{setting}')")
