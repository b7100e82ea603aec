"""A streaming replica to read from: the same ledger, at worst a little late."""

import time

from services.store.database import LEDGER, Database
from services.store.unusable import NoDatabaseError, UnsafeDatabaseError

PATIENCE = 15.0
"""Seconds that a replica may take to have what the primary has at the start."""
_WRITTEN = "SELECT pg_current_wal_lsn()::text AS lsn"
_HAS = "SELECT NOT pg_is_in_recovery() OR coalesce(pg_last_wal_replay_lsn() >= %(lsn)s::pg_lsn, false) AS there"


def replica_of(primary: Database, url: str) -> Database:
    """The replica at a URL, once it has the tables that this process has just made on the primary.

    Raises:
        NoDatabaseError: it cannot be reached, or does not have them within 15 seconds.
        UnsafeDatabaseError: it is no replica of the primary.
    """
    found = Database(url, only_read=True)
    try:
        _require_same(primary, found)
    except BaseException:
        found.close()
        raise
    return found


def _require_same(primary: Database, found: Database) -> None:
    if found.rows(LEDGER) != primary.rows(LEDGER):
        raise UnsafeDatabaseError("ZEREN_READ_URL leads to another ledger, not to a streaming replica of this one")
    wanted = primary.rows(_WRITTEN)[0]
    deadline = time.monotonic() + PATIENCE
    while not found.rows(_HAS, wanted)[0]["there"]:
        if time.monotonic() > deadline:
            raise NoDatabaseError(f"the replica is more than {PATIENCE:g} seconds behind the primary")
        time.sleep(0.05)
