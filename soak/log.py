"""The log and its keys as they stand, for the one who checks a history."""

import psycopg

from services.store.database import Database
from services.store.reading.gap_check import HoleInLogError
from services.store.reading.verifying import verify
from soak.history import Claim, Entry

_ENTRIES = """
SELECT notification_id, originator_id, originator_version,
    coalesce(substring(convert_from(state, 'UTF8') FROM 'token [0-9a-f-]{36}'),
             originator_id || ' ' || originator_version)
FROM zeren.log WHERE notification_id > %s ORDER BY notification_id
"""
_CLAIMS = "SELECT key, stream, first_version, last_version, position FROM zeren.log_keys WHERE key LIKE 'soak-%'"


def entries(connection: psycopg.Connection, after: int = 0) -> list[Entry]:
    """Everything above a position, in order; an event without a token is told apart by its stream and version."""
    return [Entry(*row) for row in connection.execute(_ENTRIES, (after,), prepare=True)]


def stored(url: str) -> tuple[list[Entry], list[Claim], bool]:
    """The whole log, what stands under the idempotency keys, and whether the log hashes to what its head says."""
    with Database(url, connections=1) as database:
        try:
            is_proved = verify(database).holds
        except HoleInLogError:
            is_proved = False
    with psycopg.connect(url) as connection:
        return entries(connection), [Claim(*row) for row in connection.execute(_CLAIMS)], is_proved
