"""The locks on views: whoever holds one keeps the view up to date; the others stand by, and take over."""

import logging
import time
from collections.abc import Sequence

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from projections.base import Projection
from services.projector.parking import GONE
from services.store.sessions import parameters as session

logger = logging.getLogger(__name__)

RETRY = 0.25
"""Seconds between two looks whether a lock has become free."""
_LOCKS = 0x5A45_5250
"""The class of the advisory locks, one per view and version: another release may have rows of its own to make."""
_TRY = "SELECT name, pg_try_advisory_lock(%s, hashtext(key)) FROM unnest(%s::text[], %s::text[]) AS view (name, key)"


class ViewLocks:
    """The locks of some views, and the connection that holds them.

    Whoever writes a view does so over this connection: where it is lost, so is the lock, and nothing more is written.
    PostgreSQL frees the locks of a process that dies.
    """

    def __init__(self, url: str, projections: Sequence[Projection]) -> None:
        self._url = url
        self._keys = {projection.name: f"{projection.name}/{projection.version}" for projection in projections}
        self._connection: Connection[TupleRow] | None = None
        self._held: frozenset[str] = frozenset()
        self._next_try = 0.0
        self._told: frozenset[str] = frozenset()

    @property
    def connection(self) -> Connection[TupleRow]:
        """The connection that holds the locks.

        Raises:
            psycopg.OperationalError: there is none at present.
        """
        if self._connection is None:
            raise psycopg.OperationalError("the connection that held the locks is gone")
        return self._connection

    @property
    def standing_by(self) -> frozenset[str]:
        """The views that another process keeps up to date."""
        return frozenset(self._keys) - self._held

    def take(self) -> frozenset[str]:
        """The views whose locks this process holds, after trying to get those that it does not hold.

        Raises:
            psycopg.Error: the database is away; all locks are lost.
        """
        missing = self.standing_by
        if missing and time.monotonic() >= self._next_try:
            try:
                self._try(sorted(missing))
            except GONE:
                self.release()
                raise
            self._next_try = time.monotonic() + RETRY
            self._tell()
        return self._held

    def _try(self, names: Sequence[str]) -> None:
        if self._connection is None:
            self._connection = psycopg.connect(self._url, **session("zeren-views"))
        keys = [self._keys[name] for name in names]
        found = self._connection.execute(_TRY, (_LOCKS, list(names), keys)).fetchall()
        self._held |= {name for name, ours in found if ours}

    def _tell(self) -> None:
        if self.standing_by != self._told:
            self._told = self.standing_by
            if self._told:
                logger.warning(
                    "standing by for %s: another process keeps them up to date", ", ".join(sorted(self._told))
                )
            else:
                logger.warning("keeping up to date: %s", ", ".join(sorted(self._held)))

    def release(self) -> None:
        """Let others take over."""
        connection, self._connection = self._connection, None
        self._held = frozenset()
        self._next_try = 0.0
        if connection is not None:
            connection.close()
