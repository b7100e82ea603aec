"""What PostgreSQL refuses, in one sentence with the cause and the cure."""

from collections.abc import Iterator

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg_pool import PoolTimeout

REFUSED = (psycopg.Error, PersistenceError, PoolTimeout)

_BY_STATE = {
    "42501": (
        "the role {role} may not do what this needs ({said}): let the owner of the database run "
        '"zeren setup --role {role}" with this release of Zeren, or this very command, or give the role CREATE there'
    ),
    "25006": "the server or the role {role} is set to read only ({said}): give the URL of the primary, or another role",
    "57014": (
        "PostgreSQL ended a statement that takes longer than it is set to ({said}): "
        '"ALTER ROLE {role} SET statement_timeout = 0", and the same for the database'
    ),
    "25P04": (
        "PostgreSQL ended a transaction that takes longer than it is set to ({said}): "
        '"ALTER ROLE {role} SET transaction_timeout = 0", and the same for the database'
    ),
    "55P03": (
        "PostgreSQL waited for a lock as long as it is set to ({said}): "
        '"ALTER ROLE {role} SET lock_timeout = 0", and try again when nobody else sets the ledger up'
    ),
    "53300": "PostgreSQL has no connection left ({said}): " + "{connections}",
    # Prepared statements of somebody else, or none of ours, in a session that a pooler has handed out.
    "42P05": "{pooler} ({said})",
    "26000": "{pooler} ({said})",
}
"""By SQLSTATE."""
CONNECTIONS = (
    "raise max_connections, or the limit of the role or database (ALTER ROLE, ALTER DATABASE … CONNECTION LIMIT)"
)
POOLER = (
    "ZEREN_DATABASE_URL leads to a pooler, which hands a session from one client to the next: set ZEREN_DIRECT_URL to "
    "the server itself, for the locks, notices and saves that need a session of their own"
)
_BY_WORDS = {
    "too many clients already": "53300",
    "too many connections for": "53300",
    "connection slots are reserved": "53300",
    "no more connections allowed": "53300",
    "unsupported startup parameter": "42P05",
}
"""Of a connection that was refused there are only words."""


def why_not(error: BaseException, role: str = "ROLE") -> str:
    """Why the database cannot be used, and what to do where that is known; otherwise in PostgreSQL's own words."""
    return sentence(error, role) or f"PostgreSQL cannot be used: {_said(_innermost(error))}"


def sentence(error: BaseException, role: str) -> str | None:
    """The cause and the cure of an error; none where it is not one of the known ones."""
    for one in _chain(error):
        said = _said(one)
        state = one.sqlstate if isinstance(one, psycopg.Error) else None
        state = state or next((state for words, state in _BY_WORDS.items() if words in said), None)
        known = _BY_STATE.get(state or "")
        if known:
            return known.format(role=role, said=said, connections=CONNECTIONS, pooler=POOLER)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of: the library wraps the driver's."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _innermost(error: BaseException) -> BaseException:
    return [one for one in _chain(error) if isinstance(one, REFUSED)][-1]


def _said(error: BaseException) -> str:
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    # A connection is tried at several addresses, each with a line of its own.
    return said or "; ".join(line.strip() for line in str(error).strip().splitlines())
