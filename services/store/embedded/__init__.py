"""The embedded PostgreSQL: a server for a directory, shared by the processes that join it, ended by the last one."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.store.embedded.joining import Joined

__all__ = ["embedded", "embedded_url"]


def embedded_url(directory: Path) -> str:
    """Start (or join) the embedded PostgreSQL that keeps its files in `directory`; the URL to reach it.

    It is stopped when the last process that joined it ends, however the others ended.

    Raises:
        NoDatabaseError: it cannot be started there; with the reason.
    """
    joined = Joined(directory)
    atexit.register(joined.leave)
    return joined.url


@contextmanager
def embedded(directory: Path) -> Iterator[str]:
    """The URL of the embedded PostgreSQL in `directory`, which this process leaves at the end of the block.

    Raises:
        NoDatabaseError: it cannot be started there; with the reason.
    """
    joined = Joined(directory)
    try:
        yield joined.url
    finally:
        joined.leave()
