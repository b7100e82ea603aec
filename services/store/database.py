"""A PostgreSQL database by its URL, once it is known that a ledger is safe there."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import psycopg
from psycopg import Connection, InterfaceError, OperationalError, ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import RowFactory, TupleRow, dict_row, tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from services.store.reading.asking import Asking
from services.store.unusable import NoDatabaseError, UnsafeDatabaseError

logger = logging.getLogger(__name__)
_R = TypeVar("_R")

_NEEDED = {"fsync": "on", "full_page_writes": "on"}
_OLDEST = 160_000
_AS_OURS: dict[str, Any] = {"autocommit": True, "application_name": "zeren", "options": "-c timezone=UTC"}
_PATIENCE = 15.0
"""Seconds that a server may take to let us in."""
RECONNECT = 1.0
"""Seconds after which a pool begins anew to look for a server that is away."""


class Database:
    """A PostgreSQL database that is safe to keep a ledger in.

    `only_read`: nothing is ever written there, so that it need not be safe.

    Raises:
        NoDatabaseError: the server cannot be reached within 15 seconds, or refuses the connection.
        UnsafeDatabaseError: `fsync`, `full_page_writes` or `synchronous_commit` is off, or the server is older than 16.
    """

    def __init__(self, url: str, *, connections: int = 16, only_read: bool = False) -> None:
        self.url = url
        self.pool: ConnectionPool[Connection[TupleRow]] = ConnectionPool(
            url,
            min_size=1,
            max_size=connections,
            open=False,
            timeout=5.0,
            reconnect_timeout=RECONNECT,
            # Left alone, the pool would look after 1, 3, 7, 15, … seconds, and find late that the server is back.
            reconnect_failed=ConnectionPool.check,
            kwargs=_AS_OURS,
        )
        self.asking = Asking(url)
        self._open()
        if not only_read:
            self._check()

    def _open(self) -> None:
        try:
            conninfo_to_dict(self.url)
        except ProgrammingError as unreadable:
            # PostgreSQL's own words would repeat the URL, password included.
            raise NoDatabaseError("PostgreSQL cannot be used: its URL is not one") from unreadable
        try:
            self.pool.open(wait=True, timeout=_PATIENCE)
        except PoolTimeout as error:
            self.pool.close()
            raise NoDatabaseError(f"PostgreSQL cannot be used: {_why(self.url)}") from error

    @property
    def parameters(self) -> dict[str, Any]:
        """The connection parameters as keywords."""
        return conninfo_to_dict(self.url)

    def _check(self) -> None:
        with self.pool.connection() as connection:
            if connection.info.server_version < _OLDEST:
                raise UnsafeDatabaseError("PostgreSQL 16 or newer is needed")
            for setting, needed in _NEEDED.items():
                if _shown(connection, setting) != needed:
                    raise UnsafeDatabaseError(f"{setting} must be {needed}: acknowledged events could be lost")
            if _shown(connection, "synchronous_commit") == "off":
                raise UnsafeDatabaseError("synchronous_commit must not be off: acknowledged events could be lost")

    @contextmanager
    def connection(self) -> Iterator[Connection[TupleRow]]:
        """A pooled connection in autocommit mode."""
        with self.pool.connection() as connection:
            yield connection

    @contextmanager
    def connection_apart(self) -> Iterator[Connection[TupleRow]]:
        """A connection outside the pool in autocommit mode: for who keeps it long, or needs many at once."""
        with psycopg.connect(self.url, **_AS_OURS) as connection:
            yield connection

    def rows(
        self, query: str, parameters: dict[str, Any] | None = None, *, binary: bool = False
    ) -> list[dict[str, Any]]:
        """The rows of one prepared query, as dictionaries; asked once more where a connection turns out to be dead.

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
            self.pool.check()
            return self._asked_once(shape, query, parameters, binary=binary)

    def _asked_once(
        self, shape: RowFactory[_R], query: str, parameters: dict[str, Any] | None, *, binary: bool
    ) -> list[_R]:
        with self.pool.connection() as connection, connection.cursor(row_factory=shape) as cursor:
            return cursor.execute(query.encode(), parameters, prepare=True, binary=binary).fetchall()

    def close(self) -> None:
        """Give all connections back."""
        self.asking.close()
        self.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _why(url: str) -> str:
    """What the server says to one more attempt; the pool keeps it to itself."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.Error as error:
        return str(error).strip()
    return "it answers too slowly"


def _shown(connection: Connection[TupleRow], setting: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
    return str(row[0]) if row else ""
