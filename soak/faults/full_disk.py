"""The disk is full: saves fail clearly, and go on by themselves when there is room again."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import psycopg

from soak.clients import Clients, sending
from soak.cluster import Cluster, cluster, folder_for_servers
from soak.disks import tmpfs
from soak.serving import serving
from soak.verdict import Verdict, judge
from soak.writers import writing

_MEGABYTES = 192
_NOTICED = 3
_SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB", "checkpoint_timeout": "30s"}
_FULL = "No space left on device"
_CLEAR = frozenset({0, 200, 201, 503})
"""Answers that a client may get: none at all, accepted, or: the store is away, try again."""
_REFUSING = (
    (
        "CREATE OR REPLACE FUNCTION zeren.soak_full() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$"
    ),
    "CREATE TRIGGER soak_full BEFORE INSERT ON zeren.log FOR EACH STATEMENT EXECUTE FUNCTION zeren.soak_full()",
)
_ACCEPTING = "DROP TRIGGER soak_full ON zeren.log"


@contextmanager
def no_room(connection: psycopg.Connection) -> Iterator[None]:
    """Let the server refuse every insert with the error of a full disk."""
    for statement in _REFUSING:
        connection.execute(statement.encode())
    try:
        yield
    finally:
        connection.execute(_ACCEPTING)


def refused(url: str, folder: Path, rounds: int, *, saves: int = 20, seconds: float = 0.5) -> list[Verdict]:
    """Let the server refuse every insert with the error of a full disk, for some seconds per round."""
    with writing(url, folder) as load, psycopg.connect(url, autocommit=True) as connection:
        for _ in range(rounds):
            load.go_on(saves)
            with no_room(connection):
                time.sleep(seconds)
        load.go_on(saves)
        load.stop()
        return [judge("inserts refused as a full disk does", rounds, [load.history()])]


def filled(folder: Path, rounds: int, *, requests: int = 30) -> list[Verdict]:
    """Fill the small disk of PostgreSQL's data to the last byte under HTTP load, then make room."""
    with (
        folder_for_servers() as own,
        tmpfs(own / "disk", _MEGABYTES) as disk,
        cluster(_SMALL, disk) as database,
        serving(database.url, folder) as server,
    ):
        with sending(database.url, lambda: server.address) as clients:
            for _ in range(rounds):
                clients.go_on(requests)
                _fill(disk, database)
                _go_on(clients, database, requests)
        if not clients.statuses <= _CLEAR:
            raise RuntimeError(f"clients were answered {clients.statuses - _CLEAR} by a server without room")
        return [judge("disk full", rounds, [clients.history()])]


def _fill(disk: Path, database: Cluster) -> None:
    """Take all the room until PostgreSQL has noticed."""
    ballast = disk / "ballast"
    noticed = database.said.count(_FULL)
    deadline = time.monotonic() + 90
    try:
        with ballast.open("wb") as file:
            while database.said.count(_FULL) < noticed + _NOTICED:
                _grow(file, shutil.disk_usage(disk).free)
                if time.monotonic() > deadline:
                    raise TimeoutError("PostgreSQL never noticed that its disk is full")
                time.sleep(0.02)
    finally:
        ballast.unlink()


def _grow(file: BinaryIO, free: int) -> None:
    """Take what is free, unless PostgreSQL was faster."""
    if free:
        try:
            os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, free)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def _go_on(clients: Clients, database: Cluster, requests: int) -> None:
    """See requests accepted again; a server that ended is started again, as an init system does."""
    wanted, deadline = clients.acknowledged + requests, time.monotonic() + 120
    while clients.acknowledged < wanted:
        if not database.is_running:
            database.start(wait=False)
        if time.monotonic() > deadline:
            raise TimeoutError(f"no requests are accepted after there was room again; seen: {clients.statuses}")
        time.sleep(0.1)
