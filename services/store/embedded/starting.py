"""Makes a data directory and starts a server on it, as whoever may."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from services.store.embedded.account import Account, account_for, environment, give, let_through, programs
from services.store.embedded.postmaster import Postmaster, Server, pid_file, server_on, settled
from services.store.unusable import NoDatabaseError

_PORT = 5432
_SOCKET = f".s.PGSQL.{_PORT}"
_LOG = "log"
_LONGEST = 107
"""Bytes that the path of a socket may have."""
_PATIENCE = 600.0
"""Seconds that a server may take to recover what a crash left."""
_LAST_WORDS = 15.0
"""Seconds in which what is left of a killed server ends."""
_RUN = '"$@" </dev/null >>"$0" 2>&1 & echo $!'


def started(data: Path, sockets: Path | None = None, *, make: bool = True) -> Server:
    """The server that runs on a data directory, started where need be; nobody else may be about to.

    `sockets` is where it listens if not in the data directory itself, whose path may be too long.
    `make` a directory that is not there.

    Raises:
        NoDatabaseError: it cannot be; with the reason.
    """
    account = account_for(data)
    folder = programs(account)
    if account.as_it:
        let_through(data, account)
    if not (data / "PG_VERSION").exists():
        if not make:
            raise NoDatabaseError(f"the database in {data} is gone")
        _make(data, folder, account)
    _require_whole(data, folder)
    running = server_on(data)
    if running is not None:
        return running if running.ready else _ready(data, running.pid)
    _forget_the_dead(data, sockets or data)
    return _run(data, folder, account, sockets or data)


def sockets_for(data: Path) -> Path | None:
    """A new directory for the socket of a server; none where it may be in the data directory."""
    path = os.fsencode(data / _SOCKET)
    # A list of hosts is separated by commas.
    if len(path) <= _LONGEST and b"," not in path:
        return None
    made = Path(tempfile.mkdtemp(prefix="zeren-"))
    give(made, account_for(data))
    return made


def _make(data: Path, folder: Path, account: Account) -> None:
    """Make a data directory: beside its place, so that one whose making was interrupted is never taken for whole."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    give(new, account)
    how = ("--auth=trust", "--encoding=utf8", "--username=postgres", "--no-instructions", "-D", new)
    done = account.run(folder / "initdb", *how)
    if done.returncode:
        # The language of the environment may be unknown here, or be written in another encoding.
        done = account.run(folder / "initdb", "--no-locale", *how)
    if done.returncode:
        raise NoDatabaseError(f"no database can be made in {data}: {_last_line(done.stdout)}")
    try:
        new.rename(data)
    except OSError as error:
        raise NoDatabaseError(f"{data} is not empty, and holds no database: choose another directory") from error


def _require_whole(data: Path, folder: Path) -> None:
    made_by = (data / "PG_VERSION").read_text("ascii").strip()
    ours = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603 - PostgreSQL's own
    if made_by != ours.split()[-1].partition(".")[0]:
        raise NoDatabaseError(f"the database in {data} was made by PostgreSQL {made_by}, and this is {ours.strip()}")
    if not (data / "global" / "pg_control").exists():
        raise NoDatabaseError(f"the database in {data} is not whole: restore it, or choose another directory")


def _forget_the_dead(data: Path, sockets: Path) -> None:
    """Remove lock files that no server stands behind: their number may be another program's by now.

    Raises:
        NoDatabaseError: a server is there all the same.
    """
    left = settled(data, _LAST_WORDS)
    if left:
        numbers = ", ".join(map(str, left))
        raise NoDatabaseError(f"a PostgreSQL without a pid file works in {data}: end it (processes {numbers})")
    if _answers(sockets / _SOCKET):
        raise NoDatabaseError(f"a PostgreSQL that cannot be seen from here, as in another container, works in {data}")
    for lock in (pid_file(data), sockets / f"{_SOCKET}.lock"):
        lock.unlink(missing_ok=True)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client, suppress(OSError):
        client.connect(str(path))
        return True
    return False


def _run(data: Path, folder: Path, account: Account, sockets: Path) -> Server:
    log = data / _LOG
    said_before = log.stat().st_size if log.exists() else 0
    options = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={_quoted(sockets)}", "-p", str(_PORT))
    # It is nobody's child: it may outlive the process that starts it, and what ends that from the keyboard.
    begun = subprocess.run(  # noqa: S603 - PostgreSQL's own
        ["/bin/sh", "-c", _RUN, log, folder / "postgres", "-D", data, *options],
        check=False,
        cwd="/",
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
        umask=0o077,
        **account.as_it,
    )
    pid = int(begun.stdout)
    try:
        return _ready(data, pid, said_before)
    except (KeyboardInterrupt, SystemExit):
        # Nobody has joined it yet, and so nobody would end it.
        with suppress(ProcessLookupError):
            Postmaster(pid, data).stop()
        raise


def _ready(data: Path, pid: int, said_before: int = 0) -> Server:
    """A server that is starting, once it lets others in."""
    log = data / _LOG
    deadline = time.monotonic() + _PATIENCE
    while True:
        running = server_on(data)
        if running is not None and running.ready:
            return running
        if not _lives(pid):
            raise NoDatabaseError(f"the database in {data} cannot be started: {_said(log, said_before)} (see {log})")
        if time.monotonic() > deadline:
            raise NoDatabaseError(f"the database in {data} recovers for more than {_PATIENCE:g} seconds: try again")
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _quoted(sockets: Path) -> str:
    """A directory as PostgreSQL reads it in a list."""
    path = str(sockets)
    return '"' + path.replace('"', '""') + '"' if set(path) & set(',"') or path != path.strip() else path


def _said(log: Path, before: int) -> str:
    """Why a server ended, in its own words."""
    try:
        with log.open("rb") as file:
            file.seek(before)
            lines = file.read().decode("utf-8", errors="replace").splitlines()
    except OSError:
        return "it says nothing"
    return next((line.partition(": ")[2].strip() for line in lines if " FATAL: " in line), _last_line("\n".join(lines)))


def _last_line(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1] if lines else "it says nothing"
