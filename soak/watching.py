"""A reader that looks at what was added to the log, again and again, through every fault."""

import contextlib
import threading
import time
from collections.abc import Callable

import psycopg

from soak.history import Reading
from soak.log import entries

_PAUSE = 0.05


def watch(url: str, tell: Callable[[Reading], None], stopped: threading.Event) -> None:
    """Look until stopped, over a new connection where one broke."""
    after = 0
    while not stopped.is_set():
        # A server that is away is part of the run: the next look goes on where the last one ended.
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
            while not stopped.wait(_PAUSE):
                began = time.monotonic_ns()
                seen = tuple((entry.position, entry.token) for entry in entries(connection, after))
                tell(Reading(began, after, seen))
                after += len(seen)
        stopped.wait(_PAUSE)
