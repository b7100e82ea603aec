"""What our sessions are like, at the server itself or behind a pooler that hands one out per transaction."""

import time
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import Connection, ProgrammingError
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from services.store.refusals import why_not
from services.store.unusable import NoDatabaseError

_PAUSE = 0.25
_SETTINGS: Mapping[str, str] = {
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    # A role that may do nothing for long, by itself, would lose its locks and prepared statements.
    "idle_session_timeout": "0",
}
PLAIN = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
"""Options of a session: what a role, a database or a server was set to otherwise would garble what is read."""
_THROUGH_POOLER = "SET timezone TO 'UTC'; SET datestyle TO 'ISO'"
"""What a pooler keeps for its client, whichever session it hands out."""


def in_utf8(url: str) -> str:
    """A URL as parameters, with texts in UTF-8 whatever the role or the environment is set to.

    Raises:
        NoDatabaseError: it is no URL.
    """
    try:
        return make_conninfo(url, client_encoding="utf8")
    except ProgrammingError as unreadable:
        # PostgreSQL's own words would repeat the URL, password included.
        raise NoDatabaseError("PostgreSQL cannot be used: its URL is not one") from unreadable


def is_pooled(url: str, patience: float) -> bool:
    """Whether a URL leads to a pooler: it says another process number than the server's; waits for one that is away.

    Raises:
        NoDatabaseError: nobody lets us in within `patience` seconds; with the reason.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5, application_name="zeren") as connection:
                row = connection.execute("SELECT pg_backend_pid()", prepare=False).fetchone()
                return row is None or row[0] != connection.info.backend_pid
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise NoDatabaseError(why_not(error)) from error
            time.sleep(_PAUSE)


def parameters(name: str, *, options: str = PLAIN, pooled: bool = False) -> dict[str, Any]:
    """How a connection is to be made; a pooler takes no options, and prepared statements would meet other sessions."""
    own: dict[str, Any] = {"prepare_threshold": None} if pooled else {"options": options}
    return {"autocommit": True, "application_name": name, **own}


def settle(connection: Connection[TupleRow]) -> None:
    """Say to a pooler what it keeps for us instead of options."""
    connection.execute(_THROUGH_POOLER)
