"""Reads again and again from a store that is away for a while."""

import time
from collections.abc import Callable
from typing import TypeVar

from eventsourcing.persistence import InterfaceError, OperationalError
from psycopg import InterfaceError as PsycopgInterfaceError
from psycopg import OperationalError as PsycopgOperationalError

PATIENCE = 10.0
"""Seconds that whoever reads waits for a store that is away."""
PAUSE = 0.05
AWAY = (PsycopgOperationalError, PsycopgInterfaceError, OperationalError, InterfaceError)

Found = TypeVar("Found")


def patiently(read: Callable[[], Found]) -> Found:
    """What is read; `read` changes nothing.

    Raises:
        psycopg.Error, eventsourcing.persistence.PersistenceError: the store was away for `PATIENCE` seconds.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return read()
        except AWAY:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)
