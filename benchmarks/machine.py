"""The machine that is measured, and fresh databases on its PostgreSQL."""

import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.settings import Settings
from services.store.embedded import embedded, embedded_url

_FILES = Path(".cache") / "benchmarks"
_SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "checkpoint_timeout": "15min"}
"""What every server in use is given: the defaults are for a machine of 1996."""


def described() -> str:
    """One line that says when and on what was measured, and how busy the machine was with other work."""
    cpus = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = cpus[0].partition(":")[2].strip() if cpus else platform.processor()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} × {model}, Python {platform.python_version()}, "
        f"load before: {os.getloadavg()[0]:.1f}; "
        f"embedded PostgreSQL with {', '.join(f'{name} {value}' for name, value in _SETTINGS.items())}"
    )


@contextmanager
def new_database(copied: str | None = None) -> Iterator[str]:
    """The URL of a fresh database on the server of `ZEREN_DATABASE_URL`, else on an embedded one; dropped at last.

    It is empty, or a copy of another one of its server, to which nobody may be connected.
    """
    server = Settings.from_environment().database_url or _embedded()
    name = f"zeren_benchmark_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        template = f" TEMPLATE {conninfo_to_dict(copied)['dbname']} STRATEGY file_copy" if copied else ""
        connection.execute(f"CREATE DATABASE {name}{template}".encode())
    try:
        yield make_conninfo(server, dbname=name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def settle(url: str) -> None:
    """Let the server do now what it would do in the background later: clean up, look at the rows, write pages out."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def _embedded() -> str:
    """The URL of an embedded server with `_SETTINGS`."""
    if not _FILES.exists():
        with embedded(_FILES) as url, psycopg.connect(url, autocommit=True) as connection:
            for name, value in _SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
    return embedded_url(_FILES)
